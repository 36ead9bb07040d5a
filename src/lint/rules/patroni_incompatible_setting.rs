use crate::diagnostic::{Applicability, Level};
use crate::facts::choices::Platform;
use crate::facts::settled::DATA_DIRECTORY;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, postgres, settings};
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds settings that TPA refuses together with Patroni: a template or a folder of its own for Postgres's
    /// configuration, the watchdog on docker, and another store than etcd. Settings of Postgres that Patroni replaces with
    /// its own give a warning.
    ///
    /// ## Why is this bad?
    ///
    /// With the former the deployment stops. With the latter nothing happens at all: Patroni writes `port`,
    /// `listen_addresses`, `cluster_name` and `hot_standby` itself.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform docker { os Rocky 9 }
    ///   location main { data 2 }
    ///   vars { patroni_watchdog_enabled = true }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform docker { os Rocky 9 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static PATRONI_INCOMPATIBLE_SETTING = {
        name: "patroni-incompatible-setting",
        level: Error,
        summary: "a setting that TPA refuses or Patroni replaces",
        consequence: "`tpaexec deploy` stops",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    for node in subject.data_nodes() {
        configuration_files(subject, node, findings);
        watchdog_and_store(subject, node, findings);
        let Some(own) = subject.variable_of(node, "postgres_conf_settings") else {
            continue;
        };
        for name in postgres::REPLACED_BY_PATRONI {
            if settings::inside(Some(own), &[name]).is_some() {
                let finding = findings.at(
                    Entity::Cluster,
                    settings::at_key(own, name),
                    format!("Patroni replaces `{name}` with its own"),
                );
                finding
                    .key(format!("vars/postgres_conf_settings/{name}"))
                    .label("has no effect")
                    .help("remove it")
                    .consequence("Postgres runs with another value, and no tool says so");
                // Patroni's value is what everybody writes.
                if *name == "hot_standby" {
                    finding.level(Level::Warning);
                }
            }
        }
    }
}

fn configuration_files(subject: &Subject, node: &Instance, findings: &mut Of<'_>) {
    let text = |name: &str| {
        let value = subject
            .variable_of(node, name)
            .and_then(Value::sourced_text);
        value.filter(|text| !text.value.is_empty())
    };
    if let Some(template) = text("postgres_conf_template") {
        findings
            .at(
                Entity::Cluster,
                template.origin,
                "with Patroni `postgres_conf_template` is refused",
            )
            .key("vars/postgres_conf_template")
            .label("Patroni writes postgresql.conf")
            .help("write the settings in `postgres_conf_settings`");
    }
    let data = text("postgres_data_dir").map_or(DATA_DIRECTORY, |data| data.value);
    if let Some(folder) = text("postgres_conf_dir").filter(|folder| folder.value != data) {
        findings
            .at(
                Entity::Cluster,
                folder.origin,
                format!("with Patroni `postgres_conf_dir` must be `{data}`, the data directory"),
            )
            .key("vars/postgres_conf_dir")
            .label("another folder")
            .help("remove it");
    }
}

fn watchdog_and_store(subject: &Subject, node: &Instance, findings: &mut Of<'_>) {
    let watchdog = "patroni_watchdog_enabled";
    let enabled = subject
        .variable_of(node, watchdog)
        .filter(|value| settings::is_true(Some(value)));
    if let Some(enabled) = enabled.filter(|_| node.is_on(Platform::Docker)) {
        findings
            .at(
                Entity::Cluster,
                enabled.origin,
                format!("`{watchdog}` on docker, where containers have no watchdog"),
            )
            .key(format!("vars/{watchdog}"))
            .label("not on docker")
            .help("remove it, or write `false`")
            .fix(Applicability::Suggested, enabled.origin, "false");
    }
    let store = subject.variable_of(node, "patroni_dcs");
    let store = store.and_then(Value::sourced_text);
    if let Some(store) = store.filter(|store| store.value != "etcd") {
        findings
            .at(
                Entity::Cluster,
                store.origin,
                format!("TPA runs Patroni with etcd, and not with `{}`", store.value),
            )
            .key("vars/patroni_dcs")
            .label("only `etcd`")
            .help("remove it, or write `etcd`")
            .fix(Applicability::Suggested, store.origin, "etcd");
    }
}
