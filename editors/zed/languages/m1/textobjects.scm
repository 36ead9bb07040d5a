; A statement with a block, and a comment.

(entry
  block: (block) @class.inside) @class.around

(comment)+ @comment.around
