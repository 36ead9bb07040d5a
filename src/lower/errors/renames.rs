//! The wording of errors about `was`.

use super::super::renames::Of;
use super::pages::WRONG_WAS;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(crate) fn was_without_name(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &WRONG_WAS,
        at,
        "a machine without a name cannot have had another one",
    )
    .label("of which machine?")
    .help(format!("write its new name: `{word} NAME {{ was = OLD }}`"))
}

pub(crate) fn was_is_there(at: Span, of: Of, name: &str, old: &str, other: Span) -> Diagnostic {
    let of = of.word();
    let diagnostic = Diagnostic::error(
        &WRONG_WAS,
        at,
        format!("`{name}` cannot have been `{old}`, which the source still has"),
    )
    .label("not an old name");
    if name == old {
        return diagnostic.help(format!(
            "write the name that the {of} had before, or remove `was`"
        ));
    }
    diagnostic.related(other, "it is here").help(format!(
        "remove `was` if `{name}` is another {of}; remove the {of} `{old}` if it is this one"
    ))
}

pub(crate) fn was_beside(
    at: Span,
    name: &str,
    old: &str,
    (own, line): (Span, Span),
    forget: &str,
) -> Diagnostic {
    Diagnostic::error(
        &WRONG_WAS,
        at,
        format!("`{name}` cannot have been `{old}`: the lock has both"),
    )
    .label("another one")
    .related(own, format!("`{name}`"))
    .related(line, format!("`{old}`"))
    .help(format!(
        "if `{name}` does not run yet, `{forget}` frees what it was given, and it becomes the one that was `{old}`; else remove `was`"
    ))
}

pub(crate) fn was_of_other(at: Span, old: &str, other: &str, line: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_WAS,
        at,
        format!("`{old}` is what `{other}` was called"),
    )
    .label("the old name of another")
    .related(line, format!("`{other}` was `{old}`"))
    .help("remove `was` here: of two only one can be the same as before")
}

pub(crate) fn was_unknown(at: Span, of: Of, old: &str) -> Diagnostic {
    let of = of.word();
    Diagnostic::error(&WRONG_WAS, at, format!("the lock has no {of} `{old}`"))
        .label("never built")
        .help(format!(
            "remove `was`: it says which {of} that was built earlier this one is"
        ))
}

pub(crate) fn was_other_kind(
    at: Span,
    (name, word): (&str, &str),
    (old, kind): (&str, &str),
    line: Span,
) -> Diagnostic {
    Diagnostic::error(
        &WRONG_WAS,
        at,
        format!("`{name}` is a `{word}` and cannot have been `{old}`, which is a `{kind}`"),
    )
    .label("a machine of another kind")
    .related(line, format!("`{kind}`"))
    .help("remove `was`: a machine keeps what it is, and only its name changes")
}
