//! Statements become lines: on one line what fits and may, broken what does not.
//!
//! Whether a line fits is asked without its indentation and before its columns are aligned, so that neither another
//! place nor a neighbour breaks it.

use super::WIDTH;
use super::inline::Inline;
use super::line::{Behind, Kind, Line, columns};
use crate::source::Span;
use crate::syntax::tree::{
    Attribute, Binding, Block, Body, Comment, Entry, Item, List, Node, Scalar, ScalarKind,
    Statement, Value,
};

pub(super) fn lay_out(body: &Body) -> Vec<Line> {
    let mut layout = Layout {
        lines: Vec::new(),
        indentation: 0,
        level: 0,
        text: String::new(),
        text_indentation: 0,
    };
    layout.body(body);
    layout.lines
}

pub(super) struct Layout {
    lines: Vec<Line>,
    indentation: usize,
    level: usize,
    /// The line that is being written, and its own indentation.
    pub(super) text: String,
    text_indentation: usize,
}

impl Layout {
    // ---- lines ----

    fn line(&mut self, kind: Kind, indentation: usize, cells: Vec<String>) {
        self.lines.push(Line {
            kind,
            indentation,
            level: self.level,
            cells,
            widths: Vec::new(),
            comment: None,
        });
    }

    /// Ends the line that is being written.
    pub(super) fn end_line(&mut self, kind: Kind) {
        let text = std::mem::take(&mut self.text);
        self.line(kind, self.text_indentation, vec![text]);
        self.text_indentation = self.indentation;
    }

    fn indent(&mut self) {
        self.indentation += 1;
        self.text_indentation = self.indentation;
    }

    fn dedent(&mut self) {
        self.indentation -= 1;
        self.text_indentation = self.indentation;
    }

    /// How many columns are left on the line that is being written, with so many reserved for what follows.
    pub(super) fn room(&self, reserved: usize) -> usize {
        WIDTH.saturating_sub(columns(&self.text) + reserved)
    }

    fn comment_behind(&mut self, comment: Option<&Comment>, end: Span) {
        let (Some(comment), Some(line)) = (comment, self.lines.last_mut()) else {
            return;
        };
        let mut behind = Behind::new(comment);
        behind.gap = distance(end, comment.span).max(behind.gap);
        line.comment = Some(behind);
    }

    fn comments(&mut self, comments: &[Comment], first: bool) {
        for (index, comment) in comments.iter().enumerate() {
            if comment.blank_line_before && !(first && index == 0) {
                self.line(Kind::Blank, 0, Vec::new());
            }
            let text = vec![comment.text.clone()];
            self.line(Kind::Comment, self.indentation, text);
        }
    }

    /// The comments above a statement or item, and the blank line between.
    fn above(&mut self, comments: &[Comment], blank_line: bool, first: bool) {
        self.comments(comments, first);
        if blank_line && !(first && comments.is_empty()) {
            self.line(Kind::Blank, 0, Vec::new());
        }
    }

    // ---- statements ----

    fn body(&mut self, body: &Body) {
        for (index, statement) in body.statements.iter().enumerate() {
            let Statement {
                before,
                blank_line_before,
                node,
                after,
                span,
            } = statement;
            self.above(before, *blank_line_before, index == 0);
            self.node(node);
            self.comment_behind(after.as_ref(), *span);
        }
        self.comments(&body.end, body.statements.is_empty());
    }

    fn node(&mut self, node: &Node) {
        if let Some((kind, cells)) = Self::on_one_line(node) {
            self.line(kind, self.indentation, cells);
            return;
        }
        self.text_indentation = self.indentation;
        match node {
            Node::Binding(binding) => self.binding(binding),
            Node::Attribute(attribute) => self.attribute(attribute),
            Node::Conditional(conditional) => self.conditional(conditional),
            Node::Entry(entry) => self.entry(entry),
            Node::Junk => {}
        }
    }

    /// The cells of a statement that fits on one line, or that nothing could break.
    fn on_one_line(node: &Node) -> Option<(Kind, Vec<String>)> {
        let room = if breakable(node) { WIDTH } else { usize::MAX };
        match node {
            Node::Attribute(Attribute { key, value, .. }) => {
                let key = Inline::within(room, |inline| inline.scalar(key))?;
                let room = room.saturating_sub(columns(&key) + " = ".len());
                let value = Inline::within(room, |inline| inline.value(value))?;
                Some((Kind::Attribute, vec![key, format!("= {value}")]))
            }
            Node::Entry(entry) => {
                let Entry {
                    word,
                    labels,
                    block,
                } = entry;
                let mut room = room;
                let mut cells = Vec::new();
                for scalar in std::iter::once(word).chain(labels) {
                    let cell = Inline::within(room, |inline| inline.scalar(scalar))?;
                    room = room.saturating_sub(columns(&cell) + 1);
                    cells.push(cell);
                }
                if let Some(block) = block {
                    cells.push(Inline::within(room, |inline| inline.block(block))?);
                }
                let labels = labels.len();
                Some((Kind::Entry { labels }, cells))
            }
            Node::Binding(_) | Node::Conditional(_) => {
                let text = Inline::within(room, |inline| inline.node(node))?;
                Some((Kind::Whole, vec![text]))
            }
            Node::Junk => None,
        }
    }

