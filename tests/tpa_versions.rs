//! `docs/tpa-versions.md` is made from the table of changes, and a new release of TPA costs rows of tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use m1c::facts::tpa::changes::{CHANGES, Change, Turn, What};
use m1c::facts::tpa::{RELEASES, TpaVersion, Unusable, V23_40};
use m1c::facts::variables::VARIABLES;
use m1c::schema::file::FILE;
use m1c::schema::{Block, Setting};

use crate::pages;

const TOP: &str = "\
# Releases of TPA

What m1c knows of each release of TPA, as far as it touches M1, and how sure that is: *stated* in the release notes, read in
the *code* or in the *documentation*, or *inferred*.
This page is generated from `src/facts/tpa/changes.rs`, and from the variables and settings that say since when they are read.

A cluster says which TPA deploys it: `tpa = 23.45`; [language.md](language.md#the-release-of-tpa) says what holds where it does
not. Everything that is not on this page is as in 23.40.
";

#[test]
fn the_page_of_releases_is_current() {
    let mut page = TOP.to_owned();
    let mut settings = Vec::new();
    settings_of(&FILE, &mut BTreeSet::new(), &mut settings);
    for (index, release) in RELEASES.iter().enumerate().rev() {
        let version = release.version;
        write!(page, "\n## {version}\n\nOf {}.", release.date).unwrap();
        if index == 0 {
            page.push_str(" The first release that m1c knows.\n");
            continue;
        }
        page.push_str("\n\n| what | how sure |\n|---|---|\n");
        for change in CHANGES.iter().filter(|change| change.version == version) {
            writeln!(page, "| {} | {} |", said(change), change.sure.name()).unwrap();
        }
        for variable in VARIABLES {
            if variable.since == Some(version) {
                let (name, what) = (variable.name, cell(variable.documentation));
                writeln!(page, "| The variable `{name}`. {what} | stated |").unwrap();
            }
        }
        for (block, setting) in &settings {
            if setting.since == Some(version) {
                let (key, what) = (setting.key, cell(setting.documentation));
                writeln!(page, "| m1c's setting `{key}` of `{block}`. {what} | |").unwrap();
            }
        }
    }
    pages::assert_current("docs/tpa-versions.md", &page);
}

/// What a row says, with the names that it is about.
fn said(change: &Change) -> String {
    let mut names: Vec<String> = Vec::new();
    if let What::Regions(regions) = change.what {
        names.extend(regions.iter().map(|name| format!("`{name}`")));
    }
    if let What::Images(platform, images) = change.what {
        let image = |(name, version): &(&str, &str)| format!("{name} {version} on {platform}");
        names.extend(images.iter().map(image));
    }
    if let What::Ami(ami) = change.what {
        names.push(format!("`{}` is now `{}`", ami.old, ami.present));
    }
    if names.is_empty() {
        return change.says.to_owned();
    }
    format!("{} {}.", change.says, names.join(", "))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The settings of a block and of the blocks in it, each block once.
fn settings_of(
    block: &'static Block,
    seen: &mut BTreeSet<&'static str>,
    all: &mut Vec<(&'static str, &'static Setting)>,
) {
    if !seen.insert(block.name) {
        return;
    }
    all.extend(block.settings.iter().map(|setting| (block.name, setting)));
    for entry in block.entries {
        if let Some(inner) = entry.block {
            settings_of(inner, seen, all);
        }
    }
}

#[test]
fn releases_and_changes_are_in_order() {
    assert!(RELEASES.is_sorted_by_key(|release| release.version));
    assert!(RELEASES.is_sorted_by_key(|release| release.date));
    assert_eq!(RELEASES.last().unwrap().version, TpaVersion::NEWEST);
    assert!(CHANGES.is_sorted_by_key(|change| change.version));
    let known: Vec<TpaVersion> = RELEASES.iter().map(|release| release.version).collect();
    for change in CHANGES {
        assert!(known.contains(&change.version), "{}", change.says);
        let ends_what_began = change.turn == Turn::Begins || change.version > V23_40;
        assert!(ends_what_began, "{}", change.says);
    }
    for variable in VARIABLES {
        let since = variable.since;
        assert!(
            since.is_none_or(|since| known.contains(&since)),
            "{}",
            variable.name
        );
    }
}

#[test]
fn versions_are_read_as_people_write_them() {
    let spelled = |text: &str| TpaVersion::parse(text).map(TpaVersion::spelled);
    for (text, expected) in [
        ("23.45", "23.45"),
        ("23.45.0", "23.45"),
        ("23.44", "23.44"),
        ("23.44.1", "23.44"),
        ("23.44.0", "23.44.0"),
        ("23.40", "23.40"),
        ("23.40.0", "23.40.0"),
        ("23.45.9", "23.45.9"),
        ("24.0", "24.0"),
    ] {
        assert_eq!(spelled(text).as_deref(), Ok(expected), "{text}");
    }
    for text in [
        "",
        "23",
        "v23.45",
        "23.45.0.1",
        "23.",
        "23.45-1",
        "23.99999999",
        " 23.45",
    ] {
        assert_eq!(spelled(text), Err(Unusable::Malformed), "{text}");
    }
    for text in ["23.39", "23.39.9", "22.45", "0.0"] {
        assert_eq!(spelled(text), Err(Unusable::TooOld), "{text}");
    }
    for text in ["23.43.1", "23.44.2"] {
        assert!(
            matches!(spelled(text), Err(Unusable::Unknown { .. })),
            "{text}"
        );
    }
}

/// The patch that `CONTRIBUTING.md` shows: a made-up release with a variable, a default of `configure` and a refusal.
/// `tests/tpa/new_release.sh` applies it, builds, and looks at what comes of it.
#[test]
fn a_new_release_touches_at_most_three_files() {
    let patch = fs::read_to_string("tests/tpa/new_release.patch").unwrap();
    let mut files = BTreeSet::new();
    for part in patch
        .split("\n--- a/")
        .map(|part| part.trim_start_matches("--- a/"))
    {
        let (name, hunks) = part.split_once('\n').unwrap();
        files.insert(name);
        let text = fs::read_to_string(name).unwrap();
        for hunk in hunks.split("\n@@ ").skip(1) {
            let lines = hunk.lines().skip(1).filter(|line| !line.starts_with('+'));
            let old: Vec<&str> = lines.map(|line| line.get(1..).unwrap_or("")).collect();
            assert!(text.contains(&old.join("\n")), "{name}: {old:#?}");
        }
    }
    assert!(files.len() <= 3, "{files:?}");
}
