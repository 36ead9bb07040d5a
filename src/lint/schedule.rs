//! How often cron runs something, and how long `4 WEEKS` are.

const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The longest month.
const MONTH: u32 = 31;

/// The hours between two runs, where they are furthest apart. Known for schedules by weekday or by day of the month; both
/// at once, or a month, make it unknown.
pub(super) fn longest_gap(schedule: &str) -> Option<u32> {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let [_, hours, days, "*", weekdays] = fields.as_slice() else {
        return None;
    };
    let hours = numbers(hours, 0, 23, &[])?;
    match (*days, *weekdays) {
        ("*", weekdays) => {
            // Sunday is 0 and 7.
            let days = numbers(weekdays, 0, 7, DAYS)?;
            gap_around(days.into_iter().map(|day| day % 7), 7, &hours)
        }
        (days, "*") => gap_around(numbers(days, 1, MONTH, &[])?.into_iter(), MONTH, &hours),
        (_, _) => None,
    }
}

/// The longest gap between runs on these days, again and again after so many days.
fn gap_around(days: impl Iterator<Item = u32>, period: u32, hours: &[u32]) -> Option<u32> {
    let mut runs: Vec<u32> = days
        .flat_map(|day| hours.iter().map(move |hour| day * 24 + hour))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    let (first, last) = (runs.first()?, runs.last()?);
    let around = first + period * 24 - last;
    let between = runs.iter().zip(runs.iter().skip(1));
    let inner = between.map(|(one, next)| next - one).max();
    Some(inner.unwrap_or(0).max(around))
}

/// The numbers that a field of cron stands for.
fn numbers(field: &str, lowest: u32, highest: u32, names: &[&str]) -> Option<Vec<u32>> {
    let number = |word: &str| {
        let word = word.to_lowercase();
        let named = names.iter().position(|name| *name == word);
        let number = match named {
            Some(position) => u32::try_from(position).ok()?,
            None => word.parse().ok()?,
        };
        (lowest..=highest).contains(&number).then_some(number)
    };
    let mut found = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (lowest, highest),
            Some((from, to)) => (number(from)?, number(to)?),
            None => (number(range)?, number(range)?),
        };
        found.extend((from..=to).step_by(step));
    }
    Some(found)
}

/// `4 WEEKS` in hours.
pub(super) fn hours(text: &str) -> Option<u32> {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let [number, unit] = words.as_slice() else {
        return None;
    };
    let hours = match unit.strip_suffix('S').unwrap_or(unit) {
        "HOUR" => 1,
        "DAY" => 24,
        "WEEK" => 7 * 24,
        "MONTH" => 31 * 24,
        _ => return None,
    };
    number.parse::<u32>().ok()?.checked_mul(hours)
}

/// Hours in words.
pub(super) fn days(hours: u32) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        (_, _) => format!("{hours} hours"),
    }
}
