//! All words of the language as sorted lists, for editors that colour by lists.

use super::file::FILE;
use super::{Block, Entry, Other, Type};
use crate::facts::variables::VARIABLES;

/// Words that the syntax itself gives a meaning: `param` and `let` bind, `if` decides, `and`, `or`, `not` and `in` stand
/// in conditions, `as` and `until` between labels.
pub const SYNTAX: &[&str] = &[
    "and", "as", "else", "if", "in", "let", "not", "or", "param", "until",
];

/// The values that are not names.
pub const CONSTANTS: &[&str] = &["false", "null", "true"];

/// What may be after the `:` of a `param`, the simplest first.
pub const TYPES: &[&str] = &["text", "integer", "decimal", "boolean", "list", "map"];

/// What begins an entry, `use`, `cluster` and `include` among them.
pub fn entries() -> Vec<&'static str> {
    sorted(blocks().into_iter().flat_map(|block| {
        let entries = block.entries.iter().map(|entry| entry.word);
        entries.collect::<Vec<_>>()
    }))
}

/// The keys of attributes.
pub fn settings() -> Vec<&'static str> {
    sorted(blocks().into_iter().flat_map(|block| {
        let settings = block.settings.iter().map(|setting| setting.key);
        settings.collect::<Vec<_>>()
    }))
}

/// The values and labels that come out of a fixed set: `repmgr`, `aws`, `postgresql`.
pub fn choices() -> Vec<&'static str> {
    sorted(blocks().into_iter().flat_map(|block| {
        let settings = block.settings.iter().map(|setting| setting.ty);
        let labels = entries_of(block).flat_map(|entry| entry.labels.iter().map(|label| label.ty));
        let choices = settings.chain(labels).flat_map(of_type);
        let choices = choices.filter(|word| !SYNTAX.contains(word) && *word != "none");
        choices.collect::<Vec<_>>()
    }))
}

/// The variables of TPA.
pub fn variables() -> Vec<&'static str> {
    sorted(VARIABLES.iter().map(|variable| variable.name))
}

fn of_type(ty: Type) -> Vec<&'static str> {
    match ty {
        Type::Word(words) => words.to_vec(),
        Type::List(item) | Type::OneOrList(item) => of_type(*item),
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
        // Its words are keys.
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => Vec::new(),
    }
}

/// Every block that a file can have, each once.
fn blocks() -> Vec<&'static Block> {
    let mut blocks = vec![&FILE];
    let mut next = 0;
    while let Some(block) = blocks.get(next) {
        let inner: Vec<_> = entries_of(block).filter_map(|entry| entry.block).collect();
        for block in inner {
            if !blocks.contains(&block) {
                blocks.push(block);
            }
        }
        next += 1;
    }
    blocks
}

fn entries_of(block: &'static Block) -> impl Iterator<Item = &'static Entry> {
    let line = match block.other {
        Other::Line(line) => Some(line),
        Other::Unknown | Other::Free => None,
    };
    block.entries.iter().chain(line)
}

fn sorted(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut words: Vec<_> = words.collect();
    words.sort_unstable();
    words.dedup();
    words
}
