use std::net::Ipv4Addr;

use crate::diagnostic::Level;
use crate::facts::choices::{Compliance, Platform};
use crate::facts::roles::Role;
use crate::hba::{Kind, Line, Method};
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::hba::File;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, compliance};
use crate::tpa::view::Entity;
use crate::tpa::view::exposure;
use crate::tpa::view::postgres;
use crate::tpa::view::services::{self, Listener};
use crate::tpa::view::{Subject, Written};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds services that strangers may talk to: rules on aws that open the port of Postgres, PgBouncer, HAProxy, etcd
    /// or Patroni to every address, HAProxy that listens on the public address of a machine of your own, and lines of
    /// `postgres_hba_settings` that let somebody in without a password, with a password in clear text, or with MD5.
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
    ///
    /// And for HAProxy on a machine of your own with a public address:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main {
    ///     data 2
    ///     haproxy lb1 { public = 192.0.2.7; private = 10.0.0.7 }
    ///   }
    /// }
    /// ```
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main {
    ///     data 2
    ///     haproxy lb1 {
    ///       public  = 192.0.2.7
    ///       private = 10.0.0.7
    ///       vars { haproxy_bind_address = "10.0.0.7" }
    ///     }
    ///   }
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
    haproxy(subject, findings);
    // STIG forbids MD5 altogether, which `stig-preconditions` says.
    let forbids_md5 = compliance::standard(subject, Compliance::Stig).is_some();
    for file in context.hba_files() {
        for line in file.lines() {
            if !(forbids_md5 && line.method.value == Method::Md5) {
                login(subject, findings, file, line);
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
            .help(words::say(
                subject,
                "name groups of yours in `ec2_groups` of the cluster's `settings`, which TPA leaves alone, or see that PEM's users have good passwords",
                "name groups of yours in `ec2_groups`, which TPA leaves alone, or see that PEM's users have good passwords",
            ))
            .level(Level::Advice)
            .consequence("everybody may try to log in to PEM");
    }
}

/// HAProxy on every address of a machine that has a public one. On aws the rules of the security group decide.
fn haproxy(subject: &Subject, findings: &mut Of<'_>) {
    const BIND: &str = "haproxy_bind_address";
    for machine in subject.with_role(Role::Haproxy) {
        let Some(bind) = subject.variable_of(machine, BIND) else {
            continue;
        };
        let public = machine.entry.get("public_ip").filter(|value| {
            let address = value.as_text().and_then(|text| text.parse().ok());
            address.is_some_and(|address: Ipv4Addr| !address.is_private())
        });
        let Some(public) =
            public.filter(|_| machine.is_on(Platform::Bare) && bind.as_text() == Some("0.0.0.0"))
        else {
            continue;
        };
        let name = &machine.name.value;
        let private = machine.entry.get("private_ip").and_then(Value::as_text);
        let private = private.unwrap_or("10.0.0.7");
        findings
            .at(
                machine.entity(),
                declared::place_of(subject, public.origin),
                format!("HAProxy on `{name}` listens on every address, this public one too"),
            )
            .key(format!("vars/{BIND}"))
            .label("reaches HAProxy")
            .help(match subject.written {
                Written::Source => format!(
                    "let it listen on the private address alone, in the machine: `vars {{ {BIND} = \"{private}\" }}`; or see that a firewall protects the port"
                ),
                Written::Config => format!(
                    "let it listen on the private address alone, in `vars` of the instance: `{BIND}: {private}`; or see that a firewall protects the port"
                ),
            })
            .level(Level::Advice);
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
            if stores_md5(subject) {
                "first remove `password_encryption`, and let everybody set the password again; then `scram-sha-256` is right here"
            } else {
                "write `scram-sha-256`, once all passwords are stored that way"
            },
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

/// Whether new passwords are stored as MD5 too.
fn stores_md5(subject: &Subject) -> bool {
    let encryption = declared::either(subject, "password_encryption");
    let mut values = encryption.into_iter().map(|setting| setting.value);
    values.any(|value| postgres::word(value).as_deref() == Some("md5"))
}
