//! SARIF 2.1.0, for code scanning: one document for all files of a run.
//!
//! Fingerprints are made of a rule and of what it is about, so that moving lines opens no finding again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::places::Places;
use crate::diagnostic::{Code, Diagnostic, Fix, Label, Level};
use crate::lint::{Finding, Rule, Suppression};
use crate::pages;
use crate::source::{FileId, Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What relative paths are relative to: the folder that m1c runs in, for GitHub that of the repository.
const ROOT: &str = "SRCROOT";

/// A result, with what its rule is.
#[derive(Clone, Debug)]
pub struct Found {
    code: &'static Code,
    rule: Option<&'static Rule>,
    suppression: Option<Suppression>,
    result: SarifResult,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 1],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Repair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    /// Of all results, or of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<SarifSuppression>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Clone, Debug, Serialize)]
struct SarifSuppression {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Repair {
    description: Message,
    artifact_changes: Vec<Change>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

/// The results of one file.
pub(super) fn results(
    sources: &Sources,
    diagnostics: &[Diagnostic],
    findings: &[Finding],
) -> Vec<Found> {
    let mut places = Places::new(sources);
    let errors = diagnostics.iter().map(|diagnostic| (diagnostic, None));
    let findings = findings
        .iter()
        .map(|finding| (&finding.diagnostic, Some(finding)));
    errors
        .chain(findings)
        .map(|(diagnostic, finding)| Found {
            code: diagnostic.code,
            rule: finding.map(|finding| finding.rule),
            suppression: finding.and_then(|finding| finding.suppression.clone()),
            result: result(&mut places, diagnostic, finding),
        })
        .collect()
}

/// The document of all files.
pub(super) fn document(found: Vec<Found>, run: &super::Run) -> String {
    let mut indexes: BTreeMap<&str, (&'static Code, Option<&'static Rule>)> = BTreeMap::new();
    for one in &found {
        indexes.insert(one.code.name, (one.code, one.rule));
    }
    let rules = indexes
        .values()
        .map(|(code, rule)| descriptor(code, *rule))
        .collect();
    let numbers: BTreeMap<&str, usize> = indexes.keys().copied().zip(0..).collect();
    // SARIF wants to be told about all results or about none whether they are suppressed.
    let tells_suppressions = run.compared || found.iter().any(|one| one.suppression.is_some());
    let results = found
        .into_iter()
        .map(|one| SarifResult {
            rule_index: numbers.get(one.code.name).copied().unwrap_or(0),
            baseline_state: run
                .compared
                .then(|| baseline_state(one.suppression.as_ref())),
            suppressions: tells_suppressions
                .then(|| one.suppression.map(suppression).into_iter().collect()),
            ..one.result
        })
        .collect();
    let failures = run.failures.iter().map(|failure| Notification {
        level: "error",
        message: Message {
            text: failure.clone(),
        },
    });
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "m1c",
                    information_uri: pages::home(),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            invocations: [Invocation {
                execution_successful: run.failures.is_empty(),
                tool_execution_notifications: failures.collect(),
            }],
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    let Ok(mut text) = serde_json::to_string_pretty(&log) else {
        unreachable!("text and numbers are always JSON");
    };
    text.push('\n');
    text
}

fn baseline_state(suppression: Option<&Suppression>) -> &'static str {
    match suppression {
        Some(Suppression::Known) => "unchanged",
        Some(Suppression::Allowed(_)) | None => "new",
    }
}

fn suppression(suppression: Suppression) -> SarifSuppression {
    let (kind, justification) = match suppression {
        Suppression::Allowed(reason) => ("inSource", Some(reason)),
        Suppression::Known => ("external", None),
    };
    SarifSuppression {
        kind,
        status: "accepted",
        justification,
    }
}

fn descriptor(code: &'static Code, rule: Option<&'static Rule>) -> Descriptor {
    let page: Vec<&str> = code
        .documentation
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let page = page.join("\n").trim().to_owned();
    let (short, full, level, url) = match rule {
        Some(rule) => (
            rule.summary.to_owned(),
            format!("{}: {}", rule.summary, rule.consequence),
            rule.level.level(),
            pages::of_rule(code.name),
        ),
        None => {
            let first = page.split("\n\n").next().unwrap_or(&page);
            let first = first.replace('\n', " ");
            let short = first.split(". ").next().unwrap_or(&first).to_owned();
            (short, first, Level::Error, pages::of_error(code.name))
        }
    };
    // GitHub does not show the address otherwise.
    let link = url.as_ref().map(|url| format!("\n\n[More]({url})"));
    let markdown = format!("{page}{}", link.unwrap_or_default());
    Descriptor {
        id: code.name,
        name: pascal(code.name),
        short_description: Message { text: short },
        full_description: Message { text: full },
        help: Help {
            text: page,
            markdown,
        },
        help_uri: url,
        default_configuration: Configuration { level: word(level) },
        properties: Properties {
            tags: [if rule.is_some() { "lint" } else { "compiler" }],
            severity: match level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Advice => "recommendation",
            },
        },
    }
}

fn result(
    places: &mut Places<'_>,
    diagnostic: &Diagnostic,
    finding: Option<&Finding>,
) -> SarifResult {
    let mut text = diagnostic.message.clone();
    if let Some(consequence) = &diagnostic.consequence {
        let _ = write!(text, "\n{consequence}");
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    let identity = match finding {
        Some(finding) => finding.path(),
        None => diagnostic.message.clone(),
    };
    let related = diagnostic.related.iter().zip(1..);
    SarifResult {
        rule_id: diagnostic.code.name,
        rule_index: 0,
        level: word(diagnostic.level),
        message: Message { text },
        locations: physical(places, diagnostic.primary.span)
            .map(|place| Location {
                id: None,
                place,
                message: None,
            })
            .into_iter()
            .collect(),
        related_locations: related
            .filter_map(|(label, id)| related_location(places, label, id))
            .collect(),
        fixes: diagnostic
            .fix
            .iter()
            .map(|fix| repair(places, fix, diagnostic))
            .collect(),
        baseline_state: None,
        suppressions: None,
        partial_fingerprints: BTreeMap::from([(
            "m1cEntity/v1",
            hash(&format!("{}\n{identity}", diagnostic.code.name)),
        )]),
    }
}

fn related_location(places: &mut Places<'_>, label: &Label, id: usize) -> Option<Location> {
    Some(Location {
        id: Some(id),
        place: physical(places, label.span)?,
        message: (!label.text.is_empty()).then(|| Message {
            text: label.text.clone().into_owned(),
        }),
    })
}

fn physical(places: &mut Places<'_>, span: Span) -> Option<PhysicalLocation> {
    Some(PhysicalLocation {
        region: region(places, span)?,
        artifact_location: artifact(places.name(span.file)),
    })
}

fn region(places: &mut Places<'_>, span: Span) -> Option<Region> {
    let (start, end) = places.of(span)?;
    // A span that is none may end before it begins.
    let end = if (end.line, end.column) < (start.line, start.column) {
        start
    } else {
        end
    };
    Some(Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    })
}

fn repair(places: &mut Places<'_>, fix: &Fix, diagnostic: &Diagnostic) -> Repair {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.dedup();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        Change {
            artifact_location: artifact(places.name(file)),
            replacements: edits
                .filter_map(|edit| {
                    Some(Replacement {
                        deleted_region: region(places, edit.span)?,
                        inserted_content: Message {
                            text: edit.replacement.clone(),
                        },
                    })
                })
                .collect(),
        }
    });
    let help = diagnostic.help.as_ref().unwrap_or(&diagnostic.message);
    Repair {
        artifact_changes: changes.collect(),
        description: Message { text: help.clone() },
    }
}

/// The address of a file: relative paths stay relative.
fn artifact(name: &str) -> Artifact {
    let name = name.replace('\\', "/");
    let absolute = name.starts_with('/');
    let mut uri = String::from(if absolute { "file://" } else { "" });
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Artifact {
        uri,
        uri_base_id: (!absolute).then_some(ROOT),
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "note",
    }
}

/// `eol-postgres` as `EolPostgres`.
fn pascal(name: &str) -> String {
    name.split('-')
        .flat_map(|part| {
            let mut characters = part.chars();
            let first = characters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(characters)
        })
        .collect()
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut hexadecimal = String::new();
    for byte in digest.iter().take(16) {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}
