//! repmgr.conf as it comes to be on a machine: variables of TPA, and behind them the lines of `repmgr_conf_settings`.
//! What is written last wins.

use std::borrow::Cow;

use super::{Instance, Subject};
use super::{guc, postgres, settings};
use crate::facts::repmgr::BOOLEANS;
use crate::origin::{Origin, Sourced};
use crate::value::Value;

/// A line of repmgr.conf, as repmgr's own scanner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'t> {
    /// A comment, or nothing.
    Empty,
    Setting {
        name: &'t str,
        /// Without quotes, the escapes in it resolved.
        value: Cow<'t, str>,
    },
    /// It stops there, before this text.
    Broken(&'t str),
}

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Name,
    /// Two names with a dot between.
    QualifiedName,
    Quoted,
    /// A number, or a word that is not a name.
    Bare,
    Equals,
    End,
    Unknown,
}

/// Reads a line: a name, perhaps an equal sign, one value, perhaps a comment.
pub fn line(text: &str) -> Line<'_> {
    let (token, name, rest) = next(text);
    match token {
        Token::End => return Line::Empty,
        Token::Name | Token::QualifiedName => {}
        Token::Quoted | Token::Bare | Token::Equals | Token::Unknown => return Line::Broken(name),
    }
    let (mut token, mut word, mut rest) = next(rest);
    if token == Token::Equals {
        (token, word, rest) = next(rest);
    }
    let value = match token {
        Token::Name | Token::Bare => Cow::Borrowed(word),
        Token::Quoted => Cow::Owned(unquoted(word)),
        Token::QualifiedName | Token::Equals | Token::End | Token::Unknown => {
            return Line::Broken(word);
        }
    };
    match next(rest) {
        (Token::End, ..) => Line::Setting { name, value },
        (_, word, _) => Line::Broken(word),
    }
}

/// The next token, its text and what is behind it. The longest token wins.
fn next(text: &str) -> (Token, &str, &str) {
    let text = text.trim_start_matches([' ', '\t', '\r']);
    let Some(first) = text.chars().next() else {
        return (Token::End, "", "");
    };
    let cut = |token: Token, length: usize| {
        let (word, rest) = text.split_at(length);
        (token, word, rest)
    };
    match first {
        '#' => cut(Token::End, text.len()),
        '=' => cut(Token::Equals, 1),
        '\'' => match guc::quoted_length(text) {
            Some(length) => cut(Token::Quoted, length),
            None => cut(Token::Unknown, 1),
        },
        letter if begins_name(letter) => {
            let inner = |c: char| begins_name(c) || c.is_ascii_digit();
            let word = length(text, |c| inner(c) || "-._:/".contains(c));
            let name = length(text, inner);
            if name == word {
                return cut(Token::Name, word);
            }
            let (first, second) = text.split_at(word).0.split_at(name);
            let second = second.strip_prefix('.').filter(|_| !first.is_empty());
            let is_qualified = second.is_some_and(|second| {
                second.starts_with(begins_name) && length(second, inner) == second.len()
            });
            let token = if is_qualified {
                Token::QualifiedName
            } else {
                Token::Bare
            };
            cut(token, word)
        }
        _ => match number_length(text) {
            0 => cut(Token::Unknown, first.len_utf8()),
            length => cut(Token::Bare, length),
        },
    }
}

fn begins_name(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}

