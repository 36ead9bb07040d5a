//! Numbers as Postgres reads them in its configuration: C's `strtol` and `strtod`, and the units of memory and time.

use super::Quantity;

/// Why a text is not a number that a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotANumber,
    /// A whole number is needed, as Postgres 11 reads no fractions.
    Fraction,
    /// What stands behind the number is no unit of the parameter.
    Unit,
    /// The parameter has no unit.
    NoUnit,
    TooLarge,
}

/// A number, and what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split<'t> {
    pub value: f64,
    pub unit: &'t str,
}

/// A whole number in the parameter's own unit.
pub(super) fn integer(text: &str, quantity: Quantity, major: u32) -> Result<i32, Problem> {
    if major < 12 {
        return integer_of_11(text, quantity);
    }
    let Split { value, unit } = split(text)?;
    whole(convert(value, unit, quantity)?.round_ties_even())
}

/// A decimal in the parameter's own unit.
pub(super) fn real(text: &str, quantity: Quantity, major: u32) -> Result<f64, Problem> {
    let (value, rest) = decimal(text).ok_or(Problem::NotANumber)?;
    let unit = rest.trim_start_matches(is_space);
    if value.is_nan() {
        return Err(Problem::NotANumber);
    }
    if major < 12 {
        return if unit.is_empty() {
            Ok(value)
        } else {
            Err(unreadable(unit, Quantity::Number))
        };
    }
    convert(value, unit, quantity)
}

/// What a whole number says before its unit counts. A number with a dot or an exponent is read as a decimal, and so is
/// one that is too long.
pub(super) fn split(text: &str) -> Result<Split<'_>, Problem> {
    let whole = long(text);
    let again = match whole {
        Some((value, rest)) => value.is_none() || rest.starts_with(['.', 'e', 'E']),
        // `.5` is no whole number, and `strtol` stops at its dot.
        None => text.starts_with(['.', 'e', 'E']),
    };
    let (value, rest) = match whole {
        Some((Some(value), rest)) if !again => (value, rest),
        Some(_) | None if again => decimal(text).ok_or(Problem::NotANumber)?,
        Some(_) | None => return Err(Problem::NotANumber),
    };
    if value.is_nan() {
        return Err(Problem::NotANumber);
    }
    Ok(Split {
        value,
        unit: rest.trim_start_matches(is_space),
    })
}

/// Whether a whole number is written in octal or hexadecimal digits: a leading `0` says so to C.
pub(super) fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(is_space);
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let is_digit = |c: char| c.is_ascii_digit();
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    number.len() > 1
        && number.starts_with('0')
        && number.contains(|c: char| is_digit(c) && c != '0')
        && !rest.starts_with(['.', 'e', 'E'])
}

fn whole(value: f64) -> Result<i32, Problem> {
    if value > f64::from(i32::MAX) || value < f64::from(i32::MIN) {
        return Err(Problem::TooLarge);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is whole and in range"
    )]
    Ok(value as i32)
}

/// Postgres 11 knows whole numbers only, and cuts off where it divides.
fn integer_of_11(text: &str, quantity: Quantity) -> Result<i32, Problem> {
    let (value, rest) = long(text).ok_or(Problem::NotANumber)?;
    let value = value.ok_or(Problem::TooLarge)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is out of range is refused"
    )]
    let value = i64::from(whole(value.trunc())?) as i32;
    let rest = rest.trim_start_matches(is_space);
    if rest.is_empty() {
        return Ok(value);
    }
    if rest.starts_with(['.', 'e', 'E']) && decimal(text).is_some_and(|(_, rest)| rest.is_empty()) {
        return Err(Problem::Fraction);
    }
    if quantity == Quantity::Number {
        return Err(unreadable(rest, quantity));
    }
    let unit = rest.trim_end_matches(is_space);
    let unit = quantity.units(11).iter().find(|known| known.name == unit);
    let unit = unit.ok_or(Problem::Unit)?;
    let value = f64::from(value);
    // Both are exact: powers of two and products of small numbers.
    let converted = if unit.factor < 1.0 {
        (value / (1.0 / unit.factor).round()).trunc()
    } else {
        value * unit.factor
    };
    whole(converted)
}

fn convert(value: f64, unit: &str, quantity: Quantity) -> Result<f64, Problem> {
    if unit.is_empty() {
        return Ok(value);
    }
    if quantity == Quantity::Number {
        return Err(unreadable(unit, quantity));
    }
    let name = unit.trim_end_matches(is_space);
    let units = quantity.units(12);
    let at = units.iter().position(|known| known.name == name);
    let at = at.ok_or_else(|| unreadable(unit, quantity))?;
    let factor = units.get(at).map_or(1.0, |unit| unit.factor);
    let converted = value * factor;
    // A fraction is rounded to whole ones of the next smaller unit.
    Ok(units.get(at + 1).map_or(converted, |smaller| {
        (converted / smaller.factor).round_ties_even() * smaller.factor
    }))
}

