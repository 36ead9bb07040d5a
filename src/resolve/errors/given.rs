//! The wording of errors about values from the command line.

use super::{PARAM_VALUE, kind_of, with_article};
use crate::diagnostic::Diagnostic;
use crate::resolve::Setting;
use crate::schema::alternatives;
use crate::source::Span;
use crate::suggest;
use crate::value::Value;

pub(in crate::resolve) fn unreadable_setting(at: Span, setting: &Setting) -> Diagnostic {
    Diagnostic::error(&PARAM_VALUE, at, format!("`{setting}` is not a value"))
        .label("the parameter")
        .help("a list is `[a, b]`, a map `{ a = 1; b = 2 }`, a boolean `true` or `false`")
}

pub(in crate::resolve) fn wrong_type_given(
    at: Span,
    setting: &Setting,
    expected: &str,
    found: &Value,
) -> Diagnostic {
    let takes = with_article(expected);
    let name = &setting.name;
    let found = with_article(kind_of(found));
    Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!("`{setting}` gives `{name}` {found}, and it takes {takes}"),
    )
    .label(format!("takes {takes}"))
    .help(format!(
        "give {takes}, as in `--set {}={}`",
        full_name(setting),
        literal(expected, &setting.value)
    ))
}

/// A value of a type as a shell takes it; a boolean that means what was given.
fn literal(ty: &str, given: &str) -> &'static str {
    match ty {
        "integer" => "3",
        "decimal" => "0.5",
        "boolean" if matches!(given, "no" | "off" | "0") => "false",
        "boolean" => "true",
        "list" => "'[a, b]'",
        "map" => "'{ a = 1 }'",
        _ => "abc",
    }
}

pub(in crate::resolve) fn value_given_not_allowed(
    at: Span,
    setting: &Setting,
    allowed: &[&str],
) -> Diagnostic {
    let name = full_name(setting);
    let diagnostic = Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!(
            "`{setting}` gives `{}` a value that it does not take",
            setting.name
        ),
    )
    .label(format!("takes {}", alternatives(allowed)));
    diagnostic.help(match suggest::nearest(&setting.value, allowed) {
        Some(meant) => format!("run with `--set {name}={meant}`"),
        None => format!("give one of them after `--set {name}=`"),
    })
}

pub(in crate::resolve) fn setting_of_unknown_param(
    at: Span,
    source: &str,
    setting: &Setting,
    known: &[&str],
) -> Diagnostic {
    let Setting { name, value, .. } = setting;
    let full = full_name(setting);
    let module = full.strip_suffix(name.as_str()).unwrap_or_default();
    let of = match &setting.module {
        Some(module) => format!("the module `{module}`"),
        None => format!("`{source}`"),
    };
    let diagnostic = Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!("`--set {full}=…` sets no parameter of {of}"),
    );
    match suggest::nearest(name, known) {
        Some(meant) => diagnostic
            .label(format!("has a parameter `{meant}`"))
            .help(format!(
                "run with `--set {module}{meant}={value}`{}",
                suggest::others(meant, known)
            )),
        None if known.is_empty() => diagnostic
            .label("has no parameters")
            .help(format!("declare it: `param {name} = …`")),
        None => diagnostic
            .label(format!(
                "has the parameters {}",
                suggest::first_of(known).replace(" or ", " and ")
            ))
            .help(format!(
                "give one of them, or declare it: `param {name} = …`"
            )),
    }
}

pub(in crate::resolve) fn setting_of_unknown_module(
    at: Span,
    source: &str,
    setting: &Setting,
    module: &str,
    known: &[&str],
) -> Diagnostic {
    let Setting { name, value, .. } = setting;
    let diagnostic = Diagnostic::error(
        &PARAM_VALUE,
        at,
        format!("`--set {module}.…` names no module that `{source}` uses"),
    );
    match suggest::nearest(module, known) {
        Some(meant) => diagnostic
            .label(format!("uses `{meant}`"))
            .help(format!("run with `--set {meant}.{name}={value}`")),
        None => diagnostic.label("the source").help(format!(
            "write `--set {name}={value}` for a parameter of the source itself"
        )),
    }
}

/// The name of a parameter as `--set` takes it.
fn full_name(setting: &Setting) -> String {
    match &setting.module {
        Some(module) => format!("{module}.{}", setting.name),
        None => setting.name.clone(),
    }
}
