//! Statements: entries with snippets, settings, and at the top level what binds names.

use super::{Completion, CompletionKind, Place, entries, keys};
use crate::facts::choices::FailoverManager;
use crate::facts::tables::Platform;
use crate::lsp::merged;
use crate::lsp::tokens::plain;
use crate::schema::{self, Entry, Identity, Label, Other, Presence, Setting, Type};
use crate::source::Span;

/// Words that are used more than the rest of their block, the most used first.
const COMMON: &[&str] = &[
    "cluster", "use", "profile", "postgres", "failover", "platform", "location", "include", "data",
    "primary", "replica", "witness", "barman", "os", "address", "upstream", "backup", "device",
];

impl Place<'_> {
    /// What may begin a statement.
    pub(super) fn statements(&self) -> Vec<Completion> {
        let Some(block) = self.site.block() else {
            return Vec::new();
        };
        match block.other {
            Other::Free => {
                let mut keys = self.free_keys();
                keys.push(entry(&schema::ALLOW));
                return keys;
            }
            Other::Line(_) => return self.nameless_hosts(),
            Other::Unknown => {}
        }
        let given = keys(&self.site.bodies);
        let is_replaced = |span: Span| span == self.site.replaced;
        let written: Vec<_> = self
            .site
            .bodies
            .iter()
            .flat_map(|body| entries(body))
            .collect();
        let words: Vec<&str> = written
            .iter()
            .filter(|entry| !is_replaced(entry.word.span))
            .filter_map(|entry| plain(&entry.word))
            .collect();
        let open = block
            .entries
            .iter()
            .filter(|entry| self.is_open(entry, &words));
        let mut found: Vec<(usize, Completion)> = Vec::new();
        for (index, schema) in open.enumerate() {
            found.push((rank(schema.word, index), entry(schema)));
        }
        let tpa = self.tpa();
        let settings = block.settings.iter().filter(|setting| {
            let is_own = self.site.bodies.last().is_some_and(|body| {
                body.statements.iter().any(|statement| {
                    statement.span.start == self.site.replaced.start
                        && !is_empty(self.site.replaced)
                })
            });
            let given = given.iter().filter(|key| **key == setting.key).count();
            // The key that is being changed may stay what it is.
            (given == 0 || is_own && given == 1 && self.replaced_text() == setting.key)
                && self.applies(setting.only)
                && setting.since.is_none_or(|since| since <= tpa)
        });
        for (index, schema) in settings.enumerate() {
            found.push((
                rank(schema.key, block.entries.len() + index),
                setting(schema),
            ));
        }
        found.sort_by_key(|(rank, _)| *rank);
        let mut completions: Vec<Completion> = found.into_iter().map(|(_, it)| it).collect();
        if self.site.trail.is_empty() {
            completions.extend(bindings());
        }
        completions.push(
            Completion::new("if", CompletionKind::Entry)
                .documentation("Statements that hold under a condition.")
                .snippet("if ${1:condition} {\n  $0\n}".to_owned()),
        );
        completions
    }

    fn replaced_text(&self) -> &str {
        let sources = &self.document.analysis.sources;
        sources.slice(self.site.replaced)
    }

    /// Whether an entry may still be written, and makes sense with what the cluster has chosen.
    fn is_open(&self, entry: &Entry, words: &[&str]) -> bool {
        let count = words.iter().filter(|word| **word == entry.word).count();
        let is_given = entry.identity == Identity::Word && count > 0;
        !is_given && self.applies(entry.only) && self.is_wanted(entry.word, count, words)
    }

    /// Whether something that belongs to platforms, or to the first label of the entry around it, belongs here.
    pub(super) fn applies(&self, only: &[&str]) -> bool {
        if only.is_empty() {
            return true;
        }
        let names = Platform::ALL.map(Platform::name);
        let inner = self.site.trail.last();
        let word = inner.and_then(|step| plain(&step.entry.word));
        let chosen = if only.iter().any(|only| names.contains(only)) {
            // In an `image` its lines name the platform.
            let own = word.filter(|word| self.outer_name() == "image" && names.contains(word));
            own.or_else(|| self.chosen("platform"))
        } else if self.block_name() == "machine" {
            word
        } else {
            inner.and_then(|step| plain(step.entry.labels.first()?))
        };
        chosen.is_none_or(|chosen| only.contains(&chosen))
    }

    /// Whether the layout has use for a statement.
    fn is_wanted(&self, word: &str, count: usize, words: &[&str]) -> bool {
        let is = |statement: &str, label: &str| {
            self.chosen(statement).is_none_or(|chosen| chosen == label)
        };
        match (self.block_name(), word) {
            ("cluster", "balance") => {
                is("failover", FailoverManager::Patroni.name()) && !self.has("pool")
            }
            ("cluster", "pool") => !self.has("balance"),
            ("cluster", "monitor") => count < 2,
            ("location", "etcd") => is("failover", FailoverManager::Patroni.name()),
            ("location", "haproxy") => self.has("balance") || self.is_in_profile(),
            ("location", "pem") => self.has("monitor") || self.is_in_profile(),
            ("location", "primary") => !self.has_primary() && !words.contains(&"single"),
            ("location", "data" | "replica") => !words.contains(&"single"),
            ("location", "single") => {
                count == 0
                    && !["data", "primary", "replica"]
                        .iter()
                        .any(|it| words.contains(it))
            }
            _ => true,
        }
    }

    fn is_in_profile(&self) -> bool {
        self.site
            .trail
            .first()
            .is_some_and(|step| step.is("profile"))
    }

    /// Whether a machine of the cluster is the primary, other than the one whose word is here.
    fn has_primary(&self) -> bool {
        let own = self.site.replaced;
        let Some(cluster) = merged::cluster(self.document, &self.site.trail) else {
            return false;
        };
        let mut machines = cluster
            .block
            .entries("location")
            .flat_map(|location| &location.block.entries);
        machines.any(|machine| machine.schema.word == "primary" && machine.at.place() != own)
    }
}

