use crate::diagnostic::Level;
use crate::facts::parameters;
use crate::facts::patroni::{DYNAMIC, LOCAL, SHARED, shared};
use crate::lint::finding::Of;
use crate::lint::patroni::{Configuration, Reader, logical_slots_need_wal, replaced, with_unit};
use crate::lint::rule::rule;
use crate::lint::rules::wal_senders_or_slots_low;
use crate::lint::{Context, declared};
use crate::topology::FailoverManager;
use crate::tpa::view::{Subject, guc, postgres};

rule! {
    /// ## What it does
    ///
    /// Finds settings of Patroni that do not do what they say, in `patroni_dynamic_conf_settings`, in
    /// `patroni_conf_settings` and among the parameters of Postgres:
    ///
    /// - names that Patroni does not know, or not at this level;
    /// - values that it cannot read, and replaces with its default;
    /// - settings of the whole cluster that are written for a node, and the other way round;
    /// - replication slots that it does not make;
    /// - tags whose text is true whatever it says, and tags that contradict each other;
    /// - parameters of Postgres below the least that Patroni takes.
    ///
    /// ## Why is this bad?
    ///
    /// Patroni ignores what it does not know. The cluster deploys, replicates and fails over, and the setting is missing on
    /// the day that it was written for.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { patroni_dynamic_conf_settings = { sychronous_mode = true; maximum_lag_on_failover = 10MB } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { patroni_dynamic_conf_settings = { synchronous_mode = true; maximum_lag_on_failover = 10485760 } }
    /// }
    /// ```
    pub(super) static PATRONI_SETTING = {
        name: "patroni-setting",
        level: Error,
        summary: "a setting of Patroni that has no effect, or another one",
        consequence: "Patroni silently ignores it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    for (variable, configuration, section) in [
        (
            "patroni_dynamic_conf_settings",
            Configuration::Dynamic,
            &DYNAMIC,
        ),
        ("patroni_conf_settings", Configuration::Local, &LOCAL),
    ] {
        for written in declared::variable(subject, variable) {
            // A value of another type has its own rule.
            if written.value.as_map().is_none() {
                continue;
            }
            let mut reader = Reader {
                subject,
                entity: written.entity,
                path: written.key,
                configuration,
                findings,
            };
            reader.section(section, written.value);
        }
    }
    findings.gather();
    for shared in SHARED {
        parameter(subject, shared.name, findings);
    }
    slots(subject, findings);
}

/// A parameter that Postgres takes and Patroni replaces.
fn parameter(subject: &Subject, name: &'static str, findings: &mut Of<'_>) {
    let Some(shared) = shared(name).filter(|shared| shared.least.is_some()) else {
        return;
    };
    let major = subject.version().map_or(16, |version| version.value);
    for written in declared::either(subject, name) {
        if wal_senders_or_slots_low::is_refused(subject, name, written.value) {
            continue;
        }
        let Some((least, instead)) = replaced(shared, written.value) else {
            continue;
        };
        // What Postgres refuses has its own rule.
        let spelling = written.value.spelling().unwrap_or_default();
        let meaning = guc::meaning(&spelling);
        let is_refused =
            parameters::find(name, major).is_none_or(|known| known.read(&meaning, major).is_err());
        if is_refused {
            continue;
        }
        let least = with_unit(shared, least);
        findings
            .at(
                written.entity,
                declared::place_of(subject, written.value.origin),
                format!(
                    "Patroni accepts no `{name}` below {least}, and runs Postgres with {instead}"
                ),
            )
            .key(written.key)
            .label(format!("becomes {instead}"))
            .help(format!("write {least} or more"))
            .consequence("Postgres runs with another value, and only Patroni's log says so")
            .level(Level::Warning);
    }
}

fn slots(subject: &Subject, findings: &mut Of<'_>) {
    let Some(primary) = subject.primary() else {
        return;
    };
    if let Some((name, at, level)) = logical_slots_need_wal(subject, primary) {
        let written = postgres::word(level).unwrap_or_default();
        findings
            .at(
                primary.entity(),
                declared::place_of(subject, level.origin),
                format!("with `wal_level` {written} Patroni cannot make the logical slot `{name}`"),
            )
            .key("vars/postgres_conf_settings/wal_level")
            .label("too low for it")
            .help("write `wal_level = logical`, or remove it: TPA's default is logical")
            .related(at, "the logical slot")
            .consequence("Patroni fails to make the slot in every loop");
    }
}
