//! "Did you mean": the nearest of the words that would have been right.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::alternatives;

/// How many words a message lists.
const MOST_LISTED: usize = 8;

/// How many names of a source are compared with a word.
const MOST_COMPARED: usize = 1_000;

/// The word that was probably meant. None where two are as near: a guess between them is wrong half of the time.
pub fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    let mut is_tie = false;
    for known in words {
        let known_lower = known.to_lowercase();
        let (differing, other) = differing(&lower, &known_lower);
        let distance = strsim::damerau_levenshtein(differing, other);
        let length = differing.chars().count().max(other.chars().count());
        let is_better = best.is_none_or(|(least, _)| distance <= least);
        if distance > (length / 3).max(1) || !is_better {
            continue;
        }
        if !may_be_misspelt(&lower, &known_lower, words) {
            continue;
        }
        let is_as_near = |(least, nearest): (usize, &str)| {
            least == distance && !nearest.eq_ignore_ascii_case(known)
        };
        is_tie = best.is_some_and(is_as_near);
        best = Some((distance, known));
    }
    best.filter(|_| !is_tie).map(|(_, known)| known)
}

/// A word of the same component that looks like this one, and may be another all the same.
pub fn resembling<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let component = |name: &str| name.split(SEPARATORS).next().map(str::len);
    let same = words.iter().copied().filter(|known| {
        let first = component(known).and_then(|length| known.get(..length));
        first == component(word).and_then(|length| word.get(..length))
    });
    let distance = |known: &&str| {
        let (word, known) = differing(word, known);
        let length = word.chars().count().max(known.chars().count());
        let distance = strsim::damerau_levenshtein(word, known);
        (distance <= length / 3).then_some(distance)
    };
    same.filter_map(|known| Some((distance(&known)?, known)))
        .min()
        .map(|(_, known)| known)
}

/// Whether one name can be a misspelling of another, however near it is: `db3` is another machine than `db2`, and
/// `etcd_ssl_enabled` speaks of another program than `patroni_ssl_enabled`. A part that is right elsewhere is no mistake.
fn may_be_misspelt(word: &str, known: &str, words: &[&str]) -> bool {
    let (digits, known_digits) = (numbers(word), numbers(known));
    if !digits.is_empty() && !known_digits.is_empty() && digits != known_digits {
        return false;
    }
    let without_separators = |name: &str| name.replace(SEPARATORS, "");
    if without_separators(word) == without_separators(known) {
        return true;
    }
    let meant: Vec<&str> = known.split(SEPARATORS).collect();
    let is_single = |parts: &[&str]| parts.len() < 2;
    let parts: Vec<&str> = word.split(SEPARATORS).collect();
    if is_single(&parts) && is_single(&meant) {
        return true;
    }
    parts.iter().enumerate().all(|(index, part)| {
        if meant.contains(part) {
            return true;
        }
        let opposite = meant.get(index).copied().unwrap_or_default();
        is_plural(part, opposite) || !is_part(part, words)
    })
}

/// What stands between the parts of a name.
const SEPARATORS: [char; 4] = ['_', '-', '.', ' '];

/// The numbers in a name, without leading zeros.
fn numbers(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.trim_start_matches('0'))
        .collect()
}

fn is_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

/// Whether one of the names has this part.
fn is_part(part: &str, names: &[&str]) -> bool {
    let is = |other: &str| other.eq_ignore_ascii_case(part);
    names.iter().any(|name| name.split(SEPARATORS).any(is))
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
pub fn first_of(words: &[&str]) -> String {
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

/// What could be written beside the nearest word, where that is short enough to be read.
pub fn others(nearest: &str, words: &[&str]) -> String {
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
