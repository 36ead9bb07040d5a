//! pest's pairs become the tree; productions that stand for mistakes become diagnostics.
//!
//! A text comes in, and leaves as statements with their comments. The grammar decides where everything begins and
//! ends; what is decided here is how it is said, and by indentation where a missing or superfluous brace stood.

// The rules are those of the whole grammar, and every place knows the few that can be there.
#![allow(clippy::wildcard_enum_match_arm)]

mod bindings;
mod blocks;
mod characters;
mod conditions;
mod mistakes;
mod statements;
mod strings;
mod values;

use std::ops::Range;

use pest::Parser as _;
use pest::iterators::Pair;

use super::errors;
use super::grammar::{Grammar, Rule};
use super::tree::{Body, Comment, Scalar, ScalarKind, Statement, Tree};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use blocks::{EarlyBrace, OpenBlock};

/// How many errors are kept at most, of which the first are reported.
const ENOUGH_ERRORS: usize = 10 * super::MAXIMUM_ERRORS;

pub(super) fn build(
    file: FileId,
    text: &str,
    range: Range<usize>,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let base = range.start;
    let mut builder = Builder {
        file,
        text,
        base,
        errors: Vec::new(),
        invisible: Vec::new(),
        errors_from: 0..0,
        unread: false,
        open_blocks: Vec::new(),
        displaced: Vec::new(),
        early_brace: None,
        lists_with_brace: 0,
        here_document: 0..0,
    };
    let part = text.get(range).unwrap_or("");
    builder.characters(part);
    let body = match Grammar::parse(Rule::file, part) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => builder.file(pair.into_inner(), base),
            None => Body::default(),
        },
        // The rule accepts every text; what pest could stop at is a limit of its own, which nobody sets.
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => {
                    at
                }
            };
            let at = builder.span(at, at);
            builder.too_deep(at);
            Body::default()
        }
    };
    let is_cut = builder.report(diagnostics);
    Tree { file, body, is_cut }
}

struct Builder<'t> {
    file: FileId,
    /// The text of the whole file.
    text: &'t str,
    /// Where the parsed part begins in it.
    base: usize,
    errors: Vec<Diagnostic>,
    /// Where characters stand that nobody can see, in order.
    invisible: Vec<u32>,
    /// From the last error to the end of its line.
    errors_from: Range<u32>,
    /// Whether the rest of the file could not be looked at, so that nothing can be said about braces.
    unread: bool,
    /// The blocks without a `}` around what is being built.
    open_blocks: Vec<OpenBlock>,
    /// Statements that by their indentation are after the block that holds them.
    displaced: Vec<Statement>,
    early_brace: Option<EarlyBrace>,
    /// How many lists seem to have a `}` in place of their `]`.
    lists_with_brace: usize,
    /// The lines of a `<<EOF`, which are no statements.
    here_document: Range<u32>,
}

impl<'t> Builder<'t> {
    /// Whether an error would be the echo of the one before it on its line, or of a character that cannot be seen.
    fn is_echo(&self, at: Span) -> bool {
        let next = self
            .invisible
            .partition_point(|&invisible| invisible <= at.start);
        let invisible = self.invisible.get(next);
        self.errors_from.contains(&at.start)
            || invisible.is_some_and(|&invisible| invisible < at.end)
    }

    /// Keeps an error, unless it is an echo.
    fn error(&mut self, diagnostic: Diagnostic) {
        let at = diagnostic.primary.span;
        if self.is_echo(at) || self.errors.len() == ENOUGH_ERRORS {
            return;
        }
        let at = at.start;
        let rest = self.text.get(at as usize..).unwrap_or("");
        let length = rest.find('\n').unwrap_or(rest.len());
        self.errors_from = at..at.saturating_add(offset(length)).saturating_add(1);
        self.errors.push(diagnostic);
    }

    /// Forgets the errors since there were so many.
    fn forget_errors(&mut self, count: usize) {
        if self.errors.len() > count {
            self.errors.truncate(count);
            self.errors_from = 0..0;
        }
    }

    /// Hands over the errors: the first of each line, and not too many. Gives whether there is more than was looked at
    /// or said.
    fn report(mut self, diagnostics: &mut Diagnostics) -> bool {
        self.errors
            .sort_by_key(|diagnostic| diagnostic.primary.span.start);
        let mut reported = 0;
        let mut line = 0..0;
        for diagnostic in self.errors {
            let at = diagnostic.primary.span;
            if line.contains(&at.start) {
                continue;
            }
            let rest = self.text.get(at.start as usize..).unwrap_or("");
            let end = errors::end_of_foreign(&diagnostic, rest).or_else(|| rest.find('\n'));
            line = at.start..offset(at.start as usize + end.unwrap_or(rest.len()) + 1);
            if reported == super::MAXIMUM_ERRORS {
                diagnostics.push(errors::too_many_errors(at));
                return true;
            }
            reported += 1;
            diagnostics.push(diagnostic);
        }
        self.unread
    }

    // ---- places ----

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            file: self.file,
            start: offset(self.base + start),
            end: offset(self.base + end),
        }
    }

    fn span_of(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.span(span.start(), span.end())
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// How many lines end between two places: none, one, or more than one.
    fn line_breaks(&self, start: u32, end: u32) -> usize {
        let between = self.text.get(start as usize..end as usize).unwrap_or("");
        let breaks = between.bytes().filter(|&byte| byte == b'\n');
        breaks.take(2).count()
    }

    fn is_multiline(&self, span: Span) -> bool {
        self.slice(span).contains('\n')
    }

    /// The empty place directly after what is before this one.
    fn behind_blanks(&self, at: Span) -> Span {
        let before = self.text.get(..at.start as usize).unwrap_or("");
        let end = offset(before.trim_end_matches([' ', '\t']).len());
        Span {
            start: end,
            end,
            ..at
        }
    }

    /// How far a place is indented, if it is the first on its line.
    fn indentation(&self, at: u32) -> Option<usize> {
        let before = self.text.get(..at as usize).unwrap_or("").as_bytes();
        let blanks = before
            .iter()
            .rev()
            .take_while(|&&byte| byte == b' ' || byte == b'\t')
            .count();
        let previous = before.len().checked_sub(blanks + 1);
        match previous.and_then(|previous| before.get(previous)) {
            Some(b'\n') | None => Some(blanks),
            Some(_) => None,
        }
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn comment(pair: &Pair<'_, Rule>, span: Span, blank_line_before: bool) -> Comment {
    let text = pair.as_str().trim_end();
    Comment {
        text: text.to_owned(),
        blank_line_before,
        span: Span {
            end: span.start + offset(text.len()),
            ..span
        },
    }
}

fn missing(at: Span) -> Scalar {
    Scalar {
        kind: ScalarKind::Missing,
        span: at,
    }
}

/// The first character of a place, such as the bracket that opens it.
fn first(span: Span) -> Span {
    Span {
        end: span.end.min(span.start + 1),
        ..span
    }
}

/// The span without the blanks at its ends; `text` is what it covers.
fn trim(span: Span, text: &str) -> Span {
    const BLANKS: [char; 2] = [' ', '\t'];
    let start = text.len() - text.trim_start_matches(BLANKS).len();
    let end = text.len() - text.trim_end_matches(BLANKS).len();
    let start = span.start + offset(start);
    Span {
        start,
        end: (span.end - offset(end)).max(start),
        ..span
    }
}
