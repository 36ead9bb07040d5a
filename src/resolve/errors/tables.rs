//! The wording of errors about images, regions and releases that no table has.

use super::pages::NOT_IN_TABLE;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::systems;
use crate::facts::tables::Platform;
use crate::origin::Origin;
use crate::schema::neighbours;
use crate::source::Span;
use crate::suggest;
use crate::syntax::nodes::{bare_or_quoted, written_spelling};

pub(in crate::resolve) fn unknown_region(at: Span, name: &str, known: &[&str]) -> Diagnostic {
    let region = format!("region {} {{ zones = [a, b, c] }}", bare_or_quoted(name));
    beyond(not_in_table(at, "region", name, known), &region, "zones")
}

/// Adds the statement that says what the tables do not have, unless what is meant is in them.
fn beyond(mut diagnostic: Diagnostic, statement: &str, own: &str) -> Diagnostic {
    if diagnostic.fix.is_some() {
        return diagnostic;
    }
    let known = diagnostic.help.take().unwrap_or_default();
    diagnostic.help(format!("{known}; {}", beyond_these(statement, own)))
}

fn beyond_these(statement: &str, own: &str) -> String {
    format!(
        "one that your TPA has beyond these is `{statement}` at the top of the file, with its own {own}"
    )
}

/// An image in the words of a source.
fn own_image(name: &str, version: Option<&str>, platform: Platform) -> String {
    let name = bare_or_quoted(name);
    let image = match platform {
        Platform::Aws => "ami = \"…\"",
        Platform::Docker | Platform::Bare => "image = \"…\"",
    };
    let (version, default) = match version {
        Some(version) => (written_spelling(version), ""),
        None => ("1".to_owned(), "default = true; "),
    };
    format!("image {name} {{ {platform} {version} {{ {default}{image} }} }}")
}

/// Names the other places of the same mistake. Its fix holds for all of them.
pub(in crate::resolve) fn everywhere(mut diagnostic: Diagnostic, places: &[Origin]) -> Diagnostic {
    let first = diagnostic.primary.span;
    let mut others: Vec<Span> = Vec::new();
    for place in places.iter().map(|origin| origin.place()) {
        if place != first && !others.contains(&place) {
            others.push(place);
        }
    }
    if let Some(fix) = &mut diagnostic.fix
        && let Some(edit) = fix.edits.first().cloned()
    {
        let same = others.iter().map(|span| Edit {
            span: *span,
            ..edit.clone()
        });
        fix.edits.extend(same);
    }
    let named = |diagnostic: Diagnostic, at| diagnostic.related(at, "named here too");
    others.into_iter().fold(diagnostic, named)
}

fn not_in_table(at: Span, what: &str, name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(&NOT_IN_TABLE, at, format!("there is no {what} `{name}`"));
    if let Some(meant) = neighbours::values::find(&name.to_lowercase(), known) {
        return diagnostic
            .label(format!("called `{meant}` here"))
            .help(format!("write `{meant}`"))
            .fix(Applicability::Suggested, at, meant);
    }
    suggest::among(diagnostic, name, known)
}

pub(in crate::resolve) fn unknown_release(
    at: Span,
    flavour: &str,
    version: &str,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        &NOT_IN_TABLE,
        at,
        format!("TPA does not deploy `{flavour}` {version}"),
    )
    .label("no such release")
    .help(match major_of(version).filter(|major| known.contains(major) && *major != version) {
        Some(major) if version.contains('.') => format!(
            "write `postgres {flavour} {major}`; a minor version is that of the package: `versions {{ postgres = \"{version}*\" }}`"
        ),
        Some(major) => format!("write `postgres {flavour} {major}`"),
        None => {
            let statement = format!("release {flavour} {version} {{ end_of_life = 2030-11-30 }}");
            let beyond = beyond_these(&statement, "date");
            format!("the releases are {}; {beyond}", known.join(", "))
        }
    })
}

/// The release in a version that is written otherwise: `v16`, `16.4`, `PG16`.
fn major_of(version: &str) -> Option<&str> {
    let number = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = number.find(|c: char| !c.is_ascii_digit());
    number.get(..end.unwrap_or(number.len()))
}