/// Letters behind a number were meant as a unit, anything else was meant otherwise.
fn unreadable(unit: &str, quantity: Quantity) -> Problem {
    let is_word = unit.chars().all(|c| c.is_alphabetic() || c == '%');
    match (is_word, quantity) {
        (false, _) => Problem::NotANumber,
        (true, Quantity::Number) => Problem::NoUnit,
        (true, _) => Problem::Unit,
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// What `strtol` with base 0 reads: the number, nothing for one of more than 64 bits, and what follows.
fn long(text: &str) -> Option<(Option<f64>, &str)> {
    let text = text.trim_start_matches(is_space);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_negative = text.starts_with('-');
    let hexadecimal = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
    let (radix, digits) = match hexadecimal {
        Some(rest) => (16, rest),
        None if digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    let end = digits
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let (number, rest) = digits.split_at(end);
    let value = i128::from_str_radix(number, radix).ok();
    let value = value.map(|value| if is_negative { -value } else { value });
    let value = value.and_then(|value| i64::try_from(value).ok());
    #[expect(
        clippy::cast_precision_loss,
        reason = "the server makes a double of it too"
    )]
    Some((value.map(|value| value as f64), rest))
}

/// What `strtod` reads, and what follows. Nothing where it reads nothing or goes beyond a double.
fn decimal(text: &str) -> Option<(f64, &str)> {
    let text = text.trim_start_matches(is_space);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (value, rest) = hexadecimal(digits)
        .or_else(|| plain(digits))
        .or_else(|| named(digits))?;
    Some((sign * value, rest))
}

fn plain(digits: &str) -> Option<(f64, &str)> {
    let whole = count(digits, 10);
    let mut end = whole;
    let mut fraction = 0;
    if let Some(rest) = digits.split_at(whole).1.strip_prefix('.') {
        fraction = count(rest, 10);
        end = whole + 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    let mantissa = digits.split_at(end).0;
    end += exponent(digits.split_at(end).1, ['e', 'E']).map_or(0, |(_, length)| length);
    let (number, rest) = digits.split_at(end);
    let value: f64 = number.parse().ok()?;
    let is_zero = !mantissa.contains(|c: char| ('1'..='9').contains(&c));
    (value.is_finite() && (is_zero || value.is_normal())).then_some((value, rest))
}

fn hexadecimal(digits: &str) -> Option<(f64, &str)> {
    let rest = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))?;
    let whole = count(rest, 16);
    let (number, mut rest) = rest.split_at(whole);
    let mut value = 0.0;
    for digit in number.chars().filter_map(|c| c.to_digit(16)) {
        value = value * 16.0 + f64::from(digit);
    }
    let mut fraction = 0;
    if let Some(behind) = rest.strip_prefix('.') {
        fraction = count(behind, 16);
        let (number, behind) = behind.split_at(fraction);
        let mut weight = 1.0;
        for digit in number.chars().filter_map(|c| c.to_digit(16)) {
            weight /= 16.0;
            value += weight * f64::from(digit);
        }
        if whole + fraction > 0 {
            rest = behind;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if let Some((power, length)) = exponent(rest, ['p', 'P']) {
        value *= 2.0_f64.powi(power);
        rest = rest.split_at(length).1;
    }
    value.is_finite().then_some((value, rest))
}

/// The exponent that a text begins with, and its length.
fn exponent(text: &str, letters: [char; 2]) -> Option<(i32, usize)> {
    let behind = text.strip_prefix(letters)?;
    let digits = behind.strip_prefix(['-', '+']).unwrap_or(behind);
    let length = count(digits, 10);
    if length == 0 {
        return None;
    }
    let signed = behind.len() - digits.len() + length;
    let value = behind.split_at(signed).0.parse();
    Some((value.unwrap_or(i32::MAX), 1 + signed))
}

fn named(text: &str) -> Option<(f64, &str)> {
    let names = [
        ("infinity", f64::INFINITY),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ];
    names.into_iter().find_map(|(name, value)| {
        let (begin, rest) = text.split_at_checked(name.len())?;
        begin.eq_ignore_ascii_case(name).then_some((value, rest))
    })
}

fn count(text: &str, radix: u32) -> usize {
    text.find(|c: char| !c.is_digit(radix))
        .unwrap_or(text.len())
}
