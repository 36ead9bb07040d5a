//! The wording of errors about references, parameters and profiles.

use super::{
    CYCLIC_INCLUDE, CYCLIC_REFERENCE, PARAM_VALUE, TOO_LARGE, UNKNOWN_PROFILE, UNKNOWN_REFERENCE,
    UNKNOWN_WORD, kind_of, with_article, written,
};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::{neighbours, words};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::Reference;
use crate::value::Value;

// ---- references ----

pub(in crate::resolve) fn unknown_reference(reference: &Reference, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNKNOWN_REFERENCE,
        reference.span,
        format!("`{}` is not defined", written(reference)),
    );
    if known.is_empty() {
        return diagnostic
            .label("no `param` or `let` has this name")
            .help(format!(
                "define it at the top level: `let {} = …`",
                reference.name
            ));
    }
    let mut diagnostic = suggest::among(diagnostic, &reference.name, known);
    // The suggestion is the name alone, the place that of the whole reference.
    diagnostic.fix = None;
    diagnostic
}

pub(in crate::resolve) fn unknown_module(at: Span, module: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNKNOWN_REFERENCE,
        at,
        format!("no module `{module}` is used here"),
    );
    if matches!(module, "count" | "each" | "self" | "item") {
        return diagnostic.label("a loop of another language").help(
            "write each machine on a line of its own; `data 3` is three data nodes with names of the pattern `hostnames`",
        );
    }
    diagnostic.label("not a module of this file").help(format!(
        "add `use {module}` or `use \"{module}.m1\"` at the top of the file"
    ))
}

pub(in crate::resolve) fn cyclic_reference(reference: &Reference, cycle: &[&str]) -> Diagnostic {
    let mut names: Vec<&str> = cycle.to_vec();
    names.push(&reference.name);
    Diagnostic::error(
        &CYCLIC_REFERENCE,
        reference.span,
        format!(
            "`{}` refers to itself: {}",
            reference.name,
            names.join(" → ")
        ),
    )
    .label("closes the cycle")
    .help("give one of them a value of its own")
}

pub(in crate::resolve) fn references_too_deep(reference: &Reference) -> Diagnostic {
    Diagnostic::error(
        &TOO_LARGE,
        reference.span,
        "references lead to references more than 64 times",
    )
    .label("one step too many")
    .help("write the value where it is needed")
}

pub(in crate::resolve) fn too_many_values(at: Span) -> Diagnostic {
    Diagnostic::error(
        &TOO_LARGE,
        at,
        "the source comes to more than a million values",
    )
    .label("the first that is too much")
    .help("references that double a value again and again do this; write less of them")
}

pub(in crate::resolve) fn text_too_long(at: Span) -> Diagnostic {
    Diagnostic::error(&TOO_LARGE, at, "this text grows beyond 64 KiB")
        .label("too long")
        .help("references that double a text again and again do this; write less of them")
}

// ---- parameters ----

pub(in crate::resolve) fn param_not_given(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!("the parameter `{name}` has no value"),
    )
    .label("must be given")
    .help(format!(
        "run with `--set {name}=VALUE`, or give it a default: `param {name} = …`"
    ))
}

pub(in crate::resolve) fn unknown_type(at: Span, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(&UNKNOWN_WORD, at, format!("unknown type `{name}`"));
    match neighbours::values::find(name, words::TYPES) {
        Some(meant) => diagnostic
            .label(format!("called `{meant}` here"))
            .help(format!("write `{meant}`"))
            .fix(Applicability::Suggested, at, meant),
        None => suggest::among(diagnostic, name, words::TYPES),
    }
}

pub(in crate::resolve) fn wrong_type_of_param(
    at: Span,
    param: &str,
    expected: &str,
    found: &Value,
) -> Diagnostic {
    Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!(
            "the parameter `{param}` takes {}, not {}",
            with_article(expected),
            with_article(kind_of(found))
        ),
    )
    .label(format!("expected {}", with_article(expected)))
    .help("change the value, or the parameter's type")
}

pub(in crate::resolve) fn value_not_allowed(at: Span, param: &str, value: &str) -> Diagnostic {
    Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!("`{param}` does not take the value `{value}`"),
    )
}

// ---- profiles ----

/// `var.name`, as Terraform refers to a variable.
pub(in crate::resolve) fn foreign_reference(at: Span, text: &str) -> Diagnostic {
    let name = text.trim_start_matches("var.");
    Diagnostic::error(
        &UNKNOWN_REFERENCE,
        at,
        format!("`{text}` is text, not a reference"),
    )
    .label("as Terraform refers to a variable")
    .help(format!(
        "write `${name}`, with `param {name} = …` at the top of the file; write it in quotes if the text is meant"
    ))
    .fix(Applicability::Suggested, at, format!("${name}"))
}

/// `prefix` is that of the module, with its dot.
pub(in crate::resolve) fn unknown_profile(
    at: Span,
    (prefix, name): (&str, &str),
    known: &[&str],
    elsewhere: Option<&str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNKNOWN_PROFILE,
        at,
        format!("there is no profile `{prefix}{name}`"),
    );
    match elsewhere {
        Some(module) => diagnostic
            .label(format!("it is in the module `{module}`"))
            .help(format!("write `include {module}.{name}`"))
            .fix(Applicability::Safe, at, format!("{module}.{name}")),
        None if known.is_empty() => diagnostic
            .label("no profile is defined there")
            .help("define it: `profile NAME { … }`; those of the library come with `use profiles`"),
        None => {
            let full = |name: &&str| format!("{prefix}{name}");
            match suggest::nearest(name, known).map(|name| full(&name)) {
                Some(meant) => diagnostic
                    .label(format!("did you mean `{meant}`?"))
                    .help(format!("write `{meant}`"))
                    .fix(Applicability::Suggested, at, meant),
                None => {
                    let known: Vec<String> = known.iter().map(full).collect();
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    diagnostic
                        .label("not known here")
                        .help(format!("expected {}", suggest::first_of(&known)))
                }
            }
        }
    }
}

/// A file where the name of a profile belongs.
pub(in crate::resolve) fn included_file(at: Span, path: &str) -> Diagnostic {
    Diagnostic::error(
        &UNKNOWN_PROFILE,
        at,
        format!("`{path}` is a file, and `include` takes a profile"),
    )
    .label("not the name of a profile")
    .help(format!(
        "write `use \"{path}\" as house` at the top of the file, and `include house.NAME` here, with the name of one of its profiles"
    ))
}

pub(in crate::resolve) fn cyclic_include(at: Span, profile: &str, cycle: &[String]) -> Diagnostic {
    Diagnostic::error(
        &CYCLIC_INCLUDE,
        at,
        format!(
            "profiles include each other in a cycle: {} → {profile}",
            cycle.join(" → ")
        ),
    )
    .label("closes the cycle")
    .help("move what both need into a third profile")
}

pub(in crate::resolve) fn too_many_includes(at: Span) -> Diagnostic {
    Diagnostic::error(
        &TOO_LARGE,
        at,
        "profiles include profiles more than 64 deep, or more than 1000 of them",
    )
    .label("one too many")
    .help("include each profile once")
}
