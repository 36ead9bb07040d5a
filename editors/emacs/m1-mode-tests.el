;;; m1-mode-tests.el --- Tests of m1-mode  -*- lexical-binding: t; -*-

;;; Commentary:

;; `test.sh' runs them, in a scratch folder.

;;; Code:

(require 'ert)
(require 'imenu)
(require 'm1-mode)

(defconst m1-tests-root (getenv "M1_ROOT"))

(defconst m1-tests-faces
  '((allow . font-lock-keyword-face)
    (binding . font-lock-keyword-face)
    (bound . font-lock-variable-name-face)
    (choice . font-lock-constant-face)
    (comment . (font-lock-comment-face font-lock-comment-delimiter-face))
    (constant . font-lock-constant-face)
    (definition . font-lock-keyword-face)
    (else . font-lock-keyword-face)
    (entry . font-lock-keyword-face)
    (escape . font-lock-constant-face)
    (host . font-lock-function-name-face)
    (if . font-lock-keyword-face)
    (import . font-lock-keyword-face)
    (interpolation . font-lock-preprocessor-face)
    (key . font-lock-variable-name-face)
    (logical . font-lock-keyword-face)
    (module . font-lock-function-name-face)
    (name . font-lock-function-name-face)
    (number . (nil font-lock-number-face))
    (number-key . font-lock-variable-name-face)
    (reference . font-lock-preprocessor-face)
    (rule . font-lock-constant-face)
    (string . font-lock-string-face)
    (type . font-lock-type-face)
    (unknown . nil)
    (until . font-lock-keyword-face)
    (word . nil))
  "What the marks of ../marked are here.")

(defun m1-tests-files (&rest patterns)
  "The files of PATTERNS below the repository."
  (let ((default-directory m1-tests-root))
    (mapcan (lambda (pattern) (file-expand-wildcards pattern t)) patterns)))

(defun m1-tests-open (file)
  "A buffer with FILE in `m1-mode'."
  (let ((buffer (generate-new-buffer "m1")))
    (with-current-buffer buffer
      (insert-file-contents file)
      (m1-mode)
      (font-lock-ensure))
    buffer))

