use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::{Context, words};
use crate::tpa::view::places;
use crate::value::{Data, Key, Map, Replaced, Value};

rule! {
    /// ## What it does
    ///
    /// Finds lists of a cluster that take the place of a profile's list and lack some of its items.
    ///
    /// ## Why is this bad?
    ///
    /// Maps merge key by key, and lists are replaced as a whole. A cluster that adds its own line to
    /// `postgres_hba_settings` has only that line: who monitors all clusters can no longer connect to this one.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// profile house {
    ///   vars { extra_postgres_extensions = [pg_stat_statements] }
    /// }
    ///
    /// cluster speedy {
    ///   include house
    ///
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { extra_postgres_extensions = [pg_trgm] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// profile house {
    ///   vars { extra_postgres_extensions = [pg_stat_statements] }
    /// }
    ///
    /// cluster speedy {
    ///   include house
    ///
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { extra_postgres_extensions = [pg_stat_statements, pg_trgm] }
    /// }
    /// ```
    pub(super) static PROFILE_LIST_REPLACED = {
        name: "profile-list-replaced",
        level: Advice,
        summary: "a list that takes the place of a profile's",
        consequence: "what the profile says for every cluster does not hold for this one",
    }
}

/// More items do not help to read the finding.
const MOST_NAMED: usize = 3;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for scope in scopes::variables(context.subject) {
        map(&scope, scope.map, findings);
    }
}

fn map(scope: &Scope<'_>, map_: &Map, findings: &mut Of<'_>) {
    for replaced in map_.replaced() {
        report(scope, map_, replaced, findings);
    }
    for (_, value) in map_.iter() {
        if let Some(inner) = value.as_map() {
            map(scope, inner, findings);
        }
    }
}

fn report(scope: &Scope<'_>, map: &Map, replaced: &Replaced, findings: &mut Of<'_>) {
    let Key::Text(key) = &replaced.key else {
        return;
    };
    let (Some(new), Some(old)) = (map.get(key), replaced.old.as_list()) else {
        return;
    };
    let kept = new.as_list().unwrap_or_default();
    let is_kept = |item: &Value| kept.iter().any(|other| spelling(other) == spelling(item));
    let gone: Vec<String> = old
        .iter()
        .filter(|item| !is_kept(item))
        .map(spelling)
        .collect();
    if gone.is_empty() {
        return;
    }
    let named = words::list(gone.get(..MOST_NAMED).unwrap_or(&gone));
    let (named, verb) = match gone.len() {
        1 => (named, "is"),
        2..=MOST_NAMED => (named, "are"),
        more => (format!("{named} and {} more", more - MOST_NAMED), "are"),
    };
    findings
        .at(
            scope.entity.clone(),
            places::of_key(map, key).unwrap_or(new.origin),
            format!("this `{key}` replaces that of a profile: {named} {verb} gone"),
        )
        .key(scope.key(key))
        .label("the whole list is replaced")
        .related(replaced.old.origin, "the list of the profile")
        .help("repeat here what is to stay of the profile's list");
}

/// An item as one would call it: a text, or what comes first in a map.
fn spelling(item: &Value) -> String {
    match &item.data {
        Data::Map(map) => {
            let first = map.iter().next().map(|(key, value)| match key {
                Key::Text(key) => format!("{key} = {}", spelling(value)),
                Key::Integer(key) => format!("{key} = {}", spelling(value)),
            });
            first.unwrap_or_default()
        }
        Data::List(items) => items.first().map(spelling).unwrap_or_default(),
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            item.spelling().unwrap_or_default()
        }
    }
}
