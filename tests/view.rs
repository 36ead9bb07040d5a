//! Lint's view of every cluster in the repository, and what the inventory and Terraform make of the same machines.

use std::collections::BTreeMap;

use m1c::backend::limits::limits;
use m1c::backend::{self, Backend};
use m1c::diagnostic::Diagnostics;
use m1c::facts::roles::Role;
use m1c::lint::{self, Context, rules};
use m1c::topology::Topology;
use m1c::tpa::config;
use m1c::tpa::view::{self, Instance, Subject, streaming};
use serde_yaml::Value;

use crate::{corpus, memory};

const INHERITED_TAGS: &str = "cluster speedy {
  postgres postgresql 16
  failover repmgr
  platform bare
  defaults { tags = { upstream = db9; role = witness; backup = db9 } }
  location main {
    primary db1 { address = 10.0.0.1 }
    replica db2 { address = 10.0.0.2 }
    replica db3 { address = 10.0.0.3; tags { backup = bar } }
    barman bar { address = 10.0.0.9 }
  }
}
";

/// A cluster whose third machine has something.
fn third(platform: &str, failover: &str, third: &str) -> String {
    format!(
        "cluster speedy {{
  postgres postgresql 16
  failover {failover}
  platform {platform}
  location main {{ primary db1; replica db2; replica db3 {{ {third} }}; barman bar }}
}}
"
    )
}

fn topology(text: &str) -> Option<Topology> {
    memory::check_text(text).topology
}

fn subjects(topology: &Topology) -> Vec<Subject> {
    let clusters = topology.clusters.iter();
    clusters
        .map(|cluster| view::from_config(config::config(cluster)))
        .collect()
}

/// Whether a backend can say all of it.
fn is_sayable(backend: Backend, topology: &Topology) -> bool {
    let mut diagnostics = Diagnostics::default();
    limits(backend, topology, &mut diagnostics);
    diagnostics.into_sorted().is_empty()
}

fn emitted(backend: Backend, topology: &Topology) -> BTreeMap<String, String> {
    let files = backend::emit(backend, topology).into_iter();
    files.map(|file| (file.path, file.contents)).collect()
}

/// A text or a list of texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Sequence(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn inventory_agrees(subject: &Subject, instance: &Instance, files: &BTreeMap<String, String>) {
    let (cluster, name) = (&subject.name.as_ref().unwrap().value, &instance.name.value);
    let folder = format!("{cluster}/inventory");
    let vars = &files[&format!("{folder}/host_vars/{name}/01-instance_vars.yml")];
    let vars: Value = serde_yaml::from_str(vars).unwrap();
    let roles = instance.roles.iter().map(|role| role.value.clone());
    let roles: Vec<String> = roles.filter(|role| role != Role::Postgres.name()).collect();
    assert_eq!(roles, texts(vars.get("role")), "roles of {name}");
    let upstream = instance.upstream.iter().map(|name| name.value.clone());
    let upstream: Vec<String> = upstream.collect();
    assert_eq!(upstream, texts(vars.get("upstream")), "upstream of {name}");
    let backup = instance.backup.iter().map(|name| name.value.clone());
    let backup: Vec<String> = backup.collect();
    assert_eq!(backup, texts(vars.get("backup")), "backup of {name}");
    let hosts: Value = serde_yaml::from_str(&files[&format!("{folder}/hosts.yml")]).unwrap();
    let is_listed = serde_yaml::to_string(&hosts)
        .unwrap()
        .lines()
        .any(|line| line.trim() == format!("{name}: {{}}"));
    assert_eq!(!instance.is_provision_only(), is_listed, "{name} is listed");
}

fn terraform_agrees(subject: &Subject, files: &BTreeMap<String, String>) {
    let cluster = &subject.name.as_ref().unwrap().value;
    let text = &files[&format!("{cluster}/terraform/cluster.tf")];
    let (_, listed) = text.split_once("listed = [").unwrap();
    let (listed, _) = listed.split_once(']').unwrap();
    let listed: Vec<&str> = listed
        .split(',')
        .map(|name| name.trim().trim_matches('"'))
        .filter(|name| !name.is_empty())
        .collect();
    let there = subject.instances.iter();
    let there: Vec<&str> = there
        .filter(|instance| !instance.is_provision_only())
        .map(|instance| instance.name.value.as_str())
        .collect();
    assert_eq!(there, listed, "{cluster}");
}

