//! Strings: quotes, escapes, interpolations, layout.

use super::{INVALID_ESCAPE, INVALID_REFERENCE, LONG_STRING_LAYOUT, UNCLOSED_STRING, excerpt};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

pub(in crate::syntax) fn unclosed_string(at: Span, end: Span) -> Diagnostic {
    Diagnostic::error(
        &UNCLOSED_STRING,
        at,
        "this string has no closing `\"` on its line",
    )
    .label("begins here")
    .help("close it on the same line; text of several lines is written between lines of `\"\"\"`")
    .fix(Applicability::Suggested, end, "\"")
}

pub(in crate::syntax) fn unclosed_long_string(at: Span) -> Diagnostic {
    Diagnostic::error(&UNCLOSED_STRING, at, "this string has no closing `\"\"\"`")
        .label("begins here; nothing after it has been looked at")
        .help("put `\"\"\"` alone on the line after the text")
}

/// Characters directly after the closing quote.
pub(in crate::syntax) fn text_behind_string(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &super::UNEXPECTED_TEXT,
        at,
        format!("unexpected `{}` after a string", excerpt(text)),
    )
    .label("the string has ended")
    .help("a quote inside a string is written `\\\"`")
}

/// Characters directly after `$name`.
pub(in crate::syntax) fn text_behind_reference(at: Span, text: &str, whole: &str) -> Diagnostic {
    let reference = whole.strip_suffix(text).unwrap_or(whole);
    let name = reference.trim_start_matches('$');
    Diagnostic::error(
        &INVALID_REFERENCE,
        at,
        format!(
            "unexpected `{}` after `{}`",
            excerpt(text),
            excerpt(reference)
        ),
    )
    .label("the reference has ended")
    .help(format!(
        "a reference is `$name` or `$module.name`; inside text it is written `\"${{{}}}…\"`",
        excerpt(name)
    ))
}

pub(in crate::syntax) fn invalid_escape(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_ESCAPE,
        at,
        format!("`{}` is not an escape", excerpt(text)),
    )
    .label("unknown escape")
    .help("the escapes are `\\n`, `\\t`, `\\\"`, `\\\\`, `\\$` and `\\u{…}`; a backslash itself is `\\\\`")
}

pub(in crate::syntax) fn invalid_code_point(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_ESCAPE,
        at,
        format!("`{}` is not a Unicode character", excerpt(text)),
    )
    .label("not a character")
    .help("`\\u{…}` takes 0 to 10ffff, without the surrogates d800 to dfff")
}

/// A `$` outside a string.
pub(in crate::syntax) fn invalid_reference(at: Span, text: &str) -> Diagnostic {
    let name = text.trim_start_matches("${").trim_end_matches('}').trim();
    let diagnostic = Diagnostic::error(
        &INVALID_REFERENCE,
        at,
        format!("`{}` is not a reference", excerpt(text)),
    )
    .label("expected the name of a `param` or `let`");
    if text.starts_with("${") && !name.is_empty() {
        diagnostic
            .help(format!("braces are for strings only: write `${name}`"))
            .fix(Applicability::Suggested, at, format!("${name}"))
    } else {
        diagnostic.help("write `$name` or `$module.name`; text that begins with `$` is quoted")
    }
}

/// A `${` inside a string.
pub(in crate::syntax) fn invalid_interpolation(at: Span, text: &str) -> Diagnostic {
    let message = if text.ends_with('}') {
        format!("`{}` is not a reference", excerpt(text))
    } else {
        format!("`{}` has no `}}`", excerpt(text))
    };
    Diagnostic::error(&INVALID_REFERENCE, at, message)
        .label("expected the name of a `param` or `let`")
        .help("write `${name}` or `${module.name}`; a `${` that is text is written `\\${`")
}

pub(in crate::syntax) fn long_string_start(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "a long string begins on the line below its `\"\"\"`",
    )
    .label("expected a line break here")
    .help("text of one line is written between `\"` and `\"`")
}

pub(in crate::syntax) fn long_string_end(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "the closing `\"\"\"` of a long string is alone on its line",
    )
    .label("text before it")
    .help("move it to a line of its own")
}

pub(in crate::syntax) fn long_string_indentation(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "a line of this long string is not indented like its closing `\"\"\"`",
    )
    .label("too far to the left, or indented by other blanks")
    .help("begin every line with the blanks before the closing `\"\"\"`")
}
