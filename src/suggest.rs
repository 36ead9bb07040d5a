//! "Did you mean": the nearest of the words that would have been right.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::alternatives;

/// How many words a message lists.
const MOST_LISTED: usize = 12;

/// How many names of a source are compared with a word.
const MOST_COMPARED: usize = 1_000;

/// The word that was probably meant.
pub fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = word.to_lowercase();
    words
        .iter()
        .map(|known| {
            let distance = strsim::damerau_levenshtein(&lower, &known.to_lowercase());
            (distance, *known)
        })
        .filter(|(distance, known)| {
            let length = word.chars().count().max(known.chars().count());
            *distance <= (length / 3).max(1)
        })
        .min()
        .map(|(_, known)| known)
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
        None => {
            let mut sorted = words.to_vec();
            sorted.sort_unstable();
            diagnostic
                .label("not known here")
                .help(format!("expected one of: {}", sorted.join(", ")))
        }
    }
}

fn others(nearest: &str, words: &[&str]) -> String {
    let others: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| *word != nearest)
        .collect();
    if others.is_empty() || others.len() >= MOST_LISTED {
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
