use std::cell::LazyCell;

use crate::facts::choices::Compliance;
use crate::facts::database_objects::{LISTS, Member};
use crate::facts::parameters;
use crate::facts::variables::{self, VARIABLES, Variable};
use crate::lint::Context;
use crate::lint::compliance;
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::rules::protected_setting;
use crate::lint::scopes::{self, Scope};
use crate::lint::words;
use crate::suggest;
use crate::tpa::view::{Subject, Written, places};
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds variables that no part of TPA reads and that are nearly called like one that it does, parameters of Postgres
    /// among the variables of TPA, keys of `postgres_users` and `postgres_databases` that it does not read, and names of the documentation that are wrong.
    ///
    /// ## Why is this bad?
    ///
    /// Ansible takes any variable. A misspelt one is never reported, and the cluster runs with the default.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { repmgr_redirect_pgbouncers = true }
    /// }
    /// ```
    ///
    /// What has no variable of TPA belongs in `postgres_conf_settings`:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { log_lock_waits = on }
    /// }
    /// ```
    ///
    /// repmgr.conf calls it `use_replication_slots`, TPA does not:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { use_replication_slots = 0 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { repmgr_redirect_pgbouncer = true }
    /// }
    /// ```
    pub(super) static UNKNOWN_VARIABLE = {
        name: "unknown-variable",
        level: Warning,
        summary: "a variable that TPA does not read",
        consequence: "Ansible ignores it, and the cluster runs with the default",
    }
}

/// Variables that TPA writes or documents and does not read, and what it reads instead.
const MISNAMED: &[(&str, &str)] = &[
    ("extra_bash_rc_lines", "extra_bashrc_lines"),
    // As repmgr.conf calls it.
    ("use_replication_slots", "repmgr_use_slots"),
    ("barman_backup_cron", "barman_backup_interval"),
    ("barman_backup_schedule", "barman_backup_interval"),
    ("backup_schedule", "barman_backup_interval"),
];

/// How variables end that hold all settings of a program.
const SETTINGS: [&str; 3] = ["_conf_settings", "_config_settings", "_settings"];

/// How variables begin that Ansible itself reads, that provisioning sets, or that belong to distributed clusters.
const OTHERS: &[&str] = &["ansible_", "tpa_version", "bdr_", "harp_", "pgd"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let is_cis = compliance::standard(context.subject, Compliance::Cis).is_some();
    // Most clusters have no unknown variable, and need no names to compare with.
    let known =
        LazyCell::new(|| -> Vec<&str> { VARIABLES.iter().map(|variable| variable.name).collect() });
    for scope in scopes::variables(context.subject) {
        for (key, value) in scope.map.iter() {
            let Key::Text(name) = key else { continue };
            let misnamed = MISNAMED.iter().find(|(wrong, _)| wrong == name);
            if misnamed.is_none() && variables::find(name).is_some() {
                continue;
            }
            if is_parameter(context.subject, name) {
                parameter(context.subject, &scope, name, value, findings);
                continue;
            }
            let meant = match misnamed {
                // Whoever asks for CIS gets it from TPA.
                Some((wrong, right)) if value.origin.is_written() => {
                    // With CIS that is `compliance-side-effects`'s.
                    let is_of_cis = is_cis && *wrong == "extra_bash_rc_lines";
                    (!is_of_cis).then_some(*right)
                }
                Some(_) => None,
                None if OTHERS.iter().any(|prefix| name.starts_with(prefix)) => None,
                None => suggest::nearest(name, &known).or_else(|| with_program(name)),
            };
            if let Some(meant) = meant {
                report(&scope, name, value, findings).rename(scope.map, name, meant);
                continue;
            }
            if misnamed.is_none() && settings_of_another(&scope, name, value, &known, findings) {
                continue;
            }
            let is_known =
                misnamed.is_some() || OTHERS.iter().any(|prefix| name.starts_with(prefix));
            if is_known {
                continue;
            }
            if let Some(other) = suggest::resembling(name, &known) {
                report(&scope, name, value, findings)
                    .label("not known")
                    .help(format!("remove it, unless a task of yours reads it; a variable that looks like it is `{other}`"));
            }
        }
        for (list, members) in LISTS {
            unknown_members(context.subject.written, &scope, list, members, findings);
        }
    }
}

/// The only variable that is a program's name and this one: `pgbouncer_pool_mode` for `pool_mode`.
fn with_program(name: &str) -> Option<&'static str> {
    let is_its = |variable: &&Variable| {
        let begin = variable.name.strip_suffix(name);
        begin.and_then(|begin| begin.strip_suffix('_')) == Some(variable.component)
    };
    let mut found = VARIABLES.iter().filter(is_its);
    let only = found.next().filter(|_| name.contains('_'))?;
    found.next().is_none().then_some(only.name)
}

