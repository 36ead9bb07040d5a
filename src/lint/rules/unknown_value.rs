use super::flavour_options::CLOSED_FLAVOURS;
use crate::diagnostic::Applicability;
use crate::facts::choices::{
    ARCHITECTURES, Compliance, FailoverManager, Flavour, Keyring, METHODS, PATRONI_PACKAGES,
    PATRONI_STORES, Platform, REACHABILITIES,
};
use crate::facts::keys;
use crate::facts::tpa::changes::{self, Availability};
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::{Context, words};
use crate::origin::{Origin, Sourced};
use crate::resolve::tables::library_releases;
use crate::schema::Block;
use crate::schema::cluster::CLUSTER;
use crate::suggest;
use crate::tpa::view::{Entity, Instance, Subject, places};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds values outside of the set that TPA knows: platforms, failover managers, flavours and major versions of
    /// Postgres, purposes of volumes, pool modes and the like.
    ///
    /// ## Why is this bad?
    ///
    /// TPA rarely checks them. With an unknown `failover_manager` no condition of the deployment holds, and the cluster
    /// is deployed without one; an unknown version fails at a package that does not exist.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: pgpool }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static UNKNOWN_VALUE = {
        name: "unknown-value",
        level: Error,
        summary: "a value that TPA does not know",
        consequence: "`tpaexec deploy` stops at it, or leaves out what it should have chosen",
    }
}

/// Variables with a closed set of values, and what happens with another one.
const VARIABLES: &[(&str, &[&str], &str)] = &[
    (
        "failover_manager",
        FailoverManager::WORDS,
        "`tpaexec deploy` installs no failover manager at all, and says nothing",
    ),
    (
        "postgres_flavour",
        Flavour::WORDS,
        "`tpaexec deploy` stops when it looks for the packages",
    ),
    (
        "barman_backup_method",
        &["rsync", "postgres"],
        "TPA sets up neither method, and Barman falls back to rsync, which it cannot use",
    ),
    (
        "barman_reuse_backup",
        &["off", "link", "copy"],
        "Barman ignores it, and every backup takes the room of a full one",
    ),
    (
        "efm_user_password_encryption",
        &["md5", "scram-sha-256"],
        "`tpaexec deploy` stops",
    ),
    ("patroni_dcs", PATRONI_STORES, "`tpaexec deploy` stops"),
    (
        "patroni_package_flavour",
        PATRONI_PACKAGES,
        "`tpaexec deploy` stops",
    ),
    (
        "pgbouncer_pool_mode",
        &["session", "transaction", "statement"],
        "PgBouncer does not start",
    ),
    (
        "repmgr_failover",
        &["automatic", "manual"],
        "repmgrd does not start",
    ),
    (
        "barman_installation_method",
        METHODS,
        "`tpaexec deploy` installs no Barman",
    ),
    (
        "patroni_installation_method",
        METHODS,
        "`tpaexec deploy` installs no Patroni",
    ),
    (
        "postgres_installation_method",
        METHODS,
        "`tpaexec deploy` installs no Postgres",
    ),
    (
        "repmgr_installation_method",
        METHODS,
        "`tpaexec deploy` installs no repmgr",
    ),
];

/// Variables whose values mean the same in capitals.
const IN_ANY_CASE: &[&str] = &["barman_reuse_backup", "pgbouncer_pool_mode"];

const TOP_LEVEL: &[(&str, &[&str], &str)] = &[
    (
        "architecture",
        ARCHITECTURES,
        "`tpaexec deploy` runs the playbooks of another architecture, which the other rules do not know",
    ),
    (
        "compliance",
        Compliance::WORDS,
        "no settings for a security standard are made",
    ),
    (
        "ec2_instance_reachability",
        REACHABILITIES,
        "machines get neither public addresses nor private ones that TPA can reach",
    ),
    (
        "keyring_backend",
        Keyring::WORDS,
        "`tpaexec provision` finds no place for the vault's passphrase",
    ),
];

