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
}

/// Reads a config.yml.
pub fn read(file: FileId, text: &str) -> Result<Document, yaml::Error> {
    let root = yaml::read(text)?;
    let mut reader = Reader {
        file,
        duplicates: Vec::new(),
    };
    let at = reader.origin(&root);
    let map = match reader.value(root).data {
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
    })
}

struct Reader {
    file: FileId,
    duplicates: Vec<(Span, Span, String)>,
}

impl Reader {
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

    fn value(&mut self, node: Node) -> Value {
        let origin = self.origin(&node);
        let data = match node.data {
            node::Data::Null => Data::Null,
            node::Data::Boolean(boolean) => Data::Boolean(boolean),
            node::Data::Integer(integer) => Data::Integer(integer),
            node::Data::Decimal(decimal) => Data::Decimal(decimal),
            node::Data::Text(text) => Data::Text(text),
            node::Data::List(items) => {
                Data::List(items.into_iter().map(|item| self.value(item)).collect())
            }
            node::Data::Map(entries) => Data::Map(self.map(entries, &node.at)),
        };
        Value::new(data, origin)
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
            let twice = places.iter().find(|(known, _)| *known == key);
            if let Some((known, first)) = twice.filter(|_| is_own) {
                let name = match known {
                    Key::Text(text) => text.clone(),
                    Key::Integer(integer) => integer.to_string(),
                };
                self.duplicates.push((at, *first, name));
            }
            if is_own {
                places.push((key.clone(), at));
            }
            let value = self.value(value);
            map.set_at(key, at, value);
        }
        map
    }
}
