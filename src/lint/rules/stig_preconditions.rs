use crate::diagnostic::Level;
use crate::facts::choices::{Compliance, Platform};
use crate::hba::Method;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, Finding, compliance};
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds clusters that are to satisfy STIG and cannot: machines that are not bare, a flavour other than EPAS,
    /// passwords as MD5, PgBouncer without client certificates, a `postgres_ident_template`, which leaves no room for the
    /// map of certificates that STIG needs, and a cluster that does not say where the client certificates of the service
    /// users are.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` refuses some of this, but nobody looks at a config.yml that is changed by hand until
    /// everything is deployed: TPA tests for compliance last.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// compliance: stig
    /// cluster_vars: { failover_manager: efm, postgres_flavour: postgresql, postgres_version: '16' }
    /// instances:
    /// - { Name: db1, node: 1, platform: bare, role: [primary] }
    /// - { Name: db2, node: 2, platform: bare, role: [replica], upstream: db1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// compliance: stig
    /// cluster_vars:
    ///   failover_manager: efm
    ///   postgres_flavour: epas
    ///   postgres_version: '16'
    ///   ssl_client_cert_dir: /etc/ssl/tpa
    /// instances:
    /// - { Name: db1, node: 1, platform: bare, role: [primary] }
    /// - { Name: db2, node: 2, platform: bare, role: [replica], upstream: db1 }
    /// ```
    pub(super) static STIG_PRECONDITIONS = {
        name: "stig-preconditions",
        level: Error,
        summary: "a cluster that cannot satisfy STIG",
        consequence: "the tests for compliance fail, at the very end of `tpaexec deploy`",
    }
}

const CERTIFICATES: &str = "ssl_client_cert_dir";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(at) = compliance::standard(subject, Compliance::Stig) else {
        return;
    };
    if let Some(other) = subject
        .instances
        .iter()
        .find(|instance| !instance.is_on(Platform::Bare))
    {
        let message = format!(
            "STIG needs bare machines, and `{}` is on {}",
            other.name.value, other.platform.value
        );
        report(subject, findings, other.platform.origin, at, message)
            .key("platform")
            .label("not bare")
            .help(format!(
                "run it on machines of your own, with {}",
                words::say(subject, "`platform bare`", "`platform: bare`")
            ));
    }
    if let Some(flavour) = subject.flavour()
        && flavour != Flavour::Epas
    {
        let written = subject.variable("postgres_flavour");
        let place = written.map_or(at, |value| value.origin);
        let message = format!(
            "STIG is defined for EPAS, and the flavour is {}",
            flavour.name()
        );
        report(subject, findings, place, at, message)
            .key("vars/postgres_flavour")
            .label("not EPAS")
            .help(words::say(
                subject,
                "choose `postgres epas`",
                "write `postgres_flavour: epas` in `cluster_vars`",
            ));
    }
    for template in declared::variable(subject, "postgres_ident_template") {
        if template.value.as_text().is_some_and(str::is_empty) {
            continue;
        }
        let message = "`postgres_ident_template` cannot go with the client certificates of STIG";
        report(subject, findings, template.value.origin, at, message)
            .key(template.key)
            .label("TPA writes pg_ident.conf itself")
            .help("remove it")
            .consequence("`tpaexec deploy` stops");
    }
    if declared::variable(subject, CERTIFICATES).is_empty() {
        let message = format!(
            "STIG needs client certificates of the service users, which TPA looks for in `/` as `{CERTIFICATES}` is not set"
        );
        report(subject, findings, at, at, message)
            .key(format!("vars/{CERTIFICATES}"))
            .label("needs client certificates")
            .help(format!(
                "put `USER.crt` and `USER.key` of every service user on the machines, and name their folder: {}",
                words::variable(subject, CERTIFICATES, "\"/etc/ssl/tpa\"")
            ))
            .level(Level::Warning)
            .consequence("`tpaexec deploy` stops at the first service user without a certificate");
    }
    for (name, value) in compliance::md5(subject) {
        let message = format!("`{name}` is MD5, which STIG forbids");
        report(subject, findings, value.origin, at, message)
            .key(format!("vars/{name}"))
            .label("MD5")
            .help("write `scram-sha-256`");
    }
    for file in context.hba_files() {
        for line in file.lines() {
            if line.method.value == Method::Md5 {
                file.report(
                    subject,
                    findings,
                    &line.method.at,
                    "a line of pg_hba.conf takes MD5 passwords, which STIG forbids",
                )
                .related(at, "STIG is asked for here")
                .label("MD5")
                .help("write `scram-sha-256`, or `cert` for client certificates");
            }
        }
    }
    if let Some(pool) = compliance::pool_without_certificates(subject) {
        let message = format!(
            "PgBouncer on `{}` logs in without a certificate, which STIG forbids",
            pool.name.value
        );
        report(subject, findings, compliance::at_pool(pool), at, message)
            .key("role")
            .label("a pool without client certificates")
            .help(format!(
                "use certificates, with {}",
                words::variable(subject, "pgbouncer_use_cert_authentication", "true")
            ));
    }
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    at: Origin,
    stig: Origin,
    message: impl Into<String>,
) -> &'f mut Finding {
    let at = declared::place_of(subject, at);
    let finding = findings.at(Entity::Cluster, at, message);
    if at.place() != stig.place() {
        finding.related(stig, "STIG is asked for here");
    }
    finding
}
