; Definitions, params and lets, with the word that makes them.

((entry
  word: (name) @context
  .
  label: [
    (name)
    (string)
  ] @name) @item
  (#any-of? @context
    ; {{{ definitions
    "profile" "cluster" "image" "region" "location" "primary" "replica"
    "single" "barman" "witness" "etcd" "haproxy" "pem" "node"
    ; }}}
  ))

(binding
  [
    "param"
    "let"
  ] @context
  name: (identifier) @name) @item
