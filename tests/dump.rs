//! A tree as lines of text, for people to read and tests to compare.
//!
//! Every node has a line, its parts stand indented below it. Places are `line:column..column`, or
//! `line:column..line:column` if the node has several lines.

use std::fmt::Write as _;

use m1c::source::Span;
use m1c::syntax::Tree;
use m1c::syntax::tree::{
    Attribute, Binding, Block, Body, Comment, Condition, Conditional, Entry, Item, List, Node,
    Otherwise, Part, Reference, Scalar, ScalarKind, Statement, Text, Value,
};

/// The whole tree; `text` is its source.
pub(crate) fn tree(tree: &Tree, text: &str) -> String {
    dump(tree, Some(Places::new(text)), true).out
}

/// What a tree means: without places, comments, and the division into lines.
pub(crate) fn meaning(tree: &Tree) -> String {
    dump(tree, None, false).out
}

/// What a tree means, with comments and blank lines where they stand.
pub(crate) fn meaning_and_comments(tree: &Tree) -> String {
    dump(tree, None, true).out
}

/// The texts of all comments, in order.
pub(crate) fn comments(tree: &Tree) -> Vec<String> {
    dump(tree, None, false).comments
}

/// The places of all nodes.
pub(crate) fn spans(tree: &Tree) -> Vec<Span> {
    dump(tree, None, false).spans
}

fn dump<'t>(tree: &Tree, places: Option<Places<'t>>, with_comments: bool) -> Dump<'t> {
    let mut dump = Dump {
        places,
        with_comments,
        depth: 0,
        out: String::new(),
        comments: Vec::new(),
        spans: Vec::new(),
    };
    dump.body(&tree.body);
    dump
}

/// Where lines begin.
struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Places<'t> {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Places {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    fn line_and_column(&self, offset: u32) -> (usize, usize) {
        let offset = offset as usize;
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("?");
        (line, before.chars().count() + 1)
    }
}

struct Dump<'t> {
    places: Option<Places<'t>>,
    /// And blank lines.
    with_comments: bool,
    depth: usize,
    out: String,
    comments: Vec<String>,
    spans: Vec<Span>,
}

