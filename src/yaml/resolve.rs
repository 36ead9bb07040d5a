//! What YAML 1.1 takes plain scalars for.

/// What a text without quotes is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    /// A date or time, an integer of more than 64 bits, `<<` or `=`.
    Other,
    Text,
}

pub(super) fn plain(text: &str) -> Plain {
    if let Some(word) = word(text) {
        word
    } else if is_integer(text) {
        integer(text).map_or(Plain::Other, Plain::Integer)
    } else if is_decimal(text) {
        Plain::Decimal(decimal(text))
    } else if is_time(text) {
        Plain::Other
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
        "<<" | "=" => return Some(Plain::Other),
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
