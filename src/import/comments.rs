//! The comments of a config.yml find the statements that their lines became.

use crate::output;
use crate::source::Span;
use crate::syntax::Tree;
use crate::syntax::nodes;
use crate::syntax::tree::{Body, Node, Statement, Value};
use crate::value::Map;
use crate::yaml;

/// A comment, and the place in the text that it is about.
struct Remark {
    text: String,
    /// In bytes.
    about: u32,
    /// Whether it is after something on its line.
    is_trailing: bool,
}

/// Puts the comments of a text into the tree that it became, and forgets the places that the statements came from.
pub(super) fn attach(tree: &mut Tree, text: &str, map: &Map) {
    let first = map.places().map(|at| at.start).min().unwrap_or(0);
    let last = map.places().map(|at| at.start).max().unwrap_or(0);
    let mut spans: Vec<Span> = Vec::new();
    walk(&mut tree.body, &mut |statement| spans.push(statement.span));
    let mut found: Vec<Vec<Remark>> = spans.iter().map(|_| Vec::new()).collect();
    let mut end = Vec::new();
    for remark in remarks(text) {
        let is_after_all = !remark.is_trailing && remark.about == u32::MAX && last > 0;
        let place = if remark.about <= first && !remark.is_trailing {
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
        for remark in found.next().unwrap_or_default() {
            nodes::add_comment(statement, &remark.text, remark.is_trailing);
        }
    });
    tree.body.end.extend(end);
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

fn remarks(text: &str) -> Vec<Remark> {
    let comments = yaml::comments(text);
    let header = if output::is_generated(text) { 2 } else { 0 };
    comments
        .into_iter()
        .skip(header)
        .map(|comment| {
            let before = text.get(..comment.at.start).unwrap_or_default();
            let line = before.rfind('\n').map_or(0, |line| line + 1);
            let beginning = before.get(line..).unwrap_or_default();
            let is_trailing = !beginning.trim().is_empty();
            let about = if is_trailing {
                line + (beginning.len() - beginning.trim_start_matches([' ', '-']).len())
            } else {
                next_line(text, comment.at.end)
            };
            Remark {
                text: format!("#{}", comment.text.trim_end()),
                about: u32::try_from(about).unwrap_or(u32::MAX),
                is_trailing,
            }
        })
        .collect()
}

/// Where the next line begins that says something; past all places where there is none.
fn next_line(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let says = line.trim_start_matches([' ', '-', '\t', '\r', '\n']);
        if !says.is_empty() && !says.starts_with('#') {
            return at + (line.len() - says.len());
        }
        at += line.len();
    }
    usize::MAX
}

/// Visits every statement, in maps too, in the order of the source.
fn walk(body: &mut Body, visit: &mut dyn FnMut(&mut Statement)) {
    for statement in &mut body.statements {
        visit(statement);
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
}

fn walk_value(value: &mut Value, visit: &mut dyn FnMut(&mut Statement)) {
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
