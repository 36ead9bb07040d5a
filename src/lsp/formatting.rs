//! A document, or the statements that a range touches, in the one true format; a source with syntax errors is left alone.
//!
//! Only lines that change are replaced, so that an editor keeps its cursor and its marks.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::Document;
use crate::diagnostic::{Diagnostics, Edit};
use crate::format;
use crate::source::{FileId, Span};
use crate::syntax::tree::{Block, Body, Node, Statement, Tree};
use crate::syntax::{self, walk};

/// The changes that format the whole document; `None` if it is left alone.
pub(super) fn document(document: &Document) -> Option<Vec<Edit>> {
    let new = formatted(document)?;
    Some(differences(document.file(), document.text(), &new))
}

/// The changes that format the statements that a range touches, as they would be in the formatted document.
pub(super) fn range(document: &Document, range: Range<u32>) -> Option<Vec<Edit>> {
    let new = formatted(document)?;
    // Both trees have the same statements, because formatting changes none.
    let tree = syntax::parse(document.file(), &new, &mut Diagnostics::default());
    let old = document.text();
    let lines = line_start(old, range.start as usize)..line_end(old, range.end as usize);
    let (old_side, new_side) = (side(document.tree(), old), side(&tree, &new));
    Some(match regions(old_side, new_side, &lines) {
        Some((old_region, new_region)) => {
            changes(document.file(), (old, old_region), (&new, new_region))
        }
        None => Vec::new(),
    })
}

/// The formatted text; `None` if there are syntax errors, because what was not understood would be lost.
fn formatted(document: &Document) -> Option<String> {
    let file = document.file();
    let is_syntax_error = |code: &str| {
        let mut codes = syntax::errors::CODES.iter();
        codes.any(|known| known.name == code)
    };
    let mut diagnostics = document.analysis.diagnostics.iter();
    let is_broken = diagnostics.any(|diagnostic| {
        diagnostic.primary.span.file == file && is_syntax_error(diagnostic.code.name)
    });
    (!is_broken).then(|| {
        let text = format::format(document.tree());
        format::with_line_ends_of(document.text(), text)
    })
}

/// Statements with the text that they are in.
#[derive(Clone, Copy)]
struct Side<'t> {
    body: &'t Body,
    text: &'t str,
}

fn side<'t>(tree: &'t Tree, text: &'t str) -> Side<'t> {
    let body = &tree.body;
    Side { body, text }
}

/// The lines of the statements that some lines of the old text touch, in both texts. Statements that share a line with
/// another one are taken together with what is around them.
fn regions(
    old: Side<'_>,
    new: Side<'_>,
    lines: &Range<usize>,
) -> Option<(Range<usize>, Range<usize>)> {
    let mut touched = old.body.statements.iter().zip(&new.body.statements);
    let mut touched = touched.by_ref().filter(|(statement, _)| {
        let span = statement.span.range();
        span.start <= lines.end && span.end >= lines.start
    });
    let first = touched.next()?;
    let last = touched.last();
    if last.is_none()
        && let Some(inner) = inside(first, old, new, lines)
    {
        return inner;
    }
    let last = last.unwrap_or(first);
    // Comments above the first statement belong to it where the range reaches them.
    let mut comments = first.0.before.iter();
    let comment = comments.position(|comment| comment.span.range().end >= lines.start);
    let region = |text: &str, first: &Statement, last: &Statement| {
        let comment = comment.and_then(|comment| first.before.get(comment));
        let start = comment.map_or(first.span, |comment| comment.span);
        line_start(text, start.range().start)..line_end(text, last.span.range().end)
    };
    Some((
        region(old.text, first.0, last.0),
        region(new.text, first.1, last.1),
    ))
}

