//! Settings of failover managers, judged as the programs themselves judged them: `tests/managers` has what they said, and
//! the scripts that asked them.

use std::fmt::Write as _;

use m1c::diagnostic::Level;
use m1c::lint::{self, Context, rules};
use m1c::source::Sources;
use m1c::tpa::{config, document, view};

use crate::memory;

/// The levels at which rules speak about a config.yml.
fn levels(variables: &str, manager: &str, rules_of: &[&str]) -> Vec<(Level, String)> {
    let config = format!(
        "cluster_name: speedy
cluster_vars:
  failover_manager: {manager}
  postgres_flavour: postgresql
  postgres_version: '16'
{variables}
locations:
- Name: main
instance_defaults: {{ platform: bare }}
instances:
- {{ Name: db1, node: 1, location: main, role: [primary] }}
- {{ Name: db2, node: 2, location: main, role: [replica], upstream: db1 }}
- {{ Name: db3, node: 3, location: main, role: [replica], upstream: db1 }}
- {{ Name: e1, node: 4, location: main, role: [etcd] }}
- {{ Name: e2, node: 5, location: main, role: [etcd] }}
- {{ Name: e3, node: 6, location: main, role: [etcd] }}
"
    );
    let file = Sources::default().add("config.yml", config.clone());
    let subject = view::from_file(document::read(file, &config).unwrap());
    let context = Context::new(&subject, None, None);
    let rules: Vec<_> = rules_of
        .iter()
        .map(|name| rules::find(name).unwrap())
        .collect();
    let findings = lint::lint(&context, &rules);
    findings
        .into_iter()
        .map(|finding| (finding.diagnostic.level, finding.diagnostic.message))
        .collect()
}

/// The lines of a record, without the one that names the program.
fn record(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let lines = text.lines().skip(1);
    let parts: Vec<_> = lines.filter_map(|line| line.split_once('\t')).collect();
    assert!(parts.len() > 100);
    parts
}

