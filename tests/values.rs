//! Values that programs refuse, ignore or misread, a line each, and what is found in them.
//!
//! A file in `tests/values` begins with a cluster, with `VALUES` in it, and has a line for each text that goes there. Below
//! it, indented, is every error and warning inside of that text: level, rule, what is marked and related, message and help.
//! With a fix the text follows that it makes, and what is still found there. `UPDATE=1 cargo test values` writes what is found.

use std::collections::BTreeMap;
use std::fs;
use std::iter;
use std::path::PathBuf;

use m1c::check::judge_source;
use m1c::diagnostic::{Diagnostic, Level};
use m1c::lint;

use crate::{corpus, memory};

/// What is in front of a cluster's values.
const MARK: &str = "VALUES";

/// The errors and warnings about a part of a source.
fn found(text: &str, from: usize, to: usize) -> Vec<Diagnostic> {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    let files = BTreeMap::from([("main.m1".to_owned(), text.to_owned())]);
    let judged = judge_source("main.m1", &memory::Memory { files }, &[], &conditions);
    let findings = judged
        .findings
        .into_iter()
        .map(|finding| finding.diagnostic);
    let mut all: Vec<Diagnostic> = judged.diagnostics.into_iter().chain(findings).collect();
    all.retain(|diagnostic| {
        let range = diagnostic.primary.span.range();
        diagnostic.level != Level::Advice && from <= range.start && range.end <= to
    });
    all
}

fn line_of(diagnostic: &Diagnostic, text: &str) -> String {
    let related = diagnostic.related.iter().map(|label| label.span);
    let spans: Vec<&str> = iter::once(diagnostic.primary.span)
        .chain(related)
        .map(|span| &text[span.range()])
        .collect();
    format!(
        "  {} {} at {}: {}; {}\n",
        diagnostic.level.name(),
        diagnostic.code.name,
        spans.join(" and "),
        diagnostic.message,
        diagnostic.help.as_deref().unwrap_or_default()
    )
}

/// What is said about one text.
fn said(cluster: &str, values: &str) -> String {
    let text = cluster.replace(MARK, values);
    let from = cluster.find(MARK).unwrap();
    let mut said = String::new();
    for diagnostic in found(&text, from, from + values.len()) {
        said.push_str(&line_of(&diagnostic, &text));
        let Some(fix) = &diagnostic.fix else { continue };
        let mut fixed = text.clone();
        for edit in fix.edits.iter().rev() {
            fixed.replace_range(edit.span.range(), &edit.replacement);
        }
        let to = fixed.len() - (cluster.len() - from - MARK.len());
        said.push_str(&format!("    fixed: {}\n", &fixed[from..to]));
        for left in found(&fixed, from, to) {
            said.push_str(&format!("    {}", line_of(&left, &fixed)));
        }
    }
    said
}

#[test]
fn values_that_programs_do_not_take_are_found_once() {
    let mut failures = String::new();
    let mut paths: Vec<PathBuf> = fs::read_dir("tests/values")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let before = corpus::read(&path);
        let (cluster, lines) = before.split_once("\n\n").unwrap();
        let mut after = format!("{cluster}\n\n");
        for line in lines.lines().filter(|line| !line.starts_with(' ')) {
            after.push_str(&format!("{line}\n"));
            if !line.is_empty() && !line.starts_with('#') {
                after.push_str(&said(cluster, line));
            }
        }
        if before != after {
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&path, &after).unwrap();
            } else {
                failures.push_str(&format!("{}:\n{after}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
