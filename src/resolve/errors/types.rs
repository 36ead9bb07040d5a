//! The wording of errors about the types of values.

use std::net::IpAddr;

use ipnet::Ipv4Net;

use super::{
    COMPARED_TYPES, OUT_OF_RANGE, QUOTED_WORD, UNKNOWN_WORD, UNQUOTED_NAME, WRONG_TYPE, example,
    meant, spelling, with_article, written_as,
};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::{Type, alternatives, neighbours};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::Scalar;

pub(in crate::resolve) fn wrong_type(scalar: &Scalar, ty: Type) -> Diagnostic {
    let diagnostic = not_of_type(scalar.span, &written_as(scalar), &spelling(scalar), ty);
    match meant::value(&spelling(scalar), ty) {
        Some(meant) => diagnostic.fix(Applicability::Suggested, scalar.span, meant),
        None => diagnostic,
    }
}

pub(in crate::resolve) fn invalid(at: Span, text: &str, ty: Type) -> Diagnostic {
    not_of_type(at, text, text, ty)
}

fn not_of_type(at: Span, written: &str, text: &str, ty: Type) -> Diagnostic {
    let ty_name = with_article(&ty.name());
    let diagnostic = Diagnostic::error(&WRONG_TYPE, at, format!("`{written}` is not {ty_name}"));
    let diagnostic = match meant::reason(text, ty) {
        Some(reason) => diagnostic.label(reason),
        None => diagnostic.label(format!("expected {ty_name}")),
    };
    match meant::value(text, ty) {
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic.help(format!("for example, write {}", example(ty))),
    }
}

pub(in crate::resolve) fn invalid_size(scalar: &Scalar, text: &str, ty: Type) -> Diagnostic {
    let diagnostic = invalid(scalar.span, text, ty);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return diagnostic
            .label("a size needs its unit")
            .help(format!("write `{text}GB` or `{text}TB`"))
            .fix(Applicability::Suggested, scalar.span.after(), "GB");
    }
    match meant::value(text, ty) {
        Some(meant) => diagnostic
            .label("a size is a whole number of `GB` or `TB`")
            .fix(Applicability::Suggested, scalar.span, meant),
        None => diagnostic,
    }
}

pub(in crate::resolve) fn host_bits(at: Span, text: &str, network: Ipv4Net) -> Diagnostic {
    Diagnostic::error(
        &WRONG_TYPE,
        at,
        format!("`{text}` is the address of a host in a network, not of the network"),
    )
    .label(format!("the network is `{network}`"))
    .help(format!("write `{network}`"))
    .fix(Applicability::Suggested, at, network.to_string())
}

pub(in crate::resolve) fn boolean_expected(scalar: &Scalar) -> Diagnostic {
    let text = spelling(scalar);
    let meant = match text.to_lowercase().as_str() {
        "yes" | "on" | "true" | "1" | "y" => Some("true"),
        "no" | "off" | "false" | "0" | "n" => Some("false"),
        _ => None,
    };
    let diagnostic = wrong_type(scalar, Type::Boolean);
    match meant {
        Some(meant) => {
            diagnostic
                .help(format!("write `{meant}`"))
                .fix(Applicability::Safe, scalar.span, meant)
        }
        None => diagnostic,
    }
}

pub(in crate::resolve) fn integer_too_large(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        &OUT_OF_RANGE,
        at,
        format!("`{text}` does not fit into 64 bits"),
    )
    .label("too large")
    .help("write it in quotes if it is text")
}

pub(in crate::resolve) fn out_of_range(at: Span, integer: i64, ty: Type) -> Diagnostic {
    let diagnostic = Diagnostic::error(&OUT_OF_RANGE, at, format!("`{integer}` is out of range"))
        .label(format!("expected {}", with_article(&ty.name())));
    let Type::Integer(lowest, highest) = ty else {
        return diagnostic.help(format!("write {}", with_article(&ty.name())));
    };
    diagnostic.help(if integer < lowest {
        format!("write `{lowest}` or more")
    } else {
        format!("write `{highest}` or less")
    })
}

pub(in crate::resolve) fn unknown_word(at: Span, word: &str, words: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(&UNKNOWN_WORD, at, format!("unknown word `{word}`"));
    if let Some(help) = neighbours::values::program(word, words) {
        return diagnostic.label("not this program").help(help);
    }
    match neighbours::values::find(word, words) {
        Some(name) => diagnostic
            .label(format!("called `{name}` here"))
            .help(format!(
                "write `{name}`; all are {}",
                alternatives(words).replace(" or ", " and ")
            ))
            .fix(Applicability::Suggested, at, name),
        None => suggest::among(diagnostic, word, words),
    }
}

