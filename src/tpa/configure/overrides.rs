//! Files of `--overrides-from`: Jinja2 templates over the values of options, then YAML, merged over those values.

mod effects;
mod errors;
mod template;
mod types;

pub(super) use effects::{Effects, effects};

use serde_yaml::{Mapping, Value};

use super::documents;
use super::options::{self, Takes};
use super::refusal::Refusal;
use super::request::Request;
use super::surroundings::{Surroundings, Unread};
use super::values::{Given, Values, absent};
use super::volumes;
use crate::facts::tables::{self, Platform};
use crate::facts::tpa::changes::Availability;

/// What is done with each key of the merged files.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    /// Keys that are not options: `cluster_vars`, `locations`…
    pub(super) sections: Mapping,
    /// Whether a file changes what the options say.
    pub(super) changes_options: bool,
}

/// Reads the files in order; later ones see what earlier ones say. Options that they name are changed in `values`.
pub(super) fn overrides(
    request: &Request,
    values: &mut Values,
    surroundings: &dyn Surroundings,
    notes: &mut Vec<String>,
) -> Result<Overrides, Refusal> {
    let files = values.list("overrides_from").unwrap_or_default().to_vec();
    let mut merged = Mapping::new();
    for file in &files {
        let text = match surroundings.read(file) {
            Ok(text) => text,
            Err(Unread::NotFound) => {
                notes.push(format!(
                    "`--overrides-from {file}`: there is no such file, and TPA goes on without it"
                ));
                continue;
            }
            Err(Unread::Unreadable(reason)) => return Err(errors::unreadable(file, &reason)),
        };
        let context = context(request, values, &merged);
        let expanded =
            template::expand(&text, &context).map_err(|error| errors::template(file, &error))?;
        match documents::read(&expanded) {
            Ok(Value::Mapping(map)) => merge(&mut merged, map),
            Ok(Value::Null) => {}
            Ok(_) => return Err(errors::no_map(file)),
            Err(reason) => return Err(errors::no_yaml(file, &reason)),
        }
    }
    let mut overrides = Overrides::default();
    for (key, value) in merged {
        let Value::String(name) = &key else {
            notes.push("overrides: TPA passes over a key that is not a text".to_owned());
            continue;
        };
        if effects::SECTIONS.contains(&name.as_str()) {
            overrides.sections.insert(key, value);
        } else if let Some(option) = options::all().find(|option| option.sets == name) {
            change(values, option.takes, name, &value)?;
            overrides.changes_options = true;
        } else {
            notes.push(format!(
                "overrides: TPA does not know `{name}` and passes over it"
            ));
        }
    }
    Ok(overrides)
}

/// Merges maps key by key and deeply; everything else replaces.
fn merge(map: &mut Mapping, over: Mapping) {
    for (key, value) in over {
        match (map.get_mut(&key), value) {
            (Some(Value::Mapping(map)), Value::Mapping(over)) => merge(map, over),
            (_, value) => {
                map.insert(key, value);
            }
        }
    }
}

/// What a template sees: the values of all options by their internal names, and what has been merged so far.
fn context(request: &Request, values: &Values, merged: &Mapping) -> Mapping {
    let mut context = Mapping::new();
    let mut set = |name: &str, value: Value| context.insert(Value::String(name.to_owned()), value);
    for option in
        options::all().filter(|option| option.availability(request.tpa) == Availability::Here)
    {
        let value = values
            .get(option.sets)
            .cloned()
            .or_else(|| absent(option.sets));
        set(option.sets, value.map_or(Value::Null, yaml));
    }
    let layout = &request.layout;
    set("cluster_name", request.cluster.clone().into());
    set("platform", request.platform.name().into());
    set("postgres_flavour", request.flavour.name().into());
    set("postgres_version", request.version.clone().into());
    set("failover_manager", layout.manager.name().into());
    set("data_nodes_per_location", layout.data_nodes.into());
    set("location_names", layout.locations.clone().into());
    for (name, default) in defaults(request.platform) {
        if let Some(value) = context.get_mut(name)
            && value.is_null()
        {
            *value = default;
        }
    }
    merge(&mut context, merged.clone());
    context
}

/// What other options are when they are not given.
fn defaults(platform: Platform) -> Vec<(&'static str, Value)> {
    let mut defaults = vec![
        ("network", "10.33.0.0/16".into()),
        ("keyring_backend", "system".into()),
        ("patroni_dcs", "etcd".into()),
        ("num_cascaded_replicas", 1.into()),
    ];
    for volume in volumes::DEFAULTS {
        defaults.push((volume.option, volume.size.into()));
    }
    match platform {
        Platform::Aws => defaults.extend([
            ("region", tables::DEFAULT_REGION.into()),
            ("instance_type", "t3.micro".into()),
            ("distribution", tables::DEFAULT_AWS_IMAGE.into()),
        ]),
        Platform::Docker => defaults.push(("distribution", tables::DEFAULT_DOCKER_IMAGE.into())),
        Platform::Bare => {}
    }
    defaults
}

fn yaml(given: Given) -> Value {
    match given {
        Given::Boolean(boolean) => boolean.into(),
        Given::Integer(integer) => integer.into(),
        Given::Text(text) => text.into(),
        Given::List(words) => words.into(),
    }
}

/// Changes the value of an option.
fn change(values: &mut Values, takes: Takes, name: &str, value: &Value) -> Result<(), Refusal> {
    let word = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null
        | Value::Bool(_)
        | Value::Sequence(_)
        | Value::Mapping(_)
        | Value::Tagged(_) => None,
    };
    if value.is_null() {
        values.remove(name);
        return Ok(());
    }
    let changed = match takes {
        Takes::Nothing | Takes::Answer(_) => value.as_bool().map(Given::Boolean),
        Takes::Integer => value.as_i64().map(Given::Integer),
        Takes::Several(_) | Takes::Each(_) => {
            let words = value.as_sequence().map(|items| items.iter().map(word));
            words.and_then(Iterator::collect).map(Given::List)
        }
        Takes::Text(_)
        | Takes::OneOf(_)
        | Takes::System
        | Takes::Major
        | Takes::Word(_)
        | Takes::Version(_) => word(value).map(Given::Text),
        Takes::Help => None,
    };
    let Some(changed) = changed else {
        return Err(errors::wrong_type(name, takes));
    };
    values.set(name, changed);
    Ok(())
}
