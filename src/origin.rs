//! Where a value came from: a place in a source, the library, a default, or a rule.

use crate::source::Span;

/// A value and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub origin: Origin,
}

impl Sourced<&str> {
    pub fn to_owned(self) -> Sourced<String> {
        self.map(str::to_owned)
    }
}

impl<T> Sourced<T> {
    pub fn new(value: T, origin: Origin) -> Sourced<T> {
        Sourced { value, origin }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: change(self.value),
            origin: self.origin,
        }
    }

    pub fn as_ref(&self) -> Sourced<&T> {
        Sourced {
            value: &self.value,
            origin: self.origin,
        }
    }
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody wrote it there.
    Written(Span),
    /// A profile wrote it at `at`; the cluster included that profile at `used`.
    Included { at: Span, used: Span },
    /// Nobody wrote it: it is what holds when nothing is said. The text names the default's rule.
    Default(&'static str),
    /// A rule computed it from what is at `from`; the text names the rule.
    Derived { from: Span, rule: &'static str },
}

impl Origin {
    /// The place in the user's own source to point at.
    pub fn blame(self) -> Span {
        match self {
            Origin::Written(span)
            | Origin::Included { used: span, .. }
            | Origin::Derived { from: span, .. } => span,
            Origin::Default(_) => Span::NONE,
        }
    }

    /// The place where it is written; for a derived value the place that it comes from.
    pub fn place(self) -> Span {
        match self {
            Origin::Written(span)
            | Origin::Included { at: span, .. }
            | Origin::Derived { from: span, .. } => span,
            Origin::Default(_) => Span::NONE,
        }
    }

    /// The origin of the value's key, which is at `at`.
    #[must_use]
    pub fn of_key(self, at: Span) -> Origin {
        match self {
            Origin::Included { used, .. } => Origin::Included { at, used },
            Origin::Written(_) | Origin::Default(_) | Origin::Derived { .. } => Origin::Written(at),
        }
    }

    /// Whether somebody wrote the value, in the cluster or in a profile.
    pub fn is_written(self) -> bool {
        matches!(self, Origin::Written(_) | Origin::Included { .. })
    }
}
