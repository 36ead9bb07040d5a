use super::unknown_value;
use crate::diagnostic::{Applicability, Level};
use crate::facts::choices::Platform;
use crate::facts::database_objects::{LISTS, Member};
use crate::facts::tpa::changes::{Availability, Stop, stops};
use crate::facts::variables::{self, Kind};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::releases;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope, Section};
use crate::origin::Origin;
use crate::schema::alternatives;
use crate::tpa::view::{Entity, Subject, Written, places, truth};
use crate::value::{Data, Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds values of another shape than TPA reads there: a list where a map belongs, a map where a list belongs, a
    /// number where a version is a text, a port out of range, nothing at all.
    ///
    /// ## Why is this bad?
    ///
    /// TPA does not check shapes. It stops somewhere inside, with a message about something else, during `tpaexec
    /// provision` or halfway through `tpaexec deploy`. A version such as `3.10` without quotes is the number 3.1.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars:
    ///   extra_postgres_packages: [postgresql-17-cron]
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars:
    ///   extra_postgres_packages:
    ///     common: [postgresql-17-cron]
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static WRONG_TYPE = {
        name: "wrong-type",
        level: Error,
        summary: "a value of a shape that TPA does not read",
        consequence: "`tpaexec provision` or `tpaexec deploy` stops with an error inside of TPA",
    }
}

/// The variables that are maps of lists by operating system.
const PACKAGE_LISTS: &[&str] = &[
    "extra_postgres_packages",
    "optional_packages",
    "packages",
    "unwanted_packages",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    top_level(subject, findings);
    entries(subject, findings);
    for scope in scopes::settings(subject) {
        settings(subject, &scope, findings);
    }
    for instance in &subject.instances {
        let key = instance.own.get("volumes");
        if let Some(items) = key.and_then(Value::as_list) {
            let is_docker = instance.is_on(Platform::Docker);
            volumes(&instance.entity(), is_docker, items, findings);
        }
    }
    for scope in scopes::variables(subject) {
        for (key, value) in scope.map.iter() {
            if let Key::Text(name) = key {
                variable(subject, &scope, name, value, findings);
            }
        }
        for (list, members) in LISTS {
            database_objects(&scope, list, members, findings);
        }
    }
}

/// Sections of the file, and other top-level settings.
fn top_level(subject: &Subject, findings: &mut Of<'_>) {
    for (key, value) in subject.document.iter() {
        let Key::Text(name) = key else { continue };
        // Its own rule says more about it.
        if name == "cluster_name" {
            continue;
        }
        let known = variables::find(name).filter(|known| known.scope == variables::Scope::TopLevel);
        if let Some(known) = known
            && fits(known.accepts, value) == Fit::Not
        {
            report(
                findings,
                Entity::Cluster,
                name,
                value,
                &kinds(known.accepts),
            );
        }
        // What an empty section means is said by the rules that miss what belongs in it.
        if let Some(known) = known
            && lacks_a_value(subject, value)
            && !holds_others(known.accepts)
        {
            let at = at(&subject.document, name, value);
            nothing(Entity::Cluster, name, name, at, findings);
        }
    }
}

/// Locations and instances are maps.
fn entries(subject: &Subject, findings: &mut Of<'_>) {
    for key in ["locations", "instances"] {
        let list = subject.document.get(key).and_then(Value::as_list);
        for entry in list.unwrap_or_default() {
            if entry.as_map().is_none() {
                let what = format!("an entry of `{key}`");
                report_as(findings, Entity::Cluster, key, &what, entry, "a map");
            }
        }
    }
}

/// The settings of `instance_defaults`, a location or an instance.
fn settings(subject: &Subject, scope: &Scope<'_>, findings: &mut Of<'_>) {
    for (key, value) in scope.map.iter() {
        let Key::Text(name) = key else { continue };
        let expected = match name.as_str() {
            "vars" if value.as_map().is_none() => "a map",
            "tags" if value.as_map().is_none() && value.data != Data::Null => "a map",
            "volumes" | "default_volumes"
                if value.as_list().is_none() && value.data != Data::Null =>
            {
                "a list"
            }
            "role" if empty_role(subject, scope, value, findings) => continue,
            "role" | "backup" if !is_names(value) => "a text or a list of texts",
            "provision_only" => {
                text_for_boolean(scope, name, value, findings);
                continue;
            }
            "platform" if lacks_a_value(subject, value) => {
                let at = at(scope.map, name, value);
                nothing(scope.entity.clone(), &scope.key(name), name, at, findings);
                continue;
            }
            "upstream" if !is_scalar(value) => "the name of an instance",
            "location" if scope.section == Section::Instance && !is_scalar(value) => {
                "the name of a location"
            }
            _ => continue,
        };
        report_in(findings, scope, name, value, expected);
    }
}

