//! Lines of `pg_hba.conf`, as far as rules ask for them: who may connect, and how they prove who they are.

use std::net::IpAddr;

use super::declared::{self, Declared};
use crate::tpa::view::Subject;

/// A line that lets somebody in.
pub(super) struct Line<'t> {
    /// `local`, `host`, `hostssl`…
    pub(super) kind: &'t str,
    /// From the machine itself, by a socket or by its loopback address.
    pub(super) is_local: bool,
    /// `scram-sha-256`, `trust`…
    pub(super) method: &'t str,
}

/// The lines that a cluster adds, where they are written.
pub(super) fn written(subject: &Subject) -> Vec<Declared<'_>> {
    let lists = declared::variable(subject, "postgres_hba_settings").into_iter();
    lists
        .flat_map(|settings| {
            let lines = settings.value.as_list().unwrap_or_default().iter();
            lines.map(move |value| Declared {
                entity: settings.entity.clone(),
                key: settings.key.clone(),
                value,
            })
        })
        .collect()
}

/// Those of them that take passwords which are stored as MD5.
pub(super) fn md5(subject: &Subject) -> Vec<Declared<'_>> {
    let is_md5 = |declared: &Declared<'_>| {
        let line = declared.value.as_text().and_then(parse);
        line.is_some_and(|line| line.method == "md5")
    };
    written(subject).into_iter().filter(is_md5).collect()
}

/// Reads a line; `None` for a comment and for what is not such a line.
pub(super) fn parse(line: &str) -> Option<Line<'_>> {
    let words = words(line);
    match words.as_slice() {
        [kind @ "local", _, _, method, ..] => Some(Line {
            kind,
            is_local: true,
            method,
        }),
        [kind, _, _, address, rest @ ..] if kind.starts_with("host") => {
            let method = match rest {
                // An address may have its mask in a word of its own.
                [mask, method, ..] if mask.parse::<IpAddr>().is_ok() => method,
                [method, ..] => method,
                [] => return None,
            };
            let host = address.split('/').next().unwrap_or(address);
            let is_loopback = host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback());
            Some(Line {
                kind,
                is_local: is_loopback || matches!(*address, "localhost" | "samehost"),
                method,
            })
        }
        _ => None,
    }
}

/// The words of a line: blanks are between them, unless they are in double quotes or after a comma.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quoted = false;
    let mut after_comma = false;
    for (at, character) in line.char_indices() {
        let is_blank = character.is_whitespace() && !quoted;
        if character == '#' && !quoted {
            if let Some(start) = start.take() {
                words.extend(line.get(start..at));
            }
            return words;
        }
        if is_blank && !after_comma {
            if let Some(start) = start.take() {
                words.extend(line.get(start..at));
            }
            continue;
        }
        if !is_blank {
            quoted ^= character == '"';
            after_comma = character == ',' && !quoted;
            start = start.or(Some(at));
        }
    }
    if let Some(start) = start {
        words.extend(line.get(start..));
    }
    words
}
