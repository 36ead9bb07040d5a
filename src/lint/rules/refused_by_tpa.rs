use crate::diagnostic::Applicability;
use crate::facts::roles::Role;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability, Refused, Running, Stop, When};
use crate::facts::variables;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::rules::unread_volumes;
use crate::lint::{Context, extensions, releases, scopes, words};
use crate::suggest;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Subject, places, settings};

rule! {
    /// ## What it does
    ///
    /// Finds variables at which a deployment stops: `etcd_authentication_mode` and `patroni_authentication_mode` with a word
    /// that TPA does not know, or with `mtls` and without TLS, and other combinations that some release checks. What only
    /// a later TPA than that of the cluster stops at is a warning.
    ///
    /// ## Why is this bad?
    ///
    /// TPA checks it at the start of a deployment. Nothing is deployed, and a change that was urgent waits.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover patroni
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { etcd_authentication_mode = mtls }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover patroni { tls = true }
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static REFUSED_BY_TPA = {
        name: "refused-by-tpa",
        level: Error,
        summary: "variables at which a deployment stops",
        consequence: "`tpaexec deploy` stops at it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for (change, refused) in changes::refused_variables() {
        let since = variables::find(refused.variable).and_then(|variable| variable.since);
        // A variable that this TPA does not read is `needs-newer-tpa`'s.
        let is_read = since.is_none_or(|since| since <= subject.tpa);
        let manager = refused.manager;
        let is_looked_at =
            manager.is_none_or(|manager| subject.failover_manager() == Some(manager));
        if is_read && is_looked_at {
            variable(subject, change.version, refused, findings);
        }
    }
    pgaa(subject, findings);
    certificate(subject, findings);
}

fn variable(subject: &Subject, since: TpaVersion, refused: Refused, findings: &mut Of<'_>) {
    match refused.when {
        When::NotOneOf(known) => {
            for written in declared::variable(subject, refused.variable) {
                not_one_of(subject, since, refused.variable, (known, written), findings);
            }
        }
        When::Without { value, needs } => {
            without(subject, since, refused.variable, (value, needs), findings);
        }
        When::InClusterVars => in_cluster_vars(subject, since, refused.variable, findings),
    }
}

fn not_one_of(
    subject: &Subject,
    since: TpaVersion,
    name: &str,
    (known, written): (&[&str], Declared<'_>),
    findings: &mut Of<'_>,
) {
    let Some(spelling) = written.value.spelling() else {
        return;
    };
    if known.contains(&spelling.as_str()) || scopes::is_template(written.value) {
        return;
    }
    let at = written.value.origin;
    let finding = findings
        .at(
            written.entity,
            declared::place_of(subject, at),
            format!("`{spelling}` is not a `{name}` that TPA knows"),
        )
        .key(written.key)
        .label("not known")
        .help(words::instead(&spelling, known));
    if let Some(meant) = suggest::nearest(&spelling, known) {
        finding.fix(Applicability::Suggested, at, meant);
    }
    releases::from(finding, subject, since, "nothing of it has effect");
}

fn without(
    subject: &Subject,
    since: TpaVersion,
    name: &str,
    (value, needs): (&str, &str),
    findings: &mut Of<'_>,
) {
    for instance in &subject.instances {
        let Some(written) = subject.variable_of(instance, name) else {
            continue;
        };
        let needed = subject.variable_of(instance, needs);
        let is_met = settings::is_true(needed) || needed.is_some_and(scopes::is_template);
        if written.as_text() != Some(value) || is_met {
            continue;
        }
        let finding = findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, written.origin),
                format!("`{name}` is `{value}`, and `{needs}` is not true"),
            )
            .key(format!("vars/{name}"))
            .label(format!("needs `{needs}`"))
            .help(help_without(subject, name, needs));
        if let Some(needed) = needed {
            finding.related(needed.origin, "not true");
        }
        releases::from(finding, subject, since, "nothing of it has effect");
    }
}

/// What to do where a variable is needed, which may be one that no cluster that runs can change.
fn help_without(subject: &Subject, name: &str, needs: &str) -> String {
    let set = words::variable(subject, needs, "true");
    match changes::running(needs) {
        Some(Running::Never) => format!(
            "in a new cluster set {set}; a cluster that runs cannot change it: remove `{name}` there"
        ),
        Some(Running::AsInstalled | Running::AnyTime | Running::NotStated) | None => {
            format!("set {set}, or remove `{name}`")
        }
    }
}

fn in_cluster_vars(subject: &Subject, since: TpaVersion, name: &str, findings: &mut Of<'_>) {
    let Some(value) = subject.variable(name) else {
        return;
    };
    let is_empty = value.as_list().is_some_and(<[_]>::is_empty);
    if is_empty || unread_volumes::finds(name, value) {
        return;
    }
    let finding = findings
        .at(
            Entity::Cluster,
            places::of_key(&subject.vars, name).unwrap_or(value.origin),
            format!("`{name}` is among the variables of the cluster"),
        )
        .key(format!("cluster_vars/{name}"))
        .label("not here")
        .help("remove it");
    releases::from(finding, subject, since, "it has no effect");
}

/// An extension that is nothing without another one.
fn pgaa(subject: &Subject, findings: &mut Of<'_>) {
    if changes::stops(subject.tpa, Stop::PgaaAlone) != Availability::Here {
        return;
    }
    let used = extensions::used(subject);
    if used.iter().any(|extension| extension.name == "pgfs") {
        return;
    }
    for extension in used {
        if extension.name != "pgaa" {
            continue;
        }
        findings
            .at(
                extension.entity,
                declared::place_of(subject, extension.at),
                "the extension `pgaa` is used without `pgfs`",
            )
            .key(extension.key)
            .label("needs `pgfs`")
            .help("name `pgfs` beside it");
    }
}

/// etcd with TLS on the machine of a server, which takes its certificate.
fn certificate(subject: &Subject, findings: &mut Of<'_>) {
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    if !is_patroni || changes::stops(subject.tpa, Stop::CertificateOfEtcd) != Availability::Here {
        return;
    }
    let upgrade = changes::stops_until(Stop::CertificateOfEtcd).map_or_else(String::new, |until| {
        format!("upgrade TPA to {until} or later, or ")
    });
    for instance in subject.with_role(Role::Etcd) {
        let tls = subject.variable_of(instance, "etcd_ssl_enabled");
        let Some(tls) = tls.filter(|tls| settings::is_true(Some(tls))) else {
            continue;
        };
        if !instance.is_data_node() {
            continue;
        }
        findings
            .at(
                instance.entity(),
                declared::place_of(subject, tls.origin),
                format!(
                    "`{}` runs etcd with TLS beside Postgres",
                    instance.name.value
                ),
            )
            .key("vars/etcd_ssl_enabled")
            .label("on one machine")
            .consequence(format!(
                "TPA {} gives Postgres the certificate of etcd, with which it does not start",
                subject.tpa
            ))
            .help(format!("{upgrade}put etcd on machines of its own"));
    }
}
