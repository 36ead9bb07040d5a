//! Annotations that GitHub shows at the lines of a pull request.
//!
//! GitHub shows ten annotations of a level per step, and hides the command in its log, so that the place is in the
//! message too.

use std::fmt::Write as _;

use super::clean;
use super::places::Places;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Sources;

/// One annotation a diagnostic, each on a line, with its level.
pub(super) fn annotations<'d>(
    sources: &Sources,
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
) -> Vec<(Level, String)> {
    let mut places = Places::new(sources);
    diagnostics
        .map(|diagnostic| (diagnostic.level, annotation(&mut places, diagnostic)))
        .collect()
}

fn annotation(places: &mut Places<'_>, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "notice",
    };
    let code = diagnostic.code.name;
    let mut line = format!("::{command} title={}", property(&format!("m1c ({code})")));
    let mut words = String::new();
    let span = diagnostic.primary.span;
    if let Some((start, end)) = places.of(span) {
        let file = places.name(span.file);
        let _ = write!(line, ",file={},line={}", property(file), start.line);
        // Columns of a range that spans lines are taken for those of its first line.
        if start.line == end.line {
            let _ = write!(line, ",col={}", start.column);
            let _ = write!(line, ",endLine={},endColumn={}", end.line, end.column);
        } else {
            let _ = write!(line, ",endLine={}", end.line);
        }
        let _ = write!(words, "{file}:{}:{}: ", start.line, start.column);
    }
    let _ = write!(words, "{code}: {}", clean::message(&diagnostic.message));
    if let Some(consequence) = &diagnostic.consequence {
        let _ = write!(words, "\n{}", clean::paragraph(consequence));
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(words, "\nhelp: {}", clean::paragraph(help));
    }
    line.push_str("::");
    line.push_str(&data(&words));
    line.push('\n');
    line
}

/// Text as the runner reads it back.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text of a property, where more characters have a meaning.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
