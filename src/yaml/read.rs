//! Text becomes a document, as PyYAML's safe loader reads it: YAML 1.1, with merge keys and anchors.
//!
//! Nesting and the number of values are bounded, so that no text takes long or much memory.

mod block;
mod construct;
mod flow;

use std::collections::HashMap;

use super::error::Error;
use super::node::{Data, Node};
use super::scan::{Kind, Mark, Scanner, Token};
use construct::{Built, Meaning, Tag};

/// How deep lists and maps may nest.
const MAXIMUM_DEPTH: usize = 128;

/// How many values a document may come to, each alias counted with all that it stands for.
const MAXIMUM_VALUES: usize = 1_000_000;

const QUOTES: &str = "fix the YAML; values with `:`, `#`, `{` or `%` in some positions need quotes";

/// Reads the one document of a text; an empty text is null.
pub fn read(text: &str) -> Result<Node, Error> {
    let mut reader = Reader {
        scanner: Scanner::new(text)?,
        anchors: HashMap::new(),
        handles: HashMap::new(),
        values: 0,
    };
    reader.document()
}

struct Reader<'t> {
    scanner: Scanner<'t>,
    /// What anchors stand for, and of how many values that consists; nothing while it is being read.
    anchors: HashMap<&'t str, Option<(Built, usize)>>,
    /// What the handles of tags stand for, where a directive says so.
    handles: HashMap<String, String>,
    values: usize,
}

/// What may be before a value.
struct Properties<'t> {
    anchor: Option<(&'t str, Mark)>,
    tag: Option<Tag>,
}

/// Items of a list, and where they end.
type Items = (Vec<Built>, usize);

/// Entries of a map, and where they end.
type Entries = (Vec<(Built, Built)>, usize);

/// What a value is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Flow,
    Block,
    /// The value of a block map, where a list may begin at the column of its key.
    BlockMap,
}

impl<'t> Reader<'t> {
    fn next_is(&mut self, is: fn(&Kind<'t>) -> bool) -> Result<bool, Error> {
        Ok(is(&self.scanner.peek_token()?.kind))
    }

    fn mark(&mut self) -> Result<Mark, Error> {
        Ok(self.scanner.peek_token()?.start)
    }

    fn document(&mut self) -> Result<Node, Error> {
        let mut root = None;
        let mut is_implicit = !self.next_is(|kind| {
            matches!(
                kind,
                Kind::YamlDirective { .. }
                    | Kind::TagDirective { .. }
                    | Kind::OtherDirective
                    | Kind::DocumentStart
                    | Kind::StreamEnd
            )
        })?;
        loop {
            if !is_implicit {
                while self.next_is(|kind| *kind == Kind::DocumentEnd)? {
                    self.scanner.take_token()?;
                }
            }
            if self.next_is(|kind| *kind == Kind::StreamEnd)? {
                break;
            }
            if root.is_some() {
                return Err(self
                    .mark()?
                    .error("a second document", "remove it: TPA reads one"));
            }
            root = Some(self.content(is_implicit)?);
            is_implicit = false;
        }
        Ok(match root {
            Some(Built { node, .. }) => node,
            None => Node {
                data: Data::Null,
                at: 0..0,
            },
        })
    }

    /// A document with its directives, up to its end.
    fn content(&mut self, is_implicit: bool) -> Result<Built, Error> {
        let mut is_empty = false;
        if !is_implicit {
            self.directives()?;
            if !self.next_is(|kind| *kind == Kind::DocumentStart)? {
                return Err(self
                    .mark()?
                    .error("text after the end of the document", QUOTES));
            }
            self.scanner.take_token()?;
            is_empty = self.next_is(|kind| {
                matches!(
                    kind,
                    Kind::YamlDirective { .. }
                        | Kind::TagDirective { .. }
                        | Kind::OtherDirective
                        | Kind::DocumentStart
                        | Kind::DocumentEnd
                        | Kind::StreamEnd
                )
            })?;
        }
        let root = if is_empty {
            self.empty(None)?
        } else {
            self.node(Around::Block, 0)?
        };
        let root = root.into_value()?;
        if self.next_is(|kind| *kind == Kind::DocumentEnd)? {
            self.scanner.take_token()?;
        }
        Ok(root)
    }

    fn directives(&mut self) -> Result<(), Error> {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek_token()?.clone();
            let bad = |message| Err(token.start.error(message, "remove the line"));
            match token.kind {
                Kind::YamlDirective { major } => {
                    if has_version {
                        return bad("a second `%YAML`");
                    }
                    if major.trim_start_matches('0') != "1" {
                        return bad("a version of YAML other than 1");
                    }
                    has_version = true;
                }
                Kind::TagDirective { handle, prefix } => {
                    if self.handles.insert(handle, prefix).is_some() {
                        return bad("a second `%TAG` for this handle");
                    }
                }
                Kind::OtherDirective => {}
                Kind::StreamEnd
                | Kind::DocumentStart
                | Kind::DocumentEnd
                | Kind::BlockSequenceStart
                | Kind::BlockMappingStart
                | Kind::BlockEnd
                | Kind::FlowSequenceStart
                | Kind::FlowSequenceEnd
                | Kind::FlowMappingStart
                | Kind::FlowMappingEnd
                | Kind::BlockEntry
                | Kind::FlowEntry
                | Kind::Key
                | Kind::Value
                | Kind::Alias(_)
                | Kind::Anchor(_)
                | Kind::Tag { .. }
                | Kind::Scalar { .. } => return Ok(()),
            }
            self.scanner.take_token()?;
        }
    }

