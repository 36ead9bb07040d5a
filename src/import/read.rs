//! A config.yml as data, and what of it no source can say.

use crate::origin::Origin;
use crate::source::{FileId, Span};
use crate::value::{Data, Key, Map, Value};
use crate::yaml::{self, Node, node};

/// A config.yml that could be read.
pub(super) struct Document {
    /// Empty where the file is not a map.
    pub(super) map: Map,
    /// Values and keys that a source cannot say.
    pub(super) unsaid: Vec<Unsaid>,
}

/// Something that no source can say, and what it is.
pub(super) struct Unsaid {
    pub(super) at: Span,
    pub(super) what: String,
}

impl Unsaid {
    pub(super) fn new(at: Span, what: impl Into<String>) -> Unsaid {
        Unsaid {
            at,
            what: what.into(),
        }
    }
}

pub(super) fn read(file: FileId, text: &str) -> Result<Document, yaml::Error> {
    let root = yaml::read(text)?;
    let mut reader = Reader {
        file,
        text,
        unsaid: Vec::new(),
    };
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
        unsaid: reader.unsaid,
    })
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    unsaid: Vec<Unsaid>,
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

    fn unsaid(&mut self, node: &Node, what: impl Into<String>) {
        let at = self.span(node);
        self.unsaid.push(Unsaid {
            at,
            what: what.into(),
        });
    }

    fn value(&mut self, node: Node) -> Value {
        let origin = Origin::Written(self.span(&node));
        match &node.data {
            node::Data::Text(text) if self.is_no_text(&node, text) => {
                let what =
                    format!("`{text}` without quotes is a date or a number of more than 64 bits");
                self.unsaid(&node, what);
            }
            node::Data::Decimal(decimal) if !decimal.is_finite() => {
                self.unsaid(&node, "a number that is not finite");
            }
            node::Data::Null
            | node::Data::Boolean(_)
            | node::Data::Integer(_)
            | node::Data::Decimal(_)
            | node::Data::Text(_)
            | node::Data::List(_)
            | node::Data::Map(_) => {}
        }
        let data = match node.data {
            node::Data::Null => Data::Null,
            node::Data::Boolean(boolean) => Data::Boolean(boolean),
            node::Data::Integer(integer) => Data::Integer(integer),
            node::Data::Decimal(decimal) => Data::Decimal(decimal),
            node::Data::Text(text) => Data::Text(text),
            node::Data::List(items) => {
                Data::List(items.into_iter().map(|item| self.value(item)).collect())
            }
            node::Data::Map(entries) => Data::Map(self.map(entries)),
        };
        Value::new(data, origin)
    }

    /// Whether a text is written without quotes and PyYAML takes it for something else, which is kept as text here.
    fn is_no_text(&self, node: &Node, text: &str) -> bool {
        self.text.get(node.at.clone()) == Some(text) && !yaml::is_text(text)
    }

    fn map(&mut self, entries: Vec<(Node, Node)>) -> Map {
        let mut map = Map::default();
        for (key, value) in entries {
            let at = self.span(&key);
            let known = match &key.data {
                node::Data::Integer(integer) => Some(Key::Integer(*integer)),
                node::Data::Text(text) if !self.is_no_text(&key, text) => {
                    Some(Key::Text(text.clone()))
                }
                node::Data::Null
                | node::Data::Boolean(_)
                | node::Data::Decimal(_)
                | node::Data::Text(_)
                | node::Data::List(_)
                | node::Data::Map(_) => None,
            };
            match known {
                Some(known) => {
                    let value = self.value(value);
                    map.set_at(known, at, value);
                }
                None => self.unsaid(&key, "a key that is neither text nor integer"),
            }
        }
        map
    }
}
