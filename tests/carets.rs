//! Diagnostics that are expected inside the source, in rust-analyzer's manner.
//!
//! ```text
//!   owner = "a" "b"
//! #             ^^^ error[unexpected-text]: unexpected `"b"` after a value
//! #               = a second value
//! #               = help: a key has one value; write a list for several: `key = [a, b]`
//! ```
//!
//! The lines with carets, and those that begin with `# … =` below them, are not part of the source. A related place is
//! marked like `^ related: …`. Several files are in one after `//- name.m1` lines; what is about none of them, such
//! as the standard library, is at the end with its place in words.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use m1c::diagnostic::Diagnostic;
use m1c::source::{Sources, Span};

/// What a file is called that has no `//- name.m1` line.
pub(crate) const MAIN: &str = "main.m1";

/// A source without its expectations.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The sources in an annotated file.
pub(crate) fn sources(annotated: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for line in annotated.split_inclusive('\n') {
        if let Some(name) = header(line) {
            sources.push(Source {
                name: name.to_owned(),
                text: String::new(),
            });
            continue;
        }
        if sources.is_empty() {
            sources.push(Source {
                name: MAIN.to_owned(),
                text: String::new(),
            });
        }
        if !is_expectation(line)
            && let Some(source) = sources.last_mut()
        {
            source.text.push_str(line);
        }
    }
    sources
}

/// Compares the diagnostics of an annotated file with its expectations; with `UPDATE=1` writes them.
pub(crate) fn check(path: &Path, annotated: &str, diagnostics: &[Diagnostic], sources: &Sources) {
    let found = annotate(annotated, diagnostics, sources);
    if found == annotated {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, found).unwrap();
    } else {
        panic!(
            "{}\n--- expected\n{annotated}\n--- found\n{found}",
            path.display()
        );
    }
}

/// The sources of an annotated file, with these diagnostics as their expectations.
fn annotate(annotated: &str, diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let marks = marks(diagnostics);
    let mut out = String::new();
    let parts = self::sources(annotated);
    let mut elsewhere = vec![true; marks.len()];
    let headed = annotated
        .split_inclusive('\n')
        .any(|line| header(line).is_some());
    for part in &parts {
        if headed {
            let _ = writeln!(out, "//- {}", part.name);
        }
        let mut start = 0;
        let lines: Vec<&str> = part.text.split_inclusive('\n').collect();
        for (index, line) in lines.iter().enumerate() {
            let end = start + line.len();
            out.push_str(line);
            for (mark, elsewhere) in marks.iter().zip(&mut elsewhere) {
                let at = mark.span.start as usize;
                let last = index + 1 == lines.len();
                let here = at < end || (last && (!line.ends_with('\n') || at == end));
                if *elsewhere && sources.name(mark.span.file) == part.name && here {
                    *elsewhere = false;
                    if !out.ends_with('\n') {
                        out.push('\n');
                    }
                    mark.write(line, start, &mut out);
                }
            }
            start = end;
        }
        if lines.is_empty() {
            for (mark, elsewhere) in marks.iter().zip(&mut elsewhere) {
                if *elsewhere && sources.name(mark.span.file) == part.name {
                    *elsewhere = false;
                    mark.write("", 0, &mut out);
                }
            }
        }
    }
    for (mark, elsewhere) in marks.iter().zip(elsewhere) {
        if elsewhere {
            let name = sources.name(mark.span.file);
            let (line, column) = sources.line_and_column(mark.span.file, mark.span.start);
            let _ = writeln!(out, "# ^ {name}:{line}:{column} {}", mark.text);
        }
    }
    out
}

/// A place and what is said about it.
struct Mark {
    span: Span,
    text: String,
    notes: Vec<String>,
}

fn marks(diagnostics: &[Diagnostic]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for diagnostic in diagnostics {
        let label = Some(diagnostic.primary.text.to_string()).filter(|text| !text.is_empty());
        let help = diagnostic.help.as_ref().map(|help| format!("help: {help}"));
        marks.push(Mark {
            span: diagnostic.primary.span,
            text: format!(
                "{}[{}]: {}",
                diagnostic.level.name(),
                diagnostic.code.name,
                diagnostic.message
            ),
            notes: label.into_iter().chain(help).collect(),
        });
        for label in &diagnostic.related {
            marks.push(Mark {
                span: label.span,
                text: format!("related: {}", label.text),
                notes: Vec::new(),
            });
        }
    }
    marks.sort_by_key(|mark| (mark.span.file, mark.span.start));
    marks
}

impl Mark {
    /// Writes the carets below a line that begins at `start`, and what is said.
    fn write(&self, line: &str, start: usize, out: &mut String) {
        let line = line.trim_end_matches(['\n', '\r']);
        let from = (self.span.start as usize - start).min(line.len());
        let to = (self.span.end as usize - start).min(line.len()).max(from);
        let before = line.get(..from).unwrap_or(line);
        let marked = line.get(from..to).unwrap_or("");
        let mut blanks: String = before
            .chars()
            .map(|character| if character == '\t' { '\t' } else { ' ' })
            .collect();
        if !blanks.is_empty() {
            blanks.replace_range(..1, "#");
        }
        let carets = "^".repeat(marked.chars().count().max(1));
        let more = if self.span.end as usize > start + line.len() && !marked.is_empty() {
            "…"
        } else {
            ""
        };
        let _ = writeln!(out, "{blanks}{carets}{more} {}", self.text);
        for note in &self.notes {
            let blanks = blanks.get(1..).unwrap_or("");
            let _ = writeln!(out, "#{blanks}  = {note}");
        }
    }
}

fn header(line: &str) -> Option<&str> {
    Some(line.strip_prefix("//- ")?.trim())
}

fn is_expectation(line: &str) -> bool {
    let inner = line.trim_start_matches(['#', ' ', '\t']);
    let carets = inner.trim_start_matches('^').trim_start_matches('…');
    if line.starts_with("#  ") && inner.starts_with("= ") {
        return true;
    }
    inner.starts_with('^') && carets.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::sources;

    #[test]
    fn sources_are_without_their_expectations() {
        let sources = sources("//- a.m1\nx = 1\n# ^ error[x]: y\n#   = z\n//- b.m1\n# = text\n");
        let texts: Vec<(&str, &str)> = sources
            .iter()
            .map(|source| (source.name.as_str(), source.text.as_str()))
            .collect();
        assert_eq!(texts, [("a.m1", "x = 1\n"), ("b.m1", "# = text\n")]);
    }
}
