; A statement with a block, a statement, an item of a list, a comment.

(entry
  block: (block) @class.inner) @class.outer

(attribute
  value: (_) @assignment.rhs) @assignment.outer

(entry) @statement.outer

(binding
  value: (_) @assignment.rhs) @assignment.outer

(list
  (_) @parameter.inner)

(comment) @comment.inner

(comment)+ @comment.outer
