//! What leaves an entry that stays: an extension of a database, a right of a user. TPA takes none of it away.

use super::collect::Collector;
use super::differ::Difference;
use crate::value::Value;

/// The attributes of a role that have an opposite, which takes them away.
const ATTRIBUTES: &[&str] = &[
    "bypassrls",
    "createdb",
    "createrole",
    "login",
    "replication",
    "superuser",
];

/// Whether it is that. The step that takes it away is told.
pub(super) fn left(list: &str, difference: &Difference<'_>, found: &mut Collector<'_>) -> bool {
    let (Some(old), None) = (difference.old, difference.new) else {
        return false;
    };
    let within = difference.path.strip_prefix(list);
    let within = within.and_then(|path| path.strip_prefix('[')?.split_once("]."));
    let Some((entry, field)) = within else {
        return false;
    };
    let field = field.split_once('[').map_or(field, |(field, _)| field);
    let named = old.as_map().and_then(|map| map.get("name"));
    let Some(item) = named.unwrap_or(old).spelling() else {
        return false;
    };
    let primary = found.now.subject.primary();
    let primary = primary.map_or("the primary", |one| one.name.value.as_str());
    let (who, name) = (identifier(entry), identifier(&item));
    let (title, step) = match (list, field) {
        ("postgres_databases", "extensions") => (
            format!("the extension `{item}` stays in the database `{entry}`"),
            format!("on `{primary}`, in the database `{entry}`: `drop extension {name}`"),
        ),
        ("postgres_users", "granted_roles") => (
            format!("the user `{entry}` keeps the role `{item}`"),
            format!("on `{primary}`: `revoke {name} from {who}`"),
        ),
        ("postgres_users", "role_attrs") => {
            let item = item.to_lowercase();
            let opposite = format!("no{item}");
            if !ATTRIBUTES.contains(&item.as_str()) || has_attribute(found, entry, &opposite) {
                return false;
            }
            (
                format!("the user `{entry}` keeps `{item}`"),
                format!("on `{primary}`: `alter role {who} {opposite}`"),
            )
        }
        _ => return false,
    };
    found.by_hand(title, vec![step]);
    true
}

/// Whether a user of the cluster has an attribute now.
fn has_attribute(found: &Collector<'_>, user: &str, attribute: &str) -> bool {
    let users = found.now.subject.vars.get("postgres_users");
    let users = users.and_then(Value::as_list).unwrap_or_default();
    let is_user = |entry: &&Value| {
        let name = entry.as_map().and_then(|map| map.get("username"));
        name.and_then(Value::as_text) == Some(user)
    };
    let entry = users.iter().find(is_user).and_then(Value::as_map);
    let attributes = entry.and_then(|entry| entry.get("role_attrs")?.as_list());
    let is_attribute = |word: &Value| {
        let text = word.as_text();
        text.is_some_and(|text| text.eq_ignore_ascii_case(attribute))
    };
    attributes.unwrap_or_default().iter().any(is_attribute)
}

/// A name in double quotes, as SQL has it.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
