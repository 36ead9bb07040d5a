//! Errors about the TPA that a cluster is for.

use super::pages::{NEWER_TPA, NOT_APPLICABLE, NOT_IN_TABLE, TPA_CONFLICT, TPA_VERSION};
use crate::diagnostic::{Applicability, Diagnostic, Level};
use crate::facts::tpa::{TpaVersion, Unusable};
use crate::resolve::tpa::{By, Chosen};
use crate::source::Span;

pub(in crate::resolve) fn tpa_version(at: Span, text: &str, why: Unusable) -> Diagnostic {
    let error = Diagnostic::error(&TPA_VERSION, at, why.message(text))
        .label("not a release that m1c knows")
        .help(why.help());
    // `23.041`, `v23.41` and `23.41.x`.
    let parts = text.trim_start_matches(['v', 'V']).split('.');
    let parts = parts.filter(|part| !part.eq_ignore_ascii_case("x") && *part != "*");
    let parts: Vec<&str> = parts.map(|part| part.trim_start_matches('0')).collect();
    let meant = parts.join(".");
    if why == Unusable::Malformed && TpaVersion::parse(&meant).is_ok() {
        error
            .help(format!("write `{meant}`"))
            .fix(Applicability::Suggested, at, meant)
    } else {
        error
    }
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
    tpa: Chosen,
) -> Diagnostic {
    let error = Diagnostic::error(
        &NOT_APPLICABLE,
        at,
        too_old(&format!("`{word}`"), since, tpa),
    )
    .label("an older TPA does not read what it becomes");
    helped(error, "leave it out", since, tpa)
}

/// A release, image or region that the TPA of a cluster does not have yet.
pub(in crate::resolve) fn not_yet(
    at: Span,
    what: &str,
    since: TpaVersion,
    tpa: Chosen,
) -> Diagnostic {
    let error = Diagnostic::error(&NOT_IN_TABLE, at, too_old(what, since, tpa))
        .label("an older TPA does not know it");
    helped(error, "choose another one", since, tpa)
}

fn too_old(what: &str, since: TpaVersion, tpa: Chosen) -> String {
    let version = tpa.version;
    match tpa.by {
        By::Cluster(_) | By::Settings => {
            format!("{what} needs TPA {since} or later, and the cluster is for {version}")
        }
        By::Run => format!("{what} needs TPA {since} or later, and `--tpa` says {version}"),
    }
}

/// What to do instead, or where to ask for the newer TPA.
fn helped(error: Diagnostic, instead: &str, since: TpaVersion, tpa: Chosen) -> Diagnostic {
    let ask = match tpa.by {
        By::Cluster(_) | By::Settings => format!("write `tpa = {since}`"),
        By::Run => format!("ask for `--tpa {since}`"),
    };
    let error = error.help(format!("{instead}, or {ask} once TPA is upgraded"));
    match tpa.by {
        By::Cluster(at) => error.related(at, "the TPA of the cluster"),
        By::Settings | By::Run => error,
    }
}
