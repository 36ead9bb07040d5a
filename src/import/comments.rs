//! The comments of a config.yml find the statements that their lines became.

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
    let mut found: Vec<Vec<Remark>> = spans.iter().map(|_| Vec::new()).collect();
    let mut end = Vec::new();
    for remark in remarks(text) {
        let is_above = remark.side == Side::Above;
        let is_after_all = is_above && remark.about == u32::MAX && last > 0;
        let place = if remark.about <= first && is_above {
            Some(0)
        } else if is_after_all {
            None
        } else {
            statement_of(&spans, &remark, text)
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

/// The place of the statement that a remark belongs to: the one that begins on its line, else the innermost that its
/// line is in, else the next one.
fn statement_of(spans: &[Span], remark: &Remark, text: &str) -> Option<usize> {
    let about = remark.about;
    let line_end = usize::try_from(about)
        .ok()
        .and_then(|about| text.get(about..)?.find('\n').map(|end| about + end))
        .unwrap_or(text.len());
    let line_end = u32::try_from(line_end).unwrap_or(u32::MAX);
    let known = || {
        let spans = spans.iter().enumerate();
        spans.filter(|(_, span)| **span != Span::NONE && span.end > span.start)
    };
    let length = |span: &Span| span.end - span.start;
    let on_line = known().filter(|(_, span)| (about..line_end).contains(&span.start));
    let around = known().filter(|(_, span)| (span.start..span.end).contains(&about));
    let after = known().filter(|(_, span)| span.start >= about);
    let before = known().filter(|(_, span)| span.start < about);
    on_line
        .min_by_key(|(place, span)| (span.start, length(span), *place))
        .or_else(|| around.min_by_key(|(_, span)| length(span)))
        .or_else(|| after.min_by_key(|(_, span)| span.start))
        .or_else(|| before.max_by_key(|(_, span)| span.start))
        .map(|(place, _)| place)
}

/// The comments of a text that a source does not have.
pub(super) fn missing<'s>(source: &'s str, text: &str) -> impl Iterator<Item = Remark> + use<'s> {
    let is_there = |remark: &Remark| {
        let mut lines = source.lines();
        lines.any(|line| line.trim_end().ends_with(&remark.text))
    };
    remarks(text)
        .into_iter()
        .filter(move |remark| !is_there(remark))
}

fn remarks(text: &str) -> Vec<Remark> {
    let comments = yaml::comments(text);
    let header = if output::is_generated(text) { 2 } else { 0 };
    comments
        .into_iter()
        .skip(header)
        .map(|comment| {
            let line = line_at(text, comment.at.start);
            let beginning = text.get(line..comment.at.start).unwrap_or_default();
            let next = next_line(text, comment.at.end);
            let (side, about) = if !beginning.trim().is_empty() {
                (
                    Side::After,
                    line + (beginning.len() - said(beginning).len()),
                )
            } else if let Some(above) = line_above(text, line)
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

/// Where the next line begins to say something, if there is one.
fn next_line(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let says = said(line);
        if !says.is_empty() && !says.starts_with('#') {
            return Some(at + (line.len() - says.len()));
        }
        at += line.len();
    }
    None
}

/// Where the last line above begins to say something, if there is one.
fn line_above(text: &str, line: usize) -> Option<usize> {
    let mut at = line;
    for line in text.get(..line)?.split_inclusive('\n').rev() {
        at -= line.len();
        let says = said(line);
        if !says.is_empty() && !says.starts_with('#') {
            return Some(at + (line.len() - says.len()));
        }
    }
    None
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
