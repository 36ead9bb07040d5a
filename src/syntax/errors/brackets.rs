//! Brackets and braces: missing, superfluous, apart from what they belong to.

use super::{MISPLACED_TOKEN, STRAY_BRACE, UNCLOSED_BRACKET, excerpt};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

pub(in crate::syntax) fn unclosed_block(
    at: Span,
    closed_by: Option<Span>,
    head: &str,
) -> Diagnostic {
    let message = if head.trim().is_empty() {
        "this `{` is never closed".to_owned()
    } else {
        format!("the block of `{}` is never closed", excerpt(head))
    };
    let diagnostic = Diagnostic::error(&UNCLOSED_BRACKET, at, message)
        .label("opened here")
        .help("add a `}` on a line of its own after the last statement of the block");
    match closed_by {
        Some(brace) => diagnostic.related(
            brace,
            "by its indentation this `}` belongs to an outer block",
        ),
        None => diagnostic,
    }
}

pub(in crate::syntax) fn unclosed_list(at: Span, end: Span) -> Diagnostic {
    Diagnostic::error(&UNCLOSED_BRACKET, at, "this `[` is never closed")
        .label("opened here")
        .related(end, "the list seems to end here")
        .help("add a `]` after the last item")
        .fix(Applicability::Suggested, end, "]")
}

pub(in crate::syntax) fn unclosed_parenthesis(at: Span) -> Diagnostic {
    Diagnostic::error(&UNCLOSED_BRACKET, at, "this `(` is never closed")
        .label("opened here")
        .help("add a `)` on the same line")
}

/// A `}` too many; `early` is one that has closed its block too soon.
pub(in crate::syntax) fn stray_brace(at: Span, early: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(&STRAY_BRACE, at, "this `}` closes nothing")
        .label("no block is open here");
    match early {
        Some(early) => diagnostic
            .related(
                early,
                "by its indentation this `}` was not meant for the block that it closes",
            )
            .help("remove the `}` that is too many, or add the `{` that it should close"),
        None => diagnostic.help("remove it, or add the `{` that it should close"),
    }
}

/// A statement without a `{`, that a `}` below seems to be meant for.
pub(in crate::syntax) fn missing_open_brace(at: Span, head: &str, close: Span) -> Diagnostic {
    Diagnostic::error(
        &STRAY_BRACE,
        at.after(),
        format!("`{}` has no `{{`", excerpt(head)),
    )
    .label("expected `{`")
    .related(close, "by its indentation this `}` should close its block")
    .help(format!("write `{} {{`", excerpt(head)))
    .fix(Applicability::Suggested, at.after(), " {")
}

/// A block that no statement is before.
pub(in crate::syntax) fn lone_block(at: Span) -> Diagnostic {
    super::unexpected_text(at, "{")
}

pub(in crate::syntax) fn block_apart_from_head(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "this `{` is not on the line of its statement",
    )
    .label("on a line of its own")
    .help("move it to the end of the line above")
}

pub(in crate::syntax) fn else_apart_from_brace(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        format!("`{word}` is not on the line of the `}}` before it"),
    )
    .label("no `if` ends on this line")
    .help("write `} else {` on one line")
}

pub(in crate::syntax) fn block_behind_value(at: Span, key: &str, value: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        format!("`{}` has both a value and a block", excerpt(key)),
    )
    .label("a value ends with its line")
    .help(format!(
        "a statement with a block has no `=`: write `{} {} {{ … }}`",
        excerpt(key),
        excerpt(value)
    ))
}
