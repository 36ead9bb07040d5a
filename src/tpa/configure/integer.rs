//! Whole numbers as Python reads them, because TPA's options are read by Python.

/// The zeros of the decimal digits of Unicode; the digits of a script follow its zero.
const ZEROS: &[u32] = &[
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
    0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80,
    0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
    0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The number that a text stands for: digits of any script, a sign, blanks around, `_` between two digits. `None`
/// where Python would not read a number; `Err` where the number has more than 64 bits.
pub(super) fn integer(text: &str) -> Option<Result<i64, TooLarge>> {
    let text = text.trim_matches(|character: char| {
        character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
    });
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut number = Some(0_i64);
    let mut digit_before = false;
    for character in digits.chars() {
        if character == '_' && digit_before {
            digit_before = false;
            continue;
        }
        let digit = digit(character)?;
        digit_before = true;
        number = number.and_then(|number| {
            let shifted = number.checked_mul(10)?;
            if negative {
                shifted.checked_sub(digit)
            } else {
                shifted.checked_add(digit)
            }
        });
    }
    digit_before.then(|| number.ok_or(TooLarge))
}

/// A number that has more than 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

fn digit(character: char) -> Option<i64> {
    let code = u32::from(character);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    let digit = code - zero;
    (digit < 10).then(|| i64::from(digit))
}
