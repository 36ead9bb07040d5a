//! What YAML 1.1 takes plain scalars for.

/// What a text without quotes is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    /// A date, or a date and a time, whether there is such a one or not.
    Time,
    /// An integer of more than 64 bits.
    Long,
    /// `0x_`, which Python does not read.
    NoDigits,
    /// `<<`, which merges another map.
    Merge,
    /// `=`, the default value.
    EqualSign,
    Text,
}

pub(super) fn plain(text: &str) -> Plain {
    if let Some(word) = word(text) {
        word
    } else if is_integer(text) {
        let has_digits = is_number_of_python(&unsigned(text).replace('_', ""));
        match integer(text) {
            Some(integer) => Plain::Integer(integer),
            None if has_digits => Plain::Long,
            None => Plain::NoDigits,
        }
    } else if is_decimal(text) {
        Plain::Decimal(decimal(text))
    } else if is_time(text) {
        Plain::Time
    } else {
        Plain::Text
    }
}

/// Whether a text without quotes is read as itself, and not as a number, a date, a boolean…
pub fn is_text(text: &str) -> bool {
    plain(text) == Plain::Text
}

/// Booleans, null, and the keys with a meaning of their own. A word may be in lower case, capitalised or in capitals.
fn word(text: &str) -> Option<Plain> {
    let word = match text {
        "" | "~" => return Some(Plain::Null),
        "<<" => return Some(Plain::Merge),
        "=" => return Some(Plain::EqualSign),
        _ if text.len() > "false".len() => return None,
        _ => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" => Plain::Boolean(true),
            "no" | "off" | "false" => Plain::Boolean(false),
            "null" => Plain::Null,
            _ => return None,
        },
    };
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    let first_only = capitals == 1 && text.starts_with(|first: char| first.is_ascii_uppercase());
    (capitals == 0 || capitals == text.len() || first_only).then_some(word)
}

/// The number that an integer stands for.
fn integer(text: &str) -> Option<i64> {
    let digits = unsigned(text).replace('_', "");
    let magnitude = if let Some(binary) = digits.strip_prefix("0b") {
        i128::from_str_radix(binary, 2).ok()?
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        i128::from_str_radix(hexadecimal, 16).ok()?
    } else if digits == "0" {
        0
    } else if let Some(octal) = digits.strip_prefix('0') {
        i128::from_str_radix(octal, 8).ok()?
    } else {
        let mut number: i128 = 0;
        for part in digits.split(':') {
            number = number.checked_mul(60)?.checked_add(part.parse().ok()?)?;
        }
        number
    };
    let number = if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    };
    i64::try_from(number).ok()
}

/// The number that a decimal stands for.
fn decimal(text: &str) -> f64 {
    let digits = unsigned(text).replace('_', "").to_ascii_lowercase();
    let magnitude = match digits.as_str() {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ => {
            let parts = digits.split(':');
            parts.fold(0.0, |number, part| {
                let part: f64 = part.parse().unwrap_or(0.0);
                number * 60.0 + part
            })
        }
    };
    if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(text: &str, accepts: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(accepts)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Digits with underscores between or after them.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && all(text, |byte| is_digit(byte) || byte == b'_')
}

/// What comes after the first part of `12:30:45`.
fn are_sixtieths<'t>(mut parts: impl Iterator<Item = &'t str>) -> bool {
    let is_one = |part: &str| match part.as_bytes() {
        [digit] => is_digit(*digit),
        [tens, digit] => (b'0'..=b'5').contains(tens) && is_digit(*digit),
        _ => false,
    };
    parts.all(is_one)
}

