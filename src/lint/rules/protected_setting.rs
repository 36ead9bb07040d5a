use crate::diagnostic::Level;
use crate::facts::patroni::REPLACED;
use crate::facts::roles::Role;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::parameters::By;
use crate::lint::rule::rule;
use crate::lint::{Context, Finding};
use crate::topology::FailoverManager;
use crate::tpa::view::postgres;
use crate::tpa::view::{Instance, Subject};
use crate::value::Key;

/// Settings that TPA has to know of, and what to do instead.
const TPA_NEEDS: &[(&str, &str)] = &[
    ("port", "use TPA's variable `postgres_port`"),
    ("listen_addresses", "remove it: TPA writes `*`"),
    (
        "unix_socket_directories",
        "use TPA's variable `unix_socket_directories`",
    ),
    ("data_directory", "use TPA's variable `postgres_data_dir`"),
    ("config_file", "use TPA's variable `postgres_conf_dir`"),
    ("hba_file", "use TPA's variable `postgres_hba_settings`"),
    ("ident_file", "use TPA's variable `postgres_ident_template`"),
    ("cluster_name", "remove it: TPA writes it"),
    ("include", "write the settings here instead"),
    ("include_dir", "write the settings here instead"),
    ("include_if_exists", "write the settings here instead"),
    (
        "primary_conninfo",
        "remove it: it belongs to the failover manager, as `upstream` says who streams from whom",
    ),
    (
        "primary_slot_name",
        "use TPA's variable `primary_slot_name`",
    ),
    (
        "archive_mode",
        "remove it: TPA turns it on, and archives nothing without an `archive_command`",
    ),
];

/// Settings that work here, but are known to a part of the cluster only.
const BETTER_AS_VARIABLE: &[&str] = &[
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_crl_file",
    "ssl_key_file",
];

const PRELOAD: &str = "shared_preload_libraries";

rule! {
    /// ## What it does
    ///
    /// Finds settings in `postgres_conf_settings` that belong to TPA or to the failover manager: the port, addresses
    /// and sockets, the places of files, where a standby streams from, targets of recovery, and `archive_command` where
    /// Barman's archiver writes one. It also finds `shared_preload_libraries` as a variable, and as a setting without
    /// `repmgr` where repmgr needs its library. Among Patroni's `postgresql.parameters` the same settings are a warning.
    ///
    /// ## Why is this bad?
    ///
    /// Postgres follows the setting, while TPA and the failover manager go on with their own value and lose contact.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { port = 5433 } }
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
    ///   vars { postgres_port = 5433 }
    /// }
    /// ```
    pub(super) static PROTECTED_SETTING = {
        name: "protected-setting",
        level: Error,
        summary: "a setting of Postgres that belongs to TPA",
        consequence: "TPA and the failover manager go on with their own value and lose contact with Postgres during `tpaexec deploy`",
    }
}

/// Whether a setting has no place in `postgres_conf_settings`, however its value is written.
pub(super) fn belongs_to_tpa(name: &str) -> bool {
    TPA_NEEDS.iter().any(|(known, _)| *known == name) || name.starts_with("recovery_target")
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    for settings in declared::variable(subject, "postgres_conf_settings") {
        let Some(map) = settings.value.as_map() else {
            continue;
        };
        for (key, value) in map.iter() {
            let Key::Text(name) = key else {
                continue;
            };
            let setting = Declared {
                entity: settings.entity.clone(),
                key: format!("{}/{name}", settings.key),
                value,
            };
            in_conf(subject, is_patroni, name, &setting, findings);
        }
    }
    for setting in context.parameters() {
        if setting.by != By::Patroni {
            continue;
        }
        let name = setting.name.to_lowercase();
        // What Patroni replaces is `patroni-setting`'s.
        if belongs_to_tpa(&name) && !REPLACED.contains(&name.as_str()) {
            let help = TPA_NEEDS.iter().find(|(known, _)| *known == name);
            findings
                .at(
                    setting.entity.clone(),
                    declared::place_of(subject, setting.at_name()),
                    format!("`{name}` among Patroni's parameters belongs to TPA or to Patroni"),
                )
                .key(setting.key())
                .label("they do not see this")
                .help(help.map_or("remove it", |(_, help)| help))
                .level(Level::Warning)
                .consequence(
                    "Postgres follows it or Patroni drops it, and TPA goes on with its own value",
                );
        }
    }
    archive_command(subject, findings);
    preload(subject, findings);
}

