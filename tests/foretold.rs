//! What findings say about failures is what `m1c simulate` plays: on every input of the repository, and on random clusters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use m1c::check::{self, Options};
use m1c::lint::Finding;
use m1c::simulate::{Asked, Outcome, Primaries, Writes, simulate};
use m1c::source::Sources;
use m1c::tpa::view::{self, Subject};
use m1c::tpa::{config, document};

use crate::fixes::{self, Input};
use crate::memory;
use crate::robust::Random;

const CLUSTERS: usize = 2_000;

/// What a finding says happens.
#[derive(Debug, PartialEq)]
enum Told {
    /// Nobody takes writes until a person acts.
    Nobody,
    /// Nobody does, in some course of events at least.
    PerhapsNobody,
    /// This machine may be promoted.
    Promoted(String),
    /// It may be, while the old primary takes writes.
    Beside(String),
    /// It may be, and the old primary takes writes when its machine boots.
    Returns(String),
    /// The primary does not take writes.
    Stopped,
}

/// The failures that a finding speaks of, and what it says.
fn told(finding: &Finding) -> Vec<(String, Told)> {
    let message = finding.diagnostic.message.as_str();
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let name = |place: usize| names.get(place).copied().unwrap_or_default();
    let after = |word: &str| {
        let (_, rest) = message.split_once(word)?;
        rest.split('`').next().map(str::to_owned)
    };
    let lost = after("losing `").unwrap_or_default();
    let one = |failure: String, told: Told| vec![(failure, told)];
    match finding.diagnostic.code.name {
        "no-quorum-after-location-loss" | "patroni-multi-location" => {
            one(format!("location/{lost}"), Told::Nobody)
        }
        "witness-placement" | "repmgr-primary-not-fenced" => match after("when `") {
            Some(home) if message.contains(" is cut off, ") => {
                let promoted = names.iter().find(|one| {
                    message.contains(&format!("promote `{one}`"))
                        || message.contains(&format!("`{one}` is promoted"))
                });
                let promoted = promoted.copied().unwrap_or_default().to_owned();
                one(format!("cut/{home}"), Told::Beside(promoted))
            }
            _ if !lost.is_empty() => one(format!("location/{lost}"), Told::Nobody),
            _ => Vec::new(),
        },
        "two-node-split-brain" if lost.is_empty() => {
            let promoted = Told::Promoted(name(0).to_owned());
            one(format!("machine/{}", name(1)), promoted)
        }
        "two-node-split-brain" => one(format!("machine/{lost}"), Told::Nobody),
        "no-promotable-standby" => match after("when `") {
            Some(primary) if message.contains("among equals") => {
                one(format!("machine/{primary}"), Told::PerhapsNobody)
            }
            Some(primary) => one(format!("machine/{primary}"), Told::Nobody),
            None => Vec::new(),
        },
        "repmgr-old-primary-returns" => {
            let promoted = name(1).to_owned();
            one(format!("machine/{}", name(0)), Told::Returns(promoted))
        }
        "repmgr-fence" => one(format!("?/{lost}"), Told::Stopped),
        "repmgr-location-semantics" if !lost.is_empty() => {
            one(format!("location/{lost}"), Told::Nobody)
        }
        "repmgr-location-semantics" if message.contains("nobody is promoted") => {
            one(format!("machine/{}", name(1)), Told::Nobody)
        }
        _ => Vec::new(),
    }
}

/// Whether an outcome is as told.
fn agrees(outcome: &Outcome, told: &Told, primary: &str) -> bool {
    let promotes = |name: &String| outcome.promoted.contains(name);
    match told {
        Told::Nobody => outcome.writes == Writes::Nobody,
        Told::PerhapsNobody => {
            matches!(outcome.writes, Writes::Nobody | Writes::Uncertain(_))
        }
        Told::Promoted(name) => promotes(name),
        Told::Beside(name) => promotes(name) && matches!(outcome.primaries, Primaries::Two(_)),
        Told::Returns(name) => promotes(name) && outcome.primaries == Primaries::SecondOnReturn,
        Told::Stopped => outcome.writes != Writes::GoesOn(primary.to_owned()),
    }
}

/// What findings of a cluster say, and simulate does not.
fn contradictions(subject: &Subject, findings: &[&Finding]) -> (usize, Vec<String>) {
    let Ok(simulation) = simulate(subject, &Sources::default(), Asked::Single) else {
        return (0, Vec::new());
    };
    let primary = subject.primary().map(|primary| primary.name.value.clone());
    let primary = primary.unwrap_or_default();
    let (mut compared, mut wrong) = (0, Vec::new());
    for finding in findings {
        for (failure, told) in told(finding) {
            let is_meant = |outcome: &&Outcome| match failure.strip_prefix("?/") {
                Some(name) => {
                    outcome.name == format!("machine/{name}")
                        || outcome.name == format!("location/{name}")
                }
                None => outcome.name == failure,
            };
            compared += 1;
            let outcome = simulation.outcomes.iter().find(is_meant);
            if !outcome.is_some_and(|outcome| agrees(outcome, &told, &primary)) {
                let code = finding.diagnostic.code.name;
                let message = &finding.diagnostic.message;
                let played = outcome.map(|it| (&it.writes, &it.promoted, it.primaries));
                wrong.push(format!("  {code}: {message}\n    {failure}: {played:?}"));
            }
        }
    }
    (compared, wrong)
}

