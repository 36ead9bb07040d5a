//! Jinja2 templates, expanded as Python's Jinja2 does.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, Output, State, Value as Dynamic};
use serde_yaml::{Mapping, Value};

/// Expands a template with these variables.
pub(super) fn expand(template: &str, variables: &Mapping) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_formatter(format);
    environment.render_str(template, map(variables))
}

/// What stands for a value in the text: Python's words for what has no value and for booleans.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Dynamic) -> Result<(), Error> {
    let kind = value.kind();
    let word = if kind == ValueKind::None {
        "None"
    } else if kind != ValueKind::Bool {
        return minijinja::escape_formatter(out, state, value);
    } else if value.is_true() {
        "True"
    } else {
        "False"
    };
    out.write_str(word).map_err(Error::from)
}

fn map(map: &Mapping) -> Dynamic {
    let entries = map
        .iter()
        .map(|(key, value)| (dynamic(key), dynamic(value)));
    entries.collect()
}

fn dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::from(()),
        Value::Bool(boolean) => Dynamic::from(*boolean),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Dynamic::from(integer),
            (None, Some(decimal)) => Dynamic::from(decimal),
            (None, None) => Dynamic::from(number.to_string()),
        },
        Value::String(text) => Dynamic::from(text.as_str()),
        Value::Sequence(items) => items.iter().map(dynamic).collect(),
        Value::Mapping(entries) => map(entries),
        Value::Tagged(tagged) => dynamic(&tagged.value),
    }
}
