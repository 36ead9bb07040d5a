//! Rules: the examples on their pages, and the pages themselves.
//!
//! An example marked `fails` gives a finding of its rule, one marked `passes` none. It is `m1`, a whole source, or `yaml`,
//! a config.yml. A `toml beside` is the lock of the sources after it. The environment is not known, unless the mark goes on with `in an empty environment`. With `with --tpa
//! 23.45` it is judged for that release, whatever it names.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::slice;

use m1c::check::{self, judge_config, judge_source};
use m1c::facts::tpa::{Target, TpaVersion};
use m1c::lint::{self, Before, Conditions, Context, Earlier, Environment, Finding, Rule, rules};
use m1c::source::Sources;
use m1c::tpa::view::{self, Subject};
use m1c::tpa::{config, document};

use crate::{corpus, memory, pages};

struct Example {
    language: String,
    fails: bool,
    environment: Option<Environment>,
    /// The version before it, for what compares.
    before: Option<String>,
    /// What is beside it.
    lock: Option<String>,
    /// The TPA that the run asks for.
    tpa: Option<TpaVersion>,
    text: String,
}

fn examples(rule: &Rule) -> Vec<Example> {
    let page = lint::page(rule);
    let mut examples = Vec::new();
    let (mut before, mut lock) = (None, None);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(mark) = line.strip_prefix("```") else {
            continue;
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let (language, verdict) = mark.split_once(' ').unwrap_or((mark, ""));
        let (verdict, environment) = match verdict.strip_suffix(" in an empty environment") {
            Some(verdict) => (verdict, Some(Environment::default())),
            None => (verdict, None),
        };
        let (verdict, tpa) = match verdict.split_once(" with --tpa ") {
            Some((verdict, tpa)) => (verdict, TpaVersion::parse(tpa).ok()),
            None => (verdict, None),
        };
        if verdict == "before" {
            before = Some(text.join("\n") + "\n");
        }
        if verdict == "beside" {
            lock = Some(text.join("\n") + "\n");
        }
        if verdict == "fails" || verdict == "passes" {
            examples.push(Example {
                language: language.to_owned(),
                fails: verdict == "fails",
                environment,
                before: before.clone(),
                lock: lock.clone(),
                tpa,
                text: text.join("\n") + "\n",
            });
        }
    }
    examples
}

/// The subjects of an example.
fn subjects(rule: &Rule, example: &Example) -> Vec<Subject> {
    let lock = example.lock.as_deref();
    subjects_of(rule, &example.language, &example.text, lock)
}

fn subjects_of(rule: &Rule, language: &str, text: &str, lock: Option<&str>) -> Vec<Subject> {
    if language == "yaml" {
        let mut sources = Sources::default();
        let file = sources.add("config.yml", text.to_owned());
        let document = document::read(file, text).unwrap();
        return vec![view::from_file(document)];
    }
    let checked = memory::check_with_lock(text, lock);
    let Some(topology) = &checked.topology else {
        panic!(
            "{}:\n{}{}",
            rule.code.name,
            text,
            memory::messages(&checked)
        );
    };
    let clusters = topology.clusters.iter();
    clusters
        .map(|cluster| view::from_config(config::config(cluster)))
        .collect()
}

/// What all rules find, with `allow` in effect.
fn judged(example: &Example) -> Vec<Finding> {
    let rules = lint::rules();
    let conditions = Conditions {
        tpa: example.tpa.map_or_else(Target::default, Target::Instead),
        ..memory::conditions(&rules)
    };
    if example.language == "yaml" {
        return judge_config("config.yml", &example.text, &conditions).findings;
    }
    let files = BTreeMap::from([("main.m1".to_owned(), example.text.clone())]);
    judge_source("main.m1", &memory::Memory { files }, &[], &conditions).findings
}

