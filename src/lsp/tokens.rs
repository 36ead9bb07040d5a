//! Every token of a file in the order of the text, with what the schema makes of it.

use std::ops::Range;

use crate::schema::{self, Other, Presence};
use crate::source::Span;
use crate::syntax::tree::{
    Attribute, Binding, Body, Conditional, Entry, Node, Part, Reference, Scalar, ScalarKind,
    Statement, Tree, Value,
};
use crate::syntax::walk::{self, Operand};

/// An entry around a token, and what the schema knows about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'t> {
    pub(super) entry: &'t Entry,
    pub(super) schema: Option<&'static schema::Entry>,
}

impl Step<'_> {
    /// What may be in it.
    pub(super) fn block(&self) -> Option<&'static schema::Block> {
        self.schema?.block
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.schema.is_some_and(|schema| schema.word == word)
    }
}

/// What may be where these entries are around a place.
pub(super) fn block_of(trail: &[Step<'_>]) -> Option<&'static schema::Block> {
    match trail.last() {
        Some(step) => step.block(),
        None => Some(&schema::file::FILE),
    }
}

/// What the schema knows about an entry with this word in a block.
pub(super) fn entry_of(
    block: &'static schema::Block,
    word: &str,
) -> Option<&'static schema::Entry> {
    match (block.entry(word), block.other) {
        (Some(entry), _) => Some(entry),
        (None, Other::Line(line)) => Some(line),
        (None, Other::Unknown | Other::Free) => {
            (word == schema::ALLOW.word).then_some(&schema::ALLOW)
        }
    }
}

/// What the schema knows about a label, counted from 0.
pub(super) fn label_of(
    entry: &'static schema::Entry,
    index: usize,
) -> Option<&'static schema::Label> {
    let last = entry.labels.last();
    entry
        .labels
        .get(index)
        .or_else(|| last.filter(|last| last.presence == Presence::Repeated))
}

/// What a token is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role<'t> {
    /// The word that begins an entry.
    Word {
        entry: &'t Entry,
        schema: Option<&'static schema::Entry>,
    },
    /// A label, counted from 0.
    Label {
        entry: &'t Entry,
        schema: Option<&'static schema::Entry>,
        index: usize,
    },
    /// The key of an attribute that is in a block.
    Key {
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
    },
    /// The key of an attribute in a map, which is in the value of another one.
    MapKey { outer: Option<&'t Attribute> },
    /// A value, or a part of one.
    Value {
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
    },
    /// What `param` or `let` names.
    Name(&'t Binding),
    /// The type of a `param`, or a value that it allows.
    Type,
    /// The value of a `param` or `let`.
    Bound,
    /// A part of a condition.
    Operand,
}

/// A token, and the entries around it from the outermost.
pub(super) struct Token<'t, 'w> {
    pub(super) scalar: &'t Scalar,
    pub(super) role: Role<'t>,
    pub(super) trail: &'w [Step<'t>],
}

impl<'t> Token<'t, '_> {
    pub(super) fn span(&self) -> Span {
        self.scalar.span
    }

    /// The references in it: itself, or those in its text.
    pub(super) fn references(&self) -> Vec<&'t Reference> {
        references(self.scalar)
    }
}

/// The references in a token.
pub(super) fn references(scalar: &Scalar) -> Vec<&Reference> {
    match &scalar.kind {
        ScalarKind::Reference(reference) => vec![reference],
        ScalarKind::Text(text) => {
            let parts = text.parts.iter();
            parts
                .filter_map(|part| match part {
                    Part::Reference(reference) => Some(reference),
                    Part::Text(_) => None,
                })
                .collect()
        }
        ScalarKind::Name(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Missing => Vec::new(),
    }
}

/// The word that a token stands for on its own; nothing for a reference and for a text that has one.
pub(super) fn plain(scalar: &Scalar) -> Option<&str> {
    match &scalar.kind {
        ScalarKind::Name(word) | ScalarKind::Number(word) | ScalarKind::Literal(word) => Some(word),
        ScalarKind::Text(text) => match text.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            [] => Some(""),
            [..] => None,
        },
        ScalarKind::Reference(_) | ScalarKind::Missing => None,
    }
}

/// Visits the tokens of the statements that touch a range of the file.
pub(super) fn visit<'t>(tree: &'t Tree, range: Range<u32>, visit: &mut dyn FnMut(&Token<'t, '_>)) {
    let mut walker = Walker {
        range,
        trail: Vec::new(),
        visit,
    };
    walker.body(&tree.body);
}