/// A map of settings for a program whose settings TPA takes as variables.
fn settings_of_another(
    scope: &Scope<'_>,
    name: &str,
    value: &Value,
    known: &[&str],
    findings: &mut Of<'_>,
) -> bool {
    let Some(program) = SETTINGS.iter().find_map(|end| name.strip_suffix(end)) else {
        return false;
    };
    let begin = format!("{program}_");
    let own: Vec<&str> = known
        .iter()
        .copied()
        .filter(|known| known.starts_with(&begin))
        .collect();
    if own.is_empty() {
        return false;
    }
    report(scope, name, value, findings)
        .label("not a variable of TPA")
        .help(format!(
            "write a variable of its own for each setting: {}",
            words::first_of(&own)
        ));
    true
}

/// Whether a name that is no variable of TPA is a parameter of the cluster's Postgres.
fn is_parameter(subject: &Subject, name: &str) -> bool {
    let Some(version) = subject.version() else {
        return false;
    };
    // Names without `_`, such as `port`, may be variables of playbooks, but for some that nobody else has.
    (name.contains('_') || ["autovacuum", "fsync"].contains(&name))
        && parameters::find(name, version.value).is_some()
}

/// A parameter of Postgres among the variables of TPA.
fn parameter(
    subject: &Subject,
    scope: &Scope<'_>,
    name: &str,
    value: &Value,
    findings: &mut Of<'_>,
) {
    let at = places::of_key(scope.map, name).unwrap_or(value.origin);
    let spelling = match value.as_text() {
        Some(text) => words::plain(subject, text),
        None => value.spelling().unwrap_or_else(|| "…".to_owned()),
    };
    let help = if protected_setting::belongs_to_tpa(name) {
        "remove it: TPA decides it".to_owned()
    } else {
        format!(
            "write {} instead",
            words::postgres_setting(subject, name, &spelling)
        )
    };
    findings
        .at(
            scope.entity.clone(),
            at,
            format!("`{name}` is a parameter of Postgres, which TPA does not read here"),
        )
        .key(scope.key(name))
        .label("not a variable of TPA")
        .consequence("it never reaches postgresql.conf, and Postgres runs with its default")
        .help(help);
}

fn report<'f>(
    scope: &Scope<'_>,
    name: &str,
    value: &Value,
    findings: &'f mut Of<'_>,
) -> &'f mut Finding {
    let at = places::of_key(scope.map, name).unwrap_or(value.origin);
    findings
        .at(
            scope.entity.clone(),
            at,
            format!("TPA does not know the variable `{name}`"),
        )
        .key(scope.key(name))
}

/// Keys of the entries of a list.
fn unknown_members(
    written: Written,
    scope: &Scope<'_>,
    list: &str,
    members: &[Member],
    findings: &mut Of<'_>,
) {
    let Some(entries) = scope.map.get(list).and_then(Value::as_list) else {
        return;
    };
    let keys: Vec<&str> = members.iter().map(|member| member.name).collect();
    for map in entries.iter().filter_map(Value::as_map) {
        for (key, value) in map.iter() {
            let Key::Text(name) = key else { continue };
            if keys.contains(&name.as_str()) {
                continue;
            }
            let nearest = suggest::nearest(name, &keys);
            let is_password = list == "postgres_users" && name == "password";
            // A password that can be read is `secret-in-plain-text`'s.
            let is_secret = is_password && !scopes::is_template(value);
            let instead = instead(written, list, name);
            if is_secret || (nearest.is_none() && instead.is_none() && !is_password) {
                continue;
            }
            let at = places::of_key(map, name).unwrap_or(value.origin);
            let finding = findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!("TPA does not read the key `{name}` in `{list}`"),
                )
                .key(scope.key(list));
            match (instead, nearest.filter(|_| !is_password)) {
                (Some(instead), _) => {
                    finding.label("has no effect").help(instead);
                }
                (None, Some(nearest)) => {
                    finding.rename(map, name, nearest);
                }
                (None, None) => {
                    finding
                        .label("has no effect")
                        .consequence("the user gets no password, and this one is in the file for everybody to read")
                        .help("write `generate_password = true`; `tpaexec show-password` prints it, `tpaexec store-password` sets one");
                }
            }
        }
    }
}

/// What to write instead of a key of a user that people know from elsewhere. Others may be for a task of theirs.
fn instead(written: Written, list: &str, name: &str) -> Option<String> {
    if list == "postgres_databases" {
        return matches!(name, "user" | "username" | "owned_by")
            .then(|| "write the user that owns it as `owner`".to_owned());
    }
    if list != "postgres_users" {
        return None;
    }
    Some(match name {
        "valid_until" | "expires" => {
            "write it in `role_attrs`: `\"valid until '2027-12-31'\"`".to_owned()
        }
        "superuser" | "login" | "createdb" | "createrole" | "replication" | "inherit" => {
            format!(
                "write {}, or `no{name}`",
                words::setting(written, "role_attrs", &format!("[{name}]"))
            )
        }
        "groups" | "member_of" | "grants" | "in_role" | "roles" | "privileges" => {
            "write the roles that it belongs to in `granted_roles`, a list".to_owned()
        }
        _ => return None,
    })
}
