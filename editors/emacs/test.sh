#!/usr/bin/env bash
# Runs m1-mode in a real Emacs: `editors/emacs/test.sh [PATH-OF-M1C]`. Needs emacs with Eglot and package-lint, which in
# Debian are emacs-nox, elpa-eglot (Emacs 29 and later have it themselves) and elpa-package-lint.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
m1c=$(realpath "${1:-$root/target/debug/m1c}")
for tool in "$m1c" emacs; do
  command -v "$tool" >/dev/null || { echo "emacs: no program $tool" >&2; exit 2; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/home" "$scratch/lisp"
ln -s "$m1c" "$scratch/bin/m1c"
cp "$here"/*.el "$scratch/lisp/"
export PATH="$scratch/bin:$PATH" M1_ROOT=$root/ HOME=$scratch/home LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME
cd "$scratch/lisp"

emacs --version | head -1
emacs --batch --eval '(setq byte-compile-error-on-warn t)' -f batch-byte-compile m1-mode.el
emacs --batch --eval "(with-current-buffer (find-file-noselect \"m1-mode.el\")
  (require 'checkdoc)
  (let ((checkdoc-create-error-function
         (lambda (text start _end &optional _unfixable)
           (message \"m1-mode.el:%s: %s\" (line-number-at-pos start) text)
           (kill-emacs 1))))
    (checkdoc-current-buffer t)))"
# m1c has no page of its own yet that a header could name.
findings=$(emacs --batch --eval "(require 'package-lint)" -f package-lint-batch-and-exit m1-mode.el 2>&1 \
  | grep -E '^m1-mode.el:' | grep -v 'should have a Homepage or URL header' || true)
if [ -n "$findings" ]; then
  printf '%s\n' "$findings"
  exit 1
fi
emacs --batch -L . --eval "(require 'eglot)" \
  --eval '(message "eglot of %s" (symbol-file (quote eglot-ensure)))' \
  -l m1-mode-tests.el -f ert-run-tests-batch-and-exit
