//! A simulation for programs: one document, as `docs/simulate.schema.json` describes it.

use serde_json::{Value, json};

use super::{Run, Shown};
use crate::simulate::{Changed, Claim, Comparison, Outcome, Primaries, Simulation, Writes};

/// Raised when a reader of the old form would misunderstand the new one.
const VERSION: u32 = 1;

pub(super) fn run(run: &Run) -> String {
    let clusters: Vec<Value> = match &run.shown {
        Shown::Table(simulations) | Shown::Details(simulations) => {
            simulations.iter().map(cluster).collect()
        }
        Shown::Since(_, comparisons) => comparisons.iter().map(differences).collect(),
    };
    let document = json!({
        "version": VERSION,
        "clusters": clusters,
        "failures": run.failures,
    });
    format!("{document:#}\n")
}

fn cluster(simulation: &Simulation) -> Value {
    let outcomes: Vec<Value> = simulation.outcomes.iter().map(outcome).collect();
    json!({
        "name": simulation.cluster,
        "unplayed": simulation.unplayed,
        "outcomes": outcomes,
    })
}

fn differences(comparison: &Comparison) -> Value {
    let outcomes = |outcomes: &[Outcome]| -> Vec<Value> { outcomes.iter().map(outcome).collect() };
    let changed = |changed: &Changed| {
        json!({
            "verdict": changed.verdict.name(),
            "before": outcome(&changed.before),
            "now": outcome(&changed.now),
        })
    };
    let changed: Vec<Value> = comparison.changed.iter().map(changed).collect();
    json!({
        "name": comparison.cluster,
        "unplayed": comparison.unplayed,
        "changed": changed,
        "new": outcomes(&comparison.new),
        "gone": outcomes(&comparison.gone),
    })
}

fn outcome(outcome: &Outcome) -> Value {
    let claims: Vec<Value> = outcome.claims.iter().map(claim).collect();
    let writers = match &outcome.writes {
        Writes::GoesOn(name) | Writes::Waits(name) => vec![name],
        Writes::TakesOver(names) | Writes::Uncertain(names) => names.iter().collect(),
        Writes::Nobody => Vec::new(),
    };
    let seconds = match outcome.primaries {
        Primaries::Two(seconds) => seconds,
        Primaries::One | Primaries::SecondOnReturn => None,
    };
    let state = match outcome.primaries {
        Primaries::One => "no",
        Primaries::SecondOnReturn => "on return",
        Primaries::Two(_) => "yes",
    };
    json!({
        "name": outcome.name,
        "title": outcome.title,
        "writes": outcome.writes.name(),
        "writers": writers,
        "promoted": outcome.promoted,
        "after": outcome.after.map(|(least, most)| json!({ "least": least, "most": most })),
        "two_primaries": { "state": state, "seconds": seconds },
        "commits": outcome.data.name(),
        "clients": outcome.clients.name(),
        "rescue": outcome.rescue.name(),
        "backups": outcome.backups.name(),
        "readable": outcome.readable,
        "claims": claims,
        "by_hand": outcome.by_hand,
    })
}

fn claim(claim: &Claim) -> Value {
    let place = claim
        .place
        .as_ref()
        .map(|place| json!({ "file": place.file, "line": place.line, "column": place.column }));
    json!({ "about": claim.about, "says": claim.says, "place": place })
}
