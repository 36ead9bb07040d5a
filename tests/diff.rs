//! `m1c diff`: every variable and key has a row in the table of effects, the page is made from it, and what comes out is
//! valid by its schema.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use m1c::facts::choices::Platform;
use m1c::facts::consequences::{Consequence, Effect};
use m1c::facts::effects::{self, Group};
use m1c::facts::keys;
use m1c::facts::settled::{RESTARTING, Settled};
use m1c::facts::variables::{Scope, VARIABLES};

use crate::pages;

const TABLE: &str = "<!-- The tables below are generated from `src/facts/effects`. -->\n";

#[test]
fn every_variable_has_one_row() {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for name in effects::variables()
        .into_iter()
        .flat_map(|group| group.names)
    {
        *rows.entry(name).or_default() += 1;
    }
    let known: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    let missing: Vec<&&str> = known
        .iter()
        .filter(|name| !rows.contains_key(**name))
        .collect();
    let made_up: Vec<&&str> = rows.keys().filter(|name| !known.contains(name)).collect();
    let twice: Vec<&&str> = rows
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(name, _)| name)
        .collect();
    assert!(
        missing.is_empty(),
        "no row in `src/facts/effects/table.rs`: {missing:?}"
    );
    assert!(made_up.is_empty(), "TPA has no such variable: {made_up:?}");
    assert!(twice.is_empty(), "more than one row: {twice:?}");
}

#[test]
fn every_key_of_machines_and_volumes_has_a_row() {
    for platform in Platform::ALL {
        for key in keys::of_instance(Some(platform)) {
            assert!(
                effects::of_machine_key(key, platform).is_some(),
                "`{key}` on {platform}"
            );
        }
    }
    for key in keys::VOLUME {
        assert!(effects::of_volume_key(key).is_some(), "`{key}` of a volume");
    }
    for key in keys::VOLUME_VARS {
        assert!(
            effects::of_volume_variable(key).is_some(),
            "`{key}` in `vars` of a volume"
        );
    }
}

/// The documentation of TPA says of many variables whether a reload is enough.
#[test]
fn what_tpa_documents_is_what_the_table_says() {
    for variable in VARIABLES
        .iter()
        .filter(|variable| variable.scope == Scope::Both)
    {
        let effect = effects::of_variable(variable.name).unwrap().effect;
        let documented = if variable.documentation.contains("(reload)") {
            Effect::Reload
        } else if variable.documentation.contains("(restart)") {
            Effect::Restart
        } else {
            continue;
        };
        // Any destination but syslog starts the logging collector.
        if variable.name != "log_destination" {
            assert_eq!(effect, documented, "{}", variable.name);
        }
    }
}

#[test]
fn what_restarts_for_the_linter_restarts_here() {
    for (name, _) in RESTARTING {
        assert_eq!(
            effects::of_variable(name).unwrap().effect,
            Effect::Restart,
            "{name}"
        );
    }
    for settled in Settled::ALL {
        let consequence = effects::of_variable(settled.name()).unwrap();
        assert_eq!(consequence, settled.changed(), "{}", settled.name());
    }
}

/// What TPA does not follow comes with the steps that do it, on a cluster that has whatever reads it.
#[test]
fn what_is_left_to_do_by_hand_has_steps() {
    let manual = VARIABLES.iter().map(|variable| variable.name);
    let manual = manual.filter(|name| effects::of_variable(name).unwrap().effect == Effect::Manual);
    for name in manual {
        let tried = ["repmgr", "efm", "patroni"].map(|manager| schema::changed(name, manager));
        let told = tried.iter().filter(|diff| {
            let mut changes = diff.changes();
            changes.any(|change| change.cause.starts_with(name) && change.effect == Effect::Manual)
        });
        let told: Vec<_> = told.collect();
        assert!(
            !told.is_empty(),
            "nobody is told that `{name}` is left to do"
        );
        for diff in told {
            assert!(!diff.by_hand.is_empty(), "no task for `{name}`");
            for task in &diff.by_hand {
                assert!(!task.steps.is_empty(), "no steps: {}", task.title);
            }
        }
    }
}

#[test]
fn the_page_has_the_table() {
    let path = "docs/diff.md";
    let page = fs::read_to_string(path).unwrap();
    let (text, _) = page
        .split_once(TABLE)
        .expect("the page says where the tables begin");
    let mut page = format!("{text}{TABLE}\n## Effects\n\n| effect | |\n|---|---|\n");
    for effect in Effect::ALL {
        writeln!(page, "| `{effect}` | {} |", effect.meaning()).unwrap();
    }
    page.push_str("\n## Variables\n\n| variable | read by | effect | |\n|---|---|---|---|\n");
    for group in effects::variables() {
        row("", group, &mut page);
    }
    page.push_str("\n## Machines and volumes\n\n| key | of | effect | |\n|---|---|---|---|\n");
    for (of, group) in effects::keys() {
        row(of, group, &mut page);
    }
    pages::assert_current(path, &page);
}

