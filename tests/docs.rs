//! What the documents show is true: every block of .m1 in them compiles, or fails where it says so; examples and the
//! library are clean and formatted.
//!
//! A block marked `m1` is a whole source, one marked `m1 cluster` is inside a cluster, one marked `m1 fails` has a
//! mistake. One marked `m1 before` is not formatted, and is above what it becomes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use m1c::check::{Options, check, judge_source};
use m1c::diagnostic::{Diagnostics, Level};
use m1c::format::format;
use m1c::lint;
use m1c::load::{Files, ReadError};
use m1c::report::{self, Format, Style};
use m1c::source::FileId;
use m1c::syntax;

use crate::{corpus, memory};

/// The statements that every cluster needs; a fragment's own stand instead.
const CLUSTER: [(&str, &str); 4] = [
    ("postgres", "postgres postgresql 16"),
    ("failover", "failover repmgr"),
    ("platform", "platform bare"),
    ("location", "location main { data 2 }"),
];

/// The documents whose blocks are tested.
const PAGES: [&str; 11] = [
    "README.md",
    "docs/ansible.md",
    "docs/first-clusters.md",
    "docs/format.md",
    "docs/import.md",
    "docs/language.md",
    "docs/lint.md",
    "docs/lock.md",
    "docs/simulate.md",
    "docs/terraform.md",
    "docs/tpa.md",
];

/// The texts of all blocks of .m1 in the documents, those with mistakes too.
pub(crate) fn sources() -> Vec<String> {
    let rules = fs::read_dir("docs/lints").unwrap();
    let rules = rules.map(|entry| entry.unwrap().path());
    let pages = PAGES.iter().map(PathBuf::from).chain(rules);
    let blocks = pages.flat_map(|path| blocks(&fs::read_to_string(path).unwrap()));
    let sources = blocks.filter(|block| block.mark.split(' ').next() == Some("m1"));
    sources.map(|block| block.text).collect()
}

struct Block {
    /// What comes after the fence.
    mark: String,
    line: usize,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines().enumerate();
    while let Some((line, text)) = lines.next() {
        if let Some(mark) = text.strip_prefix("```") {
            let inner: Vec<&str> = lines
                .by_ref()
                .map(|(_, text)| text)
                .take_while(|text| *text != "```")
                .collect();
            blocks.push(Block {
                mark: mark.to_owned(),
                line: line + 1,
                text: inner.join("\n") + "\n",
            });
        }
    }
    blocks
}

/// A fragment of a cluster in a whole one.
fn whole(fragment: &str) -> String {
    let mut source = String::from("cluster example {\n");
    for (word, statement) in CLUSTER {
        let states = fragment
            .lines()
            .any(|line| line.split([' ', '{']).next() == Some(word));
        if !states {
            source.push_str(statement);
            source.push('\n');
        }
    }
    source + fragment + "}\n"
}

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        fs::read_to_string(path).map_err(|error| ReadError::Unreadable(error.to_string()))
    }
}

