//! A YAML document with the place of everything in it.

use std::ops::Range;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub data: Data,
    /// In bytes of the text.
    pub at: Range<usize>,
}

/// What a value is, as YAML 1.1 reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    /// Dates and times stay as they are written, and so do integers of more than 64 bits.
    Text(String),
    List(Vec<Node>),
    /// In the order in which they are written; a key may be twice, then the last one holds.
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }
}

impl From<Node> for serde_yaml::Value {
    fn from(node: Node) -> serde_yaml::Value {
        match node.data {
            Data::Null => serde_yaml::Value::Null,
            Data::Boolean(boolean) => boolean.into(),
            Data::Integer(integer) => integer.into(),
            Data::Decimal(decimal) => decimal.into(),
            Data::Text(text) => text.into(),
            Data::List(items) => items
                .into_iter()
                .map(serde_yaml::Value::from)
                .collect::<Vec<_>>()
                .into(),
            Data::Map(entries) => {
                let mut map = serde_yaml::Mapping::new();
                for (key, value) in entries {
                    map.insert(key.into(), value.into());
                }
                serde_yaml::Value::Mapping(map)
            }
        }
    }
}
