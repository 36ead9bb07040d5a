//! How often cron runs something, and how long `4 WEEKS` are.

use super::programs::cron;

/// The longest month.
const MONTH: u32 = 31;

/// The hours between two runs, where they are furthest apart. Known for schedules by weekday or by day of the month; both
/// at once, or a month, make it unknown.
pub(super) fn longest_gap(schedule: &str) -> Option<u32> {
    let read = read(schedule)?;
    let hours = &read.hours;
    match (read.weekdays(), read.days()) {
        (Some(days), _) => gap_around(days, 7, hours),
        (None, Some(days)) => gap_around(days, MONTH, hours),
        (None, None) => None,
    }
}

/// A schedule of five fields with single blanks between, which cron takes.
pub(super) fn read(schedule: &str) -> Option<cron::Schedule<'_>> {
    let fields: Vec<&str> = schedule.split(' ').collect();
    cron::read(&fields.try_into().ok()?).ok()
}

/// The longest gap between runs on these days, again and again after so many days.
fn gap_around(days: &[u32], period: u32, hours: &[u32]) -> Option<u32> {
    let mut runs: Vec<u32> = days
        .iter()
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

/// Hours in words.
pub(super) fn days(hours: u32) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        (_, _) => format!("{hours} hours"),
    }
}
