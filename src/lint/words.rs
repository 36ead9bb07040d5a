//! Words that rules share: those of a source or of a config.yml, and lists of names.

pub(super) use crate::schema::list;
use crate::suggest;
use crate::tpa::view::{Subject, Written};

/// The words for a source, or those for a config.yml.
pub(super) fn say<'w>(subject: &Subject, source: &'w str, config: &'w str) -> &'w str {
    match subject.written {
        Written::Source => source,
        Written::Config => config,
    }
}

/// The first names of a list that may be long: `a`, `b`, `c` and 4 others.
pub(super) fn first_of(names: &[&str]) -> String {
    const MOST: usize = 5;
    match names.split_at_checked(MOST) {
        Some((first, rest)) if rest.len() > 1 => {
            let first = first.iter().map(|name| format!("`{name}`"));
            let first: Vec<String> = first.collect();
            format!("{} and {} others", first.join(", "), rest.len())
        }
        Some(_) | None => list(names),
    }
}

/// Words to choose one from: eight at most, and how many there are beside them.
pub(super) fn choice(words: &[&str]) -> String {
    const MOST: usize = 8;
    match words.split_at_checked(MOST) {
        Some((first, rest)) if rest.len() > 1 => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and {} others", first.join(", "), rest.len())
        }
        Some(_) | None => list(words),
    }
}

/// A key with its article: an `encryption`.
pub(super) fn one(key: &str) -> String {
    let article = if key.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} `{key}`")
}

/// How a setting is written: `key = value` in a source, `key: value` in YAML.
pub(super) fn setting(written: Written, key: &str, value: &str) -> String {
    match written {
        Written::Source => format!("`{key} = {value}`"),
        Written::Config => format!("`{key}: {value}`"),
    }
}

/// A variable of the cluster with its value, as it is written.
pub(super) fn variable(subject: &Subject, name: &str, value: &str) -> String {
    match subject.written {
        Written::Source => format!("`vars {{ {name} = {value} }}`"),
        Written::Config => format!("`{name}: {value}` in `cluster_vars`"),
    }
}

/// What to write instead of a word: the nearest, else all of them.
pub(super) fn instead(word: &str, words: &[&str]) -> String {
    match suggest::nearest(word, words) {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("write one of {}", choice(words)),
    }
}

/// A setting in the map of those that TPA writes to postgresql.conf as they are.
pub(super) fn postgres_setting(subject: &Subject, name: &str, value: &str) -> String {
    match subject.written {
        Written::Source => {
            format!("`vars {{ postgres_conf_settings = {{ {name} = {value} }} }}`")
        }
        Written::Config => {
            format!("`{name}: {value}` in `postgres_conf_settings` of `cluster_vars`")
        }
    }
}

/// A text as short as it can be written: a word or a size without quotes.
pub(super) fn plain(subject: &Subject, text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(text, "true" | "false" | "null");
    if is_plain {
        text.to_owned()
    } else {
        literal(subject, text)
    }
}

/// A text as a string of the language that the cluster is written in.
pub(super) fn literal(subject: &Subject, text: &str) -> String {
    let mut literal = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\t', "\\t");
    if subject.written == Written::Source {
        literal = literal.replace('$', "\\$");
    }
    format!("\"{literal}\"")
}
