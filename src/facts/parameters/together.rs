//! What excludes each other when the server starts: values that are all right alone.

use super::Meaning;

/// Values that the server does not start with together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The parameters, those first that are usually at fault.
    pub parameters: &'static [&'static str],
    /// What the server asks for: `… is less than …`.
    pub rule: String,
}

/// The parameters that the server compares with each other or with what it was built for.
pub const COMPARED: &[&str] = &[
    "autovacuum_max_workers",
    "autovacuum_worker_slots",
    "huge_pages",
    "log_executor_stats",
    "log_parser_stats",
    "log_planner_stats",
    "log_statement_stats",
    "max_connections",
    "max_wal_senders",
    "max_wal_size",
    "max_worker_processes",
    "min_wal_size",
    "reserved_connections",
    "shared_memory_type",
    "summarize_wal",
    "superuser_reserved_connections",
];

/// How many processes a server may have.
const PROCESSES: i64 = 262_143;

/// The size of a segment of WAL in MB, which TPA does not change.
const SEGMENT: i64 = 16;

/// The conflicts between the values in force. Nothing is said about a parameter whose value nobody knows.
pub fn conflicts(major: u32, in_force: &dyn Fn(&str) -> Option<Meaning>) -> Vec<Conflict> {
    let mut found = Vec::new();
    let number = |name: &str| match in_force(name)? {
        Meaning::Whole(number) => Some(i64::from(number)),
        Meaning::Switch(_) | Meaning::Decimal(_) | Meaning::Word(_) | Meaning::Text => None,
    };
    let is_on = |name: &str| match in_force(name) {
        Some(Meaning::Switch(is_on)) => is_on,
        Some(Meaning::Word(word)) => !matches!(word, "off" | "false" | "no" | "0"),
        Some(Meaning::Whole(_) | Meaning::Decimal(_) | Meaning::Text) | None => false,
    };
    let mut add = |parameters: &'static [&'static str], rule: String| {
        found.push(Conflict { parameters, rule });
    };
    reserved(major, &number, &mut add);
    processes(major, &number, &mut add);
    for name in ["max_wal_size", "min_wal_size"] {
        let Some(size) = number(name) else { continue };
        if size < 2 * SEGMENT {
            let parameters: &[&str] = if name == "max_wal_size" {
                &["max_wal_size"]
            } else {
                &["min_wal_size"]
            };
            add(
                parameters,
                format!(
                    "`{name}` is at least {}MB, which is two segments of WAL",
                    2 * SEGMENT
                ),
            );
        }
    }
    if in_force("wal_level") == Some(Meaning::Word("minimal")) {
        if is_on("archive_mode") {
            add(
                &["wal_level", "archive_mode"],
                "WAL can be archived with `wal_level` `replica` or `logical` only".to_owned(),
            );
        }
        if number("max_wal_senders").is_some_and(|senders| senders > 0) {
            add(
                &["wal_level", "max_wal_senders"],
                "WAL can be sent with `wal_level` `replica` or `logical` only".to_owned(),
            );
        }
        if is_on("summarize_wal") {
            add(
                &["summarize_wal", "wal_level"],
                "WAL can be summarized with `wal_level` `replica` or `logical` only".to_owned(),
            );
        }
    }
    let by_stage = [
        "log_parser_stats",
        "log_planner_stats",
        "log_executor_stats",
    ];
    if is_on("log_statement_stats") && by_stage.into_iter().any(is_on) {
        add(
            &[
                "log_statement_stats",
                "log_parser_stats",
                "log_planner_stats",
                "log_executor_stats",
            ],
            "`log_statement_stats` is on only where the statistics of the single stages are off"
                .to_owned(),
        );
    }
    let is_mapped = in_force("shared_memory_type");
    if in_force("huge_pages").is_some_and(is_insisted)
        && is_mapped.is_some_and(|kind| kind == Meaning::Word("sysv"))
    {
        add(
            &["huge_pages", "shared_memory_type"],
            "huge pages need `shared_memory_type` `mmap`".to_owned(),
        );
    }
    found
}

/// Whether the server stops where it gets no huge pages.
fn is_insisted(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Word("on" | "true" | "yes" | "1"))
}

fn reserved(
    major: u32,
    number: &dyn Fn(&str) -> Option<i64>,
    add: &mut dyn FnMut(&'static [&'static str], String),
) {
    let Some(connections) = number("max_connections") else {
        return;
    };
    let superusers = number("superuser_reserved_connections").unwrap_or(0);
    let others = if major >= 16 {
        number("reserved_connections").unwrap_or(0)
    } else {
        0
    };
    if superusers + others >= connections {
        let (parameters, sum): (&[&str], String) = if others == 0 {
            (
                &["superuser_reserved_connections", "max_connections"],
                format!("`superuser_reserved_connections`, {superusers},"),
            )
        } else {
            (
                &[
                    "superuser_reserved_connections",
                    "reserved_connections",
                    "max_connections",
                ],
                format!(
                    "`superuser_reserved_connections` and `reserved_connections`, together {},",
                    superusers + others
                ),
            )
        };
        add(
            parameters,
            format!("{sum} must leave some of the {connections} of `max_connections`"),
        );
    }
    let senders = number("max_wal_senders");
    if let Some(senders) = senders.filter(|senders| major < 12 && *senders >= connections) {
        add(
            &["max_wal_senders", "max_connections"],
            format!(
                "`max_wal_senders`, {senders}, must be less than `max_connections`, {connections}, up to Postgres 11"
            ),
        );
    }
}

fn processes(
    major: u32,
    number: &dyn Fn(&str) -> Option<i64>,
    add: &mut dyn FnMut(&'static [&'static str], String),
) {
    let (parameters, own): (&'static [&'static str], i64) = match major {
        ..=11 => (
            &[
                "max_connections",
                "autovacuum_max_workers",
                "max_worker_processes",
            ],
            1,
        ),
        12..=17 => (
            &[
                "max_connections",
                "autovacuum_max_workers",
                "max_worker_processes",
                "max_wal_senders",
            ],
            1,
        ),
        18.. => (
            &[
                "max_connections",
                "autovacuum_worker_slots",
                "max_worker_processes",
                "max_wal_senders",
            ],
            2,
        ),
    };
    let Some(sum) = parameters
        .iter()
        .map(|name| number(name))
        .sum::<Option<i64>>()
    else {
        return;
    };
    if sum + own > PROCESSES {
        let names: Vec<String> = parameters.iter().map(|name| format!("`{name}`")).collect();
        add(
            parameters,
            format!(
                "{} are at most {} together, and they are {sum}",
                names.join(", "),
                PROCESSES - own
            ),
        );
    }
}
