; What can be folded where it stands on several lines.

[
  (block)
  (map)
  (list)
  (long_string)
] @fold
