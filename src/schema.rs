//! Which statements exist, where they may stand, of which type they are, and what they mean.
//!
//! The tables are data: they feed type checks, suggestions, `docs/settings.md` and the editors' word lists. They know
//! nothing of trees and nothing of the cluster at hand.

pub mod cluster;
pub mod file;
pub mod location;
pub mod machine;
pub mod neighbours;
pub mod platform;
pub mod words;

use crate::facts::tpa::{self, TpaVersion};

/// The type of a value or label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A bare name out of a fixed set.
    Word(&'static [&'static str]),
    /// A bare name or a string: something that is defined in the source or in a library table.
    Name,
    Text,
    /// A whole number between two bounds, both included.
    Integer(i64, i64),
    Boolean,
    /// `32GB`, `2TB`: a size in GB as the cloud counts them.
    Size,
    /// A size, or `none`, which removes the volume.
    SizeOrNone,
    /// An IP address.
    Address,
    /// An IPv4 network without host bits.
    Network,
    /// A version of a package, `16.4-1*`.
    Version,
    /// `2027-06-30`.
    Date,
    /// A release of TPA: `23.45`, `23.44.1`.
    TpaVersion,
    /// `60s`, `2min`, `1h`.
    Duration,
    /// `22`, `8000-8030`, `1194/udp`.
    Port,
    /// A list whose items have this type.
    List(&'static Type),
    /// One value of this type stands for a list of one.
    OneOrList(&'static Type),
    /// A list of names, which stands for the key `common`, or a map of such lists with these keys.
    PackageLists(&'static [&'static str]),
    /// A text, or a map.
    TextOrMap,
    /// Free form.
    Any,
}

impl Type {
    /// The type in the words of messages and documentation.
    pub fn name(self) -> String {
        match self {
            Type::Word(words) => alternatives(words),
            Type::Name => "name".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Integer(i64::MIN, i64::MAX) => "integer".to_owned(),
            Type::Integer(lowest, i64::MAX) => format!("integer from {lowest}"),
            Type::Integer(lowest, highest) => format!("integer from {lowest} to {highest}"),
            Type::Boolean => "boolean".to_owned(),
            Type::Size => "size".to_owned(),
            Type::SizeOrNone => "size or `none`".to_owned(),
            Type::Address => "address".to_owned(),
            Type::Network => "network".to_owned(),
            Type::Version => "version".to_owned(),
            Type::Date => "date".to_owned(),
            Type::TpaVersion => "version of TPA".to_owned(),
            Type::Duration => "duration".to_owned(),
            Type::Port => "port".to_owned(),
            Type::List(item) => format!("list of {}", plural(&item.name())),
            Type::OneOrList(item) => {
                format!("{}, or list of {}", item.name(), plural(&item.name()))
            }
            Type::PackageLists(keys) => {
                format!("list of names, or map of lists by {}", alternatives(keys))
            }
            Type::TextOrMap => "text or map".to_owned(),
            Type::Any => "any".to_owned(),
        }
    }

    /// The seconds of `60s`, `2min` or `1h`.
    pub fn seconds(text: &str) -> Option<i64> {
        let end = text.find(|character: char| !character.is_ascii_digit())?;
        let (number, unit) = text.split_at_checked(end)?;
        let factor = match unit {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            _ => return None,
        };
        let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
        Some(i64::from(number) * factor)
    }

    /// The ports and protocol of `22`, `8000-8030` or `1194/udp`.
    pub fn port(text: &str) -> Option<(i64, i64, &'static str)> {
        let (ports, protocol) = match text.split_once('/') {
            Some((ports, "tcp")) => (ports, "tcp"),
            Some((ports, "udp")) => (ports, "udp"),
            Some(_) => return None,
            None => (text, "tcp"),
        };
        let number = |text: &str| text.parse::<u16>().ok().map(i64::from);
        let (first, last) = match ports.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(ports)?, number(ports)?),
        };
        (first <= last).then_some((first, last, protocol))
    }
}

fn plural(name: &str) -> String {
    match name.strip_suffix("ss") {
        Some(_) => format!("{name}es"),
        None if name == "text" => name.to_owned(),
        None => format!("{name}s"),
    }
}

/// Words as a sentence lists them: `` `a`, `b` or `c` ``.
pub fn alternatives<S: AsRef<str>>(words: &[S]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == words.len() {
                " or "
            } else {
                ", "
            });
        }
        text.push('`');
        text.push_str(word.as_ref());
        text.push('`');
    }
    text
}

/// All of them, as a sentence lists them: `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// An attribute that a block may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: &'static str,
    pub ty: Type,
    /// What holds when it is not written, in words; empty where nothing does.
    pub default: &'static str,
    /// The platforms or first labels that it belongs to; empty for all.
    pub only: &'static [&'static str],
    /// The first TPA that reads what it becomes; none where every one does.
    pub since: Option<TpaVersion>,
    /// One paragraph of Markdown.
    pub documentation: &'static str,
}

/// A label of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// In capitals, as the documentation writes it.
    pub name: &'static str,
    pub ty: Type,
    pub presence: Presence,
}

