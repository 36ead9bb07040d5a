//! What TPA made of 500 command lines, and what m1c makes of them: `init`, then `build`.
//!
//! `parity/configure.jsonl.gz` has a run of `tpaexec configure` a line: its options, the files that it read, and its
//! config.yml or its error.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use m1c::backend::{self, Backend};
use m1c::check::{self, Checked, Options};
use m1c::tpa::configure::{Answer, Refusal, configure};
use serde_json::Value;

use crate::init::{OneFile, SOURCE};
use crate::robust::Random;
use crate::surroundings::Given;

/// A run of TPA.
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) argv: Vec<String>,
    pub(crate) given: Given,
    /// The config.yml that it wrote.
    pub(crate) config: Option<String>,
}

pub(crate) fn runs() -> Vec<Run> {
    rows("tests/parity/configure.jsonl.gz")
        .iter()
        .map(run)
        .collect()
}

/// The lines of a corpus.
pub(crate) fn rows(path: &str) -> Vec<Value> {
    BufReader::new(GzDecoder::new(File::open(path).unwrap()))
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect()
}

fn run(row: &Value) -> Run {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let cluster = text(&row["cluster"]).unwrap();
    // The corpus is of this release.
    let mut argv = vec![
        format!("/DIR/{cluster}"),
        "--tpa".to_owned(),
        "23.40".to_owned(),
    ];
    for word in row["argv"].as_array().unwrap() {
        let word = word.as_str().unwrap();
        argv.push(
            word.replace("@HOSTS@", "/DIR/hosts")
                .replace("@FILES@", "/DIR/files"),
        );
    }
    let mut given = Given::default();
    // A folder that was there when TPA ran.
    let mut cache = argv.iter().skip_while(|word| *word != "--shared-ccache");
    if let Some(cache) = cache.nth(1) {
        given.add_directory(cache);
    }
    if let Some(hosts) = text(&row["hosts"]) {
        given.add_file("/DIR/hosts", &hosts);
    }
    for (name, contents) in row["files"].as_object().into_iter().flatten() {
        given.add_file(&format!("/DIR/files/{name}"), &text(contents).unwrap());
    }
    Run {
        id: row["id"].to_string(),
        argv,
        given,
        config: text(&row["config"]),
    }
}

#[test]
fn what_tpa_refuses_is_refused() {
    let mut failures = String::new();
    for run in runs().iter().filter(|run| run.config.is_none()) {
        match configure(&run.argv, &run.given) {
            Err(Refusal { message, help, .. }) if !message.is_empty() && !help.is_empty() => {}
            Err(refusal) => writeln!(failures, "{}: {refusal:?}", run.id).unwrap(),
            Ok(_) => writeln!(failures, "{}: not refused: {}", run.id, run.argv.join(" ")).unwrap(),
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn what_tpa_writes_is_built() {
    let mut failures = String::new();
    for run in runs() {
        let Some(config) = &run.config else { continue };
        if let Err(failure) = compare(&run, config) {
            write!(
                failures,
                "{}: {}\n{failure}\n\n",
                run.id,
                run.argv.join(" ")
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn compare(run: &Run, config: &str) -> Result<(), String> {
    let source = match configure(&run.argv, &run.given) {
        Ok(Answer::Source(source)) => source.text,
        Ok(Answer::Help(_)) => return Err("the help page".to_owned()),
        Err(refusal) => return Err(format!("{refusal:?}")),
    };
    let Checked {
        diagnostics,
        topology,
        ..
    } = check::check(SOURCE, &OneFile(source.clone()), Options::default());
    let topology = topology.ok_or_else(|| format!("{source}{diagnostics:#?}"))?;
    let files = backend::emit(Backend::Tpa, &topology);
    let [file] = files.as_slice() else {
        return Err(format!("{} files", files.len()));
    };
    let (expected, found) = (comparable(config), comparable(&file.contents));
    if expected == found {
        return Ok(());
    }
    let difference = similar::TextDiff::from_lines(&expected, &found);
    Err(format!(
        "{source}{}",
        difference.unified_diff().header("TPA", "m1c")
    ))
}

/// A config.yml without what is random in TPA: the vault's name, the time in a volume's name, the order of the
/// repositories of etcd nodes.
fn comparable(config: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut repositories: Option<usize> = None;
    for line in config.lines() {
        if line.starts_with("vault_name: ") {
            lines.push("vault_name: UUID".to_owned());
        } else if let Some((before, behind)) = line.split_once("- ccache-") {
            let (_, path) = behind.split_once(':').unwrap();
            lines.push(format!("{before}- ccache:{path}"));
        } else {
            lines.push(line.to_owned());
        }
        let of_etcd = line == "    yum_repository_list:" || line == "    suse_repository_list:";
        match repositories {
            Some(start) if !line.starts_with("    - ") => {
                let end = lines.len() - 1;
                lines[start..end].sort();
                repositories = of_etcd.then_some(lines.len());
            }
            None if of_etcd => repositories = Some(lines.len()),
            Some(_) | None => {}
        }
    }
    if let Some(start) = repositories {
        lines[start..].sort();
    }
    lines.join("\n") + "\n"
}

/// An option and its values.
type Group = Vec<String>;

fn groups(argv: &[String]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for word in argv.iter().skip(1) {
        match groups.last_mut() {
            Some(group) if !word.starts_with('-') => group.push(word.clone()),
            _ => groups.push(vec![word.clone()]),
        }
    }
    groups
}

#[test]
fn what_init_accepts_builds() {
    let runs = runs();
    let pool: Vec<Group> = runs.iter().flat_map(|run| groups(&run.argv)).collect();
    let mut dice = Random(1);
    let mut failures = String::new();
    let mut accepted = 0;
    for _ in 0..2_000 {
        let run = &runs[dice.below(runs.len())];
        let mut options = groups(&run.argv);
        for _ in 0..dice.below(4) {
            let group = pool[dice.below(pool.len())].clone();
            match options.iter().position(|known| known[0] == group[0]) {
                Some(known) => options[known] = group,
                None => options.push(group),
            }
        }
        for _ in 0..dice.below(2) {
            options.remove(dice.below(options.len()));
        }
        let mut argv = vec![run.argv[0].clone()];
        argv.extend(options.into_iter().flatten());
        let Ok(Answer::Source(source)) = configure(&argv, &run.given) else {
            continue;
        };
        accepted += 1;
        let checked = check::check(
            "cluster.m1",
            &OneFile(source.text.clone()),
            Options::default(),
        );
        if checked.topology.is_none() {
            let messages = crate::memory::messages(&checked);
            writeln!(failures, "{}\n{}{messages}", argv.join(" "), source.text).unwrap();
        }
    }
    assert!(accepted > 500, "{accepted}");
    assert!(failures.is_empty(), "{failures}");
}
