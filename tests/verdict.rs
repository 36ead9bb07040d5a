//! What TPA's own validation said about 180 config.ymls, and what the rules say about them.
//!
//! `parity/verdict.jsonl.gz` has a file a line: as `tpaexec configure` wrote it or with one change (`mutation`), and
//! whether `tpaexec provision` accepted it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use m1c::backend::{self, Backend};
use m1c::check::{Options, check};
use m1c::diagnostic::Level;
use m1c::lint::{self, Context, Finding, rules};
use m1c::source::{Sources, Span};
use m1c::tpa::configure::{Answer, configure};
use m1c::tpa::view::{self, Subject};
use m1c::tpa::{config, document};
use serde_json::Value;

use crate::{corpus, memory};

/// Whatever was changed.
const EVERY: &str = "";

/// What TPA accepts and the rules call an error all the same: the mutation, the rules, and the reason.
const STRICTER: &[(&str, &[&str], &str)] = &[
    (
        "self-upstream",
        &["upstream-cycle", "no-promotable-standby"],
        "provision accepts it, deploy never ends",
    ),
    (
        "two-primaries",
        &["exactly-one-primary"],
        "provision accepts it, deploy makes two databases",
    ),
    (
        "no-primary",
        &["exactly-one-primary"],
        "provision accepts it, deploy has nothing to clone",
    ),
    (
        EVERY,
        &[
            "beacon-incomplete",
            "edb-repo-required",
            "flavour-options",
            "no-package-for-os",
            "unknown-repository",
        ],
        "provision does not look for packages, deploy does not find them",
    ),
    (
        EVERY,
        &["ami-architecture-mismatch"],
        "provision starts no machine where the verdicts were made, AWS refuses the pair",
    ),
    (
        "as-configured",
        &["fips-incompatible"],
        "CIS on a system that the last step of deploy refuses",
    ),
    ("unknown-role", &["unknown-role"], "no tool ever reports it"),
    (
        "drop-role",
        &[
            "exactly-one-primary",
            "bad-upstream-target",
            "haproxy-backends",
        ],
        "the machine without a role was needed",
    ),
    (
        "drop-name",
        &["dangling-reference"],
        "variables still name the machine",
    ),
    (
        "underscore-name",
        &["dangling-reference", "haproxy-backends"],
        "variables still name the machine as it was called before",
    ),
    (
        "name-fqdn",
        &["dangling-reference"],
        "variables still name the machine as it was called before",
    ),
];

/// A config.yml and TPA's verdict.
pub(crate) struct Row {
    pub(crate) name: String,
    mutation: String,
    pub(crate) config: String,
    error: Option<String>,
}

pub(crate) fn rows() -> Vec<Row> {
    let file = File::open("tests/parity/verdict.jsonl.gz").unwrap();
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    let row = |(number, line): (usize, std::io::Result<String>)| {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        Row {
            name: format!("line {}, {} {}", number + 1, text("id"), text("mutation")),
            mutation: text("mutation"),
            config: text("config"),
            error: (!row["ok"].as_bool().unwrap()).then(|| text("error")),
        }
    };
    lines.enumerate().map(row).collect()
}

/// The errors that the rules find.
fn errors(subject: &Subject) -> Vec<Finding> {
    let context = Context::new(subject, None, None);
    let mut findings = lint::lint(&context, rules::ALL);
    findings.retain(|finding| finding.diagnostic.level == Level::Error);
    findings
}

fn read(config: &str) -> Subject {
    let mut sources = Sources::default();
    let file = sources.add("config.yml", config.to_owned());
    view::from_file(document::read(file, config).unwrap())
}

fn messages(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let (rule, message) = (finding.rule.code.name, &finding.diagnostic.message);
        format!("    {rule}: {message}\n")
    };
    findings.iter().map(line).collect()
}

