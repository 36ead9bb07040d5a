//! Text that is where there is no place for it, or without its quotes.

use super::{UNEXPECTED_TEXT, excerpt};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

const SINGLE: [char; 3] = ['\'', '‘', '’'];
const TYPOGRAPHIC: [char; 5] = ['“', '”', '„', '«', '»'];

/// Text after a complete statement, or a line that is none.
pub(in crate::syntax) fn unexpected_text(at: Span, text: &str) -> Diagnostic {
    if is_strange_blank(text) {
        return strange_blank(at, text);
    }
    let diagnostic = Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("unexpected `{}`", excerpt(text)),
    );
    match text.chars().next() {
        Some(']' | ')') => diagnostic
            .label("closes nothing")
            .help("remove it, or open it before"),
        Some('(') => diagnostic
            .label("not in a condition")
            .help("parentheses are for conditions only; a list is in brackets, `[a, b]`, and text with parentheses is quoted"),
        Some('|') => diagnostic
            .label("there is no `|` between values")
            .help("values that are allowed are a list: `param stage: [staging, prod] = staging`"),
        Some('-') if text.starts_with("--") => diagnostic
            .label("an option of `tpaexec configure`")
            .help(option(text)),
        Some('>' | '<' | '~' | '^') if version(text).is_some() => diagnostic
            .label("a range, where one version is expected")
            .help(format!("write `{}`", version(text).unwrap_or_default())),
        Some(_) if text.contains('?') && text.contains(':') => diagnostic
            .label("there is no `? :`")
            .help("write the statement twice: `if $stage == prod { … } else { … }`"),
        Some('=') => diagnostic.label("an `=` follows one key").help(
            "write `key = value` on a line of its own; a key that is not a name is quoted: `\"…\" = value`",
        ),
        Some(quote) if SINGLE.contains(&quote) || TYPOGRAPHIC.contains(&quote) => diagnostic
            .label("not a quote here")
            .help("text is written in straight double quotes: `\"…\"`"),
        Some('{') => diagnostic
            .label("this block belongs to nothing")
            .help("write the statement's word before it: `word { … }`"),
        Some('[') => diagnostic
            .label("a list belongs to a key")
            .help("write `key = [ … ]`; a statement without `=` is written once for each item, on a line of its own"),
        Some('+') => diagnostic
            .label("there is no arithmetic")
            .help("write the result; text is put together inside a string: `\"${name}…\"`"),
        _ => diagnostic
            .label("not expected here")
            .help("a statement ends with its line; text that is neither name nor number is quoted: `\"…\"`"),
    }
}

/// `staging | prod = staging`, the values that a `param` may have.
pub(in crate::syntax) fn values_with_bars(
    at: Span,
    binding: Span,
    name: &str,
    (first, rest): (&str, &str),
) -> Diagnostic {
    let (others, default) = rest.split_once('=').unwrap_or((rest, first));
    let others = others
        .split('|')
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let values: Vec<&str> = std::iter::once(first).chain(others).collect();
    let statement = format!("{name}: [{}] = {}", values.join(", "), default.trim());
    unexpected_text(at, rest)
        .help(format!(
            "write `param {statement}`: values that are allowed are a list"
        ))
        .fix(Applicability::Suggested, binding, statement)
}

/// Whether a word begins a statement without `=`, as far as people write a `:` after it.
pub(super) fn is_without_equals(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "allow", "backup", "balance", "barman", "cluster", "data", "etcd", "failover", "haproxy",
        "include", "location", "monitor", "node", "open", "os", "pem", "platform", "pool",
        "postgres", "primary", "profile", "replica", "use", "witness",
    ];
    WORDS.contains(&word)
}

/// What says the same as an option of a command line.
fn option(text: &str) -> String {
    let option = text.split([' ', '=']).next().unwrap_or(text);
    let statement = match option.strip_prefix("--enable-").unwrap_or(option) {
        manager @ ("repmgr" | "efm" | "patroni") => format!("write `failover {manager}`; "),
        "pgbouncer" => "write `pool pgbouncer`; ".to_owned(),
        "haproxy" => "write `balance haproxy`; ".to_owned(),
        "pem" => "write `monitor pem`; ".to_owned(),
        _ => String::new(),
    };
    format!(
        "{statement}`m1c init DIR` takes the options of `tpaexec configure` and writes a source"
    )
}

/// The version in `>=16`.
fn version(text: &str) -> Option<&str> {
    let version = text.trim_start_matches(['>', '<', '~', '^', '=', ' ']);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(' ');
    is_version.then_some(version)
}

