use crate::facts::parameters::{Kind, Meaning, Parameter, Quantity, Surprise};
use crate::lint::finding::Of;
use crate::lint::parameters::{self as set, Setting};
use crate::lint::rule::rule;
use crate::lint::{Context, declared};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::{Subject, in_force};

rule! {
    /// ## What it does
    ///
    /// Finds values of parameters that Postgres reads and that mean something else than they say: a number of a smaller
    /// unit than the parameter counts in, which becomes 0; a leading zero, which makes a number octal; a fraction where
    /// whole numbers count; a `min_wal_size` above `max_wal_size`. Under Patroni it also finds words that Postgres reads
    /// and Patroni does not.
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

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    for setting in context.parameters() {
        let Some(parameter) = setting.parameter else {
            continue;
        };
        let Some(text) = setting.text() else {
            continue;
        };
        let number = match parameter.read(&text, major) {
            Ok(Meaning::Whole(number)) => number,
            Ok(Meaning::Switch(_) | Meaning::Word(_)) if is_patroni => {
                if !is_word_of_patroni(parameter, &text) {
                    left_out(subject, findings, setting, &text);
                }
                continue;
            }
            Ok(Meaning::Switch(_) | Meaning::Word(_) | Meaning::Decimal(_) | Meaning::Text)
            | Err(_) => continue,
        };
        if let Some(surprise) = parameter.surprise(&text, major) {
            report(subject, findings, setting, parameter, number, surprise);
        }
    }
    let is_set = |setting: &Setting<'_>| ["max_wal_size", "min_wal_size"].contains(&setting.name);
    if context.parameters().iter().any(is_set) {
        wal_sizes(subject, major, findings);
    }
}

/// The size of a segment of WAL in MB, which TPA does not change.
const SEGMENT: i32 = 16;

/// `max_wal_size` wins over a larger `min_wal_size`.
fn wal_sizes(subject: &Subject, major: u32, findings: &mut Of<'_>) {
    let mut said: Vec<Origin> = Vec::new();
    for machine in in_force::different(subject) {
        let size = |name: &str| match in_force::meaning(subject, machine, major, name)? {
            Meaning::Whole(megabytes) => Some(megabytes),
            Meaning::Switch(_) | Meaning::Decimal(_) | Meaning::Word(_) | Meaning::Text => None,
        };
        let (Some(least), Some(most)) = (size("min_wal_size"), size("max_wal_size")) else {
            continue;
        };
        // A size that Postgres refuses is `postgres-conflict`'s.
        let is_refused = most < 2 * SEGMENT || least < 2 * SEGMENT;
        let written = |name: &str| in_force::written(subject, machine, name);
        let Some(value) = written("min_wal_size").or_else(|| written("max_wal_size")) else {
            continue;
        };
        if is_refused || least <= most || said.contains(&value.origin) {
            continue;
        }
        said.push(value.origin);
        let shown = |megabytes: i32| Quantity::Megabytes.show(i64::from(megabytes));
        let (least, most) = (shown(least), shown(most));
        let finding = findings
            .at(
                machine.entity(),
                declared::place_of(subject, value.origin),
                format!("`min_wal_size` is {least}, and `max_wal_size` is only {most}"),
            )
            .key("vars/min_wal_size")
            .label("more than the greatest size")
            .help(format!(
                "write a `min_wal_size` of at most {most}, or a larger `max_wal_size`"
            ))
            .consequence("Postgres keeps no more WAL for reuse than `max_wal_size`, and checkpoints as often as that asks for");
        if let Some(other) = written("max_wal_size").filter(|other| other.origin != value.origin) {
            finding.related(other.origin, "`max_wal_size`");
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
