use crate::diagnostic::Level;
use crate::hba::Refusal;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::hba::{File, refusals};
use crate::lint::rule::rule;
use crate::tpa::view::Subject;
use crate::value::Data;

rule! {
    /// ## What it does
    ///
    /// Finds lines that Postgres refuses in `postgres_hba_settings`, in `pem_postgres_extra_hba_settings`, and in the
    /// lists `pg_hba` and `pg_ident` of Patroni's settings: an unknown type or method, a word in capital letters, an
    /// address without a mask, a mask that is too long, a method that does not go with the type of the line, an unknown
    /// or missing option, a regular expression that does not compile. It knows what each major version of Postgres
    /// takes, and was compared with real servers from 11 to 18.
    ///
    /// ## Why is this bad?
    ///
    /// One line that Postgres refuses is enough: it does not start with this file. A server that is running keeps the
    /// old rules when the file is read again, and says so in its log only. Everything seems to work, until the next
    /// restart or failover.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_hba_settings = ["hostssl app app 10.0.0.1 scram-sha256"] }
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
    ///   vars { postgres_hba_settings = ["hostssl app app 10.0.0.1/32 scram-sha-256"] }
    /// }
    /// ```
    pub(super) static HBA_LINE_REFUSED = {
        name: "hba-line-refused",
        level: Error,
        summary: "a line of pg_hba.conf or pg_ident.conf that Postgres refuses",
        consequence: "Postgres does not start with this line; a running server keeps its old rules, says so only in its log, and fails at the next restart or failover",
    }
}

/// Of `pg_ident.conf` nothing keeps Postgres from starting.
const WITHOUT_MAPS: &str = "Postgres starts without any map, and nobody logs in by one; a running server keeps its old maps, and says so only in its log";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for file in context.hba_files() {
        for refusal in file.refused_lines() {
            report(subject, file, refusal, findings);
        }
    }
    for file in context.ident_files() {
        for refusal in file.refused_mappings() {
            report(subject, file, refusal, findings).consequence(WITHOUT_MAPS);
        }
    }
    for list in declared::variable(subject, "postgres_hba_settings") {
        for item in list.value.as_list().unwrap_or_default() {
            let what = match item.data {
                Data::Map(_) => "a map",
                Data::List(_) => "a list",
                Data::Null => "nothing",
                Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => "not text",
                Data::Text(_) => continue,
            };
            findings
                .at(
                    list.entity.clone(),
                    declared::place_of(subject, item.origin),
                    format!("an item of `postgres_hba_settings` is {what}, and it is to be a line of pg_hba.conf"),
                )
                .key(list.key.as_str())
                .label(what)
                .level(Level::Error)
                .help("write each line as one text, such as `\"hostssl app app 10.0.0.0/8 scram-sha-256\"`");
        }
    }
}

fn report<'f>(
    subject: &Subject,
    file: &File<'_>,
    refusal: &Refusal,
    findings: &'f mut Of<'_>,
) -> &'f mut crate::lint::Finding {
    let words = refusals::words(file, refusal);
    let finding = file.report(subject, findings, &refusal.at, words.message);
    finding.label(words.label).help(words.help);
    if let Some((at, replacement)) = words.replacement {
        file.fix(subject, finding, &at, &replacement);
    }
    finding
}