fn subjects(input: &Input) -> Vec<Subject> {
    if input.is_config() {
        let file = Sources::default().add(input.name.clone(), input.text().to_owned());
        let document = document::read(file, input.text()).ok();
        return document.map(view::from_file).into_iter().collect();
    }
    let files = memory::Memory {
        files: input.files(),
    };
    let analysis = check::analyse(&input.name, &files, Options::default());
    let clusters = analysis.topology.clusters.iter();
    clusters
        .map(|cluster| view::from_config(config::config(cluster)))
        .collect()
}

fn hold(inputs: &[Input]) -> BTreeMap<&'static str, usize> {
    let mut failures = String::new();
    let mut counts = BTreeMap::new();
    for input in inputs {
        let judged = input.judge();
        for subject in subjects(input) {
            let name = subject.name.as_ref().map(|name| name.value.clone());
            let name = name.unwrap_or_default();
            let of_cluster = judged.findings.iter();
            let of_cluster: Vec<&Finding> = of_cluster
                .filter(|finding| input.is_config() || finding.cluster == name)
                .collect();
            for finding in &of_cluster {
                *counts.entry(finding.diagnostic.code.name).or_default() += told(finding).len();
            }
            let (_, wrong) = contradictions(&subject, &of_cluster);
            if !wrong.is_empty() {
                let text = if input.name.starts_with("random") {
                    input.text()
                } else {
                    ""
                };
                writeln!(
                    failures,
                    "{} {name}\n{}\n{text}",
                    input.name,
                    wrong.join("\n")
                )
                .unwrap();
            }
        }
    }
    let shown: Vec<&str> = failures.lines().take(80).collect();
    assert!(
        failures.is_empty(),
        "{}",
        shown.join(
            "
"
        )
    );
    counts.retain(|_, count| *count > 0);
    counts
}

#[test]
fn findings_foretell_what_simulate_plays() {
    let counts = hold(&fixes::inputs());
    assert!(counts.len() > 6, "{counts:?}");
}

#[test]
fn findings_of_random_clusters_foretell_what_simulate_plays() {
    let mut random = Random(0xf0e7_e11d);
    let inputs: Vec<Input> = (0..CLUSTERS)
        .map(|number| Input::alone(format!("random {number}.m1"), any_source(&mut random)))
        .collect();
    let counts = hold(&inputs);
    assert!(counts.len() > 6, "{counts:?}");
}

/// A cluster of any failover manager, with what decides about votes and promotions.
fn any_source(random: &mut Random) -> String {
    let failover = ["repmgr", "repmgr", "efm", "patroni"][random.below(4)];
    let postgres = if failover == "efm" {
        "epas 16 { redwood = false }"
    } else {
        "postgresql 16"
    };
    let mut text =
        format!("cluster c {{\n  postgres {postgres}\n  failover {failover}\n  platform bare\n");
    match random.below(4) {
        0 => text.push_str("  backup none\n"),
        1 => text.push_str("  backup barman { witness = true }\n"),
        2 => text.push_str("  backup barman { witness = false }\n"),
        _ => {}
    }
    if random.below(4) == 0 {
        text.push_str("  pool pgbouncer\n");
    }
    for (number, location) in ["a", "b", "c", "d"][..=random.below(4)].iter().enumerate() {
        write!(text, "  location {location} {{").unwrap();
        let data = if number == 0 {
            1 + random.below(3)
        } else {
            random.below(3)
        };
        if data > 0 {
            write!(text, " data {data};").unwrap();
        }
        if random.below(5) == 0 {
            let vars = match failover {
                "repmgr" => [
                    "repmgr_priority = 0",
                    "repmgr_failover = manual",
                    "repmgr_priority = 200",
                ][random.below(3)],
                "patroni" => "patroni_conf_settings = { tags = { nofailover = true } }",
                _ => "efm_x = 1",
            };
            let role = if failover == "efm" {
                "roles = [efm-not-promotable]; "
            } else {
                ""
            };
            write!(text, " replica {location}x {{ {role}vars {{ {vars} }} }};").unwrap();
        }
        if random.below(4) == 0 && failover != "patroni" {
            text.push_str(" witness;");
        }
        if random.below(3) == 0 && failover == "patroni" {
            write!(text, " etcd {};", 1 + random.below(3)).unwrap();
        }
        if random.below(4) == 0 && failover == "repmgr" {
            write!(text, " vars {{ repmgr_location = {location} }};").unwrap();
        }
        text.push_str(" }\n");
    }
    if failover == "repmgr" && random.below(2) == 0 {
        let number = 1 + random.below(2);
        let line = [
            "child_nodes_connected_min_count",
            "child_nodes_disconnect_min_count",
        ][random.below(2)];
        let mut lines = vec![
            "'child_nodes_disconnect_command=/bin/stop'".to_owned(),
            format!("'{line}={number}'"),
        ];
        if random.below(2) == 0 {
            lines.push("'primary_visibility_consensus=true'".to_owned());
        }
        let lines: Vec<String> = lines.iter().map(|line| line.replace('\'', "\"")).collect();
        writeln!(
            text,
            "  vars {{ repmgr_conf_settings = [{}] }}",
            lines.join(", ")
        )
        .unwrap();
    }
    if failover == "patroni" && random.below(2) == 0 {
        let settings = ["failsafe_mode = true", "synchronous_mode = true"][random.below(2)];
        writeln!(
            text,
            "  vars {{ patroni_dynamic_conf_settings = {{ {settings} }} }}"
        )
        .unwrap();
    }
    text.push_str("}\n");
    text
}