impl Dump<'_> {
    fn line(&mut self, span: Span, what: &str) {
        self.spans.push(span);
        let mut place = String::new();
        if let Some(places) = &self.places {
            let (line, column) = places.line_and_column(span.start);
            let (last_line, last_column) = places.line_and_column(span.end);
            place = if line == last_line {
                format!("{line}:{column}..{last_column} ")
            } else {
                format!("{line}:{column}..{last_line}:{last_column} ")
            };
        }
        let indentation = self.depth * 2;
        let _ = writeln!(self.out, "{:indentation$}{place}{what}", "");
    }

    fn deeper(&mut self, dump: impl FnOnce(&mut Self)) {
        self.depth += 1;
        dump(self);
        self.depth -= 1;
    }

    fn comment(&mut self, comment: &Comment, place: &str) {
        self.comments.push(comment.text.clone());
        self.spans.push(comment.span);
        if self.with_comments {
            let blank = if comment.blank_line_before {
                "blank line, "
            } else {
                ""
            };
            let text = format!("{blank}comment {place}: {}", comment.text);
            self.line(comment.span, &text);
        }
    }

    fn body(&mut self, body: &Body) {
        for statement in &body.statements {
            self.statement(statement);
        }
        for comment in &body.end {
            self.comment(comment, "at the end");
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let Statement {
            before,
            blank_line_before,
            node,
            after,
            span,
        } = statement;
        for comment in before {
            self.comment(comment, "above");
        }
        let blank = if *blank_line_before && self.with_comments {
            "blank line, "
        } else {
            ""
        };
        let kind = match node {
            Node::Binding(binding) => binding.kind.word(),
            Node::Attribute(_) => "attribute",
            Node::Conditional(_) => "if",
            Node::Entry(_) => "entry",
            Node::Junk => "junk",
        };
        self.line(*span, &format!("{blank}{kind}"));
        self.deeper(|dump| match node {
            Node::Binding(binding) => dump.binding(binding),
            Node::Attribute(Attribute { key, value, .. }) => {
                dump.scalar(key);
                dump.value(value);
            }
            Node::Conditional(conditional) => dump.conditional(conditional),
            Node::Entry(entry) => dump.entry(entry),
            Node::Junk => {}
        });
        if let Some(comment) = after {
            self.comment(comment, "after");
        }
    }

    fn binding(&mut self, binding: &Binding) {
        self.scalar(&binding.name);
        if let Some(ty) = &binding.ty {
            self.line(ty.span(), "type");
            self.deeper(|dump| dump.value(ty));
        }
        if let Some(value) = &binding.value {
            self.value(value);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.scalar(&entry.word);
        for label in &entry.labels {
            self.scalar(label);
        }
        if let Some(block) = &entry.block {
            self.block(block, "block");
        }
    }

    fn conditional(&mut self, conditional: &Conditional) {
        self.condition(&conditional.condition);
        self.block(&conditional.then, "then");
        match &conditional.otherwise {
            Some(Otherwise::If(conditional)) => {
                self.line(conditional.then.span, "else if");
                self.deeper(|dump| dump.conditional(conditional));
            }
            Some(Otherwise::Block(block)) => self.block(block, "else"),
            None => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let indentation = self.depth * 2;
        let mut word = |word: &str| {
            let _ = writeln!(self.out, "{:indentation$}{word}", "");
        };
        match condition {
            Condition::Or(parts) | Condition::And(parts) => {
                word(if matches!(condition, Condition::Or(_)) {
                    "or"
                } else {
                    "and"
                });
                self.deeper(|dump| parts.iter().for_each(|part| dump.condition(part)));
            }
            Condition::Not(test) => {
                word("not");
                self.deeper(|dump| dump.condition(test));
            }
            Condition::Group(condition) => {
                word("group");
                self.deeper(|dump| dump.condition(condition));
            }
            Condition::Is(operand) => self.scalar(operand),
            Condition::Equal(left, right) | Condition::NotEqual(left, right) => {
                word(if matches!(condition, Condition::Equal(..)) {
                    "equal"
                } else {
                    "not equal"
                });
                self.deeper(|dump| {
                    dump.scalar(left);
                    dump.scalar(right);
                });
            }
            Condition::In(left, list) => {
                word("in");
                self.deeper(|dump| {
                    dump.scalar(left);
                    dump.value(list);
                });
            }
            Condition::Missing(at) => self.line(*at, "missing condition"),
        }
    }

    fn block(&mut self, block: &Block, what: &str) {
        let Block {
            open,
            body,
            multiline,
            span,
        } = block;
        self.bracketed(what, *multiline, *span);
        self.deeper(|dump| {
            if let Some(comment) = open {
                dump.comment(comment, "after the brace");
            }
            dump.body(body);
        });
    }

    fn bracketed(&mut self, what: &str, multiline: bool, span: Span) {
        let lines = if multiline && self.places.is_some() {
            " of several lines"
        } else {
            ""
        };
        self.line(span, &format!("{what}{lines}"));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::List(list) => self.list(list),
            Value::Map(block) => self.block(block, "map"),
            Value::Missing(at) => self.line(*at, "missing value"),
        }
    }

    fn list(&mut self, list: &List) {
        let List {
            open,
            items,
            end,
            multiline,
            span,
        } = list;
        self.bracketed("list", *multiline, *span);
        self.deeper(|dump| {
            if let Some(comment) = open {
                dump.comment(comment, "after the bracket");
            }
            for item in items {
                dump.item(item);
            }
            for comment in end {
                dump.comment(comment, "at the end");
            }
        });
    }

    fn item(&mut self, item: &Item) {
        let Item {
            before,
            blank_line_before,
            value,
            after,
        } = item;
        for comment in before {
            self.comment(comment, "above");
        }
        if *blank_line_before && self.with_comments {
            self.line(value.span(), "blank line");
        }
        self.value(value);
        if let Some(comment) = after {
            self.comment(comment, "after");
        }
    }

    fn scalar(&mut self, scalar: &Scalar) {
        let what = match &scalar.kind {
            ScalarKind::Name(spelling) => format!("name {spelling}"),
            ScalarKind::Number(spelling) => format!("number {spelling}"),
            ScalarKind::Literal(spelling) => format!("literal {spelling}"),
            ScalarKind::Reference(reference) => format!("reference {}", spelled(reference)),
            ScalarKind::Missing => "missing token".to_owned(),
            ScalarKind::Text(text) => text_of(text),
        };
        self.line(scalar.span, &what);
    }
}

fn text_of(text: &Text) -> String {
    let parts: Vec<String> = text
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => format!("{text:?}"),
            Part::Reference(reference) => spelled(reference),
        })
        .collect();
    let kind = if text.long { "long text" } else { "text" };
    let meaning = parts.join(" + ");
    let written = format!("{:?}", text.raw);
    if meaning == written {
        format!("{kind} {written}")
    } else {
        format!("{kind} {written}: {meaning}")
    }
}

fn spelled(reference: &Reference) -> String {
    match &reference.module {
        Some(module) => format!("${module}.{}", reference.name),
        None => format!("${}", reference.name),
    }
}
