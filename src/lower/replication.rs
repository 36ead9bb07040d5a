//! Who streams from whom, and who backs whom up: the layout rules 3 to 5.

use std::collections::HashMap;

use super::layout::{Layout, Machine};
use super::names::Named;
use super::{Lowering, derived, errors};
use crate::facts::choices::FailoverManager;
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::suggest;
use crate::topology::instance::BackupNodes;
use crate::value::Data;

/// The machines that are witnesses, by their place in the layout, with where that comes from.
pub(super) type Witnesses = HashMap<usize, Origin>;

impl<'m> Lowering<'m, '_> {
    /// The Barman nodes that are witnesses too.
    pub(super) fn barman_witnesses(&mut self, layout: &Layout<'m>) -> Witnesses {
        let barman = |machine: &Machine<'_>| machine.kind == Kind::Barman;
        let nodes = layout
            .machines
            .iter()
            .enumerate()
            .filter(|(_, machine)| barman(machine));
        let written = self
            .whole("backup")
            .and_then(|backup| backup.block.boolean("witness"));
        let tie = self.tie_breaker(layout);
        let mut witnesses = Witnesses::new();
        for (count, (index, machine)) in nodes.enumerate() {
            let own = machine
                .entry
                .and_then(|entry| entry.block.boolean("witness"));
            let decided = own.or(written);
            match (decided, tie) {
                (Some(decided), _) if decided.value => {
                    witnesses.insert(index, decided.origin);
                }
                (None, Some(origin)) if count == 0 => {
                    witnesses.insert(index, origin);
                }
                (Some(_) | None, _) => {}
            }
        }
        witnesses
    }

    /// Rule 5: an even number of voting nodes needs a tie-breaker, unless a witness is placed explicitly.
    fn tie_breaker(&self, layout: &Layout<'m>) -> Option<Origin> {
        let manager = self.whole("failover")?;
        let votes = FailoverManager::parse(manager.label(0)?)?.nodes_vote();
        let is_witness = |machine: &Machine<'_>| {
            let own = machine
                .entry
                .and_then(|entry| entry.block.boolean("witness"));
            machine.has_role(Role::Witness) || own.is_some_and(|own| own.value)
        };
        if !votes || layout.machines.iter().any(is_witness) {
            return None;
        }
        let voters = layout
            .machines
            .iter()
            .filter(|machine| machine.is_data_node())
            .count();
        voters.is_multiple_of(2).then_some(Origin::Derived {
            from: manager.at.place(),
            rule: "an even number of voting nodes needs a tie-breaker",
        })
    }

    /// The upstream of every machine that has one.
    pub(super) fn upstreams(
        &mut self,
        layout: &Layout<'m>,
        named: &[Named<'m>],
        directory: &Directory<'_>,
        witnesses: &Witnesses,
    ) -> Option<Vec<Option<Sourced<String>>>> {
        let mut valid = true;
        let mut upstreams: Vec<Option<(usize, Origin)>> = Vec::new();
        for (index, machine) in layout.machines.iter().enumerate() {
            let written = machine.entry.and_then(|entry| entry.block.text("upstream"));
            let upstream = match written {
                None => upstream_by_rule(layout, index, witnesses),
                Some(name) => match directory.get(name.value) {
                    Some(upstream) => Some((*upstream, name.origin)),
                    None => {
                        valid = false;
                        self.unknown_machine(name, named);
                        None
                    }
                },
            };
            upstreams.push(upstream);
        }
        valid &= self.no_cycle(&upstreams, named);
        let name = |upstream: Option<(usize, Origin)>| {
            let (index, origin) = upstream?;
            Some(Sourced::new(named.get(index)?.name.value.clone(), origin))
        };
        valid.then(|| upstreams.into_iter().map(name).collect())
    }

    fn no_cycle(&mut self, upstreams: &[Option<(usize, Origin)>], named: &[Named<'m>]) -> bool {
        // 0: not yet seen; a number: seen on the walk from that machine.
        let mut seen = vec![0; upstreams.len()];
        let mut valid = true;
        for start in 0..upstreams.len() {
            let mut walk: Vec<usize> = Vec::new();
            let mut next = Some(start);
            while let Some(index) = next {
                match seen.get_mut(index) {
                    Some(mark) if *mark == 0 => *mark = start + 1,
                    Some(mark) if *mark == start + 1 => {
                        valid = false;
                        let cycle = walk.iter().skip_while(|other| **other != index);
                        let cycle: Vec<usize> = cycle.copied().collect();
                        self.cycle(&cycle, upstreams, named);
                        break;
                    }
                    Some(_) | None => break,
                }
                walk.push(index);
                next = upstreams
                    .get(index)
                    .copied()
                    .flatten()
                    .map(|(upstream, _)| upstream);
            }
        }
        valid
    }

    fn cycle(
        &mut self,
        cycle: &[usize],
        upstreams: &[Option<(usize, Origin)>],
        named: &[Named<'m>],
    ) {
        let names: Vec<&str> = cycle
            .iter()
            .filter_map(|index| named.get(*index))
            .map(|machine| machine.name.value.as_str())
            .collect();
        let written = cycle.iter().rev().filter_map(|index| {
            let (_, origin) = upstreams.get(*index).copied().flatten()?;
            origin.is_written().then_some(origin)
        });
        let mut written: Vec<Origin> = written.collect();
        if let Some(last) = written.pop() {
            let others: Vec<Span> = written.iter().map(|origin| origin.place()).collect();
            self.report(last, |at| errors::upstream_cycle(at, &names, &others));
        }
    }

    /// The Barman nodes of every machine that is backed up.
    pub(super) fn backups(
        &mut self,
        layout: &Layout<'m>,
        named: &[Named<'m>],
        directory: &Directory<'_>,
    ) -> Option<Vec<Option<Sourced<BackupNodes>>>> {
        let mut valid = true;
        let mut backups = Vec::new();
        let follows = self
            .whole("backup")
            .and_then(|backup| backup.block.boolean("follows_primary"));
        for (index, machine) in layout.machines.iter().enumerate() {
            let block = machine.entry.map(|entry| &entry.block);
            let written = block.and_then(|block| Some((block, block.value("backup")?)));
            let Some((block, written)) = written else {
                backups.push(backup_by_rule(layout, named, index, follows));
                continue;
            };
            let names = block.names("backup");
            if let ([only], false) = (names.as_slice(), matches!(written.data, Data::List(_)))
                && only.value == "none"
                && !directory.contains_key("none")
            {
                backups.push(None);
                continue;
            }
            for name in &names {
                let barman = directory
                    .get(name.value)
                    .and_then(|index| Some((layout.machines.get(*index)?, named.get(*index)?)));
                match barman {
                    None => {
                        valid = false;
                        self.unknown_machine(*name, named);
                    }
                    Some((machine, _)) if machine.has_role(Role::Barman) => {}
                    Some((_, other)) => {
                        valid = false;
                        let place = other.name.origin.place();
                        self.report(name.origin, |at| {
                            errors::not_a_barman_node(at, name.value, place)
                        });
                    }
                }
            }
            let nodes = match (&written.data, names.as_slice()) {
                (Data::List(_), names) => {
                    BackupNodes::Several(names.iter().map(|name| name.value.to_owned()).collect())
                }
                (_, names) => BackupNodes::One(
                    names
                        .first()
                        .map_or(String::new(), |name| name.value.to_owned()),
                ),
            };
            backups.push(Some(Sourced::new(nodes, written.origin)));
        }
        valid.then_some(backups)
    }

    fn unknown_machine(&mut self, name: Sourced<&str>, named: &[Named<'m>]) {
        let names = named.iter().map(|machine| machine.name.value.as_str());
        let known = suggest::candidates(names);
        self.report(name.origin, |at| {
            suggest::among(errors::unknown_machine(at, name.value), name.value, &known)
        });
    }
}

/// The places of machines by their names.
pub(super) type Directory<'n> = HashMap<&'n str, usize>;

pub(super) fn directory<'n>(named: &'n [Named<'_>]) -> Directory<'n> {
    let names = named.iter().enumerate();
    names
        .map(|(index, machine)| (machine.name.value.as_str(), index))
        .collect()
}

/// Rule 3.
fn upstream_by_rule(
    layout: &Layout<'_>,
    index: usize,
    witnesses: &Witnesses,
) -> Option<(usize, Origin)> {
    let machine = layout.machines.get(index)?;
    let primary = layout.primary.filter(|primary| *primary != index)?;
    let from = machine.at.place();
    let rule = |rule: &'static str| Origin::Derived { from, rule };
    if machine.has_role(Role::Witness) || witnesses.contains_key(&index) {
        return Some((primary, rule("witnesses follow the primary")));
    }
    if machine.kind == Kind::Single {
        return Some((primary, rule("a single replica streams from the primary")));
    }
    if !machine.is_data_node() {
        return None;
    }
    if machine.location == layout.primary_location {
        return Some((
            primary,
            rule("replicas in the primary location stream from the primary"),
        ));
    }
    match layout
        .sites
        .get(machine.location)
        .and_then(|site| site.leader)
    {
        Some(leader) if leader != index => Some((
            leader,
            rule("replicas stream from the first data node of their location"),
        )),
        Some(_) | None => Some((
            primary,
            rule("the first data node of a location streams from the primary"),
        )),
    }
}

/// Rule 4.
fn backup_by_rule(
    layout: &Layout<'_>,
    named: &[Named<'_>],
    index: usize,
    follows: Option<Sourced<bool>>,
) -> Option<Sourced<BackupNodes>> {
    let machine = layout.machines.get(index)?;
    let site = layout.sites.get(machine.location)?;
    let of_primary = || {
        let home = layout.sites.get(layout.primary_location)?;
        home.barman.or_else(|| {
            let mut machines = layout.machines.iter();
            machines.position(|machine| machine.has_role(Role::Barman))
        })
    };
    let is_leader = site.leader == Some(index) && machine.location != layout.primary_location;
    let follows = follows.filter(|follows| {
        follows.value && machine.is_data_node() && !machine.has_role(Role::EfmNotPromotable)
    });
    let (barman, rule) = if Some(index) == layout.primary {
        let rule =
            "the primary is backed up by the Barman node of its location, else by the first one";
        (of_primary()?, rule)
    } else if let Some(follows) = follows {
        let node = named.get(site.barman.or_else(of_primary)?)?;
        return Some(derived(
            BackupNodes::One(node.name.value.clone()),
            follows.origin.place(),
            "standbys are backed up as the primary is, because `follows_primary` is written",
        ));
    } else if is_leader {
        let rule =
            "the first data node of a location is backed up by the location's own Barman node";
        (site.barman?, rule)
    } else {
        return None;
    };
    let node = named.get(barman)?;
    let from = node.name.origin.place();
    Some(derived(
        BackupNodes::One(node.name.value.clone()),
        from,
        rule,
    ))
}
