//! Lines that no connection ever reaches, because an earlier one takes all of theirs.

use super::line::{Line, Name};
use super::problem::At;

/// How an earlier line stands to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The earlier one takes every connection of the later one, and treats it in the same way.
    Repeats,
    /// The earlier one takes every connection of the later one, and treats it in another way.
    Hides,
    /// Some connections may reach the later one.
    Apart,
}

/// How an earlier line stands to a later one.
pub fn relation(earlier: &Line, later: &Line) -> Relation {
    if !covers(earlier, later) {
        return Relation::Apart;
    }
    let options = |line: &Line| {
        let mut options: Vec<(&'static str, String)> = line
            .options
            .iter()
            .map(|choice| (choice.name, choice.value.clone()))
            .collect();
        options.sort();
        options
    };
    if earlier.method.value == later.method.value && options(earlier) == options(later) {
        Relation::Repeats
    } else {
        Relation::Hides
    }
}

fn covers(earlier: &Line, later: &Line) -> bool {
    let addresses = match (&earlier.address, &later.address) {
        (None, None) => true,
        (Some(earlier), Some(later)) => earlier.value.covers(&later.value),
        (Some(_), None) | (None, Some(_)) => false,
    };
    addresses
        && earlier.kind.value.covers(later.kind.value)
        && all(&earlier.databases, &later.databases, database_covers)
        && all(&earlier.users, &later.users, user_covers)
}

fn all(earlier: &[At<Name>], later: &[At<Name>], covers: fn(&Name, &Name) -> bool) -> bool {
    later.iter().all(|later| {
        let mut earlier = earlier.iter();
        earlier.any(|earlier| covers(&earlier.value, &later.value))
    })
}

fn database_covers(earlier: &Name, later: &Name) -> bool {
    match (earlier, later) {
        // Replication is no database, and a file may ask for it.
        (Name::All, Name::Replication | Name::File(_)) => false,
        // A user is a member of its own role.
        (Name::All, _) | (Name::SameRole, Name::SameUser) => true,
        _ => earlier == later,
    }
}

fn user_covers(earlier: &Name, later: &Name) -> bool {
    match (earlier, later) {
        (Name::All, _) => true,
        _ => earlier == later,
    }
}
