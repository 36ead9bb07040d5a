//! The wording of errors about locks.

mod pages;

use std::fmt::Write;

use ipnet::Ipv4Net;

use super::forget::{Path, command};
use crate::diagnostic::Diagnostic;
use crate::load::ReadError;
use crate::source::{FileId, Span};
pub use pages::CODES;
use pages::{BROKEN_LOCK, FOREIGN_LOCK, LOCK_CONFLICT, LOCK_OUTDATED, NEWER_LOCK};

/// What there is to say about a lock without a text.
pub fn unreadable(file: FileId, lock: &str, error: &ReadError) -> Diagnostic {
    let start = Span {
        file,
        start: 0,
        end: 0,
    };
    match error {
        ReadError::NotFound => broken(start, lock, "it does not exist"),
        ReadError::NotUtf8 { .. } => broken(start, lock, "it is not UTF-8"),
        // What is in it may well be right.
        ReadError::Unreadable(reason) => {
            let message = format!("the lock cannot be read: {reason}");
            Diagnostic::error(&BROKEN_LOCK, start, message)
                .label("nobody knows what is in it")
                .help(format!(
                    "make `{lock}` a file that can be read here; what machines that run have been given is in it, so do not remove it"
                ))
        }
    }
}

/// What there is to say about a config.yml that a lock cannot be made from.
pub fn unfit_config(at: Span, what: &str) -> Diagnostic {
    let message = format!("no lock can be made from this config.yml: {what}");
    Diagnostic::error(&BROKEN_LOCK, at, message)
        .label("nothing to take over")
        .help(CORRECT_CONFIG)
}

pub(super) const CORRECT_CONFIG: &str = "write here what the machines that run have, so that they keep it; if nothing of the cluster runs, remove the file";

pub(super) fn foreign(
    at: Span,
    lock: &str,
    locked: &str,
    (cluster, written): (&str, Span),
) -> Diagnostic {
    let forget = command(source(lock), &Path::of_cluster(locked));
    let message = format!("the lock is of the cluster `{locked}`, which the source does not have");
    Diagnostic::error(&FOREIGN_LOCK, at, message)
        .label("another cluster")
        .related(written, "the cluster of the source")
        .help(format!(
            "if `{cluster}` is the cluster that was called `{locked}`, write the new name into each line of `{lock}` in the place of the old one; if nothing of `{locked}` runs, `{forget}` frees it; if the lock is that of another source, remove it"
        ))
}

pub(super) fn broken(at: Span, lock: &str, what: &str) -> Diagnostic {
    let source = source(lock);
    Diagnostic::error(&BROKEN_LOCK, at, format!("the lock cannot be read: {what}"))
        .label("not as m1c writes it")
        .help(format!(
            "take it from the last commit: `git restore {lock}`; if there is none, remove it: `m1c lock {source}` takes numbers and subnets from the config.yml that was built last"
        ))
}

/// How many additions are named.
const MOST_NAMED: usize = 8;

pub(super) fn outdated(at: Span, lock: &str, added: &[String]) -> Diagnostic {
    let named = added.get(..MOST_NAMED.min(added.len())).unwrap_or_default();
    let mut what = named.join(", ");
    let more = added.len() - named.len();
    if more > 0 {
        let _ = write!(what, ", and {more} more");
    }
    if what.is_empty() {
        "what its machines have been given".clone_into(&mut what);
    }
    let source = source(lock);
    Diagnostic::error(&LOCK_OUTDATED, at, format!("`{lock}` is not up to date"))
        .label("the lock lacks something of this cluster")
        .help(format!(
            "it would get {what}: run `m1c lock {source}`, and commit `{lock}`"
        ))
}

pub(super) fn conflict_markers(at: Span) -> Diagnostic {
    Diagnostic::error(&BROKEN_LOCK, at, "git could not merge the lock")
        .label("both branches changed what is here")
        .help("keep the lines of both sides, and remove those that begin with `<<<<<<<`, `=======` and `>>>>>>>`; if two machines have one number then, m1c says which")
}

pub(super) fn line_twice(at: Span, lock: &str) -> Diagnostic {
    let source = source(lock);
    Diagnostic::error(&LOCK_CONFLICT, at, "the lock says this twice")
        .label("an earlier line says it too")
        .help(format!(
            "both branches have added it: remove one of the two lines, that of what does not run yet if they differ, and build `{source}` again"
        ))
}

pub(super) fn newer(at: Span, found: i64, known: i64) -> Diagnostic {
    Diagnostic::error(&NEWER_LOCK, at, "the lock is of a newer m1c")
        .label(format!("version {found}; this m1c knows version {known}"))
        .help("update m1c; an older one could lose what it does not know")
}

pub(super) fn name_twice(at: Span, lock: &str, path: &Path, first: Span) -> Diagnostic {
    let (name, forget) = (path.name(), command(source(lock), path));
    let message = format!("`{name}` is in two locations");
    Diagnostic::error(&LOCK_CONFLICT, at, message)
        .label("the second")
        .related(first, "the first")
        .help(format!(
            "two branches have each added a machine: forget the one that does not run yet, such as by `{forget}`, and build again"
        ))
}

pub(super) fn machines_twice(
    at: Span,
    lock: &str,
    what: &str,
    path: &Path,
    (other, first): (&str, Span),
) -> Diagnostic {
    let (name, forget) = (path.name(), command(source(lock), path));
    let message = format!("`{name}` and `{other}` both {what}");
    Diagnostic::error(&LOCK_CONFLICT, at, message)
        .label("the second")
        .related(first, "the first")
        .help(format!(
            "two branches have each added a machine: forget the one that does not run yet, such as by `{forget}`, and build again"
        ))
}

pub(super) fn subnet_twice(
    at: Span,
    lock: &str,
    subnet: Ipv4Net,
    path: &Path,
    (other, first): (&str, Span),
) -> Diagnostic {
    let (name, forget) = (path.name(), command(source(lock), path));
    let message =
        format!("the subnet `{subnet}` of the location `{name}` overlaps that of `{other}`");
    Diagnostic::error(&LOCK_CONFLICT, at, message)
        .label("the second")
        .related(first, "the first")
        .help(format!(
            "two branches have each added a location: forget the one that does not run yet, such as by `{forget}`, and build again"
        ))
}

/// What the source of a lock is called.
fn source(lock: &str) -> &str {
    lock.strip_suffix(super::ENDING).unwrap_or(lock)
}
