//! Time zones as the server reads them: names that it has files for, and texts in the form of POSIX, which say what they
//! mean: `UTC+3`, `<-03>3`, `CET-1CEST`.

use crate::facts::time_zones::NAMES;

/// Files that only the tzdata of some systems have.
const OF_SYSTEMS: &[&str] = &["localtime", "posixrules"];

/// Hours in a week: an offset has fewer.
const HOURS: f64 = 168.0;

/// Whether it is a zone by name or in the form of POSIX.
pub(super) fn is_known(text: &str) -> bool {
    let is = |name: &str| name.eq_ignore_ascii_case(text);
    let name = text.strip_prefix("posix/").unwrap_or(text);
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || OF_SYSTEMS.iter().any(|known| is(known))
        || is_posix(text)
}

/// Whether it is a number of hours or an interval, which a session's zone may be, and that of the log may not.
pub(super) fn is_offset(text: &str) -> bool {
    let begins = text
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("interval"));
    let hours: Option<f64> = text.trim_start().parse().ok();
    begins || hours.is_some_and(|hours| hours.abs() < HOURS)
}

/// A name, an offset, and perhaps the name of summer time, its offset and its rules.
fn is_posix(text: &str) -> bool {
    let standard = after_name(text).and_then(after_offset);
    let Some(rest) = standard else { return false };
    if rest.is_empty() {
        return true;
    }
    let Some(after) = after_name(rest).filter(|after| after.len() < rest.len()) else {
        return false;
    };
    let rest = if after.is_empty() || after.starts_with([',', ';']) {
        Some(after)
    } else {
        after_offset(after)
    };
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ';']))
}

/// A name ends where an offset may begin, or with the bracket that it began with.
fn after_name(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_prefix('<') {
        return inner.split_once('>').map(|(_, rest)| rest);
    }
    let end = text.find(|c: char| c.is_ascii_digit() || ",-+".contains(c));
    Some(text.split_at(end.unwrap_or(text.len())).1)
}

/// Hours, and perhaps minutes. The server takes no zone that is off by seconds.
fn after_offset(text: &str) -> Option<&str> {
    let rest = after_number(text.strip_prefix(['-', '+']).unwrap_or(text), 167)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some(rest);
    };
    let rest = after_number(rest, 59)?;
    match rest.strip_prefix(':') {
        Some(seconds) => after_number(seconds, 0),
        None => Some(rest),
    }
}

fn after_number(text: &str, most: u32) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    let number: u32 = digits.parse().ok()?;
    (number <= most).then_some(rest)
}