pub(in crate::resolve) fn unknown_image(
    at: Span,
    (name, written): (&str, Option<&str>),
    platform: Platform,
    known: &[&str],
    versions: impl Fn(&str) -> Vec<String>,
) -> Diagnostic {
    let what = format!("image on {platform} called");
    let message = format!("there is no {what} `{name}`");
    let (system, joined) = name.split_at(
        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len(),
    );
    let system = system.trim_end_matches(['-', '_']);
    let codename = systems::of_codename(system).filter(|(system, _)| known.contains(system));
    let foreign = neighbours::values::find(system, known);
    let foreign = codename.map(|(system, _)| system).or(foreign);
    let meant = foreign.or_else(|| suggest::nearest(system, known));
    let variant = known.iter().find(|known| {
        let rest = name.strip_prefix(**known);
        rest.is_some_and(|rest| rest.starts_with('-'))
    });
    if let Some(plain) = variant.filter(|_| joined.is_empty()) {
        let version = written.map_or_else(String::new, |version| format!(" {version}"));
        return Diagnostic::error(&NOT_IN_TABLE, at, message)
            .label(format!("not on {platform}"))
            .help(format!("write `os {plain}{version}`"))
            .fix(Applicability::Suggested, at, *plain);
    }
    let Some(meant) = meant.filter(|_| foreign.is_some() || !joined.is_empty()) else {
        let image = own_image(name, written, platform);
        return beyond(not_in_table(at, &what, name, known), &image, "name");
    };
    let joined = codename.map_or(joined, |(_, version)| version);
    let version = match (joined, written) {
        ("", written) => written,
        (joined, _) => Some(joined),
    };
    let diagnostic = Diagnostic::error(&NOT_IN_TABLE, at, message);
    let versions = versions(meant);
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let newest = newest(&versions);
    if let Some(version) = version
        && !versions.is_empty()
        && !versions.contains(&version)
    {
        return diagnostic
            .label(format!("`{meant}` has no version `{version}` here"))
            .help(format!(
                "write `os {meant} {newest}`{}",
                suggest::others(newest, &versions)
            ));
    }
    let replacement = match joined {
        "" => meant.to_owned(),
        version => format!("{meant} {version}"),
    };
    let meant = version.map_or_else(|| meant.to_owned(), |version| format!("{meant} {version}"));
    let diagnostic = diagnostic
        .label(format!("did you mean `{meant}`?"))
        .help(format!("write `os {meant}`"));
    if joined.is_empty() || written.is_none() {
        diagnostic.fix(Applicability::Suggested, at, replacement)
    } else {
        diagnostic
    }
}

pub(in crate::resolve) fn unknown_image_version(
    at: Span,
    name: &str,
    version: &str,
    platform: Platform,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        &NOT_IN_TABLE,
        at,
        format!("there is no {name} {version} on {platform}"),
    )
    .label("no such version")
    .help(format!(
        "{}; {}",
        versions(known),
        beyond_these(&own_image(name, Some(version), platform), "name")
    ))
}

/// The last number; others are code names.
fn newest<'k>(known: &[&'k str]) -> &'k str {
    let is_number = |version: &&&str| version.starts_with(|c: char| c.is_ascii_digit());
    let number = known.iter().rev().find(is_number).or(known.last());
    number.copied().unwrap_or_default()
}

/// The versions of an image, the newest first.
fn versions(known: &[&str]) -> String {
    let newest = newest(known);
    format!("write `{newest}`{}", suggest::others(newest, known))
}

pub(in crate::resolve) fn image_without_default(
    at: Span,
    name: &str,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(&NOT_IN_TABLE, at, format!("{name} has no default version"))
        .label("expected a version after this")
        .help(format!(
            "write `os {name} {}`; the versions are {}",
            newest(known),
            known.join(", ")
        ))
}

pub(in crate::resolve) fn incomplete_table_entry(
    at: Span,
    what: &str,
    missing: &str,
) -> Diagnostic {
    Diagnostic::error(&NOT_IN_TABLE, at, format!("this {what} has no `{missing}`"))
        .label(format!("needs `{missing} = …`"))
        .help("see the standard library's tables for complete ones")
}
