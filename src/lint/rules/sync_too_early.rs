use crate::facts::parameters::standby_names;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::Subject;
use crate::tpa::view::{guc, postgres};
use crate::value::Value;

const SETTING: &str = "synchronous_standby_names";

rule! {
    /// ## What it does
    ///
    /// Finds synchronous standbys that are set where nobody can answer: in `postgres_conf_settings`, which TPA writes
    /// before there is any replica, and on servers that nobody streams from, which are the witnesses of repmgr and the
    /// PEM server. The variable `synchronous_standby_names` is written once the replicas are up.
    ///
    /// ## Why is this bad?
    ///
    /// The first role that TPA creates waits for a standby that does not exist yet, so that `tpaexec deploy` hangs
    /// silently. A witness or PEM server waits from then on, whatever is written to it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     replica db3
    ///   }
    ///   vars { postgres_conf_settings = { synchronous_standby_names = "'ANY 1 (db2, db3)'" } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     replica db3
    ///   }
    ///   vars { synchronous_standby_names = "'ANY 1 (db1, db2, db3)'" }
    /// }
    /// ```
    ///
    /// With a witness of repmgr, the variable is on the data nodes:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///     replica db3
    ///     witness vote1
    ///   }
    ///   vars { synchronous_standby_names = "'ANY 1 (db1, db2, db3)'" }
    /// }
    /// ```
    pub(super) static SYNC_TOO_EARLY = {
        name: "sync-too-early",
        level: Error,
        summary: "synchronous standbys where no standby can answer",
        consequence: "the first `tpaexec deploy` hangs, as it waits for a standby that is not there",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // Of Patroni, which writes it itself, another rule speaks.
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    for setting in declared::postgres_setting(subject, SETTING) {
        if is_patroni || !waits(setting.value) {
            continue;
        }
        findings
            .at(
                setting.entity,
                declared::place_of(subject, setting.value.origin),
                format!("`{SETTING}` is in `postgres_conf_settings`, which TPA writes before there are replicas"),
            )
            .key(setting.key)
            .label("set before any standby exists")
            .help(format!(
                "use TPA's variable `{SETTING}`: it is written when the replicas are up"
            ));
    }
    for lone in postgres::lone_servers(subject) {
        let Some(value) = subject.variable_of(lone, SETTING) else {
            continue;
        };
        if !waits(value) {
            continue;
        }
        let name = &lone.name.value;
        let kind = if lone.has_role(Role::PemServer) {
            "PEM server"
        } else {
            "witness"
        };
        findings
            .at(
                lone.entity(),
                declared::place_of(subject, value.origin),
                format!(
                    "`{SETTING}` holds for the {kind} `{name}` too, whose Postgres has no standbys"
                ),
            )
            .key(format!("vars/{SETTING}"))
            .label("holds for every machine below")
            .related(lone.at, format!("the {kind}"))
            .help(only_data_nodes(subject))
            .consequence(format!(
                "after `tpaexec deploy` everything that the {kind} writes waits forever"
            ));
    }
}

fn only_data_nodes(subject: &Subject) -> String {
    let place = words::say(
        subject,
        "the `vars { … }` of each data node",
        "the `vars` of each data node",
    );
    format!("set it in {place} instead")
}

/// Whether commits wait for somebody: an empty text says that they do not.
fn waits(value: &Value) -> bool {
    let Some(text) = value.as_text() else {
        return false;
    };
    !text.trim().is_empty()
        && (guc::check(text).is_err()
            || !matches!(standby_names::parse(&guc::meaning(text)), Ok(None)))
}
