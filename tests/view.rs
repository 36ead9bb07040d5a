//! Lint's view of every cluster in the repository, and what the inventory and Terraform make of the same machines.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Body;
use m1c::backend::limits::limits;
use m1c::backend::{self, Backend};
use m1c::diagnostic::Diagnostics;
use m1c::facts::roles::Role;
use m1c::lint::{self, Context, rules};
use m1c::origin::Sourced;
use m1c::source::FileId;
use m1c::topology::Topology;
use m1c::tpa::view::truth::{
    ansible_bool, module_bool, postgres_bool, postgres_whole, python_truthy, whole,
};
use m1c::tpa::view::{self, Instance, Subject, streaming};
use m1c::tpa::{config, document};
use m1c::value::Map;
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

/// What an expression of HCL without names in it says, as data.
#[allow(clippy::wildcard_enum_match_arm)]
fn data(expression: &Expression) -> Value {
    match expression {
        Expression::Bool(boolean) => Value::Bool(*boolean.value()),
        Expression::Number(number) => serde_yaml::from_str(&number.value().to_string()).unwrap(),
        Expression::String(text) => Value::String(text.value().clone()),
        Expression::Array(items) => Value::Sequence(items.iter().map(data).collect()),
        Expression::Object(entries) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(name) => name.as_str().to_owned(),
                ObjectKey::Expression(text) => text.as_str().unwrap().to_owned(),
            };
            let entries = entries.iter();
            let entries = entries.map(|(name, value)| (key(name).into(), data(value.expr())));
            Value::Mapping(entries.collect())
        }
        _ => Value::Null,
    }
}

/// What every target says of a machine, asked in one way.
#[derive(Debug, PartialEq)]
struct Answers {
    roles: Vec<String>,
    upstream: Vec<String>,
    backup: Vec<String>,
    user: Option<String>,
    location: String,
    is_listed: bool,
}

fn of_view(subject: &Subject, instance: &Instance) -> Answers {
    let texts = |names: &[Sourced<String>]| -> Vec<String> {
        names.iter().map(|name| name.value.clone()).collect()
    };
    Answers {
        roles: texts(&instance.roles),
        upstream: texts(instance.upstream.as_slice()),
        backup: texts(&instance.backup),
        user: instance.user().map(|user| user.value),
        location: subject
            .location_name(instance)
            // One that nobody declared.
            .or_else(|| instance.entry.get("location")?.as_text())
            .unwrap_or_default()
            .to_owned(),
        is_listed: !instance.is_provision_only(),
    }
}

/// The devices of a machine's volumes, each once.
fn devices(volumes: &[Map]) -> BTreeSet<String> {
    let device = |volume: &Map| volume.get("device_name")?.spelling();
    volumes.iter().filter_map(device).collect()
}

fn inventory_agrees(subject: &Subject, instance: &Instance, files: &BTreeMap<String, String>) {
    let (cluster, name) = (&subject.name.as_ref().unwrap().value, &instance.name.value);
    let folder = format!("{cluster}/inventory");
    let vars = &files[&format!("{folder}/host_vars/{name}/01-instance_vars.yml")];
    let vars: Value = serde_yaml::from_str(vars).unwrap();
    let text = |key: &str| vars.get(key).and_then(Value::as_str).map(str::to_owned);
    let answers = Answers {
        roles: texts(vars.get("role")),
        upstream: texts(vars.get("upstream")),
        backup: texts(vars.get("backup")),
        user: text("ansible_user"),
        location: text("location").unwrap_or_default(),
        is_listed: files[&format!("{folder}/hosts.yml")]
            .lines()
            .any(|line| line.trim() == format!("{name}: {{}}")),
    };
    let mut expected = of_view(subject, instance);
    // TPA's own word, which it finds out again.
    expected.roles.retain(|role| role != Role::Postgres.name());
    assert_eq!(answers, expected, "{name} in the inventory");
    let written = vars["volumes"].as_sequence().unwrap().len();
    let known = if instance.platform.value == "docker" {
        0
    } else {
        devices(&instance.volumes).len()
    };
    assert_eq!(written, known, "volumes of {name} in the inventory");
}

