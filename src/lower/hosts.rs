//! Which line of `hosts` is which machine's.

use std::collections::{HashMap, HashSet};

use super::identities::{Identities, Known};
use super::layout::{Layout, Machine};
use super::names::is_reserved;
use super::{Lowering, errors};
use crate::model::Entry;
use crate::origin::Sourced;

impl<'m> Lowering<'m, '_> {
    /// The lines of the machines, in their order. Those that are nobody's go to the machines without a name that never had
    /// one: to those of the lock first, in the order of their numbers.
    pub(super) fn lines(
        &mut self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
        ids: &[Sourced<i64>],
    ) -> Option<Vec<Option<&'m Entry>>> {
        let Some(hosts) = self.whole("hosts") else {
            return Some(layout.machines.iter().map(|_| None).collect());
        };
        let entries = hosts.block.entries.iter();
        let lines: Vec<&'m Entry> = entries.filter(|line| !line.broken).collect();
        let by_name: HashMap<&str, &'m Entry> = lines
            .iter()
            .map(|line| (line.word.as_str(), *line))
            .collect();
        let machines = || layout.machines.iter().zip(&identities.known);
        let own = |(machine, known): (&Machine<'m>, &Option<Known<'m>>)| {
            let name = machine.own_name().map(|name| name.value);
            let known = known.iter().flat_map(names);
            let mut names = name.into_iter().chain(known);
            names.find_map(|name| by_name.get(name).copied())
        };
        let mut found: Vec<Option<&'m Entry>> = machines().map(own).collect();

        let mut in_need: Vec<(usize, Option<Known<'m>>)> = (machines().zip(&found).enumerate())
            .filter(|(_, ((machine, _), line))| machine.own_name().is_none() && line.is_none())
            .map(|(index, ((_, known), _))| (index, *known))
            .collect();
        let had_one = |known: &Known<'m>| known.machine.host.is_some();
        let lost = in_need.iter().filter_map(|(_, known)| *known);
        let lost: Vec<Known<'m>> = lost.filter(had_one).collect();
        if !lost.is_empty() {
            for known in lost.iter().filter(|_| !hosts.block.holes) {
                let (name, line) = (known.name, known.machine.at);
                let forget = self.forget.at(line);
                self.report(hosts.at, |at| errors::lost_host(at, name, line, &forget));
            }
            return None;
        }

        // Names that the source or the lock has given.
        let given = machines().filter_map(|(machine, known)| {
            let own = machine.own_name().map(|name| name.value);
            own.or(known.map(|known| known.name))
        });
        let given: HashSet<&str> = given.collect();
        let is_spare = |line: &&&'m Entry| {
            let name = line.word.as_str();
            !given.contains(name) && !is_reserved(self.lock, name)
        };
        let spare: Vec<&'m Entry> = lines.iter().filter(is_spare).copied().collect();
        if in_need.len() > spare.len() {
            if !hosts.block.holes {
                let (needed, spare) = (in_need.len(), spare.len());
                self.report(hosts.at, |at| errors::too_few_hosts(at, needed, spare));
            }
            return None;
        }
        in_need.sort_by_key(|(index, known)| (known.is_none(), ids.get(*index).map(|id| id.value)));
        for ((index, _), line) in in_need.into_iter().zip(spare) {
            if let Some(found) = found.get_mut(index) {
                *found = Some(line);
            }
        }
        Some(found)
    }
}

/// The names of lines that a machine of the lock may have: its own, that of the line that it was given, and those that it
/// had.
fn names<'m>(known: &Known<'m>) -> impl Iterator<Item = &'m str> + use<'m> {
    let machine = known.machine;
    let others = machine.host.iter().chain(machine.was.iter().rev());
    std::iter::once(known.name).chain(others.map(String::as_str))
}
