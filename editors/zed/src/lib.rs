//! m1c in Zed: the language server is the `m1c` in the `PATH`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Extension;

impl zed::Extension for Extension {
    fn new() -> Self {
        Extension
    }

    fn language_server_command(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments) = match binary {
            Some(binary) => (binary.path, binary.arguments),
            None => (None, None),
        };
        let path = path.or_else(|| worktree.which("m1c"));
        Ok(Command {
            command: path
                .ok_or("`m1c` is not in the PATH: install it, or set `lsp.m1c.binary.path`")?,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Extension);