fn terraform_agrees(subject: &Subject, files: &BTreeMap<String, String>) {
    let cluster = &subject.name.as_ref().unwrap().value;
    let body: Body = files[&format!("{cluster}/terraform/cluster.tf")]
        .parse()
        .unwrap();
    let locals = body.get_blocks("locals").next().unwrap();
    let local = |name: &str| data(&locals.body.get_attribute(name).unwrap().value);
    let (nodes, listed) = (local("nodes"), texts(Some(&local("listed"))));
    for instance in &subject.instances {
        let name = &instance.name.value;
        let node = &nodes[name.as_str()];
        let text = |key: &str| node.get(key).and_then(Value::as_str).map(str::to_owned);
        let answers = Answers {
            roles: texts(node.get("roles")),
            upstream: texts(node.get("upstream")),
            backup: texts(node.get("backup")),
            user: text("ssh_user"),
            location: text("location").unwrap_or_default(),
            is_listed: listed.contains(name),
        };
        let mut expected = of_view(subject, instance);
        // Whoever a machine does not name is who the platform logs in as.
        expected.user = expected.user.or_else(|| answers.user.clone());
        assert_eq!(answers, expected, "{name} in Terraform");
        if instance.platform.value == "aws" {
            let keys = |of: &str| {
                let disks = node.get(of).and_then(Value::as_mapping);
                let disks = disks.into_iter().flat_map(|disks| disks.keys());
                disks.map(|device| device.as_str().unwrap().to_owned())
            };
            let root = node.get("root_volume").map(|_| "root".to_owned());
            let made: BTreeSet<String> = keys("volumes")
                .chain(keys("instance_storage"))
                .chain(root)
                .collect();
            // What is joined from other disks is not made.
            let is_made = |volume: &&Map| {
                let says = |key: &str| volume.get(key).is_some();
                says("volume_size") || says("ephemeral") || says("volume_type")
            };
            let known: Vec<Map> = instance.volumes.iter().filter(is_made).cloned().collect();
            assert_eq!(made, devices(&known), "volumes of {name} in Terraform");
        }
    }
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
        third("aws", "repmgr", "vars { ansible_user = dba }"),
        third(
            "aws",
            "repmgr",
            "volumes { postgres 30GB; disk 5GB { device = \"/dev/sdi\" } }",
        ),
        third("aws", "repmgr", "volumes { root none }"),
        third("aws", "repmgr", "settings { volumes = [] }"),
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
        (
            "patroni",
            r#"vars { patroni_conf_settings = { tags = { nofailover = "false" } } }"#,
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
        let context = Context::new(&subject, None, None);
        let findings = lint::lint(&context, &[rules::find("wrong-type").unwrap()]);
        assert_eq!(findings.len(), said, "{written}: {findings:?}");
    }
}

/// Seen with ansible-core 2.16 and 2.19, and with PostgreSQL 17.
#[test]
fn each_program_has_its_own_truth() {
    let value = |text: &str| {
        let text = format!("a: {text}");
        let document = document::read(FileId::nth(0), &text).unwrap();
        document.map.get("a").unwrap().clone()
    };
    let (yes, no) = (Some(true), Some(false));
    for (written, filter, module, python, postgres) in [
        ("true", yes, yes, true, yes),
        ("\"no\"", no, no, true, no),
        ("\"On\"", yes, yes, true, yes),
        ("\"y\"", no, yes, true, yes),
        ("\"f\"", no, no, true, no),
        ("\"of\"", None, None, true, no),
        ("\"o\"", None, None, true, None),
        ("\"tr\"", None, None, true, yes),
        ("\"oui\"", None, None, true, None),
        ("\"'off'\"", None, None, true, no),
        ("\"\"", None, None, false, None),
        ("1", yes, yes, true, yes),
        ("0", no, no, false, no),
        ("2", no, None, true, None),
        ("[]", None, None, false, None),
    ] {
        let value = value(written);
        assert_eq!(ansible_bool(&value), filter, "{written} to a filter");
        assert_eq!(module_bool(&value), module, "{written} to a module");
        assert_eq!(python_truthy(&value), python, "{written} to Python");
        assert_eq!(postgres_bool(&value), postgres, "{written} to Postgres");
    }
    for (written, ansible, postgres) in [
        ("12", Some(12), Some(12)),
        ("\"12\"", Some(12), Some(12)),
        ("\" +5 \"", Some(5), Some(5)),
        ("\"010\"", Some(10), Some(8)),
        ("\"0x10\"", None, Some(16)),
        ("\"08\"", Some(8), None),
        ("\"-0x10\"", None, Some(-16)),
        ("\"'12'\"", None, Some(12)),
        ("12.5", None, None),
        ("\"\"", None, None),
        ("\"-\"", None, None),
    ] {
        let value = value(written);
        assert_eq!(whole(&value), ansible, "{written} to Ansible");
        assert_eq!(postgres_whole(&value), postgres, "{written} to Postgres");
    }
}
