use crate::diagnostic::Level;
use crate::facts::keys;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::{Context, words};
use crate::suggest;
use crate::tpa::view::Subject;
use crate::tpa::view::places;
use crate::value::{Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds names in the lists of repositories that stand for nothing: neither TPA nor the cluster defines them.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` takes any name. `tpaexec deploy` refuses one that has no definition, or asks EDB's server for a
    /// repository that does not exist. The repositories of 2ndQuadrant are closed altogether.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   repositories { apt = [PGDG, PGDB] }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   repositories { apt = [PGDG] }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static UNKNOWN_REPOSITORY = {
        name: "unknown-repository",
        level: Error,
        summary: "a repository that does not exist",
        consequence: "`tpaexec deploy` stops when it sets up the repositories",
    }
}

/// Lists of names, where a cluster defines its own, and what TPA defines.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("apt_repository_list", "apt_repositories", keys::APT),
    ("suse_repository_list", "suse_repositories", keys::SUSE),
    ("yum_repository_list", "yum_repositories", keys::YUM),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        edb(&scope, findings);
        for list in LISTS {
            names(subject, &scope, list, findings);
        }
        closed(subject, &scope, findings);
    }
}

fn items<'s>(scope: &Scope<'s>, key: &str) -> Vec<(&'s Value, String)> {
    let list = scope.map.get(key).and_then(Value::as_list);
    list.unwrap_or_default()
        .iter()
        .filter(|item| !scopes::is_template(item))
        .filter_map(|item| Some((item, item.spelling()?)))
        .collect()
}

fn edb(scope: &Scope<'_>, findings: &mut Of<'_>) {
    let items = items(scope, "edb_repositories");
    let several = items.len() > 1;
    for (item, name) in items {
        if keys::EDB.contains(&name.as_str()) {
            continue;
        }
        let finding = findings
            .at(
                scope.entity.clone(),
                item.origin,
                format!("EDB has no repository `{name}`"),
            )
            .key(scope.key("edb_repositories"));
        if name == "none" {
            finding
                .label("a name like any other here")
                .help(if several {
                    "remove it: the other names are what is enabled"
                } else {
                    "leave the list empty"
                });
        } else {
            finding
                .label("not known")
                // EDB may open another one.
                .level(if suggest::nearest(&name, keys::EDB).is_some() {
                    Level::Error
                } else {
                    Level::Warning
                })
                .help(words::instead(&name, keys::EDB));
        }
    }
}

fn names(
    subject: &Subject,
    scope: &Scope<'_>,
    (list, definitions, predefined): &(&'static str, &'static str, &[&'static str]),
    findings: &mut Of<'_>,
) {
    let mut known: Vec<&str> = predefined.to_vec();
    for definer in scopes::variables(subject) {
        let own = definer.map.get(definitions).and_then(Value::as_map);
        known.extend(
            own.into_iter()
                .flat_map(Map::iter)
                .filter_map(|(key, _)| match key {
                    Key::Text(name) => Some(name.as_str()),
                    Key::Integer(_) => None,
                }),
        );
    }
    for (item, name) in items(scope, list) {
        if known.contains(&name.as_str()) {
            continue;
        }
        findings
            .at(
                scope.entity.clone(),
                item.origin,
                format!("the repository `{name}` is not defined"),
            )
            .key(scope.key(list))
            .label("neither by TPA nor in this cluster")
            .help(format!(
                "{}, or define it in `{definitions}`",
                words::instead(&name, &known)
            ));
    }
}

fn closed(subject: &Subject, scope: &Scope<'_>, findings: &mut Of<'_>) {
    let key = "tpa_2q_repositories";
    let Some(value) = scope.map.get(key) else {
        return;
    };
    if value.as_list().is_some_and(<[Value]>::is_empty) {
        return;
    }
    let at = places::of_key(scope.map, key).unwrap_or(value.origin);
    findings
        .at(
            scope.entity.clone(),
            places::or(at, subject.at),
            "the repositories of 2ndQuadrant are closed",
        )
        .key(scope.key(key))
        .label("no longer there")
        .help(words::say(
            subject,
            "remove it; what EDB has now is named in `repositories { edb = […] }`",
            "remove it; what EDB has now is named in `edb_repositories`",
        ));
}
