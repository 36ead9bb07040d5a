//! Collections that their indentation tells.

use super::construct::Built;
use super::{Around, Entries, Items, QUOTES, Reader};
use crate::yaml::error::Error;
use crate::yaml::scan::Kind;

impl<'t> Reader<'t> {
    /// The items behind each `-`. Ends behind the last one.
    pub(super) fn block_items(&mut self, depth: usize) -> Result<Items, Error> {
        self.scanner.take_token()?;
        let (items, end) = self.items(depth, |kind| {
            matches!(kind, Kind::BlockEntry | Kind::BlockEnd)
        })?;
        self.block_end(
            "an item of this list is not indented as the others",
            "begin each `-` of the list in the same column",
        )?;
        Ok((items, end))
    }

    pub(super) fn indentless_items(&mut self, depth: usize) -> Result<Items, Error> {
        self.items(depth, |kind| {
            matches!(
                kind,
                Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd
            )
        })
    }

    fn items(&mut self, depth: usize, is_empty: fn(&Kind<'t>) -> bool) -> Result<Items, Error> {
        let mut items = Vec::new();
        let mut end = self.mark()?.offset;
        while self.next_is(|kind| *kind == Kind::BlockEntry)? {
            let entry = self.scanner.take_token()?;
            let item = if self.next_is(is_empty)? {
                self.empty(Some(entry.end))?
            } else {
                self.node(Around::Block, depth + 1)?
            };
            end = item.node.at.end.max(entry.end.offset);
            items.push(item);
        }
        Ok((items, end))
    }

    fn block_end(&mut self, message: &str, help: &'static str) -> Result<(), Error> {
        let token = self.scanner.take_token()?;
        if token.kind == Kind::BlockEnd {
            return Ok(());
        }
        let is_value = matches!(
            token.kind,
            Kind::Scalar { .. } | Kind::Anchor(_) | Kind::Alias(_) | Kind::Tag { .. }
        );
        let (message, help) = if is_value {
            ("text after a value that is complete", QUOTES)
        } else {
            (message, help)
        };
        Err(token.start.error(message, help))
    }

    pub(super) fn block_entries(&mut self, depth: usize) -> Result<Entries, Error> {
        self.scanner.take_token()?;
        let mut entries = Vec::new();
        let mut end = self.mark()?.offset;
        let is_empty: fn(&Kind<'t>) -> bool =
            |kind| matches!(kind, Kind::Key | Kind::Value | Kind::BlockEnd);
        while self.next_is(|kind| matches!(kind, Kind::Key))? {
            let start = self.scanner.take_token()?.end;
            let key = if self.next_is(is_empty)? {
                self.empty(Some(start))?
            } else {
                self.node(Around::BlockMap, depth + 1)?
            };
            end = key.node.at.end;
            let value = self.block_value(depth, is_empty, &mut end)?;
            entries.push((key, value));
        }
        self.block_end(
            "this line is not indented as the keys before it",
            "begin it in the column of the other keys of its section",
        )?;
        Ok((entries, end))
    }

    fn block_value(
        &mut self,
        depth: usize,
        is_empty: fn(&Kind<'t>) -> bool,
        end: &mut usize,
    ) -> Result<Built, Error> {
        if !self.next_is(|kind| *kind == Kind::Value)? {
            return self.empty(None);
        }
        let colon = self.scanner.take_token()?.end;
        *end = colon.offset;
        let value = if self.next_is(is_empty)? {
            self.empty(Some(colon))?
        } else {
            self.node(Around::BlockMap, depth + 1)?
        };
        *end = value.node.at.end.max(colon.offset);
        Ok(value)
    }
}
