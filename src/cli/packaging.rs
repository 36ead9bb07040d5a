//! Completions and manual pages, which packagers install beside the program.

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::exit::Exit;
use super::terminal::Terminal;

pub(super) fn completions(terminal: Terminal, mut command: Command, shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "m1c", &mut text);
    terminal.print(&String::from_utf8_lossy(&text))
}

/// The page of the program, or of one of its commands.
pub(super) fn manual(terminal: Terminal, mut program: Command, command: Option<&str>) -> Exit {
    program.build();
    let page = match command {
        None => program,
        Some(name) => {
            let Some(command) = program.find_subcommand(name) else {
                terminal.error(&format!("there is no command `{name}`"));
                return Exit::Wrong;
            };
            command.clone().display_name(format!("m1c-{name}"))
        }
    };
    let mut text = Vec::new();
    if Man::new(page).render(&mut text).is_err() {
        unreachable!("a vector takes every text");
    }
    terminal.print(&String::from_utf8_lossy(&text))
}
