; Brackets and quotes that belong together.

("{" @open
  "}" @close)

("[" @open
  "]" @close)

("(" @open
  ")" @close)

(("\"" @open
  "\"" @close)
  (#set! rainbow.exclude))
