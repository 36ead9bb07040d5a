//! The way to a value in the document, for rules that look at every value.

use std::borrow::Cow;
use std::fmt;

use crate::value::Key;

/// The keys to a value. They become a text only where there is something to say.
pub(super) struct Path<'p> {
    before: Option<&'p Path<'p>>,
    key: &'p str,
}

impl<'p> Path<'p> {
    /// The way to what is looked at itself.
    pub(super) const START: Path<'static> = Path {
        before: None,
        key: "",
    };

    pub(super) fn to(&'p self, key: &'p str) -> Path<'p> {
        Path {
            before: Some(self),
            key,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before.filter(|before| before.before.is_some()) {
            write!(formatter, "{before}/")?;
        }
        formatter.write_str(self.key)
    }
}

/// A key as it is written.
pub(super) fn spelling(key: &Key) -> Cow<'_, str> {
    match key {
        Key::Text(text) => Cow::Borrowed(text),
        Key::Integer(integer) => Cow::Owned(integer.to_string()),
    }
}
