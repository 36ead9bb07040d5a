use std::collections::BTreeMap;

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, scopes, words};
use crate::origin::Origin;
use crate::tpa::view::Subject;
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds what is defined twice: two machines with one name (as TPA knows them: in lower case, with `-` for `_`) or
    /// one node number, two locations with one name, two volumes on one device, a machine twice in one list, a key twice
    /// in one map.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` refuses equal names and numbers, but takes `1` and `"1"` for two numbers, and the machines
    /// collide when they are registered with repmgr. Of a key that is written twice YAML keeps the last one silently.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 1, role: [replica], upstream: db1 }
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
    pub(super) static DUPLICATE_DEFINITION = {
        name: "duplicate-definition",
        level: Error,
        summary: "something that is defined twice",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    machines(subject, findings);
    locations(subject, findings);
    devices(subject, findings);
    names(subject, findings);
    database_objects(subject, findings);
    keys(subject, findings);
}

/// Remembers where things are defined first.
#[derive(Default)]
struct Seen(BTreeMap<String, Origin>);

impl Seen {
    /// Where it was defined before.
    fn first(&mut self, name: &str, at: Origin) -> Option<Origin> {
        if let Some(first) = self.0.get(name) {
            return Some(*first);
        }
        self.0.insert(name.to_owned(), at);
        None
    }
}

fn machines(subject: &Subject, findings: &mut Of<'_>) {
    let mut names = Seen::default();
    let mut nodes = Seen::default();
    for instance in &subject.instances {
        let name = &instance.name;
        if let Some(first) = names.first(&name.value, name.origin) {
            findings
                .at(
                    instance.entity(),
                    name.origin,
                    format!("two machines are called `{}`", name.value),
                )
                .key("Name")
                .label("the second")
                .related(first, "the first")
                .help("rename one of them, and what refers to it");
        }
        let Some(value) = instance.own.get("node") else {
            continue;
        };
        let Some(node) = value.spelling() else {
            continue;
        };
        if let Some(first) = nodes.first(node.trim(), value.origin) {
            let free = free_node(subject);
            findings
                .at(
                    instance.entity(),
                    value.origin,
                    format!("two machines have the node number {node}"),
                )
                .key("node")
                .label("the second")
                .related(first, "the first")
                .help(format!(
                    "write {} in one of them, or another free number",
                    words::setting(
                        subject.written,
                        words::say(subject, "id", "node"),
                        &free.to_string()
                    )
                ));
        }
    }
}

/// The lowest number above all that are given.
fn free_node(subject: &Subject) -> i64 {
    let nodes = subject.instances.iter().filter_map(|instance| {
        let node = instance.own.get("node").and_then(Value::spelling)?;
        node.trim().parse::<i64>().ok()
    });
    nodes.max().unwrap_or(0).saturating_add(1)
}

fn locations(subject: &Subject, findings: &mut Of<'_>) {
    let mut seen = Seen::default();
    for location in &subject.locations {
        let Some(name) = &location.name else { continue };
        if let Some(first) = seen.first(&name.value, name.origin) {
            findings
                .at(
                    location.entity(),
                    name.origin,
                    format!("two locations are called `{}`", name.value),
                )
                .key("Name")
                .label("the second")
                .related(first, "the first")
                .help("rename one of them, or merge the two");
        }
    }
}

/// Users and databases twice in one list.
fn database_objects(subject: &Subject, findings: &mut Of<'_>) {
    for (list, key, kind) in [
        ("postgres_users", "username", "users"),
        ("postgres_databases", "name", "databases"),
    ] {
        for declared in declared::variable(subject, list) {
            let mut seen = Seen::default();
            let entries = declared.value.as_list().unwrap_or_default().iter();
            let names = entries.filter_map(|entry| entry.as_map()?.get(key)?.sourced_text());
            for name in names {
                let Some(first) = seen.first(name.value, name.origin) else {
                    continue;
                };
                findings
                    .at(
                        declared.entity.clone(),
                        name.origin,
                        format!("two {kind} are called `{}`", name.value),
                    )
                    .key(declared.key.as_str())
                    .label("the second")
                    .related(first, "the first")
                    .consequence("TPA makes one of them, and what the other entry says is lost or changed again at every `tpaexec deploy`")
                    .help("remove one of them, or merge what they say");
            }
        }
    }
}

/// Volumes of one list on one device. A machine's volume may replace a default one.
fn devices(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::settings(subject) {
        for key in ["volumes", "default_volumes"] {
            let mut seen = Seen::default();
            let list = scope.map.get(key).and_then(Value::as_list);
            let volumes = list.unwrap_or_default().iter().filter_map(Value::as_map);
            for (device, at) in volumes.filter_map(device) {
                let short = device.strip_prefix("/dev/").unwrap_or(&device);
                if let Some(first) = seen.first(short, at) {
                    findings
                        .at(
                            scope.entity.clone(),
                            at,
                            format!("two volumes are on the device `{device}`"),
                        )
                        .key(scope.key(key))
                        .label("the second")
                        .related(first, "the first")
                        .consequence("one volume replaces the other, so that one disk is missing")
                        .help("give one of them another device");
                }
            }
        }
    }
}

fn device(volume: &Map) -> Option<(String, Origin)> {
    let value = volume.get("device_name")?;
    Some((value.spelling()?, value.origin))
}

/// A machine twice in one list.
fn names(subject: &Subject, findings: &mut Of<'_>) {
    let mut lists = Vec::new();
    for scope in scopes::settings(subject) {
        lists.push((
            scope.entity.clone(),
            scope.key("backup"),
            scope.map.get("backup"),
        ));
    }
    for scope in scopes::variables(subject) {
        let key = "haproxy_backend_servers";
        lists.push((scope.entity.clone(), scope.key(key), scope.map.get(key)));
    }
    for (entity, key, list) in lists {
        let mut seen = Seen::default();
        for item in list.and_then(Value::as_list).unwrap_or_default() {
            let Some(name) = item.as_text() else { continue };
            if let Some(first) = seen.first(name, item.origin) {
                findings
                    .at(
                        entity.clone(),
                        item.origin,
                        format!("`{name}` is written twice in this list"),
                    )
                    .key(key.clone())
                    .label("again")
                    .related(first, "the first time")
                    .consequence("HAProxy refuses two servers with one name, and Barman a server that it knows")
                    .help("remove one of the two");
            }
        }
    }
}

fn keys(subject: &Subject, findings: &mut Of<'_>) {
    for (second, first, key) in &subject.duplicates {
        findings
            .at(
                scopes::owner(subject, *second),
                Origin::Written(*second),
                format!("the key `{key}` is written twice in one map"),
            )
            .key(key.clone())
            .label("this one holds")
            .related(Origin::Written(*first), "this one is lost")
            .consequence("YAML keeps the last one and drops the other, and nothing says so")
            .help("remove one of them, or merge what they say");
    }
}
