//! Which TPA a cluster is for: its own `tpa`, or what the run asks for.

use super::{Resolver, errors};
use crate::facts::tpa::changes::Availability;
use crate::facts::tpa::{Target, TpaVersion};
use crate::model::Block;
use crate::origin::{Origin, Sourced};
use crate::source::Span;

/// The TPA of a cluster, and who says so.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) version: TpaVersion,
    pub(super) by: By,
    /// The one that the cluster names itself, where the run asks for another one instead.
    pub(super) made_for: Option<TpaVersion>,
}

#[derive(Clone, Copy)]
pub(super) enum By {
    /// The cluster, here.
    Cluster(Span),
    /// The settings of m1c, or nobody.
    Settings,
    /// Whoever runs m1c.
    Run,
}

impl Resolver<'_> {
    pub(super) fn tpa(&mut self, cluster: &Block, target: Target) -> Chosen {
        let named = named(cluster);
        let (version, by) = match (target, named) {
            (Target::Otherwise(_), Some(named)) => {
                let (version, at) = (named.value, named.origin);
                if version.is_newer_than_known() {
                    self.diagnostics
                        .push_at(at, |at| errors::newer_tpa(at, version));
                }
                (version, By::Cluster(at.place()))
            }
            (Target::Otherwise(version), None) => (version, By::Settings),
            (Target::Only(asked), named) => {
                if let Some(named) = named.filter(|named| named.value != asked) {
                    self.diagnostics.push_at(named.origin, |at| {
                        errors::tpa_conflict(at, named.value, asked)
                    });
                }
                (asked, By::Run)
            }
            (Target::Instead(asked), _) => (asked, By::Run),
        };
        let is_overruled = matches!(target, Target::Instead(_));
        Chosen {
            version,
            by,
            made_for: named.filter(|_| is_overruled).map(|named| named.value),
        }
    }

    /// Reports the settings of a cluster that its TPA does not have yet.
    pub(super) fn needs_newer_tpa(&mut self, block: &Block, tpa: Chosen) {
        for setting in &block.settings {
            if let Some(since) = setting.schema.since.filter(|since| *since > tpa.version) {
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

    /// Reports a release, image or region that the TPA of a cluster does not have yet.
    pub(super) fn not_yet(
        &mut self,
        at: Origin,
        what: &str,
        availability: Availability,
        tpa: Chosen,
    ) {
        if let Availability::NotYet(since) = availability {
            self.diagnostics
                .push_at(at, |at| errors::not_yet(at, what, since, tpa));
        }
    }
}

/// The TPA that a cluster names.
fn named(cluster: &Block) -> Option<Sourced<TpaVersion>> {
    let text = cluster.text("tpa")?;
    let version = TpaVersion::parse(text.value).ok()?;
    Some(Sourced::new(version, text.origin))
}
