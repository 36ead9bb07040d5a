use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::keys;
use crate::facts::variables::{self, Scope};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::path::spelling;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Section};
use crate::origin::Origin;
use crate::suggest;
use crate::tpa::view::Written;
use crate::tpa::view::{Entity, Instance, Subject, places};
use crate::value::{Data, Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds keys that TPA does not know: of instances, of locations and of `instance_defaults` (whose keys every machine
    /// inherits), of volumes, and of the file itself.
    ///
    /// ## Why is this bad?
    ///
    /// An unknown key of an instance stops `tpaexec provision`. A misspelt key of the file or of a volume is worse: TPA
    /// ignores it silently, and with it everything that is below it.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upsteam: db1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica], upstream: db1 }
    /// ```
    pub(super) static UNKNOWN_KEY = {
        name: "unknown-key",
        level: Error,
        summary: "a key that TPA does not know",
        consequence: "`tpaexec provision` refuses the instance: `Unrecognised keys`",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    top_level(subject, findings);
    instances(subject, findings);
    for (entity, volume) in scopes::volumes(subject) {
        volume_keys(&entity, volume, findings);
    }
}

fn top_level(subject: &Subject, findings: &mut Of<'_>) {
    for (key, value) in subject.document.iter() {
        let Key::Text(name) = key else { continue };
        // Templates may read any key of the file.
        if keys::is_top_level(name) || is_read(subject, name) {
            continue;
        }
        let at = key_place(&subject.document, name, value);
        let finding = findings
            .at(
                Entity::Cluster,
                at,
                format!("TPA does not read the key `{name}` of the file"),
            )
            .key(name)
            .consequence("TPA ignores it and all that is below it, and never says so");
        if variables::find(name).is_some_and(|known| known.scope != Scope::TopLevel) {
            finding.label("a variable").help(match subject.written {
                Written::Source => format!("write `{name}` in `vars {{ … }}` of the cluster"),
                Written::Config => format!("move `{name}` under `cluster_vars`"),
            });
        } else if let Some(nearest) = suggest::nearest(name, &keys::top_level()) {
            finding.rename(&subject.document, name, nearest);
        } else {
            finding
                .label("nothing reads it")
                .level(Level::Warning)
                .help("remove it, or read it in a template");
        }
    }
}

/// What every instance has in the end: its own keys, those of `instance_defaults`, those of its location.
fn instances(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::settings(subject) {
        for (key, value) in scope.map.iter() {
            let name = spelling(key);
            let is_default_volumes =
                scope.section == Section::Defaults && name == "default_volumes";
            if keys::is_instance_key(&name) || is_default_volumes {
                continue;
            }
            let what = match scope.section {
                Section::Location => "a location",
                Section::Defaults => "`instance_defaults`",
                Section::Instance | Section::Cluster => "an instance",
            };
            let at = key_place(scope.map, &name, value);
            let finding = findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!("TPA does not know the key `{name}` of {what}"),
                )
                .key(scope.key(&name));
            let platform = platform(subject, &scope.entity);
            if let Some(nearest) = suggest::nearest(&name, &keys::of_instance(platform)) {
                finding.rename(scope.map, &name, nearest);
            } else if variables::find(&name).is_some() {
                finding.label("a variable").help(in_vars(subject, &name));
            } else {
                finding.label("not known").help(format!(
                    "remove it; what only your own tasks read belongs under `vars` (variables) or `tags`: {}",
                    in_vars(subject, &name)
                ));
            }
            if scope.section == Section::Location && !is_used(subject, &scope.entity) {
                finding
                    .level(Level::Warning)
                    .consequence("`tpaexec provision` refuses the first machine of this location");
            }
        }
    }
}

fn volume_keys(entity: &Entity, volume: &Map, findings: &mut Of<'_>) {
    let vars = volume.get("vars").and_then(Value::as_map);
    let maps = [(Some(volume), keys::VOLUME), (vars, keys::VOLUME_VARS)];
    for (map, known) in maps {
        let Some(map) = map else { continue };
        for (key, value) in map.iter() {
            let Key::Text(name) = key else { continue };
            if known.contains(&name.as_str()) {
                continue;
            }
            // Other variables of a volume are carried along for whoever reads them.
            let Some(nearest) = suggest::nearest(name, known) else {
                continue;
            };
            let at = key_place(map, name, value);
            findings
                .at(
                    entity.clone(),
                    at,
                    format!("TPA does not know the key `{name}` of a volume"),
                )
                .key(format!("volumes/{name}"))
                .consequence("TPA ignores it: the volume is made as if it were not there")
                .rename(map, name, nearest);
        }
    }
}

fn key_place(map: &Map, key: &str, value: &Value) -> Origin {
    places::of_key(map, key).unwrap_or(value.origin)
}

fn in_vars(subject: &Subject, name: &str) -> String {
    match subject.written {
        Written::Source => format!("`vars {{ {name} = … }}`"),
        Written::Config => format!("move `{name}` under `vars`"),
    }
}

/// The platform of a machine, of the first machine of a location, or of the first of all.
fn platform(subject: &Subject, entity: &Entity) -> Option<Platform> {
    let of_entity = subject.instances.iter().find(|instance| match entity {
        Entity::Cluster => true,
        Entity::Location(name) => subject.location_name(instance) == Some(name),
        Entity::Instance(name) => instance.name.value == *name,
    });
    of_entity.and_then(Instance::known_platform)
}

fn is_used(subject: &Subject, entity: &Entity) -> bool {
    let Entity::Location(name) = entity else {
        return true;
    };
    let mut instances = subject.instances.iter();
    instances.any(|instance| subject.location_name(instance) == Some(name))
}

/// Whether a template somewhere in the file names a key.
fn is_read(subject: &Subject, key: &str) -> bool {
    fn mentions(value: &Value, key: &str) -> bool {
        match &value.data {
            Data::Text(text) => text.contains("{{") && text.contains(key),
            Data::List(items) => items.iter().any(|item| mentions(item, key)),
            Data::Map(map) => map.iter().any(|(_, value)| mentions(value, key)),
            Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => false,
        }
    }
    let mut values = subject.document.iter();
    values.any(|(_, value)| mentions(value, key))
}
