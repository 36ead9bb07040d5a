//! What the server checks beyond a parameter's type: lists of words, names, and numbers with gaps.

use super::{Meaning, Problem, standby_names, time_zone};
use crate::facts::encodings;

/// Resource managers of WAL whose records can be compared.
const MASKED: &[&str] = &[
    "all", "heap2", "heap", "btree", "hash", "gin", "gist", "sequence", "spgist", "brin", "generic",
];

const CLASSES_OF_PGAUDIT: &[&str] = &[
    "read", "write", "function", "role", "ddl", "misc", "misc_set", "all", "none",
];
const LEVELS_OF_PGAUDIT: &[&str] = &[
    "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "info", "notice", "warning", "log",
];
const CHECKS_OF_PLPGSQL: &[&str] = &[
    "all",
    "none",
    "shadowed_variables",
    "strict_multi_assignment",
    "too_many_rows",
];

/// Checks a value whose type is right.
pub(super) fn check(name: &str, value: &str, meaning: Meaning, major: u32) -> Result<(), Problem> {
    match meaning {
        Meaning::Switch(is_on) => switch(name, is_on, major),
        Meaning::Whole(number) => whole(name, number),
        Meaning::Text => text(name, value, major),
        Meaning::Decimal(_) | Meaning::Word(_) => Ok(()),
    }
}

fn says(what: &str) -> Result<(), Problem> {
    Err(Problem::Text(what.to_owned()))
}

fn switch(name: &str, is_on: bool, major: u32) -> Result<(), Problem> {
    match name {
        "bonjour" if is_on => says("is off in each package of Postgres, which has no Bonjour"),
        "default_with_oids" if is_on && major >= 12 => {
            says("is off: tables have no OIDs since Postgres 12")
        }
        _ => Ok(()),
    }
}

fn whole(name: &str, number: i32) -> Result<(), Problem> {
    match name {
        "vacuum_buffer_usage_limit" if number != 0 && number < 128 => {
            says("is 0, or between 128kB and 16GB")
        }
        "commit_timestamp_buffers"
        | "multixact_member_buffers"
        | "multixact_offset_buffers"
        | "notify_buffers"
        | "serializable_buffers"
        | "subtransaction_buffers"
        | "transaction_buffers"
            if number % 16 != 0 =>
        {
            says("is a multiple of 16 pages of 8 kB")
        }
        "io_max_concurrency" if number == 0 => says("is -1, or 1 and more"),
        _ => Ok(()),
    }
}

fn text(name: &str, value: &str, major: u32) -> Result<(), Problem> {
    match name {
        "synchronous_standby_names" => match standby_names::parse(value) {
            Ok(_) => Ok(()),
            Err(problem) => Err(Problem::Text(problem)),
        },
        "log_destination" => {
            let words: &[&str] = if major < 15 {
                &["stderr", "csvlog", "syslog"]
            } else {
                &["stderr", "csvlog", "jsonlog", "syslog"]
            };
            list_of(value, words)
        }
        "log_connections" => log_connections(value),
        "createrole_self_grant" => list_of(value, &["set", "inherit"]),
        "restrict_nonsystem_relation_kind" => list_of(value, &["view", "foreign-table"]),
        "debug_io_direct" => list_of(value, &["data", "wal", "wal_init"]),
        "wal_consistency_checking" => list_of(value, MASKED),
        "synchronized_standby_slots" => match items(value) {
            Some(slots) if slots.iter().all(|slot| slot_name(slot).is_ok()) => Ok(()),
            Some(_) | None => says("is a list of names of slots with commas between"),
        },
        "search_path" | "temp_tablespaces" => match items(value) {
            Some(_) => Ok(()),
            None => says("is a list of names with commas between"),
        },
        "DateStyle" => date_style(value),
        "TimeZone" if time_zone::is_offset(value) => Ok(()),
        "TimeZone" | "log_timezone" if time_zone::is_known(value) => Ok(()),
        "TimeZone" | "log_timezone" => says("is the name of a time zone: `UTC`, `Europe/Berlin`"),
        "pgaudit.log" => classes_of_statements(value),
        "pgaudit.log_level"
            if !LEVELS_OF_PGAUDIT
                .iter()
                .any(|word| word.eq_ignore_ascii_case(value)) =>
        {
            Err(Problem::Text(format!(
                "is one of {}",
                quoted(LEVELS_OF_PGAUDIT)
            )))
        }
        "plpgsql.extra_errors" | "plpgsql.extra_warnings" => list_of(value, CHECKS_OF_PLPGSQL),
        "client_encoding" => encoding(value),
        "timezone_abbreviations" => match value {
            "Default" | "Australia" | "India" => Ok(()),
            _ => says("is `Default`, `Australia` or `India`"),
        },
        // Only up to Postgres 11: later it is an enumeration.
        "transaction_isolation" => {
            const LEVELS: &[&str] = &[
                "default",
                "serializable",
                "repeatable read",
                "read committed",
                "read uncommitted",
            ];
            if LEVELS.contains(&value) {
                Ok(())
            } else {
                Err(Problem::Text(format!("is one of {}", quoted(LEVELS))))
            }
        }
        "lc_messages" if value.is_empty() => says("is a locale: `C`, `en_US.UTF-8`"),
        "primary_slot_name" => slot_name(value),
        "backtrace_functions" => {
            let is_known = |c: char| c.is_ascii_alphanumeric() || "_, \n\t".contains(c);
            if value.chars().all(is_known) {
                Ok(())
            } else {
                says("is a list of names of C functions with commas between")
            }
        }
        "default_table_access_method" if value.is_empty() => says("is a name"),
        "recovery_target" => match value {
            "" | "immediate" => Ok(()),
            _ => says("is `immediate` or empty"),
        },
        "recovery_target_name" if value.len() >= 64 => says("is a name of at most 63 letters"),
        "recovery_target_lsn" => location(value),
        "role" if value != "none" => {
            says("is chosen by each session, and only `none` can stand in a file")
        }
        "session_authorization" => says("is chosen by each session, and cannot stand in a file"),
        _ => Ok(()),
    }
}

