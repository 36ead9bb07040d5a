//! Words that rules share: those of a source or of a config.yml, and lists of names.

use super::subject::{Subject, Written};

/// The words for a source, or those for a config.yml.
pub(super) fn say<'w>(subject: &Subject, source: &'w str, config: &'w str) -> &'w str {
    match subject.written {
        Written::Source => source,
        Written::Config => config,
    }
}

/// A variable of the cluster with its value, as it is written.
pub(super) fn variable(subject: &Subject, name: &str, value: &str) -> String {
    match subject.written {
        Written::Source => format!("`vars {{ {name} = {value} }}`"),
        Written::Config => format!("`{name}: {value}` in `cluster_vars`"),
    }
}

/// Names in backticks: "`a`, `b` and `c`".
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
