//! The wording of syntax errors: one function per mistake.

mod brackets;
mod foreign;
mod pages;
mod strings;
mod text;

pub(in crate::syntax) use brackets::*;
pub(in crate::syntax) use foreign::*;
pub(in crate::syntax) use strings::*;
pub(in crate::syntax) use text::*;

use crate::diagnostic::{Applicability, Code, Diagnostic};
use crate::source::Span;
pub use pages::CODES;
use pages::{
    CONTROL_CHARACTER, FOREIGN_SYNTAX, INVALID_ESCAPE, INVALID_REFERENCE, LONG_STRING_LAYOUT,
    MISPLACED_BINDING, MISPLACED_TOKEN, MISSING_VALUE, NESTING_TOO_DEEP, NOT_A_MAP_ENTRY,
    STRAY_BRACE, TOO_MANY_ERRORS, UNCLOSED_BRACKET, UNCLOSED_STRING, UNEXPECTED_TEXT,
};

/// What is known of the form of a statement alone: it gives way to who knows the statement.
pub static OF_FORM: &[&Code] = &[&FOREIGN_SYNTAX, &UNEXPECTED_TEXT];

pub(super) fn missing_value(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        &MISSING_VALUE,
        at,
        format!("`{}` has no value", excerpt(key)),
    )
    .label("expected a value on this line")
    .help("write the value after the `=`, on the same line")
}

pub(super) fn value_below(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        format!(
            "the value of `{}` is not on the line of its `=`",
            excerpt(key)
        ),
    )
    .label("on a line of its own")
    .help("move it to the end of the line above")
}

pub(super) fn missing_name(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{word}` has no name"))
        .label("expected a name")
        .help(format!("write `{word} name = value`"))
}

pub(super) fn missing_type(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{name}` has no type after its `:`"))
        .label("expected a type")
        .help("a type is `text`, `integer`, `decimal`, `boolean`, `list`, `map`, or a list of the values that are allowed")
}

pub(super) fn missing_condition(at: Span) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, "the condition is not complete")
        .label("expected a name, a value or a `$reference`")
        .help("for example, write `if $stage == production { … }`")
}

pub(super) fn not_a_list(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("`{}` is not a list", excerpt(text)),
    )
    .label("expected a list after `in`")
    .help(format!(
        "write `[{}]`, or `$name` with a `param` or `let` that is a list",
        excerpt(text)
    ))
}

pub(super) fn missing_block(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{word}` has no block"))
        .label("expected `{` on this line")
        .help(format!(
            "write `{word} … {{` on one line, then the statements, then `}}`"
        ))
}

pub(super) fn binding_without_value(at: Span, word: &str, name: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{word} {name}` has no value"))
        .label("expected `=` and a value")
        .help(if word == "param" {
            format!(
                "write `param {name} = default`, or `param {name}: text` for one that must be given"
            )
        } else {
            format!("write `let {name} = value`")
        })
}

pub(super) fn type_of_let(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(&UNEXPECTED_TEXT, at, "a `let` has no type")
        .label("only a `param` has one")
        .help(format!("write `let {name} = value`"))
}

pub(super) fn misplaced_binding(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_BINDING,
        at,
        format!("`{word}` belongs at the top level of a file"),
    )
    .label("inside a block")
    .help("move it out of all blocks; the order of definitions does not matter")
}

pub(super) fn not_a_map_entry(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &NOT_A_MAP_ENTRY,
        at,
        format!("`{}` is not `key = value`", excerpt(text)),
    )
    .label("a map holds `key = value` lines only")
    .help("write `key = value`; a map inside a map is `key = { … }`")
}

/// A comma with a statement after it.
pub(super) fn comma_between_statements(at: Span) -> Diagnostic {
    comma(at)
        .help("write `;`; several values of a key are a list: `[a, b]`")
        .fix(Applicability::Suggested, at, ";")
}

/// A comma with `key =` after it.
pub(super) fn comma_between_attributes(at: Span) -> Diagnostic {
    comma(at)
        .help("write `;` or begin a new line")
        .fix(Applicability::Safe, at, ";")
}

fn comma(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "statements, and entries of a map, are separated by a line break or `;`, not by a comma",
    )
    .label("expected `;`")
}

/// A comma at the end of a line.
pub(super) fn comma_behind_statement(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "a statement ends without a comma")
        .label("not expected here")
        .help("remove it")
        .fix(Applicability::Safe, at, "")
}

/// A statement after the `}` of another one.
pub(super) fn missing_end(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "statements are separated by a line break or `;`",
    )
    .label("expected `;` before this")
    .help("begin a new line, or write `;`")
    .fix(Applicability::Suggested, at, "; ")
}

pub(super) fn comma_without_item(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "this comma follows no item")
        .label("nothing before it")
        .help("remove it")
        .fix(Applicability::Safe, at, "")
}

pub(super) fn missing_comma(at: Span, item: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "items of a list are separated by a comma or a line break",
    )
    .label(format!("expected a comma before `{}`", excerpt(item)))
    .help("write `,` between the items; text with blanks is quoted")
    .fix(Applicability::Suggested, at, ", ")
}

pub(super) fn semicolon_in_list(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "items of a list are separated by a comma or a line break, not by `;`",
    )
    .label("expected a comma")
    .help("write `,`")
    .fix(Applicability::Safe, at, ",")
}

pub(super) fn single_equals(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "a condition compares with `==`")
        .label("`=` sets a value")
        .help("write `==`")
        .fix(Applicability::Safe, at, "==")
}

pub(super) fn control_character(at: Span, character: char) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &CONTROL_CHARACTER,
        at,
        format!(
            "the character U+{:04X} cannot be seen",
            u32::from(character)
        ),
    );
    match character {
        '\r' => diagnostic
            .label("a carriage return without a line feed")
            .help("end lines with a line feed, or with a carriage return and a line feed"),
        '\u{FEFF}' => diagnostic
            .label("a byte order mark")
            .help("remove it; it is allowed at the start of a file only"),
        _ if character.is_control() => diagnostic
            .label("a control character")
            .help("remove it; in a string write it as `\\u{…}`"),
        _ => diagnostic
            .label("turns the direction of the text")
            .help("remove it; in a string write it as `\\u{…}`"),
    }
}

pub(super) fn nesting_too_deep(at: Span) -> Diagnostic {
    Diagnostic::error(
        &NESTING_TOO_DEEP,
        at,
        format!("nested more than {} deep", super::MAXIMUM_DEPTH),
    )
    .label("one level too many; nothing after it has been looked at")
    .help("blocks, lists, maps, parentheses and chains of `else if` nest at most 64 deep")
}

pub(super) fn too_many_errors(at: Span) -> Diagnostic {
    Diagnostic::error(
        &TOO_MANY_ERRORS,
        at,
        format!(
            "more than {} syntax errors, the rest is not shown",
            super::MAXIMUM_ERRORS
        ),
    )
    .label("the first that is not shown")
    .help("fix the first ones; is this an .m1 file?")
}

/// Text that is short enough for a message.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let text = text.trim();
    let mut excerpt: String = text
        .chars()
        .take(LONGEST)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        excerpt.push('…');
    }
    excerpt
}
