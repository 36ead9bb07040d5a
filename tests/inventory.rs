//! What `tpaexec provision` made of 30 clusters, and what m1c makes of them: `init`, then `build --target ansible`.
//!
//! `parity/inventory.jsonl.gz` has a run a line: the name of one in `parity/configure.jsonl.gz`, and the files of
//! the inventory or the error.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use m1c::backend::limits::limits;
use m1c::backend::{self, Backend, OutputFile};
use m1c::check::{self, Options};
use m1c::diagnostic::{Diagnostic, Diagnostics};
use m1c::source::Sources;
use m1c::topology::Topology;
use m1c::tpa::configure::{Answer, configure};
use m1c::yaml::{self, node::Data};
use serde_json::Value;

use crate::init::{OneFile, SOURCE};
use crate::memory;
use crate::parity;

struct Run {
    of_tpa: parity::Run,
    files: BTreeMap<String, String>,
    error: Option<String>,
}

fn runs() -> Vec<Run> {
    // The files that a run read stand with the command lines.
    let mut known: HashMap<String, parity::Run> = parity::runs()
        .into_iter()
        .map(|run| (run.id.clone(), run))
        .collect();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    parity::rows("tests/parity/inventory.jsonl.gz")
        .iter()
        .map(|row| Run {
            of_tpa: known.remove(&row["id"].to_string()).unwrap(),
            files: row["files"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(path, contents)| (path.clone(), text(contents).unwrap()))
                .collect(),
            error: text(&row["error"]),
        })
        .collect()
}

/// The cluster of a run, as `init` writes it.
fn built(run: &Run) -> (Sources, Topology) {
    let answer = configure(&run.of_tpa.argv, &run.of_tpa.given);
    let Ok(Answer::Source(source)) = answer else {
        panic!("{}: {answer:?}", run.of_tpa.id);
    };
    let checked = check::check(SOURCE, &OneFile(source.text), Options::default());
    assert_eq!(memory::messages(&checked), "", "{}", run.of_tpa.id);
    (checked.sources, checked.topology.unwrap())
}

fn limits_of(topology: &Topology) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    limits(Backend::Ansible, topology, &mut diagnostics);
    diagnostics.into_sorted()
}

/// The files of an inventory, without what only TPA knows or only m1c writes.
fn comparable(files: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let is_shared =
        |path: &str| !path.ends_with("/hashes/config.yml") && path != "inventory/hosts.yml";
    files
        .filter(|(path, _)| is_shared(path))
        .map(|(path, text)| (path, text.replace("tpa_version: 23.40.1\n", "")))
        .collect()
}

#[test]
fn what_tpa_provisions_is_built() {
    let mut compared = 0;
    for run in runs().into_iter().filter(|run| run.error.is_none()) {
        let (_, topology) = built(&run);
        assert_eq!(limits_of(&topology), [], "{}", run.of_tpa.id);
        let cluster = format!("{}/", topology.clusters[0].name.value);
        let files = backend::emit(Backend::Ansible, &topology).into_iter();
        let found = files.map(|file| {
            let path = file.path.strip_prefix(&cluster).unwrap().to_owned();
            (path, file.contents)
        });
        let (expected, found) = (comparable(run.files.into_iter()), comparable(found));
        let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&expected), paths(&found), "{}", run.of_tpa.id);
        for (path, text) in &expected {
            assert_eq!(text, &found[path], "{}: {path}", run.of_tpa.id);
        }
        compared += 1;
    }
    assert!(compared > 20);
}

#[test]
fn machines_without_address_are_refused_as_tpa_does() {
    let mut refused = 0;
    for run in runs() {
        let Some(error) = &run.error else { continue };
        let (sources, topology) = built(&run);
        let diagnostics = limits_of(&topology);
        if !error.contains("must specify at least one of ip_address") {
            assert_eq!(diagnostics, [], "{}: {error}", run.of_tpa.id);
            continue;
        }
        assert_eq!(diagnostics.len(), 1, "{}", run.of_tpa.id);
        let diagnostic = &diagnostics[0];
        assert_eq!(diagnostic.code.name, "missing-address");
        // TPA names the machine.
        let (_, behind) = error.split_once("\"Name\": \"").unwrap();
        let (name, _) = behind.split_once('"').unwrap();
        assert!(
            diagnostic.message.contains(&format!("`{name}`")),
            "{diagnostic:?}"
        );
        assert_ne!(sources.slice(diagnostic.primary.span), "");
        refused += 1;
    }
    assert!(refused > 4);
}

#[test]
fn every_inventory_can_be_written() {
    let mut written = 0;
    for run in parity::runs() {
        let Ok(Answer::Source(source)) = configure(&run.argv, &run.given) else {
            continue;
        };
        let topology = check::check(SOURCE, &OneFile(source.text), Options::default())
            .topology
            .unwrap();
        if !limits_of(&topology).is_empty() {
            continue;
        }
        let files = backend::emit(Backend::Ansible, &topology);
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "{}", run.id);
        let is_yaml =
            |file: &&OutputFile| Path::new(&file.path).extension() == Some("yml".as_ref());
        for file in files.iter().filter(is_yaml) {
            let Data::Map(entries) = yaml::read(&file.contents).unwrap().data else {
                panic!("{}: {} is not a map", run.id, file.path);
            };
            assert_ne!(entries, [], "{}: {}", run.id, file.path);
        }
        written += 1;
    }
    assert!(written > 200, "{written}");
}
