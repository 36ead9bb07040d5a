//! The comments of a config.yml find the statements that their lines became.

mod nearest;

use nearest::Nearest;

use crate::output;
use crate::source::Span;
use crate::syntax::Tree;
use crate::syntax::nodes;
use crate::syntax::tree::{Body, Comment, Entry, Node, Statement, Value};
use crate::syntax::walk::{self, Element};
use crate::value::Map;
use crate::yaml;

/// A comment, and the place in the text that it is about.
pub(super) struct Remark {
    pub(super) text: String,
    /// In bytes.
    pub(super) about: u32,
    side: Side,
}

/// Where a comment is, as seen from what it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    /// On the same line.
    After,
    /// It closes the block that the line is in, because it is further right than the next line.
    Below,
}

/// Puts the comments of a text into the tree that it became, and forgets the places that the statements came from.
pub(super) fn attach(tree: &mut Tree, text: &str, map: &Map) {
    let first = map.places().map(|at| at.start).min().unwrap_or(0);
    let last = map.places().map(|at| at.start).max().unwrap_or(0);
    let mut spans: Vec<Span> = Vec::new();
    walk(&mut tree.body, &mut |statement| {
        spans.push(statement.span);
        Vec::new()
    });
    let nearest = Nearest::of(&spans);
    let mut found: Vec<Vec<Remark>> = spans.iter().map(|_| Vec::new()).collect();
    let mut end = Vec::new();
    for remark in remarks(text) {
        let is_above = remark.side == Side::Above;
        let is_after_all = is_above && remark.about == u32::MAX && last > 0;
        let about = remark.about;
        let place = if about <= first && is_above {
            Some(0)
        } else if is_after_all {
            None
        } else {
            nearest.to(about..line_end(text, about))
        };
        match place.and_then(|place| found.get_mut(place)) {
            Some(remarks) => remarks.push(remark),
            None => end.push(nodes::comment(&remark.text)),
        }
    }
    let mut found = found.into_iter();
    walk(&mut tree.body, &mut |statement| {
        statement.span = Span::NONE;
        let remarks = found.next().unwrap_or_default().into_iter();
        let (below, others): (Vec<Remark>, _) = remarks.partition(|it| it.side == Side::Below);
        for remark in others {
            nodes::add_comment(statement, &remark.text, remark.side == Side::After);
        }
        below.iter().map(|it| nodes::comment(&it.text)).collect()
    });
    lift(&mut tree.body);
    for cluster in &mut tree.body.statements {
        if let Node::Entry(Entry {
            block: Some(block), ..
        }) = &mut cluster.node
        {
            block.body.statements.iter_mut().for_each(break_lines);
        }
    }
    tree.body.end.extend(end);
}

/// A block with comments in it has lines, and so a blank line above it.
fn break_lines(statement: &mut Statement) {
    let mut comments = 0;
    if let Node::Entry(Entry {
        block: Some(block), ..
    }) = &statement.node
        && !block.multiline
    {
        walk::statement(statement, &mut |element| {
            comments += usize::from(matches!(element, Element::Comment(_)));
        });
    }
    let around = statement.before.len() + usize::from(statement.after.is_some());
    statement.blank_line_before |= comments > around;
}

/// What is above the first entry of a map in a list is above the map.
fn lift(body: &mut Body) {
    for statement in &mut body.statements {
        match &mut statement.node {
            Node::Entry(entry) => {
                if let Some(block) = &mut entry.block {
                    lift(&mut block.body);
                }
            }
            Node::Attribute(attribute) => lift_in(&mut attribute.value),
            Node::Binding(_) | Node::Conditional(_) | Node::Junk => {}
        }
    }
}

fn lift_in(value: &mut Value) {
    match value {
        Value::Map(block) => lift(&mut block.body),
        Value::List(list) => {
            for item in &mut list.items {
                lift_in(&mut item.value);
                if let Value::Map(map) = &mut item.value
                    && let Some(first) = map.body.statements.first_mut()
                {
                    item.before.append(&mut first.before);
                }
            }
        }
        Value::Scalar(_) | Value::Missing(_) => {}
    }
}