/// `web$n`, where `n` is a definition of the file.
pub(in crate::syntax) fn reference_in_word(at: Span, text: &str, name: &str) -> Diagnostic {
    let quoted = text.replacen(&format!("${name}"), &format!("${{{name}}}"), 1);
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("the `${name}` in `{}` is part of a word", excerpt(text)),
    )
    .label("a value within text is `${…}` in quotes")
    .help(format!("write `\"{}\"`", excerpt(&quoted)))
    .fix(Applicability::Suggested, at, format!("\"{quoted}\""))
}

/// Text that must be quoted, from its first to its last character.
pub(in crate::syntax) fn unquoted_text(at: Span, text: &str) -> Diagnostic {
    if is_strange_blank(text) {
        return strange_blank(at, text);
    }
    let replacement = |text: &str| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{escaped}\"")
    };
    if text.starts_with(SINGLE) || text.starts_with(TYPOGRAPHIC) {
        let inner = text.trim_matches(SINGLE).trim_matches(TYPOGRAPHIC);
        let kind = if text.starts_with(SINGLE) {
            "single"
        } else {
            "typographic"
        };
        return Diagnostic::error(
            &super::FOREIGN_SYNTAX,
            at,
            format!("`{}` is in {kind} quotes", excerpt(text)),
        )
        .label("expected double quotes")
        .help(format!("write `\"{}\"`", excerpt(inner)))
        .fix(Applicability::Suggested, at, replacement(inner));
    }
    if let Some(size) = apart_from_unit(text) {
        return Diagnostic::error(
            &UNEXPECTED_TEXT,
            at,
            format!("the unit in `{text}` is apart from its number"),
        )
        .label("a blank between them")
        .help(format!("write `{size}`"))
        .fix(Applicability::Suggested, at, size);
    }
    if let Some(kind) = instance_in_two_words(text) {
        return Diagnostic::error(&UNEXPECTED_TEXT, at, format!("`{text}` is in two words"))
            .label("a dot is between family and size")
            .help(format!("write `{kind}`"))
            .fix(Applicability::Suggested, at, kind);
    }
    if let Some(port) = port_after_protocol(text) {
        return Diagnostic::error(
            &UNEXPECTED_TEXT,
            at,
            format!("`{text}` has the protocol before the port"),
        )
        .label("the port comes first")
        .help(format!("write `{port}`"))
        .fix(Applicability::Suggested, at, port);
    }
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("`{}` must be quoted", excerpt(text)),
    )
    .label("neither a name nor a number")
    .help(format!("write `{}`", excerpt(&replacement(text))))
    .fix(Applicability::Safe, at, replacement(text))
}

/// The units of sizes and times, as Postgres writes them.
const UNITS: [&str; 10] = ["B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h"];

/// `16MB` for `16 MB`.
fn apart_from_unit(text: &str) -> Option<String> {
    let (number, unit) = text.split_once([' ', '\t'])?;
    let unit = unit.trim();
    let unit = UNITS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(unit))?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("{number}{unit}"))
}

/// `m6i.large` for `m6i large`.
fn instance_in_two_words(text: &str) -> Option<String> {
    let (family, size) = text.split_once(' ')?;
    let letters = family.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let is_family = letters.len() < family.len()
        && letters.starts_with(|c: char| c.is_ascii_digit())
        && letters
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let size_alone = size.trim_start_matches(|c: char| c.is_ascii_digit());
    let sizes = [
        "nano", "micro", "small", "medium", "large", "xlarge", "metal",
    ];
    (is_family && sizes.contains(&size_alone)).then(|| format!("{family}.{size}"))
}

/// `5432/tcp` for `tcp/5432`.
fn port_after_protocol(text: &str) -> Option<String> {
    let (protocol, port) = text.split_once(['/', ':'])?;
    let protocol = protocol.to_ascii_lowercase();
    let is_port = port.parse::<u16>().is_ok() && matches!(protocol.as_str(), "tcp" | "udp");
    is_port.then(|| format!("{port}/{protocol}"))
}

