use super::postgres_value;
use crate::facts::parameters::{Kind, Meaning, Parameter, Surprise};
use crate::lint::finding::Of;
use crate::lint::parameters::{self as set, Setting};
use crate::lint::rule::rule;
use crate::lint::{Context, declared};
use crate::topology::FailoverManager;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds values of parameters that Postgres reads and that mean something else than they say: a number of a smaller
    /// unit than the parameter counts in, which becomes 0; a leading zero, which makes a number octal; a fraction where
    /// whole numbers count. Under Patroni it also finds numbers so small that Patroni writes its own default instead, and
    /// words that Postgres reads and Patroni does not.
    ///
    /// ## Why is this bad?
    ///
    /// For many parameters 0 means off or no limit. `max_slot_wal_keep_size = 500kB` is 0 MB, so that the next
    /// checkpoint gives up every standby that lags, and `archive_timeout = 500ms` is 0 s, which is off.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { archive_timeout = 500ms }
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
    ///   vars { archive_timeout = 5min }
    /// }
    /// ```
    pub(super) static MISLEADING_POSTGRES_VALUE = {
        name: "misleading-postgres-value",
        level: Warning,
        summary: "a value that means something else than it says",
        consequence: "Postgres runs with another value than the one that is written",
    }
}

/// What 0 means to those that people set, where it is more than the number.
const ZERO: &[(&str, &str)] = &[
    (
        "archive_timeout",
        "WAL is not archived until a segment is full",
    ),
    ("checkpoint_warning", "no warnings are logged"),
    (
        "idle_in_transaction_session_timeout",
        "sessions may stay in a transaction forever",
    ),
    ("idle_session_timeout", "sessions may stay idle forever"),
    ("lock_timeout", "statements wait for locks forever"),
    (
        "log_autovacuum_min_duration",
        "every action of autovacuum is logged",
    ),
    ("log_min_duration_statement", "every statement is logged"),
    ("log_rotation_age", "the log is not rotated by its age"),
    ("log_rotation_size", "the log is not rotated by its size"),
    (
        "max_slot_wal_keep_size",
        "every standby that lags at a checkpoint loses its slot and has to be made again",
    ),
    (
        "max_standby_archive_delay",
        "queries on a standby are cancelled at once",
    ),
    (
        "max_standby_streaming_delay",
        "queries on a standby are cancelled at once",
    ),
    ("statement_timeout", "statements may run forever"),
    ("tcp_keepalives_idle", "the operating system decides"),
    ("tcp_keepalives_interval", "the operating system decides"),
    ("temp_file_limit", "no query may write temporary files"),
    ("transaction_timeout", "transactions may stay open forever"),
    ("wal_keep_size", "no WAL is kept for standbys without slots"),
    (
        "wal_receiver_timeout",
        "a lost connection to the primary is never noticed",
    ),
    ("wal_sender_timeout", "a lost standby is never noticed"),
];

/// Numbers that Patroni takes from its dynamic configuration: the least of each, and what it writes below that.
const PATRONI: &[(&str, i32, &str)] = &[
    ("max_connections", 25, "100"),
    ("max_locks_per_transaction", 32, "64"),
    ("max_replication_slots", 4, "10"),
    ("max_wal_senders", 3, "10"),
    ("max_worker_processes", 2, "8"),
    ("wal_keep_size", 16, "128MB"),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    for setting in set::settings(subject) {
        if postgres_value::refused(&setting, major).is_some() {
            continue;
        }
        let (Some(parameter), Some(text)) = (set::parameter(&setting, major), setting.text())
        else {
            continue;
        };
        let number = match parameter.read(&text, major) {
            Ok(Meaning::Whole(number)) => number,
            Ok(Meaning::Switch(_) | Meaning::Word(_)) if is_patroni => {
                if !is_word_of_patroni(parameter, &text) {
                    left_out(subject, findings, &setting, &text);
                }
                continue;
            }
            Ok(Meaning::Switch(_) | Meaning::Word(_) | Meaning::Decimal(_) | Meaning::Text)
            | Err(_) => continue,
        };
        match parameter.surprise(&text, major) {
            Some(surprise) => report(subject, findings, &setting, parameter, number, surprise),
            None if is_patroni => too_low(subject, findings, &setting, number),
            None => {}
        }
    }
}

fn report(
    subject: &Subject,
    findings: &mut Of<'_>,
    setting: &Setting<'_>,
    parameter: &Parameter,
    number: i32,
    surprise: Surprise,
) {
    let name = setting.name;
    let text = setting.text().unwrap_or_default();
    let at = declared::place_of(subject, setting.value.origin);
    let quantity = parameter.quantity();
    let shown = quantity.show(i64::from(number));
    let unit = quantity.name();
    let (message, label, help) = match surprise {
        Surprise::Octal => (
            format!("`{name}` begins with a zero, so that Postgres reads `{text}` as {shown}"),
            "octal".to_owned(),
            format!("write `{shown}`, or the number without the zero"),
        ),
        Surprise::Nothing => (
            format!("`{name}` is 0: `{text}` is less than half of what Postgres counts in"),
            if unit.is_empty() {
                "whole numbers count".to_owned()
            } else {
                format!("counted in whole {unit}")
            },
            if unit.is_empty() {
                "write a whole number, or `0` if that is meant".to_owned()
            } else {
                format!("write a number of whole {unit}, or `0` if that is meant")
            },
        ),
        Surprise::Rounded => (
            format!("`{name}` is a whole number, so that `{text}` is {shown}"),
            "rounded".to_owned(),
            format!("write `{shown}`"),
        ),
    };
    let finding = findings
        .at(setting.entity.clone(), at, message)
        .key(setting.key())
        .label(label)
        .help(help);
    let zero = ZERO.iter().find(|(known, _)| *known == parameter.name);
    if let Some((_, means)) = zero.filter(|_| number == 0) {
        finding.consequence(*means);
    }
}

/// Whether Patroni reads a word as the server does. It knows no beginnings of words, and few names of old.
fn is_word_of_patroni(parameter: &Parameter, text: &str) -> bool {
    let is_listed = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    let switches = ["on", "off", "true", "false", "yes", "no", "1", "0"];
    match parameter.kind {
        Kind::Boolean => is_listed(&switches),
        Kind::Enumeration(words, _) => is_listed(words) || is_listed(&switches),
        Kind::Integer(..) | Kind::Real(..) | Kind::Text => true,
    }
}

fn left_out(subject: &Subject, findings: &mut Of<'_>, setting: &Setting<'_>, text: &str) {
    let name = setting.name;
    findings
        .at(
            setting.entity.clone(),
            declared::place_of(subject, setting.value.origin),
            format!("Patroni does not read `{text}` as a value of `{name}`, though Postgres does"),
        )
        .key(setting.key())
        .label("not a word that Patroni reads")
        .help("write the whole word, as Postgres lists it")
        .consequence(
            "Patroni leaves it out with a line in its log, and Postgres runs with its default",
        );
}

fn too_low(subject: &Subject, findings: &mut Of<'_>, setting: &Setting<'_>, number: i32) {
    let Some((name, least, instead)) = PATRONI
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(setting.name))
    else {
        return;
    };
    if number >= *least {
        return;
    }
    findings
        .at(
            setting.entity.clone(),
            declared::place_of(subject, setting.value.origin),
            format!("Patroni takes no `{name}` below {least} and writes {instead}"),
        )
        .key(setting.key())
        .label("too little for Patroni")
        .help(format!("write {least} or more"));
}
