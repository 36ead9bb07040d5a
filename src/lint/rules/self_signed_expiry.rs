use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::tpa::changes::{self, Difference};
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, database};
use crate::tpa::view::{Entity, postgres};
use crate::tpa::view::{Instance, Subject};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds clusters on real machines whose servers make their own certificates, those with only one of `ssl_cert_file`
    /// and `ssl_key_file`, and those that copy a key to the machines for everybody to read.
    ///
    /// ## Why is this bad?
    ///
    /// The certificate that TPA makes for each machine is self-signed, bears the name `localhost.localdomain`, and is never
    /// renewed. Those of TPA before 23.41 hold for 365 days, later ones for 3650 or `openssl_certificate_validity`. Clients that verify the server, as they should, refuse it from
    /// the first day. A certificate and a key that do not belong together keep Postgres from starting.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
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
    ///   vars {
    ///     ssl_cert_file = "/etc/pki/tls/postgres.crt"
    ///     ssl_key_file  = "/etc/pki/tls/postgres.key"
    ///   }
    /// }
    /// ```
    pub(super) static SELF_SIGNED_EXPIRY = {
        name: "self-signed-expiry",
        level: Warning,
        summary: "certificates that no client can verify and nobody renews",
        consequence: "clients with `sslmode=verify-full` cannot connect, and one day the certificates are void",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let certificate = file(subject, primary, "ssl_cert_file");
    let key = file(subject, primary, "ssl_key_file");
    match (certificate, key) {
        (Some(_), Some(key)) => readable(subject, findings, key),
        (Some(written), None) => half(subject, findings, written, "ssl_cert_file", "ssl_key_file"),
        (None, Some(written)) => half(subject, findings, written, "ssl_key_file", "ssl_cert_file"),
        // Containers are for trying things out.
        (None, None) if subject.is_on(Platform::Docker) => {}
        (None, None) => {
            findings
                .at(
                    Entity::Cluster,
                    declared::at_cluster(subject),
                    format!(
                        "the servers have certificates signed by themselves, which are void after {} days",
                        days(subject, primary)
                    ),
                )
                .key("vars/ssl_cert_file")
                .label("no certificates are given")
                .help(format!(
                    "put certificates of your own on the machines, and name them with {} and `ssl_key_file`",
                    words::variable(subject, "ssl_cert_file", "\"/…\"")
                ))
                .level(Level::Advice);
        }
    }
}

/// For how many days TPA's own certificates hold.
fn days(subject: &Subject, primary: &Instance) -> String {
    if !changes::differs(subject.tpa, Difference::LongCertificates) {
        return "365".to_owned();
    }
    let written = subject.variable_of(primary, "openssl_certificate_validity");
    let written = written.and_then(Value::spelling);
    written.unwrap_or_else(|| "3650".to_owned())
}

/// A key that TPA copies to the machines with rights for everybody.
fn readable(subject: &Subject, findings: &mut Of<'_>, key: &Value) {
    for artifact in database::entries(subject, "artifacts") {
        let is_key = artifact
            .map
            .get("dest")
            .is_some_and(|dest| dest.as_text() == key.as_text());
        let Some(mode) = artifact.map.get("mode").filter(|_| is_key) else {
            continue;
        };
        // YAML reads `0644` as a number in base eight.
        let octal = match &mode.data {
            Data::Integer(mode) => format!("{mode:o}"),
            Data::Null
            | Data::Boolean(_)
            | Data::Decimal(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => mode.spelling().unwrap_or_default(),
        };
        if !octal.ends_with(['4', '5', '6', '7']) {
            continue;
        }
        findings
            .at(
                artifact.entity,
                declared::place_of(subject, mode.origin),
                "everybody on the machine can read the key of the server's certificate",
            )
            .key(artifact.key)
            .label("readable for all")
            .related(key.origin, "the key of the server")
            .help("write \"0600\"")
            .consequence("Postgres refuses a key with such rights and does not start");
    }
}

/// A file that is given for a server, by either of the ways to say it.
fn file<'s>(subject: &'s Subject, primary: &'s Instance, name: &str) -> Option<&'s Value> {
    let written = postgres::setting(subject, primary, name)?;
    let is_empty = written.as_text().is_some_and(str::is_empty);
    (!is_empty).then_some(written)
}

fn half(subject: &Subject, findings: &mut Of<'_>, written: &Value, one: &str, other: &str) {
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, written.origin),
            format!("`{one}` is given, and `{other}` is not"),
        )
        .key(format!("vars/{one}"))
        .label("half of a pair")
        .help(format!(
            "give both, with {}",
            words::variable(subject, other, "\"/…\"")
        ))
        .consequence(
            "Postgres gets a certificate and a key that do not belong together, and does not start",
        );
}
