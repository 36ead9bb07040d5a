use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::lint::words;
use crate::lint::{Context, Entity, compliance, postgres};
use crate::origin::Origin;
use crate::value::Value;

/// The time that STIG's settings leave to a statement, in milliseconds.
const STIG_TIMEOUT: i64 = 1000;

rule! {
    /// ## What it does
    ///
    /// Finds what TPA's settings for a security standard bring along: STIG's `statement_timeout` of one second for all,
    /// and CIS's umask, which TPA writes to a variable that none of its roles reads.
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
    ///   vars { extra_bashrc_lines = ["umask 0077"] }
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
    if let Some(at) = compliance::standard(subject, "stig") {
        timeout(subject, findings, at);
    }
    if let Some(at) = compliance::standard(subject, "cis") {
        umask(subject, findings, at);
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
        .consequence("files that the owner of the database makes can be read by others, which an audit finds");
}
