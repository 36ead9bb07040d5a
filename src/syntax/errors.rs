//! The wording of syntax errors: one function per mistake.

mod brackets;
mod foreign;
mod strings;
mod text;

pub(in crate::syntax) use brackets::*;
pub(in crate::syntax) use foreign::*;
pub(in crate::syntax) use strings::*;
pub(in crate::syntax) use text::*;

use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;

codes! {
    /// Text is where the language has no place for it.
    ///
    /// A statement is `key = value` or `word label… { … }`, one a line. Text that is neither a name (letters, digits,
    /// `_`, `-`, dots between) nor a literal (begins with a digit) is quoted: paths, patterns, names that begin with a
    /// digit, sentences.
    ///
    /// A value ends at the first blank. Quotes keep words together, and characters such as `@`, `/` at the begin, `(`
    /// or `*` out of the language.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = Database Team }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `foreign-syntax`, `missing-value` and `unclosed-string`.
    UNEXPECTED_TEXT = "unexpected-text";

    /// A value, a name or a condition is missing where one must stand.
    ///
    /// The value is on the line of its `=`: a line break ends a statement. For the default remove the whole line.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring =
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring = legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `misplaced-token` and `unexpected-text`.
    MISSING_VALUE = "missing-value";

    /// A `{` has no `}`, or a `[` no `]`, or a `(` no `)`.
    ///
    /// The message points at the bracket that was left open; where several may be meant, the indentation decides. A
    /// word that stands only at the top level, such as `cluster`, closes every open block if it begins a line, so that
    /// the rest of the file is still checked.
    ///
    /// Without the closing bracket everything below would belong to the list or block, so m1c says where it was opened
    /// and goes on where it probably ends.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   repositories { edb = [standard }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   repositories { edb = [standard] }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `stray-brace` and `unclosed-string`.
    UNCLOSED_BRACKET = "unclosed-bracket";

    /// A `}` closes nothing.
    ///
    /// It is one too many, or the `{` that it should close is missing; where the indentation tells which, the message
    /// points there.
    ///
    /// Braces are counted; one too many usually means that a block was closed too early above, and that the lines after
    /// it are in the wrong block.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-bracket` and `misplaced-token`.
    STRAY_BRACE = "stray-brace";

    /// A string has no closing quote on its line, or a long string none at all.
    ///
    /// A string ends on its line, so that a forgotten quote does not swallow the rest of the file. Text of several
    /// lines is written between lines of `"""`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `invalid-escape` and `long-string-layout`.
    UNCLOSED_STRING = "unclosed-string";

    /// A string has a `\` that begins no escape.
    ///
    /// The escapes are `\n`, `\t`, `\"`, `\\`, `\$` and `\u{…}` with one to six hexadecimal digits.
    ///
    /// A backslash begins an escape in every string. One that is text is written twice.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_wal_dir = "\data" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "CORP\\dba" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-string` and `invalid-reference`.
    INVALID_ESCAPE = "invalid-escape";

    /// A `$` is not followed by the name of a `param` or `let`.
    ///
    /// `$name` is one of this file, `$module.name` one of a used file; inside a string both are in `${…}`. A dollar
    /// sign that is text is written `\$`.
    ///
    /// Nothing is run and nothing is read from the environment while a source is compiled. What changes from run to run
    /// is a `param`: `m1c build --set owner=dba`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = $1 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "\$1" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-reference` and `invalid-escape`.
    INVALID_REFERENCE = "invalid-reference";

    /// Something is in the wrong place, or missing between two things: a `{` apart from its head, an `else` apart from its
    /// `}`, a comma between statements, two items of a list without a comma.
    ///
    /// A comma separates the items of a list; statements end with their line or with `;`. A brace belongs to the line
    /// of its statement, because a line break ends it.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///   network { cidr = 10.1.0.0/16, subnet_prefix = 28 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///   network { cidr = 10.1.0.0/16; subnet_prefix = 28 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `missing-value`, `stray-brace` and `foreign-syntax`.
    MISPLACED_TOKEN = "misplaced-token";

    /// Something is written as another language writes it.
    ///
    /// | there | here |
    /// |---|---|
    /// | `key: value`, `key := value` | `key = value` |
    /// | `'text'` | `"text"` |
    /// | `// comment`, `/* comment */` | `# comment` |
    /// | `- item` | `key = [item, item]` |
    /// | `&&`, `\|\|`, `!` | `and`, `or`, `not` |
    /// | `elif`, `elsif` | `else if` |
    ///
    /// There are no functions, operators or heredocs; text of several lines is written between lines of `"""`.
    ///
    /// The message says what it is in this language, and editors offer it as a fix.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring: legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring = legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unexpected-text` and `unknown-statement`.
    FOREIGN_SYNTAX = "foreign-syntax";

    /// `param` and `let` belong at the top level of a file.
    ///
    /// A name holds for the whole file, whatever the order. Inside a block it would look as if it held for that block
    /// alone.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   let nodes = 2
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// let nodes = 2
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $nodes }
    /// }
    /// ```
    ///
    /// See also `unknown-reference`.
    MISPLACED_BINDING = "misplaced-binding";

    /// A map holds `key = value` lines and nothing else.
    ///
    /// A map becomes a map of YAML, which has keys and values only. Statements with words and blocks are for the blocks
    /// of a cluster.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_conf_settings = { work_mem 64MB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_conf_settings = { work_mem = 64MB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-form` and `misplaced-token`.
    NOT_A_MAP_ENTRY = "not-a-map-entry";

    /// A long string is laid out wrongly.
    ///
    /// `"""`, a line break, the text, and `"""` alone on its line. The indentation of that last line is removed from
    /// every line.
    ///
    /// The last line decides which blanks belong to the text, so it has to be alone.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = """Database Team""" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-string`.
    LONG_STRING_LAYOUT = "long-string-layout";

    /// A character is in the source that nobody can see, or that makes the source look other than it is.
    ///
    /// Control characters and marks that turn the direction of text are not in a source, comments included; in a
    /// string they are written `\u{…}`. Lines end with a line feed, or a carriage return and a line feed.
    ///
    /// They come from text that was copied from a web page or a terminal, and can hide what a source does. Delete the
    /// blank or the word and type it again; `cat -A FILE` shows where they are.
    ///
    /// See also `not-utf8` and `unexpected-text`.
    CONTROL_CHARACTER = "control-character";

    /// Blocks, lists, maps and parentheses nest more than 64 deep.
    ///
    /// Nothing that TPA reads is nested so deep; usually a bracket is not closed. A long chain of `else if` can become
    /// one `if` for each value of a `param`.
    ///
    /// See also `unclosed-bracket` and `too-large`.
    NESTING_TOO_DEEP = "nesting-too-deep";

    /// There are more syntax errors than are shown.
    ///
    /// Fix the first ones, as the others often follow from them, and run m1c again. If all lines are wrong it is
    /// probably not an .m1 file.
    ///
    /// See also `too-many-mistakes`.
    TOO_MANY_ERRORS = "too-many-errors";
}

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
    .help("write `in [a, b]`, or `in $name` with a `param` or `let` that is a list")
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
