//! A simulation as a comment on a pull request.

use std::fmt::Write as _;

use super::{Run, Shown, sides};
use crate::report::spans::{cell, code, in_cell, line};
use crate::simulate::{Comparison, Outcome, Simulation, title};

pub(super) fn run(run: &Run) -> String {
    let mut sections: Vec<String> = match &run.shown {
        Shown::Table(simulations) => simulations.iter().map(|one| section(one, false)).collect(),
        Shown::Details(simulations) => simulations.iter().map(|one| section(one, true)).collect(),
        Shown::Since(_, comparisons) => comparisons.iter().map(differences).collect(),
    };
    for failure in &run.failures {
        sections.push(format!("**Not played:** {}\n", line(failure)));
    }
    sections.join("\n")
}

fn section(simulation: &Simulation, is_detailed: bool) -> String {
    let mut page = format!("### {}\n\n", line(&simulation.cluster));
    if let Some(why) = &simulation.unplayed {
        let _ = writeln!(page, "**Not played:** {}", line(why));
        return page;
    }
    page.push_str(
        "| failure | writes | two primaries | commits | backups |\n|---|---|---|---|---|\n",
    );
    for outcome in &simulation.outcomes {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            in_cell(&code(&outcome.name)),
            cell(&title(outcome)),
            outcome.primaries.name(),
            outcome.data.name(),
            outcome.backups.name()
        );
    }
    if is_detailed {
        for outcome in &simulation.outcomes {
            page.push_str(&details(outcome));
        }
    }
    page
}

fn differences(comparison: &Comparison) -> String {
    let mut page = format!("### {}\n\n", line(&comparison.cluster));
    if let Some(why) = &comparison.unplayed {
        let _ = writeln!(page, "**Not played:** {}", line(why));
        return page;
    }
    page.push_str("| failure | verdict | before | now |\n|---|---|---|---|\n");
    for changed in &comparison.changed {
        let [before, now] = sides(changed);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            in_cell(&code(&changed.now.name)),
            changed.verdict.name(),
            cell(&before),
            cell(&now)
        );
    }
    for outcome in &comparison.new {
        let name = in_cell(&code(&outcome.name));
        let _ = writeln!(page, "| {name} | new | | {} |", cell(&title(outcome)));
    }
    for outcome in &comparison.gone {
        let name = in_cell(&code(&outcome.name));
        let _ = writeln!(page, "| {name} | gone | {} | |", cell(&title(outcome)));
    }
    page
}

fn details(outcome: &Outcome) -> String {
    let mut page = String::from("\n");
    for claim in &outcome.claims {
        let _ = writeln!(page, "- {}: {}", claim.about, line(&claim.says));
    }
    if !outcome.by_hand.is_empty() {
        page.push_str("\nTo do by hand:\n\n");
    }
    for (index, step) in outcome.by_hand.iter().enumerate() {
        let _ = writeln!(page, "{}. {}", index + 1, line(step));
    }
    page
}
