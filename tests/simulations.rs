//! `m1c simulate`: the page shows what comes out, and documents are valid by their schema.

use std::fs;

use m1c::check::{self, Options};
use m1c::report::diff::{Format, Look};
use m1c::report::simulate::{Run, Shown, render};
use m1c::report::{self, Style};
use m1c::simulate::{Asked, Simulation, Writes, compare, simulate};
use m1c::tpa::{config, view};

use crate::corpus;
use crate::memory::Memory;
use crate::pages;

const PAGE: &str = "docs/simulate.md";

fn played(name: &str, files: &Memory, asked: Asked<'_>) -> Vec<Simulation> {
    let analysis = check::analyse(name, files, Options::default());
    let clusters = analysis.topology.clusters.iter();
    let play = |cluster| {
        let subject = view::from_config(config::config(cluster));
        simulate(&subject, &analysis.sources, asked).unwrap()
    };
    clusters.map(play).collect()
}

fn of_text(name: &str, text: &str) -> Memory {
    Memory {
        files: [(name.to_owned(), text.to_owned())].into(),
    }
}

fn drawn(format: Format, simulations: Vec<Simulation>, is_detailed: bool) -> String {
    let shown = if is_detailed {
        Shown::Details(simulations)
    } else {
        Shown::Table(simulations)
    };
    of_run(format, shown)
}

fn of_run(format: Format, shown: Shown) -> String {
    let look = Look {
        format,
        style: Style::Plain,
        width: 100,
    };
    let failures = Vec::new();
    render(look, &Run { shown, failures })
}

/// What is said of a source, with what it requires.
fn said(name: &str, text: &str) -> String {
    let (files, options) = (of_text(name, text), Options::default());
    let mut analysis = check::analyse(name, &files, options);
    check::requirements(&mut analysis, &files, options);
    report::render(
        report::Format::Human,
        Style::Plain,
        &analysis.sources,
        &analysis.diagnostics,
    )
}

/// Each block `text` that begins with a command is what it prints about the source above it.
#[test]
fn the_page_shows_what_comes_out() {
    let page = fs::read_to_string(PAGE).unwrap();
    let mut source = String::new();
    let mut current = String::new();
    let mut rest = page.as_str();
    while let Some(start) = rest.find("```") {
        let (before, block) = rest.split_at(start);
        let end = block.find("\n```\n").expect("blocks end") + "\n```\n".len();
        let (block, after) = block.split_at(end);
        current.push_str(before);
        let (head, body) = block.split_once('\n').unwrap();
        let body = body.trim_end_matches("```\n");
        let command = body.lines().next().unwrap_or_default();
        match (head, command.strip_prefix("$ m1c simulate ")) {
            ("```m1" | "```m1 fails", _) => {
                body.clone_into(&mut source);
                current.push_str(block);
            }
            ("```text", Some(options)) => {
                let mut words = options.split(' ');
                let name = words.next().unwrap();
                let only = options.split_once("--failure ").map(|(_, name)| name);
                let files = of_text(name, &source);
                let simulations = played(name, &files, only.map_or(Asked::Single, Asked::Named));
                let text = drawn(Format::Human, simulations, only.is_some());
                current.push_str(&format!("```text\n{command}\n{text}```\n"));
            }
            ("```text", None) if command.starts_with("$ m1c build ") => {
                let name = command.trim_start_matches("$ m1c build ");
                let text = said(name, &source);
                current.push_str(&format!("```text\n{command}\n{text}```\n"));
            }
            _ => current.push_str(block),
        }
        rest = after;
    }
    current.push_str(rest);
    pages::assert_current(PAGE, &current);
}

/// The readme shows some lines of the page.
#[test]
fn the_readme_shows_what_the_page_shows() {
    let (readme, page) = (
        include_str!("../README.md"),
        fs::read_to_string(PAGE).unwrap(),
    );
    let (_, table) = readme.split_once("\nfailure  ").unwrap();
    let (table, _) = table.split_once("```").unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() > 2);
    let missing = lines.iter().find(|line| !page.contains(*line));
    assert_eq!(missing, None);
}

#[test]
fn documents_are_valid() {
    let schema = include_str!("../docs/simulate.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let valid = |name: &str, document: String| {
        let document = serde_json::from_str(&document).unwrap();
        let wrong: Vec<String> = schema
            .iter_errors(&document)
            .map(|error| format!("{name}: {}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    };
    let mut before: Option<Simulation> = None;
    let mut comparisons = Vec::new();
    for path in corpus::files_in("examples") {
        let name = path.display().to_string();
        let files = of_text(&name, &corpus::read(&path));
        let simulations = played(&name, &files, Asked::Single);
        for now in &simulations {
            comparisons.extend(before.as_ref().map(|before| compare(before, now)));
            before = Some(now.clone());
        }
        valid(&name, drawn(Format::Json, simulations, false));
    }
    assert!(comparisons.iter().any(|it| !it.changed.is_empty()));
    let shown = Shown::Since("HEAD".to_owned(), comparisons);
    valid("--since", of_run(Format::Json, shown));
}

/// Every failure of the table can be asked for by its name, and says the same.
#[test]
fn a_failure_is_the_same_by_its_name() {
    for path in corpus::files_in("examples") {
        let name = path.display().to_string();
        let files = of_text(&name, &corpus::read(&path));
        for all in played(&name, &files, Asked::Single) {
            for outcome in &all.outcomes {
                let named = played(&name, &files, Asked::Named(&outcome.name));
                let found = named
                    .iter()
                    .filter(|one| one.cluster == all.cluster)
                    .flat_map(|one| &one.outcomes);
                assert_eq!(found.collect::<Vec<_>>(), [outcome], "{name}");
            }
        }
    }
}

/// Who writes is one of those that are there, and a second failure never helps somebody who has none to help.
#[test]
fn pairs_hold_what_single_failures_say() {
    let source = "cluster votes {
  postgres postgresql 16
  failover repmgr
  platform bare
  location l1 { data 2 }
  location l2 { data 2 }
  location l3 { witness }
}
";
    let files = of_text("votes.m1", source);
    let [simulation] = &played("votes.m1", &files, Asked::Pairs)[..] else {
        panic!("one cluster");
    };
    let both = |name: &str| {
        let mut outcomes = simulation.outcomes.iter();
        let found = outcomes.find(|outcome| outcome.name == name);
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    // Two of three votes are gone.
    let lost = both("machine/l1-db1+machine/l2-db1");
    assert_eq!(lost.writes, Writes::TakesOver(vec!["l1-db2".to_owned()]));
    assert_eq!(
        both("machine/l1-db1+location/l2").writes,
        Writes::TakesOver(vec!["l1-db2".to_owned()])
    );
    assert_eq!(
        both("machine/l3-witness1+location/l1").writes,
        Writes::Nobody
    );
    // What is lost with its location is no pair.
    let mut names = simulation.outcomes.iter().map(|outcome| &outcome.name);
    assert!(!names.any(|name| name == "machine/l1-db1+location/l1"));
}
