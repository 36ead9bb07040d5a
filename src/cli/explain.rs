//! `m1c explain CODE`: what an error means, or what a rule finds.

use super::codes;
use super::exit::Exit;
use super::terminal::Terminal;
use crate::lint;
use crate::suggest;

pub(super) fn run(terminal: Terminal, name: &str) -> Exit {
    if let Some(rule) = lint::rule(name) {
        return terminal.print(&lint::page(rule));
    }
    let known = codes::all();
    if let Some(code) = known.iter().find(|code| code.name == name) {
        return terminal.print(&format!("# {name}\n\n{}\n", codes::explanation(code)));
    }
    terminal.error(&format!("there is no rule or error code `{name}`"));
    let rules = lint::rules();
    let rules = rules.iter().map(|rule| rule.code.name);
    let names: Vec<&str> = known.iter().map(|code| code.name).chain(rules).collect();
    match suggest::nearest(name, &names) {
        Some(nearest) => terminal.help(&format!("did you mean `{nearest}`?")),
        None => terminal.help("`m1c rules` lists the rules, docs/errors.md the errors"),
    }
    Exit::Wrong
}
