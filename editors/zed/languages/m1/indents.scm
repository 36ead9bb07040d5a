; What stands between brackets is indented.

(_
  "{"
  "}" @end) @indent

(_
  "["
  "]" @end) @indent
