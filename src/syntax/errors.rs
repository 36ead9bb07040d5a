//! The wording of syntax errors: one function per mistake.

use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;

codes! {
    /// Text stands where the language has no place for it.
    ///
    /// A statement is `key = value` or `word label… { … }`, one a line. Text that is neither a name (letters, digits,
    /// `_`, `-`, dots between) nor a literal (begins with a digit) is quoted: paths, patterns, names that begin with a
    /// digit, sentences.
    UNEXPECTED_TEXT = "unexpected-text";

    /// A value, a name or a condition is missing where one must stand.
    MISSING_VALUE = "missing-value";

    /// A `{` has no `}`, or a `[` no `]`, or a `(` no `)`.
    ///
    /// The message points at the bracket that was left open. A word that stands only at the top level, such as
    /// `cluster`, closes every open block, so that the rest of the file is still checked.
    UNCLOSED_BRACKET = "unclosed-bracket";

    /// A `}` closes nothing.
    STRAY_BRACE = "stray-brace";

    /// A string has no closing quote on its line, or a long string none at all.
    UNCLOSED_STRING = "unclosed-string";

    /// A string has a `\` that begins no escape.
    ///
    /// The escapes are `\n`, `\t`, `\"`, `\\`, `\$` and `\u{…}` with one to six hexadecimal digits.
    INVALID_ESCAPE = "invalid-escape";

    /// A `$` is not followed by the name of a `param` or `let`.
    ///
    /// `$name` is one of this file, `$module.name` one of a used file; inside a string both stand in `${…}`. A dollar
    /// sign that is text is written `\$`.
    INVALID_REFERENCE = "invalid-reference";

    /// Something is in the wrong place on the line: a `{` apart from its head, an `else` apart from its `}`, a comma
    /// between statements, two items of a list without a comma.
    MISPLACED_TOKEN = "misplaced-token";

    /// `param` and `let` stand at the top level of a file only.
    MISPLACED_BINDING = "misplaced-binding";

    /// A map holds `key = value` lines and nothing else.
    NOT_A_MAP_ENTRY = "not-a-map-entry";

    /// A long string is laid out wrongly.
    ///
    /// `"""`, a line break, the text, and `"""` alone on its line. The indentation of that last line is removed from
    /// every line.
    LONG_STRING_LAYOUT = "long-string-layout";

    /// A control character stands in the source.
    CONTROL_CHARACTER = "control-character";

    /// Blocks, lists, maps and parentheses nest more than 64 deep.
    NESTING_TOO_DEEP = "nesting-too-deep";

    /// There are more syntax errors than are shown.
    TOO_MANY_ERRORS = "too-many-errors";
}

/// Text behind a complete statement, or a line that is none.
pub(super) fn unexpected_text(at: Span, text: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("unexpected `{}`", excerpt(text)),
    );
    match text.chars().next() {
        Some(']' | ')') => diagnostic
            .label("closes nothing")
            .help("remove it, or open it before"),
        Some('=') => diagnostic
            .label("a value needs one key before its `=`")
            .help("write `key = value` on a line of its own; a key with blanks is quoted"),
        Some('\'') => diagnostic
            .label("single quotes are not used")
            .help("text stands in double quotes"),
        Some('{') => diagnostic
            .label("this block belongs to nothing")
            .help("write the statement's word before it: `word { … }`"),
        _ => diagnostic
            .label("not expected here")
            .help("a statement ends with its line; text that is neither name nor number is quoted: `\"…\"`"),
    }
}

/// Characters that follow a name or literal directly: together they are text without quotes.
pub(super) fn unquoted_text(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("`{}` must be quoted", excerpt(text)),
    )
    .label("neither a name nor a number")
    .help(format!("write `\"{}\"`", excerpt(text)))
    .fix(
        Applicability::Safe,
        at,
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    )
}

