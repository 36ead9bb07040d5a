//! Words for findings about settings: how one is written, in a source or in a config.yml, and names in a row.

use super::subject::{Subject, Written};

/// The words for a source, or those for a config.yml.
pub(super) fn by_language<'w>(subject: &Subject, source: &'w str, config: &'w str) -> &'w str {
    match subject.written {
        Written::Source => source,
        Written::Config => config,
    }
}

/// A variable of the cluster with its value.
pub(super) fn cluster_variable(subject: &Subject, name: &str, value: &str) -> String {
    match subject.written {
        Written::Source => format!("`vars {{ {name} = {value} }}`"),
        Written::Config => format!("`{name}: {value}` in `cluster_vars`"),
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

/// Names in backticks: "`a`, `b` and `c`".
pub(super) fn names(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
