;;; m1-mode.el --- Major mode for .m1, descriptions of PostgreSQL clusters  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: Apache-2.0 OR MIT

;;; Commentary:

;; Colours, indentation and a menu of definitions for .m1, the language in
;; which m1c describes highly available PostgreSQL clusters.
;;
;; Findings while typing, completion, documentation, rename and formatting
;; come from the language server `m1c lsp', through Eglot:
;;
;;   (add-hook 'm1-mode-hook #'m1-eglot-ensure)

;;; Code:

(defgroup m1 nil
  "Descriptions of PostgreSQL clusters."
  :group 'languages
  :prefix "m1-")

(defcustom m1-program "m1c"
  "The compiler, which is the language server too."
  :type 'string)

(defcustom m1-indent-offset 2
  "How far what is in a bracket is indented.
`m1c fmt' has 2."
  :type 'integer
  :safe #'integerp)

;;;; Words

(defconst m1--definitions
  '(;; words: definitions
    "profile" "cluster" "image" "region" "location" "primary" "replica"
    "single" "barman" "witness" "etcd" "haproxy" "pem" "node"
    ;; words end
    )
  "What defines the thing that its label names.")

(defconst m1--entries
  '(;; words: entries
    "aws" "backup" "balance" "bdr3" "bdr4" "bdr5" "data" "defaults" "disk"
    "docker" "epas" "failover" "monitor" "network" "omit" "open" "os"
    "packages" "patroni" "patroni-edb" "pg-backup-api" "pglogical3" "platform"
    "pool" "postgres" "release" "repositories" "require" "root" "settings"
    "sources" "tablespace" "tags" "tower" "vars" "versions" "volumes" "wal"
    ;; words end
    )
  "What begins a statement, the others than definitions.")

(defconst m1--choices
  '(;; words: choices
    "aws" "backup-elsewhere" "bare" "barman" "beacon" "cis" "community"
    "docker" "edb" "edbpge" "efm" "epas" "haproxy" "legacy" "md5"
    "no-split-brain" "patroni" "pem" "pgbouncer" "pgextended" "postgresql"
    "private" "public" "repmgr" "scram-sha-256" "stig" "survives-location"
    "survives-machine" "survives-two-machines" "system"
    ;; words end
    )
  "Labels and values out of a fixed set.")

(defconst m1--constants
  '(;; words: constants
    "false" "null" "true" "none"
    ;; words end
    )
  "Values that are not names.")

(defconst m1--types
  '(;; words: types
    "text" "integer" "decimal" "boolean" "list" "map"
    ;; words end
    )
  "What may stand behind the colon of a param.")

;;;; Syntax

(defvar m1-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (dolist (char '(?- ?_ ?.))
      (modify-syntax-entry char "_" table))
    (dolist (char '(?= ?! ?$ ?/ ?: ?* ?+ ?~ ?% ?\; ?, ?& ?| ?< ?> ?'))
      (modify-syntax-entry char "." table))
    table)
  "Syntax table of `m1-mode'.")

(defun m1--propertize-quotes ()
  "Give the quotes just matched the syntax of a long string's delimiter."
  (let* ((start (match-beginning 0))
         (state (save-excursion (syntax-ppss start))))
    (cond
     ((nth 4 state))
     ((not (nth 3 state))
      (put-text-property start (1+ start) 'syntax-table
                         (string-to-syntax "|")))
     ((eq (nth 3 state) t)
      (unless (m1--escaped-p start)
        (put-text-property (1- (point)) (point) 'syntax-table
                           (string-to-syntax "|")))))))

(defun m1--escaped-p (position)
  "Whether an odd number of backslashes stands before POSITION."
  (save-excursion
    (goto-char position)
    (= 1 (logand 1 (skip-chars-backward "\\\\")))))

(defconst m1--syntax-propertize
  (syntax-propertize-rules
   ("\"\"\"" (0 (ignore (m1--propertize-quotes)))))
  "Finds long strings.")

;;;; Colours

;; No word is reserved: what a word is depends on where it stands.  So text is
;; gone through word by word, from the beginning of a line on, where a
;; statement or an item of a list begins.

(defconst m1--name "[A-Za-z_][A-Za-z0-9_-]*\\(?:\\.[A-Za-z0-9_-]+\\)*")

(defconst m1--literal "-?[0-9][A-Za-z0-9_.:/+*~%-]*")

(defconst m1--reference
  "\\$[A-Za-z_][A-Za-z0-9_-]*\\(?:\\.[A-Za-z_][A-Za-z0-9_-]*\\)?")

(defconst m1--before-value "[ \t]*\\(?:=\\(?:[^=>]\\|$\\)\\|:[^:]\\)"
  "What stands between a key and its value.")

