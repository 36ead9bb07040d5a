//! A subject as the voters of its failover manager see it, and the words that rules speak of votes with.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ptr;

use super::{Instance, Subject, Written};
use super::{repmgr, settings, streaming, synchronous, truth};
use crate::facts::roles::Role;
use crate::origin::{Origin, Sourced};
use crate::topology::FailoverManager;
use crate::topology::quorum::{Children, Fence, Member, Needed, Outcome, Part, Quorum, State};
use crate::value::Value;

/// repmgr's priority where nothing is written.
const DEFAULT_PRIORITY: i64 = 100;

/// The voters of a subject. Nothing with a failover manager that nobody knows, or where it is not certain who votes.
pub fn quorum(subject: &Subject) -> Option<Quorum<'_>> {
    quorum_of(subject, subject.failover_manager()?)
}

/// The same, where it is known which failover manager counts.
pub fn quorum_of(subject: &Subject, manager: FailoverManager) -> Option<Quorum<'_>> {
    let primary = subject.primary()?;
    if !is_whole(subject, primary) {
        return None;
    }
    let is_there = |instance: &&Instance| {
        !settings::is_true(instance.entry.get("provision_only"))
            && !instance.has_role(Role::PemServer)
    };
    let (commits, names) = synchronous::commits(subject, primary, manager);
    let members: Vec<Member<'_>> = subject
        .instances
        .iter()
        .filter(is_there)
        .map(|instance| Member {
            synchronous: names.has(subject, instance),
            ..member(subject, instance, manager)
        })
        .collect();
    let standbys = members
        .iter()
        .filter(|member| member.part == Part::Standby)
        .count();
    Some(Quorum {
        manager,
        members,
        automatic: manual(subject, primary, manager, standbys).is_none(),
        fence: fence(subject, primary, manager),
        promotion_delay: repmgr::patience(subject, primary),
        failsafe: settings::patroni_dynamic(subject, primary, "failsafe_mode")
            .is_some_and(|mode| settings::is_true(Some(mode))),
        asks_for_sightings: standbys_ask(subject, primary),
        commits,
    })
}

/// Whether all machines hang together: one primary that all others stream from in the end, and no role that nobody
/// knows. What is wrong otherwise has been said, and counting votes would only echo it.
fn is_whole(subject: &Subject, primary: &Instance) -> bool {
    let mut names = HashSet::new();
    let all = || subject.instances.iter();
    let is_member = |instance: &&Instance| {
        [Role::Replica, Role::Witness]
            .iter()
            .any(|role| instance.has_role(*role))
    };
    let hangs = |instance: &Instance| {
        let last = streaming::ancestors(subject, instance).pop();
        instance.has_role(Role::EfmWitness) || last.is_some_and(|last| ptr::eq(last, primary))
    };
    all().all(|instance| names.insert(instance.name.value.as_str()))
        && all().all(|instance| {
            let is_primary =
                instance.has_role(Role::Primary) && !instance.has_role(Role::PemServer);
            !is_primary || ptr::eq(instance, primary)
        })
        && all()
            .flat_map(|instance| &instance.roles)
            .all(|role| Role::parse(&role.value).is_some())
        && all().filter(is_member).all(hangs)
}

/// Where the whole cluster is told to leave promotions to a human.
pub fn manual(
    subject: &Subject,
    primary: &Instance,
    manager: FailoverManager,
    standbys: usize,
) -> Option<Origin> {
    match manager {
        // Each node of repmgr decides for itself.
        FailoverManager::Repmgr | FailoverManager::None => None,
        FailoverManager::Efm => {
            let automatic = settings::efm(subject, primary, "auto.failover");
            let off = automatic.filter(|value| truth::ansible_bool(value) == Some(false));
            let minimum = settings::number(settings::efm(subject, primary, "minimum.standbys"));
            let kept = minimum
                .filter(|minimum| usize::try_from(minimum.value).is_ok_and(|kept| kept >= standbys))
                .filter(|minimum| minimum.value > 0);
            off.map(|value| value.origin)
                .or_else(|| kept.map(|minimum| minimum.origin))
        }
        FailoverManager::Patroni => {
            let pause = settings::patroni_dynamic(subject, primary, "pause");
            pause
                .filter(|pause| settings::is_true(Some(pause)))
                .map(|pause| pause.origin)
        }
    }
}

/// What stops a primary that is cut off from its standbys.
fn fence(subject: &Subject, primary: &Instance, manager: FailoverManager) -> Fence {
    match manager {
        FailoverManager::Repmgr => children(subject, primary).map_or(Fence::None, Fence::Children),
        FailoverManager::Efm => {
            let stop = settings::efm(subject, primary, "stop.isolated.primary");
            if stop.and_then(truth::ansible_bool) == Some(false) {
                Fence::None
            } else {
                Fence::Majority
            }
        }
        FailoverManager::Patroni => Fence::Majority,
        FailoverManager::None => Fence::None,
    }
}