#[test]
fn every_target_sees_what_lint_sees() {
    let mut texts = vec![
        INHERITED_TAGS.to_owned(),
        third("aws", "repmgr", "settings { provision_only = no }"),
        third("aws", "repmgr", "settings { provision_only = false }"),
        third("aws", "repmgr", "settings { provision_only = true }"),
        third("docker", "repmgr", "settings { provision_only = 0 }"),
        third("docker", "repmgr", "settings { provision_only = 2 }"),
    ];
    for folder in ["examples", "tests", "docs"] {
        texts.extend(
            corpus::files_in(folder)
                .iter()
                .map(|path| corpus::read(path)),
        );
    }
    let (mut inventories, mut terraforms) = (0, 0);
    for topology in texts.iter().filter_map(|text| topology(text)) {
        let subjects = subjects(&topology);
        if is_sayable(Backend::Ansible, &topology) {
            let files = emitted(Backend::Ansible, &topology);
            for subject in &subjects {
                for instance in &subject.instances {
                    inventory_agrees(subject, instance, &files);
                }
            }
            inventories += 1;
        }
        if is_sayable(Backend::Terraform, &topology) {
            let files = emitted(Backend::Terraform, &topology);
            for subject in &subjects {
                terraform_agrees(subject, &files);
            }
            terraforms += 1;
        }
    }
    assert!(
        inventories > 15 && terraforms > 10,
        "{inventories} inventories, {terraforms} of Terraform"
    );
}

#[test]
fn only_own_tags_move() {
    let topology = topology(INHERITED_TAGS).unwrap();
    let subject = subjects(&topology).remove(0);
    let upstream = |name: &str| {
        let upstream = subject.instance(name).unwrap().upstream.as_ref();
        upstream.map(|name| name.value.clone())
    };
    assert_eq!(upstream("db1"), None);
    assert_eq!(upstream("db2").as_deref(), Some("db1"));
    assert_eq!(subject.instance("db3").unwrap().backup[0].value, "bar");
}

#[test]
fn a_machine_that_is_never_promoted_cannot_become_the_primary() {
    for (failover, settings) in [
        ("repmgr", "vars { repmgr_priority = 0 }"),
        ("repmgr", "vars { repmgr_failover = manual }"),
        (
            "repmgr",
            r#"vars { repmgr_conf_settings = ["priority=0"] }"#,
        ),
        (
            "repmgr",
            r#"vars { repmgr_conf_settings = ["failover=manual"] }"#,
        ),
        (
            "patroni",
            "vars { patroni_conf_settings = { tags = { nofailover = true } } }",
        ),
        (
            "patroni",
            r#"vars { patroni_conf_settings = { tags = { nofailover = "yes" } } }"#,
        ),
        (
            "patroni",
            "vars { patroni_conf_settings = { tags = { nofailover = 1 } } }",
        ),
    ] {
        let topology = topology(&third("docker", failover, settings)).unwrap();
        let subject = subjects(&topology).remove(0);
        let promotable = |name| streaming::is_promotable(&subject, subject.instance(name).unwrap());
        assert!(promotable("db2"), "{settings}");
        assert!(!promotable("db3"), "{settings}");
    }
}

#[test]
fn a_text_that_reads_as_false_and_counts_as_true_is_said() {
    for (written, said) in [
        ("no", 1),
        (r#""false""#, 1),
        (r#""0""#, 1),
        ("false", 0),
        ("true", 0),
        ("yes", 0),
    ] {
        let third = third(
            "aws",
            "repmgr",
            &format!("settings {{ provision_only = {written} }}"),
        );
        let subject = subjects(&topology(&third).unwrap()).remove(0);
        let context = Context {
            subject: &subject,
            today: None,
            environment: None,
        };
        let findings = lint::lint(&context, &[rules::find("wrong-type").unwrap()]);
        assert_eq!(findings.len(), said, "{written}: {findings:?}");
    }
}
