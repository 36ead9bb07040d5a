//! The extensions that a cluster creates in its databases.

use super::{declared, scopes};
use crate::origin::Origin;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;
use crate::value::Value;

/// An extension in the place that names it.
pub(super) struct Extension {
    pub(super) entity: Entity,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) at: Origin,
}

/// Every extension that is named, for all databases or for one.
pub(super) fn used(subject: &Subject) -> Vec<Extension> {
    let mut all = Vec::new();
    for scope in scopes::variables(subject) {
        for key in ["postgres_extensions", "extra_postgres_extensions"] {
            let mut add = |value: &Value| {
                if let Some(name) = value.spelling() {
                    all.push(Extension {
                        entity: scope.entity.clone(),
                        key: scope.key(key),
                        name,
                        at: value.origin,
                    });
                }
            };
            items(scope.map.get(key)).iter().for_each(&mut add);
        }
        let key = "postgres_databases";
        for database in items(scope.map.get(key)) {
            let extensions = database.as_map().and_then(|map| map.get("extensions"));
            for extension in items(extensions) {
                let named = extension.as_map().and_then(|map| map.get("name"));
                let value = named.unwrap_or(extension);
                if let Some(name) = value.spelling() {
                    all.push(Extension {
                        entity: scope.entity.clone(),
                        key: scope.key(key),
                        name,
                        at: value.origin,
                    });
                }
            }
        }
    }
    all
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// Whether the library of an extension is loaded when Postgres starts, on some machine at least.
pub(super) fn is_preloaded(subject: &Subject, name: &str) -> bool {
    let listed = declared::variable(subject, "preload_extensions");
    let libraries = declared::either(subject, "shared_preload_libraries");
    listed
        .iter()
        .chain(&libraries)
        .any(|list| names(list.value, name))
}

/// Whether it is loaded then, or when somebody connects.
pub(super) fn is_loaded(subject: &Subject, name: &str) -> bool {
    let of_sessions = ["session_preload_libraries", "local_preload_libraries"];
    let mut lists = of_sessions
        .into_iter()
        .flat_map(|list| declared::either(subject, list));
    is_preloaded(subject, name) || lists.any(|list| names(list.value, name))
}

/// Whether a list of libraries has this one, or is made by a template.
fn names(value: &Value, name: &str) -> bool {
    let text = value.as_text().unwrap_or_default();
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    items(Some(value))
        .iter()
        .any(|item| item.as_text() == Some(name))
        || words.any(|word| word == name)
        || text.contains("{{")
}
