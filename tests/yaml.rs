//! YAML is written and read as PyYAML does it.
//!
//! PyYAML itself is asked where Python has it; without it these tests say that they are skipped.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use flate2::read::GzDecoder;
use m1c::yaml;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_yaml::{Mapping, Value};

/// How many random values are compared.
const VALUES: usize = 2_000;

/// Texts that look like something else, or that need their quotes.
const TEXTS: &[&str] = &[
    "on",
    "Yes",
    "nO",
    "NULL",
    "~",
    "",
    "0600",
    "08",
    "017",
    "1_000",
    "12:30",
    "12:30:45.5",
    "1:60",
    "190:20:30",
    "1e3",
    "1.0e+3",
    "1.",
    ".5",
    "+.5",
    "-.inf",
    ".NaN",
    "0x1F",
    "0b11",
    "0o17",
    "99999999999999999999",
    "-0",
    "+1",
    "0_",
    "2024-01-01",
    "2024-1-1",
    "2024-1-1 2:15:00 +1",
    "2024-01-01T02:15:00Z",
    "<<",
    "=",
    "---",
    "--- a",
    "...",
    "-",
    "?",
    "- a",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "a#b",
    "it's",
    "say \"x\"",
    "x {{ y }}",
    "1.2.3",
    "10.33.0.0/16",
    "y",
    "n",
    "tRue",
    "a\nb",
    "a\n\n b\n",
    " a",
    "a ",
    "\ta",
    "é",
    "\u{2028}",
    "😀",
    "\u{1}",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => prop_oneof![Just(0.5), Just(1e16), Just(-1e-5), Just(3e100), -1e6..1e6_f64].prop_map(Value::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(TEXTS).prop_map(str::to_owned),
        "[ a-c:#'\"?,\\[\\]{}&*!|>%@`\n\t0-9._eE+~=<yYnNéü\u{2028}\u{85}😀\\\\-]{0,60}",
        "[a-z',:# -]{60,260}",
        // Keys of more than 128 characters are on a line of their own.
        "[a-z]{115,135}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Sequence),
            prop::collection::vec((text(), inner), 0..4).prop_map(|entries| {
                let entries = entries
                    .into_iter()
                    .map(|(key, value)| (Value::from(key), value));
                Value::Mapping(entries.collect::<Mapping>())
            }),
        ]
    })
}

/// Random values, each at a key so that it stands as deep as values do; the same ones in every run.
fn values() -> Vec<Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut sample = || {
        let value = value().new_tree(&mut runner).unwrap().current();
        Value::Mapping(Mapping::from_iter([(Value::from("key"), value)]))
    };
    (0..VALUES).map(|_| sample()).collect()
}