fn row(of: &str, group: Group, page: &mut String) {
    let Consequence { effect, part, says } = group.consequence;
    let names: Vec<String> = group.names.iter().map(|name| format!("`{name}`")).collect();
    let of = if of.is_empty() { part.name() } else { of };
    writeln!(
        page,
        "| {} | {of} | `{effect}` | {says} |",
        names.join(", ")
    )
    .unwrap();
}

mod schema {
    use m1c::backend::{self, Backend};
    use m1c::check::{self, Options};
    use m1c::diff::{self, Side};
    use m1c::report::Style;
    use m1c::report::diff::{Format, Look, Run, render};
    use m1c::source::Sources;
    use m1c::tpa::view::{self, Subject};
    use m1c::tpa::{config, document};
    use serde_json::Value;

    use crate::corpus;
    use crate::memory::Memory;

    const OLD: &str = include_str!("diff/old.yml");
    const NEW: &str = include_str!("diff/new.yml");

    fn subject(name: &str, text: &str) -> (Subject, Sources) {
        let mut sources = Sources::default();
        let file = sources.add(name.to_owned(), text.to_owned());
        let document = document::read(file, text).expect("YAML");
        (view::from_file(document), sources)
    }

    fn side((subject, sources): &(Subject, Sources)) -> Side<'_> {
        Side { subject, sources }
    }

    /// What is said where a variable gets another value, on a cluster that runs everything.
    pub(super) fn changed(name: &str, manager: &str) -> diff::Diff {
        let text = |value: &str| {
            format!(
                "architecture: M1\ncluster_name: all\n{name}: {value}\ncluster_vars:\n  failover_manager: {}\n  {name}: {value}\n\
                 instance_defaults: {{ platform: bare }}\ninstances:\n\
                 - {{ Name: db1, node: 1, role: [primary, pgbouncer, pem-agent], public_ip: 10.0.0.1 }}\n\
                 - {{ Name: bkp, node: 2, role: [barman, pem-server, etcd, haproxy], public_ip: 10.0.0.2 }}\n",
                if name == "failover_manager" {
                    value
                } else {
                    manager
                }
            )
        };
        let (old, new) = (
            subject("old.yml", &text("efm")),
            subject("new.yml", &text("repmgr")),
        );
        diff::compare(side(&old), side(&new))
    }

    fn run() -> Run {
        let (old, new) = (subject("old.yml", OLD), subject("new.yml", NEW));
        let (before, now) = (side(&old), side(&new));
        Run {
            diffs: vec![
                diff::compare(before, now),
                diff::compare(now, now),
                diff::made(now),
                diff::gone(before),
            ],
            same_sources: 3,
            failures: vec!["`x.m1` does not compile".to_owned()],
        }
    }

    #[test]
    fn documents_are_valid() {
        let schema = include_str!("../docs/diff.schema.json");
        let schema = serde_json::from_str(schema).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        for run in [run(), Run::default()] {
            let look = Look {
                format: Format::Json,
                style: Style::Plain,
                width: 100,
            };
            let document: Value = serde_json::from_str(&render(look, &run)).unwrap();
            let wrong: Vec<String> = schema
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }

    /// What is built from a source is what the source says: nothing changes between the two.
    #[test]
    fn nothing_changes_in_what_is_the_same() {
        let paths = corpus::files_in("examples");
        let files = paths
            .iter()
            .map(|path| (path.display().to_string(), corpus::read(path)));
        let files = Memory {
            files: files.collect(),
        };
        for name in files.files.keys() {
            let analysis = check::analyse(name, &files, Options::default());
            for cluster in &analysis.topology.clusters {
                let now = view::from_config(config::config(cluster));
                let now = Side {
                    subject: &now,
                    sources: &analysis.sources,
                };
                let path = format!("{}/config.yml", cluster.name.value);
                let built = backend::emit(Backend::Tpa, &analysis.topology);
                let built = built.into_iter().find(|file| file.path == path).unwrap();
                let (old, sources) = subject(&path, &built.contents);
                let before = Side {
                    subject: &old,
                    sources: &sources,
                };
                for diff in [diff::compare(now, now), diff::compare(before, now)] {
                    assert!(diff.is_empty(), "{name}: {diff:#?}");
                }
            }
        }
    }
}
