//! What a source says, with its names bound and its values typed; what is broken is left out.
//!
//! A model is as generic as the schema: a block has settings and entries. Which of them a cluster needs, and what
//! follows from them, is `lower`'s business.

use std::collections::HashMap;
use std::sync::Arc;

use crate::facts::tables::Tables;
use crate::facts::tpa::TpaVersion;
use crate::origin::{Origin, Sourced};
use crate::schema;
use crate::source::Span;
use crate::value::{Data, Key, Map, Value};

/// All that a source says.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub clusters: Vec<Cluster>,
    pub tables: Tables,
    /// What the source itself defines of them.
    pub own: Arc<Tables>,
    /// The `allow` statements outside of clusters and profiles, of every file.
    pub allows: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub struct Cluster {
    pub name: String,
    pub at: Span,
    /// The TPA that it is for.
    pub tpa: TpaVersion,
    /// The one that it names itself, where the run asks for another one instead.
    pub made_for: Option<TpaVersion>,
    pub block: Block,
    /// Whether an error concerns it, its own or one of what it takes from.
    pub broken: bool,
}

/// The merged body of an entry.
#[derive(Clone, Debug)]
pub struct Block {
    pub schema: &'static schema::Block,
    pub settings: Vec<Setting>,
    pub entries: Vec<Entry>,
    /// The attributes of a free-form block.
    pub free: Map,
    /// Where the keys of `free` stand.
    pub keys: Vec<FreeKey>,
    key_index: HashMap<Key, usize>,
    /// Where entries are that others may be the same as.
    entry_index: HashMap<Same, usize>,
    /// Whether a statement in it could not be understood, so that something may be missing here without having been
    /// forgotten. That has been reported.
    pub holes: bool,
    /// Whether that statement may have been a whole location or machine, so that references to it are not mistakes.
    pub lost: bool,
}

/// The place of a key in a free-form block, and the body that it was written in.
#[derive(Clone, Debug)]
pub struct FreeKey {
    pub key: Key,
    pub at: Span,
    pub layer: Layer,
}

/// What makes two entries of a block the same one: their word in the schema, and the labels that count.
pub type Same = (&'static str, Vec<String>);

/// One body among those that are merged: what is written in a later one wins.
pub type Layer = u32;

#[derive(Clone, Debug)]
pub struct Setting {
    pub schema: &'static schema::Setting,
    /// Where its key stands.
    pub at: Origin,
    pub value: Value,
    pub layer: Layer,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub schema: &'static schema::Entry,
    /// The word as it was written; for lines of `hosts` it is a name.
    pub word: String,
    /// Where the word stands.
    pub at: Origin,
    pub labels: Vec<Value>,
    pub block: Block,
    /// Every body that is merged into its block, from the word that opens it to the brace.
    pub bodies: Vec<Span>,
    pub layer: Layer,
    /// Whether a part of it could not be understood; that has been reported.
    pub broken: bool,
}

impl Block {
    pub fn new(schema: &'static schema::Block) -> Block {
        Block {
            schema,
            settings: Vec::new(),
            entries: Vec::new(),
            free: Map::default(),
            keys: Vec::new(),
            key_index: HashMap::new(),
            entry_index: HashMap::new(),
            holes: false,
            lost: false,
        }
    }

    pub fn key_mut(&mut self, key: &Key) -> Option<&mut FreeKey> {
        let at = *self.key_index.get(key)?;
        self.keys.get_mut(at)
    }

    pub fn add_key(&mut self, key: FreeKey) {
        self.key_index.insert(key.key.clone(), self.keys.len());
        self.keys.push(key);
    }

    /// The place of the entry that is the same as one with this identity.
    pub fn same(&self, identity: &Same) -> Option<usize> {
        self.entry_index.get(identity).copied()
    }

    pub fn add_entry(&mut self, identity: Option<Same>, entry: Entry) {
        if let Some(identity) = identity {
            self.entry_index.insert(identity, self.entries.len());
        }
        self.entries.push(entry);
    }

    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings
            .iter()
            .find(|setting| setting.schema.key == key)
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.setting(key).map(|setting| &setting.value)
    }

    pub fn text(&self, key: &str) -> Option<Sourced<&str>> {
        self.value(key)?.sourced_text()
    }

    /// The names that are written for a key, of which there may be one or a list.
    pub fn names(&self, key: &str) -> Vec<Sourced<&str>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        match value.as_list() {
            Some(items) => items.iter().filter_map(Value::sourced_text).collect(),
            None => value.sourced_text().into_iter().collect(),
        }
    }

    pub fn boolean(&self, key: &str) -> Option<Sourced<bool>> {
        let value = self.value(key)?;
        match value.data {
            Data::Boolean(boolean) => Some(Sourced::new(boolean, value.origin)),
            Data::Null
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    pub fn integer(&self, key: &str) -> Option<Sourced<i64>> {
        let value = self.value(key)?;
        Some(Sourced::new(value.as_integer()?, value.origin))
    }

    /// The entry with this word; the first, where there may be several.
    pub fn entry(&self, word: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.schema.word == word)
    }

    pub fn entries(&self, word: &'static str) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.schema.word == word)
    }

    /// The attributes of a free-form block in this one, such as `vars`.
    pub fn free(&self, word: &str) -> Map {
        self.entry(word)
            .map(|entry| entry.block.free.clone())
            .unwrap_or_default()
    }
}

impl Entry {
    /// A label that is a text, counted from 0, and where it came from.
    pub fn name(&self, index: usize) -> Option<Sourced<&str>> {
        self.labels.get(index)?.sourced_text()
    }

    /// The text of a label, counted from 0.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index)?.as_text()
    }
}
