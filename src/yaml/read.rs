//! Text becomes a document, as PyYAML's safe loader reads it: YAML 1.1, with merge keys and anchors.
//!
//! Nesting and the number of values are bounded, so that no text takes long or much memory.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events may get new kinds, which are not values"
)]

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::node::{Data, Node};
use super::resolve::{self, Plain};

/// How deep lists and maps may nest.
const MAXIMUM_DEPTH: usize = 128;

/// How many values a document may come to, each alias counted with all that it stands for.
const MAXIMUM_VALUES: usize = 1_000_000;

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub message: String,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

/// Reads the one document of a text; an empty text is null.
pub fn read(text: &str) -> Result<Node, Error> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        anchors: HashMap::new(),
        values: 0,
    };
    let mut document = None;
    while let Some((event, span)) = reader.next()? {
        match event {
            Event::StreamStart
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::StreamEnd => {}
            _ if document.is_some() => {
                return Err(error("a second document", span.start));
            }
            event => document = Some(reader.node(event, &span, 0)?),
        }
    }
    Ok(document.unwrap_or(Node {
        data: Data::Null,
        at: 0..0,
    }))
}

struct Reader<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    /// What anchors stand for, and of how many values that consists.
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
}

impl<'t> Reader<'t> {
    /// The next event that is not a comment.
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Error> {
        loop {
            match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok(event)) => return Ok(Some(event)),
                Some(Err(failure)) => {
                    let message = failure.info().to_lowercase();
                    return Err(error(&message, *failure.marker()));
                }
            }
        }
    }

    /// The next event, where the document cannot be at its end.
    fn expect(&mut self, at: Marker) -> Result<(Event<'t>, Span), Error> {
        match self.next()? {
            Some(event) => Ok(event),
            None => Err(error("the document ends too early", at)),
        }
    }

    fn node(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Result<Node, Error> {
        if depth > MAXIMUM_DEPTH {
            return Err(error(
                &format!("nested more than {MAXIMUM_DEPTH} deep"),
                span.start,
            ));
        }
        let before = self.values;
        self.count(1, span)?;
        let (data, anchor, end) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain;
                (scalar(&text, is_plain, tag.as_deref()), anchor, span.end)
            }
            Event::SequenceStart(_, anchor, _) => {
                let (items, end) = self.list(span, depth)?;
                (Data::List(items), anchor, end)
            }
            Event::MappingStart(_, anchor, _) => {
                let (entries, end) = self.map(span, depth)?;
                (Data::Map(entries), anchor, end)
            }
            Event::Alias(anchor) => {
                let Some((node, values)) = self.anchors.get(&anchor).cloned() else {
                    return Err(error("an alias within what it stands for", span.start));
                };
                self.count(values, span)?;
                return Ok(Node {
                    at: range(span.start, span.end),
                    ..node
                });
            }
            _ => return Err(error("a value is missing", span.start)),
        };
        let node = Node {
            data,
            at: range(span.start, end),
        };
        if anchor > 0 {
            self.anchors
                .insert(anchor, (node.clone(), self.values - before));
        }
        Ok(node)
    }

    fn count(&mut self, values: usize, span: &Span) -> Result<(), Error> {
        self.values = self.values.saturating_add(values);
        if self.values > MAXIMUM_VALUES {
            return Err(error(
                &format!("more than {MAXIMUM_VALUES} values"),
                span.start,
            ));
        }
        Ok(())
    }

    fn list(&mut self, span: &Span, depth: usize) -> Result<(Vec<Node>, Marker), Error> {
        let mut items = Vec::new();
        loop {
            let (event, at) = self.expect(span.start)?;
            if event == Event::SequenceEnd {
                return Ok((items, at.end));
            }
            items.push(self.node(event, &at, depth + 1)?);
        }
    }

    fn map(&mut self, span: &Span, depth: usize) -> Result<(Vec<(Node, Node)>, Marker), Error> {
        let mut merged: Vec<(Node, Node)> = Vec::new();
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, at) = self.expect(span.start)?;
            if event == Event::MappingEnd {
                // What is merged comes first, so that the map's own entries hold.
                merged.extend(entries);
                return Ok((merged, at.end));
            }
            let is_merge =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key = self.node(event, &at, depth + 1)?;
            if matches!(key.data, Data::List(_) | Data::Map(_)) {
                let message = "a list or map as a key; a value that begins with `{{` is in quotes";
                return Err(error(message, at.start));
            }
            let (event, at) = self.expect(at.end)?;
            let value = self.node(event, &at, depth + 1)?;
            if is_merge {
                merged.splice(0..0, merged_entries(value, at.start)?);
            } else {
                entries.push((key, value));
            }
        }
    }
}

/// The entries of the map, or of the maps, after `<<`. Of several maps the first one holds.
fn merged_entries(value: Node, at: Marker) -> Result<Vec<(Node, Node)>, Error> {
    match value.data {
        Data::Map(entries) => Ok(entries),
        Data::List(maps) => {
            let mut merged = Vec::new();
            for map in maps.into_iter().rev() {
                merged.extend(merged_entries(map, at)?);
            }
            Ok(merged)
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            Err(error("`<<` takes a map or a list of maps", at))
        }
    }
}

/// A scalar: a plain one is what it looks like, unless its tag says that it is text.
fn scalar(text: &str, is_plain: bool, tag: Option<&Tag>) -> Data {
    let tag = tag.map(|tag| tag.core_suffix().unwrap_or(""));
    let looks = match tag {
        None if is_plain => resolve::plain(text),
        Some("null" | "bool" | "int" | "float") => resolve::plain(text),
        None | Some(_) => Plain::Text,
    };
    match looks {
        Plain::Null => Data::Null,
        Plain::Boolean(boolean) => Data::Boolean(boolean),
        Plain::Integer(integer) => Data::Integer(integer),
        Plain::Decimal(decimal) => Data::Decimal(decimal),
        Plain::Other | Plain::Text => Data::Text(text.to_owned()),
    }
}

fn range(start: Marker, end: Marker) -> Range<usize> {
    let start = start.byte_offset().unwrap_or(0);
    start..end.byte_offset().unwrap_or(start).max(start)
}

fn error(message: &str, at: Marker) -> Error {
    Error {
        message: message.to_owned(),
        line: at.line(),
        column: at.col() + 1,
    }
}