fn is_integer(text: &str) -> bool {
    let text = unsigned(text);
    if let Some(binary) = text.strip_prefix("0b") {
        return all(binary, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return all(hexadecimal, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(octal) = text.strip_prefix('0') {
        return octal.is_empty() || all(octal, |byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    let mut parts = text.split(':');
    parts.next().is_some_and(is_number) && are_sixtieths(parts)
}

fn is_decimal(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let number = unsigned(text);
    if matches!(number, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let Some((whole, fraction)) = number.split_once('.') else {
        return false;
    };
    let (digits, exponent) = match fraction.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (fraction, None),
    };
    let is_exponent =
        |exponent: &str| exponent.starts_with(['-', '+']) && all(unsigned(exponent), is_digit);
    let are_digits = digits.bytes().all(|byte| is_digit(byte) || byte == b'_');
    if !are_digits || exponent.is_some_and(|exponent| !is_exponent(exponent)) {
        return false;
    }
    if whole.is_empty() {
        // Without a sign only.
        return number.len() == text.len() && is_number(digits);
    }
    let mut parts = whole.split(':');
    let first = parts.next().is_some_and(is_number);
    first && are_sixtieths(parts) && (!whole.contains(':') || exponent.is_none())
}

/// A date, or a date and a time of day.
fn is_time(text: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && all(text, is_digit)
    };
    let Some((year, rest)) = text.split_once('-') else {
        return false;
    };
    let Some((month, rest)) = rest.split_once('-') else {
        return false;
    };
    if !digits(year, 4, 4) || !digits(month, 1, 2) {
        return false;
    }
    let Some(end) = rest.find(['T', 't', ' ', '\t']) else {
        return month.len() == 2 && digits(rest, 2, 2);
    };
    let (day, rest) = rest.split_at(end);
    let time = match rest.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => rest.trim_start_matches([' ', '\t']),
    };
    digits(day, 1, 2) && is_time_of_day(time)
}

/// `2:15:00`, `02:15:00.5 +1:00`, `02:15:00Z`.
fn is_time_of_day(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(hour), Some(minute), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let two = |text: &str| text.len() == 2 && all(text, is_digit);
    let one_or_two = |text: &str| matches!(text.len(), 1 | 2) && all(text, is_digit);
    let (Some(second), Some(rest)) = (rest.get(..2), rest.get(2..)) else {
        return false;
    };
    if !one_or_two(hour) || !two(minute) || !two(second) {
        return false;
    }
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|character: char| character.is_ascii_digit()),
        None => rest,
    };
    let zone = rest.trim_start_matches([' ', '\t']);
    if zone == "Z" || rest.is_empty() {
        return true;
    }
    let Some(offset) = zone.strip_prefix(['-', '+']) else {
        return false;
    };
    match offset.split_once(':') {
        Some((hours, minutes)) => one_or_two(hours) && two(minutes),
        None => one_or_two(offset),
    }
}

/// Whether there is such a date and time, which Python asks of what looks like one.
pub(super) fn time_exists(text: &str) -> bool {
    let end = text.find(['T', 't', ' ', '\t']).unwrap_or(text.len());
    let (date, time) = text.split_at(end);
    let mut numbers = date.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (year, month, day) = (
        numbers.next().unwrap_or(0),
        numbers.next().unwrap_or(0),
        numbers.next().unwrap_or(0),
    );
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    let is_date = year > 0 && (1..=days).contains(&day);
    let time = time.trim_start_matches(['T', 't', ' ', '\t']);
    is_date && (time.is_empty() || time_of_day_exists(time))
}

fn time_of_day_exists(time: &str) -> bool {
    let (clock, offset) = match time.find(['+', '-']) {
        Some(at) => {
            let (clock, offset) = time.split_at(at);
            (clock, Some(unsigned(offset)))
        }
        None => (time, None),
    };
    let number = |text: &str| {
        let digits = text.trim().chars().take_while(char::is_ascii_digit);
        digits.collect::<String>().parse::<u32>().unwrap_or(0)
    };
    let mut parts = clock.split(':').map(number);
    let (hour, minute, second) = (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    );
    let minutes = offset.map_or(0, |offset| {
        let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
        number(hours) * 60 + number(minutes)
    });
    hour < 24 && minute < 60 && second < 60 && minutes < 24 * 60
}

/// Whether a text is one of digits behind `0b`, `0x` or `0`, or of digits with `:` between, as Python's `int` reads it.
fn is_number_of_python(digits: &str) -> bool {
    let is_of = |digits: &str, radix: u32| {
        let digits = digits.trim();
        let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
        !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix))
    };
    if digits == "0" {
        true
    } else if let Some(binary) = digits.strip_prefix("0b") {
        is_of(binary, 2)
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        is_of(hexadecimal, 16)
    } else if digits.starts_with('0') {
        is_of(digits.strip_prefix("0o").unwrap_or(digits), 8)
    } else {
        digits.split(':').all(|part| is_of(part, 10))
    }
}

/// Whether PyYAML reads a text with the tag `!!int`.
pub(super) fn is_python_integer(text: &str) -> bool {
    is_number_of_python(unsigned(&text.replace('_', "")))
}

/// Whether PyYAML reads a text with the tag `!!float`.
pub(super) fn is_python_decimal(text: &str) -> bool {
    let text = text.replace('_', "").to_lowercase();
    let digits = unsigned(&text);
    let is_one = |text: &str| text.trim().parse::<f64>().is_ok();
    matches!(digits, ".inf" | ".nan") || digits.split(':').all(is_one)
}
