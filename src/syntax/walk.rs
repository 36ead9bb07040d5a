//! Ways through a tree: the statement at an offset, and everything in the order of the text.

use super::tree::{
    Binding, Block, Body, Comment, Condition, Conditional, Entry, List, Node, Otherwise, Scalar,
    Statement, Tree, Value,
};

/// What a walk meets. A statement, block or list is met before what is in it.
#[derive(Clone, Copy, Debug)]
pub enum Element<'t> {
    Comment(&'t Comment),
    Statement(&'t Statement),
    /// The body of an entry or a branch, or a map.
    Block(&'t Block),
    List(&'t List),
    Scalar(&'t Scalar),
}

/// The last statement of a body that begins at or before an offset.
pub fn statement_before(body: &Body, offset: u32) -> Option<&Statement> {
    let behind = body
        .statements
        .partition_point(|statement| statement.span.start <= offset);
    body.statements.get(behind.checked_sub(1)?)
}

/// The bodies of the branches of a conditional, in order.
pub fn branches(conditional: &Conditional) -> Vec<&Block> {
    let mut branches = vec![&conditional.then];
    let mut rest = conditional.otherwise.as_ref();
    while let Some(otherwise) = rest {
        rest = match otherwise {
            Otherwise::If(next) => {
                branches.push(&next.then);
                next.otherwise.as_ref()
            }
            Otherwise::Block(block) => {
                branches.push(block);
                None
            }
        };
    }
    branches
}

/// The conditions of a conditional, in order.
pub fn conditions(conditional: &Conditional) -> Vec<&Condition> {
    let mut conditions = vec![&conditional.condition];
    let mut rest = conditional.otherwise.as_ref();
    while let Some(Otherwise::If(next)) = rest {
        conditions.push(&next.condition);
        rest = next.otherwise.as_ref();
    }
    conditions
}

/// What a condition compares.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'t> {
    One(&'t Scalar),
    /// What comes after `in`.
    Among(&'t Value),
}

/// The operands of a condition, in order.
pub fn operands(condition: &Condition) -> Vec<Operand<'_>> {
    match condition {
        Condition::Or(parts) | Condition::And(parts) => parts.iter().flat_map(operands).collect(),
        Condition::Not(inner) | Condition::Group(inner) => operands(inner),
        Condition::Is(only) => vec![Operand::One(only)],
        Condition::Equal(left, right) | Condition::NotEqual(left, right) => {
            vec![Operand::One(left), Operand::One(right)]
        }
        Condition::In(left, values) => vec![Operand::One(left), Operand::Among(values)],
        Condition::Missing(_) => Vec::new(),
    }
}

/// Visits everything in a tree.
pub fn elements<'t>(tree: &'t Tree, visit: &mut dyn FnMut(Element<'t>)) {
    body(&tree.body, visit);
}

fn body<'t>(body: &'t Body, visit: &mut dyn FnMut(Element<'t>)) {
    for statement in &body.statements {
        self::statement(statement, visit);
    }
    comments(&body.end, visit);
}

/// Visits a statement and everything in it.
pub fn statement<'t>(statement: &'t Statement, visit: &mut dyn FnMut(Element<'t>)) {
    comments(&statement.before, visit);
    visit(Element::Statement(statement));
    match &statement.node {
        Node::Binding(binding) => self::binding(binding, visit),
        Node::Attribute(attribute) => {
            visit(Element::Scalar(&attribute.key));
            value(&attribute.value, visit);
        }
        Node::Conditional(conditional) => self::conditional(conditional, visit),
        Node::Entry(entry) => self::entry(entry, visit),
        Node::Junk => {}
    }
    comments(statement.after.as_slice(), visit);
}

fn comments<'t>(comments: &'t [Comment], visit: &mut dyn FnMut(Element<'t>)) {
    for comment in comments {
        visit(Element::Comment(comment));
    }
}

fn binding<'t>(binding: &'t Binding, visit: &mut dyn FnMut(Element<'t>)) {
    visit(Element::Scalar(&binding.name));
    for part in binding.ty.iter().chain(&binding.value) {
        value(part, visit);
    }
}

fn entry<'t>(entry: &'t Entry, visit: &mut dyn FnMut(Element<'t>)) {
    visit(Element::Scalar(&entry.word));
    for label in &entry.labels {
        visit(Element::Scalar(label));
    }
    if let Some(inner) = &entry.block {
        block(inner, visit);
    }
}

fn conditional<'t>(conditional: &'t Conditional, visit: &mut dyn FnMut(Element<'t>)) {
    let mut next = Some(conditional);
    while let Some(conditional) = next.take() {
        condition(&conditional.condition, visit);
        block(&conditional.then, visit);
        match &conditional.otherwise {
            Some(Otherwise::If(nested)) => next = Some(nested),
            Some(Otherwise::Block(last)) => block(last, visit),
            None => {}
        }
    }
}

/// Visits the operands of a condition.
pub fn condition<'t>(condition: &'t Condition, visit: &mut dyn FnMut(Element<'t>)) {
    for operand in operands(condition) {
        match operand {
            Operand::One(scalar) => visit(Element::Scalar(scalar)),
            Operand::Among(list) => value(list, visit),
        }
    }
}

fn block<'t>(block: &'t Block, visit: &mut dyn FnMut(Element<'t>)) {
    visit(Element::Block(block));
    comments(block.open.as_slice(), visit);
    body(&block.body, visit);
}

fn value<'t>(value: &'t Value, visit: &mut dyn FnMut(Element<'t>)) {
    match value {
        Value::Scalar(scalar) => visit(Element::Scalar(scalar)),
        Value::List(list) => {
            visit(Element::List(list));
            comments(list.open.as_slice(), visit);
            for item in &list.items {
                comments(&item.before, visit);
                self::value(&item.value, visit);
                comments(item.after.as_slice(), visit);
            }
            comments(&list.end, visit);
        }
        Value::Map(map) => block(map, visit),
        Value::Missing(_) => {}
    }
}
