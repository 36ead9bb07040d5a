//! Which TPA a cluster is for: its own `tpa`, or what the run asks for.

use super::{Resolver, errors};
use crate::facts::tpa::{Target, TpaVersion};
use crate::model::Block;
use crate::origin::{Origin, Sourced};

/// The TPA that a cluster names.
fn written(cluster: &Block) -> Option<Sourced<TpaVersion>> {
    let text = cluster.text("tpa")?;
    let version = TpaVersion::parse(text.value).ok()?;
    Some(Sourced::new(version, text.origin))
}

/// The TPA that a cluster names, where the run asks for another one instead.
pub(super) fn made_for(cluster: &Block, target: Target) -> Option<TpaVersion> {
    match target {
        Target::Instead(_) => Some(written(cluster)?.value),
        Target::Otherwise(_) | Target::Only(_) => None,
    }
}

impl Resolver<'_> {
    /// The TPA of a cluster.
    pub(super) fn tpa(&mut self, cluster: &Block, target: Target) -> Sourced<TpaVersion> {
        let written = written(cluster);
        let of_run = Sourced::new(
            target.version(),
            Origin::Default("the TPA of the run, where the cluster names none"),
        );
        let Some(written) = written else {
            return of_run;
        };
        match target {
            Target::Instead(_) => return of_run,
            Target::Only(asked) if asked != written.value => {
                self.diagnostics.push_at(written.origin, |at| {
                    errors::tpa_conflict(at, written.value, asked)
                });
                return of_run;
            }
            // Whoever asks for it has been told.
            Target::Only(_) => {}
            Target::Otherwise(_) => {
                if written.value.is_newer_than_known() {
                    self.diagnostics
                        .push_at(written.origin, |at| errors::newer_tpa(at, written.value));
                }
            }
        }
        written
    }

    /// Reports the settings of a cluster that its TPA does not have yet.
    pub(super) fn needs_newer_tpa(&mut self, block: &Block, tpa: TpaVersion) {
        for setting in &block.settings {
            if let Some(since) = setting.schema.since.filter(|since| *since > tpa) {
                let key = setting.schema.key;
                self.diagnostics.push_at(setting.at, |at| {
                    errors::needs_newer_tpa(at, key, since, tpa)
                });
            }
        }
        for entry in &block.entries {
            self.needs_newer_tpa(&entry.block, tpa);
        }
    }
}
