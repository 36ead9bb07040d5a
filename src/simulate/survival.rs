//! What a cluster survives, in a line.

use super::{Asked, Clients, Outcome, Writes, simulate};
use crate::schema::alternatives;
use crate::source::Sources;
use crate::tpa::view::Subject;

/// How many names the line has of machines, or of locations.
const MOST_NAMES: usize = 3;

/// With more machines only locations are played: an editor asks after every change.
const MOST_MACHINES: usize = 100;

/// `survives the loss of any machine or london; not of paris`. Nothing where failures cannot be played.
pub fn survival(subject: &Subject, sources: &Sources) -> Option<String> {
    let locations = losses(subject, sources, Asked::Locations(None))?;
    let mut survived = Vec::new();
    let mut perhaps = Vec::new();
    let mut not = Vec::new();
    if subject.instances.len() <= MOST_MACHINES {
        let machines = losses(subject, sources, Asked::Machines)?;
        let lost = machines.of(Verdict::Not);
        survived.extend(match lost.as_slice() {
            [] => Some("any machine".to_owned()),
            names if names.len() == machines.0.len() => None,
            names => Some(format!("any machine but {}", named(names))),
        });
        perhaps.extend(machines.of(Verdict::Perhaps));
    }
    // The loss of an only location is that of the cluster.
    if locations.0.len() > 1 {
        let kept = locations.of(Verdict::Survived);
        if kept.len() == locations.0.len() {
            survived.push("any location".to_owned());
        } else if !kept.is_empty() {
            survived.push(named(&kept));
        }
        perhaps.extend(locations.of(Verdict::Perhaps));
        not.extend(locations.of(Verdict::Not));
    }
    let mut parts = Vec::new();
    if !survived.is_empty() {
        parts.push(format!("survives the loss of {}", survived.join(" or ")));
    }
    if !perhaps.is_empty() {
        parts.push(format!("perhaps of {}", named(&perhaps)));
    }
    match (parts.is_empty(), not.is_empty()) {
        (true, false) => parts.push(format!("does not survive the loss of {}", named(&not))),
        (false, false) => parts.push(format!("not of {}", named(&not))),
        (true, true) => parts.push("survives the loss of no machine".to_owned()),
        (false, true) => {}
    }
    Some(parts.join("; "))
}

/// Names of what is lost, with whether writes go on without it.
struct Losses(Vec<(String, Verdict)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Survived,
    Perhaps,
    Not,
}

impl Losses {
    fn of(&self, verdict: Verdict) -> Vec<String> {
        let those = self.0.iter().filter(|(_, own)| *own == verdict);
        those.map(|(name, _)| name.clone()).collect()
    }
}

fn losses(subject: &Subject, sources: &Sources, asked: Asked<'_>) -> Option<Losses> {
    let simulation = simulate(subject, sources, asked).ok()?;
    let outcomes = simulation.outcomes.into_iter();
    let loss = |outcome: Outcome| {
        let (_, name) = outcome.name.split_once('/')?;
        Some((name.to_owned(), verdict(&outcome)))
    };
    simulation
        .unplayed
        .is_none()
        .then(|| Losses(outcomes.filter_map(loss).collect()))
}

fn verdict(outcome: &Outcome) -> Verdict {
    match (&outcome.writes, &outcome.clients) {
        (Writes::GoesOn(_) | Writes::TakesOver(_), Clients::Arrive) => Verdict::Survived,
        (Writes::Uncertain(_), _) => Verdict::Perhaps,
        (Writes::GoesOn(_) | Writes::TakesOver(_) | Writes::Waits(_) | Writes::Nobody, _) => {
            Verdict::Not
        }
    }
}

/// Names as a sentence lists them, without backticks.
fn named(names: &[String]) -> String {
    match names.get(..MOST_NAMES) {
        Some(first) if names.len() > MOST_NAMES => {
            format!("{} and {} more", first.join(", "), names.len() - MOST_NAMES)
        }
        _ => alternatives(names).replace('`', ""),
    }
}
