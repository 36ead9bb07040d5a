//! Values as Patroni reads them.

use crate::value::{Data, Value};

/// What Patroni makes of a switch: nothing for what it takes for off, for want of anything better.
pub fn switch(value: &Value) -> Option<bool> {
    match value.spelling()?.to_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Some(true),
        "off" | "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// What stands behind a number: the units and how many of the base unit each is.
pub type Units = &'static [(&'static str, f64)];

/// Units of a time in seconds.
pub const SECONDS: Units = &[
    ("d", 86_400.0),
    ("h", 3_600.0),
    ("min", 60.0),
    ("s", 1.0),
    ("ms", 0.001),
    ("us", 0.000_001),
];

/// Units of a size in megabytes.
pub const MEGABYTES: Units = &[
    ("TB", 1_048_576.0),
    ("GB", 1_024.0),
    ("MB", 1.0),
    ("kB", 1.0 / 1_024.0),
    ("B", 1.0 / 1_048_576.0),
];

/// A whole number as Patroni reads it: hexadecimal, octal with a leading zero or decimal, and rounded.
pub fn integer(value: &Value, units: Units) -> Option<i64> {
    let spelling = match &value.data {
        Data::Integer(integer) => return Some(*integer),
        Data::Text(text) => text.clone(),
        Data::Decimal(decimal) => decimal.to_string(),
        Data::Null | Data::Boolean(_) | Data::List(_) | Data::Map(_) => return None,
    };
    integer_of(spelling.trim(), units)
}

/// The same of a text.
pub fn integer_of(text: &str, units: Units) -> Option<i64> {
    let (number, unit) = number(text)?;
    let unit = unit.trim();
    let factor = if unit.is_empty() {
        1.0
    } else {
        units.iter().find(|(known, _)| *known == unit)?.1
    };
    let rounded = (number * factor).round_ties_even();
    let is_whole = rounded.is_finite() && rounded.abs() < 9.0e15;
    // The number has just been found to fit.
    #[expect(clippy::cast_possible_truncation)]
    is_whole.then_some(rounded as i64)
}

/// The number that a text begins with, and the rest.
fn number(text: &str) -> Option<(f64, &str)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let whole = |digits: &'_ str, radix: u32| -> (f64, usize) {
        let length = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        let value = digits
            .get(..length)
            .unwrap_or_default()
            .chars()
            .filter_map(|c| c.to_digit(radix))
            .fold(0.0, |value, digit| {
                value * f64::from(radix) + f64::from(digit)
            });
        (value, length)
    };
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        let (value, length) = whole(hexadecimal, 16);
        if length > 0 {
            return Some((sign * value, hexadecimal.get(length..)?));
        }
    }
    let radix = if digits.starts_with('0') { 8 } else { 10 };
    let (value, length) = whole(digits, radix);
    let rest = digits.get(length..)?;
    if rest.starts_with(['.', 'e', 'E']) {
        let length = decimal_length(digits);
        return if length == 0 {
            None
        } else {
            let value: f64 = digits.get(..length)?.parse().ok()?;
            Some((sign * value, digits.get(length..)?))
        };
    }
    (length > 0).then_some((sign * value, rest))
}

/// How long the decimal is that a text begins with.
fn decimal_length(text: &str) -> usize {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let whole = digits(text);
    let (_, rest) = text.split_at(whole);
    let fraction = rest.strip_prefix('.').map_or(0, digits);
    let mantissa = match (whole, fraction) {
        (0, 0) => return 0,
        (whole, 0) => whole,
        (whole, fraction) => whole + 1 + fraction,
    };
    let (_, rest) = text.split_at(mantissa);
    let Some(power) = rest.strip_prefix(['e', 'E']) else {
        return mantissa;
    };
    let sign = usize::from(power.starts_with(['+', '-']));
    match digits(power.split_at(sign).1) {
        0 => mantissa,
        length => mantissa + 1 + sign + length,
    }
}

/// A number of seconds as Python's `int` reads it: without a unit and without a fraction.
pub fn seconds(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Integer(integer) => Some(*integer),
        Data::Boolean(boolean) => Some(i64::from(*boolean)),
        // Python cuts the fraction off.
        #[expect(clippy::cast_possible_truncation)]
        Data::Decimal(decimal) => (decimal.abs() < 9.0e15).then_some(decimal.trunc() as i64),
        Data::Text(text) => {
            let text = text.trim();
            text.strip_prefix('+').unwrap_or(text).parse().ok()
        }
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}
