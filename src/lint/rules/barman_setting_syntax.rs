use crate::diagnostic::{Applicability, Level};
use crate::facts::barman::{self, Retention};
use crate::lint::Context;
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::words;
use crate::suggest;
use crate::tpa::view::{Subject, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds settings of Barman that it ignores because it does not read them: a retention policy or an age in other words,
    /// unknown backup options or an unknown compression, a negative redundancy. Also what Barman reads and nobody wants: a
    /// retention of 0, no parallel jobs, and a `%`, which starts a name in Barman's file.
    ///
    /// ## Why is this bad?
    ///
    /// Barman goes on with a line in its log, as if the setting were not there: without a retention policy nothing is ever
    /// deleted, until the disk is full. With a retention of 0 every backup is obsolete at once. A `%`, even a doubled one,
    /// makes every command of Barman fail, for all servers of that machine.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { barman_retention_policy = "4 WEEKS" }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { barman_retention_policy = "RECOVERY WINDOW OF 4 WEEKS" }
    /// }
    /// ```
    pub(super) static BARMAN_SETTING_SYNTAX = {
        name: "barman-setting-syntax",
        level: Error,
        summary: "a setting of Barman that it does not understand",
        consequence: "Barman ignores the setting and goes on, with a line in its log that nobody reads",
    }
}

const RETENTION: &str = "barman_retention_policy";
const AGE: &str = "barman_last_backup_maximum_age";
const OPTIONS: &str = "barman_backup_options";
const COMPRESSION: &str = "barman_compression";
const JOBS: &str = "barman_parallel_jobs";
const REDUNDANCY: &str = "barman_minimum_redundancy";
const SLEEP: &str = "barman_basebackup_retry_sleep";

/// The variables whose text TPA writes to Barman's file.
const IN_FILE: &[&str] = &[
    "backup_name",
    OPTIONS,
    "barman_client_dsn_attributes",
    COMPRESSION,
    "barman_home",
    AGE,
    "barman_log_file",
    "barman_post_backup_retry_script",
    "barman_post_backup_script",
    "barman_pre_archive_retry_script",
    RETENTION,
    "barman_streaming_wals_directory",
    "barman_user",
    "streaming_barman_client_dsn_attributes",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        for name in IN_FILE {
            text(subject, &scope, name, findings);
        }
        for name in [JOBS, REDUNDANCY, SLEEP] {
            number(&scope, name, findings);
        }
    }
}

fn report<'f>(
    scope: &Scope<'_>,
    name: &str,
    value: &Value,
    findings: &'f mut Of<'_>,
    message: String,
) -> &'f mut Finding {
    findings
        .at(scope.entity.clone(), value.origin, message)
        .key(scope.key(name))
}

fn text(subject: &Subject, scope: &Scope<'_>, name: &str, findings: &mut Of<'_>) {
    let value = scope.map.get(name);
    let Some(value) = value.filter(|value| !scopes::is_template(value)) else {
        return;
    };
    let Some(text) = value.as_text() else { return };
    if text.contains('%') {
        report(
            scope,
            name,
            value,
            findings,
            format!("`{name}` has a `%`, which Barman's file cannot hold"),
        )
        .label("a `%`")
        .consequence("every command of Barman fails on that machine, for all servers: no backup and no WAL")
        .help("leave it out, or put the command into a script of your own; a doubled `%` fails too, because Barman reads the file twice");
        return;
    }
    match name {
        RETENTION => retention(subject, scope, value, text, findings),
        AGE => age(scope, value, text, findings),
        OPTIONS => options(subject, scope, value, text, findings),
        COMPRESSION => compression(subject, scope, value, text, findings),
        _ => {}
    }
}