/// Where the line ends that a place is in.
fn line_end(text: &str, about: u32) -> u32 {
    let end = usize::try_from(about).ok();
    let end = end.and_then(|about| text.get(about..)?.find('\n').map(|end| about + end));
    u32::try_from(end.unwrap_or(text.len())).unwrap_or(u32::MAX)
}

/// The comments of a text that a source does not have.
pub(super) fn missing<'s>(source: &'s str, text: &str) -> impl Iterator<Item = Remark> + use<'s> {
    // Sorted by how they end, lines with the same end are next to each other.
    let mut lines: Vec<&str> = source.lines().map(str::trim_end).collect();
    lines.sort_by(|one, other| one.bytes().rev().cmp(other.bytes().rev()));
    let is_there = move |remark: &Remark| {
        let end = remark.text.as_str();
        let first = lines.partition_point(|line| line.bytes().rev().lt(end.bytes().rev()));
        lines.get(first).is_some_and(|line| line.ends_with(end))
    };
    remarks(text)
        .into_iter()
        .filter(move |remark| !is_there(remark))
}

fn remarks(text: &str) -> Vec<Remark> {
    let comments = yaml::comments(text);
    let header = if output::is_generated(text) { 2 } else { 0 };
    let saying = saying(text);
    comments
        .into_iter()
        .skip(header)
        .map(|comment| {
            let line = line_at(text, comment.at.start);
            let beginning = text.get(line..comment.at.start).unwrap_or_default();
            let next = next(&saying, comment.at.end);
            let (side, about) = if !beginning.trim().is_empty() {
                (
                    Side::After,
                    line + (beginning.len() - said(beginning).len()),
                )
            } else if let Some(above) = last_before(&saying, line)
                && next.is_none_or(|next| indentation(text, next) < beginning.len())
                && !beginning.is_empty()
            {
                (Side::Below, above)
            } else {
                (Side::Above, next.unwrap_or(usize::MAX))
            };
            Remark {
                text: format!("#{}", comment.text.trim_end()),
                about: u32::try_from(about).unwrap_or(u32::MAX),
                side,
            }
        })
        .collect()
}

/// Where the line begins that a place is in.
fn line_at(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |line| line + 1)
}

/// How far to the right the line says something that a place is in; the dash of an item is no more than a blank.
fn indentation(text: &str, at: usize) -> usize {
    let line = text.get(line_at(text, at)..).unwrap_or_default();
    line.len() - line.trim_start_matches([' ', '-']).len()
}

/// A line without its indentation and the dashes of items.
fn said(line: &str) -> &str {
    line.trim_start_matches([' ', '-', '\t', '\r', '\n'])
}

/// Where each line begins to say something, of those that do.
fn saying(text: &str) -> Vec<usize> {
    let mut saying = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let says = said(line);
        if !says.is_empty() && !says.starts_with('#') {
            saying.push(end - says.len());
        }
    }
    saying
}

/// The first place from `at` on.
fn next(places: &[usize], at: usize) -> Option<usize> {
    places
        .get(places.partition_point(|place| *place < at))
        .copied()
}

/// The last place before `at`.
fn last_before(places: &[usize], at: usize) -> Option<usize> {
    let before = places.partition_point(|place| *place < at);
    places.get(before.checked_sub(1)?).copied()
}

/// Visits every statement, in maps too, in the order of the source, and puts the comments that it gives below it.
fn walk(body: &mut Body, visit: &mut dyn FnMut(&mut Statement) -> Vec<Comment>) {
    let mut below = Vec::new();
    for statement in &mut body.statements {
        statement.before.splice(0..0, below);
        below = visit(statement);
        match &mut statement.node {
            Node::Entry(entry) => {
                if let Some(block) = &mut entry.block {
                    walk(&mut block.body, visit);
                }
            }
            Node::Attribute(attribute) => walk_value(&mut attribute.value, visit),
            Node::Binding(_) | Node::Conditional(_) | Node::Junk => {}
        }
    }
    body.end.splice(0..0, below);
}

fn walk_value(value: &mut Value, visit: &mut dyn FnMut(&mut Statement) -> Vec<Comment>) {
    match value {
        Value::Map(block) => walk(&mut block.body, visit),
        Value::List(list) => {
            for item in &mut list.items {
                walk_value(&mut item.value, visit);
            }
        }
        Value::Scalar(_) | Value::Missing(_) => {}
    }
}