#[test]
fn lines_of_repmgr_are_judged_as_repmgr_judges_them() {
    let mut failures = String::new();
    for (verdict, line) in record(include_str!("managers/repmgr.txt")) {
        let item = serde_json::to_string(line).unwrap();
        let found = levels(
            &format!("  repmgr_conf_settings: [{item}]"),
            "repmgr",
            &["repmgr-setting"],
        );
        let has = |text: &str| found.iter().any(|(_, message)| message.contains(text));
        let ours = if has("has no setting") {
            "ignored"
        } else if has("repmgr reads the") {
            "misread"
        } else if found.iter().any(|(level, _)| *level == Level::Error) {
            "refused"
        } else {
            "taken"
        };
        if ours != verdict {
            writeln!(failures, "{line}: {ours}, and repmgr: {verdict}; {found:?}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn settings_of_patroni_are_judged_as_patroni_judges_them() {
    let mut failures = String::new();
    for (verdict, setting) in record(include_str!("managers/patroni.txt")) {
        let (place, setting) = setting.split_once('\t').unwrap();
        let variable = match place {
            "dynamic" => "patroni_dynamic_conf_settings",
            _ => "patroni_conf_settings",
        };
        let mut found = levels(
            &format!("  {variable}: {{ {setting} }}"),
            "patroni",
            &["patroni-setting", "patroni-timeouts"],
        );
        // Patroni takes it, and it is unwise.
        let unwise = [
            "lags by one byte",
            "without `synchronous_mode`",
            "there are only",
        ];
        found.retain(|(_, message)| !unwise.iter().any(|text| message.contains(text)));
        let ours = if found.is_empty() { "taken" } else { "refused" };
        if ours != verdict {
            writeln!(
                failures,
                "{place} {setting}: {ours}, and Patroni: {verdict}; {found:?}"
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Rules, each with the text that it points at.
type Said = &'static [(&'static str, &'static str)];

/// What was met in real clusters: the failover manager, what is in the cluster, and what is said of it.
const MET: &[(&str, &str, Said)] = &[
    (
        "repmgr",
        "location n { vars { repmgr_location = alone }; primary db1 }
  location c { vars { repmgr_location = far }; replica db2; witness w1 }",
        &[("repmgr-location-semantics", "alone")],
    ),
    (
        "repmgr",
        "location main { primary db1; replica db2 { vars { repmgr_failover = manual } }; replica db3 }",
        &[("no-promotable-standby", "manual")],
    ),
    (
        "repmgr",
        r#"location main { primary db1; replica db2 { vars { repmgr_conf_settings = ["priority=0"] } }; replica db3 { vars { repmgr_priority = 0 } } }"#,
        &[("no-promotable-standby", r#""priority=0""#)],
    ),
    (
        "repmgr",
        r#"location main { data 3 }
  vars { repmgr_reconnect_attempts = 0; repmgr_reconnect_interval = 600; repmgr_conf_settings = ["promote_comand='/bin/true'", "primary_visibility_consensus=maybe"] }"#,
        &[
            ("repmgr-setting", "0"),
            ("repmgr-setting", "600"),
            ("repmgr-setting", r#""promote_comand='/bin/true'""#),
            ("repmgr-setting", r#""primary_visibility_consensus=maybe""#),
        ],
    ),
    (
        "patroni",
        r#"location main { data 3 }
  vars { postgres_conf_settings = { synchronous_standby_names = "'ANY 1 (db1, db2, db3)'" } }"#,
        &[("sync-too-few", r#""'ANY 1 (db1, db2, db3)'""#)],
    ),
    (
        "patroni",
        "location main { data 3 }\n  vars { etcd_initial_cluster_state = existing }",
        &[("etcd-setting", "existing")],
    ),
    (
        "patroni",
        "location main { data 2; etcd e1; etcd e2; etcd e3; node e4 { roles = [log-server]; vars { etcd_location = lost } } }",
        &[("etcd-missing-or-split", "lost")],
    ),
    (
        "patroni",
        "location main { data 3 }
  vars { patroni_conf_settings = { postgresql = { parameters = { max_connections = 500 } } } }",
        &[("patroni-setting", "max_connections")],
    ),
    (
        "patroni",
        "location main { data 3 }
  vars { patroni_dynamic_conf_settings = { dcs = { ttl = 60 }; sychronous_mode = true; slots = { s1 = { type = physical; ttl = 30 } }; maximum_lag_on_failover = 1MB; failsafe_mod = true } }",
        &[
            ("patroni-setting", "dcs"),
            ("patroni-setting", "sychronous_mode"),
            ("patroni-setting", "ttl"),
            ("patroni-setting", "1MB"),
            ("patroni-setting", "failsafe_mod"),
        ],
    ),
    (
        "patroni",
        "location main { data 3 }
  vars { patroni_dynamic_conf_settings = { slots = { cdc = { type = logical }; db2 = { type = physical } } }; postgres_conf_settings = { wal_level = replica } }",
        &[("patroni-setting", "cdc"), ("patroni-setting", "replica")],
    ),
    (
        "efm",
        "location main { data 3 }\n  vars { efm_conf_settings = { auto.failover = on; local.timeout = 60s; admin.port = 70000 } }",
        &[("efm-setting", "on"), ("efm-setting", "60s"), ("efm-setting", "70000")],
    ),
];

#[test]
fn what_real_clusters_met_is_said_at_the_value() {
    let mut rules_of: Vec<&str> = MET
        .iter()
        .flat_map(|(_, _, said)| said.iter().map(|(rule, _)| *rule))
        .collect();
    rules_of.sort_unstable();
    rules_of.dedup();
    let rules: Vec<_> = rules_of
        .iter()
        .map(|name| rules::find(name).unwrap())
        .collect();
    for (manager, body, expected) in MET {
        let source = format!(
            "cluster speedy {{\n  postgres postgresql 16\n  failover {manager}\n  platform bare\n  {body}\n}}\n"
        );
        let checked = memory::check_text(&source);
        let topology = checked
            .topology
            .as_ref()
            .unwrap_or_else(|| panic!("{source}{}", memory::messages(&checked)));
        let subject = view::from_config(config::config(&topology.clusters[0]));
        let context = Context::new(&subject, None, None);
        let findings = lint::lint(&context, &rules);
        let said: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| {
                let span = finding.diagnostic.primary.span;
                let text = &source[span.start as usize..span.end as usize];
                (finding.rule.code.name, text)
            })
            .collect();
        assert_eq!(said, *expected, "{source}");
    }
}
