//! A simulation for tools: a line for each failure.

use super::{Run, Shown, sides};
use crate::report::clean;
use crate::simulate::{Comparison, Outcome, Simulation, title};

pub(super) fn run(run: &Run) -> String {
    match &run.shown {
        Shown::Table(simulations) | Shown::Details(simulations) => {
            simulations.iter().map(lines).collect()
        }
        Shown::Since(_, comparisons) => comparisons.iter().map(differences).collect(),
    }
}

fn differences(comparison: &Comparison) -> String {
    let cluster = clean(&comparison.cluster);
    if let Some(why) = &comparison.unplayed {
        return format!("{cluster}: not played: {}\n", clean(why));
    }
    let changed = comparison.changed.iter().map(|changed| {
        let [before, now] = sides(changed);
        let name = clean(&changed.now.name);
        let verdict = changed.verdict.name();
        format!(
            "{cluster}: {name}: {verdict}: {}, before {}\n",
            clean(&now),
            clean(&before)
        )
    });
    let others = [(&comparison.new, "new"), (&comparison.gone, "gone")];
    let others = others.into_iter().flat_map(|(outcomes, verdict)| {
        let line = |outcome: &Outcome| {
            let (name, title) = (clean(&outcome.name), title(outcome));
            format!("{cluster}: {name}: {verdict}: {}\n", clean(&title))
        };
        outcomes.iter().map(line).collect::<Vec<_>>()
    });
    changed.chain(others).collect()
}

fn lines(simulation: &Simulation) -> String {
    let cluster = clean(&simulation.cluster);
    if let Some(why) = &simulation.unplayed {
        return format!("{cluster}: not played: {}\n", clean(why));
    }
    let line = |outcome: &Outcome| {
        let Outcome {
            name,
            primaries,
            data,
            backups,
            ..
        } = outcome;
        format!(
            "{cluster}: {}: {}; two primaries: {}; commits: {}; backups: {}\n",
            clean(name),
            clean(&title(outcome)),
            primaries.name(),
            data.name(),
            backups.name()
        )
    };
    simulation.outcomes.iter().map(line).collect()
}
