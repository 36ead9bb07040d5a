use crate::diagnostic::{Applicability, Level};
use crate::facts::choices::Compliance;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, compliance, extensions};
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::{Entity, places, postgres};
use crate::tpa::view::{Subject, Written};
use crate::value::Value;

/// The time that STIG's settings leave to a statement, in milliseconds.
const STIG_TIMEOUT: i64 = 1000;

/// What TPA writes CIS's umask to, and what its roles read.
const MISSPELT: &str = "extra_bash_rc_lines";
const READ: &str = "extra_bashrc_lines";

const UNMASKED: &str =
    "files that the owner of the database makes can be read by others, which an audit finds";

rule! {
    /// ## What it does
    ///
    /// Finds what TPA's settings for a security standard bring along: STIG's `statement_timeout` of one second for all,
    /// CIS's umask, which TPA writes to a variable that none of its roles reads, and CIS's bound of 1 GB for temporary
    /// files.
    ///
    /// ## Why is this bad?
    ///
    /// Every statement that takes longer than a second is cancelled, reports and maintenance too. Files keep the
    /// system's umask, which the auditor finds.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare { os RedHat 9 }
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
    ///   vars {
    ///     extra_bashrc_lines     = ["umask 0077"]
    ///     postgres_conf_settings = { temp_file_limit = 20GB }
    ///   }
    /// }
    /// ```
    pub(super) static COMPLIANCE_SIDE_EFFECTS = {
        name: "compliance-side-effects",
        level: Warning,
        summary: "settings of a standard that do more, or less, than it says",
        consequence: "statements are cancelled in production, or an audit finds what the standard should have set",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if let Some(at) = compliance::standard(subject, Compliance::Stig) {
        timeout(subject, findings, at);
    }
    if let Some(at) = compliance::standard(subject, Compliance::Cis) {
        umask(subject, findings, at);
        temporary(subject, findings, at);
        audit(subject, findings, at);
    }
}

fn timeout(subject: &Subject, findings: &mut Of<'_>, at: Origin) {
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(value) = postgres::in_conf(subject, primary, "statement_timeout") else {
        return;
    };
    if postgres::number(value) != Some(STIG_TIMEOUT) {
        return;
    }
    let finding = findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, value.origin),
            "STIG's settings cancel every statement after one second, for all users",
        )
        .key("vars/postgres_conf_settings/statement_timeout")
        .label("brings `statement_timeout` along")
        .help(format!(
            "choose a time that the longest statement fits into, as with {}, and shorter ones for single roles",
            words::postgres_setting(subject, "statement_timeout", "30min")
        ))
        .consequence("reports, `CREATE INDEX` and dumps are cancelled in production");
    if value.origin.place() != at.place() {
        finding.related(at, "STIG is asked for here");
    }
}

fn umask(subject: &Subject, findings: &mut Of<'_>, at: Origin) {
    let lines = subject.variable("extra_bashrc_lines");
    let lines = lines.and_then(Value::as_list).unwrap_or_default();
    let is_umask = |line: &Value| line.as_text().is_some_and(|line| line.contains("umask"));
    if lines.iter().any(is_umask) {
        return;
    }
    if let Some(misspelt) = misspelt(subject) {
        findings
            .at(
                Entity::Cluster,
                misspelt,
                format!("CIS's umask is in `{MISSPELT}`, which nothing reads"),
            )
            .key(format!("cluster_vars/{MISSPELT}"))
            .label("TPA's own mistake")
            .related(at, "CIS is asked for here")
            .help(format!("write `{READ}`"))
            .fix(Applicability::Safe, misspelt, READ)
            .consequence(UNMASKED);
        return;
    }
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, at),
            "CIS asks for a umask, and TPA writes it to `extra_bash_rc_lines`, which nothing reads",
        )
        .key("vars/extra_bashrc_lines")
        .label("the umask is not applied")
        .help(format!(
            "set it by the right name, with {}",
            words::variable(subject, "extra_bashrc_lines", "[\"umask 0077\"]")
        ))
        .consequence(UNMASKED);
}

/// Where the misspelt variable is written: `tpaexec configure` writes it into config.yml.
fn misspelt(subject: &Subject) -> Option<Origin> {
    let at = places::of_key(&subject.vars, MISSPELT)?;
    (subject.written == Written::Config).then_some(at)
}

/// EPAS does not start with pgaudit, so it is left out there; EPAS has an audit log of its own.
fn audit(subject: &Subject, findings: &mut Of<'_>, at: Origin) {
    let has_pgaudit = extensions::used(subject)
        .iter()
        .any(|extension| extension.name == "pgaudit");
    let is_audited = subject
        .primary()
        .is_some_and(|primary| postgres::setting(subject, primary, "edb_audit").is_some());
    if subject.flavour() != Some(Flavour::Epas) || has_pgaudit || is_audited {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, at),
            "CIS asks for pgaudit, which EPAS does not load: it is left out",
        )
        .key("vars/postgres_conf_settings/edb_audit")
        .label("without an audit log")
        .help(format!(
            "turn on the audit log of EPAS, with {}",
            words::postgres_setting(subject, "edb_audit", "csv")
        ))
        .consequence("no statement is audited, which an audit by the standard finds");
}

/// CIS's bound of temporary files, which holds for every query.
fn temporary(subject: &Subject, findings: &mut Of<'_>, at: Origin) {
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(value) = postgres::in_conf(subject, primary, "temp_file_limit") else {
        return;
    };
    if postgres::word(value).as_deref() != Some("1gb") {
        return;
    }
    let finding = findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, value.origin),
            "CIS's settings end every query that needs more than 1 GB of temporary files",
        )
        .key("vars/postgres_conf_settings/temp_file_limit")
        .label("brings `temp_file_limit` along")
        .level(Level::Advice)
        .help(format!(
            "choose what the largest sort may take, as with {}",
            words::postgres_setting(subject, "temp_file_limit", "20GB")
        ))
        .consequence("reports and `CREATE INDEX` on large tables fail in production");
    if value.origin.place() != at.place() {
        finding.related(at, "CIS is asked for here");
    }
}
