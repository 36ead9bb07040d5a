//! A diff as a comment on a pull request.

use std::fmt::Write as _;

use super::{Run, at, place, short, value};
use crate::diff::{Change, Diff, Machine, State, Task, Written};
use crate::report::spans::{cell, code, in_cell, line};

pub(super) fn run(run: &Run) -> String {
    let mut sections: Vec<String> = run.changed().map(section).collect();
    if let Some(unchanged) = run.unchanged() {
        sections.push(format!("{unchanged}\n"));
    }
    for failure in &run.failures {
        sections.push(format!("**Not compared:** {}\n", line(failure)));
    }
    sections.join("\n")
}

fn section(diff: &Diff) -> String {
    let mut page = format!(
        "### {}\n\n**{}**\n",
        line(&diff.cluster),
        line(&diff.sentence())
    );
    if !diff.machines.is_empty() || !diff.common.is_empty() {
        page.push_str("\n| | machine | effect | what | where |\n|---|---|---|---|---|\n");
    }
    let mut last: Option<&Machine> = None;
    for (index, machine) in diff.machines.iter().enumerate() {
        let state = match machine.state {
            State::Kept => "",
            State::New => ", new",
            State::Gone => ", gone",
        };
        let name = format!("{} ({}{state})", cell(&machine.name), cell(&machine.role));
        if let Some(same) = last.filter(|last| last.is_like(machine)) {
            let number = index + 1;
            let _ = writeln!(page, "| {number} | {name} | | as {} | |", code(&same.name));
            continue;
        }
        last = Some(machine);
        for (nth, change) in machine.changes.iter().enumerate() {
            let (number, name) = if nth == 0 {
                ((index + 1).to_string(), name.as_str())
            } else {
                (String::new(), "")
            };
            page.push_str(&row(&number, name, change));
        }
    }
    for change in &diff.common {
        page.push_str(&row("", "the cluster", change));
    }
    if !diff.measures.is_empty() {
        page.push('\n');
    }
    for measure in &diff.measures {
        let _ = writeln!(
            page,
            "- {}: {} → {}",
            measure.name,
            line(&measure.before),
            line(&measure.after)
        );
    }
    page.push_str(&tasks("In this order:", &diff.in_order));
    page.push_str(&tasks("TPA does not do this:", &diff.by_hand));
    page
}

fn tasks(title: &str, tasks: &[Task]) -> String {
    let mut page = String::new();
    if !tasks.is_empty() {
        let _ = writeln!(page, "\n{title}\n");
    }
    for task in tasks {
        let _ = writeln!(page, "- [ ] {}", line(&task.title));
        for (index, step) in task.steps.iter().enumerate() {
            let _ = writeln!(page, "  {}. {}", index + 1, line(step));
        }
    }
    page
}

fn row(number: &str, machine: &str, change: &Change) -> String {
    let values = match (&change.old, &change.new) {
        (None, None) => String::new(),
        (old, new) => format!(": {} → {}", span(old.as_ref()), span(new.as_ref())),
    };
    let place = at(change).map_or_else(String::new, place);
    format!(
        "| {number} | {machine} | {} | {}{} <br> {} | {} |\n",
        change.effect,
        cell(&change.cause),
        in_cell(&values),
        cell(&change.says),
        cell(&place)
    )
}

/// A value, as one span of code.
fn span(written: Option<&Written>) -> String {
    match written {
        Some(written) => code(&short(&written.text)),
        None => value(None),
    }
}