/// How long the beginning of a text is that consists of such characters.
fn length(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

/// How long the number is that a text begins with: whole with letters behind it, or a decimal.
fn number_length(text: &str) -> usize {
    let sign = length(text, |c| c == '-' || c == '+').min(1);
    let (_, digits) = text.split_at(sign);
    let hexadecimal = digits.strip_prefix("0x").map_or(0, |digits| {
        match length(digits, |c| c.is_ascii_hexdigit()) {
            0 => 0,
            length => 2 + length,
        }
    });
    let whole = length(digits, |c| c.is_ascii_digit());
    let (_, behind) = digits.split_at(whole);
    let decimal = behind.strip_prefix('.').map_or(0, |fraction| {
        let fraction = length(fraction, |c| c.is_ascii_digit());
        let mantissa = whole + 1 + fraction;
        mantissa + exponent_length(digits.split_at(mantissa).1)
    });
    let begin = hexadecimal.max(whole);
    let letters = length(digits.split_at(begin).1, |c| c.is_ascii_alphabetic());
    let integer = if begin == 0 { 0 } else { begin + letters };
    match integer.max(decimal) {
        0 => 0,
        length => sign + length,
    }
}

fn exponent_length(text: &str) -> usize {
    let Some(power) = text.strip_prefix(['e', 'E']) else {
        return 0;
    };
    let sign = length(power, |c| c == '-' || c == '+').min(1);
    match length(power.split_at(sign).1, |c| c.is_ascii_digit()) {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

fn unquoted(text: &str) -> String {
    let inner = text
        .get(1..text.len().saturating_sub(1))
        .unwrap_or_default();
    let mut meaning = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                characters.next();
                meaning.push('\'');
            }
            '\\' => meaning.extend(characters.next().map(|escaped| match escaped {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            other => meaning.push(other),
        }
    }
    meaning
}

/// A whole number as repmgr reads it: what a value begins with. `0x10` is 0, `1min` is 1, and nothing is 0.
pub fn integer(value: &str) -> Option<i64> {
    if value.is_empty() {
        return Some(0);
    }
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let sign = length(value, |c| c == '-' || c == '+').min(1);
    let digits = length(value.split_at(sign).1, |c| c.is_ascii_digit());
    value.get(..sign + digits)?.parse().ok()
}

/// A boolean as repmgr reads it.
pub fn boolean(value: &str) -> Option<bool> {
    let (yes, no) = BOOLEANS;
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    match (is_one_of(&yes), is_one_of(&no)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

/// A setting that stands in the lines that TPA appends.
pub fn in_lines<'s>(
    subject: &'s Subject,
    instance: &'s Instance,
    setting: &str,
) -> Option<Sourced<Cow<'s, str>>> {
    let written = subject.variable_of(instance, "repmgr_conf_settings")?;
    let items = written.as_list().unwrap_or_default();
    items.iter().rev().find_map(|item| {
        let lines = item.as_text()?.lines().rev();
        lines.map(line).find_map(|line| match line {
            Line::Setting { name, value } if name == setting => {
                Some(Sourced::new(value, item.origin))
            }
            Line::Setting { .. } | Line::Empty | Line::Broken(_) => None,
        })
    })
}

/// A whole number that stands in the lines, or in a variable of TPA.
fn number(
    subject: &Subject,
    instance: &Instance,
    setting: &str,
    variable: Option<&str>,
) -> Option<Sourced<i64>> {
    let line = in_lines(subject, instance, setting);
    let line = line.and_then(|line| Some(Sourced::new(integer(&line.value)?, line.origin)));
    line.or_else(|| settings::number(subject.variable_of(instance, variable?)))
}

/// The priority of a machine, where one is written that repmgr takes. Who has 0 is never promoted.
pub fn priority(subject: &Subject, instance: &Instance) -> Option<Sourced<i64>> {
    number(subject, instance, "priority", Some("repmgr_priority"))
        .filter(|priority| priority.value >= 0)
}

/// Where a machine is told to leave promotions to a human.
pub fn manual(subject: &Subject, instance: &Instance) -> Option<Origin> {
    let variable = subject.variable_of(instance, "repmgr_failover");
    let variable = variable.and_then(Value::sourced_text);
    let effective = in_lines(subject, instance, "failover")
        .or(variable.map(|text| Sourced::new(Cow::Borrowed(text.value), text.origin)))?;
    (effective.value == "manual").then_some(effective.origin)
}

/// What repmgr takes for a machine's location. TPA does not derive it from its own locations.
pub fn location<'s>(subject: &'s Subject, instance: &'s Instance) -> Option<Sourced<Cow<'s, str>>> {
    let variable = subject.variable_of(instance, "repmgr_location");
    let variable = variable.and_then(Value::sourced_text);
    in_lines(subject, instance, "location")
        .or(variable.map(|text| Sourced::new(Cow::Borrowed(text.value), text.origin)))
        .filter(|location| !location.value.is_empty())
}

/// Whether a boolean is on, where one is written.
pub fn is_on(subject: &Subject, instance: &Instance, setting: &str) -> bool {
    let written = in_lines(subject, instance, setting);
    written.is_some_and(|written| boolean(&written.value) == Some(true))
}

/// How often repmgr tries to reach a lost primary, and the seconds between.
pub fn attempts_and_interval(subject: &Subject, instance: &Instance) -> (i64, i64) {
    let written = |setting: &str, variable: &str, default: i64| {
        number(subject, instance, setting, Some(variable)).map_or(default, |time| time.value)
    };
    (
        written("reconnect_attempts", "repmgr_reconnect_attempts", 6),
        written("reconnect_interval", "repmgr_reconnect_interval", 10),
    )
}

/// How long repmgr tries to reach a lost primary before it elects another, in seconds.
pub fn patience(subject: &Subject, instance: &Instance) -> i64 {
    let (attempts, interval) = attempts_and_interval(subject, instance);
    attempts.saturating_mul(interval)
}

/// The least number of children that keeps a primary running: as many as are connected, or as many as are gone.
pub fn least_children(
    subject: &Subject,
    primary: &Instance,
) -> (Option<Sourced<i64>>, Option<Sourced<i64>>) {
    let count =
        |setting: &str| number(subject, primary, setting, None).filter(|count| count.value > 0);
    (
        count("child_nodes_connected_min_count"),
        count("child_nodes_disconnect_min_count"),
    )
}

/// How long a primary that has lost its children goes on, in seconds: until Postgres notices, and as long as repmgr
/// waits then. Nothing where Postgres never notices.
pub fn fence_delay(subject: &Subject, primary: &Instance) -> Option<i64> {
    let seconds = |setting: &str, default: i64| {
        number(subject, primary, setting, None).map_or(default, |time| time.value)
    };
    let noticed = postgres::standby_timeout(subject, primary)?;
    let check = seconds("child_nodes_check_interval", 5);
    let wait = seconds("child_nodes_disconnect_timeout", 30);
    Some(noticed.saturating_add(check).saturating_add(wait))
}
