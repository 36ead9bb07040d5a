//! Text from a source becomes text that is safe to show.
//!
//! A source may hold anything: escape sequences that would command the terminal, marks that make text appear in another
//! order than it has, or a word of ten megabytes.

use std::borrow::Cow;

/// How many characters of a message are shown.
const LONGEST_MESSAGE: usize = 600;

/// Text with what would not show as itself written as an escape. Tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    // What most texts are is soon seen.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.bytes().all(is_plain) || !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if hides(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// A message on one line, cut if it is very long.
pub(super) fn message(text: &str) -> Cow<'_, str> {
    let may_be_long = text.len() > LONGEST_MESSAGE;
    let end = may_be_long.then(|| text.char_indices().nth(LONGEST_MESSAGE));
    match end.flatten() {
        None => clean(text),
        Some((end, _)) => {
            let mut cut = clean(text.get(..end).unwrap_or(text)).into_owned();
            cut.push('…');
            Cow::Owned(cut)
        }
    }
}

/// A text of several lines, each as [`message`].
pub(super) fn paragraph(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(message).collect();
    lines.join("\n")
}

fn hides(character: char) -> bool {
    let reorders = matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}'
    );
    reorders || (character.is_control() && character != '\t')
}
