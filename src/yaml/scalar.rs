//! How a text is written: without quotes, in single or in double ones.

use super::resolve::is_text;

/// The longest key, with the tag that PyYAML counts along, that is on the line of its value.
const LONGEST_KEY: usize = 128;
const TAG_LENGTH: usize = "!!str".len();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
}

/// What matters about the characters of a text.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Shape {
    /// It begins with, or holds, what has a meaning in a block.
    indicators: bool,
    /// It has characters that only double quotes can show.
    special: bool,
    breaks: bool,
    /// A blank or line break is at one of its ends.
    loose_ends: bool,
    break_before_space: bool,
    space_before_break: bool,
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_gap(character: Option<char>) -> bool {
    character.is_none_or(|character| {
        is_break(character) || matches!(character, '\0' | ' ' | '\t' | '\r')
    })
}

/// Whether quotes can hold it as it is, without an escape.
fn is_printable(character: char) -> bool {
    matches!(
        character,
        '\n' | '\u{20}'..='\u{7E}' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFE}'
    ) && character != '\u{FEFF}'
}

fn shape(text: &str) -> Shape {
    let mut shape = Shape {
        indicators: text.starts_with("---") || text.starts_with("..."),
        ..Shape::default()
    };
    let mut previous: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let has_meaning = match (previous, character) {
            (None, '-' | '?') | (_, ':') => is_gap(next),
            (None, first) => "#,[]{}&*!|>'\"%@`".contains(first),
            (Some(_), '#') => is_gap(previous),
            (Some(_), _) => false,
        };
        shape.indicators |= has_meaning;
        shape.special |= !is_printable(character);
        let at_end = previous.is_none() || next.is_none();
        if character == ' ' {
            shape.loose_ends |= at_end;
            shape.break_before_space |= previous.is_some_and(is_break);
        } else if is_break(character) {
            shape.breaks = true;
            shape.loose_ends |= at_end;
            shape.space_before_break |= previous == Some(' ');
        }
        previous = Some(character);
    }
    shape
}

/// The style of a text. A key that must be on the line of its value shows line breaks only in double quotes.
pub(super) fn style(text: &str, is_key: bool) -> Style {
    let shape = shape(text);
    let plain = !(shape.indicators || shape.special || shape.breaks || shape.loose_ends);
    if plain && is_text(text) {
        return Style::Plain;
    }
    let single = !(shape.special || shape.break_before_space || shape.space_before_break);
    if single && !(is_key && shape.breaks) {
        Style::Single
    } else {
        Style::Double
    }
}

/// Whether a key can be on the line of its value.
pub(super) fn is_simple_key(text: &str) -> bool {
    let length = text.chars().count() + TAG_LENGTH;
    !text.is_empty() && length < LONGEST_KEY && !text.contains(is_break)
}

/// A character in double quotes, where it cannot stand for itself.
pub(super) fn escape(character: char) -> Option<String> {
    let short = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{B}' => 'v',
        '\u{C}' => 'f',
        '\r' => 'r',
        '\u{1B}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{A0}' => return None,
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        '\u{20}'..='\u{7E}'
        | '\u{A1}'..='\u{D7FF}'
        | '\u{E000}'..='\u{FEFE}'
        | '\u{FF00}'..='\u{FFFD}' => {
            return None;
        }
        other => {
            let code = u32::from(other);
            return Some(match code {
                0..=0xFF => format!("\\x{code:02X}"),
                0x100..=0xFFFF => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    Some(format!("\\{short}"))
}

/// A decimal number as Python spells it, with the dot that YAML 1.1 needs.
pub(super) fn decimal(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-4..1e16).contains(&magnitude) {
        return format!("{number:?}");
    }
    let spelled = format!("{number:e}");
    let (digits, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
    let dot = if digits.contains('.') { "" } else { ".0" };
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}{dot}e-{exponent:0>2}"),
        None => format!("{digits}{dot}e+{exponent:0>2}"),
    }
}