fn is_empty(span: Span) -> bool {
    span.start == span.end
}

fn rank(word: &str, index: usize) -> usize {
    let common = COMMON.iter().position(|common| *common == word);
    // An `allow` explains what is written already.
    let last = if word == "allow" { 1_000 } else { 0 };
    common.unwrap_or(COMMON.len() + index + last)
}

/// `param` and `let`.
fn bindings() -> Vec<Completion> {
    vec![
        Completion::new("param", CompletionKind::Entry)
            .documentation("An input, set with `--set NAME=VALUE`.")
            .snippet("param ${1:name} = ${2:default}".to_owned()),
        Completion::new("let", CompletionKind::Entry)
            .documentation("A constant.")
            .snippet("let ${1:name} = ${2:value}".to_owned()),
    ]
}

pub(super) fn entry(schema: &Entry) -> Completion {
    let mut snippet = schema.word.to_owned();
    let mut stop = 1;
    for label in schema.labels {
        if let Some(placeholder) = placeholder(schema, label, stop) {
            snippet.push(' ');
            snippet.push_str(&placeholder);
            stop += 1;
        }
    }
    if has_body(schema) {
        snippet.push_str(" {\n  $0\n}");
    }
    Completion::new(schema.word, CompletionKind::Entry)
        .detail(schema.usage())
        .documentation(schema.documentation)
        .snippet(snippet)
}

/// Whether an entry is of little use without a block.
fn has_body(schema: &Entry) -> bool {
    schema.block.is_some()
        && (schema.labels.is_empty()
            || schema.identity == Identity::Definition
            || matches!(schema.word, "platform" | "release"))
}

fn placeholder(schema: &Entry, label: &Label, stop: usize) -> Option<String> {
    let is_machine = schema.identity == Identity::Definition;
    if label.presence != Presence::Required && !is_machine {
        return None;
    }
    Some(match label.ty {
        Type::Word(words) => choice(words, stop),
        Type::Text if schema.word == "allow" => format!("\"${{{stop}:reason}}\""),
        Type::Name
        | Type::Text
        | Type::Integer(..)
        | Type::Boolean
        | Type::Size
        | Type::SizeOrNone
        | Type::Address
        | Type::Network
        | Type::Version
        | Type::Date
        | Type::TpaVersion
        | Type::Duration
        | Type::Port
        | Type::List(_)
        | Type::OneOrList(_)
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => format!("${{{stop}:{}}}", label.name.to_lowercase()),
    })
}

fn choice(words: &[&str], stop: usize) -> String {
    match words {
        [only] => (*only).to_owned(),
        words => format!("${{{stop}|{}|}}", words.join(",")),
    }
}

fn setting(schema: &Setting) -> Completion {
    let value = match schema.ty {
        Type::Word(words) => choice(words, 1),
        Type::Boolean => choice(&["true", "false"], 1),
        Type::List(_) => "[$0]".to_owned(),
        Type::Text | Type::TextOrMap => "\"$0\"".to_owned(),
        Type::Name
        | Type::Integer(..)
        | Type::Size
        | Type::SizeOrNone
        | Type::Address
        | Type::Network
        | Type::Version
        | Type::Date
        | Type::TpaVersion
        | Type::Duration
        | Type::Port
        | Type::OneOrList(_)
        | Type::PackageLists(_)
        | Type::Any => "$0".to_owned(),
    };
    let mut documentation = schema.described();
    if !schema.default.is_empty() {
        documentation.push_str("\n\nDefault: ");
        documentation.push_str(schema.default);
    }
    Completion::new(schema.key, CompletionKind::Setting)
        .detail(schema.ty.name())
        .documentation(documentation)
        .snippet(format!("{} = {value}", schema.key))
}
