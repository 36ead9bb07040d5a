//! A simulation for tools: a line for each failure.

use super::Run;
use crate::report::clean;
use crate::simulate::{Outcome, Simulation, title};

pub(super) fn run(run: &Run) -> String {
    run.simulations.iter().map(lines).collect()
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
