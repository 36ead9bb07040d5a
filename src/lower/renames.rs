//! `was` says what a machine or location was called. What the lock has of the old name is that of the new one from then on.

use std::collections::HashMap;

use super::errors;
use super::lock::Draft;
use crate::diagnostic::Diagnostics;
use crate::facts::machines::Kind;
use crate::lock::{self, Forget};
use crate::model::{Block, Cluster, Entry};
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::suggest;

/// What the lock has of a cluster once everything in it has the name that the source gives it; `None` where it has that.
pub(super) fn renamed(
    cluster: &Cluster,
    lock: Option<&lock::Cluster>,
    forget: Forget<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<lock::Cluster> {
    let locations: Vec<&Entry> = whole(cluster.block.entries("location")).collect();
    let machines = locations.iter().flat_map(|location| {
        let entries = whole(location.block.entries.iter());
        entries.filter(|entry| Kind::parse(entry.schema.word).is_some())
    });
    let machines: Vec<&Entry> = machines.collect();
    let mut draft = lock.map(|old| Draft { old, new: None });
    for (of, entries) in [(Of::Location, locations), (Of::Machine, machines)] {
        let here = entries.iter().filter_map(|entry| entry.name(0));
        let here: HashMap<&str, Span> = here.map(|it| (it.value, it.origin.place())).collect();
        let renames = entries.iter().filter(|entry| was(&entry.block).is_some());
        for entry in renames {
            let rename = Rename {
                of,
                entry,
                here: &here,
                may_be_lost: cluster.block.lost,
                forget,
            };
            rename.make(draft.as_mut(), diagnostics);
        }
    }
    draft?.new
}

fn whole<'m>(entries: impl Iterator<Item = &'m Entry>) -> impl Iterator<Item = &'m Entry> {
    entries.filter(|entry| !entry.broken)
}

/// Where `was` is written in a block.
fn was(block: &Block) -> Option<Origin> {
    Some(block.setting("was")?.at)
}

/// What is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Location,
    Machine,
}

impl Of {
    pub(super) fn word(self) -> &'static str {
        match self {
            Of::Location => "location",
            Of::Machine => "machine",
        }
    }

    /// What a name in the lock is, where that is known of a machine.
    fn kind(self, lock: &lock::Cluster, name: &str) -> Option<lock::Kind> {
        match self {
            Of::Location => None,
            Of::Machine => Some(lock.machine(name)?.place?.kind),
        }
    }

    /// Every name in the lock, with where it is and the names that were before it.
    fn lines(self, lock: &lock::Cluster) -> HashMap<&str, (Span, &[String])> {
        match self {
            Of::Location => {
                let lines = lock.locations.iter();
                lines
                    .map(|(name, it)| (name.as_str(), (it.at, it.was.as_slice())))
                    .collect()
            }
            Of::Machine => {
                let lines = lock.machines();
                lines
                    .map(|(name, it)| (name, (it.at, it.was.as_slice())))
                    .collect()
            }
        }
    }

    /// Gives what the lock has of one name to another.
    fn rename(self, lock: &mut lock::Cluster, old: &str, new: &str) {
        match self {
            Of::Location => {
                if let Some(mut location) = lock.locations.remove(old) {
                    location.was.push(old.to_owned());
                    lock.locations.insert(new.to_owned(), location);
                }
            }
            Of::Machine => {
                for location in lock.locations.values_mut() {
                    if let Some(mut machine) = location.machines.remove(old) {
                        machine.was.push(old.to_owned());
                        location.machines.insert(new.to_owned(), machine);
                    }
                }
            }
        }
    }
}

/// A machine or location that had other names.
struct Rename<'r, 'm> {
    of: Of,
    entry: &'m Entry,
    /// The names of all that the source has of its kind.
    here: &'r HashMap<&'m str, Span>,
    /// Whether the source may have something that could not be understood.
    may_be_lost: bool,
    forget: Forget<'r>,
}

impl Rename<'_, '_> {
    fn make(&self, draft: Option<&mut Draft<'_>>, diagnostics: &mut Diagnostics) {
        let Some(name) = self.entry.name(0) else {
            let word = self.entry.schema.word;
            if let Some(at) = was(&self.entry.block) {
                diagnostics.push_at(at, |at| errors::was_without_name(at, word));
            }
            return;
        };
        let (there, gone): (Vec<_>, Vec<_>) = (self.entry.block.names("was").into_iter())
            .partition(|old| self.here.contains_key(old.value));
        for old in there {
            if let Some(other) = self.here.get(old.value).copied() {
                let (of, own) = (self.of, name.value);
                diagnostics.push_at(old.origin, |at| {
                    errors::was_is_there(at, of, own, old.value, other)
                });
            }
        }
        let Some(draft) = draft else { return };
        for old in &gone {
            let lines = self.of.lines(draft.lock());
            let Some((line, _)) = lines.get(old.value).copied() else {
                continue;
            };
            if let Some(kind) = self.other_kind(draft.lock(), old.value) {
                let word = self.entry.schema.word;
                diagnostics.push_at(old.origin, |at| {
                    errors::was_other_kind(at, (name.value, word), (old.value, kind.word()), line)
                });
                return;
            }
            match lines.get(name.value) {
                Some((own, _)) => {
                    let (lines, forget) = ((*own, line), self.forget.at(*own));
                    diagnostics.push_at(old.origin, |at| {
                        errors::was_beside(at, name.value, old.value, lines, &forget)
                    });
                    return;
                }
                None => self.of.rename(draft.edit(), old.value, name.value),
            }
        }
        if !self.may_be_lost {
            for old in gone {
                self.check(draft.lock(), name.value, old, diagnostics);
            }
        }
    }

    /// The kind of a machine of the lock, where this one cannot be of it: only a `node` may have any role.
    fn other_kind(&self, lock: &lock::Cluster, old: &str) -> Option<lock::Kind> {
        let own = Kind::parse(self.entry.schema.word)?.locked();
        let kind = self.of.kind(lock, old)?;
        let may_be_one = own == kind || [own, kind].contains(&lock::Kind::Node);
        (!may_be_one).then_some(kind)
    }

    /// Whether an old name is one that the lock remembers of this machine or location.
    fn check(
        &self,
        lock: &lock::Cluster,
        name: &str,
        old: Sourced<&str>,
        diagnostics: &mut Diagnostics,
    ) {
        let lines = self.of.lines(lock);
        let was = |was: &[String]| was.iter().any(|known| known == old.value);
        if lines.get(name).is_some_and(|(_, own)| was(own)) {
            return;
        }
        let mut others: Vec<_> = lines.iter().filter(|(_, (_, own))| was(own)).collect();
        others.sort();
        if let Some((other, (line, _))) = others.first() {
            diagnostics.push_at(old.origin, |at| {
                errors::was_of_other(at, old.value, other, *line)
            });
            return;
        }
        let mut gone: Vec<&str> = lines.keys().copied().collect();
        gone.retain(|name| !self.here.contains_key(name) && self.other_kind(lock, name).is_none());
        gone.sort_unstable();
        diagnostics.push_at(old.origin, |at| {
            let unknown = errors::was_unknown(at, self.of, old.value);
            if gone.is_empty() {
                unknown
            } else {
                suggest::among(unknown, old.value, &gone)
            }
        });
    }
}
