//! The snippets of VS Code are sources: what they expand to has no mistake and is formatted.

use std::collections::BTreeMap;
use std::fs;

use m1c::diagnostic::Diagnostics;
use m1c::format::format;
use m1c::schema::{file::FILE, words};
use m1c::source::FileId;
use m1c::syntax;
use regex::{Captures, Regex};
use serde_json::Value;

use crate::memory;

/// The bodies by the snippets' names.
fn bodies() -> BTreeMap<String, String> {
    let text = fs::read_to_string("editors/vscode/snippets.json").unwrap();
    let snippets: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let bodies = snippets.into_iter().map(|(name, snippet)| {
        let lines: Vec<&str> = match snippet["body"].as_array() {
            Some(lines) => lines.iter().map(|line| line.as_str().unwrap()).collect(),
            None => vec![snippet["body"].as_str().unwrap()],
        };
        (name, lines.join("\n"))
    });
    bodies.collect()
}

/// What a body inserts when nobody changes a placeholder: `${1:default}`, `${1|first,second|}`, and `${1}`, which
/// repeats.
fn expanded(body: &str) -> String {
    let placeholder = Regex::new(r"\\(.)|\$\{(\d+)(?::([^}]*)|\|([^,|]*)[^}]*)?\}").unwrap();
    let mut defaults = BTreeMap::new();
    let mut text = placeholder
        .replace_all(body, |found: &Captures| {
            if let Some(escaped) = found.get(1) {
                return escaped.as_str().to_owned();
            }
            let number = found[2].to_owned();
            match found.get(3).or(found.get(4)) {
                Some(default) => {
                    assert!(!defaults.contains_key(&number), "{number} twice in {body}");
                    defaults.insert(number, default.as_str().to_owned());
                    default.as_str().to_owned()
                }
                None => defaults[&number].clone(),
            }
        })
        .into_owned();
    text.push('\n');
    text
}

/// What is not at the top level, in a cluster.
fn in_its_place(text: &str) -> String {
    let word = text.split(' ').next().unwrap();
    if FILE.entry(word).is_some() || words::SYNTAX.contains(&word) {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| format!("  {line}\n"));
    format!("cluster example {{\n{}}}\n", lines.collect::<String>())
}

#[test]
fn snippets_expand_to_formatted_sources() {
    assert_eq!(
        expanded("if \\$${1:a} == ${2|b,c|} { ${1} }"),
        "if $a == b { a }\n"
    );
    for (name, body) in bodies() {
        let text = in_its_place(&expanded(&body));
        let mut diagnostics = Diagnostics::default();
        let tree = syntax::parse(FileId::nth(0), &text, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{name}:\n{text}");
        assert_eq!(format(&tree), text, "{name}");
    }
}

#[test]
fn snippets_of_clusters_compile() {
    let mut compiled = 0;
    for (name, body) in bodies() {
        let text = expanded(&body);
        if text.starts_with("cluster ") {
            compiled += 1;
            assert_eq!(
                memory::messages(&memory::check_text(&text)),
                "",
                "{name}:\n{text}"
            );
        }
    }
    assert!(compiled > 0);
}
