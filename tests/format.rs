//! The formatter: text in, text out, and what holds for every tree.
//!
//! `format/NAME.m1` becomes `format/NAME.out`, or stays as it is where there is no such file.

use std::fs;
use std::path::Path;

use m1c::diagnostic::Diagnostics;
use m1c::format::{format, with_line_ends_of};
use m1c::source::FileId;
use m1c::syntax::{self, Tree};
use proptest::prelude::*;

use crate::{carets, corpus, docs, dump, robust, trees};

#[test]
fn cases_have_their_format() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for path in corpus::files_in("tests/format") {
        let text = corpus::read(&path);
        let formatted = format(&parse(&path, &text));
        let expected_path = path.with_extension("out");
        let expected = if expected_path.exists() {
            corpus::read(&expected_path)
        } else {
            text.clone()
        };
        if formatted == expected {
            continue;
        }
        if update && formatted == text {
            fs::remove_file(&expected_path).unwrap();
        } else if update {
            fs::write(&expected_path, &formatted).unwrap();
        } else {
            failures.push(format!(
                "{}\n--- expected\n{expected}\n--- formatted\n{formatted}",
                path.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn library_is_formatted() {
    for path in corpus::files_in("stdlib") {
        let text = corpus::read(&path);
        assert_eq!(
            format(&parse(&path, &text)),
            text,
            "{} is not formatted",
            path.display()
        );
    }
}

#[test]
fn formatting_keeps_every_source_of_the_repository() {
    let files = corpus::files_in(".");
    let texts = files.iter().map(|path| corpus::read(path));
    // Some hold several sources, some have expectations among their lines.
    let sources = files
        .iter()
        .flat_map(|path| carets::sources(&corpus::read(path)))
        .map(|source| source.text);
    let mut formatted = 0;
    for text in texts.chain(sources).chain(docs::sources()) {
        let mut diagnostics = Diagnostics::default();
        let tree = syntax::parse(FileId::nth(0), &text, &mut diagnostics);
        if diagnostics.is_empty() {
            robust::check_format(&text, &tree, &format(&tree));
            formatted += 1;
        }
    }
    assert!(formatted > 100, "{formatted}");
}

#[test]
fn line_ends_are_those_of_the_first_line() {
    for (original, expected) in [
        ("", "a = 1\nb = 2\n"),
        ("a = 1", "a = 1\nb = 2\n"),
        ("a = 1\nb = 2\r\n", "a = 1\nb = 2\n"),
        ("a = 1\r\nb = 2\n", "a = 1\r\nb = 2\r\n"),
    ] {
        let formatted = with_line_ends_of(original, "a = 1\nb = 2\n".to_owned());
        assert_eq!(formatted, expected, "{original:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn formatting_keeps_what_a_program_has_built(tree in trees::tree()) {
        let formatted = format(&tree);
        let mut diagnostics = Diagnostics::default();
        let again = syntax::parse(FileId::nth(0), &formatted, &mut diagnostics);
        let diagnostics = diagnostics.into_sorted();
        prop_assert!(diagnostics.is_empty(), "{formatted}\n{diagnostics:#?}");
        prop_assert_eq!(dump::meaning(&again), dump::meaning(&tree), "{}", formatted);
        prop_assert_eq!(dump::comments(&again), dump::comments(&tree), "{}", formatted);
        prop_assert_eq!(format(&again), formatted);
    }
}

fn parse(path: &Path, text: &str) -> Tree {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), text, &mut diagnostics);
    let diagnostics = diagnostics.into_sorted();
    assert!(
        diagnostics.is_empty(),
        "{}: {diagnostics:#?}",
        path.display()
    );
    tree
}
