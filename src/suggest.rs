//! "Did you mean": the nearest of the words that would have been right.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::alternatives;

/// How many words a message lists.
const MOST_LISTED: usize = 8;

/// How many names of a source are compared with a word.
const MOST_COMPARED: usize = 1_000;

/// The word that was probably meant.
pub fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = word.to_lowercase();
    words
        .iter()
        .filter_map(|known| {
            let known_lower = known.to_lowercase();
            let (word, other) = differing(&lower, &known_lower);
            let distance = strsim::damerau_levenshtein(word, other);
            let length = word.chars().count().max(other.chars().count());
            (distance <= (length / 3).max(1)).then_some((distance, *known))
        })
        .min()
        .map(|(_, known)| known)
}

/// Two names without the words that both begin with: `postgres_group` is not a misspelt `postgres_dump`, however long
/// `postgres` is.
fn differing<'n>(one: &'n str, other: &'n str) -> (&'n str, &'n str) {
    let pairs = one.char_indices().zip(other.chars());
    let shared = pairs.take_while(|((_, one), other)| one == other);
    let begin = shared
        .filter(|((_, one), _)| "_-".contains(*one))
        .last()
        .map_or(0, |((at, separator), _)| at + separator.len_utf8());
    let rest = |name: &'n str| name.get(begin..).unwrap_or(name);
    (rest(one), rest(other))
}

/// Names to choose the nearest from, sorted; none where there are so many that comparing them takes long.
pub fn candidates<'w>(names: impl ExactSizeIterator<Item = &'w str>) -> Vec<&'w str> {
    if names.len() > MOST_COMPARED {
        return Vec::new();
    }
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

/// Adds the nearest word as help and fix, or lists the words.
pub fn among(diagnostic: Diagnostic, word: &str, words: &[&str]) -> Diagnostic {
    let at = diagnostic.primary.span;
    match nearest(word, words) {
        Some(nearest) => diagnostic
            .label(format!("did you mean `{nearest}`?"))
            .help(format!("write `{nearest}`{}", others(nearest, words)))
            .fix(Applicability::Suggested, at, nearest),
        None if words.is_empty() => diagnostic,
        None if words.len() <= MOST_LISTED => {
            let known = alternatives(words);
            diagnostic
                .label("not known here")
                .help(format!("expected {known}"))
        }
        None => diagnostic
            .label("not known here")
            .help(format!("expected {}", first_of(words))),
    }
}

/// The first words of a list that is too long to be read, and how many more there are.
fn first_of(words: &[&str]) -> String {
    let first = words
        .iter()
        .take(MOST_LISTED)
        .map(|word| format!("`{word}`"));
    let first: Vec<String> = first.collect();
    match words.len().saturating_sub(MOST_LISTED) {
        0 => alternatives(words),
        1 => format!("{} or 1 other", first.join(", ")),
        others => format!("{} or {others} others", first.join(", ")),
    }
}

fn others(nearest: &str, words: &[&str]) -> String {
    let others: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| *word != nearest)
        .collect();
    if others.is_empty() || others.len() > MOST_LISTED {
        String::new()
    } else if let [other] = others.as_slice() {
        format!("; the other is `{other}`")
    } else {
        format!(
            "; the others are {}",
            alternatives(&others).replace(" or ", " and ")
        )
    }
}
