//! Settings of failover managers, judged as the programs themselves judged them: `tests/managers` has what they said, and
//! the scripts that asked them.

use std::fmt::Write as _;

use m1c::diagnostic::Level;
use m1c::lint::{self, Context, rules};
use m1c::source::Sources;
use m1c::tpa::{document, view};

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
    let context = Context {
        subject: &subject,
        today: None,
        environment: None,
    };
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
        found.retain(|(_, message)| !message.contains("lags by one byte"));
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