/// The values that a variable or top-level key takes, if they are a closed set.
pub fn values_of(key: &str) -> Option<&'static [&'static str]> {
    let mut known = VARIABLES.iter().chain(TOP_LEVEL);
    known
        .find(|(name, ..)| *name == key)
        .map(|(_, values, _)| *values)
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if let Some(architecture) = other_architecture(subject) {
        findings
            .at(
                Entity::Cluster,
                architecture.origin,
                format!(
                    "m1c knows the architecture M1 only, and this cluster is a `{}`",
                    architecture.value
                ),
            )
            .key("architecture")
            .label("not M1")
            .consequence("nothing else in this file is judged: M1's rules do not hold for it")
            .help("leave this file out of `m1c lint`, for example with `exclude` in `m1c.toml`");
        return;
    }
    for (key, known, consequence) in TOP_LEVEL {
        if let Some(value) = subject.document.get(key) {
            choice(
                &Entity::Cluster,
                key,
                key,
                value,
                known,
                consequence,
                findings,
            );
        }
    }
    platforms(subject, findings);
    volumes(subject, findings);
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    for scope in scopes::variables(subject) {
        for (name, known, consequence) in VARIABLES {
            // With Patroni its store is `patroni-incompatible-setting`'s.
            if is_patroni && *name == "patroni_dcs" {
                continue;
            }
            // Flavours of old are `flavour-options`'s.
            let is_old = |value: &&Value| {
                let text = value.as_text().unwrap_or_default();
                *name == "postgres_flavour" && CLOSED_FLAVOURS.contains(&text)
            };
            // PgBouncer and Barman read these in any case.
            let in_other_case = |value: &&Value| {
                let text = value.as_text().unwrap_or_default();
                IN_ANY_CASE.contains(name)
                    && known.iter().any(|known| known.eq_ignore_ascii_case(text))
            };
            let value = scope.map.get(name);
            let value = value.filter(|value| !is_old(value) && !in_other_case(value));
            if let Some(value) = value {
                let key = scope.key(name);
                choice(
                    &scope.entity,
                    &key,
                    name,
                    value,
                    known,
                    consequence,
                    findings,
                );
            }
        }
        sources(&scope, findings);
    }
    version(subject, findings);
}

fn platforms(subject: &Subject, findings: &mut Of<'_>) {
    // Of a platform without a value `wrong-type` speaks.
    let is_written = |instance: &&Instance| !instance.platform.value.is_empty();
    for instance in subject.instances.iter().filter(is_written) {
        let value = Value::text(
            instance.platform.value.as_str(),
            places::or(
                instance.platform.origin,
                places::of_entry(&instance.own, instance.at),
            ),
        );
        // The default of many machines is said once: the place is the same, and so are the words.
        choice(
            &instance.entity(),
            "platform",
            "platform",
            &value,
            Platform::WORDS,
            "`tpaexec provision` looks for the tasks of this platform and stops",
            findings,
        );
    }
}

/// The architecture of a cluster that is not one of M1, however M1 may be misspelt.
pub(super) fn other_architecture(subject: &Subject) -> Option<Sourced<&str>> {
    let value = subject.document.get("architecture")?;
    let written = value.sourced_text()?;
    let is_meant = suggest::nearest(written.value, ARCHITECTURES).is_some();
    let is_other = !is_meant && !ARCHITECTURES.contains(&written.value);
    (is_other && !written.value.is_empty() && !scopes::is_template(value)).then_some(written)
}

fn volumes(subject: &Subject, findings: &mut Of<'_>) {
    for (entity, volume) in scopes::volumes(subject) {
        if let Some(value) = volume.get("volume_type") {
            let consequence = "AWS refuses the volume";
            choice(
                &entity,
                "volumes/volume_type",
                "volume_type",
                value,
                keys::VOLUME_TYPES,
                consequence,
                findings,
            );
        }
        let vars = volume.get("vars").and_then(Value::as_map);
        if let Some(value) = vars.and_then(|vars| vars.get("volume_for")) {
            let consequence = "`tpaexec provision` stops";
            choice(
                &entity,
                "volumes/vars/volume_for",
                "volume_for",
                value,
                VolumeFor::WORDS,
                consequence,
                findings,
            );
        }
        if let Some(value) = vars.and_then(|vars| vars.get("encryption")) {
            let consequence = "the volume is not encrypted";
            choice(
                &entity,
                "volumes/vars/encryption",
                "encryption",
                value,
                &["luks"],
                consequence,
                findings,
            );
        }
    }
}

/// One value of a closed set. A value of another shape is another rule's.
fn choice(
    entity: &Entity,
    key: &str,
    name: &str,
    value: &Value,
    known: &[&str],
    consequence: &'static str,
    findings: &mut Of<'_>,
) {
    let spelling = match &value.data {
        // YAML reads `off` and `no` without quotes as a boolean, and TPA understands either.
        Data::Null | Data::Boolean(_) | Data::List(_) | Data::Map(_) => return,
        Data::Text(text) => text.clone(),
        Data::Integer(_) | Data::Decimal(_) => value.spelling().unwrap_or_default(),
    };
    if known.contains(&spelling.as_str()) || scopes::is_template(value) {
        return;
    }
    report(
        entity,
        key,
        name,
        (&spelling, "", value.origin),
        known,
        findings,
        consequence,
    );
}

