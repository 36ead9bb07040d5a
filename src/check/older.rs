//! An older version of a file, which is compared and not judged.

use super::{Options, analyse};
use crate::lint::Before;
use crate::load::Files;
use crate::source::Sources;
use crate::tpa::config;
use crate::tpa::document;
use crate::tpa::view;

/// The clusters of the source `root` as they were at a revision, and whether all of them compiled.
pub fn older_source(
    root: &str,
    files: &dyn Files,
    options: Options<'_>,
    revision: &str,
) -> (Before, bool) {
    let analysis = analyse(root, files, options);
    let clusters = analysis.topology.clusters.iter();
    let before = Before {
        revision: revision.to_owned(),
        subjects: clusters
            .map(|cluster| view::from_config(config::config(cluster)))
            .collect(),
        sources: analysis.sources,
    };
    (before, analysis.topology.is_whole)
}

/// The config.yml `name` as it was at a revision, and whether it is YAML.
pub fn older_config(name: &str, text: &str, revision: &str) -> (Before, bool) {
    let mut sources = Sources::default();
    let file = sources.add(name.to_owned(), text.to_owned());
    let subject = document::read(file, text).map(view::from_file).ok();
    let is_whole = subject.is_some();
    let before = Before {
        revision: revision.to_owned(),
        sources,
        subjects: subject.into_iter().collect(),
    };
    (before, is_whole)
}
