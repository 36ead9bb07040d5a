//! An existing config.yml as data: every value knows its place in the YAML.

use std::ops::Range;

use crate::origin::Origin;
use crate::source::{FileId, Span};
use crate::value::{Data, Key, Map, Value};
use crate::yaml::{self, Node, node};

/// A config.yml that could be read.
#[derive(Clone, Debug)]
pub struct Document {
    /// Empty where the file is not a map.
    pub map: Map,
    /// Where the document stands.
    pub at: Origin,
    /// Keys that stand twice in one map: the second place, the first, and the key. The last one holds.
    pub duplicates: Vec<(Span, Span, String)>,
    pub misread: Vec<Misread>,
}

/// A number in YAML 1.1 that is another one than it looks like.
#[derive(Clone, Debug)]
pub struct Misread {
    pub at: Span,
    pub written: String,
    /// What YAML makes of it.
    pub read: String,
    /// Whether it is in base 60, as times of day are; else in base 8.
    pub is_sexagesimal: bool,
}

/// Which of the values holds, of a key that stands twice in one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    First,
    /// As in TPA.
    Last,
}

/// Reads a config.yml.
pub fn read(file: FileId, text: &str) -> Result<Document, yaml::Error> {
    read_where(Holds::Last, file, text)
}

/// Reads a config.yml, as it would be with the other one of a key's values.
pub fn read_where(holds: Holds, file: FileId, text: &str) -> Result<Document, yaml::Error> {
    let root = yaml::read(text)?;
    let mut reader = Reader {
        holds,
        file,
        text,
        duplicates: Vec::new(),
        misread: Vec::new(),
    };
    let at = reader.origin(&root);
    let map = match reader.value(root, "").data {
        Data::Map(map) => map,
        Data::Null
        | Data::Boolean(_)
        | Data::Integer(_)
        | Data::Decimal(_)
        | Data::Text(_)
        | Data::List(_) => Map::default(),
    };
    Ok(Document {
        map,
        at,
        duplicates: reader.duplicates,
        misread: reader.misread,
    })
}

/// Whether a key names the mode of a file, which everybody writes in octal digits.
fn is_mode(key: &str) -> bool {
    ["mode", "permissions", "umask"]
        .iter()
        .any(|word| key.ends_with(word))
}

struct Reader<'t> {
    holds: Holds,
    file: FileId,
    text: &'t str,
    duplicates: Vec<(Span, Span, String)>,
    misread: Vec<Misread>,
}

impl Reader<'_> {
    fn span(&self, node: &Node) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: offset(node.at.start),
            end: offset(node.at.end),
        }
    }

    fn origin(&self, node: &Node) -> Origin {
        Origin::Written(self.span(node))
    }

    /// A value below a key.
    fn value(&mut self, node: Node, key: &str) -> Value {
        let origin = self.origin(&node);
        self.compare(&node, key);
        let data = match node.data {
            node::Data::Null => Data::Null,
            node::Data::Boolean(boolean) => Data::Boolean(boolean),
            node::Data::Integer(integer) => Data::Integer(integer),
            node::Data::Decimal(decimal) => Data::Decimal(decimal),
            node::Data::Text(text) => Data::Text(text),
            node::Data::List(items) => Data::List(
                items
                    .into_iter()
                    .map(|item| self.value(item, key))
                    .collect(),
            ),
            node::Data::Map(entries) => Data::Map(self.map(entries, &node.at)),
        };
        Value::new(data, origin)
    }

    /// Notes a number that is not the one that people read.
    fn compare(&mut self, node: &Node, key: &str) {
        let read = match node.data {
            node::Data::Integer(integer) => integer.to_string(),
            node::Data::Decimal(decimal) => decimal.to_string(),
            node::Data::Null
            | node::Data::Boolean(_)
            | node::Data::Text(_)
            | node::Data::List(_)
            | node::Data::Map(_) => return,
        };
        let written = self.text.get(node.at.clone()).unwrap_or_default();
        let digits = written.trim_start_matches(['-', '+']).replace('_', "");
        let is_sexagesimal = digits.contains(':') && !digits.contains(['\'', '"']);
        let is_octal = digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.trim_start_matches('0') != read.trim_start_matches('-')
            && read != "0"
            && !is_mode(key);
        let at = self.span(node);
        if (is_sexagesimal || is_octal) && self.misread.iter().all(|known| known.at != at) {
            self.misread.push(Misread {
                at,
                written: written.to_owned(),
                read,
                is_sexagesimal,
            });
        }
    }

    fn map(&mut self, entries: Vec<(Node, Node)>, within: &Range<usize>) -> Map {
        let mut map = Map::default();
        let mut places: Vec<(Key, Span)> = Vec::new();
        for (key, value) in entries {
            let at = self.span(&key);
            // What a merge key brings in stands elsewhere, and may be overridden.
            let is_own = within.start <= key.at.start && key.at.end <= within.end;
            let key = match key.data {
                node::Data::Integer(integer) => Key::Integer(integer),
                node::Data::Text(text) => Key::Text(text),
                node::Data::Boolean(boolean) => Key::Text(boolean.to_string()),
                node::Data::Decimal(decimal) => Key::Text(decimal.to_string()),
                node::Data::Null | node::Data::List(_) | node::Data::Map(_) => continue,
            };
            let mut own = places.iter().filter(|_| is_own);
            let first = own.find(|(known, _)| *known == key).map(|(_, at)| *at);
            if let Some(first) = first {
                self.duplicates.push((at, first, key.to_string()));
            }
            if is_own {
                places.push((key.clone(), at));
            }
            let name = match &key {
                Key::Text(text) => text.clone(),
                Key::Integer(_) => String::new(),
            };
            let value = self.value(value, &name);
            if first.is_some() && self.holds == Holds::First {
                continue;
            }
            map.set_at(key, at, value);
        }
        map
    }
}
