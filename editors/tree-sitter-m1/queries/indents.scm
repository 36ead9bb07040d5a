; What stands between brackets is indented; a long string keeps its own indentation.

[
  (block)
  (map)
  (list)
] @indent.begin

[
  "}"
  "]"
] @indent.branch @indent.end

(long_string) @indent.ignore

[
  (comment)
  (ERROR)
] @indent.auto
