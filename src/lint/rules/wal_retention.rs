use crate::diagnostic::Level;
use crate::facts::parameters::Meaning;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, in_force, postgres, settings};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

const LIMIT: &str = "max_slot_wal_keep_size";

/// The first version that has the limit.
const LIMIT_SINCE: u32 = 13;

rule! {
    /// ## What it does
    ///
    /// Finds primaries that keep WAL for absent standbys without limit, and those that keep none. TPA gives every
    /// standby and Barman a replication slot and sets no `max_slot_wal_keep_size`. With `repmgr_use_slots = 0` nothing
    /// is kept at all, because `wal_keep_size` is 0 unless it is written.
    ///
    /// ## Why is this bad?
    ///
    /// When a standby or the Barman node is gone for days, its slot fills the disk of the primary, and Postgres stops.
    /// Without slots a standby that was away for an hour may never catch up again.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
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
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { max_slot_wal_keep_size = 20GB } }
    /// }
    /// ```
    pub(super) static WAL_RETENTION = {
        name: "wal-retention",
        level: Warning,
        summary: "a primary that keeps WAL without limit, or none",
        consequence: "days after a standby or Barman is gone, its slot has filled the disk of the primary, and Postgres stops",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let has_standbys = subject.data_nodes().count() > 1;
    let has_barman = subject.with_role(Role::Barman).next().is_some();
    let without_slots = without_slots(subject, primary);
    if let Some(switch) = without_slots
        && has_standbys
        && keeps_nothing(subject, primary)
    {
        nothing_kept(subject, findings, switch);
    }
    if (has_standbys && without_slots.is_none()) || has_barman {
        unlimited(subject, primary, findings);
    }
}

/// Where repmgr is told to do without slots.
fn without_slots<'s>(subject: &'s Subject, primary: &'s Instance) -> Option<&'s Value> {
    if subject.failover_manager() != Some(FailoverManager::Repmgr) {
        return None;
    }
    let switch = subject.variable_of(primary, "repmgr_use_slots")?;
    postgres::is_off(switch).then_some(switch)
}

fn keeps_nothing(subject: &Subject, primary: &Instance) -> bool {
    ["wal_keep_size", "wal_keep_segments"].iter().all(|name| {
        let value = postgres::setting(subject, primary, name);
        value.is_none_or(|value| is_zero(subject, name, value))
    })
}

/// Whether a value says 0. One that only comes out as 0 is `misleading-postgres-value`'s.
fn is_zero(subject: &Subject, name: &str, value: &Value) -> bool {
    let spelled = postgres::word(value).unwrap_or_default();
    in_force::read(name, value, major(subject)) == Some(Meaning::Whole(0))
        && spelled
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .trim()
            == "0"
}

fn major(subject: &Subject) -> u32 {
    subject
        .version()
        .map_or(LIMIT_SINCE, |version| version.value)
}

fn nothing_kept(subject: &Subject, findings: &mut Of<'_>, switch: &Value) {
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, switch.origin),
            "replication works without slots, and the primary keeps no WAL for standbys",
        )
        .key("vars/repmgr_use_slots")
        .label("no slots")
        .help(format!(
            "keep some, as with {}, or use slots",
            words::variable(subject, "wal_keep_size", "8GB")
        ))
        .consequence(
            "a standby that was away for a while finds its WAL removed and has to be rebuilt",
        );
}

fn unlimited(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) {
    let is_older = subject
        .version()
        .is_some_and(|version| version.value < LIMIT_SINCE);
    if is_older {
        return;
    }
    let written = limit(subject, primary);
    let (at, label): (Origin, _) = match written {
        Some(value) if is_zero(subject, LIMIT, value) => {
            no_wal_for_slots(subject, findings, value);
            return;
        }
        Some(value) if in_force::read(LIMIT, value, major(subject)) == Some(Meaning::Whole(-1)) => {
            (value.origin, "-1 means without limit")
        }
        Some(_) => return,
        None => {
            let version = subject.variable("postgres_version");
            let at = version.map_or_else(|| declared::at_cluster(subject), |value| value.origin);
            (at, "without a limit for slots")
        }
    };
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, at),
            format!("replication slots keep WAL without limit, as `{LIMIT}` is not set"),
        )
        .key(format!("vars/postgres_conf_settings/{LIMIT}"))
        // It is Postgres' own default, and a limit has its price: a standby beyond it has to be made again.
        .level(Level::Advice)
        .label(label)
        .help(format!(
            "limit them to about half of the volume that holds the WAL, as with {}",
            words::postgres_setting(subject, LIMIT, "20GB")
        ));
}

/// A limit of 0 gives up every slot that lags.
fn no_wal_for_slots(subject: &Subject, findings: &mut Of<'_>, value: &Value) {
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, value.origin),
            format!("replication slots keep no WAL, as `{LIMIT}` is 0"),
        )
        .key(format!("vars/postgres_conf_settings/{LIMIT}"))
        .label("0 is not without limit")
        .help(format!(
            "write about half of the volume that holds the WAL, as with {}",
            words::postgres_setting(subject, LIMIT, "20GB")
        ))
        .consequence(
            "every standby that lags at a checkpoint loses its slot and has to be made again",
        );
}

/// The limit, where Postgres gets its settings from.
fn limit<'s>(subject: &'s Subject, primary: &'s Instance) -> Option<&'s Value> {
    postgres::in_conf(subject, primary, LIMIT).or_else(|| {
        let settings = settings::patroni_dynamic(subject, primary, "postgresql")?;
        settings.as_map()?.get("parameters")?.as_map()?.get(LIMIT)
    })
}
