//! SARIF is valid by the official schema, and says the same thing about the same finding when lines move.
//!
//! `sarif/sarif-2.1.0.json` is the schema as the npm package `@microsoft/jest-sarif` ships it (MIT). It is checked here as
//! far as it is used; where Python has `jsonschema`, that one has the last word.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use m1c::check::{Judged, judge_config, judge_source};
use m1c::lint::{self, Conditions};
use m1c::report::{Format, Look, Style, WIDTH, join, piece};
use serde_json::Value;

use crate::{corpus, memory};

const SCHEMA: &str = include_str!("sarif/sarif-2.1.0.json");

const SOURCE: &str = r#"use "house.m1"

cluster speedy {
  include house.old
  allow no-replica "there was one"
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
    let conditions = Conditions {
        rules: &lint::rules(),
        today: Some("2026-11-24"),
        environment: None,
        heeds_allows: true,
        levels: &BTreeMap::new(),
    };
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
    let look = Look {
        format: Format::Sarif,
        style: Style::Plain,
        width: WIDTH,
    };
    let pieces = files.iter().map(|(name, text)| {
        let judged = judge(name, text);
        piece(look, &judged.sources, &judged.diagnostics, &judged.findings)
    });
    let text = join(look, pieces.collect());
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
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for log in [everything(), sarif(&[])] {
        let mut wrong = Vec::new();
        validate(&schema, &schema, &log, "", &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        python(&log);
    }
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

/// Checks a value by the part of JSON Schema, draft 4, that the schema of SARIF uses.
fn validate(root: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let mut say = |what: String| wrong.push(format!("{at}: {what}"));
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return validate(root, target, value, at, wrong);
    }
    if let Some(kind) = schema["type"].as_str() {
        let is = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            other => panic!("the schema has the type {other}"),
        };
        if !is {
            say(format!("no {kind}: {value}"));
        }
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        say(format!("{value} is none of {words:?}"));
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_i64(), value.as_i64())
        && number < least
    {
        say(format!("{number} is less than {least}"));
    }
    if let (Some(least), Some(items)) = (schema["minItems"].as_u64(), value.as_array())
        && (items.len() as u64) < least
    {
        say(format!("fewer than {least} items"));
    }
    if let Some(required) = schema["required"].as_array() {
        for key in required {
            if value.get(key.as_str().unwrap()).is_none() {
                say(format!("{key} is missing"));
            }
        }
    }
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fits = choices.iter().any(|choice| {
            let mut wrong = Vec::new();
            validate(root, choice, value, at, &mut wrong);
            wrong.is_empty()
        });
        if !fits {
            say("no choice fits".to_owned());
        }
    }
    if let Some(items) = value.as_array() {
        if schema["uniqueItems"] == true {
            for (index, item) in items.iter().enumerate() {
                if items[..index].contains(item) {
                    say(format!("item {index} stands twice"));
                }
            }
        }
        if schema["items"].is_object() {
            for (index, item) in items.iter().enumerate() {
                validate(
                    root,
                    &schema["items"],
                    item,
                    &format!("{at}/{index}"),
                    wrong,
                );
            }
        }
    }
    if let Some(entries) = value.as_object() {
        for (key, inner) in entries {
            let at = format!("{at}/{key}");
            let known = &schema["properties"][key];
            if known.is_object() {
                validate(root, known, inner, &at, wrong);
            } else if schema["additionalProperties"] == false {
                wrong.push(format!("{at}: not in the schema"));
            } else if schema["additionalProperties"].is_object() {
                validate(root, &schema["additionalProperties"], inner, &at, wrong);
            }
        }
    }
}

/// Asks Python, if it knows JSON Schema.
fn python(log: &Value) {
    const PROGRAM: &str = "
import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(0)
schema = json.load(open('tests/sarif/sarif-2.1.0.json'))
errors = list(jsonschema.Draft4Validator(schema).iter_errors(json.load(sys.stdin)))
for error in errors:
    print(list(error.path), error.message)
sys.exit(1 if errors else 0)
";
    let child = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        return;
    };
    let text = serde_json::to_string(log).unwrap();
    // One that has no such module does not read.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
