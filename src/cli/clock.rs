//! The day and the time, in universal time.

use crate::facts::calendar;
use std::time::{SystemTime, UNIX_EPOCH};

/// Year, month, day, hour, minute and second, in fourteen digits.
pub(super) fn now() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    digits(now.as_secs())
}

/// The day, as `2026-11-24`.
pub(super) fn today() -> String {
    let digits = now();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("");
    format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))
}

/// A day as it is written, if it is one.
pub(super) fn day(text: &str) -> Result<String, String> {
    let has_form = text.len() == "2026-11-24".len()
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if calendar::is_day(text) {
        Ok(text.to_owned())
    } else if has_form {
        Err("there is no such day in the calendar".to_owned())
    } else {
        Err("write a day as `2026-11-24`".to_owned())
    }
}

/// Seconds since 1970 as year, month, day, hour, minute and second, in fourteen digits, in universal time.
fn digits(seconds: u64) -> String {
    const DAY: u64 = 24 * 60 * 60;
    const DAYS_IN_400_YEARS: u64 = 146_097;
    /// From the first of March in the year 0, the start of a cycle of 400 years, to 1970.
    const DAYS_BEFORE_1970: u64 = 719_468;
    let days = seconds / DAY + DAYS_BEFORE_1970;
    let (cycle, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Months from March on have 153 days in five.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year + 400 * cycle, month + 3)
    } else {
        (year + 400 * cycle + 1, month - 9)
    };
    let time = seconds % DAY;
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}
