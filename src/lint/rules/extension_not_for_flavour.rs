use crate::diagnostic::Level;
use crate::facts::tpa::V23_44;
use crate::facts::tpa::changes::{Availability, Stop, postgis as postgis_of};
use crate::lint::Context;
use crate::lint::extensions::{self, Extension};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{releases, scopes, words};
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::{Subject, places};

rule! {
    /// ## What it does
    ///
    /// Finds extensions that do not exist for the flavour or the version of Postgres, pgaudit on EPAS, and versions of
    /// PostGIS that TPA has no packages of.
    ///
    /// ## Why is this bad?
    ///
    /// TPA looks a known extension up in a table of packages. `tpaexec deploy` fails with an error of Python's where the
    /// table has no entry for the flavour, and leaves `bluefin` out silently before Postgres 15.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { extra_postgres_extensions = [sql_protect] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 17 { redwood = false }
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    ///   vars { extra_postgres_extensions = [sql_protect] }
    /// }
    /// ```
    pub(super) static EXTENSION_NOT_FOR_FLAVOUR = {
        name: "extension-not-for-flavour",
        level: Error,
        summary: "an extension that this Postgres does not have",
        consequence: "`tpaexec deploy` fails when it looks for the extension's package",
    }
}

/// What every TPA has packages of, and what came later.
const POSTGIS: &[&str] = &["3.3", "3.4", "3.5"];
const LATER_POSTGIS: &[&str] = &["3.6"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for extension in extensions::used(subject) {
        match extension.name.as_str() {
            "sql_protect" => sql_protect(subject, extension, findings),
            "bluefin" => bluefin(subject, extension, findings),
            "pgaudit" => pgaudit(subject, extension, findings),
            _ => {}
        }
    }
    postgis(subject, findings);
}

fn sql_protect(subject: &Subject, extension: Extension, findings: &mut Of<'_>) {
    let flavour = match subject.flavour() {
        Some(Flavour::Epas) | None => return,
        Some(flavour) => flavour.name(),
    };
    findings
        .at(
            extension.entity,
            extension.at,
            format!("`sql_protect` is a part of EPAS, and the flavour is `{flavour}`"),
        )
        .key(extension.key)
        .label("only with EPAS")
        .help("remove it, or take the flavour `epas`");
}

fn bluefin(subject: &Subject, extension: Extension, findings: &mut Of<'_>) {
    let Some(version) = subject.version().filter(|version| version.value < 15) else {
        return;
    };
    findings
        .at(
            extension.entity,
            extension.at,
            format!("`bluefin` needs Postgres 15, and this is {}", version.value),
        )
        .key(extension.key)
        .label("left out")
        .related(version.origin, "this version")
        .level(Level::Warning)
        .consequence("TPA leaves the extension out and never says so")
        .help("take Postgres 15 or later, or remove it");
}

fn pgaudit(subject: &Subject, extension: Extension, findings: &mut Of<'_>) {
    if subject.flavour() != Some(Flavour::Epas) {
        return;
    }
    let audit = words::postgres_setting(subject, "edb_audit", "csv");
    let help = if matches!(extension.at, Origin::Derived { .. }) {
        format!(
            "upgrade TPA to {V23_44} or later, which leaves it out under CIS, or write `omit vars.extra_postgres_extensions` and `vars {{ extra_postgres_extensions = [passwordcheck] }}`; and set {audit}"
        )
    } else {
        format!("remove it, and set {audit}")
    };
    let finding = findings
        .at(
            extension.entity,
            places::or(extension.at, subject.at),
            "EPAS does not load `pgaudit`: it has an audit log of its own",
        )
        .key(extension.key)
        .label("not with EPAS")
        .help(help);
    releases::at(
        finding,
        subject,
        Stop::PgauditWithEpas,
        "Postgres does not start",
    );
    // Without TPA's check it ends in the same way.
    finding.level(Level::Error);
}

fn postgis(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::variables(subject) {
        let Some(value) = scope.map.get("postgis_version") else {
            continue;
        };
        let version = value.spelling().unwrap_or_default();
        let available = |known: &str| postgis_of(subject.tpa, known) == Availability::Here;
        let mut known = POSTGIS.to_vec();
        known.extend(LATER_POSTGIS.iter().filter(|known| available(known)));
        if known.contains(&version.as_str()) || scopes::is_template(value) {
            continue;
        }
        findings
            .at(
                scope.entity.clone(),
                value.origin,
                format!("TPA has no packages of PostGIS {version}"),
            )
            .key(scope.key("postgis_version"))
            .label("not among its packages")
            .help(format!(
                "write one of {}, or leave it out: TPA takes the newest that it has for this Postgres",
                known.join(", ")
            ));
    }
}
