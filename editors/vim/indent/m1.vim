" Indentation as `m1c fmt` has it: what is in a bracket is one step further in than the line that opens it.

if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=M1Indent(v:lnum)
setlocal indentkeys=0{,0},0],0),!^F,o,O
setlocal nolisp nosmartindent autoindent

let b:undo_indent = 'setlocal indentexpr< indentkeys< lisp< smartindent< autoindent<'

if exists('*M1Indent')
  finish
endif

" A long string of more lines than this is not recognized as one, which keeps the indentation of large files quick.
let s:longest = 500

function M1Indent(lnum) abort
  let opening = s:LongStringAround(a:lnum)
  if opening
    return s:IndentInLongString(a:lnum, opening)
  endif
  if getline(a:lnum) =~# '^\s*[]})]'
    return s:IndentOfOpening(a:lnum)
  endif
  let before = prevnonblank(a:lnum - 1)
  if before == 0
    return 0
  endif
  let opening = s:LongStringAround(before)
  let before = opening ? opening : before
  let depth = s:Depth(getline(before))
  if depth < 0
    let indent = s:IndentOfOpening(a:lnum)
    return indent < 0 ? 0 : indent + shiftwidth()
  endif
  return indent(before) + (depth > 0 ? shiftwidth() : 0)
endfunction

" What is written in a long string stays as it is; a new line in it begins below the one before.
function s:IndentInLongString(lnum, opening) abort
  if getline(a:lnum) =~# '\S'
    return -1
  endif
  let before = prevnonblank(a:lnum - 1)
  return indent(before) + (before == a:opening ? shiftwidth() : 0)
endfunction

" The line where the long string begins that goes on at the start of this line, or 0.
function s:LongStringAround(lnum) abort
  let position = getcurpos()
  let delimiters = 0
  let nearest = 0
  call cursor(a:lnum, 1)
  while search('"""', 'bW', max([1, a:lnum - s:longest]))
    let line = getline('.')
    if line !~# '^[^#]*"""\s*$\|^\s*"""'
      continue
    endif
    let nearest = nearest ? nearest : line('.')
    let delimiters += 1
    " Behind a key it can only be the beginning.
    if line =~# '^\s*[^"[:blank:]].*"""'
      break
    endif
  endwhile
  call setpos('.', position)
  return delimiters % 2 ? nearest : 0
endfunction

" The indentation of the line that opens the innermost bracket around the start of this line, or -1.
function s:IndentOfOpening(lnum) abort
  let position = getcurpos()
  call cursor(a:lnum, 1)
  let opening = searchpair('[[{(]', '', '[]})]', 'bW', 's:IsText()')
  call setpos('.', position)
  return opening > 0 ? indent(opening) : -1
endfunction

" Whether the cursor is in a string or comment of its line.
function s:IsText() abort
  return s:Code(strpart(getline('.'), 0, col('.') - 1) .. "\r") !~# '\r'
endfunction

" How many more brackets a line opens than it closes, without those that it begins by closing.
function s:Depth(line) abort
  let code = substitute(s:Code(a:line), '^[]})[:blank:]]*', '', '')
  return strlen(substitute(code, '[^[{(]', '', 'g')) - strlen(substitute(code, '[^]})]', '', 'g'))
endfunction

" A line without strings and comments.
function s:Code(line) abort
  return substitute(a:line, '"\%([^"\\]\|\\.\)*\%("\|\\\?$\)\|#.*', '', 'g')
endfunction
