use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::parameters::Setting;
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
    /// whole cluster, and `wal_log_hints` off where `postgres_initdb_opts` has no checksums. It also finds those that are
    /// for the rescue of a damaged database and stay on: `zero_damaged_pages`, `ignore_checksum_failure`,
    /// `ignore_invalid_pages`, `ignore_system_indexes`, `allow_system_table_mods` and `data_sync_retry`.
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

/// Switches that help to get data out of a damaged database, and what they do on every other day.
const FOR_A_RESCUE: &[(&str, &str)] = &[
    (
        "allow_system_table_mods",
        "one wrong statement of a superuser damages the catalogs, and the database with them",
    ),
    (
        "data_sync_retry",
        "when the disk fails to write, Postgres tries again on data that the system may have dropped, and goes on without it",
    ),
    (
        "ignore_checksum_failure",
        "damaged pages are read as if they were right, and reach clients and new backups",
    ),
    (
        "ignore_invalid_pages",
        "recovery passes over WAL for pages that are not there, and the data stays damaged",
    ),
    (
        "ignore_system_indexes",
        "every look into the catalogs reads whole tables: all statements are slow",
    ),
    (
        "zero_damaged_pages",
        "a damaged page is emptied when it is read, and its rows are gone without an error",
    ),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for setting in context.parameters() {
        let is = |name: &str| setting.name.eq_ignore_ascii_case(name);
        let is_off = || postgres::is_off(setting.value);
        if is("full_page_writes") && is_off() {
            report(subject, findings, setting, "`full_page_writes` is off", "pages may be torn")
                .help("remove it: TPA turns it on; `wal_compression = on` makes it cheaper")
                .consequence("a crash in the middle of a write leaves pages that are half old and half new, and nobody notices");
        } else if is("fsync") && is_off() {
            report(subject, findings, setting, "`fsync` is off", "nothing is sure to be on disk")
                .help("remove it; `synchronous_commit = off` for single transactions is nearly as fast and damages nothing")
                .consequence("a crash of the machine damages the whole database");
        } else if is("synchronous_commit") && setting.entity == Entity::Cluster && is_off() {
            report(
                subject,
                findings,
                setting,
                "`synchronous_commit` is off for the whole cluster",
                "commits do not wait for the disk",
            )
            .help("turn it off for single roles or transactions that can lose their last commits")
            .consequence("a crash or failover loses commits that clients were told of");
        } else if let Some((name, consequence)) = FOR_A_RESCUE.iter().find(|(name, _)| is(name))
            && postgres::is_on(setting.value)
        {
            let message = format!("`{name}` is on");
            let label = "for a rescue, not for every day";
            report(subject, findings, setting, message, label)
                .help("remove it, and turn it on only while a damaged database is rescued")
                .consequence(*consequence);
        }
    }
    rewind(context, findings);
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    setting: &Setting<'_>,
    message: impl Into<String>,
    label: &'static str,
) -> &'f mut Finding {
    let at = declared::place_of(subject, setting.value.origin);
    findings
        .at(setting.entity.clone(), at, message)
        .key(setting.key())
        .label(label)
}

/// `pg_rewind` needs hints in the WAL, or checksums, which log them too.
fn rewind(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
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
    for hints in context.parameters() {
        if hints.name.eq_ignore_ascii_case("wal_log_hints") && postgres::is_off(hints.value) {
            report(subject, findings, hints, "`wal_log_hints` is off, and the cluster has no checksums", "`pg_rewind` needs one of both")
                .related(options.origin, "no `--data-checksums` here")
                .help("remove it: TPA turns it on")
                .consequence("after a failover `pg_rewind` refuses to bring the old primary back, and it has to be copied again");
        }
    }
}
