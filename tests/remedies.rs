//! A remedy that is followed works: what a help tells to write is typed, and the mistake is gone.
//!
//! `typing.rs` says how a help is followed; fixes are applied in `fixes.rs`. Helps that leave the words to a human are in
//! `remedies/without_literal.txt`, without their words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use m1c::check::Judged;
use m1c::diagnostic::{Diagnostic, Level};
use similar::TextDiff;

use crate::corpus;
use crate::fixes::{self, Input};
use crate::{typing, typing_yaml};

/// A help with its words left out.
fn shape(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    let parts = help.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 1 { "…" } else { part });
    let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let shape: String = parts
        .collect::<Vec<_>>()
        .join("`")
        .chars()
        .map(digits)
        .collect();
    format!("{}: {shape}", diagnostic.code.name)
}

fn kinds(judged: &Judged) -> BTreeMap<(Level, &'static str), usize> {
    let mut kinds = BTreeMap::new();
    for diagnostic in judged.all() {
        *kinds
            .entry((diagnostic.level, diagnostic.code.name))
            .or_default() += 1;
    }
    kinds
}

fn errors(judged: &Judged) -> usize {
    let mut errors = judged.diagnostics.iter();
    errors
        .by_ref()
        .filter(|one| one.level == Level::Error)
        .count()
}

/// What is wrong with a help that has been followed.
fn broken(before: &Judged, after: &Judged, diagnostic: &Diagnostic) -> Vec<String> {
    let mut broken = Vec::new();
    let own = (diagnostic.level, diagnostic.code.name);
    let (old, new) = (kinds(before), kinds(after));
    let count = |kinds: &BTreeMap<_, usize>, kind| kinds.get(&kind).copied().unwrap_or_default();
    if count(&new, own) >= count(&old, own) && !is_known(diagnostic, own.1) {
        let left = after.all().find(|one| one.code == diagnostic.code);
        broken.push(format!(
            "is still found: {}",
            left.map_or("", |one| &one.message)
        ));
    }
    if errors(before) < 2 {
        for one in &after.diagnostics {
            let kind = (one.level, one.code.name);
            let is_more = count(&new, kind) > count(&old, kind);
            if one.level <= own.0 && is_more && !is_known(diagnostic, kind.1) {
                broken.push(format!("brings {}: {}", one.code.name, one.message));
            }
        }
    }
    // What the rules find in a source that did not compile was not known.
    if errors(before) == 0 {
        for finding in &after.findings {
            let one = &finding.diagnostic;
            let kind = (one.level, one.code.name);
            let is_more = count(&new, kind) > count(&old, kind);
            if one.level <= own.0 && is_more && !is_known(diagnostic, kind.1) {
                broken.push(format!("brings {}: {}", one.code.name, one.message));
            }
        }
    }
    broken
}

/// Where following a help is known to need another step, which the next finding says. This list may only shrink.
const FOLLOWS: &[(&str, &str, &str)] = &[
    // More machines are backed up, which needs more space and time.
    (
        "backup-does-not-follow-failover",
        "",
        "backup-capacity-and-age",
    ),
    // Machines that can become the primary again need a backup.
    (
        "no-promotable-standby",
        "",
        "backup-does-not-follow-failover",
    ),
    // Other instances of a config.yml have it too.
    ("key-not-for-platform", "`public", "key-not-for-platform"),
    ("key-not-for-platform", "`private", "key-not-for-platform"),
    // The AMI of the newest Ubuntu is gone, and the next finding names one that is there.
    ("eol-os", "Ubuntu", "withdrawn-ami"),
    // A machine that is on bare in a cluster on aws.
    (
        "ignored-aws-key",
        "`route53_hosted_zone_id` without",
        "ignored-aws-key",
    ),
    (
        "ignored-aws-key",
        "`route53_hosted_zone_id` without",
        "key-not-for-platform",
    ),
    // Two machines have it from there.
    ("key-not-for-platform", "`region`", "key-not-for-platform"),
    // A machine of a cluster whose names are not those of host names.
    ("unknown-role", "`four`", "name-needs-normalising"),
    // The first backup of all, before those of the standbys.
    ("no-backup", "", "backup-does-not-follow-failover"),
    // Two machines have one name, and one of them is the haproxy node.
    ("unused-definition", "`haproxy_b", "haproxy-backends"),
    // The first machine of a cluster that has nothing else.
    ("unknown-role", "`vm01`", "implicit-version"),
    ("unknown-role", "`vm01`", "data-volume-risk"),
    ("unknown-role", "`vm01`", "missing-upstream"),
    // A profile has the same.
    ("postgres-parameter", "`b`", "postgres-parameter"),
    // One machine is backed up by nobody on purpose, and the others are.
    (
        "backup-does-not-follow-failover",
        "`linnet`",
        "backup-does-not-follow-failover",
    ),
    // A cluster of several platforms, where `hosts` has to name all machines.
    ("bare-needs-address", "`db2` has no address", "host-names"),
];

