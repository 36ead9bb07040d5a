//! A simulation for people: a table for each cluster, or one failure with its reasons.

use std::fmt::Write as _;

use super::{Run, Shown, sides};
use crate::report::diff::{Look, place};
use crate::report::wrapped::wrapped;
use crate::report::{Style, clean};
use crate::simulate::{
    Backups, Clients, Comparison, Data, Outcome, Primaries, Simulation, Verdict, Writes, title,
};

const HEAD: [&str; 5] = ["failure", "writes", "two primaries", "commits", "backups"];

pub(super) fn run(look: Look, run: &Run) -> String {
    let sections = |simulations: &[Simulation], draw: fn(Look, &Simulation) -> String| {
        let section = |simulation: &Simulation| match &simulation.unplayed {
            Some(why) => unplayed(&simulation.cluster, why),
            None => draw(look, simulation),
        };
        simulations.iter().map(section).collect()
    };
    let sections: Vec<String> = match &run.shown {
        Shown::Table(simulations) => sections(simulations, table),
        Shown::Details(simulations) => sections(simulations, details),
        Shown::Since(revision, comparisons) if comparisons.iter().all(is_same) => {
            return format!(
                "no failure leads to something else than in `{}`\n",
                clean(revision)
            );
        }
        Shown::Since(_, comparisons) => {
            let different = comparisons.iter().filter(|comparison| !is_same(comparison));
            different
                .map(|comparison| differences(look, comparison))
                .collect()
        }
    };
    sections.join("\n")
}

fn unplayed(cluster: &str, why: &str) -> String {
    format!("{}: {}\n", clean(cluster), clean(why))
}

/// Whether nothing is different.
fn is_same(comparison: &Comparison) -> bool {
    let Comparison {
        cluster: _,
        changed,
        new,
        gone,
        unplayed,
    } = comparison;
    changed.is_empty() && new.is_empty() && gone.is_empty() && unplayed.is_none()
}

fn differences(look: Look, comparison: &Comparison) -> String {
    if let Some(why) = &comparison.unplayed {
        return unplayed(&comparison.cluster, why);
    }
    let mut text = format!("{}\n", ansi(look, "1", &clean(&comparison.cluster)));
    for changed in &comparison.changed {
        let colour = match changed.verdict {
            Verdict::Worse => "31",
            Verdict::Mixed => "33",
            Verdict::Better => "32",
            Verdict::Other => "2",
        };
        let verdict = ansi(look, colour, changed.verdict.name());
        let [before, now] = sides(changed);
        let _ = writeln!(text, "  {}: {verdict}", clean(&changed.now.name));
        for (head, side) in [("before", before), ("now", now)] {
            let head = format!("    {head:6}  ");
            text.push_str(&wrapped(look.width, &head, &" ".repeat(12), &clean(&side)));
        }
    }
    for (outcomes, verdict) in [(&comparison.new, "new"), (&comparison.gone, "gone")] {
        for outcome in outcomes {
            let head = format!("  {}: {verdict}: ", clean(&outcome.name));
            text.push_str(&wrapped(look.width, &head, "    ", &clean(&title(outcome))));
        }
    }
    text
}

fn table(look: Look, simulation: &Simulation) -> String {
    let rows: Vec<[String; 5]> = simulation.outcomes.iter().map(row).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String; 5]| {
        let padded = cells.iter().zip(widths);
        let padded: Vec<String> = padded
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut text = format!(
        "{}\n{}\n",
        ansi(look, "1", &clean(&simulation.cluster)),
        ansi(look, "2", &line(&HEAD.map(str::to_owned)))
    );
    for (outcome, row) in simulation.outcomes.iter().zip(&rows) {
        let _ = writeln!(text, "{}", paint(look, outcome, &line(row)));
    }
    text
}

fn row(outcome: &Outcome) -> [String; 5] {
    [
        clean(&outcome.name).into_owned(),
        clean(&title(outcome)).into_owned(),
        outcome.primaries.name(),
        outcome.data.name().to_owned(),
        outcome.backups.name().to_owned(),
    ]
}

fn details(look: Look, simulation: &Simulation) -> String {
    let mut text = String::new();
    for outcome in &simulation.outcomes {
        let _ = writeln!(
            text,
            "{}: {}",
            ansi(look, "1", &clean(&simulation.cluster)),
            clean(&outcome.title)
        );
        let _ = writeln!(text, "  {}", paint(look, outcome, &clean(&title(outcome))));
        for claim in &outcome.claims {
            let head = format!("  {:15}", claim.about);
            text.push_str(&wrapped(
                look.width,
                &head,
                &" ".repeat(17),
                &clean(&claim.says),
            ));
            if let Some(at) = &claim.place {
                let _ = writeln!(text, "{}{}", " ".repeat(17), ansi(look, "2", &place(at)));
            }
        }
        if !outcome.by_hand.is_empty() {
            text.push_str("\n  to do by hand:\n");
        }
        for (index, step) in outcome.by_hand.iter().enumerate() {
            let number = format!("    {}. ", index + 1);
            text.push_str(&wrapped(look.width, &number, "       ", &clean(step)));
        }
    }
    text
}

/// Red is what stops writes or loses them, yellow what a person should know.
fn paint(look: Look, outcome: &Outcome, text: &str) -> String {
    let is_bad = match outcome.writes {
        Writes::Nobody | Writes::Waits(_) | Writes::Uncertain(_) => true,
        Writes::GoesOn(_) | Writes::TakesOver(_) => false,
    };
    let is_split = match outcome.primaries {
        Primaries::Two(_) => true,
        Primaries::One | Primaries::SecondOnReturn => false,
    };
    if is_bad || is_split || outcome.clients != Clients::Arrive {
        return ansi(look, "31", text);
    }
    if outcome.data == Data::MayBeLost || outcome.backups == Backups::Stop {
        return ansi(look, "33", text);
    }
    text.to_owned()
}

fn ansi(look: Look, code: &str, text: &str) -> String {
    match look.style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}
