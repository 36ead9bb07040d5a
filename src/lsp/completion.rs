//! What may be written at an offset: only what fits there and has not been written yet, the most used first.

mod free;
mod names;
mod statements;
mod values;

pub(super) use free::types;

use super::Document;
use super::merged;
use super::parameters;
use super::site::{self, Site, Spot};
use super::tokens::plain;
use crate::facts;
use crate::source::Span;
use crate::syntax::tree::{Body, Entry, Node};
use crate::syntax::walk;

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and what is typed to find it.
    pub label: String,
    pub kind: CompletionKind,
    /// A few words after the label.
    pub detail: String,
    /// Markdown.
    pub documentation: String,
    /// What is inserted: a snippet with `$1` and `${2:name}`, or text.
    pub insert: String,
    pub is_snippet: bool,
    /// What it is in place of.
    pub replaced: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word that begins an entry.
    Entry,
    Setting,
    /// A word out of a fixed set.
    Word,
    /// A variable or key of TPA.
    Variable,
    /// A `param` or `let`.
    Binding,
    Module,
    Profile,
    Location,
    Machine,
    /// An image, region or release, or a version of one.
    Table,
    Rule,
}

impl Completion {
    fn new(label: impl Into<String>, kind: CompletionKind) -> Completion {
        let label = label.into();
        Completion {
            insert: label.clone(),
            label,
            kind,
            detail: String::new(),
            documentation: String::new(),
            is_snippet: false,
            replaced: Span::NONE,
        }
    }

    fn detail(mut self, detail: impl Into<String>) -> Completion {
        self.detail = detail.into();
        self
    }

    fn documentation(mut self, documentation: impl Into<String>) -> Completion {
        self.documentation = documentation.into();
        self
    }

    fn snippet(mut self, snippet: String) -> Completion {
        self.is_snippet = snippet.contains('$');
        self.insert = snippet;
        self
    }

    fn insert(mut self, text: String) -> Completion {
        self.insert = text;
        self
    }
}

/// What may be written at an offset, in the order in which it is offered.
pub fn completions(document: &Document, offset: u32) -> Vec<Completion> {
    let site = site::at(document.tree(), document.text(), offset);
    let place = Place {
        document,
        site: &site,
    };
    let mut completions = match site.spot {
        Spot::Statement => place.statements(),
        Spot::Label {
            entry,
            schema: Some(schema),
            index,
        } => place.labels(entry, schema, index),
        Spot::Value {
            attribute,
            schema,
            list,
        } => place.values(attribute, schema, list),
        Spot::MapKey { map, .. } if parameters::are_in(&site.keys) => place.parameters(map),
        Spot::MapKey { schema, map } => values::map_keys(schema, map),
        Spot::Reference { module } => place.references(module),
        Spot::Type => values::types(),
        Spot::Bound(binding) => values::bound(binding),
        Spot::Operand => place.operands(),
        Spot::Label { schema: None, .. } | Spot::Nothing => Vec::new(),
    };
    for completion in &mut completions {
        completion.replaced = site.replaced;
    }
    completions
}

/// A site in its document.
struct Place<'p> {
    document: &'p Document,
    site: &'p Site<'p>,
}

impl<'p> Place<'p> {
    /// The statements of the entry around everything, and of the branches directly in it.
    fn outermost(&self) -> Vec<&'p Entry> {
        let outermost = self.site.trail.first();
        let block = outermost.and_then(|step| step.entry.block.as_ref());
        block.map_or_else(Vec::new, |block| entries(&block.body))
    }

    /// The first label of a statement of the cluster: what is written in it, else what its profiles say.
    fn chosen(&self, word: &str) -> Option<&'p str> {
        let is_word = |entry: &&&Entry| plain(&entry.word) == Some(word);
        let written = self.outermost();
        let written = written.iter().rev().find(is_word);
        if let Some(entry) = written {
            return entry.labels.first().and_then(plain);
        }
        let cluster = merged::cluster(self.document, &self.site.trail)?;
        cluster.block.entry(word)?.label(0)
    }

    /// The major version of the cluster; the newest where none is written.
    fn major(&self) -> u32 {
        let is_postgres = |entry: &&&Entry| plain(&entry.word) == Some("postgres");
        let written = self.outermost();
        let label = match written.iter().rev().find(is_postgres) {
            Some(entry) => entry.labels.get(1).and_then(plain),
            None => merged::cluster(self.document, &self.site.trail)
                .and_then(|cluster| cluster.block.entry("postgres")?.label(1)),
        };
        let major = label.and_then(|label| label.parse().ok());
        major.unwrap_or(facts::parameters::NEWEST)
    }

    /// Whether the cluster has a statement, in itself or from a profile.
    fn has(&self, word: &str) -> bool {
        let outermost = self.outermost();
        let mut written = outermost.iter();
        written.any(|entry| plain(&entry.word) == Some(word))
            || merged::cluster(self.document, &self.site.trail)
                .is_some_and(|cluster| cluster.block.entry(word).is_some())
    }

    /// The name of the block that everything here is in.
    fn block_name(&self) -> &'static str {
        self.site.block().map_or("", |block| block.name)
    }

    /// The name of the block around that.
    fn outer_name(&self) -> &'static str {
        let outer = self.site.trail.split_last();
        outer
            .and_then(|(_, outer)| super::tokens::block_of(outer))
            .map_or("", |block| block.name)
    }
}

/// The entries of a body and of the branches in it.
fn entries(body: &Body) -> Vec<&Entry> {
    let mut entries = Vec::new();
    for statement in &body.statements {
        match &statement.node {
            Node::Entry(entry) => entries.push(entry),
            Node::Conditional(conditional) => {
                for branch in walk::branches(conditional) {
                    entries.extend(self::entries(&branch.body));
                }
            }
            Node::Attribute(_) | Node::Binding(_) | Node::Junk => {}
        }
    }
    entries
}

/// The keys of the attributes of some bodies.
fn keys<'t>(bodies: &[&'t Body]) -> Vec<&'t str> {
    let statements = bodies.iter().flat_map(|body| &body.statements);
    statements
        .filter_map(|statement| match &statement.node {
            Node::Attribute(attribute) => plain(&attribute.key),
            Node::Entry(_) | Node::Conditional(_) | Node::Binding(_) | Node::Junk => None,
        })
        .collect()
}
