//! What is right in another language: YAML, JSON, HCL, Python, C.

use super::text::is_without_equals;
use super::{FOREIGN_SYNTAX, excerpt};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

/// `key: value`, `key := value`, `key == value`, `key => value`.
pub(in crate::syntax) fn wrong_equals(
    at: Span,
    key: &str,
    operator: &str,
    value: &str,
    (one_word, has_block): (bool, bool),
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
    } else if operator == ":" && is_without_equals(&key) {
        let body = if has_block { " { … }" } else { "" };
        let diagnostic = diagnostic
            .label("nothing is between the words")
            .help(format!("write `{key} {}{body}`", excerpt(value)));
        if one_word {
            diagnostic.fix(Applicability::Suggested, at, "")
        } else {
            diagnostic
        }
    } else if operator == ":" {
        let diagnostic = diagnostic.help(format!("write `{key} = {}`", excerpt(value)));
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

/// `0,5` for `0.5`.
pub(in crate::syntax) fn decimal_comma(at: Span, number: &str) -> Diagnostic {
    let right = number.replacen(',', ".", 1);
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("`{}` has a comma in a number", excerpt(number)),
    )
    .label("a decimal point is expected")
    .help(format!(
        "write `{right}`; several values are a list: `[a, b]`"
    ))
    .fix(Applicability::Suggested, at, right)
}

/// `for i in [1, 2, 3] { … }`.
pub(in crate::syntax) fn repetition(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("there is no `{word}`: nothing is repeated"),
    )
    .label("a word of another language")
    .help("in a location write `data 3` for three machines that are alike; other statements are written once for each")
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

/// Where that ends which a diagnostic is about and in which nothing is meant: a `/* … */`, or the lines after `<<EOF`.
pub(in crate::syntax) fn end_of_foreign(diagnostic: &Diagnostic, rest: &str) -> Option<usize> {
    if diagnostic.code != &FOREIGN_SYNTAX {
        return None;
    }
    if rest.starts_with("/*") {
        return rest.find("*/");
    }
    end_of_here_document(rest)
}

/// Where the line begins that ends a `<<EOF`.
pub(in crate::syntax) fn end_of_here_document(rest: &str) -> Option<usize> {
    let first = rest.strip_prefix("<<")?.lines().next()?;
    let word = here_word(first);
    let mut start = 0;
    for line in rest.split_inclusive('\n') {
        if start > 0 && line.trim() == word {
            return Some(start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// `EOF` in `<<-'EOF'`.
fn here_word(text: &str) -> &str {
    text.trim().trim_matches(['<', '-', '~', '\'', '"'])
}

/// Whether other languages begin an assignment with this word.
pub(in crate::syntax) fn declares_elsewhere(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "set" | "alter" | "export" | "declare" | "local" | "var" | "const" | "env" | "val"
    )
}

/// `SET max_connections = 200;` or `export STAGE=prod`.
pub(in crate::syntax) fn words_before_key(
    at: Span,
    whole: Span,
    words: &str,
    (key, assignment): (&str, &str),
) -> Diagnostic {
    let value = assignment.trim_start_matches('=').trim();
    let value = value.trim_end_matches(';').trim_end();
    let diagnostic = Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!(
            "nothing is written before the key of a setting, as `{}` is",
            excerpt(words)
        ),
    )
    .label("of SQL or of a shell");
    if !is_of_sql(words) {
        return diagnostic.help(format!(
            "write `let {} = {}` at the top of the file",
            excerpt(key),
            excerpt(value)
        ));
    }
    let text = value.trim_matches('\'');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let value = if text.chars().all(is_plain) || text.len() == value.len() {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    };
    let statement = format!("{key} = {value}");
    diagnostic
        .help(format!("write `{}`", excerpt(&statement)))
        .fix(Applicability::Suggested, whole, statement)
}

fn is_of_sql(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    first.eq_ignore_ascii_case("set") || first.eq_ignore_ascii_case("alter")
}

/// `{{ name }}`, as Ansible writes templates.
pub(in crate::syntax) fn template(at: Span, text: &str) -> Diagnostic {
    let quoted = format!("\"{}\"", text.replace('"', "\\\""));
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        "a template of Ansible is text, and is quoted",
    )
    .label("in braces only")
    .help(format!("write `{}`", excerpt(&quoted)))
    .fix(Applicability::Suggested, at, quoted)
}

/// `(a, b)` where a value stands.
pub(in crate::syntax) fn list_in_parentheses(at: Span, line: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        "a list is written in brackets, not in parentheses",
    )
    .label("expected `[`");
    match line.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((items, _)) => diagnostic.help(format!("write `[{}]`", excerpt(items))),
        None => diagnostic.help("write `[a, b]`"),
    }
}

/// `<<EOF`, as shells and Terraform begin text of several lines.
pub(in crate::syntax) fn here_document(at: Span, text: &str) -> Diagnostic {
    let end = here_word(text);
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        "text of several lines is between `\"\"\"`, not after `<<`",
    )
    .label("expected `\"\"\"`")
    .help(format!(
        "write `\"\"\"` here, and `\"\"\"` on a line of its own in place of `{}`",
        excerpt(end)
    ))
}

/// `env("USER")`, or another function.
pub(in crate::syntax) fn function_call(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!("there are no functions: `{}` is one elsewhere", excerpt(name)),
    )
    .label("not a function")
    .help("write `$name`, with `param name = …` at the top of the file; `--set name=…` gives another value from outside")
}

/// `100 + 100`.
pub(in crate::syntax) fn arithmetic(at: Span, text: &str, result: i64) -> Diagnostic {
    Diagnostic::error(
        &FOREIGN_SYNTAX,
        at,
        format!(
            "`{}` is not calculated: there is no arithmetic",
            excerpt(text)
        ),
    )
    .label("a value is written, not calculated")
    .help(format!("write the result, `{result}`"))
    .fix(Applicability::Suggested, at, result.to_string())
}

/// `- item`, as in YAML.
pub(in crate::syntax) fn list_item(at: Span, item: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(&FOREIGN_SYNTAX, at, LIST_ITEM).label("begins no statement");
    if is_statement(item) {
        return diagnostic
            .help(format!("write `{}`, without the `-`", excerpt(item)))
            .fix(
                Applicability::Suggested,
                Span {
                    end: at.end + 1,
                    ..at
                },
                "",
            );
    }
    diagnostic.help("write `key = [item, item]`, or an item a line between `[` and `]`")
}

const LIST_ITEM: &str = "a list is not written with `-`";

/// Whether the text after a `-` has the form of a statement without `=`.
fn is_statement(item: &str) -> bool {
    let mut words = item.split(' ');
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    words.next().is_some_and(is_word) && words.next().is_some()
}

/// Whether a diagnostic is about the `-` of a list.
pub(in crate::syntax) fn is_list_item(diagnostic: &Diagnostic) -> bool {
    diagnostic.message == LIST_ITEM
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
