//! What a document defines: as a tree for one document, as a list that is searched for all of them.

use std::collections::HashSet;

use super::Document;
use super::names::path;
use super::tokens::{Step, block_of, entry_of, plain};
use crate::source::{Sources, Span};
use crate::syntax::tree::{BindingKind, Body, Entry, Node, Scalar, Tree};
use crate::syntax::walk;

/// Something that is defined, or a block of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub detail: String,
    pub kind: SymbolKind,
    /// The whole statement.
    pub span: Span,
    /// The name, or the word that the statement begins with.
    pub selection: Span,
    pub children: Vec<Symbol>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Param,
    Let,
    Profile,
    Cluster,
    Location,
    Machine,
    /// An image, region or release.
    Table,
    /// A block of settings, such as `platform`.
    Block,
}

/// A symbol of some file, and what it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'d> {
    pub sources: SourcesRef<'d>,
    pub symbol: Symbol,
    pub container: String,
}

/// The sources that a span counts in.
#[derive(Clone, Copy, Debug)]
pub struct SourcesRef<'d>(pub &'d Sources);

impl PartialEq for SourcesRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for SourcesRef<'_> {}

/// What a document defines, in the order of the source.
pub fn document(document: &Document) -> Vec<Symbol> {
    of_tree(document.tree(), &document.analysis.sources)
}

/// What some documents and the files that they use define whose name has all letters of a query in this order, the
/// library left out.
pub fn workspace<'d>(documents: &[&'d Document], query: &str) -> Vec<Found<'d>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for document in documents {
        let analysis = &document.analysis;
        for (index, module) in analysis.program.modules.iter().enumerate() {
            let is_users = module.tree.file >= document.file();
            if is_users && seen.insert(path(analysis, index)) {
                let sources = SourcesRef(&analysis.sources);
                for symbol in of_tree(&module.tree, &analysis.sources) {
                    matching(symbol, "", query, sources, &mut found);
                }
            }
        }
    }
    found
}

fn matching<'d>(
    mut symbol: Symbol,
    container: &str,
    query: &str,
    sources: SourcesRef<'d>,
    found: &mut Vec<Found<'d>>,
) {
    let children = std::mem::take(&mut symbol.children);
    let name = symbol.name.clone();
    if symbol.kind != SymbolKind::Block && has_letters(&symbol.name, query) {
        found.push(Found {
            sources,
            symbol,
            container: container.to_owned(),
        });
    }
    for child in children {
        matching(child, &name, query, sources, found);
    }
}

fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query
        .chars()
        .flat_map(char::to_lowercase)
        .all(|wanted| letters.any(|letter| letter == wanted))
}

fn of_tree(tree: &Tree, sources: &Sources) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut trail = Vec::new();
    of_body(&tree.body, sources, &mut trail, &mut symbols);
    symbols
}

fn of_body<'t>(
    body: &'t Body,
    sources: &Sources,
    trail: &mut Vec<Step<'t>>,
    symbols: &mut Vec<Symbol>,
) {
    for statement in &body.statements {
        match &statement.node {
            Node::Binding(binding) => {
                let kind = match binding.kind {
                    BindingKind::Param => SymbolKind::Param,
                    BindingKind::Let => SymbolKind::Let,
                };
                let value = binding
                    .value
                    .as_ref()
                    .map(|value| sources.slice(value.span()));
                if let Some(name) = name(&binding.name) {
                    symbols.push(Symbol {
                        name,
                        detail: value.map(first_line).unwrap_or_default(),
                        kind,
                        span: statement.span,
                        selection: binding.name.span,
                        children: Vec::new(),
                    });
                }
            }
            Node::Conditional(conditional) => {
                for branch in walk::branches(conditional) {
                    of_body(&branch.body, sources, trail, symbols);
                }
            }
            Node::Entry(entry) => symbols.extend(of_entry(entry, statement.span, sources, trail)),
            Node::Attribute(_) | Node::Junk => {}
        }
    }
}

fn of_entry<'t>(
    entry: &'t Entry,
    span: Span,
    sources: &Sources,
    trail: &mut Vec<Step<'t>>,
) -> Option<Symbol> {
    let word = plain(&entry.word)?;
    let block = block_of(trail)?;
    let schema = entry_of(block, word)?;
    let kind = match (block.name, word) {
        (_, "cluster") => SymbolKind::Cluster,
        (_, "profile") => SymbolKind::Profile,
        ("cluster", "location") => SymbolKind::Location,
        ("file", "image" | "region" | "release") => SymbolKind::Table,
        ("location", _) if schema.block.is_some_and(|block| block.name == "machine") => {
            SymbolKind::Machine
        }
        ("location", "data") => SymbolKind::Machine,
        _ if entry.block.is_some() => SymbolKind::Block,
        _ => return None,
    };
    let labels: Vec<&str> = entry
        .labels
        .iter()
        .map(|label| sources.slice(label.span))
        .collect();
    let first = entry.labels.first().and_then(name);
    let (name, selection, detail) = match (kind, first) {
        (SymbolKind::Block, _) | (_, None) => (word.to_owned(), entry.word.span, labels.join(" ")),
        (_, Some(_)) if word == "data" => (word.to_owned(), entry.word.span, labels.join(" ")),
        (_, Some(name)) => {
            let selection = entry.labels.first().map_or(span, |label| label.span);
            let rest = labels.get(1..).unwrap_or_default();
            let detail: Vec<&str> = std::iter::once(word).chain(rest.iter().copied()).collect();
            (name, selection, detail.join(" "))
        }
    };
    let mut children = Vec::new();
    if let Some(block) = &entry.block {
        trail.push(Step {
            entry,
            schema: Some(schema),
        });
        of_body(&block.body, sources, trail, &mut children);
        trail.pop();
    }
    Some(Symbol {
        name,
        detail,
        kind,
        span,
        selection,
        children,
    })
}

fn name(scalar: &Scalar) -> Option<String> {
    plain(scalar)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
