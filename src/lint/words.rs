//! Words that several rules use.

use super::subject::Written;
use crate::suggest;

/// `a`, `b` and `c`.
pub(super) fn all_of<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How a setting is written: `key = value` in a source, `key: value` in YAML.
pub(super) fn setting(written: Written, key: &str, value: &str) -> String {
    match written {
        Written::Source => format!("`{key} = {value}`"),
        Written::Config => format!("`{key}: {value}`"),
    }
}

/// What to write instead of a word: the nearest, else all of them.
pub(super) fn instead(word: &str, words: &[&str]) -> String {
    match suggest::nearest(word, words) {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("write one of {}", all_of(words)),
    }
}
