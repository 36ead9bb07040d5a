//! Whether statements belong to what the cluster has chosen: its platform, flavour, failover manager and tools.

use super::{Resolver, errors};
use crate::facts::tables::Platform;
use crate::model::{Block, Entry};
use crate::origin::Origin;

/// What is chosen, and where.
#[derive(Clone, Copy)]
struct Choice<'b> {
    word: &'b str,
    at: Origin,
}

impl Resolver<'_> {
    /// Reports the statements of a cluster that do not apply to its choices.
    pub(super) fn applies(&mut self, cluster: &Block) {
        let platform = cluster.entry("platform").and_then(choice);
        self.block_applies(cluster, platform, None);
        self.free_form(cluster);
    }

    fn block_applies(
        &mut self,
        block: &Block,
        platform: Option<Choice<'_>>,
        owner: Option<Choice<'_>>,
    ) {
        for setting in &block.settings {
            let schema = setting.schema;
            self.statement_applies(schema.key, schema.only, setting.at, platform, owner);
        }
        for entry in &block.entries {
            let schema = entry.schema;
            self.statement_applies(schema.word, schema.only, entry.at, platform, owner);
            let owner = choice(entry).filter(|_| entry.schema.word != "platform");
            let machine = Choice {
                word: entry.schema.word,
                at: entry.at,
            };
            let is_machine = entry.block.schema.name == "machine";
            let owner = if is_machine { Some(machine) } else { owner };
            self.block_applies(&entry.block, platform, owner);
        }
    }

    fn statement_applies(
        &mut self,
        word: &str,
        only: &'static [&'static str],
        at: Origin,
        platform: Option<Choice<'_>>,
        owner: Option<Choice<'_>>,
    ) {
        let of_platform = only.iter().any(|only| {
            Platform::ALL
                .iter()
                .any(|platform| platform.name() == *only)
        });
        let chosen = if of_platform { platform } else { owner };
        if let Some(chosen) = chosen
            && !only.is_empty()
            && !only.contains(&chosen.word)
        {
            self.diagnostics.push_at(at, |at| {
                errors::not_applicable(at, word, only, chosen.word, chosen.at.place())
            });
        }
    }
}

/// The first label of an entry, where it is one of a fixed set.
fn choice(entry: &Entry) -> Option<Choice<'_>> {
    let label = entry.labels.first().filter(|_| !entry.broken)?;
    Some(Choice {
        word: label.as_text()?,
        at: label.origin,
    })
}