/// `key: value`, as in YAML.
pub(super) fn yaml_attribute(at: Span, key: &str, value: &str) -> Diagnostic {
    let colon = Span {
        end: at.start + 1,
        ..at
    };
    let diagnostic = Diagnostic::error(
        &UNEXPECTED_TEXT,
        colon,
        format!("`{}` is followed by `:`", excerpt(key)),
    )
    .label("a value stands behind `=`");
    if value.is_empty() {
        diagnostic.help(format!("write `{0} = …`, or `{0} {{ … }}`", excerpt(key)))
    } else {
        diagnostic.help(format!("write `{} = {}`", excerpt(key), excerpt(value)))
    }
    .fix(Applicability::Suggested, colon, " =")
}

pub(super) fn missing_value(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        &MISSING_VALUE,
        at,
        format!("`{}` has no value", excerpt(key)),
    )
    .label("expected a value on this line")
    .help("write the value behind the `=`, on the same line")
}

pub(super) fn missing_type(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{name}` has no type behind its `:`"))
        .label("expected a type")
        .help("a type is `text`, `integer`, `decimal`, `boolean`, `list`, `map`, or a list of the values that are allowed")
}

pub(super) fn missing_condition(at: Span) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, "the condition is not complete")
        .label("expected a name, a value or a `$reference`")
        .help("write for instance `if $stage == production { … }`")
}

pub(super) fn missing_block(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(&MISSING_VALUE, at, format!("`{word}` has no block"))
        .label("expected `{` on this line")
        .help(format!(
            "write `{word} … {{` on one line, then the statements, then `}}`"
        ))
}

pub(super) fn unclosed_block(at: Span, closed_by: Option<Span>, head: &str) -> Diagnostic {
    let message = if head.is_empty() {
        "this `{` is never closed".to_owned()
    } else {
        format!("the block of `{}` is never closed", excerpt(head))
    };
    let diagnostic = Diagnostic::error(&UNCLOSED_BRACKET, at, message)
        .label("opened here")
        .help("add a `}` on a line of its own behind the last statement of the block");
    match closed_by {
        Some(brace) => diagnostic.related(
            brace,
            "by its indentation this `}` belongs to an outer block",
        ),
        None => diagnostic,
    }
}

pub(super) fn unclosed_list(at: Span, end: Span) -> Diagnostic {
    Diagnostic::error(&UNCLOSED_BRACKET, at, "this `[` is never closed")
        .label("opened here")
        .related(end, "the list would have to end here")
        .help("add a `]` behind the last item")
        .fix(Applicability::Suggested, end.after(), "]")
}

pub(super) fn unclosed_parenthesis(at: Span) -> Diagnostic {
    Diagnostic::error(&UNCLOSED_BRACKET, at, "this `(` is never closed")
        .label("opened here")
        .help("add a `)` on the same line")
}

pub(super) fn stray_brace(at: Span) -> Diagnostic {
    Diagnostic::error(&STRAY_BRACE, at, "this `}` closes nothing")
        .label("no block is open here")
        .help("remove it, or add the `{` that it should close")
}

pub(super) fn unclosed_string(at: Span, end: Span, long: bool) -> Diagnostic {
    let quote = if long { "\"\"\"" } else { "\"" };
    let diagnostic = Diagnostic::error(
        &UNCLOSED_STRING,
        at,
        format!("this string has no closing `{quote}`"),
    )
    .label("begins here");
    if long {
        diagnostic.help("put `\"\"\"` alone on the line behind the text")
    } else {
        diagnostic
            .help("close it on the same line; text of several lines stands between `\"\"\"` lines")
            .fix(Applicability::Suggested, end, "\"")
    }
}

pub(super) fn invalid_escape(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_ESCAPE,
        at,
        format!("`{}` is no escape", excerpt(text)),
    )
    .label("unknown escape")
    .help("the escapes are `\\n`, `\\t`, `\\\"`, `\\\\`, `\\$` and `\\u{…}`; a backslash itself is `\\\\`")
}

