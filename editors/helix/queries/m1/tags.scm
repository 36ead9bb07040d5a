; What a file defines, and where it is used.

((entry
  word: (name) @_word
  .
  label: [
    (name)
    (string)
  ] @name) @definition.class
  (#any-of? @_word
    ; {{{ definitions
    "profile" "cluster" "image" "region" "location" "primary" "replica"
    "single" "barman" "witness" "etcd" "haproxy" "pem" "node"
    ; }}}
  ))

((entry
  word: (name) @_word
  .
  label: (name) @name) @reference.class
  (#eq? @_word "include"))

(binding
  name: (identifier) @name) @definition.constant

(reference
  name: (identifier) @name) @reference.constant

(interpolation
  name: (identifier) @name) @reference.constant