fn is_known(diagnostic: &Diagnostic, next: &str) -> bool {
    let mut known = FOLLOWS.iter();
    known.any(|(code, message, follows)| {
        *code == diagnostic.code.name && diagnostic.message.contains(message) && *follows == next
    })
}

/// What is wrong after the help of a diagnostic has been followed; none where a human has to find the words.
fn broken_after(input: &Input, judged: &Judged, diagnostic: &Diagnostic) -> Option<String> {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    let mut labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
    let at = labels.find(|label| label.span.file == judged.file)?;
    let is_unknown = diagnostic.code.name == "unknown-word";
    let text = if input.is_config() {
        typing_yaml::followed(input.text(), at.span.range(), help)?
    } else {
        typing::followed(input.text(), at.span.range(), help, is_unknown)?
    };
    let after = input.with(text.clone()).judge();
    let broken = broken(judged, &after, diagnostic);
    if broken.is_empty() {
        return Some(String::new());
    }
    let (name, message) = (&input.name, &diagnostic.message);
    let typed = TextDiff::from_lines(input.text(), &text);
    let typed = typed.unified_diff().context_radius(0).to_string();
    let broken = broken.join("\n    ");
    let code = diagnostic.code.name;
    Some(format!(
        "{name}: {code}: {message}\n    help: {help}\n    {broken}\n{typed}"
    ))
}

/// What became of the helps about some inputs.
#[derive(Default)]
struct Followed {
    failures: String,
    number: usize,
    without_literal: BTreeSet<String>,
}

fn follow(inputs: &[Input], is_meant: impl Fn(&Input) -> bool) -> Followed {
    let mut all = Followed::default();
    let mut tried: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for input in inputs.iter().filter(|input| is_meant(input)) {
        let judged = input.judge();
        for diagnostic in judged.all().filter(|one| one.fix.is_none()) {
            let shape = shape(diagnostic);
            let seen = tried.entry(shape.clone()).or_default();
            let said = format!("{} {:?}", diagnostic.message, diagnostic.help);
            if seen.len() >= MOST_TRIED || !seen.insert(said) {
                continue;
            }
            match broken_after(input, &judged, diagnostic) {
                Some(broken) => {
                    all.number += 1;
                    all.failures.push_str(&broken);
                }
                None if input.name.starts_with("..") => {}
                None => {
                    all.without_literal.insert(shape);
                }
            }
        }
    }
    all
}

#[test]
fn remedies_of_config_ymls_that_are_followed_work() {
    let all = follow(&fixes::inputs(), Input::is_config);
    assert!(all.failures.is_empty(), "{}", all.failures);
    assert!(all.number > 60, "{}", all.number);
}

#[test]
fn remedies_that_are_followed_work() {
    let all = follow(&fixes::inputs(), |input| !input.is_config());
    let Followed {
        failures,
        number,
        without_literal,
    } = all;
    assert!(failures.is_empty(), "{failures}");
    assert!(number > 200, "{number}");
    let list: Vec<String> = without_literal.into_iter().collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/remedies/without_literal.txt");
    let found = list.join("\n") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).unwrap();
    }
    assert_eq!(corpus::read(&path), found);
    assert!(list.len() <= MOST_WITHOUT_LITERAL, "{}", list.len());
}

/// So many messages of one shape are followed.
const MOST_TRIED: usize = 12;

/// So many shapes of helps leave the words to a human. It may only shrink.
const MOST_WITHOUT_LITERAL: usize = 147;
