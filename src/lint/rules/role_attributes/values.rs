//! Attributes of roles that have a value: `connection limit 10`, `valid until '2027-01-01'`.

use crate::facts::calendar;

pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: String,
}

/// Words that Postgres reads as a time.
const TIMES: &[&str] = &["epoch", "infinity", "now", "today", "tomorrow", "yesterday"];

/// Why Postgres does not read an attribute; nothing where it does, or where only Postgres can tell.
pub(super) fn refused(written: &str) -> Option<Refusal> {
    let lower = written.to_lowercase();
    let mut words = lower.split_whitespace();
    match (words.next()?, words.next()) {
        ("connection", Some("limit")) => limit(written, words.next()?),
        ("connection", _) => Some(Refusal {
            message: format!("`{written}` is not an attribute of a role"),
            label: "Postgres refuses it",
            help: "write `connection limit 10`, or `conn_limit` beside `username`".to_owned(),
        }),
        ("valid", Some("until")) => {
            let at = lower.find("until")? + "until".len();
            until(written, written.get(at..)?.trim())
        }
        ("valid", second) => {
            // `valid untill 2027-01-01`, or the date right after `valid`.
            let has_date = second.is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
            let date = if has_date { second } else { words.next() };
            Some(Refusal {
                message: format!("`{written}` is not an attribute of a role"),
                label: "Postgres refuses it",
                help: format!("write {}", valid_until(date.unwrap_or(EXAMPLE))),
            })
        }
        (_, _) => None,
    }
}

const EXAMPLE: &str = "2027-12-31";

fn valid_until(date: &str) -> String {
    format!("`\"valid until '{}'\"`", date.trim_matches('\''))
}

fn limit(written: &str, number: &str) -> Option<Refusal> {
    let is_number = number.parse::<i32>().is_ok_and(|number| number >= -1);
    (!is_number).then(|| Refusal {
        message: format!("`{written}` has no number of connections"),
        label: "Postgres refuses it",
        help: "write a number after `connection limit`, or -1 for as many as there are".to_owned(),
    })
}

fn until(written: &str, date: &str) -> Option<Refusal> {
    let inside = date
        .strip_prefix('\'')
        .and_then(|date| date.strip_suffix('\''));
    let Some(inside) = inside else {
        return Some(Refusal {
            message: format!("the date in `{written}` has no quotes"),
            label: "Postgres refuses it",
            help: format!(
                "write {}",
                valid_until(if date.is_empty() { EXAMPLE } else { date })
            ),
        });
    };
    let day = inside.split([' ', 'T']).next().unwrap_or_default();
    let is_day = day.len() == EXAMPLE.len() && day.split('-').count() == 3;
    let is_word = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_refused = if is_day {
        !calendar::is_day(day)
    } else {
        inside.is_empty() || (is_word && !TIMES.contains(&inside.to_lowercase().as_str()))
    };
    is_refused.then(|| Refusal {
        message: format!("there is no day `{inside}`"),
        label: "Postgres refuses it",
        help: format!(
            "write a day such as `{EXAMPLE}`; for a password that does not expire leave the attribute out"
        ),
    })
}