/// Visits all tokens of a file.
pub(super) fn all<'t>(tree: &'t Tree, visit: &mut dyn FnMut(&Token<'t, '_>)) {
    self::visit(tree, 0..u32::MAX, visit);
}

/// What is found out about the token at an offset; after its last letter it is still that token.
pub(super) fn at<'t, T>(
    tree: &'t Tree,
    offset: u32,
    find: impl Fn(&Token<'t, '_>) -> T,
) -> Option<T> {
    let mut found = None;
    visit(tree, offset..offset, &mut |token| {
        let span = token.span();
        // Of two tokens that touch, the one that begins here.
        if span.start <= offset && offset <= span.end {
            found = Some(find(token));
        }
    });
    found
}

struct Walker<'t, 'v> {
    range: Range<u32>,
    trail: Vec<Step<'t>>,
    visit: &'v mut dyn FnMut(&Token<'t, '_>),
}

impl<'t> Walker<'t, '_> {
    fn body(&mut self, body: &'t Body) {
        // What is before the range is skipped; a statement that reaches into it is the last of those.
        let first = body
            .statements
            .partition_point(|statement| statement.span.end < self.range.start);
        for statement in body.statements.iter().skip(first) {
            if statement.span.start > self.range.end {
                return;
            }
            self.statement(statement);
        }
    }

    fn token(&mut self, scalar: &'t Scalar, role: Role<'t>) {
        (self.visit)(&Token {
            scalar,
            role,
            trail: &self.trail,
        });
    }

    fn statement(&mut self, statement: &'t Statement) {
        match &statement.node {
            Node::Binding(binding) => {
                self.token(&binding.name, Role::Name(binding));
                if let Some(ty) = &binding.ty {
                    self.value(ty, Role::Type);
                }
                if let Some(value) = &binding.value {
                    self.value(value, Role::Bound);
                }
            }
            Node::Attribute(attribute) => {
                let block = block_of(&self.trail);
                let key = plain(&attribute.key).unwrap_or_default();
                let schema = block.and_then(|block| block.setting(key));
                self.token(&attribute.key, Role::Key { attribute, schema });
                self.value(&attribute.value, Role::Value { attribute, schema });
            }
            Node::Conditional(conditional) => self.conditional(conditional),
            Node::Entry(entry) => self.entry(entry),
            Node::Junk => {}
        }
    }

    fn conditional(&mut self, conditional: &'t Conditional) {
        let conditions = walk::conditions(conditional);
        let mut branches = walk::branches(conditional).into_iter();
        for condition in conditions {
            for operand in walk::operands(condition) {
                match operand {
                    Operand::One(scalar) => self.token(scalar, Role::Operand),
                    Operand::Among(value) => self.value(value, Role::Operand),
                }
            }
            if let Some(block) = branches.next() {
                self.body(&block.body);
            }
        }
        for block in branches {
            self.body(&block.body);
        }
    }

    fn entry(&mut self, entry: &'t Entry) {
        let word = plain(&entry.word).unwrap_or_default();
        let schema = block_of(&self.trail).and_then(|block| entry_of(block, word));
        self.token(&entry.word, Role::Word { entry, schema });
        for (index, label) in entry.labels.iter().enumerate() {
            let role = Role::Label {
                entry,
                schema,
                index,
            };
            self.token(label, role);
        }
        if let Some(block) = &entry.block {
            self.trail.push(Step { entry, schema });
            self.body(&block.body);
            self.trail.pop();
        }
    }

    fn value(&mut self, value: &'t Value, role: Role<'t>) {
        match value {
            Value::Scalar(scalar) => self.token(scalar, role),
            Value::List(list) => {
                for item in &list.items {
                    self.value(&item.value, role);
                }
            }
            Value::Map(block) => {
                let outer = match role {
                    Role::Value { attribute, .. } => Some(attribute),
                    Role::Word { .. }
                    | Role::Label { .. }
                    | Role::Key { .. }
                    | Role::MapKey { .. }
                    | Role::Name(_)
                    | Role::Type
                    | Role::Bound
                    | Role::Operand => None,
                };
                for statement in &block.body.statements {
                    if let Node::Attribute(attribute) = &statement.node {
                        self.token(&attribute.key, Role::MapKey { outer });
                        self.value(&attribute.value, role);
                    }
                }
            }
            Value::Missing(_) => {}
        }
    }
}
