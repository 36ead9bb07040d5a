//! What a build changes for clusters that were built before, in a sentence each.

use std::path::Path;

use super::write::Output;
use crate::cli::read;
use crate::diff::{self, Side};
use crate::source::Sources;
use crate::tpa::document;
use crate::tpa::view::{self, Subject};

/// A sentence for each cluster whose config.yml is there and becomes another one. Has to be asked before it is written.
pub(super) fn sentences(out: &Path, outputs: &[Output]) -> Vec<String> {
    let configs = outputs
        .iter()
        .filter(|output| output.path.ends_with("/config.yml"));
    configs.filter_map(|config| sentence(out, config)).collect()
}

fn sentence(out: &Path, config: &Output) -> Option<String> {
    let path = out.join(&config.path);
    let old = read::file(&path).ok().filter(|old| *old != config.text)?;
    let (before, old_sources) = subject(&config.path, &old)?;
    let (now, new_sources) = subject(&config.path, &config.text)?;
    let side = Side {
        subject: &before,
        sources: &old_sources,
    };
    let now = Side {
        subject: &now,
        sources: &new_sources,
    };
    let diff = diff::compare(side, now);
    (!diff.is_empty()).then(|| format!("{}: {}", diff.cluster, diff.sentence()))
}

fn subject(name: &str, text: &str) -> Option<(Subject, Sources)> {
    let mut sources = Sources::default();
    let file = sources.add(name.to_owned(), text.to_owned());
    let document = document::read(file, text).ok()?;
    Some((view::from_file(document), sources))
}
