//! Clusters that seem to come or go since a revision: they may have been in another file, or be in one that has not changed.

use super::inputs::{Comparison, Input, Reads, Task};
use super::pairs;
use super::versions::{Read, Version};
use crate::cli::read;
use crate::cli::terminal::Terminal;
use crate::facts::tpa::TpaVersion;

/// Adds the files that such clusters are in to both sides.
pub(super) fn look(
    comparison: &Comparison<'_>,
    terminal: Terminal,
    tpa: Option<TpaVersion>,
    same: &[&Input],
    (old, new): (&mut Vec<Version>, &mut Vec<Version>),
) -> Result<(), Vec<String>> {
    if comparison.since.is_none() {
        return Ok(());
    }
    let (come, gone) = (pairs::alone(new, old), pairs::alone(old, new));
    if come.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let is_named = |names: &[String], text: &str| names.iter().any(|name| text.contains(name));
    if !come.is_empty() {
        for input in comparison.elsewhere(tpa)? {
            let text = comparison.text_then(&input);
            if text.is_some_and(|text| is_named(&come, &text)) {
                let task = Task {
                    input,
                    reads: Reads::Deleted,
                };
                old.extend(of(&come, comparison.read(terminal, &task), |read| read.old));
            }
        }
    }
    let names: Vec<String> = come.into_iter().chain(gone).collect();
    for input in same {
        let text = input.found.path.as_deref().map(read::file);
        if text.is_some_and(|text| text.is_ok_and(|text| is_named(&names, &text))) {
            let task = Task {
                input: (*input).clone(),
                reads: Reads::New,
            };
            new.extend(of(&names, comparison.read(terminal, &task), |read| {
                read.new
            }));
        }
    }
    Ok(())
}

/// The clusters of a file that are meant. The others are not compared: nobody has asked about them.
fn of(names: &[String], read: Read, side: impl Fn(Read) -> Vec<Version>) -> Vec<Version> {
    let mut versions = side(read);
    for version in &mut versions {
        version.is_partly = true;
        version.subjects.retain(|subject| {
            let name = subject.name.as_ref();
            name.is_some_and(|name| names.contains(&name.value))
        });
    }
    versions
}