/// What a Python script that knows `json` and `yaml` prints for a text; nothing without PyYAML.
fn python(script: &str, input: &str) -> Option<String> {
    let found = Command::new("python3")
        .args(["-c", "import yaml"])
        .stderr(Stdio::null())
        .status();
    if !found.is_ok_and(|status| status.success()) {
        eprintln!("skipped: python3 has no PyYAML");
        return None;
    }
    let script = format!("import json, sys, yaml\n{script}");
    let mut child = Command::new("python3")
        .args(["-c", &script])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn values_are_written_as_pyyaml_writes_them() {
    let values = values();
    let script = "
values = json.load(sys.stdin)
dump = lambda value: yaml.dump(value, default_flow_style=False, allow_unicode=True, width=80)
json.dump([dump(value) for value in values], sys.stdout)";
    let Some(output) = python(script, &serde_json::to_string(&values).unwrap()) else {
        return;
    };
    let expected: Vec<String> = serde_json::from_str(&output).unwrap();
    assert_eq!(expected.len(), values.len());
    for (value, expected) in values.iter().zip(expected) {
        assert_eq!(yaml::write(value), expected);
    }
}

#[test]
fn what_is_written_is_read_back() {
    for value in values() {
        let text = yaml::write(&value);
        // In YAML 1.1 these are line breaks, in the reader's 1.2 they are characters like others.
        if text.contains(['\u{85}', '\u{2028}']) {
            continue;
        }
        let read = yaml::read(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        assert_eq!(Value::from(read), value, "{text}");
    }
}

#[test]
fn plain_scalars_are_read_as_pyyaml_reads_them() {
    // Dates become text here, and a lone `=` is nothing that PyYAML's safe loader knows.
    let texts: Vec<&str> = TEXTS
        .iter()
        .copied()
        .filter(|text| !text.contains(['\n', '\t', '#', '"', '\'', '\u{1}', '\u{2028}', '{']))
        .filter(|text| !text.contains(": ") && !text.ends_with(':') && !text.starts_with("2024-"))
        .filter(|text| {
            !matches!(
                *text,
                "=" | "<<" | "---" | "--- a" | "..." | "?" | "? a" | "-" | "- a"
            )
        })
        .filter(|text| !matches!(*text, "99999999999999999999" | ".NaN"))
        .collect();
    let mut document = String::new();
    for text in &texts {
        writeln!(document, "- {text}").unwrap();
    }
    let Some(output) = python(
        "json.dump(yaml.safe_load(sys.stdin.read()), sys.stdout)",
        &document,
    ) else {
        return;
    };
    let output = output.replace("-Infinity", "\"-inf\"");
    let expected: Vec<serde_json::Value> = serde_json::from_str(&output).unwrap();
    let Value::Sequence(found) = Value::from(yaml::read(&document).unwrap()) else {
        panic!("no list");
    };
    assert_eq!(found.len(), texts.len());
    for ((text, found), expected) in texts.iter().zip(&found).zip(&expected) {
        if *text == "-.inf" {
            assert_eq!(found.as_f64(), Some(f64::NEG_INFINITY));
        } else {
            assert_eq!(&serde_json::to_value(found).unwrap(), expected, "{text}");
        }
    }
}

#[test]
fn sections_of_real_files_keep_their_bytes() {
    let mut rows = String::new();
    let file = std::fs::File::open("tests/parity/configure.jsonl.gz").unwrap();
    GzDecoder::new(file).read_to_string(&mut rows).unwrap();
    let mut sections = 0;
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let Some(config) = row["config"].as_str() else {
            continue;
        };
        // The first section has a name that is never quoted, and the one of Tower has comments.
        for section in config
            .split("\n\n")
            .skip(1)
            .filter(|section| !section.starts_with('#'))
        {
            let value = Value::from(yaml::read(section).unwrap());
            assert_eq!(yaml::write(&value).trim_end(), section.trim_end());
            sections += 1;
        }
    }
    assert!(sections > 1000);
}

/// Documents, and what is read from them or why not.
#[test]
fn documents_are_read_or_refused() {
    let cases: &[(&str, &str)] = &[
        ("", "null"),
        ("# nothing\n", "null"),
        ("a: 1\na: 2\n", "{\"a\":2}"),
        (
            "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n",
            "{\"a\":{\"b\":1,\"c\":2},\"d\":{\"b\":3,\"c\":2}}",
        ),
        (
            "a: {<<: [{b: 1}, {b: 2, c: 3}]}\n",
            "{\"a\":{\"b\":1,\"c\":3}}",
        ),
        ("a: !!str 12\nb: !!int '12'\n", "{\"a\":\"12\",\"b\":12}"),
        (
            "a: |\n  x\n  y\nb: >-\n  x\n  y\n",
            "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}",
        ),
        ("a: {{ b }}\n", "1:5"),
        ("a: [1, 2\n", "1:4"),
        ("a: *x\n", "1:4"),
        ("a: b: c\n", "1:5"),
        ("a: 1\n--- \nb: 2\n", "2:1"),
        ("<<: 1\n", "1:5"),
        ("a: b\tc\n", "1:5"),
        ("a:\tb\n", "1:3"),
        ("a: b\t# c\n", "1:5"),
        ("a: [b,\tc]\n", "1:7"),
        ("a: 2027-02-30\n", "1:4"),
        ("a: 2027-06-30 25:00:00\n", "1:4"),
        ("a: =\n", "1:4"),
        ("a: <<\n", "1:4"),
        ("=: a\n", "{\"=\":\"a\"}"),
        ("a: !vault |\n  x\n", "1:4"),
        ("a: !!int x\n", "1:10"),
    ];
    for (text, expected) in cases {
        let found = match yaml::read(text) {
            Ok(node) => serde_json::to_string(&Value::from(node)).unwrap(),
            Err(error) => format!("{}:{}", error.line, error.column),
        };
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn nodes_know_their_places() {
    let text = "a: é\nlist:\n- [x, 'y z']\n";
    let yaml::node::Data::Map(entries) = yaml::read(text).unwrap().data else {
        panic!("no map");
    };
    let (key, value) = &entries[0];
    assert_eq!((&text[key.at.clone()], &text[value.at.clone()]), ("a", "é"));
    let yaml::node::Data::List(items) = &entries[1].1.data else {
        panic!("no list");
    };
    assert_eq!(&text[items[0].at.clone()], "[x, 'y z']");
}

#[test]
fn documents_are_bounded() {
    let message = |text: &str| yaml::read(text).unwrap_err().message;
    assert_eq!(
        message(&("[".repeat(200) + &"]".repeat(200))),
        "nested more than 128 deep"
    );
    assert_eq!(message(&"[".repeat(100_000)), "nested more than 128 deep");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}, ", level - 1).repeat(10);
        writeln!(bomb, "a{level}: &a{level} [{alias}]").unwrap();
    }
    assert_eq!(message(&bomb), "more than 1000000 values");
}

/// Keys that are not text, as JSON has them.
fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Mapping(map) => {
            let entries = map.iter().map(|(key, value)| {
                let key = key
                    .as_str()
                    .map_or_else(|| format!("{key:?}"), str::to_owned);
                (key, json(value))
            });
            serde_json::Value::Object(entries.collect())
        }
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {
            serde_json::to_value(value).unwrap()
        }
    }
}

/// `tests/pyyaml/refusals.py` makes the file; it has another one read in a run of its own.
#[test]
fn pyyaml_verdicts_are_those_of_m1c() {
    let path = std::env::var("M1C_PYYAML_VERDICTS");
    let path = path.unwrap_or_else(|_| "tests/pyyaml/verdicts.txt".to_owned());
    let text = std::fs::read_to_string(&path).unwrap();
    let mut compared = 0;
    let mut different = Vec::new();
    for row in text.lines() {
        let (verdict, rest) = row.split_once(' ').unwrap();
        let mut parts = serde_json::Deserializer::from_str(rest).into_iter();
        let document: serde_json::Value = parts.next().unwrap().unwrap();
        let document = document.as_str().unwrap();
        let expected: Option<serde_json::Value> = parts.next().and_then(Result::ok);
        let read = yaml::read(document).map(Value::from);
        compared += 1;
        match (verdict, read) {
            ("ok", Ok(value)) if expected.is_none_or(|expected| json(&value) == expected) => {}
            ("no", Err(_)) => {}
            (_, read) => different.push(format!("{verdict} {document:?}: {read:?}")),
        }
    }
    assert!(compared >= 1_000, "{path} has {compared} documents");
    assert!(
        different.is_empty(),
        "{} of {compared}:\n{}",
        different.len(),
        different.join("\n")
    );
}
