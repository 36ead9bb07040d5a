//! `# m1c: allow(rule) reason` in a config.yml, on the line above or after.
//!
//! It covers what begins on that line: one setting, or with the line that opens them a whole map, list or item.

use crate::origin::{Origin, Sourced};
use crate::source::{FileId, Span};
use crate::topology::{Allow, Within};
use crate::yaml::{self, Comment};

/// What all comments for m1c begin with.
const MARK: &str = "m1c:";

/// What comments allow.
#[derive(Debug, Default)]
pub(in crate::lint) struct Comments {
    pub(in crate::lint) allows: Vec<Allow>,
    /// Comments for m1c that it does not understand.
    pub(super) broken: Vec<Span>,
}

/// Reads the comments of a config.yml.
pub(in crate::lint) fn read(file: FileId, text: &str) -> Comments {
    let mut read = Comments::default();
    if !text.contains(MARK) {
        return read;
    }
    let lines = Lines::new(text);
    for comment in yaml::comments(text) {
        let Some(rest) = comment.text.trim_start().strip_prefix(MARK) else {
            continue;
        };
        let at = span(file, comment.at.start, comment.at.end);
        match allowed(rest) {
            Some((names, behind)) => {
                let (reason, until) = dated(behind);
                let body = lines.covered(&comment);
                let body = span(file, body.0, body.1);
                // Offsets within the rest are offsets from its own begin.
                let begin = comment.at.end - rest.len();
                let place = |part: &str| {
                    let start = begin + (part.as_ptr() as usize - rest.as_ptr() as usize);
                    Origin::Written(span(file, start, start + part.len()))
                };
                for name in names.split(',').map(str::trim) {
                    read.allows.push(Allow {
                        rule: Sourced::new(name.to_owned(), place(name)),
                        reason: reason.to_owned(),
                        until: until.map(|date| Sourced::new(date.to_owned(), place(date))),
                        at: Origin::Written(at),
                        within: Within::Block,
                        bodies: vec![body],
                    });
                }
            }
            None => read.broken.push(at),
        }
    }
    read
}

/// The names in `allow(…)`, and what is behind.
fn allowed(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.trim_start().strip_prefix("allow")?;
    let (names, behind) = inner.trim_start().strip_prefix('(')?.split_once(')')?;
    (!names.trim().is_empty()).then_some((names, behind))
}

/// A reason, and the date after `until` at its end.
fn dated(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let dated = text.rsplit_once(char::is_whitespace);
    let Some((before, date)) = dated.filter(|(_, date)| is_date(date)) else {
        return (text, None);
    };
    match before.trim_end().strip_suffix("until") {
        Some(reason) => (reason.trim_end(), Some(date)),
        None => (text, None),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

/// The lines of a YAML text.
struct Lines<'t> {
    /// Each with the offset where it begins.
    lines: Vec<(usize, &'t str)>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let mut offset = 0;
        let lines = text
            .split_inclusive('\n')
            .map(|line| {
                let start = offset;
                offset += line.len();
                (start, line)
            })
            .collect();
        Lines { lines }
    }

    /// What a comment covers, from where to where: its own line if something is before it, else the next line that
    /// is neither empty nor a comment; with it the lines below that belong to it.
    fn covered(&self, comment: &Comment) -> (usize, usize) {
        let own = self
            .lines
            .partition_point(|(start, _)| *start <= comment.at.start)
            .saturating_sub(1);
        let is_text = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let mut rest = self.lines.iter().skip(own);
        let Some((start, head)) = rest.by_ref().find(|(_, line)| is_text(line)) else {
            return (comment.at.end, comment.at.end);
        };
        let mut end = start + head.len();
        let depth = indent(head);
        let opens_list = !head.trim_start().starts_with('-');
        for (at, line) in rest {
            if !is_text(line) {
                continue;
            }
            // The items of a list may be as far left as the key that they belong to.
            let item = opens_list && indent(line) == depth && line.trim_start().starts_with("- ");
            if indent(line) <= depth && !item {
                break;
            }
            end = at + line.len();
        }
        (*start, end)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: offset(start),
        end: offset(end),
    }
}
