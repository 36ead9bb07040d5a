//! The top level of every file: profiles, clusters and entries of tables are collected.

use super::{Resolver, Scope, errors};
use crate::model::Block;
use crate::schema;
use crate::source::Span;
use crate::syntax::tree::{self, Node, Statement};

/// A cluster that is to be merged.
pub(super) struct Definition<'p> {
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) statements: &'p [Statement],
    pub(super) module: usize,
}

impl<'p> Resolver<'p> {
    /// Collects what every file defines. Clusters of used files are not built.
    pub(super) fn definitions(&mut self) {
        let program = self.program;
        for (module, source) in program.modules.iter().enumerate() {
            let mut tables = Block::new(&schema::file::FILE);
            self.top_level(&source.tree.body.statements, module, true, &mut tables);
            self.add_to_tables(&tables);
        }
    }

    fn top_level(
        &mut self,
        statements: &'p [Statement],
        module: usize,
        holds: bool,
        tables: &mut Block,
    ) {
        let scope = Scope::of(module);
        for statement in statements {
            if self.diagnostics.is_full() {
                return;
            }
            match &statement.node {
                Node::Entry(entry) => self.definition(entry, module, holds, tables),
                Node::Conditional(conditional) => {
                    let branches = self.branches(conditional, scope);
                    if let Some(taken) = branches.taken {
                        self.top_level(taken, module, holds, tables);
                    }
                    for rest in branches.rest {
                        self.top_level(rest, module, false, tables);
                    }
                }
                // One without a value has been reported.
                Node::Attribute(attribute)
                    if !matches!(attribute.value, tree::Value::Missing(_)) =>
                {
                    self.diagnostics
                        .push(errors::attribute_at_top_level(attribute));
                }
                Node::Attribute(_) | Node::Binding(_) | Node::Junk => {}
            }
        }
    }

    fn definition(
        &mut self,
        entry: &'p tree::Entry,
        module: usize,
        holds: bool,
        tables: &mut Block,
    ) {
        let scope = Scope::of(module);
        let word = errors::name_of(&entry.word);
        match word.as_str() {
            "use" => {}
            "profile" | "cluster" => {
                let Some((name, at)) = self.defined_name(entry, &word) else {
                    return;
                };
                let statements = entry
                    .block
                    .as_ref()
                    .map_or(&[][..], |block| block.body.statements.as_slice());
                if !holds {
                    let mut scratch = Block::new(&schema::cluster::CLUSTER);
                    self.body(&mut scratch, statements, 0, scope);
                } else if word == "profile" {
                    self.define_profile(name, at, entry, module);
                } else if module == 0 {
                    self.define_cluster(name, at, statements, module);
                }
            }
            _ if holds => self.merge_entry(tables, entry, 0, scope),
            _ => self.merge_entry(&mut Block::new(&schema::file::FILE), entry, 0, scope),
        }
    }

    /// The name that a `profile` or `cluster` defines.
    fn defined_name(&mut self, entry: &'p tree::Entry, word: &str) -> Option<(&'p str, Span)> {
        let Some(label) = entry.labels.first() else {
            self.diagnostics
                .push(errors::definition_without_name(entry.word.span, word));
            return None;
        };
        if let Some(extra) = entry.labels.get(1) {
            self.diagnostics
                .push(errors::name_of_several_words(extra.span, word));
        }
        let name = match &label.kind {
            tree::ScalarKind::Name(name) => name.as_str(),
            tree::ScalarKind::Text(text) => match text.parts.as_slice() {
                [tree::Part::Text(name)] => name.as_str(),
                _ => "",
            },
            tree::ScalarKind::Missing => return None,
            tree::ScalarKind::Number(name) | tree::ScalarKind::Literal(name) => {
                self.diagnostics
                    .push(errors::unquoted_name(label.span, name, None));
                name.as_str()
            }
            tree::ScalarKind::Reference(_) => "",
        };
        let valid = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !valid {
            self.diagnostics
                .push(errors::invalid_name(label.span, word, name));
            return None;
        }
        Some((name, label.span))
    }

    fn define_profile(&mut self, name: &'p str, at: Span, entry: &'p tree::Entry, module: usize) {
        let Some(profiles) = self.profiles.get_mut(module) else {
            return;
        };
        match profiles.get(name) {
            Some(first) => {
                let first = first
                    .labels
                    .first()
                    .map_or(first.word.span, |label| label.span);
                self.diagnostics
                    .push(errors::duplicate_definition(at, name, first));
            }
            None => {
                profiles.insert(name, entry);
            }
        }
    }

    fn define_cluster(&mut self, name: &str, at: Span, statements: &'p [Statement], module: usize) {
        if let Some(first) = self.cluster_names.get(name) {
            let first = *first;
            self.diagnostics
                .push(errors::duplicate_definition(at, name, first));
            return;
        }
        self.cluster_names.insert(name.to_owned(), at);
        self.clusters.push(Definition {
            name: name.to_owned(),
            at,
            statements,
            module,
        });
    }

    /// Checks every profile on its own, included or not.
    pub(super) fn check_profiles(&mut self) {
        let mut all: Vec<(usize, &'p tree::Entry)> = Vec::new();
        for (module, profiles) in self.profiles.iter().enumerate() {
            // The library's own profiles are checked by its tests.
            let library = self.program.modules.get(module).is_some_and(|source| {
                crate::library::FILES.iter().any(|file| {
                    crate::library::module(file.module)
                        .is_some_and(|(id, _)| id == source.tree.file)
                })
            });
            if !library {
                all.extend(profiles.values().map(|profile| (module, *profile)));
            }
        }
        // A hash map has no order, and the order decides where a cycle is reported.
        all.sort_by_key(|(_, profile)| profile.word.span);
        for (module, profile) in all {
            let Some(block) = &profile.block else {
                continue;
            };
            let mut bodies = Vec::new();
            let scope = Scope::of(module);
            let mut chain = vec![profile];
            self.bodies(&block.body.statements, scope, &mut chain, &mut bodies);
            let mut scratch = Block::new(&schema::cluster::CLUSTER);
            self.body(&mut scratch, &block.body.statements, 0, scope);
        }
    }
}
