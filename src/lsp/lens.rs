//! What each cluster survives, above it.

use super::Document;
use crate::simulate::survival;
use crate::source::{Sources, Span};
use crate::topology::Cluster;
use crate::tpa::{config, view};

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
            text: survives(cluster, &document.analysis.sources)?,
        })
    };
    clusters.iter().filter_map(lens).collect()
}

/// What `m1c simulate` says of it in a line.
pub fn survives(cluster: &Cluster, sources: &Sources) -> Option<String> {
    survival(&view::from_config(config::config(cluster)), sources)
}