/// The name of a machine in place of a word.
pub(in crate::resolve) fn machine_for_word(diagnostic: Diagnostic, words: &[&str]) -> Diagnostic {
    let alternatives = alternatives(words);
    let mut diagnostic = diagnostic.label("the name of a machine, and a word is expected");
    diagnostic.fix = None;
    if words.contains(&"barman") {
        diagnostic.help(
            "write `barman`; in its own block a machine names the one that keeps its backups: `replica NAME { backup = OTHER }`",
        )
    } else {
        diagnostic.help(format!("expected {alternatives}"))
    }
}

pub(in crate::resolve) fn quoted_word(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &QUOTED_WORD,
        at,
        format!("`{word}` is a word of the language and is written without quotes"),
    )
    .label("in quotes")
    .help(format!("write `{word}`"))
    .fix(Applicability::Safe, at, word)
}

/// `named` is the machine whose address it is.
pub(in crate::resolve) fn unquoted_name(at: Span, name: &str, named: Option<&str>) -> Diagnostic {
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Diagnostic::error(&UNQUOTED_NAME, at, format!("`{name}` is a number, not a name"))
            .label("expected a name")
            .help(format!(
                "write a name that begins with a letter, such as `kestrel`, and the statement once for each of several; or `\"{name}\"` if it is called so"
            ));
    }
    if name.parse::<IpAddr>().is_ok() {
        let diagnostic = Diagnostic::error(
            &UNQUOTED_NAME,
            at,
            format!("`{name}` is an address, and a name is expected"),
        )
        .label("an address, not a name");
        return match named {
            Some(named) => diagnostic
                .help(format!("write `{named}`, the machine with this address"))
                .fix(Applicability::Suggested, at, named),
            None => diagnostic.help("write the name of the machine or location, not its address"),
        };
    }
    Diagnostic::error(
        &UNQUOTED_NAME,
        at,
        format!("the name `{name}` begins with a digit, so it must be quoted"),
    )
    .label("a number or literal")
    .help(format!("write `\"{name}\"`"))
    .fix(Applicability::Safe, at, format!("\"{name}\""))
}

pub(in crate::resolve) fn value_for_text(at: Span, name: &str, ty: Type) -> Diagnostic {
    Diagnostic::error(
        &WRONG_TYPE,
        at,
        format!("`{name}` is not {}", with_article(&ty.name())),
    )
    .label(format!("expected {}", with_article(&ty.name())))
    .help(format!("write `\"{name}\"` if the word itself is meant"))
    .fix(Applicability::Suggested, at, format!("\"{name}\""))
}

pub(in crate::resolve) fn list_expected(at: Span, written: &str, ty: Type) -> Diagnostic {
    Diagnostic::error(
        &WRONG_TYPE,
        at,
        format!("expected {}", with_article(&ty.name())),
    )
    .label("a single value")
    .help(format!("write `[{written}]`"))
    .fix(Applicability::Safe, at, format!("[{written}]"))
}

pub(in crate::resolve) fn unexpected_list(at: Span, ty: Type) -> Diagnostic {
    Diagnostic::error(
        &WRONG_TYPE,
        at,
        format!("expected {}, found a list", with_article(&ty.name())),
    )
    .label("a list")
    .help(format!("write one value, for example {}", example(ty)))
}

pub(in crate::resolve) fn unexpected_map(at: Span, ty: Type) -> Diagnostic {
    Diagnostic::error(
        &WRONG_TYPE,
        at,
        format!("expected {}, found a map", with_article(&ty.name())),
    )
    .label("a map")
    .help(format!("for example, write {}", example(ty)))
}

pub(in crate::resolve) fn unknown_key(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(&UNKNOWN_WORD, at, format!("unknown key `{key}`"))
}

pub(in crate::resolve) fn compared_types(at: Span, one: &str, other: &str) -> Diagnostic {
    Diagnostic::error(
        &COMPARED_TYPES,
        at,
        format!(
            "{} and {} are never equal",
            with_article(one),
            with_article(other)
        ),
    )
    .label("the two sides have different types")
    .help("compare values of one type; text that looks like a number is quoted")
}

pub(in crate::resolve) fn compared_constants(at: Span, name: &str, is_known: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &COMPARED_TYPES,
        at,
        "two constants are compared, which gives the same in every run",
    );
    if is_known {
        diagnostic
            .label("a word, not the value of the definition")
            .help(format!("write `${name}`"))
            .fix(Applicability::Suggested, at, format!("${name}"))
    } else {
        diagnostic
            .label("not a reference")
            .help("compare with a `param` or `let`: `if $stage == prod { … }`")
    }
}

/// A word that is the name of a definition, where its value is meant.
pub(in crate::resolve) fn forgotten_reference(error: Diagnostic, name: &str) -> Diagnostic {
    let at = error.primary.span;
    error
        .label("a word, not the value of the definition")
        .help(format!("write `${name}`"))
        .fix(Applicability::Suggested, at, format!("${name}"))
}

pub(in crate::resolve) fn never_equal(at: Span, param: &str, text: &str) -> Diagnostic {
    Diagnostic::error(&COMPARED_TYPES, at, format!("`{param}` is never `{text}`"))
}
