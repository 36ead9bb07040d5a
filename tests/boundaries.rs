//! Changes to clusters that are nearly right, and all that is found because of each: nothing missed, nothing said twice,
//! no echo.
//!
//! `tests/boundaries/NAME.yml` or `.m1` is a cluster, `NAME.changes` changes it, each for itself:
//!
//! ```text
//! # two machines with one address
//! @@
//! -  ip_address: 10.1.0.12
//! +  ip_address: 10.1.0.11
//! = error[invalid-or-duplicate-address] at `10.1.0.11`: `db1` and `db2` have one address, 10.1.0.11
//! ```
//!
//! What is found in the cluster as it stands is left out. `UPDATE=1 cargo test` writes what is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use m1c::check::{Judged, judge_config, judge_source};
use m1c::lint;

use crate::memory::{self, Memory};

/// A finding: what it says, and the text that it points at.
struct Found {
    says: String,
    at: String,
}

fn found(name: &str, text: &str) -> Vec<Found> {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    let Judged {
        diagnostics,
        findings,
        ..
    } = if Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "yml")
    {
        judge_config(name, text, &conditions)
    } else {
        let files = BTreeMap::from([(name.to_owned(), text.to_owned())]);
        judge_source(name, &Memory { files }, &[], &conditions)
    };
    let findings = findings.into_iter().map(|finding| finding.diagnostic);
    diagnostics
        .into_iter()
        .chain(findings)
        .map(|diagnostic| {
            let span = diagnostic.primary.span;
            let pointed = &text[span.start as usize..span.end as usize];
            let (level, code) = (diagnostic.level.name(), diagnostic.code.name);
            Found {
                says: format!("{level}[{code}]: {}", diagnostic.message),
                at: pointed.lines().next().unwrap_or_default().to_owned(),
            }
        })
        .collect()
}

/// The cluster after the hunks of a change, which are in the order of its lines.
fn changed(cluster: &str, title: &str, change: &[&str]) -> String {
    let lines: Vec<&str> = cluster.lines().collect();
    let mut result: Vec<&str> = Vec::new();
    let mut position = 0;
    for hunk in change
        .split(|line| *line == "@@")
        .filter(|hunk| !hunk.is_empty())
    {
        let side = |sign: char| {
            let lines = hunk
                .iter()
                .filter(move |line| line.starts_with([sign, ' ']));
            lines.map(|line| &line[1..]).collect::<Vec<&str>>()
        };
        let (old, new) = (side('-'), side('+'));
        let at = lines[position..]
            .windows(old.len())
            .position(|window| window == old)
            .unwrap_or_else(|| panic!("{title}: these lines are not there:\n{}", old.join("\n")));
        result.extend(&lines[position..position + at]);
        result.extend(new);
        position += at + old.len();
    }
    result.extend(&lines[position..]);
    result.join("\n") + "\n"
}

/// The changes with what is found because of each.
fn judged(name: &str, cluster: &str, changes: &str) -> String {
    let known = found(name, cluster);
    let mut result = String::new();
    let changes = format!("\n{changes}");
    for block in changes.split("\n# ").skip(1) {
        let lines: Vec<&str> = block.lines().collect();
        let (title, rest) = lines.split_first().unwrap();
        let is_change = |line: &&&str| !line.is_empty() && !line.starts_with('=');
        let change: Vec<&str> = rest.iter().filter(is_change).copied().collect();
        result.push_str(&format!("# {title}\n{}\n", change.join("\n")));
        let mut known: Vec<&str> = known.iter().map(|known| known.says.as_str()).collect();
        for finding in found(name, &changed(cluster, title, &change)) {
            if let Some(index) = known.iter().position(|known| *known == finding.says) {
                known.remove(index);
                continue;
            }
            let (code, message) = finding.says.split_once(": ").unwrap();
            result.push_str(&format!("= {code} at `{}`: {message}\n", finding.at));
        }
        result.push('\n');
    }
    result
}

#[test]
fn a_change_is_said_once_and_where_it_is() {
    let mut stale = String::new();
    for name in [
        "aws.m1",
        "aws.yml",
        "bare.m1",
        "bare.yml",
        "docker.m1",
        "efm.yml",
        "patroni.yml",
        "stig.m1",
    ] {
        let path = Path::new("tests/boundaries").join(name);
        let cluster = fs::read_to_string(&path).unwrap();
        let path = path.with_file_name(format!("{name}.changes"));
        let expected = fs::read_to_string(&path).unwrap();
        let result = judged(name, &cluster, &expected);
        if result == expected {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &result).unwrap();
        } else {
            let lines = result.lines().zip(expected.lines());
            for (found, expected) in lines.filter(|(found, expected)| found != expected).take(3) {
                stale.push_str(&format!("{name}:\n  {expected}\n  {found}\n"));
            }
        }
    }
    assert!(stale.is_empty(), "expected, and found:\n{stale}");
}
