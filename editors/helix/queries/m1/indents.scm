; What stands between brackets is indented.

[
  (block)
  (map)
  (list)
] @indent

[
  "}"
  "]"
] @outdent
