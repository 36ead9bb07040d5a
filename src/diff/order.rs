//! The order in which to proceed: what is new, the voters, the standbys, the primary, and the ways in.

use super::{Machine, State};
use crate::facts::roles::Role;
use crate::tpa::view::{Instance, Subject, streaming};

/// Sorts machines. The primary is first where a parameter is lowered of which a standby needs as much as it has.
pub(super) fn sort(machines: &mut [Machine], now: &Subject, is_primary_first: bool) {
    machines.sort_by_key(|machine| {
        let instance = now.instance(&machine.name);
        let rank = match machine.state {
            State::New => Rank::New,
            State::Kept => {
                instance.map_or(Rank::Others, |instance| rank(instance, is_primary_first))
            }
            State::Gone => Rank::Gone,
        };
        // Who streams from a standby comes before it, and is made after it.
        let depth = instance.map_or(0, |instance| streaming::ancestors(now, instance).len());
        let depth = if is_primary_first || machine.state == State::New {
            depth
        } else {
            usize::MAX - depth
        };
        (rank, depth)
    });
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    New,
    Etcd,
    First,
    Second,
    Witness,
    Others,
    Gone,
}

fn rank(instance: &Instance, is_primary_first: bool) -> Rank {
    if instance.is_data_node() {
        if instance.has_role(Role::Primary) == is_primary_first {
            Rank::First
        } else {
            Rank::Second
        }
    } else if instance.has_role(Role::Etcd) {
        Rank::Etcd
    } else if instance.has_role(Role::Witness) || instance.has_role(Role::EfmWitness) {
        Rank::Witness
    } else {
        Rank::Others
    }
}
