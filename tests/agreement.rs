//! No two findings of a run contradict or repeat each other, on every input of the repository.

use std::collections::BTreeMap;

use m1c::diagnostic::Diagnostic;
use m1c::lint::Finding;

use crate::fixes::{self, Input};

/// What a help tells to write: `name = value` or `name: value` between backticks, with the maps around it left out.
fn advised(help: &str) -> Vec<(String, String)> {
    let mut advised = Vec::new();
    for quoted in help.split('`').skip(1).step_by(2) {
        let inner = quoted.rsplit('{').next().unwrap_or(quoted);
        let inner = inner.trim_end_matches([' ', '}']);
        let parts = inner.split_once(" = ").or_else(|| inner.split_once(": "));
        if let Some((name, value)) = parts {
            advised.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    advised
}

/// What a help tells to remove, by name.
fn removed(help: &str) -> Vec<String> {
    let parts = help.split("remove `").skip(1);
    parts
        .filter_map(|rest| rest.split('`').next().map(str::to_owned))
        .collect()
}

fn shown(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    format!(
        "    {}: {} ({help})",
        diagnostic.code.name, diagnostic.message
    )
}

/// What is wrong with two findings together.
fn quarrel(one: &Finding, other: &Finding) -> Option<&'static str> {
    let (first, second) = (&one.diagnostic, &other.diagnostic);
    let help = |diagnostic: &Diagnostic| diagnostic.help.clone().unwrap_or_default();
    let same_span = first.primary.span == second.primary.span;
    if same_span && help(first) == help(second) && one.key == other.key {
        return Some("say the same");
    }
    // A rule may find two mistakes in one text; they are fixed one after the other.
    if first.code != second.code
        && let (Some(fix), Some(others)) = (&first.fix, &second.fix)
    {
        let differ = fix.edits.iter().any(|edit| {
            others.edits.iter().any(|other| {
                let overlap = edit.span.file == other.span.file
                    && edit.span.start < other.span.end
                    && other.span.start < edit.span.end;
                overlap && edit != other
            })
        });
        if differ {
            return Some("change the same text in two ways");
        }
    }
    if one.entity != other.entity || one.cluster != other.cluster {
        return None;
    }
    for (name, value) in advised(&help(first)) {
        let differs = |(other, theirs): &(String, String)| *other == name && *theirs != value;
        if advised(&help(second)).iter().any(differs) {
            return Some("advise two values of one setting");
        }
        if removed(&help(second)).contains(&name) {
            return Some("advise to write and to remove one setting");
        }
    }
    None
}

fn quarrels(input: &Input) -> Vec<String> {
    let judged = input.judge();
    let mut found = Vec::new();
    let findings = &judged.findings;
    for (index, one) in findings.iter().enumerate() {
        for other in findings.iter().skip(index + 1) {
            let both = quarrel(one, other).or_else(|| quarrel(other, one));
            if let Some(what) = both {
                found.push(format!(
                    "{what}\n{}\n{}",
                    shown(&one.diagnostic),
                    shown(&other.diagnostic)
                ));
            }
        }
    }
    found
}

#[test]
fn findings_agree_with_each_other() {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for input in fixes::inputs() {
        for quarrel in quarrels(&input) {
            all.entry(quarrel).or_default().push(input.name.clone());
        }
    }
    let mut failures = String::new();
    for (quarrel, names) in &all {
        failures.push_str(&format!(
            "{} times, as in {}: {quarrel}\n",
            names.len(),
            names[0]
        ));
    }
    assert!(failures.is_empty(), "{failures}");
}
