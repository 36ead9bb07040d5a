-- The language server of m1c, for `vim.lsp.enable('m1c')` of Neovim 0.11 and later.
return {
  cmd = { 'm1c', 'lsp' },
  filetypes = { 'm1' },
  root_markers = { 'm1c.toml', '.git' },
}
