//! Collections in brackets and braces.

use super::construct::{self, Built, Meaning};
use super::{Around, Entries, Items, Reader};
use crate::yaml::error::Error;
use crate::yaml::node::{Data, Node};
use crate::yaml::scan::{Kind, Mark};

impl<'t> Reader<'t> {
    pub(super) fn flow_items(&mut self, depth: usize) -> Result<Items, Error> {
        let open = self.scanner.take_token()?.start;
        let mut items = Vec::new();
        loop {
            if self.next_is(|kind| *kind == Kind::FlowSequenceEnd)? {
                break;
            }
            if !items.is_empty() {
                self.comma(open, "]")?;
            }
            if self.next_is(|kind| *kind == Kind::Key)? {
                items.push(self.pair(depth)?);
            } else if !self.next_is(|kind| *kind == Kind::FlowSequenceEnd)? {
                items.push(self.node(Around::Flow, depth + 1)?);
            }
        }
        Ok((items, self.scanner.take_token()?.end.offset))
    }

    /// A map of one entry in a list: `[a: b]`.
    fn pair(&mut self, depth: usize) -> Result<Built, Error> {
        let start = self.scanner.take_token()?;
        self.count(1, start.start)?;
        let is_empty: fn(&Kind<'t>) -> bool =
            |kind| matches!(kind, Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd);
        let key = self.flow_part(depth + 1, is_empty, start.end)?;
        let value = if self.next_is(|kind| *kind == Kind::Value)? {
            let colon = self.scanner.take_token()?;
            let is_empty: fn(&Kind<'t>) -> bool =
                |kind| matches!(kind, Kind::FlowEntry | Kind::FlowSequenceEnd);
            self.flow_part(depth + 1, is_empty, colon.end)?
        } else {
            self.empty(None)?
        };
        let at = start.start.offset..value.node.at.end;
        Ok(Built {
            node: Node {
                data: Data::Map(construct::entries(vec![(key, value)])?),
                at,
            },
            meaning: Meaning::Value,
            mark: start.start,
            refused: None,
        })
    }

    fn flow_part(
        &mut self,
        depth: usize,
        is_empty: fn(&Kind<'t>) -> bool,
        at: Mark,
    ) -> Result<Built, Error> {
        if self.next_is(is_empty)? {
            self.empty(Some(at))
        } else {
            self.node(Around::Flow, depth)
        }
    }

    /// The comma between two items, before something that closes.
    fn comma(&mut self, open: Mark, close: &str) -> Result<(), Error> {
        if self.next_is(|kind| *kind == Kind::FlowEntry)? {
            self.scanner.take_token()?;
            return Ok(());
        }
        let is_end = self.next_is(|kind| {
            matches!(
                kind,
                Kind::StreamEnd | Kind::DocumentStart | Kind::DocumentEnd
            )
        })?;
        if is_end {
            return Err(open.error(format!("there is no `{close}` for this"), "close it"));
        }
        Err(self.mark()?.error(
            format!("a `,` or `{close}` is expected here"),
            "separate the items with commas; put a value with `:`, `{` or `[` in quotes",
        ))
    }

    pub(super) fn flow_entries(&mut self, depth: usize) -> Result<Entries, Error> {
        let open = self.scanner.take_token()?.start;
        let mut entries = Vec::new();
        loop {
            if self.next_is(|kind| *kind == Kind::FlowMappingEnd)? {
                break;
            }
            if !entries.is_empty() {
                self.comma(open, "}")?;
            }
            let is_empty: fn(&Kind<'t>) -> bool =
                |kind| matches!(kind, Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd);
            if self.next_is(|kind| *kind == Kind::Key)? {
                let start = self.scanner.take_token()?.end;
                let key = self.flow_part(depth + 1, is_empty, start)?;
                let value = if self.next_is(|kind| *kind == Kind::Value)? {
                    let colon = self.scanner.take_token()?.end;
                    let is_empty: fn(&Kind<'t>) -> bool =
                        |kind| matches!(kind, Kind::FlowEntry | Kind::FlowMappingEnd);
                    self.flow_part(depth + 1, is_empty, colon)?
                } else {
                    self.empty(None)?
                };
                entries.push((key, value));
            } else if !self.next_is(|kind| *kind == Kind::FlowMappingEnd)? {
                let key = self.node(Around::Flow, depth + 1)?;
                entries.push((key, self.empty(None)?));
            }
        }
        Ok((entries, self.scanner.take_token()?.end.offset))
    }
}
