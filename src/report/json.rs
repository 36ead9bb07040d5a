//! Diagnostics for programs: one object a line, every field always present.

use serde::Serialize;

use super::places::Places;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label};
use crate::lint::Finding;
use crate::pages;
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Object<'d> {
    code: &'static str,
    level: &'static str,
    message: &'d str,
    #[serde(flatten)]
    range: Range<'d>,
    help: Option<&'d str>,
    url: Option<String>,
    related: Vec<Related<'d>>,
    fix: Option<Repair<'d>>,
}

/// Where it is; the end is the place just after.
#[derive(Default, Serialize)]
struct Range<'d> {
    file: Option<&'d str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Serialize)]
struct Related<'d> {
    #[serde(flatten)]
    range: Range<'d>,
    message: &'d str,
}

#[derive(Serialize)]
struct Repair<'d> {
    applicability: &'static str,
    edits: Vec<Replacement<'d>>,
}

#[derive(Serialize)]
struct Replacement<'d> {
    #[serde(flatten)]
    range: Range<'d>,
    replacement: &'d str,
}

pub(super) fn lines<'d>(
    sources: &'d Sources,
    diagnostics: &'d [Diagnostic],
    findings: &'d [Finding],
) -> String {
    let mut places = Places::new(sources);
    let mut out = String::new();
    let errors = diagnostics
        .iter()
        .map(|diagnostic| (diagnostic, pages::of_error(diagnostic.code.name)));
    let findings = findings.iter().map(|finding| {
        let diagnostic = &finding.diagnostic;
        (diagnostic, pages::of_rule(diagnostic.code.name))
    });
    for (diagnostic, url) in errors.chain(findings) {
        let object = object(&mut places, diagnostic, url);
        let Ok(line) = serde_json::to_string(&object) else {
            unreachable!("text and numbers are always JSON");
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn object<'d>(
    places: &mut Places<'d>,
    diagnostic: &'d Diagnostic,
    url: Option<String>,
) -> Object<'d> {
    Object {
        code: diagnostic.code.name,
        level: diagnostic.level.name(),
        message: &diagnostic.message,
        range: range(places, diagnostic.primary.span),
        help: diagnostic.help.as_deref(),
        url,
        related: diagnostic
            .related
            .iter()
            .map(|label| related(places, label))
            .collect(),
        fix: diagnostic.fix.as_ref().map(|fix| repair(places, fix)),
    }
}

fn range<'d>(places: &mut Places<'d>, span: Span) -> Range<'d> {
    match places.of(span) {
        Some((start, end)) => Range {
            file: Some(places.name(span.file)),
            line: Some(start.line),
            column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        },
        None => Range::default(),
    }
}

fn related<'d>(places: &mut Places<'d>, label: &'d Label) -> Related<'d> {
    Related {
        range: range(places, label.span),
        message: &label.text,
    }
}

fn repair<'d>(places: &mut Places<'d>, fix: &'d Fix) -> Repair<'d> {
    Repair {
        applicability: fix.applicability.name(),
        edits: fix
            .edits
            .iter()
            .map(|edit| replacement(places, edit))
            .collect(),
    }
}

fn replacement<'d>(places: &mut Places<'d>, edit: &'d Edit) -> Replacement<'d> {
    Replacement {
        range: range(places, edit.span),
        replacement: &edit.replacement,
    }
}
