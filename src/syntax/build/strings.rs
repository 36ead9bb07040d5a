//! Strings: escapes, interpolations, and the layout of long strings.

use pest::iterators::Pair;

use super::values::reference;
use super::{Builder, Rule};
use crate::source::Span;
use crate::syntax::errors;
use crate::syntax::tree::{Part, ScalarKind, Text};

/// The text of a long string while its indentation is removed.
struct Dedent<'i> {
    indentation: &'i str,
    at_line_start: bool,
    raw: String,
    parts: Vec<Part>,
}

impl Builder<'_> {
    /// A string of one line that has escapes or interpolations.
    pub(super) fn rich_text(&mut self, pair: Pair<'_, Rule>) -> ScalarKind {
        let mut parts = Vec::new();
        let mut raw = String::new();
        for piece in pair.into_inner() {
            raw.push_str(piece.as_str());
            if piece.as_rule() == Rule::characters {
                push_text(&mut parts, piece.as_str());
            } else {
                let at = self.span_of(&piece);
                self.piece(&piece, at, &mut parts);
            }
        }
        ScalarKind::Text(Text {
            raw,
            long: false,
            parts,
        })
    }

    /// `"""`, a line break, the text, and `"""` alone on its line, whose indentation is removed from every line.
    pub(super) fn long_text(&mut self, pair: Pair<'_, Rule>, span: Span) -> ScalarKind {
        const QUOTES: usize = 3;
        let pieces: Vec<Pair<'_, Rule>> = pair.into_inner().collect();
        let closed = pieces
            .last()
            .is_none_or(|piece| piece.as_rule() != Rule::missing_quote);
        let source = self.slice(span);
        let quotes_end = if closed { QUOTES } else { 0 };
        let content = source
            .get(QUOTES..source.len().saturating_sub(quotes_end))
            .unwrap_or("");
        let open = Span {
            end: span.start + 3,
            ..span
        };
        if !closed {
            self.error(errors::unclosed_long_string(open));
            self.unread = true;
            return ScalarKind::Missing;
        }
        let first_line = content.split('\n').next().unwrap_or("");
        if !content.contains('\n') || !first_line.trim().is_empty() {
            self.error(errors::long_string_start(open.after()));
            return ScalarKind::Missing;
        }
        let indentation = content.rsplit('\n').next().unwrap_or("");
        if !indentation.trim().is_empty() {
            let close = Span {
                start: span.end - 3,
                ..span
            };
            self.error(errors::long_string_end(close));
            return ScalarKind::Missing;
        }
        let mut dedent = Dedent {
            indentation,
            at_line_start: false,
            raw: String::new(),
            parts: Vec::new(),
        };
        let last_line = span.end - 3 - u32::try_from(indentation.len()).unwrap_or(0);
        let text_start = span.start + 3 + u32::try_from(first_line.len() + 1).unwrap_or(0);
        for piece in pieces {
            let at = self.span_of(&piece);
            if piece.as_rule() == Rule::long_characters {
                // The first line break and the last line do not belong to the text.
                let kept = Span {
                    start: at.start.max(text_start),
                    end: at.end.min(last_line),
                    ..at
                };
                dedent.at_line_start |= kept.start == text_start;
                if kept.start < kept.end {
                    self.dedent(kept, &mut dedent);
                }
            } else {
                if dedent.at_line_start && !dedent.indentation.is_empty() {
                    self.error(errors::long_string_indentation(at));
                }
                dedent.at_line_start = false;
                dedent.raw.push_str(piece.as_str());
                self.piece(&piece, at, &mut dedent.parts);
            }
        }
        strip_last_line_break(&mut dedent);
        ScalarKind::Text(Text {
            raw: dedent.raw,
            long: true,
            parts: dedent.parts,
        })
    }

    /// Adds characters of a long string, without the indentation of its lines; CRLF becomes LF.
    fn dedent(&mut self, at: Span, dedent: &mut Dedent<'_>) {
        let mut start = at.start;
        for line in self.slice(at).split_inclusive('\n') {
            let length = u32::try_from(line.len()).unwrap_or(0);
            let (text, ending) = match line.strip_suffix("\r\n").or(line.strip_suffix('\n')) {
                Some(text) => (text, "\n"),
                None => (line, ""),
            };
            let mut kept = text;
            if dedent.at_line_start {
                match text.strip_prefix(dedent.indentation) {
                    Some(rest) => kept = rest,
                    None if text.trim().is_empty() && !ending.is_empty() => kept = "",
                    None => {
                        let end = start + u32::try_from(text.len()).unwrap_or(0);
                        self.error(errors::long_string_indentation(Span { start, end, ..at }));
                    }
                }
            }
            dedent.raw.push_str(kept);
            dedent.raw.push_str(ending);
            push_text(&mut dedent.parts, kept);
            push_text(&mut dedent.parts, ending);
            dedent.at_line_start = !ending.is_empty();
            start += length;
        }
    }

    /// An escape or an interpolation.
    fn piece(&mut self, piece: &Pair<'_, Rule>, at: Span, parts: &mut Vec<Part>) {
        let text = piece.as_str();
        match piece.as_rule() {
            Rule::escape => match unescape(text) {
                Some(character) => push_text(parts, character.encode_utf8(&mut [0; 4])),
                None => self.error(errors::invalid_code_point(at, text)),
            },
            Rule::interpolation => parts.push(Part::Reference(reference(text, 2, at))),
            Rule::broken_escape => self.error(errors::invalid_escape(at, text)),
            _ => self.error(errors::invalid_interpolation(at, text)),
        }
    }
}

fn unescape(escape: &str) -> Option<char> {
    match escape.strip_prefix('\\')? {
        "n" => Some('\n'),
        "t" => Some('\t'),
        other => match other.strip_prefix("u{") {
            Some(digits) => {
                let number = u32::from_str_radix(digits.strip_suffix('}')?, 16).ok()?;
                char::from_u32(number)
            }
            None => other.chars().next(),
        },
    }
}

/// The parts of a text without escapes and interpolations.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    push_text(&mut parts, text);
    parts
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        Some(Part::Reference(_)) | None => parts.push(Part::Text(text.to_owned())),
    }
}

/// The line break before the closing quotes does not belong to the text.
fn strip_last_line_break(dedent: &mut Dedent<'_>) {
    if dedent.raw.ends_with('\n') {
        dedent.raw.pop();
        if let Some(Part::Text(last)) = dedent.parts.last_mut() {
            last.pop();
            if last.is_empty() {
                dedent.parts.pop();
            }
        }
    }
}