(defconst m1--no-item
  (concat "[ \t]*" m1--name m1--before-value
          "\\|\\(?:cluster\\|profile\\|use\\)[ \t]+[A-Za-z_\"]")
  "What begins a line that cannot be in a list, whose bracket is missing.")

(defconst m1--number-face
  (if (facep 'font-lock-number-face) 'font-lock-number-face)
  "The face of numbers, which older versions of Emacs leave alone.")

(defun m1--fontify (limit)
  "Colour the words from point to LIMIT."
  (beginning-of-line)
  (let ((place (m1--place-at-beginning)))
    (while (progn (skip-chars-forward " \t") (< (point) limit))
      (setq place
            (cond
             ((eolp) (forward-char) (m1--place-at-beginning))
             ((nth 3 (syntax-ppss)) (m1--end-of-string limit) place)
             ((looking-at "#") (end-of-line) place)
             ((looking-at "\"") (m1--fontify-string place limit))
             ((looking-at m1--name) (m1--fontify-name place))
             ((looking-at m1--literal) (m1--fontify-literal place))
             ((looking-at m1--reference)
              (m1--fontify-token 'font-lock-preprocessor-face place))
             (t (forward-char) (m1--place-behind (char-before) place)))))
    nil))

(defun m1--place-at-beginning ()
  "What is at point, which is the beginning of a line."
  (let ((opening (nth 1 (syntax-ppss))))
    (cond ((or (null opening)
               (eq (char-after opening) ?{)
               (looking-at-p m1--no-item))
           'statement)
          ((eq (char-after opening) ?\() 'condition)
          (t 'value))))

(defun m1--place-behind (char place)
  "What stands behind CHAR, where PLACE was before."
  (pcase char
    ((or ?{ ?\;) 'statement)
    (?} 'condition)
    ((or ?\[ ?,) 'value)
    (?= (if (eq place 'condition) place 'value))
    (?: (if (eq place 'bound) 'type place))
    (_ place)))

(defun m1--fontify-token (face place)
  "Give FACE to what was matched, in PLACE."
  (goto-char (match-end 0))
  (when face
    (put-text-property (match-beginning 0) (match-end 0) 'face face))
  place)

(defun m1--end-of-string (limit)
  "Go to the end of the string around point, or to LIMIT."
  (parse-partial-sexp (point) limit nil nil (syntax-ppss) 'syntax-table)
  (when (nth 3 (syntax-ppss))
    (goto-char limit)))

(defun m1--fontify-string (place limit)
  "Colour the string at point, in PLACE, before LIMIT, where it names a thing."
  (let ((start (point)))
    (forward-char)
    (m1--end-of-string limit)
    (if (not (eq place 'statement))
        place
      (let ((face (cond ((looking-at m1--before-value)
                         'font-lock-variable-name-face)
                        ((m1--in-hosts-p start)
                         'font-lock-function-name-face))))
        (when face
          (put-text-property start (point) 'face face))
        'value))))

(defun m1--fontify-literal (place)
  "Colour the literal just matched, in PLACE."
  (if (and (eq place 'statement)
           (save-match-data
             (looking-at-p (concat m1--literal m1--before-value))))
      (m1--fontify-token 'font-lock-variable-name-face place)
    (m1--fontify-token m1--number-face place)))

(defun m1--fontify-name (place)
  "Colour the name just matched, in PLACE."
  (let ((word (match-string-no-properties 0)))
    (pcase place
      ('statement (m1--fontify-statement word))
      ('bound (m1--fontify-token 'font-lock-variable-name-face place))
      ('type (m1--fontify-token
              (and (member word m1--types) 'font-lock-type-face) place))
      ((and 'import (guard (equal word "as")))
       (m1--fontify-token 'font-lock-keyword-face place))
      ((and 'rule (guard (equal word "until")))
       (m1--fontify-token 'font-lock-keyword-face place))
      ((and 'condition (guard (member word '("and" "or" "not" "in" "if" "else"))))
       (m1--fontify-token 'font-lock-keyword-face place))
      ((or 'import 'name)
       (m1--fontify-token 'font-lock-function-name-face place))
      ('rule (m1--fontify-token 'font-lock-constant-face place))
      (_ (m1--fontify-token
          (and (or (member word m1--choices) (member word m1--constants))
               'font-lock-constant-face)
          place)))))

(defun m1--fontify-statement (word)
  "Colour WORD, just matched, that begins a statement."
  (let ((start (match-beginning 0)))
    (cond
     ((save-match-data
        (goto-char (match-end 0))
        (looking-at-p m1--before-value))
      (m1--fontify-token 'font-lock-variable-name-face 'value))
     ((member word '("if" "else"))
      (m1--fontify-token 'font-lock-keyword-face 'condition))
     ((save-match-data (m1--in-hosts-p start))
      (m1--fontify-token 'font-lock-function-name-face 'value))
     ((member word '("param" "let"))
      (m1--fontify-token 'font-lock-keyword-face 'bound))
     ((member word '("use" "include"))
      (m1--fontify-token 'font-lock-keyword-face 'import))
     ((equal word "allow")
      (m1--fontify-token 'font-lock-keyword-face 'rule))
     ((member word m1--definitions)
      (m1--fontify-token 'font-lock-keyword-face 'name))
     ((or (member word m1--entries) (equal word "hosts"))
      (m1--fontify-token 'font-lock-keyword-face 'value))
     (t (m1--fontify-token nil 'value)))))

(defun m1--in-hosts-p (position)
  "Whether the innermost block around POSITION is that of `hosts'."
  (save-excursion
    (let ((opening (nth 1 (syntax-ppss position))))
      (when opening
        (goto-char opening)
        (looking-back "\\_<hosts[ \t]*" (line-beginning-position))))))

(defun m1--match-piece (limit)
  "Search before LIMIT for an escape or an interpolation in a string."
  (let (found)
    (while (and (not found)
                (re-search-forward
                 (concat "\\(\\\\\\(?:[nt\"\\$]\\|u{[0-9A-Fa-f]+}\\)\\)"
                         "\\|\\(\\${[A-Za-z_][A-Za-z0-9_.-]*}\\)")
                 limit t))
      (setq found (save-match-data
                    (nth 3 (syntax-ppss (match-beginning 0))))))
    found))

(defconst m1--font-lock-keywords
  '((m1--fontify)
    (m1--match-piece
     (1 'font-lock-constant-face t t)
     (2 'font-lock-preprocessor-face t t)))
  "What is coloured in `m1-mode', strings and comments apart.")

;;;; Indentation

(defun m1-indent-line ()
  "Indent the line as `m1c fmt' does, and keep what is in long strings."
  (interactive)
  (let ((indentation (m1--indentation)))
    (cond ((null indentation) 'noindent)
          ((<= (current-column) (current-indentation))
           (indent-line-to indentation))
          (t (save-excursion (indent-line-to indentation))))))

(defun m1--indentation ()
  "The indentation that the line should have, or nil if it should stay."
  (save-excursion
    (beginning-of-line)
    (let* ((state (syntax-ppss))
           (opening (nth 1 state))
           (blank (looking-at-p "[ \t]*$")))
      (skip-chars-forward " \t")
      (cond
       ((nth 3 state) (and blank (m1--indentation-in-string (nth 8 state))))
       ((null opening) 0)
       ((looking-at-p "[]})]") (m1--indentation-at opening))
       (t (+ (m1--indentation-at opening) m1-indent-offset))))))

(defun m1--indentation-in-string (start)
  "The indentation of a new line in a long string that begins at START."
  (skip-chars-backward " \t\n")
  (if (<= (line-beginning-position) start)
      (+ (current-indentation) m1-indent-offset)
    (current-indentation)))

(defun m1--indentation-at (position)
  "The indentation of the line of POSITION."
  (save-excursion
    (goto-char position)
    (current-indentation)))

;;;; Mode

(defconst m1--imenu
  `((nil ,(concat "^[ \t]*\\(?:" (regexp-opt m1--definitions) "\\)[ \t]+"
                  "\\(" m1--name "\\)")
         1)
    ("Bindings" "^\\(?:param\\|let\\)[ \t]+\\([A-Za-z_][A-Za-z0-9_-]*\\)" 1))
  "Definitions, as Imenu lists them.")

;;;###autoload
(define-derived-mode m1-mode prog-mode "M1"
  "Major mode for descriptions of PostgreSQL clusters."
  (setq-local comment-start "# ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'m1-indent-line)
  (setq-local electric-indent-chars
              (append "]})" electric-indent-chars))
  (setq-local parse-sexp-lookup-properties t)
  (setq-local syntax-propertize-function m1--syntax-propertize)
  (setq-local font-lock-defaults '(m1--font-lock-keywords))
  (setq-local imenu-generic-expression m1--imenu))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.m1\\'" . m1-mode))

;;;; Language server

(defvar eglot-server-programs)
(declare-function eglot-ensure "eglot")

;;;###autoload
(defun m1-eglot-ensure ()
  "Start the language server for this buffer, through Eglot.
For `m1-mode-hook'."
  (require 'eglot)
  (add-to-list 'eglot-server-programs `(m1-mode . (,m1-program "lsp")))
  (eglot-ensure))

(provide 'm1-mode)

;;; m1-mode.el ends here