/// TPA asks Python for the truth of it, to which every text that is not empty is true.
fn text_for_boolean(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    let Some(text) = value.as_text() else { return };
    if truth::module_bool(value) != Some(false) {
        return;
    }
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` is the text `{text}`, which TPA takes for true"),
        )
        .key(scope.key(name))
        .label("a text, and so true")
        .consequence("the machine is made and then left out: it is not in the inventory, and nothing is installed on it")
        .help("write `false`, or remove it")
        .fix(Applicability::Suggested, value.origin, "false");
}

/// Volumes are texts on docker and maps elsewhere.
fn volumes(entity: &Entity, is_docker: bool, items: &[Value], findings: &mut Of<'_>) {
    for item in items {
        let (fits, expected) = if is_docker {
            (
                item.as_text().is_some(),
                "a text such as `data:/opt/data:rw` on docker",
            )
        } else {
            (item.as_map().is_some(), "a map with `device_name`")
        };
        if !fits {
            report_as(
                findings,
                entity.clone(),
                "volumes",
                "a volume",
                item,
                expected,
            );
        }
    }
}

fn variable(
    subject: &Subject,
    scope: &Scope<'_>,
    name: &str,
    value: &Value,
    findings: &mut Of<'_>,
) {
    if PACKAGE_LISTS.contains(&name) {
        packages(scope, name, value, findings);
        return;
    }
    let Some(known) = variables::find(name) else {
        return;
    };
    if known.scope == variables::Scope::TopLevel || scopes::is_template(value) {
        return;
    }
    if lacks_a_value(subject, value) {
        if holds_others(known.accepts) {
            empty(scope, name, known.accepts, value, findings);
        } else {
            let at = at(scope.map, name, value);
            nothing(scope.entity.clone(), &scope.key(name), name, at, findings);
        }
        return;
    }
    if known.accepts == [Kind::Boolean] && text_for_false(value) {
        boolean_in_quotes(scope, name, value, findings);
        return;
    }
    if known.accepts == [Kind::Map]
        && let Some(entry) = first_entry(value)
    {
        findings
            .at(
                scope.entity.clone(),
                at(scope.map, name, value),
                format!("`{name}` is a list, not a map"),
            )
            .key(scope.key(name))
            .label("a list here")
            .consequence(
                "`tpaexec provision` or `tpaexec deploy` stops with an error inside of TPA",
            )
            .help(format!("remove the `-` before its entries: `{entry}`"));
        return;
    }
    match fits(known.accepts, value) {
        Fit::Yes => port(scope, name, value, findings),
        Fit::Not => report_in(findings, scope, name, value, &kinds(known.accepts)),
        // Its own rule asks for the major version.
        Fit::AsText if name == "postgres_version" => {}
        Fit::AsText => as_text(scope, &scope.key(name), name, value, findings),
    }
}

/// Whether a key of a config.yml is written without a value.
fn lacks_a_value(subject: &Subject, value: &Value) -> bool {
    subject.written == Written::Config && value.data == Data::Null
}

/// Whether only maps or lists belong there.
fn holds_others(accepts: &[Kind]) -> bool {
    !accepts.is_empty()
        && accepts
            .iter()
            .all(|kind| matches!(kind, Kind::Map | Kind::List))
}

/// The first entry of a list of maps, as it is written in a map.
fn first_entry(value: &Value) -> Option<String> {
    let (key, value) = value.as_list()?.first()?.as_map()?.iter().next()?;
    match key {
        Key::Text(key) => Some(format!("{key}: {}", value.spelling()?)),
        Key::Integer(_) => None,
    }
}

fn empty(scope: &Scope<'_>, name: &str, accepts: &[Kind], value: &Value, findings: &mut Of<'_>) {
    let nothing = if accepts.contains(&Kind::Map) {
        "{}"
    } else {
        "[]"
    };
    let finding = findings
        .at(
            scope.entity.clone(),
            at(scope.map, name, value),
            format!("`{name}` is written and has no value"),
        )
        .key(scope.key(name));
    finding
        .label("nothing is below it")
        .level(Level::Warning)
        .consequence("YAML reads null: no setting of it is there, and a template that goes through them stops")
        .help(format!(
            "write its entries below it, two blanks further to the right, or `{name}: {nothing}`"
        ));
}

/// A key without a value, where TPA reads one.
fn nothing(entity: Entity, key: &str, name: &str, at: Origin, findings: &mut Of<'_>) {
    let values = match name {
        "platform" => Some(Platform::WORDS),
        _ => unknown_value::values_of(name),
    };
    let value = values.map_or_else(|| "a value after it".to_owned(), alternatives);
    findings
        .at(entity, at, format!("`{name}` is written and has no value"))
        .key(key)
        .label("nothing is after it")
        .level(Level::Warning)
        .consequence("YAML reads null, and that takes the place of TPA's own value")
        .help(format!("write {value}, or remove the line"));
}

/// A text that means false to Ansible's modules, and true to a template that asks whether it is empty.
fn text_for_false(value: &Value) -> bool {
    value.as_text().is_some() && truth::module_bool(value) == Some(false)
}

fn boolean_in_quotes(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    let text = value.as_text().unwrap_or_default();
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` is the text `{text}`, not a boolean"),
        )
        .key(scope.key(name))
        .label("a text")
        .level(Level::Warning)
        .consequence("to a template every text is true, this one too")
        .help("write `false`")
        .fix(Applicability::Suggested, value.origin, "false");
}

