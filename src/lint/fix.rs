//! Fixes are applied to texts, as many as do not get in each other's way.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Edit, Fix};
use crate::source::{FileId, Sources};

/// What fixes have made of texts.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The new texts of the files that have changed.
    pub texts: BTreeMap<FileId, String>,
    /// Which fixes have been applied, by their places in the list.
    pub applied: Vec<usize>,
}

/// Applies fixes. Of two that touch the same place the first one holds; the other may be applied in another round.
pub fn apply(sources: &Sources, fixes: &[&Fix]) -> Fixed {
    // Where edits begin, and which they are. They do not overlap, so the nearest ones are all that has to be looked at.
    let mut accepted: BTreeMap<(FileId, u32), &Edit> = BTreeMap::new();
    let mut applied = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let known = |edit: &Edit| {
            let at = (edit.span.file, edit.span.start);
            accepted.get(&at).is_some_and(|other| *other == edit)
        };
        // Two findings may ask for the same.
        let possible = fix
            .edits
            .iter()
            .all(|edit| known(edit) || (is_valid(sources, edit) && !touches(&accepted, edit)));
        if !possible || fix.edits.is_empty() {
            continue;
        }
        applied.push(index);
        for edit in &fix.edits {
            accepted.insert((edit.span.file, edit.span.start), edit);
        }
    }
    let files: BTreeSet<FileId> = accepted.keys().map(|(file, _)| *file).collect();
    let mut texts = BTreeMap::new();
    for file in files {
        let text = sources.text(file);
        let edits = accepted.range((file, 0)..=(file, u32::MAX));
        let new = edited(text, edits.map(|(_, edit)| *edit));
        if new != text {
            texts.insert(file, new);
        }
    }
    Fixed { texts, applied }
}

fn is_valid(sources: &Sources, edit: &Edit) -> bool {
    let text = sources.text(edit.span.file);
    text.get(edit.span.range()).is_some()
}

/// Whether an edit overlaps with one of the others, or changes the place right beside it.
fn touches(accepted: &BTreeMap<(FileId, u32), &Edit>, edit: &Edit) -> bool {
    let file = edit.span.file;
    let before = accepted
        .range((file, 0)..=(file, edit.span.end))
        .next_back();
    before.is_some_and(|(_, other)| {
        other.span.end > edit.span.start || other.span.start >= edit.span.start
    })
}

fn edited<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        new.push_str(text.get(done..range.start).unwrap_or(""));
        new.push_str(&edit.replacement);
        done = range.end;
    }
    new.push_str(text.get(done..).unwrap_or(""));
    new
}
