//! Connection strings of `[databases]`, as PgBouncer reads them.

/// The pairs of a connection string; nothing for one that PgBouncer cannot take apart.
pub(in crate::lint) fn pairs(text: &str) -> Option<Vec<(&str, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let end = rest.find(['=', ' '])?;
        let (key, behind) = rest.split_at(end);
        let behind = behind.trim_start_matches(' ').strip_prefix('=')?;
        let (value, behind) = value(behind.trim_start_matches(' '))?;
        if key.is_empty() || value.is_empty() {
            return None;
        }
        pairs.push((key, value));
        rest = behind.trim_start_matches(' ');
    }
    Some(pairs)
}

/// A value, in quotes or up to the next blank, and what comes after it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('\'') else {
        let (value, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
        return Some((value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != '\'' {
            value.push(character);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            // PgBouncer drops one character after the quote.
            let rest = quoted.get(at + 1..).unwrap_or_default();
            let mut rest = rest.chars();
            rest.next();
            return Some((value, rest.as_str()));
        }
    }
    None
}

/// Whether the reader of the file takes a text for the name of a database.
pub(in crate::lint) fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-*".contains(c);
    !text.is_empty() && text.chars().all(is_part)
}

/// The number that a text starts with: letters after it are dropped, and a text without one is 0.
pub(in crate::lint) fn leading_number(text: &str) -> i64 {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit());
    let digits = unsigned.split_at(end.unwrap_or(unsigned.len())).0;
    let number: i64 = digits.parse().unwrap_or(0);
    if text.starts_with('-') {
        -number
    } else {
        number
    }
}
