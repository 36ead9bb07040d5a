use crate::facts::variables;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::tpa::view::{Subject, places};
use crate::value::{Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds parameters of Postgres that are set twice: as a variable of TPA's and in `postgres_conf_settings`, or in both
    /// of Patroni's settings that end in its dynamic configuration.
    ///
    /// ## Why is this bad?
    ///
    /// The later file wins, which is `postgres_conf_settings`. Whoever changes the variable later changes nothing.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     max_connections = 300
    ///     postgres_conf_settings = { max_connections = 500 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { max_connections = 500 }
    /// }
    /// ```
    pub(super) static SHADOWED_SETTING = {
        name: "shadowed-setting",
        level: Warning,
        summary: "a parameter that is set in two places",
        consequence: "one of the two has no effect, and nothing says which",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        if let Some(settings) = scope
            .map
            .get("postgres_conf_settings")
            .and_then(Value::as_map)
        {
            parameters(subject, &scope, settings, findings);
        }
        patroni(&scope, findings);
    }
}

fn parameters(subject: &Subject, scope: &Scope<'_>, settings: &Map, findings: &mut Of<'_>) {
    for (key, value) in settings.iter() {
        let Key::Text(name) = key else { continue };
        let is_parameter = variables::find(name)
            .is_some_and(|known| matches!(known.component, "postgres-conf" | "postgres-memory"));
        if !is_parameter {
            continue;
        }
        let same = scope.map.get(name).map(|variable| (scope.map, variable));
        let variable = same.or_else(|| Some((&subject.vars, subject.vars.get(name)?)));
        let Some((map, variable)) = variable else {
            continue;
        };
        // What both were derived from is not the user's to fix.
        if !value.origin.is_written() && !variable.origin.is_written() {
            continue;
        }
        let at = places::of_key(map, name).unwrap_or(variable.origin);
        let holds = place(settings, name, value);
        if is_included(at) && !is_included(holds) {
            overridden(subject, scope, (name, value), at, findings);
        } else {
            report(scope, name, at, holds, findings);
        }
    }
}

fn is_included(origin: Origin) -> bool {
    matches!(origin, Origin::Included { .. })
}

/// A variable of a profile, which the cluster means to replace.
fn overridden(
    subject: &Subject,
    scope: &Scope<'_>,
    (name, value): (&str, &Value),
    of_profile: Origin,
    findings: &mut Of<'_>,
) {
    let spelling = value.spelling().unwrap_or_else(|| "…".to_owned());
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` is set here, and as a variable in a profile"),
        )
        .key(scope.key(name))
        .label("this one holds")
        .related(of_profile, "has no effect")
        .help(format!(
            "write {} instead, which replaces the profile's",
            words::variable(subject, name, &spelling)
        ));
}

fn place(map: &Map, key: &str, value: &Value) -> Origin {
    places::of_key(map, key).unwrap_or(value.origin)
}

fn report(scope: &Scope<'_>, name: &str, at: Origin, winner: Origin, findings: &mut Of<'_>) {
    findings
        .at(
            scope.entity.clone(),
            at,
            format!("`{name}` is set here and in `postgres_conf_settings`, which wins"),
        )
        .key(scope.key(name))
        .label("has no effect")
        .related(winner, "this one holds")
        .help("remove one of the two");
}

/// `bootstrap.dcs` of one variable and the other variable, which is applied later.
fn patroni(scope: &Scope<'_>, findings: &mut Of<'_>) {
    let below = |map: &Map, path: &[&str]| -> Option<Map> {
        let mut map = map.clone();
        for key in path {
            map = map.get(key)?.as_map()?.clone();
        }
        Some(map)
    };
    let first = below(scope.map, &["patroni_conf_settings", "bootstrap", "dcs"]);
    let second = below(scope.map, &["patroni_dynamic_conf_settings"]);
    let (Some(first), Some(second)) = (first, second) else {
        return;
    };
    for (key, value) in first.iter() {
        let Key::Text(name) = key else { continue };
        let Some(winner) = second.get(name) else {
            continue;
        };
        // Maps are merged; they may set different keys.
        if value.as_map().is_some() && winner.as_map().is_some() {
            continue;
        }
        findings
            .at(
                scope.entity.clone(),
                place(&first, name, value),
                format!("`{name}` is also set in `patroni_dynamic_conf_settings`, which wins"),
            )
            .key(scope.key("patroni_conf_settings"))
            .label("has no effect")
            .related(place(&second, name, winner), "this one holds")
            .help("remove one of the two");
    }
}
