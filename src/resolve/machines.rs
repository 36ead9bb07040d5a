//! The machines that a source writes, for messages: what is known of them before the layout rules.

use super::errors::describe::{name_of, spelling};
use crate::schema::location::LOCATION;
use crate::syntax::tree::{Entry, Node, Statement, Tree, Value};
use crate::syntax::walk::{self, Element};

/// A machine or a line of `hosts`.
pub(super) struct Machine {
    pub(super) word: String,
    pub(super) name: String,
    addresses: Vec<String>,
}

/// All of them in a file.
pub(super) fn of(tree: &Tree) -> Vec<Machine> {
    let mut machines = Vec::new();
    walk::elements(tree, &mut |element| {
        if let Element::Statement(Statement {
            node: Node::Entry(entry),
            ..
        }) = element
        {
            match name_of(&entry.word).as_str() {
                "hosts" => machines.extend(lines(entry)),
                word if is_machine(word) => machines.extend(machine(entry, word)),
                _ => {}
            }
        }
    });
    machines
}

/// The name of the machine that has an address.
pub(super) fn with_address<'m>(machines: &'m [Machine], address: &str) -> Option<&'m str> {
    let mut machines = machines.iter();
    let found = machines.find(|machine| machine.addresses.iter().any(|own| own == address));
    found.map(|machine| machine.name.as_str())
}

fn is_machine(word: &str) -> bool {
    let block = LOCATION.entry(word).and_then(|entry| entry.block);
    block.is_some_and(|block| block.setting("address").is_some())
}

fn machine(entry: &Entry, word: &str) -> Option<Machine> {
    let name = spelling(entry.labels.first()?);
    let block = entry.block.as_ref();
    let statements = block.map_or(&[][..], |block| block.body.statements.as_slice());
    let address = |statement: &Statement| match &statement.node {
        Node::Attribute(attribute) => {
            let key = name_of(&attribute.key);
            let is_address = matches!(key.as_str(), "address" | "public" | "private");
            match &attribute.value {
                Value::Scalar(scalar) if is_address => Some(spelling(scalar)),
                Value::Scalar(_) | Value::List(_) | Value::Map(_) | Value::Missing(_) => None,
            }
        }
        Node::Entry(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    };
    Some(Machine {
        word: word.to_owned(),
        name,
        addresses: statements.iter().filter_map(address).collect(),
    })
}

/// `kestrel 192.0.2.10 10.7.0.10`.
fn lines(hosts: &Entry) -> Vec<Machine> {
    let block = hosts.block.as_ref();
    let statements = block.map_or(&[][..], |block| block.body.statements.as_slice());
    let line = |statement: &Statement| match &statement.node {
        Node::Entry(entry) => Some(Machine {
            word: String::new(),
            name: spelling(&entry.word),
            addresses: entry.labels.iter().map(spelling).collect(),
        }),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    };
    statements.iter().filter_map(line).collect()
}
