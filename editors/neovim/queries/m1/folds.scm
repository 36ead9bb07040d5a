; What can be folded where it is on several lines.

[
  (block)
  (map)
  (list)
  (long_string)
] @fold