/// A word that is not known; `rest` is what comes after it in the same text.
fn report(
    entity: &Entity,
    key: &str,
    name: &str,
    (spelling, rest, at): (&str, &str, Origin),
    known: &[&str],
    findings: &mut Of<'_>,
    consequence: &'static str,
) {
    let finding = findings
        .at(
            entity.clone(),
            at,
            format!("`{spelling}` is not {} that TPA knows", words::one(name)),
        )
        .key(key)
        .consequence(consequence)
        .help(words::instead(spelling, known));
    match suggest::nearest(spelling, known) {
        Some(nearest) => finding.label(format!("did you mean `{nearest}`?")).fix(
            Applicability::Suggested,
            at,
            format!("{nearest}{rest}"),
        ),
        None => finding.label("not known"),
    };
}

/// The major version, which depends on the flavour.
fn version(subject: &Subject, findings: &mut Of<'_>) {
    let (Some(value), Some(flavour)) = (subject.variable("postgres_version"), subject.flavour())
    else {
        return;
    };
    let Some(spelling) = value.spelling() else {
        return;
    };
    if subject.own.release(flavour.name(), &spelling).is_some() || scopes::is_template(value) {
        return;
    }
    let mut known = library_releases(flavour.name());
    let is_here = |major: &&str| match changes::major(subject.tpa, major) {
        // What an older TPA has deployed goes on.
        Availability::Here | Availability::Gone(_) => true,
        Availability::NotYet(_) => false,
    };
    if known.contains(&spelling.as_str()) && is_here(&spelling.as_str()) {
        return;
    }
    known.retain(is_here);
    if known.is_empty() {
        return;
    }
    let major = spelling.split('.').next().unwrap_or_default();
    let help = if known.contains(&major) {
        format!(
            "write the major version `{major}`; `postgres_package_version` chooses a minor release"
        )
    } else {
        format!("TPA deploys {}", words::list(&known))
    };
    let message = match changes::major(subject.tpa, &spelling) {
        Availability::NotYet(since) => {
            let (flavour, tpa) = (flavour.name(), subject.tpa);
            format!(
                "TPA deploys `{flavour}` {spelling} from {since} on, and this cluster is for {tpa}"
            )
        }
        Availability::Here | Availability::Gone(_) => {
            let flavour = flavour.name();
            format!("TPA deploys no version `{spelling}` of `{flavour}`")
        }
    };
    findings
        .at(Entity::Cluster, value.origin, message)
        .key("cluster_vars/postgres_version")
        .label("not known")
        .consequence("`tpaexec deploy` fails at a package that does not exist")
        .help(help)
        .by_table();
}

/// What is built from source: known names, in an order that can be built.
fn sources(scope: &Scope<'_>, findings: &mut Of<'_>) {
    const KEY: &str = "install_from_source";
    let list = scope.map.get(KEY).and_then(Value::as_list);
    let Some(list) = list else { return };
    let known = CLUSTER.entry("sources").and_then(|entry| entry.block);
    let known: Vec<&str> = known.into_iter().flat_map(Block::words).collect();
    let mut built: Vec<String> = Vec::new();
    for item in list {
        let Some(text) = item.as_text().filter(|_| !scopes::is_template(item)) else {
            continue;
        };
        let name = text.split(':').next().unwrap_or_default();
        if !known.contains(&name) {
            report(
                &scope.entity,
                &scope.key(KEY),
                KEY,
                (
                    name,
                    text.get(name.len()..).unwrap_or_default(),
                    item.origin,
                ),
                &known,
                findings,
                "`tpaexec deploy` stops where it would build it",
            );
        }
        let problem = match name {
            "bdr3" if !built.iter().any(|known| known == "pglogical3") => {
                Some("`bdr3` is built on `pglogical3`, which does not come before it")
            }
            "postgres" if built.iter().any(|known| known == "2ndqpostgres") => {
                Some("`postgres` and `2ndqpostgres` are both built from source")
            }
            "2ndqpostgres" if built.iter().any(|known| known == "postgres") => {
                Some("`postgres` and `2ndqpostgres` are both built from source")
            }
            _ => None,
        };
        if let Some(problem) = problem {
            findings
                .at(scope.entity.clone(), item.origin, problem)
                .key(scope.key(KEY))
                .label("cannot be built like this")
                .consequence("`tpaexec deploy` fails while it builds")
                .help("put `pglogical3` before `bdr3`, and take one Postgres");
        }
        built.push(name.to_owned());
    }
}
