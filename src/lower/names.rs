//! Names and numbers of machines: their own, those of `hosts`, or those that `hostnames` makes.

use std::collections::{HashMap, HashSet};

use super::identities::{Identities, Known, kept};
use super::layout::{Layout, Machine};
use super::{Lowering, by_default, derived, errors};
use crate::facts::machines::{self, Kind};
use crate::facts::tables::Platform;
use crate::lock as locks;
use crate::model::Entry;
use crate::origin::{Origin, Sourced};
use crate::suggest;

const DEFAULT_PATTERN: &str = "{location}-{role}{n}";
const PLACEHOLDERS: &[&str] = &["cluster", "location", "role", "n", "id"];

/// A machine with its name.
pub(super) struct Named<'m> {
    pub(super) name: Sourced<String>,
    pub(super) id: Sourced<i64>,
    /// The line of `hosts` that it took.
    pub(super) line: Option<&'m Entry>,
}

/// A pattern of host names, in parts.
enum Part {
    Text(String),
    Placeholder(&'static str),
}

impl<'m> Lowering<'m, '_> {
    /// Names and numbers the machines, in their order.
    pub(super) fn names(
        &mut self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
        platform: Platform,
    ) -> Option<Vec<Named<'m>>> {
        let ids = self.ids(layout, identities)?;
        let lines = self.lines(layout, identities, &ids)?;
        let machines = || layout.machines.iter().zip(&identities.known);
        let mut generated = Generated {
            pattern: self.pattern()?,
            counts: HashMap::new(),
            platform,
            cluster: &self.cluster.name,
            lock: self.lock,
        };
        let mut named = Vec::new();
        for (((machine, known), id), line) in machines().zip(ids).zip(lines) {
            let name = match (machine.own_name(), known) {
                (Some(name), _) => name.to_owned(),
                (None, Some(known)) => {
                    generated.count(layout, machine, id.value);
                    kept(known.name.to_owned(), machine.at.place())
                }
                (None, None) => match line {
                    Some(line) => Sourced::new(line.word.clone(), line.at),
                    None => generated.name(layout, machine, id.value),
                },
            };
            named.push(Named { name, id, line });
        }
        let is_free = self.unreserved_names(layout, identities, &named);
        let is_unique = self.unique_names(layout, &named);
        (is_free && is_unique).then_some(named)
    }

    /// Numbers from 1 in the order of machines; explicit ones win, and numbering skips them. Where the lock has machines,
    /// a new one gets a number above all.
    fn ids(
        &mut self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
    ) -> Option<Vec<Sourced<i64>>> {
        let own = |machine: &Machine<'m>| machine.entry.and_then(|entry| entry.block.integer("id"));
        let mut explicit: HashMap<i64, Origin> = HashMap::new();
        let mut unique = true;
        for id in layout.machines.iter().filter_map(own) {
            if let Some(first) = explicit.insert(id.value, id.origin) {
                unique = false;
                let first = first.place();
                self.report(id.origin, |at| errors::duplicate_id(at, id.value, first));
            }
        }
        let machines = layout.machines.iter().zip(&identities.known);
        for (machine, known) in machines.clone() {
            if let Some(id) = own(machine) {
                unique &= self.agrees_with_lock(machine, id, *known);
            }
        }
        let locked = self.lock.into_iter().flat_map(locks::Cluster::machines);
        let locked: HashSet<i64> = locked.map(|(_, machine)| machine.number).collect();
        let first = match locked.iter().max() {
            Some(locked) => {
                let highest = explicit.keys().max().map_or(*locked, |id| *id.max(locked));
                highest.checked_add(1).unwrap_or(1)
            }
            None => 1,
        };
        // After the largest number of all comes the lowest.
        let mut free = (first..=i64::MAX)
            .chain(1..first)
            .filter(|id| !explicit.contains_key(id) && !locked.contains(id));
        let ids = machines.map(|(machine, known)| {
            let from = machine.at.place();
            let locked = || known.map(|known| kept(known.machine.number, from));
            own(machine).or_else(locked).or_else(|| {
                let rule = "node numbers are counted in the order of the machines";
                Some(derived(free.next()?, from, rule))
            })
        });
        let ids: Option<Vec<Sourced<i64>>> = ids.collect();
        ids.filter(|_| unique)
    }

    /// Whether a number that is written is what the lock says.
    fn agrees_with_lock(
        &mut self,
        machine: &Machine<'m>,
        id: Sourced<i64>,
        known: Option<Known<'m>>,
    ) -> bool {
        if let Some(known) = known {
            let (name, locked) = (known.name, known.machine);
            if locked.number != id.value {
                let forget = self.forget.at(locked.at);
                self.report(id.origin, |at| {
                    errors::locked_number(at, name, id.value, (locked.number, locked.at), &forget)
                });
            }
            return locked.number == id.value;
        }
        let mut locked = self.lock.into_iter().flat_map(locks::Cluster::machines);
        let other = locked.find(|(_, locked)| locked.number == id.value);
        if let Some((name, locked)) = other {
            let own = machine.own_name().map(|name| name.value);
            let forget = self.forget.at(locked.at);
            self.report(id.origin, |at| {
                errors::reserved_number(at, own, id.value, (name, locked.at), &forget)
            });
        }
        other.is_none()
    }

    /// Whether no new machine has a name that the lock reserves for another one.
    fn unreserved_names(
        &mut self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
        named: &[Named<'m>],
    ) -> bool {
        let mut is_free = true;
        let machines = layout.machines.iter().zip(&identities.known).zip(named);
        for ((machine, _), named) in machines.filter(|((_, known), _)| known.is_none()) {
            let name = &named.name;
            let other = self.lock.and_then(|lock| reserved(lock, &name.value));
            let Some((other, line)) = other else {
                continue;
            };
            is_free = false;
            let is_own = machine.own_name().is_some();
            let has_line = line.host.as_deref() == Some(name.value.as_str()) && other != name.value;
            let (other, forget) = ((other, has_line, line.at), self.forget.at(line.at));
            self.report(name.origin, |at| {
                errors::reserved_name(at, &name.value, is_own, other, &forget)
            });
        }
        is_free
    }

    fn unique_names(&mut self, layout: &Layout<'m>, named: &[Named<'_>]) -> bool {
        let mut seen: HashMap<&str, (Origin, &Machine<'m>)> = HashMap::new();
        let mut unique = true;
        for (machine, layed) in named.iter().zip(&layout.machines) {
            let name = &machine.name;
            if let Some((first, other)) = seen.insert(&name.value, (name.origin, layed)) {
                unique = false;
                let first = first.place();
                self.report(name.origin, |at| match one_with_two_roles(other, layed) {
                    Some(words) => errors::machine_with_two_roles(at, &name.value, first, words),
                    None => errors::duplicate_machine(at, &name.value, first),
                });
            }
        }
        unique
    }

    /// The pattern of host names, with its placeholders found.
    fn pattern(&mut self) -> Option<Sourced<Vec<Part>>> {
        let pattern = self
            .block
            .text("hostnames")
            .unwrap_or_else(|| by_default(DEFAULT_PATTERN, "the default of `hostnames`"));
        let mut parts = Vec::new();
        let mut rest = pattern.value;
        while let Some((text, behind)) = rest.split_once('{') {
            parts.push(Part::Text(text.to_owned()));
            let (word, behind) = behind.split_once('}').unwrap_or((behind, ""));
            match PLACEHOLDERS.iter().find(|known| **known == word) {
                Some(known) => parts.push(Part::Placeholder(known)),
                None => {
                    self.report(pattern.origin, |at| {
                        let mut diagnostic = suggest::among(
                            errors::unknown_placeholder(at, word),
                            word,
                            PLACEHOLDERS,
                        );
                        diagnostic.fix = None;
                        diagnostic
                    });
                    return None;
                }
            }
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        Some(pattern.map(|_| parts))
    }
}

/// The machine that a lock reserves a name for: it has or had that name, or has the line of `hosts`
/// with that name.
fn reserved<'l>(lock: &'l locks::Cluster, name: &str) -> Option<(&'l str, &'l locks::Machine)> {
    let mut machines = lock.machines();
    let has = |machine: &locks::Machine| {
        machine.was.iter().any(|was| was == name) || machine.host.as_deref() == Some(name)
    };
    machines.find(|(known, machine)| *known == name || has(machine))
}

