-- The tests of the language server in Neovim: `test.sh` runs them, in a scratch folder.

local log = {}

local function expect(what, expected, actual)
  if not vim.deep_equal(expected, actual) then
    table.insert(log, ('%s: expected %s, is %s'):format(what, vim.inspect(expected), vim.inspect(actual)))
  end
end

local function findings()
  local found = vim.tbl_map(function(diagnostic)
    return { diagnostic.lnum, diagnostic.col, diagnostic.code, diagnostic.severity }
  end, vim.diagnostic.get(0))
  table.sort(found, function(a, b)
    return a[1] < b[1] or a[1] == b[1] and a[2] < b[2]
  end)
  return found
end

local ERROR = vim.diagnostic.severity.ERROR

local function check()
  vim.cmd.edit('speedy.m1')
  expect('the file type', 'm1', vim.bo.filetype)
  -- Columns count bytes here, which the `ü` before the mistake shows.
  vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
  expect('the findings', { { 1, 50, 'not-in-table', ERROR } }, findings())

  -- The mistake is fixed by hand, and another one is made, with nothing written.
  vim.api.nvim_buf_set_text(0, 1, 50, 1, 52, { '17' })
  vim.api.nvim_buf_set_lines(0, 2, 3, false, { '  failover repmgrr' })
  vim.wait(20000, function()
    local found = findings()
    return #found > 0 and found[1][1] == 2
  end, 50)
  local found = findings()
  expect('the findings while typing', { 2, 11, ERROR }, found[1] and { found[1][1], found[1][2], found[1][4] })

  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  expect('the server', 'm1c', client and client.name)
  vim.api.nvim_buf_set_lines(0, 2, 3, false, { 'failover   repmgr' })
  vim.lsp.buf.format({ async = false, timeout_ms = 10000 })
  expect('what was formatted', true, vim.tbl_contains(vim.api.nvim_buf_get_lines(0, 0, -1, false), '  failover repmgr'))
end

local fine, message = pcall(check)
if not fine then
  table.insert(log, message)
end
vim.fn.writefile(log, 'log')
vim.cmd('qall!')
