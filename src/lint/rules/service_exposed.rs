use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::hba::{Kind, Line, Method};
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::hba::{self, File};
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, compliance};
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;
use crate::tpa::view::exposure;
use crate::tpa::view::services::{self, Listener};

rule! {
    /// ## What it does
    ///
    /// Finds services that strangers may talk to: rules on aws that open the port of Postgres, PgBouncer, HAProxy, etcd
    /// or Patroni to every address, and lines of `postgres_hba_settings` that let somebody in without a password, with
    /// a password in clear text, or with MD5.
    ///
    /// ## Why is this bad?
    ///
    /// The pg_hba.conf that TPA writes ends with a line that takes TLS connections of every role from everywhere, and
    /// the roles of repmgr and EFM are superusers. etcd takes commands without any login: whoever reaches its port can
    /// change the cluster, and so run programs as the owner of the data.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     open 22 203.0.113.0/24
    ///     open 5432
    ///   }
    ///   location main { data 2 }
    ///   tags { Owner = Ann }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     open 22 203.0.113.0/24
    ///     open 5432 10.0.0.0/8
    ///   }
    ///   location main { data 2 }
    ///   tags { Owner = Ann }
    /// }
    /// ```
    ///
    /// The same holds for single lines of pg_hba.conf:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_hba_settings = ["host app app 10.0.0.0/8 trust"] }
    /// }
    /// ```
    pub(super) static SERVICE_EXPOSED = {
        name: "service-exposed",
        level: Warning,
        summary: "a service that strangers may talk to",
        consequence: "whoever finds the port may try passwords, or needs none; nothing ever reports it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if exposure::is_public(subject) {
        ports(subject, findings);
    }
    // STIG forbids MD5 altogether, which `stig-preconditions` says.
    let forbids_md5 = compliance::standard(subject, "stig").is_some();
    for file in hba::files(subject) {
        for line in file.lines().into_iter().filter_map(Result::ok) {
            if !(forbids_md5 && line.method.value == Method::Md5) {
                login(subject, findings, &file, &line);
            }
        }
    }
}

fn ports(subject: &Subject, findings: &mut Of<'_>) {
    let services = services(subject);
    let world = exposure::rules(subject)
        .into_iter()
        .filter(|rule| rule.to_world);
    for rule in world {
        let open = services
            .iter()
            .filter(|(listener, _)| rule.opens("tcp", listener.port));
        for (listener, asks) in open {
            let (name, port) = (listener.name(), listener.port);
            let finding = findings
                .at(
                    Entity::Cluster,
                    declared::place_of(subject, rule.at),
                    format!("{name}, port {port}, is open to every address"),
                )
                .key("cluster_rules")
                .label("every address")
                .help(words::say(
                    subject,
                    "name the networks of the clients after the port of `open`",
                    "name the networks of the clients in `cidr_ip`",
                ));
            if !asks {
                finding.consequence(
                    "it asks nobody for a password: whoever finds the port can take over the cluster",
                );
            }
        }
    }
    if let Some(pem) = subject.with_role(Role::PemServer).next() {
        findings
            .at(
                pem.entity(),
                declared::place_of(subject, pem.at),
                "TPA opens port 443, that of PEM, to every address",
            )
            .key("role")
            .label("TPA adds a rule of its own")
            .help("name groups of yours in `ec2_groups`, which TPA leaves alone, or see that PEM's users have good passwords")
            .level(Level::Advice)
            .consequence("everybody may try to log in to PEM");
    }
}

/// The services of a cluster and whether they ask for a password. Of those with one port the first counts.
fn services(subject: &Subject) -> Vec<(Listener, bool)> {
    let mut services: Vec<(Listener, bool)> = Vec::new();
    for instance in &subject.instances {
        for listener in services::of(subject, instance) {
            let is_new = services
                .iter()
                .all(|(known, _)| known.port != listener.port);
            if let Some(asks) = listener.service.facts().asks.filter(|_| is_new) {
                services.push((listener, asks));
            }
        }
    }
    services
}

fn login(subject: &Subject, findings: &mut Of<'_>, file: &File<'_>, line: &Line) {
    let (message, label, help, level, consequence) = match (line.method.value, line.kind.value) {
        (Method::Trust, _) if line.is_local() => (
            "whoever has a shell on the machine logs in to Postgres without a password".to_owned(),
            "`trust` asks nobody",
            "write `peer`, which asks the system who it is, or `scram-sha-256`",
            Level::Warning,
            "every program on the machine can read and change all data",
        ),
        (Method::Trust, kind) => (
            format!(
                "a `{}` line of pg_hba.conf lets everybody in who reaches the port",
                kind.name()
            ),
            "`trust` asks nobody",
            "write `scram-sha-256`",
            Level::Warning,
            "every machine in this network can read and change the data",
        ),
        (Method::Password, kind) if kind != Kind::HostSsl && !line.is_local() => (
            format!(
                "a `{}` line of pg_hba.conf takes passwords in clear text",
                kind.name()
            ),
            "`password` without TLS",
            "write `scram-sha-256`, and `hostssl` for TLS",
            Level::Warning,
            "whoever listens on the network reads the password",
        ),
        (Method::Md5, kind) => (
            format!(
                "a `{}` line of pg_hba.conf takes passwords that are stored as MD5",
                kind.name()
            ),
            "MD5",
            "write `scram-sha-256`, once all passwords are stored that way",
            Level::Advice,
            "a stolen copy of the stored passwords is enough to log in, and newer versions of Postgres drop MD5",
        ),
        _ => return,
    };
    file.report(subject, findings, &line.method.at, message)
        .label(label)
        .help(help)
        .level(level)
        .consequence(consequence);
}
