; A statement with a block, a statement, an item of a list, a comment.

(entry
  block: (block) @class.inside) @class.around

(attribute
  value: (_) @entry.inside) @entry.around

(entry) @entry.around

(binding
  value: (_) @entry.inside) @entry.around

(list
  (_) @parameter.inside)

(comment) @comment.inside

(comment)+ @comment.around
