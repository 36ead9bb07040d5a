; Colours, by the names of Zed. Of two patterns for a node the later one counts.
; The words between {{{ and }}} are written by `cargo test editors`.

(comment) @comment

; ---- signs ----

[
  "="
  "=="
  "!="
] @operator

[
  ";"
  ","
  ":"
  "."
] @punctuation.delimiter

[
  "{"
  "}"
  "["
  "]"
  "("
  ")"
] @punctuation.bracket

; ---- values ----

[
  (string)
  (long_string)
] @string

(escape) @string.escape

(interpolation
  [
    "${"
    "}"
  ] @punctuation.special)

(reference
  "$" @punctuation.special)

(interpolation
  (identifier) @variable)

(reference
  (identifier) @variable)

[
  (number)
  (literal)
] @number

((name) @constant
  (#any-of? @constant
    ; {{{ choices
    "aws" "backup-elsewhere" "bare" "barman" "beacon" "cis" "community"
    "docker" "edb" "edbpge" "efm" "epas" "haproxy" "legacy" "md5"
    "no-split-brain" "patroni" "pem" "pgbouncer" "pgextended" "postgresql"
    "private" "public" "repmgr" "scram-sha-256" "stig" "survives-location"
    "survives-machine" "survives-two-machines" "system"
    ; }}}
  ))

((name) @constant.builtin
  (#any-of? @constant.builtin
    ; {{{ constants
    "false" "null" "true" "none"
    ; }}}
  ))

; ---- statements ----

(attribute
  key: (_) @property)

(entry
  word: (_) @property)

((entry
  word: (name) @keyword)
  (#any-of? @keyword
    ; {{{ entries
    "allow" "aws" "backup" "balance" "barman" "bdr3" "bdr4" "bdr5" "cluster"
    "data" "defaults" "disk" "docker" "epas" "etcd" "failover" "haproxy"
    "hosts" "image" "include" "location" "monitor" "network" "node" "omit"
    "open" "os" "packages" "patroni" "patroni-edb" "pem" "pg-backup-api"
    "pglogical3" "platform" "pool" "postgres" "primary" "profile" "region"
    "release" "replica" "repositories" "require" "root" "settings" "single"
    "sources" "tablespace" "tags" "tower" "use" "vars" "versions" "volumes"
    "wal" "witness"
    ; }}}
  ))

; Each of these colours the word too: tree-sitter's own highlighter takes the last pattern that has a node, and forgets
; what the others have besides it.

((entry
  word: (name) @keyword
  .
  label: (name) @type)
  (#any-of? @keyword
    ; {{{ definitions
    "profile" "cluster" "image" "region" "location" "primary" "replica"
    "single" "barman" "witness" "etcd" "haproxy" "pem" "node"
    ; }}}
  ))

; A line of `hosts` begins with a name.
((entry
  word: (name) @keyword
  block: (block
    (entry
      word: (_) @property)))
  (#eq? @keyword "hosts"))

; `allow RULE "reason" until DATE`
((entry
  word: (name) @keyword
  .
  label: (name) @type)
  (#eq? @keyword "allow"))

((entry
  word: (name) @keyword
  .
  label: (name) @type
  .
  label: (_)
  .
  label: (name) @keyword.operator)
  (#eq? @keyword "allow")
  (#eq? @keyword.operator "until"))

((entry
  word: (name) @keyword.import)
  (#eq? @keyword.import "use"))

((entry
  word: (name) @keyword.import
  .
  label: (name) @type)
  (#any-of? @keyword.import "include" "use"))

; `use "path.m1" as NAME`
((entry
  word: (name) @keyword.import
  .
  label: (string)
  .
  label: (name) @keyword
  .
  label: (name) @type)
  (#eq? @keyword.import "use")
  (#eq? @keyword "as"))

(binding
  name: (identifier) @variable)

((binding
  type: (name) @type.builtin)
  (#any-of? @type.builtin
    ; {{{ types
    "text" "integer" "decimal" "boolean" "list" "map"
    ; }}}
  ))

[
  "param"
  "let"
] @keyword

[
  "if"
  "else"
] @keyword

[
  "and"
  "or"
  "not"
  "in"
] @keyword.operator
