use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Entity;
use crate::tpa::view::postgres;

rule! {
    /// ## What it does
    ///
    /// Finds a `max_wal_senders` or `max_replication_slots` that is too low for the day on which any data node is the
    /// primary and all others stream from it. Every standby needs one of both, Barman two senders and a slot, and one
    /// more is for a new standby. TPA's own numbers are enough for one Barman node.
    ///
    /// ## Why is this bad?
    ///
    /// It works until a failover; then the new primary refuses some of the standbys or Barman.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { max_wal_senders = 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { max_wal_senders = 10 }
    /// }
    /// ```
    pub(super) static WAL_SENDERS_OR_SLOTS_LOW = {
        name: "wal-senders-or-slots-low",
        level: Warning,
        summary: "fewer WAL senders or slots than a failover needs",
        consequence: "after a failover the new primary refuses standbys or Barman, as it has no WAL sender or slot left",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let standbys = subject.data_nodes().count().saturating_sub(1);
    let barman = subject.with_role(Role::Barman).count();
    let needs = [
        ("max_wal_senders", standbys + 2 * barman + 1),
        ("max_replication_slots", standbys + barman + 1),
    ];
    for (name, need) in needs {
        for node in subject.data_nodes() {
            let Some(value) = postgres::setting(subject, node, name) else {
                continue;
            };
            let Some(number) = postgres::number(value) else {
                continue;
            };
            if usize::try_from(number).unwrap_or(0) >= need {
                continue;
            }
            findings
                .at(
                    Entity::Cluster,
                    declared::place_of(subject, value.origin),
                    format!("`{name}` is {number}, and a primary needs {need} when all other data nodes stream from it"),
                )
                .key(format!("vars/{name}"))
                .label(format!("lower than {need}"))
                .help(format!(
                    "set it to {need} or more, or remove it: TPA's own number grows with the cluster"
                ));
        }
    }
}