/// What is said about each user and database.
fn database_objects(scope: &Scope<'_>, list: &str, members: &[Member], findings: &mut Of<'_>) {
    let items = scope.map.get(list).and_then(Value::as_list);
    for item in items.unwrap_or_default() {
        let Some(map) = item.as_map() else {
            if !scopes::is_template(item) {
                let (key, what) = (scope.key(list), format!("an item of `{list}`"));
                let expected = format!(
                    "a map with `{}`",
                    members.first().map_or("", |first| first.name)
                );
                report_as(findings, scope.entity.clone(), &key, &what, item, &expected);
            }
            continue;
        };
        for Member { name, accepts } in members {
            let Some(value) = map.get(name).filter(|value| !scopes::is_template(value)) else {
                continue;
            };
            match fits(accepts, value) {
                Fit::Yes => {}
                Fit::AsText => as_text(scope, &scope.key(list), name, value, findings),
                Fit::Not => report_as(
                    findings,
                    scope.entity.clone(),
                    &scope.key(list),
                    &format!("`{name}`"),
                    &Value::new(value.data.clone(), at(map, name, value)),
                    &kinds(accepts),
                ),
            }
        }
    }
}

/// A number or a boolean where TPA makes a text of it.
fn as_text(scope: &Scope<'_>, key: &str, name: &str, value: &Value, findings: &mut Of<'_>) {
    let spelling = value.spelling().unwrap_or_default();
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` is {}, not a text", kind(value)),
        )
        .key(key)
        .label(format!("read as `{spelling}`"))
        .level(Level::Warning)
        .consequence("YAML reads a number or a boolean, and TPA gets its spelling: `3.10` becomes `3.1`, `no` becomes `False`")
        .help("write it in quotes, as it is meant");
}

fn packages(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    let Some(map) = value.as_map() else {
        if value.data != Data::Null && !scopes::is_template(value) {
            report_in(
                findings,
                scope,
                name,
                value,
                "a map such as `common: [NAME]`",
            );
        }
        return;
    };
    for (_, list) in map.iter() {
        if list.as_list().is_none() && list.data != Data::Null && !scopes::is_template(list) {
            report_in(findings, scope, name, list, "a list of packages");
        }
    }
}

fn port(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    if !name.ends_with("_port") {
        return;
    }
    let number = value.spelling().and_then(|text| text.parse::<i64>().ok());
    if let Some(number) = number
        && !(1..=65535).contains(&number)
    {
        findings
            .at(
                scope.entity.clone(),
                value.origin,
                format!("`{name}` is {number}, which is not a port"),
            )
            .key(scope.key(name))
            .label("no port")
            .help("write a number from 1 to 65535");
    }
}

/// Whether a value is what TPA reads.
#[derive(PartialEq, Eq)]
enum Fit {
    Yes,
    /// TPA makes a text of it, which may be another one than was meant.
    AsText,
    Not,
}

fn fits(kinds: &[Kind], value: &Value) -> Fit {
    let has = |kind: Kind| kinds.contains(&kind);
    let takes_scalars = [Kind::Text, Kind::Integer, Kind::Decimal, Kind::Boolean]
        .into_iter()
        .any(has);
    let fit = match &value.data {
        Data::Null => true,
        Data::List(_) => has(Kind::List),
        Data::Map(_) => has(Kind::Map),
        Data::Text(text) => {
            has(Kind::Text)
                || (has(Kind::Boolean) && truth::module_bool(value).is_some())
                || (has(Kind::Integer) && truth::whole(value).is_some())
                || (has(Kind::Decimal) && text.trim().parse::<f64>().is_ok())
                || scopes::is_template(value)
        }
        Data::Integer(_) => takes_scalars,
        Data::Decimal(_) | Data::Boolean(_) if takes_scalars => {
            let kind = if matches!(value.data, Data::Boolean(_)) {
                Kind::Boolean
            } else {
                Kind::Decimal
            };
            return if has(kind) { Fit::Yes } else { Fit::AsText };
        }
        Data::Decimal(_) | Data::Boolean(_) => false,
    };
    if fit { Fit::Yes } else { Fit::Not }
}

fn is_scalar(value: &Value) -> bool {
    value.is_single() || value.data == Data::Null
}

/// An item of `role` that names nothing; whether there is one.
fn empty_role(subject: &Subject, scope: &Scope<'_>, value: &Value, findings: &mut Of<'_>) -> bool {
    let is_empty = |item: &&Value| match &item.data {
        Data::Null => true,
        Data::Text(text) => text.trim().is_empty(),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => {
            false
        }
    };
    let ends_with_comma = value.as_text().is_some_and(|text| {
        let mut items = text.split(',').map(str::trim);
        text.contains(',') && items.any(str::is_empty)
    });
    let item = value
        .as_list()
        .and_then(|items| items.iter().find(is_empty));
    let Some(item) = item.or(ends_with_comma.then_some(value)) else {
        return false;
    };
    let finding = findings
        .at(
            scope.entity.clone(),
            places::or(item.origin, value.origin),
            "an item of `role` is empty",
        )
        .key(scope.key("role"))
        .label("names no role")
        .help("remove the item, or write the role that was meant");
    let otherwise = match stops(subject.tpa, Stop::EmptyRole) {
        Availability::Gone(_) => "TPA warns and leaves it out: the role that was meant is missing",
        Availability::Here | Availability::NotYet(_) => {
            "TPA makes a role without a name, and the one that was meant is missing"
        }
    };
    releases::at(finding, subject, Stop::EmptyRole, otherwise);
    true
}

/// A text or a list of texts.
fn is_names(value: &Value) -> bool {
    match &value.data {
        Data::Null | Data::Text(_) => true,
        Data::List(items) => items.iter().all(Value::is_single),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Map(_) => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value.data {
        Data::Null => "null",
        Data::Boolean(_) => "a boolean",
        Data::Integer(_) => "an integer",
        Data::Decimal(_) => "a decimal",
        Data::Text(_) => "a text",
        Data::List(_) => "a list",
        Data::Map(_) => "a map",
    }
}

fn kinds(accepted: &[Kind]) -> String {
    let names: Vec<&str> = accepted.iter().map(|kind| kind.name()).collect();
    alternatives(&names).replace('`', "")
}

fn report(findings: &mut Of<'_>, entity: Entity, key: &str, value: &Value, expected: &str) {
    report_as(findings, entity, key, &format!("`{key}`"), value, expected);
}

fn report_in(findings: &mut Of<'_>, scope: &Scope<'_>, name: &str, value: &Value, expected: &str) {
    let place = Value::new(value.data.clone(), at(scope.map, name, value));
    let what = format!("`{name}`");
    report_as(
        findings,
        scope.entity.clone(),
        &scope.key(name),
        &what,
        &place,
        expected,
    );
}

/// The value; where nothing is written, its key.
fn at(map: &Map, name: &str, value: &Value) -> Origin {
    match (&value.data, map.place_of(name)) {
        (Data::Null | Data::Map(_) | Data::List(_), Some(key)) => Origin::Written(key),
        (_, _) => value.origin,
    }
}

fn report_as(
    findings: &mut Of<'_>,
    entity: Entity,
    key: &str,
    what: &str,
    value: &Value,
    expected: &str,
) {
    findings
        .at(
            entity,
            value.origin,
            format!("{what} is {}, not {expected}", kind(value)),
        )
        .key(key)
        .label(format!("{} here", kind(value)))
        .help(format!("make it {expected}"));
}
