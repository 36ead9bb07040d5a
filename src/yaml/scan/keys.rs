//! Keys, which only the `:` behind them tells from values.

use super::{Mark, Scanner};
use crate::yaml::error::Error;

/// A token that becomes a key if a `:` follows it on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleKey {
    /// Which token it is, counted from the first.
    pub(super) token: usize,
    /// Whether nothing but a key can be there.
    pub(super) is_required: bool,
    pub(super) mark: Mark,
}

/// How long a simple key may be.
const LONGEST_KEY: usize = 1024;

impl Scanner<'_> {
    pub(super) fn drop_stale_keys(&mut self) -> Result<(), Error> {
        let mark = self.mark;
        for key in &mut self.keys {
            let is_stale = |key: &SimpleKey| {
                key.mark.line != mark.line || mark.index - key.mark.index > LONGEST_KEY
            };
            if let Some(stale) = key.filter(is_stale) {
                if stale.is_required {
                    return Err(no_colon(stale));
                }
                *key = None;
            }
        }
        Ok(())
    }

    pub(super) fn save_key(&mut self) -> Result<(), Error> {
        let column = isize::try_from(self.mark.column).unwrap_or(isize::MAX);
        let is_required = self.flow_level == 0 && self.indent == column;
        if !self.may_begin_key {
            return Ok(());
        }
        self.drop_key()?;
        let key = SimpleKey {
            token: self.taken + self.tokens.len(),
            is_required,
            mark: self.mark,
        };
        if let Some(place) = self.keys.get_mut(self.flow_level) {
            *place = Some(key);
        }
        Ok(())
    }

    pub(super) fn drop_key(&mut self) -> Result<(), Error> {
        match self.take_key() {
            Some(key) if key.is_required => Err(no_colon(key)),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn take_key(&mut self) -> Option<SimpleKey> {
        self.keys.get_mut(self.flow_level)?.take()
    }
}

fn no_colon(key: SimpleKey) -> Error {
    key.mark.error(
        "a key without its `:`",
        "write `KEY: VALUE`; what goes on in the next line is indented",
    )
}
