" The tests of the Vim package, for Vim and Neovim: `test.sh` runs them, in a scratch folder.
" Each line of the file `log` is a mistake.

set nomore shortmess+=I
let s:log = []
let s:root = $M1_ROOT
let s:checked = 0

function s:Fail(message) abort
  call add(s:log, a:message)
endfunction

function s:Expect(what, expected, actual) abort
  let s:checked += 1
  if a:expected !=# a:actual
    call s:Fail(printf('%s: expected %s, is %s', a:what, string(a:expected), string(a:actual)))
  endif
endfunction

" What the marks of ../marked are called here.
let s:groups = {
      \ 'number': ['m1Number', 'm1Quantity', 'm1Address', 'm1Date', 'm1Literal'],
      \ 'key': ['m1Key', 'm1Setting', 'm1Variable'],
      \ 'number-key': ['m1Key'],
      \ 'unknown': ['m1Statement'],
      \ 'entry': ['m1Entry', 'm1Hosts'],
      \ 'host': ['m1Host', 'm1QuotedHost'],
      \ 'else': ['m1Otherwise'],
      \ 'import': ['m1Import', 'm1As'],
      \ }

function s:GroupsOf(mark) abort
  return get(s:groups, a:mark, ['m1' .. toupper(a:mark[0]) .. a:mark[1:]])
endfunction

function s:CheckMarks(file) abort
  execute 'edit' fnameescape(a:file)
  call s:Expect(a:file .. ': file type', 'm1', &filetype)
  let subject = 0
  let marks = 0
  for lnum in range(1, line('$'))
    let parts = matchlist(getline(lnum), '^#\( *\)\(<-*\|\^\+\) \(\S\+\)$')
    if empty(parts)
      let subject = lnum
      continue
    endif
    let marks += 1
    let arrow = parts[2][0] ==# '<'
    let start = arrow ? 1 : 2 + len(parts[1])
    let end = arrow ? len(parts[2]) + 1 : start + len(parts[2]) - 1
    for column in range(start, end)
      let group = synIDattr(synID(subject, column, 0), 'name')
      if index(s:GroupsOf(parts[3]), group) < 0
        call s:Fail(printf('%s:%d:%d: expected %s, is %s', fnamemodify(a:file, ':t'), subject, column, parts[3], group))
      endif
    endfor
  endfor
  call s:Expect(a:file .. ': has marks', 1, marks > 0)
endfunction

" One pattern each: braces are left to the shell, and `sh` has none.
function s:Sources() abort
  return glob(s:root .. '/examples/*.m1', 0, 1) + glob(s:root .. '/stdlib/*.m1', 0, 1)
endfunction

function s:CheckColours() abort
  let files = glob(s:root .. '/editors/marked/*.m1', 0, 1)
  call s:Expect('marked files', 1, len(files) > 2)
  for file in files
    call s:CheckMarks(file)
  endfor
  " A string that is not closed ends with its line.
  edit unclosed.m1
  call setline(1, ['cluster one {', '  os "Debian', '  data 3', '}'])
  call s:Expect('below an unclosed string', 'm1Entry', synIDattr(synID(3, 3, 0), 'name'))
  edit!
  " Nothing in the library and the examples is taken for a mistake.
  for file in s:Sources()
    execute 'edit' fnameescape(file)
    for lnum in range(1, line('$'))
      for column in range(1, col([lnum, '$']) - 1)
        if synIDattr(synIDtrans(synID(lnum, column, 0)), 'name') ==# 'Error'
          call s:Fail(printf('%s:%d:%d: is coloured as a mistake', file, lnum, column))
        endif
      endfor
    endfor
  endfor
endfunction

