use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::systems::Family;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{Difference, differences};
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Subject, places, postgres, systems};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Says what a newer TPA does otherwise with a cluster that runs: where Postgres restarts once, what is no longer set,
    /// and what is needed that was not. It speaks where `m1c lint --tpa VERSION` asks for a newer TPA than the cluster names
    /// with `tpa`. A cluster that names none, and a config.yml, are taken to come from the first TPA that reads all of
    /// their variables.
    ///
    /// ## Why is this bad?
    ///
    /// Whoever upgrades TPA deploys a small change next, and Postgres restarts on all machines.
    ///
    /// ## Example
    ///
    /// ```m1 fails with --tpa 23.45
    /// cluster speedy {
    ///   tpa = 23.40
    ///
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { log_lock_waits = true } }
    /// }
    /// ```
    ///
    /// Once it is upgraded:
    ///
    /// ```m1 passes with --tpa 23.45
    /// cluster speedy {
    ///   tpa = 23.45
    ///
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { log_lock_waits = true } }
    /// }
    /// ```
    pub(super) static TPA_UPGRADE = {
        name: "tpa-upgrade",
        level: Advice,
        summary: "what a newer TPA does otherwise with a cluster that runs",
        consequence: "the next deployment changes more than somebody asked for",
    }
}

const RESTART: &str = "Postgres restarts once, with the first deployment after the upgrade";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(from) = context.upgraded_from else {
        return;
    };
    for (change, difference) in differences(from, subject.tpa) {
        let mut report = Report {
            subject,
            since: change.version,
            findings,
        };
        match difference {
            // Certificates that exist stay as they are, and a token that is not needed does no harm.
            Difference::LongCertificates | Difference::LocalWithoutToken => {}
            Difference::SlotsWithoutPem => report.slots(),
            Difference::LoggingCollector => report.collector(),
            Difference::ControllerOfEight => report.controller(),
            Difference::SecurityGroups => report.groups(),
            Difference::BooleansAsOn => report.booleans(),
            Difference::NetworkByOptIn => report.network(),
        }
    }
}

/// What a release does otherwise.
struct Report<'r, 'f> {
    subject: &'r Subject,
    since: TpaVersion,
    findings: &'r mut Of<'f>,
}

impl Report<'_, '_> {
    fn at(&mut self, at: Origin, key: &str, message: &str) -> &mut Finding {
        let since = self.since;
        self.findings
            .at(
                Entity::Cluster,
                declared::place_of(self.subject, at),
                format!("from TPA {since} on {message}"),
            )
            .key(key)
            .label(format!("different from {since} on"))
    }

    fn slots(&mut self) {
        let subject = self.subject;
        let is_set = !declared::either(subject, "max_replication_slots").is_empty();
        let Some(server) = subject.with_role(Role::PemServer).next() else {
            return;
        };
        if is_set {
            return;
        }
        let at = server.role(Role::PemServer).map(|role| role.origin);
        let at = places::or(at.unwrap_or(server.at), server.name.origin);
        let servers = subject.data_nodes().count() + postgres::lone_servers(subject).len();
        let before = (2 * servers + 3).to_string();
        let set = words::variable(subject, "max_replication_slots", &before);
        self.at(
            at,
            "role",
            "PEM servers do not count for `max_replication_slots`",
        )
        .consequence(RESTART)
        .help(format!(
            "plan the restart, or set {set}, which it has been until then"
        ));
    }

    fn collector(&mut self) {
        for written in declared::variable(self.subject, "log_destination") {
            let text = written.value.as_text().unwrap_or_default();
            let names: Vec<&str> = text
                .split(',')
                .map(|name| name.trim_matches([' ', '\'']))
                .collect();
            if text.is_empty() || names == ["stderr"] || names == ["syslog"] {
                continue;
            }
            self.at(
                written.value.origin,
                &written.key,
                "Postgres logs to `postgres_log_file` with this `log_destination`",
            )
            .consequence(RESTART)
            .help("plan the restart, and see that whoever reads the log finds the file");
        }
    }

    fn controller(&mut self) {
        let mut seen = Vec::new();
        for chosen in systems::chosen(self.subject) {
            let system = &chosen.system;
            let is_eight =
                system.family == Family::RedHat && system.version.split('.').next() == Some("8");
            if !is_eight || seen.contains(&chosen.at) {
                continue;
            }
            seen.push(chosen.at);
            let message = format!(
                "machines with {} 8 are deployed from a machine with the same system only",
                system.name
            );
            self.at(chosen.at, "image", &message)
                .level(Level::Warning)
                .consequence("`tpaexec deploy` stops elsewhere, because newer systems have no ansible-core 2.16")
                .help("run TPA on RHEL 8 or a relative, or move the machines to release 9 first");
        }
    }

    fn groups(&mut self) {
        let map = &self.subject.document;
        let Some(groups) = map.get("ec2_groups") else {
            return;
        };
        let at = places::of_key(map, "ec2_groups").unwrap_or(groups.origin);
        self.at(
            at,
            "ec2_groups",
            "the security groups of `ec2_groups` must exist",
        )
        .consequence("`tpaexec provision` stops at one that does not; before, it went on without")
        .help("look at the names, with `aws ec2 describe-security-groups`");
    }

    fn booleans(&mut self) {
        for written in declared::variable(self.subject, "postgres_conf_settings") {
            let Some(map) = written.value.as_map() else {
                continue;
            };
            let is_boolean = |value: &&Value| matches!(value.data, Data::Boolean(_));
            let mut booleans = map.iter().map(|(_, value)| value).filter(is_boolean);
            let Some(first) = booleans.next() else {
                continue;
            };
            self.at(
                first.origin,
                &written.key,
                "booleans of `postgres_conf_settings` are written `on` and `off`, and not `True` and `False`",
            )
            .consequence(RESTART)
            .help("plan the restart: the values mean the same");
        }
    }

    fn network(&mut self) {
        let subject = self.subject;
        let is_set = !declared::variable(subject, "opt_in_tasks").is_empty();
        // Of aws it is a default of new clusters, and of containers TPA leaves the kernel alone.
        if is_set || !subject.is_on(Platform::Bare) {
            return;
        }
        let set = words::variable(subject, "opt_in_tasks", "[sysctl_net]");
        self.at(
            declared::at_cluster(subject),
            "vars/opt_in_tasks",
            "TPA no longer sets the network in the kernel, `net.…`",
        )
        .consequence("a machine that is new runs with other settings than the old ones")
        .help(format!("set {set} to have it as before"));
    }
}
