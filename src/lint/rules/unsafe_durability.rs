use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Finding};
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;
use crate::tpa::view::postgres;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds settings that trade data for speed: `fsync` or `full_page_writes` off, `synchronous_commit` off for the
    /// whole cluster, `zero_damaged_pages` on, and `wal_log_hints` off where `postgres_initdb_opts` has no checksums.
    ///
    /// ## Why is this bad?
    ///
    /// After a crash pages are torn or commits are missing, and both reach the standbys and the backups. Without
    /// `wal_log_hints` or checksums an old primary cannot be rewound and has to be copied again after every failover.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { full_page_writes = off }
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
    ///   vars { wal_compression = on }
    /// }
    /// ```
    pub(super) static UNSAFE_DURABILITY = {
        name: "unsafe-durability",
        level: Warning,
        summary: "settings that lose data in a crash",
        consequence: "after a crash or failover data is damaged or missing, also in the backups",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for setting in declared::either(subject, "full_page_writes") {
        if postgres::is_off(setting.value) {
            report(subject, findings, &setting, "`full_page_writes` is off", "pages may be torn")
                .help("remove it: TPA turns it on; `wal_compression = on` makes it cheaper")
                .consequence("a crash in the middle of a write leaves pages that are half old and half new, and nobody notices");
        }
    }
    for setting in declared::either(subject, "fsync") {
        if postgres::is_off(setting.value) {
            report(subject, findings, &setting, "`fsync` is off", "nothing is sure to be on disk")
                .help("remove it; `synchronous_commit = off` for single transactions is nearly as fast and damages nothing")
                .consequence("a crash of the machine damages the whole database");
        }
    }
    for setting in declared::either(subject, "zero_damaged_pages") {
        if postgres::is_on(setting.value) {
            report(
                subject,
                findings,
                &setting,
                "`zero_damaged_pages` is on",
                "for a rescue, not for every day",
            )
            .help("remove it, and set it in a session where a table has to be rescued")
            .consequence(
                "a damaged page is emptied when it is read, and its rows are gone without an error",
            );
        }
    }
    for setting in declared::either(subject, "synchronous_commit") {
        if setting.entity == Entity::Cluster && postgres::is_off(setting.value) {
            report(
                subject,
                findings,
                &setting,
                "`synchronous_commit` is off for the whole cluster",
                "commits do not wait for the disk",
            )
            .help("turn it off for single roles or transactions that can lose their last commits")
            .consequence("a crash or failover loses commits that clients were told of");
        }
    }
    rewind(subject, findings);
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    setting: &Declared<'_>,
    message: &'static str,
    label: &'static str,
) -> &'f mut Finding {
    let at = declared::place_of(subject, setting.value.origin);
    findings
        .at(setting.entity.clone(), at, message)
        .key(setting.key.as_str())
        .label(label)
}

/// `pg_rewind` needs hints in the WAL, or checksums, which log them too.
fn rewind(subject: &Subject, findings: &mut Of<'_>) {
    let Some(options) = subject.variable("postgres_initdb_opts") else {
        return;
    };
    let items = options.as_list().unwrap_or_default();
    let has = |wanted: &[&str]| {
        let mut texts = items.iter().filter_map(Value::as_text);
        texts.any(|text| text.split_whitespace().any(|word| wanted.contains(&word)))
    };
    // From Postgres 18 on, initdb makes checksums unless told otherwise.
    let by_default = subject.version().is_some_and(|version| version.value >= 18);
    let has_checksums =
        has(&["--data-checksums", "-k"]) || (by_default && !has(&["--no-data-checksums"]));
    if has_checksums {
        return;
    }
    for hints in declared::either(subject, "wal_log_hints") {
        if postgres::is_off(hints.value) {
            report(subject, findings, &hints, "`wal_log_hints` is off, and the cluster has no checksums", "`pg_rewind` needs one of both")
                .related(options.origin, "no `--data-checksums` here")
                .help("remove it: TPA turns it on")
                .consequence("after a failover `pg_rewind` refuses to bring the old primary back, and it has to be copied again");
        }
    }
}