pub(super) fn is_reserved(lock: Option<&locks::Cluster>, name: &str) -> bool {
    lock.is_some_and(|lock| reserved(lock, name).is_some())
}

/// Makes names after a pattern.
struct Generated<'c> {
    pattern: Sourced<Vec<Part>>,
    /// How many names are the same but for `{n}`.
    counts: HashMap<String, usize>,
    platform: Platform,
    cluster: &'c str,
    /// It may have given a name to a machine that went.
    lock: Option<&'c locks::Cluster>,
}

impl Generated<'_> {
    fn name(&mut self, layout: &Layout<'_>, machine: &Machine<'_>, id: i64) -> Sourced<String> {
        let (mut count, same) = self.count(layout, machine, id);
        let mut name = self.fill(layout, machine, id, &count.to_string());
        // Without `{n}` all names are the same, and the one that is there already is found by `unique_names`.
        while name != same && is_reserved(self.lock, &name) {
            count += 1;
            name = self.fill(layout, machine, id, &count.to_string());
        }
        self.counts.insert(same, count);
        let from = match self.pattern.origin {
            Origin::Default(_) => machine.at.place(),
            Origin::Written(at)
            | Origin::Included { at, .. }
            | Origin::Derived { from: at, .. } => at,
        };
        derived(
            name,
            from,
            "machines without a name are named after `hostnames`",
        )
    }

    /// Counts a machine among those whose name is the same but for `{n}`; gives the count and that name.
    fn count(&mut self, layout: &Layout<'_>, machine: &Machine<'_>, id: i64) -> (usize, String) {
        // No host name has a blank, so this cannot be mistaken for a part of the name.
        let same = self.fill(layout, machine, id, " ");
        let count = self.counts.entry(same.clone()).or_default();
        *count += 1;
        (*count, same)
    }

    fn fill(&self, layout: &Layout<'_>, machine: &Machine<'_>, id: i64, number: &str) -> String {
        let location = layout
            .sites
            .get(machine.location)
            .map_or("", |site| site.name.value);
        let filled: String = self
            .pattern
            .value
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Placeholder("cluster") => self.cluster.to_owned(),
                Part::Placeholder("location") => location.to_owned(),
                Part::Placeholder("role") => {
                    let named = machine.written_roles().next();
                    machine
                        .kind
                        .in_names(named.map(|role| role.value))
                        .to_owned()
                }
                Part::Placeholder("id") => id.to_string(),
                Part::Placeholder(_) => number.to_owned(),
            })
            .collect();
        machines::host_name(&filled, self.platform)
    }
}

/// The word of a machine and the further role that another one of the same name gives it, where the two may be one.
fn one_with_two_roles<'w>(
    first: &Machine<'w>,
    second: &Machine<'_>,
) -> Option<(&'w str, &'static str)> {
    let word = first.entry?.word.as_str();
    second.entry?;
    let role = second.first_roles().next()?;
    let may_be_one =
        !second.is_data_node() && first.kind != second.kind && first.kind != Kind::Node;
    may_be_one.then_some((word, role.name()))
}
