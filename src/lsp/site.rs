//! What may be written at an offset, on a broken source too: in which block it is, and at which part of a statement.

use super::tokens::{Step, block_of, entry_of, plain};
use crate::schema;
use crate::source::{FileId, Span};
use crate::syntax::tree::{
    Attribute, Binding, Block, Body, Conditional, Entry, List, Node, Scalar, ScalarKind, Statement,
    Tree, Value,
};
use crate::syntax::walk::{self, Element};

/// A place in a file where something may be written.
#[derive(Debug)]
pub(super) struct Site<'t> {
    /// The entries around it from the outermost.
    pub(super) trail: Vec<Step<'t>>,
    /// The statements of its block: those of the block itself, then those of the branches that it is in.
    pub(super) bodies: Vec<&'t Body>,
    pub(super) spot: Spot<'t>,
    /// The keys that the maps around it are values of, from the outermost; then the key whose value it is, in a map.
    pub(super) keys: Vec<&'t str>,
    /// The word that is there, which is replaced.
    pub(super) replaced: Span,
}

/// The part of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot<'t> {
    /// A statement begins.
    Statement,
    /// A label, counted from 0.
    Label {
        entry: &'t Entry,
        schema: Option<&'static schema::Entry>,
        index: usize,
    },
    /// A value, or an item of a list.
    Value {
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
        /// The list that it is an item of.
        list: Option<&'t List>,
    },
    /// A key in a map.
    MapKey {
        schema: Option<&'static schema::Setting>,
        map: &'t Body,
    },
    /// `$…` or `${…`, without the mark; `module` is what is before a dot.
    Reference { module: Option<Span> },
    /// The type of a `param`.
    Type,
    /// The value of a `param` or `let`.
    Bound(&'t Binding),
    /// A part of a condition.
    Operand,
    /// Nothing can be said: in a comment, in a text, after a whole statement.
    Nothing,
}

impl Site<'_> {
    pub(super) fn block(&self) -> Option<&'static schema::Block> {
        block_of(&self.trail)
    }
}

/// What may be written at an offset.
pub(super) fn at<'t>(tree: &'t Tree, text: &'t str, offset: u32) -> Site<'t> {
    let mut search = Search {
        file: tree.file,
        text,
        offset,
        trail: Vec::new(),
        bodies: Vec::new(),
        keys: Vec::new(),
    };
    let (spot, replaced) = if is_in_comment(tree, text, offset) {
        (Spot::Nothing, search.empty())
    } else {
        let found = search.body(&tree.body);
        search.reference().unwrap_or(found)
    };
    let replaced = if search.may_replace(replaced) {
        replaced
    } else {
        search.empty()
    };
    Site {
        trail: search.trail,
        bodies: search.bodies,
        spot,
        keys: search.keys,
        replaced,
    }
}

fn is_in_comment(tree: &Tree, text: &str, offset: u32) -> bool {
    let mut is_inside = false;
    walk::elements(tree, &mut |element| {
        if let Element::Comment(comment) = element
            && comment.span.start < offset
        {
            // Blanks at the end of the line do not belong to the comment.
            let behind = text.get(comment.span.end as usize..offset as usize);
            is_inside |= behind.is_none_or(|behind| behind.bytes().all(|byte| byte == b' '));
        }
    });
    is_inside
}

type Found<'t> = (Spot<'t>, Span);

struct Search<'t> {
    file: FileId,
    text: &'t str,
    offset: u32,
    trail: Vec<Step<'t>>,
    bodies: Vec<&'t Body>,
    keys: Vec<&'t str>,
}

impl<'t> Search<'t> {
    /// Editors replace what the cursor touches, on its line.
    fn may_replace(&self, span: Span) -> bool {
        let touches = span.start <= self.offset && self.offset <= span.end;
        touches && !self.slice(span.start, span.end).contains(['\n', '\r'])
    }

    fn empty(&self) -> Span {
        Span {
            file: self.file,
            start: self.offset,
            end: self.offset,
        }
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        let range = start as usize..end as usize;
        self.text.get(range).unwrap_or("")
    }

    /// Whether the offset is in a token or at one of its ends.
    fn touches(&self, span: Span) -> bool {
        span.start <= self.offset && self.offset <= span.end
    }

    /// Whether the offset is between two brackets, of which the second may be missing.
    fn is_within(&self, span: Span, close: char) -> bool {
        let ends = self.slice(span.start, span.end).ends_with(close);
        span.start < self.offset && (self.offset < span.end || (self.offset == span.end && !ends))
    }