/// repmgr's command for a primary that has lost its children, where there is one.
fn children(subject: &Subject, primary: &Instance) -> Option<Children> {
    let command = repmgr::in_lines(subject, primary, "child_nodes_disconnect_command")?;
    if command.value.is_empty() {
        return None;
    }
    let needed = match repmgr::least_children(subject, primary) {
        (Some(connected), _) => Needed::Connected(connected.value),
        (None, Some(gone)) => Needed::Disconnected(gone.value),
        (None, None) => Needed::Connected(1),
    };
    Some(Children {
        needed,
        witnesses: repmgr::is_on(subject, primary, "child_nodes_connected_include_witness"),
        delay: repmgr::fence_delay(subject, primary),
    })
}

/// Whether every standby asks the others whether they have seen the primary, before it is promoted.
fn standbys_ask(subject: &Subject, primary: &Instance) -> bool {
    let mut standbys = subject
        .children_of(primary)
        .filter(|node| node.is_data_node());
    standbys.all(|standby| repmgr::is_on(subject, standby, "primary_visibility_consensus"))
}

fn member<'s>(
    subject: &'s Subject,
    instance: &'s Instance,
    manager: FailoverManager,
) -> Member<'s> {
    let part = if instance.has_role(Role::Primary) {
        Part::Primary
    } else if instance.has_role(Role::Replica) {
        Part::Standby
    } else if instance.has_role(Role::Witness) || instance.has_role(Role::EfmWitness) {
        Part::Witness
    } else {
        Part::Bystander
    };
    let priority = repmgr::priority(subject, instance);
    let promotable = match manager {
        FailoverManager::Repmgr => priority.is_none_or(|priority| priority.value > 0),
        FailoverManager::Efm => !instance.has_role(Role::EfmNotPromotable),
        FailoverManager::Patroni => settings::patroni_nofailover(subject, instance).is_none(),
        FailoverManager::None => false,
    };
    Member {
        name: &instance.name.value,
        location: subject.location_name(instance),
        part,
        upstream: instance
            .upstream
            .as_ref()
            .map(|upstream| upstream.value.as_str()),
        promotable,
        manual: manager == FailoverManager::Repmgr && repmgr::manual(subject, instance).is_some(),
        state: State::Running,
        priority: priority
            .filter(|_| manager == FailoverManager::Repmgr)
            .map_or(DEFAULT_PRIORITY, |priority| priority.value),
        node: settings::number(instance.entry.get("node")).map_or(0, |node| node.value),
        site: repmgr::location(subject, instance)
            .map_or(Cow::Borrowed("default"), |location| location.value),
        etcd: instance
            .has_role(Role::Etcd)
            .then(|| etcd_cluster(subject, instance).value),
        synchronous: false,
    }
}

/// The etcd cluster that a node of etcd joins.
pub fn etcd_cluster<'s>(subject: &'s Subject, instance: &'s Instance) -> Sourced<&'s str> {
    let variable = |name: &str| {
        subject
            .variable_of(instance, name)
            .and_then(Value::sourced_text)
    };
    variable("etcd_location")
        .or_else(|| variable("harp_location"))
        .unwrap_or_else(|| {
            let location = subject.location_name(instance).unwrap_or_default();
            Sourced::new(location, instance.at_key("location"))
        })
}

/// What is counted, for words.
pub fn counted(manager: FailoverManager) -> &'static str {
    match manager {
        FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None => "votes",
        FailoverManager::Patroni => "etcd members",
    }
}

/// `2 of 4 votes`.
pub fn left(quorum: &Quorum<'_>, outcome: &Outcome<'_>) -> String {
    let Outcome {
        verdict: _,
        votes,
        of,
        needed: _,
    } = outcome;
    format!("{votes} of {of} {}", counted(quorum.manager))
}

/// The role of a machine that says it is a witness.
pub fn witness_role(instance: &Instance) -> Option<&Sourced<String>> {
    instance
        .role(Role::Witness)
        .or_else(|| instance.role(Role::EfmWitness))
}

/// The place of the `true` that makes a Barman node a witness, where somebody wrote one.
pub fn written_true(subject: &Subject, role: &Sourced<String>) -> Option<Origin> {
    let Origin::Written(span) = role.origin else {
        return None;
    };
    // In a source the role comes from `witness = true`, from a word like `witness robin` or from a list of roles. Only
    // the first is as short as this.
    let length = span.end.saturating_sub(span.start);
    let is_true = usize::try_from(length).is_ok_and(|length| length == "true".len());
    (subject.written == Written::Source && is_true).then_some(role.origin)
}

/// Whether two primaries are due to a witness in the only other location.
pub fn is_witness_beside_standbys(quorum: &Quorum<'_>, home: &str) -> bool {
    let mut other = quorum.clone();
    other
        .members
        .retain(|member| member.part != Part::Bystander);
    let is_remote = |member: &Member<'_>| {
        member.part == Part::Witness && member.location.is_some_and(|location| location != home)
    };
    other.locations().len() == 2
        && other.members.iter().any(is_remote)
        && quorum.cut_off(home).splits_brain()
}
