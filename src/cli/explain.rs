//! `m1c explain CODE`: what an error means.

use super::codes;
use super::exit::Exit;
use super::terminal::Terminal;
use crate::suggest;

pub(super) fn run(terminal: Terminal, name: &str) -> Exit {
    let known = codes::all();
    if let Some(code) = known.iter().find(|code| code.name == name) {
        return terminal.print(&format!("# {name}\n\n{}\n", codes::explanation(code)));
    }
    terminal.error(&format!("there is no error code `{name}`"));
    let names: Vec<&str> = known.iter().map(|code| code.name).collect();
    match suggest::nearest(name, &names) {
        Some(nearest) => terminal.help(&format!("did you mean `{nearest}`?")),
        None => terminal.help(&format!("the codes are {}", names.join(", "))),
    }
    Exit::Wrong
}