/// What some lines touch inside of a statement; the outer `None` if they touch the statement itself.
fn inside(
    (old_statement, new_statement): (&Statement, &Statement),
    old: Side<'_>,
    new: Side<'_>,
    lines: &Range<usize>,
) -> Option<Option<(Range<usize>, Range<usize>)>> {
    let pairs = blocks(&old_statement.node)
        .into_iter()
        .zip(blocks(&new_statement.node));
    for (old_block, new_block) in pairs {
        let span = old_block.span.range();
        // The lines of the braces belong to the statement.
        let holds = line_end(old.text, span.start) < lines.start
            && lines.end < line_start(old.text, span.end);
        if holds {
            let old = Side {
                body: &old_block.body,
                ..old
            };
            let new = Side {
                body: &new_block.body,
                ..new
            };
            return Some(regions(old, new, lines));
        }
    }
    None
}

fn line_start(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of an offset ends, before its line break.
fn line_end(text: &str, offset: usize) -> usize {
    let behind = text.get(offset..).unwrap_or("");
    let length = behind.find(['\n', '\r']).unwrap_or(behind.len());
    offset.min(text.len()) + length
}

/// The edits that make a new text of an old one.
pub(super) fn differences(file: FileId, old: &str, new: &str) -> Vec<Edit> {
    changes(file, (old, 0..old.len()), (new, 0..new.len()))
}

/// The edits that make a part of a new text of a part of an old one, line by line.
fn changes(
    file: FileId,
    (old, old_part): (&str, Range<usize>),
    (new, new_part): (&str, Range<usize>),
) -> Vec<Edit> {
    let lines = |text: &str, part: Range<usize>| -> Vec<(usize, String)> {
        let mut at = part.start;
        let lines = text.get(part).unwrap_or("").split_inclusive('\n');
        lines
            .map(|line| {
                let start = at;
                at += line.len();
                (start, line.to_owned())
            })
            .collect()
    };
    let end = old_part.end;
    let (old, new) = (lines(old, old_part), lines(new, new_part));
    let texts = |lines: &[(usize, String)]| -> Vec<String> {
        lines.iter().map(|(_, line)| line.clone()).collect()
    };
    let (old_texts, new_texts) = (texts(&old), texts(&new));
    let mut edits = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &old_texts, &new_texts) {
        let (tag, from, to) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        let start_of = |line: usize| old.get(line).map_or(end, |(start, _)| *start);
        if from.len() == to.len() {
            for (from, to) in from.zip(to) {
                let (Some((start, old)), Some(new)) = (old.get(from), new_texts.get(to)) else {
                    continue;
                };
                edits.push(within_line(file, *start, old, new));
            }
        } else {
            let replacement = new_texts.get(to).unwrap_or_default().concat();
            edits.push(edit(
                file,
                start_of(from.start)..start_of(from.end),
                replacement,
            ));
        }
    }
    edits
}

/// The edit that makes one line of another, without what both begin and end with.
fn within_line(file: FileId, start: usize, old: &str, new: &str) -> Edit {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let prefix: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(character, _)| character.len_utf8())
        .sum();
    let (old_rest, new_rest) = (
        old.get(prefix..).unwrap_or(""),
        new.get(prefix..).unwrap_or(""),
    );
    let suffix: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(character, _)| character.len_utf8())
        .sum();
    let replacement = new_rest.get(..new_rest.len() - suffix).unwrap_or("");
    let range = start + prefix..start + old.len() - suffix;
    edit(file, range, replacement.to_owned())
}

fn edit(file: FileId, range: Range<usize>, replacement: String) -> Edit {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Edit {
        span: Span {
            file,
            start: offset(range.start),
            end: offset(range.end),
        },
        replacement,
    }
}

fn blocks(node: &Node) -> Vec<&Block> {
    match node {
        Node::Entry(entry) => entry.block.as_ref().into_iter().collect(),
        Node::Conditional(conditional) => walk::branches(conditional),
        Node::Binding(_) | Node::Attribute(_) | Node::Junk => Vec::new(),
    }
}
