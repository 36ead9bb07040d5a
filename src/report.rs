//! Diagnostics become text: pictures for people, lines for tools, objects for machines.
//!
//! What comes out depends on nothing but what comes in: who asks decides about colour. Nothing here knows the stages
//! that the diagnostics come from, nor where the text goes.

mod clean;
mod excerpt;
mod json;
mod places;
mod terminal;

pub use clean::clean;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// For whom diagnostics are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pictures with the lines of the source.
    Human,
    /// One line each: `file:line:col: level[code]: message`.
    Short,
    /// One JSON object a line.
    Json,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Human, Format::Short, Format::Json];

    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
        }
    }
}

/// Whether text for people carries ANSI colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Coloured,
}

/// Draws diagnostics, in the order in which they come.
pub fn render(
    format: Format,
    style: Style,
    sources: &Sources,
    diagnostics: &[Diagnostic],
) -> String {
    match format {
        Format::Human => terminal::human(style, sources, diagnostics),
        Format::Short => terminal::short(style, sources, diagnostics),
        Format::Json => json::lines(sources, diagnostics),
    }
}
