//! Values as postgresql.conf takes them: what comes after the `=` of a line, as the server's own scanner reads it.
//!
//! TPA writes such values as they are, without adding quotes.

/// Why a text cannot be after the `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Empty,
    /// A single quote that is not closed, or closed too early.
    Quotes,
    /// Two names with a dot between: the scanner takes them for the name of a setting.
    QualifiedName,
    /// A line break, after which the next setting would begin.
    LineBreak,
    /// Anything else that only quotes make one value.
    Unquoted,
}

/// Whether a text is one value, and a comment after it at most.
pub fn check(text: &str) -> Result<(), Problem> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() || text.starts_with('#') {
        return Err(Problem::Empty);
    }
    if text.contains(['\n', '\r']) {
        return Err(Problem::LineBreak);
    }
    if text.starts_with('\'') {
        let length = quoted_length(text).ok_or(Problem::Quotes)?;
        return ends(text, length).ok_or(Problem::Quotes);
    }
    let word = text.find(|c| is_blank(c) || c == '#').unwrap_or(text.len());
    let (word, _) = text.split_at(word);
    if is_qualified_name(word) {
        return Err(Problem::QualifiedName);
    }
    if !is_word(word) && !is_number(word) {
        return Err(Problem::Unquoted);
    }
    ends(text, word.len()).ok_or(Problem::Unquoted)
}

/// Whether a text may be before the `=`: a name, or two with a dot between.
pub fn is_name(text: &str) -> bool {
    is_identifier(text) || is_qualified_name(text)
}

/// Puts a text into single quotes.
pub fn quote(text: &str) -> String {
    let inner = text.replace('\\', "\\\\").replace('\'', "''");
    format!("'{inner}'")
}

/// What a value means: without its quotes, the escapes in it resolved. Only for a value that [`check`] takes.
pub fn meaning(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    let Some(length) = quoted_length(text) else {
        let end = text.find(|c| is_blank(c) || c == '#');
        return text.split_at(end.unwrap_or(text.len())).0.to_owned();
    };
    let inner = text.get(1..length - 1).unwrap_or_default();
    let mut meaning = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            // Two quotes are one; the scanner has made sure of the second.
            '\'' => {
                characters.next();
                meaning.push('\'');
            }
            '\\' => meaning.extend(characters.next().map(|escaped| match escaped {
                'n' => '\n',
                't' => '\t',
                other => other,
            })),
            other => meaning.push(other),
        }
    }
    meaning
}

/// What somebody meant whose quotes are broken: the text without those at its ends.
pub fn without_quotes(text: &str) -> &str {
    let text = text.trim_matches(is_blank);
    let inner = text.strip_prefix('\'').unwrap_or(text);
    if text.len() > 1 {
        inner.strip_suffix('\'').unwrap_or(inner)
    } else {
        inner
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// Nothing but blanks and a comment after the value.
fn ends(text: &str, length: usize) -> Option<()> {
    let rest = text.get(length..)?.trim_start_matches(is_blank);
    (rest.is_empty() || rest.starts_with('#')).then_some(())
}

/// How long the quoted string is that a text begins with.
pub(super) fn quoted_length(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    let (_, first) = characters.next()?;
    if first != '\'' {
        return None;
    }
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next()?;
            }
            '\'' => match characters.peek() {
                Some((_, '\'')) => {
                    characters.next();
                }
                Some(_) | None => return Some(at + 1),
            },
            _ => {}
        }
    }
    None
}

fn begins_word(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(begins_word) && text.chars().all(|c| begins_word(c) || c.is_ascii_digit())
}

fn is_qualified_name(text: &str) -> bool {
    let parts = text.split_once('.');
    parts.is_some_and(|(first, second)| is_identifier(first) && is_identifier(second))
}

fn is_word(text: &str) -> bool {
    let inner = |c: char| begins_word(c) || c.is_ascii_digit() || "-._:/".contains(c);
    text.starts_with(begins_word) && text.chars().all(inner)
}

/// A whole number with a unit, or a decimal without one.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digit = |c: char| c.is_ascii_digit();
    let all_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        let rest = hexadecimal.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        return rest.len() < hexadecimal.len() && all_letters(rest);
    }
    let rest = digits.trim_start_matches(is_digit);
    if let Some(fraction) = rest.strip_prefix('.') {
        let rest = fraction.trim_start_matches(is_digit);
        let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
            return rest.is_empty();
        };
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        return !exponent.is_empty() && exponent.chars().all(is_digit);
    }
    rest.len() < digits.len() && all_letters(rest)
}
