//! What is right in another language: YAML, JSON, HCL, Python, C.

use super::{FOREIGN_SYNTAX, excerpt};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

/// `key: value`, `key := value`, `key == value`, `key => value`.
pub(in crate::syntax) fn wrong_equals(
    at: Span,
    key: &str,
    operator: &str,
    value: &str,
    one_word: bool,
) -> Diagnostic {
    let key = excerpt(key);
    let diagnostic = Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("`{key}` is followed by `{operator}`"),
    )
    .label("expected `=`");
    if value.is_empty() {
        diagnostic.help(format!("write `{key} = value`, or `{key} {{ … }}`"))
    } else if operator == ":" && key.starts_with('"') {
        let diagnostic = diagnostic.help(format!("write `{key} = {}`", excerpt(value)));
        if one_word {
            diagnostic.fix(Applicability::Suggested, at, " =")
        } else {
            diagnostic
        }
    } else if operator == ":" {
        let value = excerpt(value);
        let diagnostic = diagnostic.help(format!(
            "write `{key} = {value}` if it is a setting, `{key} {value}` if it is a statement without `=`"
        ));
        if one_word {
            diagnostic.fix(Applicability::Suggested, at, " =")
        } else {
            diagnostic
        }
    } else {
        diagnostic
            .help(format!("write `{key} = {}`", excerpt(value)))
            .fix(Applicability::Suggested, at, "=")
    }
}

/// `// comment` or `/* comment */`.
pub(in crate::syntax) fn foreign_comment(at: Span, text: &str) -> Diagnostic {
    let mark = Span {
        end: at.start + 2,
        ..at
    };
    let block = text.starts_with("/*");
    let diagnostic = Diagnostic::error(&FOREIGN_SYNTAX, mark, "a comment begins with `#`")
        .label("begins no comment");
    if block {
        diagnostic.help("write `#` at the start of every line of the comment")
    } else {
        diagnostic
            .help("write `#`")
            .fix(Applicability::Safe, mark, "#")
    }
}

/// Whether a diagnostic is about a `/*`, after which nothing is meant until the `*/`.
pub(in crate::syntax) fn is_block_comment(diagnostic: &Diagnostic, text: &str) -> bool {
    let at = diagnostic.primary.span.start as usize;
    diagnostic.code == &FOREIGN_SYNTAX && text.get(at..).is_some_and(|rest| rest.starts_with("/*"))
}

/// `- item`, as in YAML.
pub(in crate::syntax) fn list_item(at: Span) -> Diagnostic {
    Diagnostic::error(&FOREIGN_SYNTAX, at, "a list is not written with `-`")
        .label("begins no statement")
        .help("write `key = [item, item]`, or an item a line between `[` and `]`")
}

/// `elif` or `elsif`.
pub(in crate::syntax) fn joined_else_if(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("`{word}` is written `else if`"),
    )
    .label("expected `else if`")
    .help("write `else if`")
    .fix(Applicability::Safe, at, "else if")
}

/// `&&`, `||` or `!` in a condition.
pub(in crate::syntax) fn symbol(at: Span, symbol: &str) -> Diagnostic {
    let (word, replacement) = match symbol {
        "&&" => ("and", "and"),
        "||" => ("or", "or"),
        _ => ("not", "not "),
    };
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("`{symbol}` is written `{word}`"),
    )
    .label(format!("expected `{word}`"))
    .help(format!("write `{word}`"))
    .fix(Applicability::Suggested, at, replacement)
}