    /// A value that nobody wrote, before the next token.
    fn empty(&mut self, at: Option<Mark>) -> Result<Built, Error> {
        let at = match at {
            Some(at) => at,
            None => self.mark()?,
        };
        self.count(1, at)?;
        Ok(Built {
            node: Node {
                data: Data::Null,
                at: at.offset..at.offset,
            },
            meaning: Meaning::Value,
            mark: at,
            refused: None,
        })
    }

    fn node(&mut self, around: Around, depth: usize) -> Result<Built, Error> {
        let start = self.mark()?;
        if depth > MAXIMUM_DEPTH {
            return Err(start.error(format!("nested more than {MAXIMUM_DEPTH} deep"), QUOTES));
        }
        if let Kind::Alias(name) = self.scanner.peek_token()?.kind {
            let token = self.scanner.take_token()?;
            return self.alias(name, &token);
        }
        let before = self.values;
        let Properties { anchor, tag } = self.properties()?;
        if let Some((name, at)) = anchor
            && self.anchors.insert(name, None).is_some()
        {
            return Err(at.error(
                format!("`&{name}` is already the name of another value"),
                "give each anchor a name of its own",
            ));
        }
        let built = self.untitled(around, depth, tag.as_ref(), anchor.is_some())?;
        if let Some((name, _)) = anchor {
            let values = self.values - before;
            self.anchors.insert(name, Some((built.clone(), values)));
        }
        Ok(built)
    }

    fn alias(&mut self, name: &str, token: &Token<'t>) -> Result<Built, Error> {
        let (built, values) = match self.anchors.get(name) {
            Some(Some(known)) => known.clone(),
            Some(None) => {
                return Err(token
                    .start
                    .error("an alias within what it stands for", "write the value"));
            }
            None => {
                return Err(token.start.error(
                    format!("`*{name}` stands for nothing: there is no `&{name}` before it"),
                    "put the value in quotes if the `*` belongs to it",
                ));
            }
        };
        self.count(values, token.start)?;
        Ok(Built {
            node: Node {
                at: token.start.offset..token.end.offset,
                ..built.node
            },
            mark: token.start,
            ..built
        })
    }