pub(super) fn invalid_code_point(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_ESCAPE,
        at,
        format!("`{}` is no Unicode character", excerpt(text)),
    )
    .label("not a character")
    .help("`\\u{…}` takes 0 to 10ffff, without the surrogates d800 to dfff")
}

pub(super) fn invalid_reference(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_REFERENCE,
        at,
        format!("`{}` is no reference", excerpt(text)),
    )
    .label("expected the name of a `param` or `let`")
    .help("write `$name` or `$module.name`, in a string `${name}`; a dollar sign that is text is `\\$` in a string")
}

pub(super) fn block_apart_from_head(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "`{` stands on the line of its head")
        .label("a line of its own")
        .help("move it to the end of the line above")
}

pub(super) fn else_apart_from_brace(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "`else` stands on the line of the `}` before it",
    )
    .label("no `if` ends on this line")
    .help("write `} else {` on one line")
}

pub(super) fn block_behind_value(at: Span, key: &str, value: &str) -> Diagnostic {
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

pub(super) fn comma_between_statements(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "statements are separated by a line break or `;`, not by a comma",
    )
    .label("a comma")
    .help("write `;`")
    .fix(Applicability::Safe, at, ";")
}

pub(super) fn comma_without_item(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "this comma follows no item")
        .label("nothing before it")
        .help("remove it")
        .fix(Applicability::Safe, at, "")
}

pub(super) fn missing_comma(at: Span) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_TOKEN,
        at,
        "items of a list are separated by a comma or a line break",
    )
    .label("expected a comma here")
    .help("write `,` between the items; text with blanks is quoted")
    .fix(Applicability::Suggested, at, ",")
}

pub(super) fn single_equals(at: Span) -> Diagnostic {
    Diagnostic::error(&MISPLACED_TOKEN, at, "a condition compares with `==`")
        .label("`=` sets a value")
        .help("write `==`")
        .fix(Applicability::Safe, at, "==")
}

pub(super) fn misplaced_binding(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &MISPLACED_BINDING,
        at,
        format!("`{word}` stands at the top level of a file only"),
    )
    .label("inside a block")
    .help("move it out of all blocks; the order of definitions does not matter")
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

pub(super) fn not_a_map_entry(at: Span) -> Diagnostic {
    Diagnostic::error(&NOT_A_MAP_ENTRY, at, "a map holds `key = value` lines only")
        .label("expected `key = value`")
        .help("write the `=`; a map inside a map is `key = { … }`")
}

pub(super) fn long_string_start(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "a long string begins on the line below its `\"\"\"`",
    )
    .label("expected a line break here")
    .help("text of one line stands between `\"` and `\"`")
}

pub(super) fn long_string_end(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "the closing `\"\"\"` of a long string stands alone on its line",
    )
    .label("text before it")
    .help("move it to a line of its own")
}

pub(super) fn long_string_indentation(at: Span) -> Diagnostic {
    Diagnostic::error(
        &LONG_STRING_LAYOUT,
        at,
        "a line of this long string is indented less than its closing `\"\"\"`",
    )
    .label("too far to the left")
    .help("indent every line at least as far as the closing `\"\"\"`")
}

pub(super) fn control_character(at: Span, character: char) -> Diagnostic {
    Diagnostic::error(
        &CONTROL_CHARACTER,
        at,
        format!(
            "control character U+{:04X} in the source",
            u32::from(character)
        ),
    )
    .label("cannot be seen")
    .help("remove it; in a string write it as `\\u{…}`")
}

pub(super) fn nesting_too_deep(at: Span) -> Diagnostic {
    Diagnostic::error(
        &NESTING_TOO_DEEP,
        at,
        format!("nested more than {} deep", super::MAXIMUM_DEPTH),
    )
    .label("one level too many")
    .help("blocks, lists, maps and parentheses nest at most 64 deep")
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
    .help("mend the first ones; is this an .m1 file?")
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
