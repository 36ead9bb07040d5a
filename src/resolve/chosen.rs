//! What the cluster or profile around a place chooses, for messages about it: read from the tree, before anything is merged.

use super::errors::describe::{name_of, spelling};
use crate::facts::choices::{FailoverManager, Platform};
use crate::source::Span;
use crate::syntax::tree::{Entry, Node, Statement, Tree};

#[derive(Default)]
pub(super) struct Chosen {
    pub(super) platform: Option<Platform>,
    pub(super) failover: Option<FailoverManager>,
}

impl Chosen {
    /// Whether what is only for some may be here, as far as that is known.
    pub(super) fn takes(&self, only: &[&str]) -> bool {
        self.against(only).is_none()
    }

    /// The choice that excludes what is only for some.
    pub(super) fn against(&self, only: &[&str]) -> Option<&'static str> {
        let platform = self.platform.map(Platform::name);
        let of_platform = only.iter().any(|word| Platform::parse(word).is_some());
        let failover = self.failover.map(FailoverManager::name);
        let of_failover = only
            .iter()
            .any(|word| FailoverManager::parse(word).is_some());
        let platform = platform.filter(|chosen| of_platform && !only.contains(chosen));
        platform.or(failover.filter(|chosen| of_failover && !only.contains(chosen)))
    }
}

/// What is chosen around a place.
pub(super) fn around(tree: &Tree, at: Span) -> Chosen {
    let holds = |statement: &&Statement| {
        let span = statement.span;
        span.file == at.file && span.start <= at.start && at.end <= span.end
    };
    let Some(Statement {
        node: Node::Entry(Entry {
            block: Some(block), ..
        }),
        ..
    }) = tree.body.statements.iter().find(holds)
    else {
        return Chosen::default();
    };
    let label = |word: &str| {
        block
            .body
            .statements
            .iter()
            .find_map(|statement| match &statement.node {
                Node::Entry(entry) if name_of(&entry.word) == word => {
                    entry.labels.first().map(spelling)
                }
                Node::Entry(_)
                | Node::Attribute(_)
                | Node::Binding(_)
                | Node::Conditional(_)
                | Node::Junk => None,
            })
    };
    Chosen {
        platform: label("platform").and_then(|word| Platform::parse(&word)),
        failover: label("failover").and_then(|word| FailoverManager::parse(&word)),
    }
}