    fn binding(&mut self, binding: &Binding) {
        let Binding {
            kind,
            name,
            ty,
            value,
        } = binding;
        self.text.push_str(kind.word());
        self.text.push(' ');
        self.scalar(name);
        if let Some(ty) = ty {
            self.text.push_str(": ");
            let reserved = match value {
                Some(Value::Scalar(scalar)) => {
                    let text = Inline::within(WIDTH, |inline| inline.scalar(scalar));
                    " = ".len() + text.map_or(0, |text| columns(&text))
                }
                Some(Value::List(_) | Value::Map(_)) => " = [".len(),
                Some(Value::Missing(_)) | None => 0,
            };
            self.value(ty, reserved);
        }
        if let Some(value) = value {
            self.text.push_str(" = ");
            self.value(value, 0);
        }
        self.end_line(Kind::Part);
    }

    fn attribute(&mut self, attribute: &Attribute) {
        self.scalar(&attribute.key);
        self.text.push_str(" = ");
        self.value(&attribute.value, 0);
        self.end_line(Kind::Part);
    }

    fn entry(&mut self, entry: &Entry) {
        self.scalar(&entry.word);
        for label in &entry.labels {
            self.text.push(' ');
            self.scalar(label);
        }
        if let Some(block) = &entry.block {
            self.text.push(' ');
            self.level += 1;
            self.block(block, Kind::Head);
            self.level -= 1;
        }
        self.end_line(Kind::Close);
    }

    fn block(&mut self, block: &Block, head: Kind) {
        let room = self.room(0);
        match Inline::within(room, |inline| inline.block(block)) {
            Some(text) => self.text.push_str(&text),
            None => self.broken_block(block, head),
        }
    }

    /// A block on lines of its own, unless it is empty. Its `}` begins the next line.
    pub(super) fn broken_block(&mut self, block: &Block, head: Kind) {
        let Block {
            open,
            body,
            multiline: _,
            span: _,
        } = block;
        if open.is_none() && body.statements.is_empty() && body.end.is_empty() {
            self.text.push_str("{}");
            return;
        }
        self.text.push('{');
        self.end_line(head);
        self.comment_behind(open.as_ref(), Span::NONE);
        self.indent();
        self.body(body);
        self.dedent();
        self.text.push('}');
    }

    // ---- values ----

    /// A value after which `reserved` columns are needed on its line.
    pub(super) fn value(&mut self, value: &Value, reserved: usize) {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::List(list) => self.list(list, reserved),
            Value::Map(block) => self.block(block, Kind::Part),
            Value::Missing(_) => {}
        }
    }

    fn list(&mut self, list: &List, reserved: usize) {
        let List {
            open,
            items,
            end,
            multiline: _,
            span: _,
        } = list;
        let room = self.room(reserved);
        if let Some(text) = Inline::within(room, |inline| inline.list(list)) {
            self.text.push_str(&text);
            return;
        }
        if open.is_none() && items.is_empty() && end.is_empty() {
            self.text.push_str("[]");
            return;
        }
        self.text.push('[');
        self.end_line(Kind::Part);
        self.comment_behind(open.as_ref(), Span::NONE);
        self.indent();
        for (index, item) in items.iter().enumerate() {
            let Item {
                before,
                blank_line_before,
                value,
                after,
            } = item;
            self.above(before, *blank_line_before, index == 0);
            let lines = self.lines.len();
            self.value(value, 0);
            let whole = self.lines.len() == lines;
            self.end_line(if whole { Kind::Whole } else { Kind::Part });
            self.comment_behind(after.as_ref(), value.span());
        }
        self.comments(end, items.is_empty());
        self.dedent();
        self.text.push(']');
    }

    /// A scalar. The lines of a long string are indented one step further than their statement.
    pub(super) fn scalar(&mut self, scalar: &Scalar) {
        if let ScalarKind::Text(text) = &scalar.kind
            && text.long
        {
            self.text.push_str("\"\"\"");
            self.end_line(Kind::Part);
            // No line at all stands for the empty text.
            let lines = text.raw.split('\n').filter(|_| !text.raw.is_empty());
            for line in lines {
                let indentation = if line.is_empty() {
                    0
                } else {
                    self.indentation + 1
                };
                self.line(Kind::Part, indentation, vec![line.to_owned()]);
            }
            self.text_indentation = self.indentation + 1;
            self.text.push_str("\"\"\"");
        } else if let Some(text) = Inline::within(usize::MAX, |inline| inline.scalar(scalar)) {
            self.text.push_str(&text);
        }
    }
}

/// Whether a statement has a part that can be given lines of its own.
fn breakable(node: &Node) -> bool {
    let block = |block: &Block| !block.body.statements.is_empty();
    let value = |value: &Value| match value {
        Value::List(list) => !list.items.is_empty(),
        Value::Map(map) => block(map),
        Value::Scalar(_) | Value::Missing(_) => false,
    };
    match node {
        Node::Binding(binding) => [&binding.ty, &binding.value]
            .into_iter()
            .flatten()
            .any(value),
        Node::Attribute(attribute) => value(&attribute.value),
        Node::Conditional(_) => true,
        Node::Entry(entry) => entry.block.as_ref().is_some_and(block),
        Node::Junk => false,
    }
}

/// How far apart the author put a statement and the comment after it; 0 where no text comes after the tree.
fn distance(end: Span, comment: Span) -> usize {
    const LONGEST: usize = 40;
    if end == Span::NONE || comment == Span::NONE {
        return 0;
    }
    (comment.start.saturating_sub(end.end) as usize).min(LONGEST)
}
