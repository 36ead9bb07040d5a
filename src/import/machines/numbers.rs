//! The order of machines by the layout rules, and which of them need a number of their own.

use std::collections::HashSet;

use super::{Machine, Site};
use crate::facts::machines::Rank;

/// The places of the machines in the order of the layout rules.
pub(in crate::import) fn order(
    machines: &[Machine<'_>],
    sites: &[Site<'_>],
    home: usize,
) -> Vec<usize> {
    let mut places: Vec<usize> = (0..machines.len()).collect();
    let key = |place: &usize| {
        let machine = machines.get(*place)?;
        let rank = machine.kind.rank(machine.roles.iter().map(String::as_str));
        let active = sites.get(machine.site).is_some_and(|site| site.active);
        let group = match (machine.site == home, active) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 3,
        };
        Some((rank == Rank::Pem, group, machine.site, rank))
    };
    places.sort_by_key(key);
    places
}

/// The places of the machines whose numbers counting does not give: as few as possible.
pub(in crate::import) fn numbered(machines: &[Machine<'_>], order: &[usize]) -> HashSet<usize> {
    let ids: Vec<i64> = order
        .iter()
        .filter_map(|place| machines.get(*place))
        .map(|machine| machine.id)
        .collect();
    let kept = increasing(&ids);
    let mut written: Vec<bool> = kept.iter().map(|kept| !kept).collect();
    loop {
        let taken: HashSet<i64> = ids
            .iter()
            .zip(&written)
            .filter(|(_, written)| **written)
            .map(|(id, _)| *id)
            .collect();
        let mut free = (1..).filter(|id| !taken.contains(id));
        let mut changed = false;
        for (id, written) in ids.iter().zip(&mut written) {
            if !*written && free.next() != Some(*id) {
                *written = true;
                changed = true;
                break;
            }
        }
        if !changed {
            break;
        }
    }
    order
        .iter()
        .zip(&written)
        .filter(|(_, written)| **written)
        .map(|(place, _)| *place)
        .collect()
}

/// Which numbers belong to a longest increasing part of a list.
fn increasing(ids: &[i64]) -> Vec<bool> {
    // The best end of a part of each length, and what comes before each number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    let id = |place: usize| ids.get(place).copied().unwrap_or_default();
    for (place, own) in ids.iter().enumerate() {
        let length = ends.partition_point(|end| id(*end) < *own);
        before.push(
            length
                .checked_sub(1)
                .and_then(|shorter| ends.get(shorter).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut kept = vec![false; ids.len()];
    let mut next = ends.last().copied();
    while let Some(place) = next {
        if let Some(kept) = kept.get_mut(place) {
            *kept = true;
        }
        next = before.get(place).copied().flatten();
    }
    kept
}
