use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::facts::tpa::changes::{Availability, Stop, stops};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, releases, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Subject, postgres, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds a `max_wal_senders` or `max_replication_slots` that is too low for the day on which any data node is the
    /// primary and all others stream from it. Every standby needs one of both, Barman two senders and a slot, and one
    /// more is for a new standby. TPA's own numbers are enough for one Barman node. Also a variable `max_wal_senders` below
    /// `max_replication_slots`, whose default is twice the number of servers and 3.
    ///
    /// ## Why is this bad?
    ///
    /// It works until a failover; then the new primary refuses some of the standbys or Barman. TPA raises a
    /// `max_wal_senders` below `max_replication_slots` silently, and from 23.45 on it stops, unless
    /// `skip_wal_senders_validation` is true.
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
    ///   vars { max_wal_senders = 20 }
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
    let senders = standbys + 2 * barman + 1;
    let refused = below_slots(subject, senders, findings);
    let needs = [
        ("max_wal_senders", senders),
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
            let is_enough = usize::try_from(number).unwrap_or(0) >= need;
            if is_enough || refused.contains(&value.origin) {
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
                    "write {}, or more; or remove it: TPA's own number grows with the cluster",
                    words::setting(subject.written, name, &need.to_string())
                ));
        }
    }
}

/// Whether this rule says that a deployment stops at a value, so that nobody else has to judge it.
pub(super) fn is_refused(subject: &Subject, name: &str, value: &Value) -> bool {
    if name != "max_wal_senders"
        || stops(subject.tpa, Stop::SendersBelowSlots) != Availability::Here
    {
        return false;
    }
    let Some(senders) = settings::number(Some(value)) else {
        return false;
    };
    let mut nodes = subject.data_nodes();
    nodes.any(|node| {
        let slots = settings::number(subject.variable_of(node, "max_replication_slots"));
        let slots = slots.map_or_else(|| default_slots(subject), |slots| slots.value);
        let is_skipped = subject.variable_of(node, "skip_wal_senders_validation");
        subject
            .variable_of(node, name)
            .is_some_and(|own| own.origin == value.origin)
            && senders.value < slots
            && !settings::is_true(is_skipped)
    })
}

/// As many slots as TPA gives a cluster on its own.
fn default_slots(subject: &Subject) -> i64 {
    let servers = subject.data_nodes().count()
        + postgres::lone_servers(subject)
            .iter()
            .filter(|server| !server.has_role(Role::PemServer))
            .count();
    i64::try_from(2 * servers + 3).unwrap_or(i64::MAX)
}

/// Fewer senders than slots, which TPA compares; where it stops at them. A TPA that goes on says nothing about those that
/// are too few anyway: that is another finding.
fn below_slots(subject: &Subject, needed: usize, findings: &mut Of<'_>) -> Vec<Origin> {
    let is_refused = stops(subject.tpa, Stop::SendersBelowSlots) == Availability::Here;
    let mut refused = Vec::new();
    let default = default_slots(subject);
    for node in subject.data_nodes() {
        let of = |name: &str| settings::number(subject.variable_of(node, name));
        let is_skipped = subject.variable_of(node, "skip_wal_senders_validation");
        let Some(senders) = of("max_wal_senders") else {
            continue;
        };
        let slots = of("max_replication_slots");
        let number = slots.as_ref().map_or(default, |slots| slots.value);
        let is_too_few = usize::try_from(senders.value).unwrap_or(0) < needed;
        let is_known = is_too_few && !is_refused;
        if senders.value >= number || is_known || settings::is_true(is_skipped) {
            continue;
        }
        let finding = findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, senders.origin),
                format!(
                    "`max_wal_senders` is {}, and `max_replication_slots` is {number}",
                    senders.value
                ),
            )
            .key("vars/max_wal_senders")
            .label(format!("lower than {number}"))
            .help(format!(
                "write {}, or more; or remove it: it is as high as the slots then",
                words::setting(subject.written, "max_wal_senders", &number.to_string())
            ));
        releases::at(
            finding,
            subject,
            Stop::SendersBelowSlots,
            "TPA takes the higher number and never says so",
        );
        match slots {
            Some(slots) => {
                finding.related(slots.origin, "more slots than senders");
            }
            None if !is_refused => {
                finding.level(Level::Advice);
            }
            None => {}
        }
        if is_refused {
            refused.push(senders.origin);
        }
    }
    refused
}