#[test]
fn blocks_of_the_documents_compile() {
    let mut failures = String::new();
    let mut compiled = 0;
    for path in PAGES {
        for block in blocks(&fs::read_to_string(path).unwrap()) {
            let source = match block.mark.as_str() {
                "m1" | "m1 fails" => block.text.clone(),
                "m1 cluster" => whole(&block.text),
                _ => continue,
            };
            compiled += 1;
            let checked = memory::check_text(&source);
            let messages = memory::messages(&checked);
            if (block.mark == "m1 fails") == messages.is_empty() {
                failures.push_str(&format!(
                    "{path}:{}: `{}`\n{messages}\n",
                    block.line, block.mark
                ));
            }
        }
    }
    assert!(compiled > 0);
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn blocks_of_the_documents_are_formatted() {
    let mut failures = String::new();
    for path in PAGES {
        for block in blocks(&fs::read_to_string(path).unwrap()) {
            if block.mark != "m1" && block.mark != "m1 cluster" {
                continue;
            }
            let formatted = formatted(&block.text);
            if formatted != block.text {
                failures.push_str(&format!("{path}:{}\n{formatted}\n", block.line));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn examples_of_the_format_become_what_stands_below_them() {
    let page = fs::read_to_string("docs/format.md").unwrap();
    let blocks = blocks(&page);
    let mut shown = 0;
    for pair in blocks.windows(2) {
        if pair[0].mark == "m1 before" {
            shown += 1;
            assert_eq!(formatted(&pair[0].text), pair[1].text);
        }
    }
    assert!(shown > 0);
}

/// A source, drawn as a person sees it when it is in a file of this name.
fn picture(name: &str, text: &str) -> String {
    let files = BTreeMap::from([(name.to_owned(), text.to_owned())]);
    let checked = check(name, &memory::Memory { files }, Options::default());
    report::render(
        Format::Human,
        Style::Plain,
        &checked.sources,
        &checked.diagnostics,
    )
}

#[test]
fn pictures_of_diagnostics_are_what_m1c_draws() {
    let readme = fs::read_to_string("README.md").unwrap();
    let first = picture("payments.m1", include_str!("docs/payments.m1"));
    assert!(
        readme.contains(first.trim_end()),
        "the readme does not show\n{first}"
    );
    let blocks = blocks(&readme);
    let mut shown = 0;
    for pair in blocks.windows(2) {
        if pair[0].mark == "m1 fails" && pair[1].mark == "text" {
            shown += 1;
            let drawn = picture("speedy.m1", &pair[0].text);
            assert_eq!(pair[1].text.trim_end(), drawn.trim_end(), "\n{drawn}");
        }
    }
    assert!(shown > 0);
}

#[test]
fn examples_compile_and_are_formatted() {
    let examples = corpus::files_in("examples");
    assert!(!examples.is_empty());
    for path in examples {
        let name = path.to_string_lossy();
        let checked = check(&name, &Disk, Options::default());
        assert_eq!(memory::messages(&checked), "", "{name}");
        let text = corpus::read(&path);
        assert_eq!(formatted(&text), text, "{name}");
    }
}

#[test]
fn every_profile_of_the_library_makes_a_cluster() {
    let profiles: Vec<_> = m1c::library::labels("profiles", "profile").collect();
    assert!(profiles.len() > 3);
    for profile in profiles {
        let profile = profile[0];
        // What a profile chooses itself is in its place.
        let own = m1c::library::find("profiles", "profile", &[profile]).unwrap();
        let own = &own.text[own.range];
        let mut source =
            format!("use profiles\ncluster example {{\n  include profiles.{profile}\n");
        for (word, statement) in CLUSTER {
            if !own
                .lines()
                .any(|line| line.trim_start().split(' ').next() == Some(word))
            {
                source.push_str(&format!("  {statement}\n"));
            }
        }
        source.push_str("}\n");
        let checked = memory::check_text(&source);
        assert_eq!(memory::messages(&checked), "", "{source}");
        assert!(checked.topology.is_some());
    }
}

fn formatted(text: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    format(&syntax::parse(FileId::nth(0), text, &mut diagnostics))
}

/// What a source draws that is not only advice, a line each.
fn urgent(text: &str) -> Vec<String> {
    let files = BTreeMap::from([("main.m1".to_owned(), text.to_owned())]);
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    let judged = judge_source("main.m1", &memory::Memory { files }, &[], &conditions);
    let urgent = judged.all().filter(|one| one.level != Level::Advice);
    urgent
        .map(|one| format!("{}: {}", one.code.name, one.message))
        .collect()
}

#[test]
fn first_clusters_draw_few_warnings() {
    for path in PAGES {
        // The first cluster that somebody reads about.
        let is_start = matches!(path, "README.md" | "docs/language.md");
        let mut most = if is_start { 1 } else { 3 };
        for block in blocks(&fs::read_to_string(path).unwrap()) {
            if block.mark != "m1" {
                continue;
            }
            let urgent = urgent(&block.text);
            let (line, count) = (block.line, urgent.len());
            assert!(count <= most, "{path}:{line}: {count}\n{urgent:#?}");
            most = 3;
        }
    }
}
