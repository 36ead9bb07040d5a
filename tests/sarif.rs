//! SARIF is valid by the official schema, and says the same thing about the same finding when lines move.
//!
//! `sarif/sarif-2.1.0.json` is the schema as the npm package `@microsoft/jest-sarif` ships it (MIT).

use std::collections::BTreeMap;

use m1c::check::{Judged, judge_config, judge_source};
use m1c::lint::{self, Suppression};
use m1c::report::{Format, Look, Run, Style, WIDTH, join, piece};
use serde_json::{Value, json};

use crate::{corpus, memory};

const SCHEMA: &str = include_str!("sarif/sarif-2.1.0.json");

const SOURCE: &str = r#"use "house.m1"

cluster speedy {
  include house.old
  allow client-routing "clients name both hosts"
  postgres postgresql 13
  failover repmgr
  platform bare
  location main {
    primary a { address = 10.0.0.1 }
    replica db2 { address = 10.0.0.2 }
  }
}
"#;

const CONFIG: &str = "\
cluster_name: speedy
cluster_vars:
  failover_manager: repmgr
  work_mme: 64MB
instances:
- { Name: db1, node: 1, role: [primary] }
- { Name: db2, node: 2, role: [replica], upstream: db3 }
- { Name: db3, node: 3, role: [replica], upstream: db2 }
";

fn judge(name: &str, text: &str) -> Judged {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    if name.ends_with("yml") {
        return judge_config(name, text, &conditions);
    }
    let files = BTreeMap::from([
        (name.to_owned(), text.to_owned()),
        (
            "clusters/house.m1".to_owned(),
            "profile old {\n  vars { work_mme = 64MB }\n}\n".to_owned(),
        ),
    ]);
    judge_source(name, &memory::Memory { files }, &[], &conditions)
}

fn sarif(files: &[(&str, &str)]) -> Value {
    let judged: Vec<Judged> = files.iter().map(|(name, text)| judge(name, text)).collect();
    document(&judged, &Run::default())
}

fn document(judged: &[Judged], run: &Run) -> Value {
    let look = Look {
        format: Format::Sarif,
        style: Style::Plain,
        width: WIDTH,
    };
    let pieces = judged
        .iter()
        .map(|judged| piece(look, &judged.sources, &judged.diagnostics, &judged.findings));
    let text = join(look, pieces.collect(), run);
    serde_json::from_str(&text).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// Everything that there may be in one document.
fn everything() -> Value {
    let mut files = vec![
        ("clusters/speedy ä.m1".to_owned(), SOURCE.to_owned()),
        ("/absolute/config.yml".to_owned(), CONFIG.to_owned()),
        ("torn.yml".to_owned(), "a: \"b\n".to_owned()),
        (
            "broken.m1".to_owned(),
            "cluster x {\n  keyring =\n}\n".to_owned(),
        ),
        ("empty.yml".to_owned(), String::new()),
    ];
    for path in corpus::files_in("examples") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((format!("examples/{name}"), corpus::read(&path)));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    sarif(&files)
}

#[test]
fn documents_are_valid() {
    // The published pattern of languages has a stray `]`, which not every dialect of regular expressions takes.
    let schema = SCHEMA.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let failed = Run {
        failures: vec!["`x.m1` cannot be read: permission denied".to_owned()],
        compared: true,
    };
    for log in [
        everything(),
        sarif(&[]),
        document(&[suppressed()], &Run::default()),
        document(&[suppressed()], &failed),
    ] {
        let wrong: Vec<String> = schema
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Of the findings of a source one is known, one is allowed, and the others are neither.
fn suppressed() -> Judged {
    let mut judged = judge("clusters/speedy.m1", SOURCE);
    assert!(judged.findings.len() > 1);
    judged.findings[0].suppression = Some(Suppression::Known);
    judged.findings.append(&mut judged.allowed);
    judged
}

/// Of each result: whether a baseline knows it, and how it is suppressed.
fn states(log: &Value) -> Vec<(Value, Value)> {
    let state = |result: &Value| {
        (
            result["baselineState"].clone(),
            result["suppressions"].clone(),
        )
    };
    results(log).iter().map(state).collect()
}

#[test]
fn what_is_suppressed_is_marked() {
    let compared = Run {
        compared: true,
        ..Run::default()
    };
    let log = document(&[suppressed()], &compared);
    let states = states(&log);
    let (first, last) = (&states[0], &states[states.len() - 1]);
    assert_eq!(first.0, "unchanged");
    assert_eq!(
        first.1,
        json!([{ "kind": "external", "status": "accepted" }])
    );
    assert_eq!(last.0, "new");
    assert_eq!(
        last.1,
        json!([{ "kind": "inSource", "status": "accepted", "justification": "clients name both hosts" }])
    );
    assert_eq!(states[1], (json!("new"), json!([])));
}

#[test]
fn nothing_is_said_about_suppression_where_nothing_is_suppressed() {
    for state in states(&everything()) {
        assert_eq!(state, (Value::Null, Value::Null));
    }
}

#[test]
fn files_that_cannot_be_read_fail_the_invocation() {
    let failed = Run {
        failures: vec!["`x.m1` cannot be read: permission denied".to_owned()],
        compared: false,
    };
    let log = document(&[], &failed);
    assert_eq!(
        log["runs"][0]["invocations"],
        json!([{
            "executionSuccessful": false,
            "toolExecutionNotifications": [{
                "level": "error",
                "message": { "text": "`x.m1` cannot be read: permission denied" },
            }],
        }])
    );
    assert_eq!(
        everything()["runs"][0]["invocations"],
        json!([{ "executionSuccessful": true }])
    );
}

#[test]
fn results_refer_to_their_rules_and_files() {
    let log = everything();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert!(results(&log).len() > 10);
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
        if uri.starts_with("file:") {
            assert_eq!(uri, "file:///absolute/config.yml");
        } else {
            assert_eq!(artifact["uriBaseId"], "SRCROOT");
            assert!(!uri.contains([' ', 'ä', '\\', ':']), "{uri}");
        }
    }
    let related = results(&log)
        .iter()
        .any(|result| result["relatedLocations"].is_array());
    let fixes = results(&log)
        .iter()
        .any(|result| result["fixes"].is_array());
    assert!(related && fixes);
}

#[test]
fn moving_lines_opens_nothing_anew() {
    fn fingerprints(name: &str, text: &str) -> Vec<String> {
        let log = sarif(&[(name, text)]);
        let mut prints: Vec<String> = results(&log)
            .iter()
            .map(|result| result["partialFingerprints"]["m1cEntity/v1"].to_string())
            .collect();
        prints.sort();
        prints
    }
    for (name, text) in [("clusters/a.m1", SOURCE), ("config.yml", CONFIG)] {
        let before = fingerprints(name, text);
        assert!(before.len() > 2);
        assert_eq!(
            before,
            fingerprints(name, &format!("# One.\n\n# Two.\n{text}"))
        );
        let other = text.replace("speedy", "slow");
        assert_ne!(before, fingerprints(name, &other));
    }
}
