; Brackets in the colours of the rainbow.

[
  (block)
  (map)
  (list)
  (group)
] @rainbow.scope

[
  "{"
  "}"
  "["
  "]"
  "("
  ")"
] @rainbow.bracket