/// A setting in `postgres_conf_settings`.
fn in_conf(
    subject: &Subject,
    is_patroni: bool,
    name: &str,
    setting: &Declared<'_>,
    findings: &mut Of<'_>,
) {
    let needed = TPA_NEEDS.iter().find(|(known, _)| *known == name);
    if let Some((_, help)) = needed {
        // What Patroni does with it is `patroni-incompatible-setting`'s.
        let is_patronis = is_patroni && postgres::REPLACED_BY_PATRONI.contains(&name);
        let is_right = name == "port" && is_known_port(subject, setting);
        if !is_patronis && !is_right {
            report(subject, findings, setting, name, help);
        }
    } else if name.starts_with("recovery_target") {
        if postgres::word(setting.value).is_some_and(|word| !word.is_empty()) {
            let help = "remove it: a restore is a task of its own, and no setting of a cluster";
            report(subject, findings, setting, name, help).consequence(
                "every standby stops to replay WAL at the target and falls behind for good",
            );
        }
    } else if BETTER_AS_VARIABLE.contains(&name) {
        let help = format!("use TPA's variable `{name}`");
        report(subject, findings, setting, name, &help)
            .level(Level::Warning)
            .consequence(
                "Postgres uses it, while what else TPA gives certificates to keeps the other one",
            );
    }
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    setting: &Declared<'_>,
    name: &str,
    help: &str,
) -> &'f mut Finding {
    findings
        .at(
            setting.entity.clone(),
            declared::place_of(subject, setting.value.origin),
            format!("`{name}` in `postgres_conf_settings` belongs to TPA"),
        )
        .key(setting.key.as_str())
        .label("TPA does not see this")
        .help(help)
}

/// Whether the port is the one that TPA expects anyway.
fn is_known_port(subject: &Subject, setting: &Declared<'_>) -> bool {
    let known = subject.variable("postgres_port").and_then(postgres::number);
    known.is_some() && known == postgres::number(setting.value)
}

/// With Barman's archiver TPA derives the command that hands WAL to Barman.
fn archive_command(subject: &Subject, findings: &mut Of<'_>) {
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(archiver) = subject
        .variable_of(primary, "barman_archiver")
        .filter(|archiver| postgres::is_on(archiver))
    else {
        return;
    };
    for command in declared::postgres_setting(subject, "archive_command") {
        report(
            subject,
            findings,
            &command,
            "archive_command",
            "remove one of the two; a command of your own has to hand WAL to Barman itself",
        )
        .related(archiver.origin, "Barman's archiver is on")
        .consequence("Barman waits for WAL that never comes, and its backups fail");
    }
}

fn preload(subject: &Subject, findings: &mut Of<'_>) {
    for variable in declared::variable(subject, PRELOAD) {
        findings
            .at(
                variable.entity,
                declared::place_of(subject, variable.value.origin),
                format!("`{PRELOAD}` is not a variable that TPA takes"),
            )
            .key(variable.key)
            .label("TPA makes this list itself")
            .help("name the extensions in `extra_postgres_extensions`, and those that TPA does not know as preloaded in `preload_extensions` too")
            .consequence("`tpaexec deploy` stops");
    }
    if subject.failover_manager() != Some(FailoverManager::Repmgr) {
        return;
    }
    let is_affected =
        |instance: &&Instance| instance.is_data_node() || instance.has_role(Role::Witness);
    for instance in subject.instances.iter().filter(is_affected) {
        let Some(value) = postgres::in_conf(subject, instance, PRELOAD) else {
            continue;
        };
        let Some(libraries) = postgres::word(value) else {
            continue;
        };
        let mut libraries = libraries
            .split(',')
            .map(|name| name.trim().trim_matches('"'));
        if libraries.any(|library| library == "repmgr") {
            continue;
        }
        findings
            .at(
                instance.entity(),
                declared::place_of(subject, value.origin),
                format!("`{PRELOAD}` replaces TPA's list and lacks `repmgr`"),
            )
            .key(format!("vars/postgres_conf_settings/{PRELOAD}"))
            .label("without repmgr's library")
            .help("name the extensions in `extra_postgres_extensions` instead, or add `repmgr` to the list")
            .consequence("repmgrd does not start without its library, and nobody fails over");
    }
}
