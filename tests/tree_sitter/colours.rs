//! The queries for colours, on the files that are marked for all editors: a line `# ^^^ KIND` tells what the line above
//! has there.

use std::collections::BTreeMap;
use std::path::Path;

use tree_sitter::{QueryCursor, StreamingIterator as _};

use super::queries::{EDITORS, query};
use super::{parse, parser};
use crate::corpus;

/// What is marked as the first is captured as one of the others by the queries of tree-sitter itself.
const KINDS: &[(&str, &[&str])] = &[
    ("allow", &["keyword"]),
    ("binding", &["keyword"]),
    ("bound", &["variable"]),
    ("choice", &["constant"]),
    ("comment", &["comment"]),
    ("constant", &["constant.builtin"]),
    ("definition", &["keyword"]),
    ("else", &["keyword"]),
    ("entry", &["keyword"]),
    ("escape", &["string.escape"]),
    ("host", &["property"]),
    ("if", &["keyword"]),
    ("import", &["keyword", "keyword.import"]),
    (
        "interpolation",
        &["punctuation.special", "variable", "punctuation.delimiter"],
    ),
    ("key", &["property", "string.escape"]),
    ("logical", &["keyword.operator"]),
    ("module", &["type"]),
    ("name", &["type"]),
    ("number", &["number"]),
    ("number-key", &["property"]),
    (
        "reference",
        &["punctuation.special", "variable", "punctuation.delimiter"],
    ),
    ("rule", &["type"]),
    ("string", &["string"]),
    ("type", &["type.builtin"]),
    ("unknown", &["property"]),
    ("until", &["keyword.operator"]),
    ("word", &[""]),
];

#[test]
fn marked_places_have_their_colours() {
    let mut wrong = Vec::new();
    for path in corpus::files_in("editors/marked") {
        let text = corpus::read(&path);
        let colours = colours(EDITORS[0].folder, &text);
        for mark in marks(&text) {
            let (_, expected) = KINDS.iter().find(|(kind, _)| *kind == mark.kind).unwrap();
            for at in mark.start..mark.end {
                let found = colours.get(&at).map_or("", String::as_str);
                if !expected.contains(&found) {
                    let line = text[..at].matches('\n').count() + 1;
                    let place = path.display();
                    wrong.push(format!("{place}:{line}: {found:?} is not a {}", mark.kind));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An editor may tell more kinds apart, and never has one colour for two.
#[test]
fn editors_colour_the_same_places_alike() {
    let mut meanings: BTreeMap<(&str, String), String> = BTreeMap::new();
    for path in [
        corpus::files_in("editors/marked"),
        corpus::files_in("examples"),
    ]
    .concat()
    {
        let text = corpus::read(&path);
        let [first, others @ ..] = EDITORS;
        let first = colours(first.folder, &text);
        assert!(first.len() > 20, "{}", path.display());
        for other in others {
            let colours = colours(other.folder, &text);
            assert!(first.keys().eq(colours.keys()), "{}", path.display());
            for (at, colour) in colours {
                let place = format!("{}: {}: {colour} at {at}", other.folder, path.display());
                let meaning = meanings.entry((other.folder, colour));
                assert_eq!(
                    *meaning.or_insert_with(|| first[&at].clone()),
                    first[&at],
                    "{place}"
                );
            }
        }
    }
}

/// The colour of every byte that has one: inner nodes colour over outer ones, later patterns over earlier ones.
fn colours(folder: &str, text: &str) -> BTreeMap<usize, String> {
    let query = query(&Path::new(folder).join("highlights.scm"));
    let tree = parse(&mut parser(), text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut layers = Vec::new();
    while let Some((found, index)) = captures.next() {
        let capture = found.captures()[*index];
        let name = query.capture_names()[capture.index as usize];
        if !name.starts_with('_') && name != "spell" {
            let node = capture.node.byte_range();
            layers.push((node.start, usize::MAX - node.end, found.pattern_index, name));
        }
    }
    layers.sort_unstable();
    let mut colours = BTreeMap::new();
    for (start, reversed_end, _, name) in layers {
        for at in start..usize::MAX - reversed_end {
            colours.insert(at, name.to_owned());
        }
    }
    colours
}

struct Mark<'t> {
    kind: &'t str,
    start: usize,
    end: usize,
}

fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    let mut marked_line = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match mark(line) {
            Some((start, end, kind)) => marks.push(Mark {
                kind,
                start: marked_line + start,
                end: marked_line + end,
            }),
            None => marked_line = at,
        }
        at += line.len();
    }
    assert!(!marks.is_empty(), "{text}");
    marks
}

/// `#   ^^^ KIND` marks what is above the carets, `#<-- KIND` what is above the arrow and its `#`.
fn mark(line: &str) -> Option<(usize, usize, &str)> {
    let (arrow, kind) = line.strip_prefix('#')?.trim_end().rsplit_once(' ')?;
    let end = 1 + arrow.len();
    if arrow.starts_with('<') && arrow[1..].chars().all(|sign| sign == '-') {
        return Some((0, end, kind));
    }
    let carets = arrow.trim_start_matches(' ');
    let is_mark = !carets.is_empty() && carets.chars().all(|sign| sign == '^');
    is_mark.then(|| (end - carets.len(), end, kind))
}
