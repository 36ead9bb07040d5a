//! Statements `allow RULE "reason" [until DATE]`, with what they cover. The linter reads them; nothing is built of them.

use crate::origin::{Origin, Sourced};
use crate::source::Span;

/// A lint rule that does not apply somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    pub rule: Sourced<String>,
    pub reason: String,
    /// The last day on which it holds, as `2027-06-30`.
    pub until: Option<Sourced<String>>,
    /// The whole statement.
    pub at: Origin,
    pub within: Within,
    /// The bodies of what it is in, each with the word that opens it. What is written in them is covered too.
    pub bodies: Vec<Span>,
}

/// What an `allow` is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// The source itself, outside of every cluster.
    File,
    Cluster,
    /// A location, by its name.
    Location(String),
    /// A machine, by its name.
    Machine(String),
    /// Another block, or a part of a config.yml: only what is written there.
    Block,
}