/// `allow [a, b]`: a list after the word of a statement.
pub(in crate::syntax) fn list_after_word(
    at: Span,
    whole: Span,
    (word, list): (&str, &str),
) -> Diagnostic {
    let (inside, after) = list.split_once(']').unwrap_or((list, ""));
    let items = inside.trim_start_matches('[').split([',', '\n']);
    let items: Vec<&str> = items
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect();
    let reason = after.trim();
    let statements: Vec<String> = match word {
        "allow" => {
            let reason = if reason.starts_with('"') {
                reason
            } else {
                "\"REASON\""
            };
            let rules = items.iter().map(|item| item.trim_matches('"'));
            rules.map(|rule| format!("allow {rule} {reason}")).collect()
        }
        "omit" => vec![format!("omit {}", items.join(" "))],
        "open" if !reason.is_empty() => {
            let ports = items.iter();
            ports.map(|port| format!("open {port} {reason}")).collect()
        }
        "include" | "open" | "use" => items.iter().map(|item| format!("{word} {item}")).collect(),
        _ => vec![format!("{word} = {list}")],
    };
    let diagnostic = unexpected_text(at, list);
    if items.is_empty() {
        return diagnostic;
    }
    let lines = if statements.len() > 1 {
        ", a line for each"
    } else {
        ""
    };
    let diagnostic = diagnostic.help(format!("write `{}`{lines}", statements.join("`, `")));
    let statements = statements.join("; ");
    if statements.contains("REASON") {
        diagnostic
    } else {
        diagnostic.fix(Applicability::Suggested, whole, statements)
    }
}

/// `open 22,5432 10.0.0.0/8`.
pub(in crate::syntax) fn ports_with_commas(
    at: Span,
    (ports, networks): (&str, &str),
) -> Diagnostic {
    let mut error = list_after_word(at, at, ("open", &format!("[{ports}]{networks}")));
    error.message = format!("an `open` has one port, not `{}`", excerpt(ports));
    error.label("more than one port")
}

/// What fits into no condition.
pub(in crate::syntax) fn unexpected_in_condition(at: Span, text: &str) -> Diagnostic {
    let diagnostic = unexpected_text(at, text);
    if is_strange_blank(text) || text.starts_with(')') {
        return diagnostic;
    }
    diagnostic
        .label("not expected here")
        .help("a condition compares with `==`, `!=` or `in`; several are joined by `and` or `or`")
}

/// What fits between an `else` and its `{`.
pub(in crate::syntax) fn unexpected_behind_else(at: Span, text: &str) -> Diagnostic {
    let diagnostic = unexpected_text(at, text);
    if is_strange_blank(text) {
        return diagnostic;
    }
    diagnostic
        .label("not expected here")
        .help("write `else {` or `else if … {`")
}

/// `key = value` among the items of a list.
pub(in crate::syntax) fn attribute_in_list(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("unexpected `{}` in a list", excerpt(text)),
    )
    .label("a list holds values only")
    .help("a list of maps is written `[{ key = value }]`")
}

/// A quote directly after a word.
pub(in crate::syntax) fn missing_blank(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("expected a blank before `{}`", excerpt(text)),
    )
    .label("directly after a word")
    .help("write a blank between the words of a statement")
    .fix(
        Applicability::Safe,
        Span {
            end: at.start,
            ..at
        },
        " ",
    )
}

/// A second value after the first.
pub(in crate::syntax) fn second_value(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("unexpected `{}` after a value", excerpt(text)),
    )
    .label("a second value")
    .help("a key has one value; write a list for several: `key = [a, b]`")
}

/// A binding's name that is a string, a number, or has dots.
pub(in crate::syntax) fn invalid_name(at: Span, text: &str, word: &str) -> Diagnostic {
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("`{}` cannot be the name of a `{word}`", excerpt(text)),
    )
    .label("not a plain name")
    .help("a name begins with a letter or `_` and has letters, digits, `_` and `-`, but no dots")
}

/// Whether a text begins with a character that looks like a blank, or like nothing at all, and is not a blank.
pub(in crate::syntax) fn is_strange_blank(text: &str) -> bool {
    text.chars().next().is_some_and(|first| {
        (first.is_whitespace() && !first.is_ascii())
            || matches!(first, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{00AD}')
    })
}

fn strange_blank(at: Span, text: &str) -> Diagnostic {
    let first = text.chars().next().unwrap_or(' ');
    let width = u32::try_from(first.len_utf8()).unwrap_or(1);
    let at = Span {
        end: at.end.min(at.start + width),
        ..at
    };
    let replacement = if first.is_whitespace() { " " } else { "" };
    Diagnostic::error(
        &UNEXPECTED_TEXT,
        at,
        format!("the character U+{:04X} is not a blank", u32::from(first)),
    )
    .label("looks like a blank, or like nothing")
    .help("replace it with a blank, or remove it; it may come from a web page or a word processor")
    .fix(Applicability::Suggested, at, replacement)
}