fn findings(rule: &'static Rule, example: &Example) -> Vec<Finding> {
    // What is wrong with an `allow` shows only where all rules run, and what another TPA says where one is asked for.
    if rules::find(rule.code.name).is_none() || example.tpa.is_some() {
        let mut found = judged(example);
        found.retain(|finding| finding.rule.code.name == rule.code.name);
        return found;
    }
    let subjects = subjects(rule, example);
    let before = example.before.as_ref().map(|text| Before {
        revision: "HEAD".to_owned(),
        sources: Sources::default(),
        subjects: subjects_of(rule, &example.language, text, None),
    });
    let judge = |subject: &Subject| {
        let earlier = before.as_ref().map(|version| Earlier {
            subject: &version.subjects[0],
            version,
        });
        let mut context = Context::new(subject, Some(memory::TODAY), example.environment.as_ref());
        context.before = earlier;
        lint::lint(&context, &[rule])
    };
    subjects.iter().flat_map(judge).collect()
}

#[test]
fn examples_of_rules_do_what_they_say() {
    let mut failures = String::new();
    for rule in lint::rules() {
        let name = rule.code.name;
        let examples = examples(rule);
        assert!(
            examples.iter().any(|example| example.fails),
            "{name} has no failing example"
        );
        assert!(
            examples.iter().any(|example| !example.fails),
            "{name} has no passing example"
        );
        for example in examples {
            let found = findings(rule, &example);
            if found.is_empty() == example.fails {
                let messages: Vec<&str> = found
                    .iter()
                    .map(|finding| finding.diagnostic.message.as_str())
                    .collect();
                failures.push_str(&format!("{name}:\n{}{messages:#?}\n", example.text));
            }
            for finding in found {
                let diagnostic = &finding.diagnostic;
                assert!(diagnostic.help.is_some(), "{name} does not say what to do");
                assert!(!diagnostic.primary.text.is_empty(), "{name} has no label");
                assert!(
                    !diagnostic.message.ends_with('.'),
                    "{name}: {}",
                    diagnostic.message
                );
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn rules_are_listed_by_name_and_each_has_its_file() {
    let names: Vec<&str> = rules::ALL.iter().map(|rule| rule.code.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    let mut files: Vec<String> = std::fs::read_dir("src/lint/rules")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            path.file_stem()
                .unwrap()
                .to_string_lossy()
                .replace('_', "-")
        })
        .collect();
    files.sort();
    assert_eq!(names, files);
}

#[test]
fn pages_of_rules_are_current() {
    let mut index = String::from(
        "# Rules\n\nWhat `m1c lint` finds. This page and those of the rules are generated.\n\n| rule | level | it finds |\n|---|---|---|\n",
    );
    std::fs::create_dir_all("docs/lints").unwrap();
    let mut stale = Vec::new();
    for rule in lint::rules() {
        let name = rule.code.name;
        let level = rule.level.level().name();
        index.push_str(&format!(
            "| [`{name}`]({name}.md) | {level} | {} |\n",
            rule.described()
        ));
        if pages::is_rewritten(&format!("docs/lints/{name}.md"), &lint::page(rule)) {
            stale.push(name);
        }
    }
    if pages::is_rewritten("docs/lints/README.md", &index) {
        stale.push("README");
    }
    assert!(
        stale.is_empty(),
        "rewritten, look at them and commit them: {stale:?}"
    );
}

#[test]
fn examples_and_library_are_free_of_findings() {
    let paths = [corpus::files_in("examples"), corpus::files_in("stdlib")].concat();
    assert!(paths.len() > 5);
    let file = |path: &PathBuf| (path.to_string_lossy().into_owned(), corpus::read(path));
    let files: BTreeMap<String, String> = paths.iter().map(file).collect();
    let memory = memory::Memory { files };
    let production = check::Setting {
        module: None,
        name: "stage".to_owned(),
        value: "prod".to_owned(),
    };
    for name in memory.files.keys() {
        assert_free_of_findings(name, &memory, &[]);
        if name.ends_with("stages.m1") {
            assert_free_of_findings(name, &memory, slice::from_ref(&production));
        }
    }
}

fn assert_free_of_findings(name: &str, memory: &memory::Memory, settings: &[check::Setting]) {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    let judged = judge_source(name, memory, settings, &conditions);
    let findings = judged.findings.iter().map(|finding| &finding.diagnostic);
    let said: Vec<String> = judged
        .diagnostics
        .iter()
        .chain(findings)
        .map(|diagnostic| format!("{}: {}", diagnostic.code.name, diagnostic.message))
        .collect();
    assert!(said.is_empty(), "{name}:\n{}", said.join("\n"));
}
