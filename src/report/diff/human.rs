//! A diff for people: a section for each cluster.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{Look, Run, place, value, values};
use crate::diff::{Change, Diff, Machine, State, Task};
use crate::facts::consequences::Effect;
use crate::report::wrapped::wrapped;
use crate::report::{Style, clean};

/// How wide the column of effects is.
const EFFECT: usize = 8;

pub(super) fn run(look: Look, run: &Run) -> String {
    let mut sections: Vec<String> = run.changed().map(|diff| section(look, diff)).collect();
    if let Some(unchanged) = run.unchanged() {
        sections.push(format!("{unchanged}\n"));
    }
    sections.join("\n")
}

fn section(look: Look, diff: &Diff) -> String {
    let name = clean(&diff.cluster);
    let mut text = format!("{}: {}\n", bold(look, &name), diff.sentence());
    // What a change means is said once.
    let mut told = HashSet::new();
    let mut last: Option<&Machine> = None;
    for (index, machine) in diff.machines.iter().enumerate() {
        let title = title(machine);
        let _ = write!(text, "\n  {}. {title}", index + 1);
        if let Some(same) = last.filter(|last| last.is_like(machine)) {
            let _ = writeln!(text, ": as `{}`", clean(&same.name));
            continue;
        }
        text.push('\n');
        for one in &machine.changes {
            text.push_str(&change(look, one, &mut told));
        }
        last = Some(machine);
    }
    if !diff.common.is_empty() {
        text.push_str("\n  the cluster\n");
        for one in &diff.common {
            text.push_str(&change(look, one, &mut told));
        }
    }
    if !diff.measures.is_empty() {
        text.push('\n');
        for measure in &diff.measures {
            let _ = writeln!(
                text,
                "  {}: {} → {}",
                measure.name, measure.before, measure.after
            );
        }
    }
    text.push_str(&tasks(look, "in this order:", &diff.in_order));
    text.push_str(&tasks(look, "TPA does not do this:", &diff.by_hand));
    text
}

fn tasks(look: Look, title: &str, tasks: &[Task]) -> String {
    let mut text = String::new();
    if !tasks.is_empty() {
        let _ = writeln!(text, "\n  {title}");
    }
    for task in tasks {
        text.push_str(&wrapped(look.width, "  - ", "    ", &clean(&task.title)));
        for (index, step) in task.steps.iter().enumerate() {
            let number = format!("    {}. ", index + 1);
            text.push_str(&wrapped(look.width, &number, "       ", &clean(step)));
        }
    }
    text
}

fn title(machine: &Machine) -> String {
    let name = clean(&machine.name);
    let role = clean(&machine.role);
    match machine.state {
        State::Kept => format!("{name} ({role})"),
        State::New => format!("{name} ({role}), new"),
        State::Gone => format!("{name} ({role}), gone"),
    }
}

fn change(look: Look, change: &Change, told: &mut HashSet<String>) -> String {
    let effect = format!("{:EFFECT$}", change.effect.name());
    let effect = paint(look, change.effect, &effect);
    let head = format!("     {effect} ");
    let indent = " ".repeat(5 + EFFECT + 1);
    let mut text = format!("{head}{}{}\n", clean(&change.cause), values(change));
    let key = format!(
        "{}\n{}\n{}",
        change.cause,
        value(change.new.as_ref()),
        change.says
    );
    if !told.insert(key) {
        return text;
    }
    text.push_str(&wrapped(look.width, &indent, &indent, &change.says));
    let new = change.new.as_ref().and_then(|new| new.place.as_ref());
    let old = change.old.as_ref().and_then(|old| old.place.as_ref());
    let places = match (new, old) {
        (Some(new), Some(old)) => Some(format!("{}, was {}", place(new), place(old))),
        (Some(new), None) => Some(place(new)),
        (None, Some(old)) => Some(format!("was {}", place(old))),
        (None, None) => None,
    };
    if let Some(places) = places {
        let _ = writeln!(text, "{indent}{}", dim(look, &places));
    }
    text
}

fn paint(look: Look, effect: Effect, text: &str) -> String {
    let colour = match effect {
        Effect::Nothing => "2",
        Effect::Create | Effect::Update | Effect::Reload => "32",
        Effect::Service | Effect::Restart | Effect::Reboot | Effect::Unknown | Effect::Manual => {
            "33"
        }
        Effect::Refused | Effect::Replace | Effect::Loss => "31;1",
    };
    ansi(look, colour, text)
}

fn bold(look: Look, text: &str) -> String {
    ansi(look, "1", text)
}

fn dim(look: Look, text: &str) -> String {
    ansi(look, "2", text)
}

fn ansi(look: Look, code: &str, text: &str) -> String {
    match look.style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}
