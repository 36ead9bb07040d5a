use crate::facts::efm::INSTALLED;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::suggest::nearest;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, efm, settings};
use crate::value::{Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds properties in `efm_conf_settings` that never reach EFM: names that TPA's template does not know, properties
    /// that TPA sets itself, and those of another version of EFM. Without `efm_version` TPA installs 4.9, and 5.0 on
    /// Ubuntu 24.04.
    ///
    /// ## Why is this bad?
    ///
    /// TPA copies the properties that it knows and drops the rest silently. The cluster runs with EFM's default, and
    /// that shows in the failure that the property was meant for.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { auto.failovr = false } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { auto.failover = false } }
    /// }
    /// ```
    pub(super) static EFM_SETTINGS_DROPPED = {
        name: "efm-settings-dropped",
        level: Warning,
        summary: "properties of EFM that TPA drops",
        consequence: "TPA drops it silently, and EFM runs with its default",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Efm) {
        return;
    }
    for instance in &subject.instances {
        let Some(written) = subject.variable_of(instance, "efm_conf_settings") else {
            continue;
        };
        let version = efm::version(subject, instance);
        for (key, _) in written.as_map().into_iter().flat_map(Map::iter) {
            if let Key::Text(key) = key {
                property(written, key, version, subject.tpa, findings);
            }
        }
    }
}

fn property(
    written: &Value,
    name: &str,
    version: Option<(u32, u32)>,
    tpa: TpaVersion,
    findings: &mut Of<'_>,
) {
    let at = settings::at_key(written, name);
    let mut report = |message: String, label: String, help: String| {
        findings
            .at(Entity::Cluster, at, message)
            .key(format!("vars/efm_conf_settings/{name}"))
            .label(label)
            .help(help);
    };
    if SET_BY_TPA.contains(&name) {
        report(
            format!("TPA sets `{name}` of EFM itself"),
            "has no effect".to_owned(),
            "remove it".to_owned(),
        );
        return;
    }
    let since = SINCE.iter().find(|(known, _)| *known == name);
    let [_, newest] = INSTALLED;
    let latest = version.unwrap_or(newest);
    if let Some((_, (major, minor))) = since
        && latest < (*major, *minor)
    {
        report(
            format!("EFM {}.{} has no property `{name}`", latest.0, latest.1),
            format!("since EFM {major}.{minor}"),
            format!("set `efm_version` to {major}.{minor} or later, or remove it"),
        );
        return;
    }
    if name == UNTIL_FIVE && version.is_some_and(|version| version >= (5, 0)) {
        report(
            format!("EFM 5 has no property `{name}`"),
            "until EFM 4".to_owned(),
            "write `auto.resume.startup.period` and `auto.resume.failure.period`".to_owned(),
        );
        return;
    }
    if let Availability::NotYet(needed) = changes::efm_property(tpa, name) {
        report(
            format!("TPA {tpa} does not copy the property `{name}` of EFM"),
            format!("since TPA {needed}"),
            format!("remove it, or upgrade TPA to {needed} or later"),
        );
        return;
    }
    let is_known = since.is_some() || name == UNTIL_FIVE || KNOWN.contains(&name);
    if is_known {
        return;
    }
    let known: Vec<&str> = KNOWN
        .iter()
        .copied()
        .chain(SINCE.iter().map(|(name, _)| *name))
        .collect();
    let message = format!("TPA does not know the property `{name}` of EFM");
    match nearest(name, &known) {
        Some(nearest) => {
            let finding = findings
                .at(Entity::Cluster, at, message)
                .key(format!("vars/efm_conf_settings/{name}"));
            if let Some(map) = written.as_map() {
                finding.rename(map, name, nearest);
            }
        }
        None => {
            report(
                message,
                "never reaches EFM".to_owned(),
                "remove it, or set it in EFM's file by a hook of TPA".to_owned(),
            );
        }
    }
}

/// A property that EFM 5 has split into two.
const UNTIL_FIVE: &str = "auto.resume.period";

/// Properties that came later than EFM 4.9.
const SINCE: &[(&str, (u32, u32))] = &[
    ("auto.basebackup", (5, 2)),
    ("auto.resume.failure.period", (5, 0)),
    ("auto.resume.startup.period", (5, 0)),
    ("auto.rewind", (5, 1)),
    ("backup.wal", (5, 0)),
    ("check.num.sync.period", (5, 0)),
    ("check.vip.timeout", (5, 1)),
    ("jdbc.loglevel", (5, 1)),
    ("primary.health.check.port", (5, 4)),
    ("release.vip.background", (5, 1)),
    ("release.vip.post.wait", (5, 1)),
    ("release.vip.pre.wait", (5, 1)),
];

const SET_BY_TPA: &[&str] = &[
    "auto.reconfigure",
    "bind.address",
    "db.bin",
    "db.data.dir",
    "db.password.encrypted",
    "db.port",
    "db.service.name",
    "db.service.owner",
    "db.user",
    "external.address",
    "is.witness",
    "promotable",
    "script.notification",
];

/// Properties that TPA's template copies, whatever the version.
const KNOWN: &[&str] = &[
    "admin.port",
    "application.name",
    "auto.allow.hosts",
    "auto.failover",
    "check.vip.before.promotion",
    "custom.monitor.interval",
    "custom.monitor.safe.mode",
    "custom.monitor.timeout",
    "db.config.dir",
    "db.database",
    "db.reuse.connection.count",
    "detach.on.agent.failure",
    "efm.loglevel",
    "enable.stop.cluster",
    "encrypt.agent.messages",
    "file.log.enabled",
    "from.email",
    "jdbc.sslmode",
    "jgroups.loglevel",
    "jvm.options",
    "local.period",
    "local.timeout",
    "local.timeout.final",
    "lock.dir",
    "log.dir",
    "minimum.standbys",
    "node.timeout",
    "notification.level",
    "notification.text.prefix",
    "pcp.host",
    "pcp.pass.file",
    "pcp.port",
    "pcp.user",
    "pgpool.bin",
    "pgpool.enable",
    "pid.dir",
    "ping.server.command",
    "ping.server.ip",
    "primary.shutdown.as.failure",
    "priority.standbys",
    "reconfigure.num.sync",
    "reconfigure.num.sync.max",
    "reconfigure.sync.primary",
    "recovery.check.period",
    "remote.timeout",
    "restart.connection.timeout",
    "restore.command",
    "script.custom.monitor",
    "script.db.failure",
    "script.fence",
    "script.load.balancer.attach",
    "script.load.balancer.detach",
    "script.post.promotion",
    "script.primary.isolated",
    "script.remote.post.promotion",
    "script.remote.pre.promotion",
    "script.resumed",
    "stable.nodes.file",
    "standby.restart.delay",
    "stop.failed.primary",
    "stop.isolated.primary",
    "sudo.command",
    "sudo.user.command",
    "syslog.enabled",
    "syslog.facility",
    "syslog.host",
    "syslog.port",
    "syslog.protocol",
    "update.physical.slots.period",
    "use.replay.tiebreaker",
    "user.email",
    "virtual.ip",
    "virtual.ip.interface",
    "virtual.ip.prefix",
    "virtual.ip.single",
];
