//! Statements `require WHAT [LOCATION] { … }`: what must hold of a cluster. They are judged by playing failures; nothing is
//! built of them.

use crate::origin::{Origin, Sourced};

pub use crate::facts::choices::Required;

#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    pub what: Required,
    /// The one location whose loss must be survived; any, where none is named.
    pub location: Option<Sourced<String>>,
    /// Whether writes must go on without a person.
    pub automatically: bool,
    /// Whether every commit that a client was told of must be kept.
    pub with_data: bool,
    /// The most seconds that writes may be away.
    pub within: Option<Sourced<i64>>,
    /// Whether a lost primary counts that takes writes again when its machine boots.
    pub on_return: bool,
    /// The whole statement, without its block.
    pub at: Origin,
}