    fn nothing(&self) -> Found<'t> {
        (Spot::Nothing, self.empty())
    }

    fn body(&mut self, body: &'t Body) -> Found<'t> {
        self.bodies.push(body);
        let Some(statement) = walk::statement_before(body, self.offset) else {
            return (Spot::Statement, self.empty());
        };
        let behind = self.slice(statement.span.end, self.offset);
        if behind.contains(['\n', ';']) {
            return (Spot::Statement, self.empty());
        }
        self.statement(statement)
    }

    fn statement(&mut self, statement: &'t Statement) -> Found<'t> {
        match &statement.node {
            Node::Binding(binding) => self.binding(binding),
            Node::Attribute(attribute) => {
                let key = plain(&attribute.key).unwrap_or_default();
                let schema = block_of(&self.trail).and_then(|block| block.setting(key));
                self.attribute(attribute, schema, None)
            }
            Node::Conditional(conditional) => self.conditional(conditional),
            Node::Entry(entry) => self.entry(entry),
            Node::Junk => self.nothing(),
        }
    }

    fn binding(&mut self, binding: &'t Binding) -> Found<'t> {
        if self.offset <= binding.name.span.end {
            return self.nothing();
        }
        let before = self.slice(binding.name.span.end, self.offset);
        if let Some(ty) = &binding.ty
            && before.contains(':')
            && !before.contains('=')
        {
            return match ty {
                Value::Scalar(scalar) => (Spot::Type, scalar.span),
                Value::Missing(_) => (Spot::Type, self.empty()),
                Value::List(_) | Value::Map(_) => self.nothing(),
            };
        }
        match &binding.value {
            Some(Value::Scalar(scalar)) if self.touches(scalar.span) => {
                (Spot::Bound(binding), scalar.span)
            }
            Some(Value::Missing(_)) => (Spot::Bound(binding), self.empty()),
            Some(Value::Scalar(_) | Value::List(_) | Value::Map(_)) | None => self.nothing(),
        }
    }

    /// An attribute of a block, or of a map that is a value of the attribute `outer`.
    fn attribute(
        &mut self,
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
        outer: Option<(&'t Attribute, &'t Body)>,
    ) -> Found<'t> {
        if self.offset <= attribute.key.span.end {
            let spot = match outer {
                Some((_, map)) => Spot::MapKey { schema, map },
                None => Spot::Statement,
            };
            return (spot, attribute.key.span);
        }
        let value = &attribute.value;
        self.keys.extend(plain(&attribute.key));
        let before_value = self.slice(attribute.key.span.end, self.offset);
        if !before_value.contains('=') {
            return self.nothing();
        }
        let attribute = outer.map_or(attribute, |(outer, _)| outer);
        self.value(value, attribute, schema, None)
    }

    fn value(
        &mut self,
        value: &'t Value,
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
        list: Option<&'t List>,
    ) -> Found<'t> {
        let spot = Spot::Value {
            attribute,
            schema,
            list,
        };
        match value {
            Value::Scalar(scalar) if self.touches(scalar.span) => self.in_scalar(scalar, spot),
            Value::Scalar(scalar) if self.offset < scalar.span.start => (spot, self.empty()),
            Value::Missing(span) if span.range().is_empty() => (spot, self.empty()),
            Value::List(list) if self.is_within(list.span, ']') => {
                self.list(list, attribute, schema)
            }
            Value::Map(block) if self.is_within(block.span, '}') => {
                self.map(block, attribute, schema)
            }
            Value::Scalar(_) | Value::Missing(_) | Value::List(_) | Value::Map(_) => self.nothing(),
        }
    }

    fn list(
        &mut self,
        list: &'t List,
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
    ) -> Found<'t> {
        let touched = list
            .items
            .iter()
            .find(|item| self.touches(item.value.span()));
        if let Some(item) = touched {
            return self.value(&item.value, attribute, schema, Some(list));
        }
        let before = list
            .items
            .iter()
            .rfind(|item| item.value.span().end <= self.offset);
        let parted = before.is_none_or(|item| {
            let between = self.slice(item.value.span().end, self.offset);
            between.contains([',', '\n'])
        });
        if !parted {
            return self.nothing();
        }
        let spot = Spot::Value {
            attribute,
            schema,
            list: Some(list),
        };
        (spot, self.empty())
    }

    fn map(
        &mut self,
        block: &'t Block,
        attribute: &'t Attribute,
        schema: Option<&'static schema::Setting>,
    ) -> Found<'t> {
        let key = Spot::MapKey {
            schema,
            map: &block.body,
        };
        let Some(statement) = walk::statement_before(&block.body, self.offset) else {
            return (key, self.empty());
        };
        let behind = self.slice(statement.span.end, self.offset);
        if behind.contains(['\n', ';']) {
            return (key, self.empty());
        }
        match &statement.node {
            Node::Attribute(inner) => self.attribute(inner, schema, Some((attribute, &block.body))),
            // Half a key is not a statement of a map.
            Node::Junk if self.touches(statement.span) && self.is_word(statement.span) => {
                (key, statement.span)
            }
            Node::Junk | Node::Binding(_) | Node::Conditional(_) | Node::Entry(_) => self.nothing(),
        }
    }

    fn is_word(&self, span: Span) -> bool {
        let text = self.slice(span.start, span.end);
        text.bytes().all(is_name_byte)
    }

    fn conditional(&mut self, conditional: &'t Conditional) -> Found<'t> {
        let branches = walk::branches(conditional);
        for block in &branches {
            if self.is_within(block.span, '}') {
                return self.body(&block.body);
            }
        }
        let mut start = None;
        for (condition, block) in walk::conditions(conditional).iter().zip(&branches) {
            let end = block.span.start;
            if start.is_none_or(|start| start < self.offset) && self.offset <= end {
                for operand in walk::operands(condition) {
                    if let walk::Operand::One(scalar) = operand
                        && self.touches(scalar.span)
                    {
                        return self.in_scalar(scalar, Spot::Operand);
                    }
                }
                return (Spot::Operand, self.empty());
            }
            start = Some(block.span.end);
        }
        self.nothing()
    }

    fn entry(&mut self, entry: &'t Entry) -> Found<'t> {
        if self.offset <= entry.word.span.end {
            return (Spot::Statement, entry.word.span);
        }
        let word = plain(&entry.word).unwrap_or_default();
        let schema = block_of(&self.trail).and_then(|block| entry_of(block, word));
        if let Some(block) = &entry.block {
            if self.is_within(block.span, '}') {
                self.trail.push(Step { entry, schema });
                self.bodies.clear();
                return self.body(&block.body);
            }
            if self.offset >= block.span.end {
                return self.nothing();
            }
        }
        let label = |index| Spot::Label {
            entry,
            schema,
            index,
        };
        let labels = entry.labels.iter().enumerate();
        let touched = labels.rev().find(|(_, label)| self.touches(label.span));
        if let Some((index, scalar)) = touched {
            return self.in_scalar(scalar, label(index));
        }
        let last = entry
            .labels
            .iter()
            .rfind(|label| label.span.end < self.offset);
        let behind = last.map_or(entry.word.span.end, |label| label.span.end);
        if !self.slice(behind, self.offset).trim().is_empty() {
            return self.nothing();
        }
        let before = entry
            .labels
            .iter()
            .filter(|label| label.span.end < self.offset);
        (label(before.count()), self.empty())
    }

    /// A token that is written, or half of it.
    fn in_scalar(&self, scalar: &'t Scalar, spot: Spot<'t>) -> Found<'t> {
        let text = self.slice(scalar.span.start, scalar.span.end);
        let is_quoted = text.starts_with('"');
        match &scalar.kind {
            ScalarKind::Text(_) | ScalarKind::Missing
                if is_quoted && self.offset > scalar.span.start =>
            {
                self.nothing()
            }
            ScalarKind::Missing if !is_quoted => (spot, scalar.span),
            ScalarKind::Name(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => (spot, scalar.span),
            ScalarKind::Text(_) | ScalarKind::Missing => (spot, self.empty()),
        }
    }

    /// Whether a reference is being written: `$name`, or in a string `${name`.
    fn reference(&self) -> Option<Found<'t>> {
        let line_start = self
            .slice(0, self.offset)
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let before = self.text.get(line_start..self.offset as usize)?;
        let name = before.len() - trailing_name(before);
        let (mark, written) = before.split_at_checked(name)?;
        let is_interpolation = mark.ends_with("${") && !mark.ends_with("\\${");
        // A statement that ends in a dot is none yet.
        let is_in_text = mark.matches('"').count() % 2 == 1;
        let is_reference = mark.ends_with('$') && !is_in_text;
        if !is_interpolation && !is_reference {
            return None;
        }
        let start = u32::try_from(line_start + name).ok()?;
        let after = self.text.get(self.offset as usize..)?;
        let rest = after.bytes().take_while(|byte| is_name_byte(*byte)).count();
        let span = |start: usize, end: u32| {
            Some(Span {
                file: self.file,
                start: u32::try_from(start).ok()?,
                end,
            })
        };
        let end = self.offset + u32::try_from(rest).ok()?;
        match written.rfind('.') {
            Some(dot) => {
                let dot = line_start + name + dot;
                let module = Span {
                    file: self.file,
                    start,
                    end: u32::try_from(dot).ok()?,
                };
                let module = Some(module);
                Some((Spot::Reference { module }, span(dot + 1, end)?))
            }
            None => Some((
                Spot::Reference { module: None },
                span(line_start + name, end)?,
            )),
        }
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// How many bytes at the end of a text may belong to a name.
fn trailing_name(text: &str) -> usize {
    text.bytes()
        .rev()
        .take_while(|byte| is_name_byte(*byte))
        .count()
}