function s:CheckIndentation() abort
  let files = s:Sources() + glob('formatted/*.m1', 0, 1)
  call s:Expect('files to indent', 1, len(files) > 10)
  for file in files
    execute 'edit' fnameescape(file)
    let expected = getline(1, '$')
    let in_text = 0
    for lnum in range(1, line('$'))
      if !in_text
        call setline(lnum, substitute(getline(lnum), '^\s*', '', ''))
      endif
      let in_text = in_text != (getline(lnum) =~# '^[^#]*"""')
    endfor
    silent normal! gg=G
    let indented = getline(1, '$')
    for lnum in range(1, len(expected))
      if expected[lnum - 1] !=# get(indented, lnum - 1, '')
        call s:Fail(printf('%s:%d: is indented as %s', file, lnum, string(indented[lnum - 1])))
      endif
    endfor
    edit!
  endfor
  call s:CheckTyping()
endfunction

function s:CheckTyping() abort
  edit typed.m1
  setlocal formatoptions-=r
  execute "normal! icluster one {\<CR>vars {\<CR>motd = \"\"\"\<CR>text\<CR>more\<CR>\"\"\"\<CR>list = [\<CR>{ a = \"}\" }\<CR>]\<CR>}\<CR># } {\<CR>os Debian\<CR>}"
  call s:Expect('what is typed', [
        \ 'cluster one {',
        \ '  vars {',
        \ '    motd = """',
        \ '      text',
        \ '      more',
        \ '      """',
        \ '    list = [',
        \ '      { a = "}" }',
        \ '    ]',
        \ '  }',
        \ '  # } {',
        \ '  os Debian',
        \ '}',
        \ ], getline(1, '$'))
  edit!
endfunction

function s:CheckLargeFile() abort
  enew
  setfiletype m1
  let lines = ['cluster large {']
  for index in range(1250)
    let lines += ['location l' .. index .. ' {', 'primary a { address = 10.0.0.1 }', 'data 3 # {', '}']
  endfor
  call setline(1, lines + ['}'])
  let start = reltime()
  silent normal! gg=G
  let seconds = reltimefloat(reltime(start))
  call s:Expect('the last line but one', '  }', getline(line('$') - 1))
  call s:Expect('5,000 lines are indented in under 10 s', 1, seconds < 10)
  let s:measured = printf('indented 5,002 lines in %.1f s', seconds)
  bwipeout!
endfunction

function s:CheckFolding() abort
  execute 'edit' s:root .. '/examples/bare-machines.m1'
  setlocal foldmethod=syntax foldlevel=0
  let first = search('^cluster', 'w')
  call s:Expect('the cluster is folded', [first, line('$')], [foldclosed(first + 1), foldclosedend(first + 1)])
  setlocal foldlevel=1
  let platform = search('^  platform', 'w')
  call s:Expect('the platform is folded', platform, foldclosed(platform + 1))
  setlocal foldmethod< foldlevel<
endfunction

function s:CheckOptions() abort
  execute 'edit' s:root .. '/examples/stages.m1'
  call s:Expect('commentstring', '# %s', &l:commentstring)
  call s:Expect('shiftwidth', [2, 1], [&l:shiftwidth, &l:expandtab])
  " `use "./house.m1"`
  let list = execute('checkpath!')
  call s:Expect('the used file is found', 1, list =~# 'house.m1')
  call search('house.m1')
  normal! gf
  call s:Expect('gf', 'house.m1', expand('%:t'))
  execute 'edit' s:root .. '/examples/two-locations.m1'
  call search('heron, dipper')
  execute "normal! [\<C-D>"
  call s:Expect('[ CTRL-D goes to the definition', 'barman  heron', matchstr(getline('.'), 'barman\s*heron'))
  if !has('nvim')
    call s:Expect('omnifunc', 'syntaxcomplete#Complete', &l:omnifunc)
    call s:Expect('omnifunc knows the variables', 1, index(syntaxcomplete#OmniSyntaxList(['m1Variable']), 'postgres_conf_settings') >= 0)
  endif
  let undo = b:undo_ftplugin .. ' | ' .. b:undo_indent
  setlocal filetype=
  call s:Expect('what is set is undone', ['', ''], [&l:formatprg, &l:indentexpr])
  call s:Expect('there was something to undo', 1, len(undo) > 10)
endfunction

function s:CheckFormatting() abort
  enew
  setfiletype m1
  call setline(1, ['cluster one {', 'os   Debian', 'keyring=legacy', 'primary_location  = a', '}'])
  silent normal! gggqG
  call s:Expect('formatted by gq', [
        \ 'cluster one {', '  os Debian', '  keyring          = legacy', '  primary_location = a', '}'], getline(1, '$'))
  bwipeout!
endfunction

function s:CheckCompiler() abort
  call mkdir('a folder')
  call writefile([
        \ 'cluster speedy {',
        \ '  tags { Owner = "Jürgen" }; postgres postgresql 61',
        \ '  failover repmgr',
        \ '  platform docker { os Rocky 9 }',
        \ '  location main { data 2 }',
        \ '}'], 'a folder/broken here.m1')
  call writefile([
        \ 'cluster speedy {',
        \ '  postgres postgresql 17',
        \ '  failover repmgr',
        \ '  platform docker { os Rocky 9 }',
        \ '  location main { data 3 }',
        \ '}'], 'warned.m1')
  edit a\ folder/broken\ here.m1
  compiler m1c
  silent! make! %:S
  let found = filter(getqflist(), 'v:val.valid')
  call s:Expect('the quickfix list', 1, len(found))
  let first = get(found, 0, {})
  if !empty(first)
    call s:Expect('the file', 'broken here.m1', fnamemodify(bufname(first.bufnr), ':t'))
    call s:Expect('type and message', ['e', '[not-in-table]: TPA does not deploy `postgresql` 61'], [first.type, first.text])
    cfirst
    call s:Expect('the place', [2, '61'], [line('.'), expand('<cword>')])
  endif
  silent! make! warned.m1
  let found = filter(getqflist(), 'v:val.valid')
  call s:Expect('warnings and advice', ['I', 'w'], uniq(sort(map(copy(found), 'v:val.type'))))
  let routing = filter(copy(found), 'v:val.text =~# "^\\[client-routing\\]: "')
  call s:Expect('the place of advice', [[3, 12]], map(routing, '[v:val.lnum, v:val.col]'))
endfunction

let s:measured = ''
for s:check in ['Colours', 'Indentation', 'LargeFile', 'Folding', 'Options', 'Formatting', 'Compiler']
  try
    call call('s:Check' .. s:check, [])
  catch
    call s:Fail(s:check .. ': ' .. v:exception .. ' at ' .. v:throwpoint)
  endtry
endfor
call writefile(s:log, 'log')
call writefile([s:measured, s:checked .. ' expectations'], 'summary')
qall!
