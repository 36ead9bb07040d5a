//! Errors about the TPA that a cluster is for.

use super::pages::{NEWER_TPA, NOT_APPLICABLE, NOT_IN_TABLE, TPA_CONFLICT, TPA_VERSION};
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::tpa::{TpaVersion, Unusable};
use crate::source::Span;

pub(in crate::resolve) fn tpa_version(at: Span, text: &str, why: Unusable) -> Diagnostic {
    Diagnostic::error(&TPA_VERSION, at, why.message(text))
        .label("not a release that m1c knows")
        .help(why.help())
}

pub(in crate::resolve) fn newer_tpa(at: Span, version: TpaVersion) -> Diagnostic {
    let newest = TpaVersion::NEWEST;
    let mut warning = Diagnostic::error(
        &NEWER_TPA,
        at,
        format!("TPA {version} is newer than this m1c"),
    )
    .label(format!("m1c knows TPA up to {newest}"))
    .help(format!(
        "m1c builds and judges as for {newest}; a newer m1c may know what {version} does differently"
    ));
    warning.level = Level::Warning;
    warning
}

pub(in crate::resolve) fn tpa_conflict(
    at: Span,
    written: TpaVersion,
    asked: TpaVersion,
) -> Diagnostic {
    Diagnostic::error(
        &TPA_CONFLICT,
        at,
        format!("the cluster is for TPA {written}, and `--tpa` says {asked}"),
    )
    .label("its own release")
    .help(format!(
        "leave `--tpa` out, or write `tpa = {asked}` here; `m1c lint --tpa {asked}` says before that what would be different"
    ))
}

pub(in crate::resolve) fn needs_newer_tpa(
    at: Span,
    word: &str,
    since: TpaVersion,
    tpa: TpaVersion,
) -> Diagnostic {
    Diagnostic::error(
        &NOT_APPLICABLE,
        at,
        format!("`{word}` needs TPA {since} or later, and the cluster is for {tpa}"),
    )
    .label("an older TPA does not read what it becomes")
    .help(format!(
        "leave it out, or write `tpa = {since}` once TPA is upgraded"
    ))
}

/// A release, image or region that the TPA of a cluster does not have yet.
pub(in crate::resolve) fn not_yet(
    at: Span,
    what: &str,
    since: TpaVersion,
    tpa: TpaVersion,
) -> Diagnostic {
    Diagnostic::error(
        &NOT_IN_TABLE,
        at,
        format!("{what} needs TPA {since} or later, and the cluster is for {tpa}"),
    )
    .label("an older TPA does not know it")
    .help(format!(
        "choose an older one, or write `tpa = {since}` once TPA is upgraded"
    ))
}