    /// An anchor and a tag, in any order.
    fn properties(&mut self) -> Result<Properties<'t>, Error> {
        let mut properties = Properties {
            anchor: None,
            tag: None,
        };
        loop {
            let token = self.scanner.peek_token()?;
            if let Kind::Anchor(name) = token.kind
                && properties.anchor.is_none()
            {
                properties.anchor = Some((name, token.start));
                self.scanner.take_token()?;
            } else if matches!(token.kind, Kind::Tag { .. }) && properties.tag.is_none() {
                let token = self.scanner.take_token()?;
                if let Kind::Tag { handle, suffix } = token.kind {
                    properties.tag = Some(self.tag(handle, suffix, token.start)?);
                }
            } else {
                return Ok(properties);
            }
        }
    }

    fn tag(&self, handle: Option<String>, suffix: String, at: Mark) -> Result<Tag, Error> {
        let Some(handle) = handle else {
            return Ok(Tag { name: suffix, at });
        };
        let prefix = match (self.handles.get(&handle), handle.as_str()) {
            (Some(prefix), _) => prefix.as_str(),
            (None, "!") => "!",
            (None, "!!") => construct::YAML,
            (None, _) => {
                return Err(at.error(
                    format!("the tag `{handle}{suffix}` has a handle that stands for nothing"),
                    construct::NO_TAGS,
                ));
            }
        };
        Ok(Tag {
            name: format!("{prefix}{suffix}"),
            at,
        })
    }

    /// What is behind an anchor and a tag.
    fn untitled(
        &mut self,
        around: Around,
        depth: usize,
        tag: Option<&Tag>,
        has_anchor: bool,
    ) -> Result<Built, Error> {
        let in_block = around != Around::Flow;
        let token = self.scanner.peek_token()?;
        let at = token.start;
        let kind = &token.kind;
        if matches!(kind, Kind::Scalar { .. }) {
            return self.scalar(tag);
        }
        if *kind == Kind::FlowSequenceStart {
            return self.list(tag, at, depth, Reader::flow_items);
        }
        if *kind == Kind::FlowMappingStart {
            return self.map(tag, at, depth, Reader::flow_entries);
        }
        if *kind == Kind::BlockSequenceStart && in_block {
            return self.list(tag, at, depth, Reader::block_items);
        }
        if *kind == Kind::BlockMappingStart && in_block {
            return self.map(tag, at, depth, Reader::block_entries);
        }
        if *kind == Kind::BlockEntry && around == Around::BlockMap {
            return self.list(tag, at, depth, Reader::indentless_items);
        }
        if tag.is_none() && !has_anchor {
            return Err(at.error(unexpected(kind), QUOTES));
        }
        let mut built = self.empty(None)?;
        (built.node.data, built.meaning) = construct::scalar("", true, tag, built.mark)?;
        Ok(built)
    }

    fn scalar(&mut self, tag: Option<&Tag>) -> Result<Built, Error> {
        let token = self.scanner.take_token()?;
        let mark = token.start;
        self.count(1, mark)?;
        let Kind::Scalar { text, is_plain } = token.kind else {
            return Err(mark.error(unexpected(&token.kind), QUOTES));
        };
        let (data, meaning) = construct::scalar(&text, is_plain, tag, mark)?;
        Ok(Built {
            node: Node {
                data,
                at: mark.offset..token.end.offset,
            },
            meaning,
            mark,
            refused: None,
        })
    }

    fn count(&mut self, values: usize, at: Mark) -> Result<(), Error> {
        self.values = self.values.saturating_add(values);
        if self.values > MAXIMUM_VALUES {
            return Err(at.error(format!("more than {MAXIMUM_VALUES} values"), QUOTES));
        }
        Ok(())
    }

    fn list(
        &mut self,
        tag: Option<&Tag>,
        at: Mark,
        depth: usize,
        items: fn(&mut Reader<'t>, usize) -> Result<Items, Error>,
    ) -> Result<Built, Error> {
        self.count(1, at)?;
        let (items, end) = items(self, depth)?;
        construct::check_list(tag, &items)?;
        let items: Result<Vec<Node>, Error> = items
            .into_iter()
            .map(|item| item.into_value().map(|item| item.node))
            .collect();
        Ok(Built {
            node: Node {
                data: Data::List(items?),
                at: at.offset..end,
            },
            meaning: Meaning::Value,
            mark: at,
            refused: None,
        })
    }

    fn map(
        &mut self,
        tag: Option<&Tag>,
        at: Mark,
        depth: usize,
        entries: fn(&mut Reader<'t>, usize) -> Result<Entries, Error>,
    ) -> Result<Built, Error> {
        self.count(1, at)?;
        let (entries, end) = entries(self, depth)?;
        let refused = construct::check_map(tag).err().map(Box::new);
        Ok(Built {
            node: Node {
                data: Data::Map(construct::entries(entries)?),
                at: at.offset..end,
            },
            meaning: Meaning::Value,
            mark: at,
            refused,
        })
    }
}

/// Words for a token where a value is expected.
fn unexpected(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::FlowEntry => "a `,` where a value is expected",
        Kind::FlowSequenceEnd => "a `]` where a value is expected",
        Kind::FlowMappingEnd => "a `}` where a value is expected",
        Kind::BlockEntry => "an item of a list where a value is expected",
        Kind::Key | Kind::Value => "a key where a value is expected",
        Kind::StreamEnd | Kind::DocumentStart | Kind::DocumentEnd => {
            "the end of the document where a value is expected"
        }
        Kind::YamlDirective { .. }
        | Kind::TagDirective { .. }
        | Kind::OtherDirective
        | Kind::BlockSequenceStart
        | Kind::BlockMappingStart
        | Kind::BlockEnd
        | Kind::FlowSequenceStart
        | Kind::FlowMappingStart
        | Kind::Alias(_)
        | Kind::Anchor(_)
        | Kind::Tag { .. }
        | Kind::Scalar { .. } => "a value is expected here",
    }
}
