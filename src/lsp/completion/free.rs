//! Free form: the variables and keys that TPA knows.

use super::{Completion, CompletionKind, Place, keys};
use crate::facts::choices::Platform;
use crate::facts::variables::{self, Scope, VARIABLES, Variable};
use crate::facts::{self, keys as known};
use crate::lsp::parameters;
use crate::resolve::is_reserved;
use crate::schema::alternatives;
use crate::syntax::tree::Body;

impl Place<'_> {
    /// The keys of a free-form block that have not been written.
    pub(super) fn free_keys(&self) -> Vec<Completion> {
        let (owner, block) = (self.outer_name(), self.block_name());
        let given = keys(&self.site.bodies);
        let replaced = self.document.analysis.sources.slice(self.site.replaced);
        let tpa = self.tpa();
        let is_open = |key: &str| {
            let since = variables::find(key).and_then(|variable| variable.since);
            (key == replaced || !given.contains(&key))
                && !is_reserved(owner, block, key)
                && since.is_none_or(|since| since <= tpa)
        };
        let platform = self.chosen("platform").and_then(Platform::parse);
        match (owner, block) {
            ("cluster", "vars") => of_scopes(&[Scope::Both], is_open),
            ("location" | "machine", "vars") => of_scopes(&[Scope::Both, Scope::Instance], is_open),
            ("cluster", "settings") => {
                let keys = known::top_level();
                keys.into_iter()
                    .filter(|key| is_open(key))
                    .map(key)
                    .collect()
            }
            ("cluster", "defaults") | ("location" | "machine", "settings") => {
                let mut keys = known::of_instance(platform);
                // Each machine has its own.
                let own = ["Name", "location", "node", "role", "upstream", "backup"];
                keys.retain(|key| is_open(key) && !own.contains(key));
                keys.into_iter().map(key).collect()
            }
            ("volume", "vars") => open(known::VOLUME_VARS, is_open),
            ("volume", "settings") => open(known::VOLUME, is_open),
            ("cluster", "tags") if platform == Some(Platform::Aws) => open(&["Owner"], is_open),
            _ => Vec::new(),
        }
    }
}

impl Place<'_> {
    /// The parameters of Postgres that a map does not have yet.
    pub(super) fn parameters(&self, map: &Body) -> Vec<Completion> {
        let given = keys(&[map]);
        let replaced = self.document.analysis.sources.slice(self.site.replaced);
        let major = self.major();
        let all = facts::parameters::all(major).chain(facts::parameters::of_modules(major));
        all.filter(|known| known.name == replaced || !given.contains(&known.name))
            .map(|known| {
                Completion::new(known.name, CompletionKind::Variable)
                    .detail(parameters::values(known))
                    .documentation(parameters::page(known))
                    .insert(format!("{} = ", known.name))
            })
            .collect()
    }
}

fn open(keys: &[&'static str], is_open: impl Fn(&str) -> bool) -> Vec<Completion> {
    keys.iter()
        .filter(|key| is_open(key))
        .map(|name| key(name))
        .collect()
}

fn of_scopes(scopes: &[Scope], is_open: impl Fn(&str) -> bool) -> Vec<Completion> {
    VARIABLES
        .iter()
        .filter(|variable| scopes.contains(&variable.scope) && is_open(variable.name))
        .map(variable)
        .collect()
}

fn key(name: &'static str) -> Completion {
    match variables::find(name) {
        Some(known) if known.scope == Scope::TopLevel => variable(known),
        Some(_) | None => {
            Completion::new(name, CompletionKind::Variable).insert(format!("{name} = "))
        }
    }
}

fn variable(variable: &Variable) -> Completion {
    Completion::new(variable.name, CompletionKind::Variable)
        .detail(types(variable))
        .documentation(variable.described())
        .insert(format!("{} = ", variable.name))
}

/// The types that a variable takes, in words.
pub(in crate::lsp) fn types(variable: &Variable) -> String {
    let names: Vec<&str> = variable.accepts.iter().map(|kind| kind.name()).collect();
    alternatives(&names).replace('`', "")
}
