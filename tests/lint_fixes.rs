//! Fixes are applied to texts: `lint::fix::apply`.

use m1c::diagnostic::{Applicability, Edit, Fix};
use m1c::lint::fix::{Fixed, apply};
use m1c::source::{FileId, Sources, Span};

fn fix(edits: &[(u32, u32, &str)]) -> Fix {
    let edits = edits.iter().map(|(start, end, replacement)| Edit {
        span: Span {
            file: FileId::nth(0),
            start: *start,
            end: *end,
        },
        replacement: (*replacement).to_owned(),
    });
    Fix {
        applicability: Applicability::Safe,
        edits: edits.collect(),
    }
}

fn applied(fixes: &[Fix]) -> (String, Vec<usize>) {
    let mut sources = Sources::default();
    sources.add("a.m1", "one two three");
    let fixes: Vec<&Fix> = fixes.iter().collect();
    let Fixed { mut texts, applied } = apply(&sources, &fixes);
    let text = texts.remove(&FileId::nth(0));
    (text.unwrap_or_default(), applied)
}

#[test]
fn fixes_apart_are_applied_together() {
    let fixes = [fix(&[(8, 13, "drei")]), fix(&[(0, 3, "eins"), (4, 7, "")])];
    assert_eq!(applied(&fixes), ("eins  drei".to_owned(), vec![0, 1]));
}

#[test]
fn of_fixes_that_overlap_the_first_is_applied() {
    let fixes = [
        fix(&[(4, 7, "zwei")]),
        fix(&[(0, 3, "eins"), (6, 9, "x")]),
        fix(&[(0, 13, "all")]),
        fix(&[(5, 5, "x")]),
        fix(&[(4, 4, "x")]),
        fix(&[(8, 13, "drei")]),
    ];
    assert_eq!(applied(&fixes), ("one zwei drei".to_owned(), vec![0, 5]));
}

#[test]
fn the_same_fix_twice_is_applied_once() {
    let fixes = [fix(&[(4, 7, "zwei")]), fix(&[(4, 7, "zwei")])];
    assert_eq!(applied(&fixes), ("one zwei three".to_owned(), vec![0, 1]));
}

#[test]
fn edits_outside_of_the_text_are_not_applied() {
    let fixes = [fix(&[(4, 70, "zwei")]), fix(&[]), fix(&[(13, 13, "!")])];
    assert_eq!(applied(&fixes), ("one two three!".to_owned(), vec![2]));
}