(defun m1-tests-marks ()
  "Compare the marks of the buffer with its faces, and list what differs."
  (let ((subject (point-min)) (marks 0) wrong)
    (goto-char (point-min))
    (while (not (eobp))
      (if (not (looking-at "#\\( *\\)\\(<-*\\|\\^+\\) \\([^ \n]+\\)$"))
          (setq subject (point))
        (let* ((arrow (match-string 2))
               (mark (intern (match-string 3)))
               (first (if (eq (aref arrow 0) ?<) 0
                        (1+ (length (match-string 1)))))
               (width (if (= first 0) (1+ (length arrow)) (length arrow)))
               (expected (cdr (or (assq mark m1-tests-faces)
                                  (error "Unknown mark %s" mark)))))
          (setq marks (1+ marks))
          (dotimes (offset width)
            (let ((face (get-text-property (+ subject first offset) 'face)))
              (unless (if (consp expected) (memq face expected)
                        (eq face expected))
                (push (format "line %d, column %d: %s expected, %S found"
                              (line-number-at-pos subject)
                              (+ first offset) mark face)
                      wrong))))))
      (forward-line))
    (should (> marks 0))
    (nreverse wrong)))

(ert-deftest m1-tests-colours ()
  (let ((files (m1-tests-files "editors/marked/*.m1")))
    (should (> (length files) 2))
    (dolist (file files)
      (with-current-buffer (m1-tests-open file)
        (should (equal (cons file (m1-tests-marks)) (list file)))))))

(ert-deftest m1-tests-colours-after-an-edit ()
  (with-current-buffer (m1-tests-open
                        (car (m1-tests-files "editors/marked/values.m1")))
    (goto-char (point-min))
    (re-search-forward "shared_buffers")
    (insert "_x")
    (font-lock-ensure)
    (should (eq (get-text-property (1- (point)) 'face)
                'font-lock-variable-name-face))
    (goto-char (point-min))
    (re-search-forward "first \" line")
    (let ((inside (point)))
      (font-lock-flush inside (line-end-position))
      (font-lock-ensure)
      (should (eq (get-text-property (1- inside) 'face)
                  'font-lock-string-face)))))

(defun m1-tests-strip ()
  "Remove all indentation of the buffer but that in long strings."
  (goto-char (point-min))
  (while (not (eobp))
    (unless (nth 3 (syntax-ppss))
      (delete-horizontal-space))
    (forward-line)))

(ert-deftest m1-tests-indentation ()
  (let ((files (append (m1-tests-files "examples/*.m1" "stdlib/*.m1"
                                       "tests/format/*.out"))))
    (should (> (length files) 10))
    (dolist (file files)
      (with-current-buffer (m1-tests-open file)
        (let ((expected (buffer-string)))
          (m1-tests-strip)
          (should-not (and (string-match-p "^ " expected)
                           (equal (buffer-string) expected)))
          (let ((inhibit-message t))
            (indent-region (point-min) (point-max)))
          (should (equal (cons file (split-string (buffer-string) "\n"))
                         (cons file (split-string expected "\n")))))))))

(ert-deftest m1-tests-typing ()
  (with-temp-buffer
    (m1-mode)
    (electric-indent-local-mode 1)
    (mapc (lambda (char)
            (let ((last-command-event char))
              (if (eq char ?\n) (newline nil t)
                (call-interactively #'self-insert-command))))
          "cluster one {\nvars {\nmotd = \"\"\"\ntext\n\"\"\"\nx = [\na\n]\n}\n}")
    (should (equal (buffer-string)
                   (concat "cluster one {\n  vars {\n    motd = \"\"\"\n"
                           "      text\n      \"\"\"\n    x = [\n      a\n"
                           "    ]\n  }\n}")))))

(ert-deftest m1-tests-large-file ()
  (with-temp-buffer
    (m1-mode)
    (insert "cluster large {\n")
    (dotimes (index 1250)
      (insert (format "location l%d {\nprimary a { address = 10.0.0.1 }\n" index)
              "data 3 # {\n}\n"))
    (insert "}\n")
    (let ((start (float-time)))
      (font-lock-ensure)
      (indent-region (point-min) (point-max))
      (let ((seconds (- (float-time) start)))
        (message "coloured and indented 5,002 lines in %.1f s" seconds)
        (should (< seconds 20))))
    (goto-char (point-max))
    (should (looking-back "data 3 # {\n  }\n}\n" nil))))

(ert-deftest m1-tests-comments ()
  (with-temp-buffer
    (m1-mode)
    (insert "a = 1\n")
    (comment-region (point-min) (point-max))
    (should (equal (buffer-string) "# a = 1\n"))
    (uncomment-region (point-min) (point-max))
    (should (equal (buffer-string) "a = 1\n"))))

(ert-deftest m1-tests-imenu ()
  (with-current-buffer (m1-tests-open
                        (car (m1-tests-files "examples/two-locations.m1")))
    (let ((names (mapcar #'car (funcall imenu-create-index-function))))
      (dolist (name '("payments" "paris" "kestrel" "robin"))
        (should (member name names))))))

(ert-deftest m1-tests-file-names ()
  (should (eq (assoc-default "speedy.m1" auto-mode-alist #'string-match)
              'm1-mode)))

(ert-deftest m1-tests-findings-of-the-server ()
  (require 'eglot)
  (require 'flymake)
  (let* ((folder (make-temp-file "m1-tests" t))
         (file (expand-file-name "speedy.m1" folder))
         (m1-mode-hook '(m1-eglot-ensure)))
    (with-temp-file file
      (insert "cluster speedy {\n  postgres postgresql 61\n"
              "  failover repmgr\n  platform docker { os Rocky 9 }\n"
              "  location main { data 2 }\n}\n"))
    (with-current-buffer (find-file-noselect file)
      ;; `eglot-ensure' waits for the command to end, which in batch mode
      ;; nothing does.
      (apply #'eglot (eglot--guess-contact))
      (let ((end (+ (float-time) 20)))
        (while (and (null (flymake-diagnostics)) (< (float-time) end))
          ;; Which idle time would do.
          (flymake-start)
          (accept-process-output nil 0.1)))
      (let ((found (mapcar (lambda (diagnostic)
                             (list (line-number-at-pos
                                    (flymake-diagnostic-beg diagnostic))
                                   (flymake-diagnostic-text diagnostic)))
                           (flymake-diagnostics))))
        (should (= (length found) 1))
        (should (= (caar found) 2))
        (should (string-match-p "does not deploy `postgresql` 61"
                                (cadar found)))))))

;;; m1-mode-tests.el ends here