/// `RECOVERY WINDOW OF 7 DAYS` for `7d`.
fn short_window(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim() {
        "d" | "D" | "day" => "DAYS",
        "w" | "W" | "week" => "WEEKS",
        "m" | "M" | "month" => "MONTHS",
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    (number > 0).then(|| format!("RECOVERY WINDOW OF {number} {unit}"))
}

fn retention(
    subject: &Subject,
    scope: &Scope<'_>,
    value: &Value,
    text: &str,
    findings: &mut Of<'_>,
) {
    match barman::retention(text) {
        None => {
            let finding = report(
                scope,
                RETENTION,
                value,
                findings,
                format!("`{text}` is not a retention policy that Barman reads"),
            )
            .label("not understood")
            .consequence("Barman goes on without a policy: no backup is ever deleted, until the disk is full")
            .help("write `REDUNDANCY 3` or `RECOVERY WINDOW OF 4 WEEKS` (also DAYS, MONTHS)");
            // `4 WEEKS` can only be a window.
            let window = format!("RECOVERY WINDOW OF {}", barman::unquoted(text));
            let is_window =
                barman::retention(&window).is_some_and(|window| window != Retention::Window(0));
            if let Some(window) = short_window(text) {
                finding.help(format!("write `{window}`")).fix(
                    Applicability::Suggested,
                    value.origin,
                    words::literal(subject, &window),
                );
            } else if barman::age(text).is_some() && is_window {
                finding.help(format!("write `{window}`")).fix(
                    Applicability::Suggested,
                    value.origin,
                    words::literal(subject, &window),
                );
            }
        }
        Some(Retention::Redundancy(0) | Retention::Window(0)) => {
            report(
                scope,
                RETENTION,
                value,
                findings,
                format!("`{text}` makes every backup obsolete at once"),
            )
            .label("keeps nothing")
            .consequence(
                "Barman deletes every backup but the newest that `barman_minimum_redundancy` keeps",
            )
            .help("write how much is kept, for example `RECOVERY WINDOW OF 4 WEEKS`");
        }
        Some(Retention::Redundancy(number)) => redundancy(scope, value, number, findings),
        Some(Retention::All | Retention::Window(_)) => {}
    }
}

/// A policy that keeps fewer backups than must be kept anyway.
fn redundancy(scope: &Scope<'_>, value: &Value, number: u64, findings: &mut Of<'_>) {
    let Some(least) = settings::number(scope.map.get(REDUNDANCY)) else {
        return;
    };
    if u64::try_from(least.value).is_ok_and(|least| number < least) {
        report(
            scope,
            RETENTION,
            value,
            findings,
            format!(
                "`REDUNDANCY {number}` is fewer backups than `{REDUNDANCY}` keeps, {}",
                least.value
            ),
        )
        .label("has no effect")
        .related(least.origin, "wins")
        .level(Level::Warning)
        .consequence(
            "Barman keeps more backups than the policy says, with a warning at every command",
        )
        .help(format!(
            "write `REDUNDANCY {}` or more, or a lower `{REDUNDANCY}`",
            least.value
        ));
    }
}

fn age(scope: &Scope<'_>, value: &Value, text: &str, findings: &mut Of<'_>) {
    if barman::unquoted(text).is_empty() {
        return;
    }
    let help = "write for example `1 WEEK` or `36 HOURS` (also DAYS, MONTHS)";
    match barman::age(text) {
        None => {
            report(
                scope,
                AGE,
                value,
                findings,
                format!("`{text}` is not an age that Barman reads"),
            )
            .label("not understood")
            .consequence(
                "Barman ignores it: `barman check` stays green when there are no new backups",
            )
            .help(help);
        }
        Some(0) => {
            report(
                scope,
                AGE,
                value,
                findings,
                format!("`{text}` makes every backup too old"),
            )
            .label("always too old")
            .consequence("`barman check` fails all the time, and nobody looks any more")
            .help(help);
        }
        Some(_) => {}
    }
}

fn options(subject: &Subject, scope: &Scope<'_>, value: &Value, text: &str, findings: &mut Of<'_>) {
    let has = |option: &str| barman::items(text).any(|item| item.eq_ignore_ascii_case(option));
    let unknown = barman::items(text).find(|item| {
        let mut known = barman::BACKUP_OPTIONS.iter();
        !known.any(|option| option.eq_ignore_ascii_case(item))
    });
    if let Some(unknown) = unknown {
        report(
            scope,
            OPTIONS,
            value,
            findings,
            format!("`{unknown}` is not a backup option of Barman"),
        )
        .label("Barman ignores the whole list")
        .help(words::instead(unknown, barman::BACKUP_OPTIONS));
    } else if has(barman::CONCURRENT) && has(barman::EXCLUSIVE) {
        report(
            scope,
            OPTIONS,
            value,
            findings,
            "a backup is concurrent or exclusive, not both".to_owned(),
        )
        .label("Barman ignores the whole list")
        .help("write `concurrent_backup`");
    } else if let Some(version) = subject.version()
        && version.value >= 15
        && has(barman::EXCLUSIVE)
    {
        report(
            scope,
            OPTIONS,
            value,
            findings,
            format!("Postgres {} has no exclusive backups", version.value),
        )
        .label("removed in Postgres 15")
        .consequence("`barman check` fails, and no backup is taken")
        .related(version.origin, "this version")
        .help("write `concurrent_backup`, or leave it out: it is TPA's default");
    }
}

fn compression(
    subject: &Subject,
    scope: &Scope<'_>,
    value: &Value,
    text: &str,
    findings: &mut Of<'_>,
) {
    let word = barman::unquoted(text).to_lowercase();
    // With pg_basebackup there is none, which `barman-silent-noops` says.
    let mut method =
        scopes::variables(subject).filter_map(|scope| scope.map.get("barman_backup_method"));
    let is_postgres = method.any(|method| method.as_text() == Some("postgres"));
    if word.is_empty() || barman::COMPRESSIONS.contains(&word.as_str()) || is_postgres {
        return;
    }
    let finding = report(
        scope,
        COMPRESSION,
        value,
        findings,
        format!("`{text}` is not a compression that Barman knows"),
    )
    .label("not known")
    .level(Level::Warning)
    .consequence("Barman keeps WAL without compression, with a warning at every command")
    .help(format!(
        "write one of {}",
        words::list(barman::COMPRESSIONS)
    ));
    if let Some(nearest) = suggest::nearest(&word, barman::COMPRESSIONS) {
        finding.help(format!("write `{nearest}`"));
    }
}

fn number(scope: &Scope<'_>, name: &str, findings: &mut Of<'_>) {
    let Some(value) = scope.map.get(name) else {
        return;
    };
    let Some(number) = settings::number(Some(value)) else {
        return;
    };
    let (least, consequence, help) = match name {
        JOBS => (
            1,
            "every backup fails: Barman starts no process that copies",
            "write 1 or more",
        ),
        REDUNDANCY => (
            0,
            "Barman takes 0 for it, with a line in its log: no backup is protected from deletion",
            "write the number of backups that are always kept, for example 3",
        ),
        _ => (
            0,
            "a backup that has to be tried again fails at once",
            "write the seconds between two tries, for example 30",
        ),
    };
    if number.value < least {
        report(
            scope,
            name,
            value,
            findings,
            format!("`{name}` is {}, and the least is {least}", number.value),
        )
        .label(format!("below {least}"))
        .consequence(consequence)
        .help(help);
    }
}
