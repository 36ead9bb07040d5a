//! Diagnostics become text: pictures for people, lines for tools, objects for machines.
//!
//! What comes out depends on nothing but what comes in: who asks decides about colour. Nothing here knows the stages
//! that the diagnostics come from, nor where the text goes.

mod clean;
pub mod diff;
mod excerpt;
mod github;
mod json;
mod lint;
mod places;
mod sarif;
pub mod simulate;
mod spans;
mod terminal;
mod wrapped;

pub use clean::clean;

use crate::diagnostic::{Diagnostic, Level};
use crate::lint::Finding;
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
    /// One SARIF document.
    Sarif,
    /// Annotations of GitHub's pull requests.
    Github,
}

impl Format {
    pub const ALL: [Format; 5] = [
        Format::Human,
        Format::Short,
        Format::Json,
        Format::Sarif,
        Format::Github,
    ];

    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
        }
    }
}

/// Whether text for people carries ANSI colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Coloured,
}

/// How diagnostics are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub format: Format,
    pub style: Style,
    /// How many columns there are, for findings of the linter.
    pub width: usize,
}

/// How wide pictures are where no terminal says it.
pub const WIDTH: usize = 100;

/// What there is to say about one file, for [`join`].
#[derive(Clone, Debug)]
pub enum Piece {
    Text(String),
    Annotations(Vec<(Level, String)>),
    Results(Vec<sarif::Found>),
}

impl Default for Piece {
    fn default() -> Piece {
        Piece::Text(String::new())
    }
}

/// Draws what the compiler and the linter say about one file, in the order in which it comes.
pub fn piece(
    look: Look,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    findings: &[Finding],
) -> Piece {
    let all = || {
        let of_findings = findings.iter().map(|finding| &finding.diagnostic);
        diagnostics.iter().chain(of_findings)
    };
    Piece::Text(match look.format {
        Format::Human => {
            terminal::human(look.style, sources, diagnostics)
                + &lint::human(look, sources, findings)
        }
        Format::Short => terminal::short(look.style, sources, all()),
        Format::Json => json::lines(sources, diagnostics, findings),
        Format::Sarif => {
            return Piece::Results(sarif::results(sources, diagnostics, findings));
        }
        Format::Github => return Piece::Annotations(github::annotations(sources, all())),
    })
}

/// What there is to say about a run as a whole.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Why files could not be looked at.
    pub failures: Vec<String>,
    /// Whether findings have been compared with a baseline.
    pub compared: bool,
}

/// Puts together what there is to say about all files of a run.
pub fn join(look: Look, pieces: Vec<Piece>, run: &Run) -> String {
    let mut text = String::new();
    let mut annotations = Vec::new();
    let mut results = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Annotations(piece) => annotations.extend(piece),
            Piece::Results(piece) => results.extend(piece),
        }
    }
    match look.format {
        Format::Human | Format::Short | Format::Json => text,
        Format::Github => {
            annotations.sort_by_key(|(level, _)| *level);
            let lines = annotations.into_iter().map(|(_, line)| line);
            lines.collect()
        }
        Format::Sarif => sarif::document(results, run),
    }
}

/// Draws diagnostics of the compiler, in the order in which they come.
pub fn render(
    format: Format,
    style: Style,
    sources: &Sources,
    diagnostics: &[Diagnostic],
) -> String {
    let look = Look {
        format,
        style,
        width: WIDTH,
    };
    let piece = piece(look, sources, diagnostics, &[]);
    join(look, vec![piece], &Run::default())
}