/// The items of a list as the server splits it: names with commas between, in double quotes where they are not plain.
/// Unquoted ones are in small letters.
fn items(text: &str) -> Option<Vec<String>> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let mut items = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    if rest.is_empty() {
        return Some(items);
    }
    loop {
        let length;
        if let Some(quoted) = rest.strip_prefix('"') {
            let (item, behind) = quoted_item(quoted)?;
            items.push(item);
            rest = behind;
        } else {
            length = rest.find(|c| c == ',' || is_space(c)).unwrap_or(rest.len());
            if length == 0 {
                return None;
            }
            let (item, behind) = rest.split_at(length);
            items.push(item.to_lowercase());
            rest = behind;
        }
        rest = rest.trim_start_matches(is_space);
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind.trim_start_matches(is_space),
            None if rest.is_empty() => return Some(items),
            None => return None,
        }
    }
}

fn quoted_item(text: &str) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != '"' {
            item.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            item.push('"');
        } else {
            return Some((item, text.split_at(at + 1).1));
        }
    }
    None
}

fn list_of(value: &str, words: &[&str]) -> Result<(), Problem> {
    let known = |item: &String| words.iter().any(|word| word.eq_ignore_ascii_case(item));
    if items(value).is_some_and(|items| items.iter().all(known)) {
        return Ok(());
    }
    Err(Problem::Text(format!(
        "is a list of {} with commas between",
        quoted(words)
    )))
}

fn quoted(words: &[&str]) -> String {
    let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    all.join(", ")
}

fn log_connections(value: &str) -> Result<(), Problem> {
    const WORDS: &[&str] = &[
        "receipt",
        "authentication",
        "authorization",
        "setup_durations",
        "all",
    ];
    if super::boolean(value).is_some() {
        return Ok(());
    }
    list_of(value, WORDS)
}

fn date_style(value: &str) -> Result<(), Problem> {
    let Some(items) = items(value) else {
        return says("is a style and an order of fields: `ISO, DMY`");
    };
    let (mut style, mut order) = (None, None);
    for item in items.iter().map(|item| item.to_lowercase()) {
        let begins = |word: &str, least: usize| item.starts_with(word.get(..least).unwrap_or(word));
        let (slot, meant) = match item.as_str() {
            "iso" => (&mut style, 1),
            "sql" => (&mut style, 2),
            item if item.starts_with("postgres") => (&mut style, 3),
            "german" => (&mut style, 4),
            "ymd" => (&mut order, 1),
            "dmy" => (&mut order, 2),
            _ if begins("euro", 4) => (&mut order, 2),
            "mdy" | "us" => (&mut order, 3),
            _ if begins("noneuro", 7) => (&mut order, 3),
            "default" => continue,
            _ => return says("is a style and an order of fields: `ISO, DMY`"),
        };
        if slot.is_some_and(|before| before != meant) {
            return says("has two that exclude each other");
        }
        *slot = Some(meant);
    }
    Ok(())
}

/// Classes of pgAudit, those after a hyphen left out.
fn classes_of_statements(value: &str) -> Result<(), Problem> {
    let is_known = |item: &String| {
        let class = item.strip_prefix('-').unwrap_or(item);
        CLASSES_OF_PGAUDIT
            .iter()
            .any(|known| known.eq_ignore_ascii_case(class))
    };
    if items(value).is_some_and(|items| items.iter().all(is_known)) {
        return Ok(());
    }
    Err(Problem::Text(format!(
        "is a list of {} with commas between",
        quoted(CLASSES_OF_PGAUDIT)
    )))
}

fn encoding(value: &str) -> Result<(), Problem> {
    if encodings::is_of_client(value) {
        Ok(())
    } else {
        says("is the name of an encoding: `UTF8`, `LATIN1`")
    }
}

fn slot_name(value: &str) -> Result<(), Problem> {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if value.len() < 64 && value.chars().all(is_known) {
        Ok(())
    } else {
        says("is a name of small letters, digits and `_`, at most 63 of them")
    }
}

fn location(value: &str) -> Result<(), Problem> {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_hexdigit());
    let parts = value.split_once('/');
    if value.is_empty() || parts.is_some_and(|(high, low)| is_part(high) && is_part(low)) {
        Ok(())
    } else {
        says("is a location in WAL: `0/3000000`")
    }
}
