#!/usr/bin/env bash
# Makes neovim.png, a file with findings in Neovim: `docs/images/screenshot.sh [PATH-OF-M1C]`.
#
# Needs Neovim 0.11 or later (named by NVIM, or `nvim` in the PATH), xterm, Xvfb, ImageMagick and the font JetBrains
# Mono: in Debian xterm, xvfb, imagemagick, fonts-jetbrains-mono.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
m1c=$(realpath "${1:-$root/target/debug/m1c}")
nvim=$(command -v "${NVIM:-nvim}")

scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/clusters" "$scratch/home/.config/nvim" \
  "$scratch/home/.local/share/nvim/site/pack/m1c/start"
ln -s "$m1c" "$scratch/bin/m1c"
cp -R "$root/editors/vim" "$root/editors/neovim" "$scratch/home/.local/share/nvim/site/pack/m1c/start/"
cat > "$scratch/home/.config/nvim/init.lua" <<'LUA'
vim.o.termguicolors = true
vim.cmd.colorscheme('retrobox')
vim.o.number = true
vim.o.signcolumn = 'yes'
vim.o.ruler = false
vim.o.showmode = false
vim.o.shortmess = vim.o.shortmess .. 'FI'
vim.o.laststatus = 2
vim.o.statusline = ' %t  %{%v:lua.counted()%}'
vim.o.fillchars = 'eob: '
vim.o.wrap = false
function counted()
  local count = vim.diagnostic.count(0)
  return ('%d warnings, %d hints'):format(count[2] or 0, (count[3] or 0) + (count[4] or 0))
end
vim.diagnostic.config({
  virtual_text = {
    prefix = '■',
    spacing = 2,
    -- The help stands on the lines below the message.
    format = function(diagnostic) return (diagnostic.message:gsub('\n.*', '')) end,
  },
  severity_sort = true,
  signs = { text = { '●', '●', '●', '●' } },
})
vim.api.nvim_create_autocmd('DiagnosticChanged', { command = 'redrawstatus' })
vim.lsp.enable('m1c')
LUA
cat > "$scratch/clusters/payments.m1" <<'M1'
use profiles

# Two active locations, on machines that exist already.
cluster payments {
  include profiles.production-large

  postgres postgresql 16
  failover efm
  platform bare { user = ansible }

  location paris {
    primary kestrel { address = 10.0.1.1; backup = heron }
    replica merlin  { address = 10.0.1.2; upstream = kestrel }
    barman  heron   { address = 10.0.1.9 }
  }

  location london {
    replica osprey  { address = 10.0.2.1 }
    replica harrier { address = 10.0.2.2 }
  }

  vars {
    postgres_conf_settings = { max_slot_wal_keep_size = 150GB }
    efm_conf_settings      = { ping.server.ip = "10.0.0.1" }
    postgres_users         = [{ username = payments; generate_password = true }]
  }
}
M1

display=":$((90 + RANDOM % 900))"
Xvfb "$display" -screen 0 1800x900x24 >/dev/null 2>&1 &
server=$!
sleep 1
export DISPLAY=$display HOME=$scratch/home PATH="$scratch/bin:$PATH" LC_ALL=C.UTF-8 COLORTERM=truecolor
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
cd "$scratch/clusters"
xterm -T m1c -fa "JetBrains Mono" -fs 11 -geometry 140x28+0+0 -bg '#1c1c1c' -fg '#ebdbb2' -b 8 +sb \
  -e "$nvim" -n -i NONE payments.m1 &
terminal=$!
sleep "${SECONDS_TO_WAIT:-5}"
import -window root "$scratch/neovim.png"
kill "$terminal"
convert "$scratch/neovim.png" -bordercolor black -trim +repage -strip -colors 128 -define png:compression-level=9 "$here/neovim.png"
ls -l "$here/neovim.png"