/// How often a label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Required,
    Optional,
    /// Any number of times; the last label only.
    Repeated,
}

/// Which entries are the same one, so that their bodies merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// There is one of it: the winner's labels replace, and the bodies merge if the first label is the same.
    Word,
    /// The labels make it: entries with the same labels merge.
    Labels,
    /// The first label makes it: the other labels replace.
    FirstLabel,
    /// It defines its first label, so it stands once in a body; across bodies it merges.
    Definition,
    /// Every one counts.
    Each,
}

/// An entry that a block may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub word: &'static str,
    pub labels: &'static [Label],
    pub block: Option<&'static Block>,
    pub identity: Identity,
    /// The platforms that it belongs to; empty for all.
    pub only: &'static [&'static str],
    pub documentation: &'static str,
}

/// What may be between two braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The word of the entry that it is the body of.
    pub name: &'static str,
    pub settings: &'static [Setting],
    pub entries: &'static [Entry],
    /// What any other word is.
    pub other: Other,
}

/// What a block makes of words that its tables do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    Unknown,
    /// Free form: every attribute is taken as it stands.
    Free,
    /// Every entry is one of these, whatever its word: the lines of `hosts`.
    Line(&'static Entry),
}

impl Block {
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    pub fn entry(&self, word: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.word == word)
    }

    /// Every word that may begin a statement here.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        let settings = self.settings.iter().map(|setting| setting.key);
        settings.chain(self.entries.iter().map(|entry| entry.word))
    }
}

/// A setting that stands everywhere.
const fn setting(
    key: &'static str,
    ty: Type,
    default: &'static str,
    documentation: &'static str,
) -> Setting {
    Setting {
        key,
        ty,
        default,
        only: &[],
        since: None,
        documentation,
    }
}

impl Setting {
    const fn since(mut self, version: TpaVersion) -> Setting {
        self.since = Some(version);
        self
    }

    /// Its documentation, with the TPA that it needs.
    pub fn described(&self) -> String {
        tpa::described(self.since, self.documentation)
    }

    const fn only(mut self, only: &'static [&'static str]) -> Setting {
        self.only = only;
        self
    }
}

const fn required(name: &'static str, ty: Type) -> Label {
    Label {
        name,
        ty,
        presence: Presence::Required,
    }
}

const fn optional(name: &'static str, ty: Type) -> Label {
    Label {
        name,
        ty,
        presence: Presence::Optional,
    }
}

const fn repeated(name: &'static str, ty: Type) -> Label {
    Label {
        name,
        ty,
        presence: Presence::Repeated,
    }
}

const fn entry(
    word: &'static str,
    labels: &'static [Label],
    identity: Identity,
    documentation: &'static str,
) -> Entry {
    Entry {
        word,
        labels,
        block: None,
        identity,
        only: &[],
        documentation,
    }
}

impl Entry {
    /// How it is written: `os NAME [VERSION]`.
    pub fn usage(&self) -> String {
        let mut usage = self.word.to_owned();
        for label in self.labels {
            let name = match label.ty {
                Type::Word([word]) => word,
                Type::Word(_)
                | Type::Name
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
                | Type::Any => label.name,
            };
            let label = match label.presence {
                Presence::Required => name.to_owned(),
                Presence::Optional => format!("[{name}]"),
                Presence::Repeated => format!("[{name}…]"),
            };
            usage.push(' ');
            usage.push_str(&label);
        }
        usage
    }

    const fn block(mut self, block: &'static Block) -> Entry {
        self.block = Some(block);
        self
    }

    const fn only(mut self, only: &'static [&'static str]) -> Entry {
        self.only = only;
        self
    }
}

const fn block(
    name: &'static str,
    settings: &'static [Setting],
    entries: &'static [Entry],
) -> Block {
    Block {
        name,
        settings,
        entries,
        other: Other::Unknown,
    }
}

/// A block that takes every `key = value`.
const fn free(name: &'static str) -> Block {
    Block {
        name,
        settings: &[],
        entries: &[],
        other: Other::Free,
    }
}

pub static VARS: Block = free("vars");
pub static TAGS: Block = free("tags");
pub static DEFAULTS: Block = free("defaults");
pub static SETTINGS: Block = free("settings");

/// Takes out of config.yml what nobody wrote.
pub static OMIT: Entry = entry(
    "omit",
    &[repeated("KEY", Type::Name)],
    Identity::Each,
    "Keys that config.yml is not to have although m1c derives them: `keyring_backend`, `vars.KEY`, in a cluster also `defaults.KEY` and, of every entry, `machines.KEY` and `locations.KEY`. What the source writes itself stays.",
);

/// Stands in every block: the linter reads it.
pub static ALLOW: Entry = entry(
    "allow",
    &[
        required("RULE", Type::Name),
        required("REASON", Type::Text),
        optional("UNTIL", Type::Word(&["until"])),
        optional("DATE", Type::Date),
    ],
    Identity::Each,
    "A lint rule does not apply here and below: `allow RULE \"reason\"`, with an end date `allow RULE \"reason\" until 2027-06-30`. The reason is required.",
);
