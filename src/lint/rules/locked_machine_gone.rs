use std::collections::BTreeMap;

use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::origin::Origin;
use crate::topology::past::{Gone, GoneCluster};
use crate::tpa::view::{Entity, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds machines that the lock has and the source does not: they have been built, and the next deployment leaves them
    /// out. A whole cluster that went is one finding, at the cluster that may be the same under a new name.
    ///
    /// ## Why is this bad?
    ///
    /// A line that is deleted by mistake looks like one that is deleted on purpose. TPA leaves such a machine alone, and
    /// Terraform is asked to destroy it, with the data on it. Nothing in a source can say that this is meant; what says it
    /// is `m1c lock SOURCE --forget CLUSTER/LOCATION/NAME`, once the machine is gone.
    ///
    /// A cluster that gets another name is a new one to TPA and to m1c: its machines have new numbers and subnets, and those
    /// of the old name run on.
    ///
    /// A source with params that place machines has a machine less with some of their values. Then this is right to allow.
    ///
    /// ## Example
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    /// cluster.speedy.location.main.machine.main-db2 = { number = 2, data = 2 }
    /// cluster.speedy.location.main.machine.main-db3 = { number = 3, data = 3 }
    /// cluster.speedy.location.main.machine.main-barman1 = { number = 4, barman = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static LOCKED_MACHINE_GONE = {
        name: "locked-machine-gone",
        level: Advice,
        summary: "machines that have been built, and that the source no longer has",
        consequence: "TPA leaves the machine alone, and Terraform is asked to destroy it, with the data on it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for cluster in &subject.past.clusters {
        cluster_gone(subject, cluster, findings);
    }
    let mut gone: BTreeMap<&str, Vec<&Gone>> = BTreeMap::new();
    for machine in &subject.past.gone {
        gone.entry(&machine.location).or_default().push(machine);
    }
    for (location, machines) in gone {
        let names: Vec<&str> = machines.iter().map(|it| it.name.value.as_str()).collect();
        let Some(first) = machines.first() else {
            continue;
        };
        let here = here(subject, location);
        let (machines, they) = match names.len() {
            1 => ("machine", "it gets its number and name"),
            _ => ("machines", "they get their numbers and names"),
        };
        let forgotten = match (names.as_slice(), &here) {
            ([_, _, ..], None) => &first.forget_location,
            (_, _) => &first.forget,
        };
        let (entity, at) = here.unwrap_or_else(|| (Entity::Cluster, declared::at_cluster(subject)));
        let names = words::list(&names);
        findings
            .at(
                entity,
                at,
                format!("the source no longer has the {machines} {names}"),
            )
            .key("instances")
            .label(format!("the lock has {names} in `{location}`"))
            .related(first.name.origin, "a machine that has been built")
            .help(format!(
                "if that is a mistake, write it again: {they} back; if it is meant, `{forgotten}` once nothing of it runs"
            ));
    }
}

fn cluster_gone(subject: &Subject, gone: &GoneCluster, findings: &mut Of<'_>) {
    let (old, forget) = (&gone.name.value, &gone.forget);
    let new = subject.name.as_ref().map_or("", |name| name.value.as_str());
    let help = if subject.past.is_locked {
        format!(
            "if that is a mistake, write it again: its machines get their numbers and names back; if it is meant, `{forget}` once nothing of it runs"
        )
    } else {
        format!(
            "if `{new}` is the cluster that was called `{old}`, take the old name back: TPA renames no cluster that runs; if `{old}` is not wanted any more, `{forget}` once nothing of it runs"
        )
    };
    findings
        .at(
            Entity::Cluster,
            declared::at_cluster(subject),
            format!("the source no longer has the cluster `{old}`"),
        )
        .key("cluster_name")
        .consequence("TPA leaves its machines alone, and nothing deploys or judges them any more")
        .label(if subject.past.is_locked {
            format!("the lock has `{old}` too")
        } else {
            "the lock does not have this one".to_owned()
        })
        .related(gone.name.origin, "a cluster that has been built")
        .help(help);
}

/// The location of machines that went, where the source has it.
fn here(subject: &Subject, location: &str) -> Option<(Entity, Origin)> {
    subject.locations.iter().find_map(|it| {
        let name = it.name.as_ref()?;
        (name.value == location).then_some((it.entity(), name.origin))
    })
}
