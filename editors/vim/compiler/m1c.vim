" `:compiler m1c`, then `:make %:S` for this file or `:make` for the sources of the current folder.

if exists('current_compiler')
  finish
endif
let current_compiler = 'm1c'

CompilerSet makeprg=m1c\ lint\ --color\ never\ --format\ short
" FILE:LINE:COLUMN: LEVEL[CODE]: MESSAGE
CompilerSet errorformat=%f:%l:%v:\ %trror%m,%f:%l:%v:\ %tarning%m,%I%f:%l:%v:\ advice%m