#[test]
fn what_tpa_refuses_is_an_error() {
    let mut failures = String::new();
    for row in rows() {
        let Some(error) = &row.error else { continue };
        let found = errors(&read(&row.config));
        let has_place = |finding: &Finding| finding.diagnostic.primary.span != Span::NONE;
        if found.iter().any(has_place) {
            continue;
        }
        failures.push_str(&format!("{}: {error}\n{}", row.name, messages(&found)));
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn what_tpa_accepts_is_no_error() {
    let mut failures = String::new();
    for row in rows().iter().filter(|row| row.error.is_none()) {
        let allows = |finding: &Finding| {
            let applies = |name: &str| name == row.mutation || name == EVERY;
            let rule = finding.rule.code.name;
            STRICTER
                .iter()
                .any(|(name, rules, _)| applies(name) && rules.contains(&rule))
        };
        let mut found = errors(&read(&row.config));
        found.retain(|finding| !allows(finding));
        if !found.is_empty() {
            failures.push_str(&format!("{}\n{}", row.name, messages(&found)));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// A source says what its config.yml says, so the rules find the same errors in both.
#[test]
fn examples_have_no_errors_as_source_and_as_yaml() {
    let mut failures = String::new();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    for path in corpus::files_in("examples") {
        let mut memory = memory::Memory::default();
        for path in corpus::files_in("examples") {
            memory.files.insert(name(&path), corpus::read(&path));
        }
        let checked = check(&name(&path), &memory, Options::default());
        let Some(topology) = &checked.topology else {
            continue;
        };
        for cluster in &topology.clusters {
            let found = errors(&view::from_config(config::config(cluster)));
            if !found.is_empty() {
                failures.push_str(&format!("{}\n{}", path.display(), messages(&found)));
            }
        }
        for file in backend::emit(Backend::Tpa, topology) {
            let found = errors(&read(&file.contents));
            if !found.is_empty() {
                failures.push_str(&format!("{}\n{}", file.path, messages(&found)));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Errors in what TPA itself configures: it accepts these command lines, and provision or deploy fails.
const CONFIGURED: &[(&str, &str)] = &[
    (
        "ami-architecture-mismatch",
        "images for other processors than those of the type, which AWS refuses",
    ),
    (
        "invalid-or-duplicate-address",
        "private addresses of a host file that are outside of the subnets on aws",
    ),
    (
        "bad-hostname",
        "names of a host file with dots on aws, which provision refuses",
    ),
    (
        "patroni-bad-members",
        "Patroni with one data node, which deploy cannot set up",
    ),
    (
        "beacon-incomplete",
        "a Beacon agent without a project, which deploy cannot configure",
    ),
    ("flavour-options", "packages whose repositories are closed"),
    (
        "no-package-for-os",
        "software that TPA has no packages of on SLES",
    ),
    (
        "unknown-repository",
        "repositories of 2ndQuadrant, which are closed",
    ),
    (
        "bare-needs-address",
        "machines of a host file without addresses, and the PEM server, which never has one",
    ),
    (
        "edb-repo-required",
        "repositories that lack what the cluster is made of, which deploy does not find",
    ),
    (
        "extension-not-for-flavour",
        "pgaudit on EPAS, which later releases of TPA refuse",
    ),
    (
        "fips-incompatible",
        "CIS where the last step of deploy cannot pass",
    ),
    (
        "key-not-for-platform",
        "addresses of a host file on a platform that does not take them",
    ),
    (
        "patroni-flavour-repos",
        "community packages of Patroni without PGDG, which deploy refuses",
    ),
    (
        "stig-preconditions",
        "STIG with a pooler that the standard forbids as it is configured",
    ),
];

/// What `init` writes for command lines that TPA accepts, and what TPA writes for them.
#[test]
fn accepted_command_lines_have_no_errors() {
    let mut failures = String::new();
    for run in crate::parity::runs() {
        let (Some(config), Ok(Answer::Source(source))) =
            (&run.config, configure(&run.argv, &run.given))
        else {
            continue;
        };
        let checked = memory::check_text(&source.text);
        let clusters = checked
            .topology
            .iter()
            .flat_map(|topology| &topology.clusters);
        let mut found = errors(&read(config));
        for cluster in clusters {
            found.extend(errors(&view::from_config(config::config(cluster))));
        }
        found.retain(|finding| {
            let name = finding.rule.code.name;
            !CONFIGURED.iter().any(|(known, _)| *known == name)
        });
        if !found.is_empty() {
            let argv = run.argv.join(" ");
            failures.push_str(&format!("{}: {argv}\n{}", run.id, messages(&found)));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
