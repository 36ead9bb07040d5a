; What a reference may stand for: the params and lets of its file.

(source_file) @local.scope

(binding
  name: (identifier) @local.definition.var)

(reference
  !module
  name: (identifier) @local.reference)

(interpolation
  !module
  name: (identifier) @local.reference)
