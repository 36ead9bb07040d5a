//! `docs/settings.md` is generated from the schema.

use std::fmt::Write as _;

use m1c::facts::variables::{Scope, VARIABLES};
use m1c::schema::file::FILE;
use m1c::schema::{Block, Entry, Other, Type, alternatives};

use crate::pages;

const TOP: &str = "\
# Settings

Every statement of the language, where it stands, its type and its default.
This page is generated from `src/schema`; the rules that tie the statements together are in [language.md](language.md).

An attribute is written `key = value`, an entry `word LABEL… { … }`; what is in brackets may be left out.
";

const VARIABLES_TOP: &str = "
## Variables

The variables of TPA that `vars` knows, with the types that it accepts.
Others pass unchecked.
Those marked *settings* are top-level keys and stand in the cluster's `settings`, those marked *machine* belong to single machines.

| variable | type | of | meaning |
|---|---|---|---|
";

#[test]
fn the_page_of_settings_is_current() {
    let mut page = TOP.to_owned();
    let mut shown: Vec<&str> = Vec::new();
    block(&FILE, "At the top level", &mut shown, &mut page);
    page.push_str(VARIABLES_TOP);
    for variable in VARIABLES {
        let kinds: Vec<&str> = variable.accepts.iter().map(|kind| kind.name()).collect();
        let of = match variable.scope {
            Scope::TopLevel => "settings",
            Scope::Instance => "machine",
            Scope::Both => "",
        };
        let meaning = cell(&variable.described());
        writeln!(
            page,
            "| `{}` | {} | {of} | {meaning} |",
            variable.name,
            kinds.join(", ")
        )
        .unwrap();
    }
    pages::assert_current("docs/settings.md", &page);
}

/// A section for a block, then one for each block in it that has not been shown.
fn block(block: &'static Block, title: &str, shown: &mut Vec<&'static str>, page: &mut String) {
    shown.push(block.name);
    write!(page, "\n## {title}\n").unwrap();
    if !block.settings.is_empty() {
        page.push_str("\n| attribute | type | default | meaning |\n|---|---|---|---|\n");
        for setting in block.settings {
            let ty = cell(&setting.ty.name());
            let default = cell(setting.default);
            let meaning = cell(&setting.described());
            writeln!(
                page,
                "| `{}` | {ty} | {default} | {}{meaning} |",
                setting.key,
                only(setting.only)
            )
            .unwrap();
        }
    }
    let line = match block.other {
        Other::Line(line) => Some(line),
        Other::Unknown | Other::Free => None,
    };
    if !block.entries.is_empty() || line.is_some() {
        page.push_str("\n| entry | meaning |\n|---|---|\n");
        for entry in block.entries.iter().chain(line) {
            let meaning = cell(entry.documentation);
            writeln!(
                page,
                "| `{}` | {}{meaning}{} |",
                usage(entry),
                only(entry.only),
                words(entry)
            )
            .unwrap();
        }
    }
    for entry in block.entries {
        let Some(inner) = entry.block else { continue };
        if inner.other != Other::Free && !shown.contains(&inner.name) {
            self::block(inner, &format!("In {}", heading(inner.name)), shown, page);
        }
    }
}

fn heading(name: &str) -> String {
    match name {
        "cluster" => "a `cluster` or `profile`".to_owned(),
        "machine" => "a machine: `primary`, `replica`, `single`, `barman`, `witness`, `etcd`, `haproxy`, `pem`".to_owned(),
        "volume" => "a volume".to_owned(),
        "image version" => "a version of an `image`".to_owned(),
        name => format!("`{name}`"),
    }
}

fn usage(entry: &Entry) -> String {
    match entry.block {
        Some(_) => format!("{} {{ … }}", entry.usage()),
        None => entry.usage(),
    }
}

/// Which words may stand for a label.
fn words(entry: &Entry) -> String {
    let mut text = String::new();
    for label in entry.labels {
        if let Type::Word(words @ [_, _, ..]) = label.ty {
            write!(text, " {} is {}.", label.name, alternatives(words)).unwrap();
        }
    }
    text
}

fn only(only: &[&str]) -> String {
    if only.is_empty() {
        return String::new();
    }
    let words: Vec<String> = only.iter().map(|word| format!("`{word}`")).collect();
    format!("Only with {}. ", words.join(" and "))
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
