//! The options of a line of servers, as HAProxy reads them.

use crate::facts::haproxy::{Argument, server_option};

/// What is wrong with an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) enum Problem<'w> {
    /// HAProxy does not know the option.
    Unknown,
    /// The option is the last word and needs one more.
    Missing,
    /// HAProxy refuses what comes after the option; with what it expects.
    Value(&'w str, String),
    /// HAProxy takes it for another number.
    Read(&'w str, i64),
    /// A line of TPA's cannot hold it; with the reason.
    Here(&'static str),
}

/// The longest time of HAProxy's, in milliseconds.
const LONGEST: u64 = 2_147_483_647;

/// The options of one line: for each that is wrong, the position of its word and what is wrong.
pub(in crate::lint) fn problems<'w>(words: &[&'w str]) -> Vec<(usize, &'w str, Problem<'w>)> {
    let mut problems = Vec::new();
    let mut rest = words.iter().copied().enumerate();
    while let Some((at, option)) = rest.next() {
        let Some(argument) = server_option(option) else {
            problems.push((at, option, Problem::Unknown));
            // Whatever comes after it may belong to it.
            break;
        };
        if let Some(why) = not_here(option, words) {
            problems.push((at, option, Problem::Here(why)));
        }
        if argument == Argument::Nothing {
            continue;
        }
        let Some((_, value)) = rest.next() else {
            problems.push((at, option, Problem::Missing));
            break;
        };
        if let Some(problem) = judge(argument, value) {
            problems.push((at, option, problem));
        }
    }
    problems
}

fn not_here(option: &str, words: &[&str]) -> Option<&'static str> {
    let has = |word: &str| words.contains(&word);
    match option {
        "redir" => Some("HAProxy redirects HTTP alone"),
        "resolvers" => Some("TPA writes no section `resolvers`"),
        "track" => Some("TPA checks every server itself"),
        "usesrc" if !has("source") => Some("it comes after `source` alone"),
        "agent-check" if !has("agent-port") => Some("it needs `agent-port`"),
        "ssl" if !has("ca-file") && !has("verify") => Some("it needs `ca-file` or `verify none`"),
        _ => None,
    }
}

fn judge(argument: Argument, value: &str) -> Option<Problem<'_>> {
    let expected = |text: &str| Some(Problem::Value(value, text.to_owned()));
    match argument {
        Argument::Nothing | Argument::Word => None,
        Argument::Time | Argument::Interval => match time(value) {
            None => expected("a number with `ms`, `s`, `m`, `h` or `d`, for example `3s`"),
            Some(time) if time > LONGEST => expected("less than 25 days"),
            Some(0) if argument == Argument::Interval => expected("a time above 0"),
            Some(_) => None,
        },
        Argument::OneOf(words) if words.contains(&value) => None,
        Argument::OneOf(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            expected(&words.join(" or "))
        }
        Argument::Number(least) => {
            let read = super::pgbouncer::leading_number(value);
            if least > 0 && read < i64::from(least) {
                expected(&format!("a whole number from {least}"))
            } else {
                is_other(value, read).then_some(Problem::Read(value, read))
            }
        }
        Argument::Weight => {
            let read = super::pgbouncer::leading_number(value);
            if (0..=256).contains(&read) {
                is_other(value, read).then_some(Problem::Read(value, read))
            } else {
                expected("a number from 0 to 256")
            }
        }
    }
}

/// Whether somebody wrote anything else than the number that is read.
fn is_other(value: &str, read: i64) -> bool {
    read < 0 || value.parse() != Ok(read)
}

/// A time in milliseconds.
fn time(text: &str) -> Option<u64> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let number: u64 = digits.parse().unwrap_or(u64::MAX);
    Some(match unit {
        "us" => number.div_ceil(1000),
        "" | "ms" => number,
        "s" => number.saturating_mul(1000),
        "m" => number.saturating_mul(60_000),
        "h" => number.saturating_mul(3_600_000),
        "d" => number.saturating_mul(86_400_000),
        _ => return None,
    })
}
