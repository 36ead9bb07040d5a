//! What a change of clusters does, as text: for people, for tools, for programs, for a comment on a pull request.

mod human;
mod json;
mod markdown;
mod short;

use super::{Style, clean};
use crate::diff::{Change, Diff, State, Written};
use crate::source::Place;

/// For whom a diff is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Sections with steps.
    Human,
    /// One line for each effect: `file:line:col: effect: machine: cause: …`.
    Short,
    /// One JSON document.
    Json,
    /// A comment on a pull request.
    Markdown,
}

impl Format {
    pub const ALL: [Format; 4] = [Format::Human, Format::Short, Format::Json, Format::Markdown];

    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Markdown => "markdown",
        }
    }
}

/// How a diff is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub format: Format,
    pub style: Style,
    pub width: usize,
}

/// What there is to say about a run.
#[derive(Debug, Default)]
pub struct Run {
    /// Clusters, the unchanged ones too.
    pub diffs: Vec<Diff>,
    /// Sources that are the same, whose clusters nobody has looked at.
    pub same_sources: usize,
    /// Why something could not be compared.
    pub failures: Vec<String>,
}

/// Draws a run.
pub fn render(look: Look, run: &Run) -> String {
    match look.format {
        Format::Human => human::run(look, run),
        Format::Short => short::run(run),
        Format::Json => json::run(run),
        Format::Markdown => markdown::run(run),
    }
}

impl Run {
    fn changed(&self) -> impl Iterator<Item = &Diff> {
        self.diffs.iter().filter(|diff| is_changed(diff))
    }

    /// The unchanged ones in a sentence; nothing where there are none.
    fn unchanged(&self) -> Option<String> {
        const MOST: usize = 5;
        let unchanged = self.diffs.iter().filter(|diff| !is_changed(diff));
        let names: Vec<String> = unchanged
            .map(|diff| format!("`{}`", clean(&diff.cluster)))
            .collect();
        let clusters = match names.as_slice() {
            [] => None,
            [one] => Some(format!("{one} is unchanged")),
            names if names.len() <= MOST => Some(format!("{} are unchanged", names.join(", "))),
            names => Some(format!("{} clusters are unchanged", names.len())),
        };
        let sources = match self.same_sources {
            0 => None,
            1 => Some("1 source is unchanged".to_owned()),
            several => Some(format!("{several} sources are unchanged")),
        };
        let parts: Vec<String> = clusters.into_iter().chain(sources).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

fn is_changed(diff: &Diff) -> bool {
    diff.state != State::Kept || !diff.is_empty()
}

/// A value for people: long ones end in `…`.
fn value(written: Option<&Written>) -> String {
    match written {
        Some(written) => format!("`{}`", short(&written.text)),
        None => "not written".to_owned(),
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 70;
    let text = clean(text);
    if text.chars().count() <= MOST {
        return text.into_owned();
    }
    let short: String = text.chars().take(MOST).collect();
    format!("{short}…")
}

/// What is different in a change; nothing where that is only words.
fn values(change: &Change) -> String {
    match (&change.old, &change.new) {
        (None, None) => String::new(),
        (old, new) => format!(": {} → {}", value(old.as_ref()), value(new.as_ref())),
    }
}

/// `file:line:column`.
pub(super) fn place(place: &Place) -> String {
    format!("{}:{}:{}", clean(&place.file), place.line, place.column)
}

/// Where a change is written: now, else before.
fn at(change: &Change) -> Option<&Place> {
    let of = |written: &'_ Option<Written>| written.is_some();
    let written = if of(&change.new) {
        &change.new
    } else {
        &change.old
    };
    written.as_ref()?.place.as_ref()
}
