//! What each cluster survives, above it.

use super::Document;
use crate::schema::alternatives;
use crate::source::Span;
use crate::topology::Cluster;
use crate::topology::quorum::{Obstacle, Outcome, Quorum, Verdict};
use crate::tpa::config;
use crate::tpa::view;
use crate::tpa::view::quorum::{left, quorum};

/// A line above a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The name of the cluster.
    pub span: Span,
    pub text: String,
}

/// The clusters of a document, with what each survives. Nothing about one that an error concerns.
pub fn lenses(document: &Document) -> Vec<Lens> {
    let clusters = &document.analysis.topology.clusters;
    let lens = |cluster: &Cluster| {
        Some(Lens {
            span: cluster.name.origin.place(),
            text: survives(cluster)?,
        })
    };
    clusters.iter().filter_map(lens).collect()
}

/// `survives the loss of paris; losing london leaves 2 of 5 votes`.
pub fn survives(cluster: &Cluster) -> Option<String> {
    let subject = view::from_config(config::config(cluster));
    let quorum = quorum(&subject)?;
    let losses = losses(&quorum);
    let survived: Vec<&str> = losses
        .iter()
        .filter(|(_, outcome)| outcome.serves())
        .map(|(name, _)| *name)
        .collect();
    let mut parts = Vec::new();
    if !survived.is_empty() {
        parts.push(format!("survives the loss of {}", list(&survived)));
    }
    for (name, outcome) in &losses {
        if let Verdict::Nobody(obstacle) = outcome.verdict {
            parts.push(format!(
                "losing {name} {}",
                consequence(&quorum, outcome, obstacle)
            ));
        }
    }
    Some(parts.join("; "))
}

/// What can be lost, and what happens then: each location, or the primary where there is only one location.
fn losses<'q>(quorum: &Quorum<'q>) -> Vec<(&'q str, Outcome<'q>)> {
    let locations = quorum.locations();
    if locations.len() > 1 {
        let lost = |location| (location, quorum.after_loss_of_location(location));
        return locations.into_iter().map(lost).collect();
    }
    let lost = |name| ("the primary", quorum.after_loss_of(&[name]));
    let primary = quorum.primary().map(|primary| primary.name);
    primary.map(lost).into_iter().collect()
}

fn consequence(quorum: &Quorum<'_>, outcome: &Outcome<'_>, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::NoMajority => format!("leaves {}", left(quorum, outcome)),
        Obstacle::NoCandidate => "leaves no standby to promote".to_owned(),
        Obstacle::OtherSite => {
            "leaves no node of the primary's site, so nobody is promoted".to_owned()
        }
        Obstacle::Manual => "leaves the promotion to a human".to_owned(),
        Obstacle::Declined => "leaves the promotion to a standby that waits for a human".to_owned(),
        Obstacle::Fenced => "makes repmgr stop the primary".to_owned(),
        Obstacle::Seen => "promotes nobody while others see the primary".to_owned(),
        Obstacle::Streams => "leaves the promotion to a standby that still streams".to_owned(),
        Obstacle::Led => "promotes nobody while the primary leads".to_owned(),
        Obstacle::NotSynchronous => "leaves no standby that has all commits".to_owned(),
    }
}

/// Names as a sentence lists them, without backticks.
fn list(names: &[&str]) -> String {
    alternatives(names).replace('`', "")
}
