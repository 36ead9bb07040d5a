use crate::diagnostic::Level;
use crate::facts::choices::{Compliance, Platform};
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, compliance};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with `compliance = cis` that cannot pass TPA's test for FIPS: in containers, on systems other
    /// than Enterprise Linux 8 and 9, with passwords as MD5, which FIPS switches off, and with EFM, whose user has an
    /// MD5 password unless the cluster says otherwise.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` takes all of it. The last step of a deployment then asks the kernel for FIPS mode and for a
    /// tool that only Enterprise Linux has; and where FIPS is on, nobody can log in with MD5.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker { os Rocky 9 }
    ///   compliance = cis
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
    ///   platform bare { os RedHat 9 }
    ///   compliance = cis
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static FIPS_INCOMPATIBLE = {
        name: "fips-incompatible",
        level: Error,
        summary: "a cluster that cannot run with FIPS",
        consequence: "the last step of `tpaexec deploy` tests for FIPS, and fails",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(at) = compliance::standard(subject, Compliance::Cis) else {
        return;
    };
    system(subject, findings, at);
    for (name, value) in compliance::md5(subject) {
        password(subject, findings, at, name, value.origin, "MD5");
    }
    if subject.failover_manager() == Some(FailoverManager::Efm)
        && subject.variable("efm_user_password_encryption").is_none()
    {
        let name = "efm_user_password_encryption";
        let manager = subject.variable("failover_manager");
        let place = manager.map_or(at, |manager| manager.origin);
        password(
            subject,
            findings,
            at,
            name,
            place,
            "its user has an MD5 password",
        );
    }
    if let Some(pool) = compliance::pool_without_certificates(subject) {
        findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, compliance::at_pool(pool)),
                format!(
                    "PgBouncer on `{}` logs in with MD5, which FIPS switches off",
                    pool.name.value
                ),
            )
            .key("role")
            .label("a pool without client certificates")
            .related(at, "CIS is asked for here")
            .help(format!(
                "use certificates, with {}",
                words::variable(subject, "pgbouncer_use_cert_authentication", "true")
            ))
            .level(Level::Warning)
            .consequence("where FIPS is on, no client gets through the pool");
    }
}

fn system(subject: &Subject, findings: &mut Of<'_>, at: Origin) {
    let (place, message, label) = if subject.is_on(Platform::Docker) {
        let image = subject.defaults.get("image");
        (
            image.map_or(at, |image| image.origin),
            "containers have no FIPS mode of their own, which CIS is tested for".to_owned(),
            "in containers",
        )
    } else if let Some((name, image)) = compliance::foreign_system(subject) {
        (
            image,
            format!(
                "CIS is tested for FIPS as Enterprise Linux 8 and 9 have it, and the image is `{name}`"
            ),
            "not Enterprise Linux 8 or 9",
        )
    } else {
        return;
    };
    let finding = findings
        .at(Entity::Cluster, declared::place_of(subject, place), message)
        .key("compliance")
        .label(label)
        .help("use RHEL, Rocky or Alma 8 or 9 in FIPS mode on real machines, or drop `compliance`");
    if place.place() != at.place() {
        finding.related(at, "CIS is asked for here");
    }
}

fn password(
    subject: &Subject,
    findings: &mut Of<'_>,
    at: Origin,
    name: &str,
    place: Origin,
    label: &'static str,
) {
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, place),
            format!("`{name}` is MD5, which FIPS switches off"),
        )
        .key(format!("vars/{name}"))
        .label(label)
        .related(at, "CIS is asked for here")
        .help(format!(
            "write {}",
            words::variable(subject, name, "scram-sha-256")
        ))
        .consequence("where FIPS is on, `tpaexec deploy` cannot set the password, or nobody can log in with it");
}
