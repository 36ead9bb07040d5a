-- The tests of the tree-sitter queries in Neovim: `test.sh` runs them, in a folder with the files of ../marked.

local log = {}

local function expect(what, expected, actual)
  if not vim.deep_equal(expected, actual) then
    table.insert(log, ('%s: expected %s, is %s'):format(what, vim.inspect(expected), vim.inspect(actual)))
  end
end

-- What the marks are called here. Signs may stand inside of references.
local captures = {
  allow = { 'keyword' },
  binding = { 'keyword' },
  bound = { 'variable' },
  choice = { 'constant' },
  comment = { 'comment' },
  constant = { 'constant.builtin' },
  definition = { 'keyword' },
  ['else'] = { 'keyword.conditional' },
  entry = { 'keyword' },
  escape = { 'string.escape' },
  host = { 'property' },
  ['if'] = { 'keyword.conditional' },
  import = { 'keyword.import', 'keyword' },
  interpolation = { 'variable', 'punctuation.special', 'punctuation.delimiter' },
  key = { 'property' },
  logical = { 'keyword.operator' },
  module = { 'type' },
  name = { 'type' },
  number = { 'number' },
  ['number-key'] = { 'property' },
  reference = { 'variable', 'punctuation.special', 'punctuation.delimiter' },
  rule = { 'type' },
  string = { 'string' },
  type = { 'type.builtin' },
  unknown = { 'property' },
  ['until'] = { 'keyword.operator' },
  word = { 'none' },
}

-- The capture that colours a place: the last one, but for what only tells where to check spelling.
local function capture(row, column)
  local found = vim.treesitter.get_captures_at_pos(0, row, column)
  for at = #found, 1, -1 do
    if found[at].capture ~= 'spell' then
      return found[at].capture
    end
  end
  return 'none'
end

local function check_marks(file)
  vim.cmd.edit(file)
  expect(file .. ': is coloured by tree-sitter', true, vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()] ~= nil)
  vim.treesitter.get_parser(0):parse(true)
  local subject, marks = 0, 0
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local blanks, arrow, mark = line:match('^#( *)([<^][-^]*) (%S+)$')
    if not mark then
      subject = number
    else
      marks = marks + 1
      local first = arrow:sub(1, 1) == '<' and 0 or 1 + #blanks
      for column = first, first + #arrow - 1 do
        local actual = capture(subject - 1, column)
        if not vim.tbl_contains(captures[mark] or {}, actual) then
          table.insert(log, ('%s:%d:%d: expected %s, is %s'):format(file, subject, column + 1, mark, actual))
        end
      end
    end
  end
  expect(file .. ': has marks', true, marks > 0)
end

local function check_folds()
  vim.cmd.edit('folded.m1')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, {
    'cluster speedy {',
    '  tags { a = b }',
    '  vars {',
    '    list = [',
    '      one',
    '    ]',
    '    motd = """',
    '      first',
    '      """',
    '  }',
    '}',
    'let size = 2',
  })
  vim.treesitter.get_parser(0):parse(true)
  vim.wait(5000, function() return vim.fn.foldlevel(5) == 3 end, 20)
  local levels = {}
  for line = 1, vim.fn.line('$') do
    levels[line] = vim.fn.foldlevel(line)
  end
  expect('the depths of the folds', { 1, 1, 2, 3, 3, 3, 3, 3, 3, 2, 1, 0 }, levels)
end

local function check_queries()
  for _, name in ipairs({ 'highlights', 'folds', 'indents', 'injections', 'locals', 'textobjects' }) do
    expect(name .. ' is there', true, vim.treesitter.query.get('m1', name) ~= nil)
  end
end

local function check()
  check_queries()
  local files = vim.fn.glob('*.m1', false, true)
  expect('marked files', true, #files > 2)
  vim.iter(files):each(check_marks)
  check_folds()
end

local fine, message = pcall(check)
if not fine then
  table.insert(log, message)
end
vim.fn.writefile(log, 'log')
vim.cmd('qall!')
