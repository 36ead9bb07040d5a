" Descriptions of PostgreSQL clusters for m1c.

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

let s:save_cpo = &cpo
set cpo&vim

" What gives a name to what stands behind it.
let s:definitions = [
      "\ words: definitions
      \ 'profile', 'cluster', 'image', 'region', 'location', 'primary',
      \ 'replica', 'single', 'barman', 'witness', 'etcd', 'haproxy', 'pem',
      \ 'node',
      "\ words end
      \ ]

setlocal comments=:# commentstring=#\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal iskeyword=@,48-57,_,-
setlocal suffixesadd=.m1
setlocal include=^\\s*use\\s\\+\"\\zs[^\"]\\+
let &l:define = '^\s*\%(' .. join(s:definitions, '\|') .. '\)\s'
setlocal formatprg=m1c\ fmt\ -

let b:match_words = '{:},\[:\],(:)'
let b:match_skip = 's:Comment\|String'

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< expandtab< shiftwidth< softtabstop<'
      \ .. ' iskeyword< suffixesadd< include< define< formatprg<'
      \ .. ' | unlet! b:match_words b:match_skip'

" The words of the language, where no language server completes.
if !has('nvim') && exists('+omnifunc')
  setlocal omnifunc=syntaxcomplete#Complete
  let b:undo_ftplugin ..= ' | setlocal omnifunc<'
endif

if get(g:, 'm1_fold', 0)
  setlocal foldmethod=syntax
  let b:undo_ftplugin ..= ' | setlocal foldmethod<'
endif

let &cpo = s:save_cpo
unlet s:save_cpo s:definitions
