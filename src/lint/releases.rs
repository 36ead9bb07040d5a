//! What the release of TPA means for a finding: whether it stops there itself, or only a later one does.

use super::finding::Finding;
use super::scopes;
use crate::diagnostic::Level;
use crate::facts::tpa::changes::{Availability, Stop, stops, stops_until};
use crate::facts::tpa::{Target, TpaVersion};
use crate::facts::variables;
use crate::tpa::view::Subject;
use crate::value::Key;

/// Says at what a deployment stops: an error where this TPA does, a warning where only a later one will. Until then it goes
/// on with what happens `before`.
pub(super) fn from(finding: &mut Finding, subject: &Subject, since: TpaVersion, before: &str) {
    if since <= subject.tpa {
        finding
            .level(Level::Error)
            .consequence(format!("TPA {since} and later stop at it"));
    } else {
        later(
            finding,
            before,
            &format!("TPA {since} and later stop at it"),
        );
    }
}

fn later(finding: &mut Finding, before: &str, stops: &str) {
    finding
        .level(Level::Warning)
        .consequence(format!("{before}; {stops}"));
}

/// As [`from`], for what the table of releases has a name for. `otherwise` is what happens where TPA does not stop.
pub(super) fn at(finding: &mut Finding, subject: &Subject, stop: Stop, otherwise: &str) {
    match stops(subject.tpa, stop) {
        Availability::Here => {
            let tpa = subject.tpa;
            finding
                .level(Level::Error)
                .consequence(format!("`tpaexec deploy` of TPA {tpa} stops at it"));
        }
        Availability::NotYet(since) => match stops_until(stop) {
            Some(until) => {
                let stops = format!("TPA from {since} on and before {until} stops at it");
                later(finding, otherwise, &stops);
            }
            None => from(finding, subject, since, otherwise),
        },
        Availability::Gone(_) => {
            finding
                .level(Level::Warning)
                .consequence(otherwise.to_owned());
        }
    }
}

/// The TPA that a cluster comes from, where the run asks what a newer one will say: the one that it names, else the first
/// that reads all of its variables.
pub(super) fn upgraded_from(target: Target, subject: &Subject) -> Option<TpaVersion> {
    let Target::Instead(_) = target else {
        return None;
    };
    let from = subject.made_for.unwrap_or_else(|| reads_all(subject));
    (from < subject.tpa).then_some(from)
}

fn reads_all(subject: &Subject) -> TpaVersion {
    let variables = scopes::variables(subject).flat_map(|scope| scope.map.iter());
    let since = |key: &Key| match key {
        Key::Text(name) => variables::find(name)?.since,
        Key::Integer(_) => None,
    };
    variables
        .chain(subject.document.iter())
        .filter_map(|(key, _)| since(key))
        .max()
        .unwrap_or(TpaVersion::OLDEST)
}
