//! Nodes on one line, as cells and texts.
//!
//! `None` means that a node cannot be on one line: it is too wide, holds a comment or a long string, or its author
//! gave it several lines.

use super::line::columns;
use crate::syntax::tree::{
    Attribute, Binding, Block, Condition, Conditional, Entry, List, Node, Otherwise, Reference,
    Scalar, ScalarKind, Value,
};

/// A text that grows up to a width.
pub(super) struct Inline {
    text: String,
    room: usize,
}

impl Inline {
    fn push(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(columns(text))?;
        self.text.push_str(text);
        Some(())
    }

    /// What `write` writes, if that takes `room` columns at most.
    pub(super) fn within(
        room: usize,
        write: impl FnOnce(&mut Inline) -> Option<()>,
    ) -> Option<String> {
        let mut inline = Inline {
            text: String::new(),
            room,
        };
        write(&mut inline)?;
        Some(inline.text)
    }

    pub(super) fn node(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Binding(binding) => self.binding(binding),
            Node::Attribute(attribute) => self.attribute(attribute),
            Node::Conditional(conditional) => self.conditional(conditional),
            Node::Entry(entry) => self.entry(entry),
            Node::Junk => Some(()),
        }
    }

    fn binding(&mut self, binding: &Binding) -> Option<()> {
        self.push(binding.kind.word())?;
        self.push(" ")?;
        self.scalar(&binding.name)?;
        if let Some(ty) = &binding.ty {
            self.push(": ")?;
            self.value(ty)?;
        }
        if let Some(value) = &binding.value {
            self.push(" = ")?;
            self.value(value)?;
        }
        Some(())
    }

    fn attribute(&mut self, attribute: &Attribute) -> Option<()> {
        self.scalar(&attribute.key)?;
        self.push(" = ")?;
        self.value(&attribute.value)
    }

    fn entry(&mut self, entry: &Entry) -> Option<()> {
        self.scalar(&entry.word)?;
        for label in &entry.labels {
            self.push(" ")?;
            self.scalar(label)?;
        }
        if let Some(block) = &entry.block {
            self.push(" ")?;
            self.block(block)?;
        }
        Some(())
    }

    fn conditional(&mut self, conditional: &Conditional) -> Option<()> {
        self.push("if ")?;
        self.condition(&conditional.condition)?;
        self.push(" ")?;
        self.block(&conditional.then)?;
        match &conditional.otherwise {
            None => Some(()),
            Some(Otherwise::If(conditional)) => {
                self.push(" else ")?;
                self.conditional(conditional)
            }
            Some(Otherwise::Block(block)) => {
                self.push(" else ")?;
                self.block(block)
            }
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) -> Option<()> {
        match condition {
            Condition::Or(parts) => self.joined(parts, " or "),
            Condition::And(parts) => self.joined(parts, " and "),
            Condition::Not(test) => {
                self.push("not ")?;
                self.condition(test)
            }
            Condition::Group(condition) => {
                self.push("(")?;
                self.condition(condition)?;
                self.push(")")
            }
            Condition::Is(operand) => self.scalar(operand),
            Condition::Equal(left, right) => {
                self.scalar(left)?;
                self.push(" == ")?;
                self.scalar(right)
            }
            Condition::NotEqual(left, right) => {
                self.scalar(left)?;
                self.push(" != ")?;
                self.scalar(right)
            }
            Condition::In(left, list) => {
                self.scalar(left)?;
                self.push(" in ")?;
                self.value(list)
            }
            Condition::Missing(_) => Some(()),
        }
    }

    fn joined(&mut self, parts: &[Condition], word: &str) -> Option<()> {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(word)?;
            }
            self.condition(part)?;
        }
        Some(())
    }

    pub(super) fn block(&mut self, block: &Block) -> Option<()> {
        let Block {
            open,
            body,
            multiline,
            span: _,
        } = block;
        if open.is_some() || !body.end.is_empty() {
            return None;
        }
        if body.statements.is_empty() {
            return self.push("{}");
        }
        if *multiline {
            return None;
        }
        self.push("{ ")?;
        for (index, statement) in body.statements.iter().enumerate() {
            if !statement.before.is_empty() || statement.after.is_some() {
                return None;
            }
            if index > 0 {
                self.push("; ")?;
            }
            self.node(&statement.node)?;
        }
        self.push(" }")
    }

    pub(super) fn value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::List(list) => self.list(list),
            Value::Map(block) => self.block(block),
            Value::Missing(_) => Some(()),
        }
    }

    pub(super) fn list(&mut self, list: &List) -> Option<()> {
        let List {
            open,
            items,
            end,
            multiline,
            span: _,
        } = list;
        if open.is_some() || !end.is_empty() || (*multiline && !items.is_empty()) {
            return None;
        }
        self.push("[")?;
        for (index, item) in items.iter().enumerate() {
            if !item.before.is_empty() || item.after.is_some() {
                return None;
            }
            if index > 0 {
                self.push(", ")?;
            }
            self.value(&item.value)?;
        }
        self.push("]")
    }

    pub(super) fn scalar(&mut self, scalar: &Scalar) -> Option<()> {
        match &scalar.kind {
            ScalarKind::Name(spelling)
            | ScalarKind::Number(spelling)
            | ScalarKind::Literal(spelling) => self.push(spelling),
            ScalarKind::Text(text) if text.long => None,
            ScalarKind::Text(text) => {
                self.push("\"")?;
                self.push(&text.raw)?;
                self.push("\"")
            }
            ScalarKind::Reference(reference) => self.reference(reference),
            ScalarKind::Missing => Some(()),
        }
    }

    fn reference(&mut self, reference: &Reference) -> Option<()> {
        self.push("$")?;
        if let Some(module) = &reference.module {
            self.push(module)?;
            self.push(".")?;
        }
        self.push(&reference.name)
    }
}
