use crate::diagnostic::{Applicability, Level};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt, scopes};
use crate::tpa::view::{Entity, Subject, places};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds clusters without a name, or with one that TPA refuses; locations without a name; and names of clusters,
    /// locations and machines that YAML reads as a number, a boolean or nothing, because they stand without quotes.
    ///
    /// ## Why is this bad?
    ///
    /// The name of a cluster consists of letters, digits, `_` and `-`. `on` and `no` are booleans in YAML, `1` as the
    /// location of a machine is the second location of the list and not the one with this name.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: my cluster!
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: my-cluster
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static BAD_CLUSTER_OR_LOCATION_NAME = {
        name: "bad-cluster-or-location-name",
        level: Error,
        summary: "a name of a cluster or location that TPA does not take",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    cluster(subject, findings);
    locations(subject, findings);
    for instance in &subject.instances {
        if let Some(name) = instance.own.get("Name") {
            retyped(instance.entity(), "Name", name, "machine", findings);
        }
    }
}

fn cluster(subject: &Subject, findings: &mut Of<'_>) {
    let at = places::of_section(subject, "cluster_name");
    let help = "name it with letters, digits, `_` and `-`";
    let name = subject.document.get("cluster_name");
    let empty = |value: &Value| value.data == Data::Null || value.as_text() == Some("");
    match name {
        None if misspelt::has_of_file(&subject.document, &["cluster_name"]) => {}
        None => {
            findings
                .at(Entity::Cluster, at, "the cluster has no name")
                .key("cluster_name")
                .label("no `cluster_name` here")
                .help("add `cluster_name: NAME`");
        }
        Some(value) if empty(value) => {
            findings
                .at(Entity::Cluster, at, "the name of the cluster is empty")
                .key("cluster_name")
                .label("empty")
                .help(help);
        }
        Some(value) => match value.as_text() {
            None => retyped(Entity::Cluster, "cluster_name", value, "cluster", findings),
            Some(name) if is_cluster_name(name) || scopes::is_template(value) => {}
            Some(name) => {
                findings
                    .at(
                        Entity::Cluster,
                        value.origin,
                        format!("`{name}` is not a name for a cluster"),
                    )
                    .key("cluster_name")
                    .label("only letters, digits, `_` and `-`")
                    .help(format!("write `{}`: {help}", tidied(name)))
                    .fix(Applicability::Suggested, value.origin, tidied(name));
            }
        },
    }
}

fn is_cluster_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_plain)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The name with a hyphen for everything that may not be in it.
fn tidied(name: &str) -> String {
    let tidied: String = name
        .chars()
        .map(|c| match u8::try_from(c) {
            Ok(byte) if is_plain(byte) => c,
            Ok(_) | Err(_) => '-',
        })
        .collect();
    let trimmed = tidied.trim_matches('-');
    if trimmed.is_empty() {
        "cluster"
    } else {
        trimmed
    }
    .to_owned()
}

fn locations(subject: &Subject, findings: &mut Of<'_>) {
    for location in &subject.locations {
        let value = location.entry.get("Name");
        let Some(value) = value.filter(|name| name.data != Data::Null) else {
            findings
                .at(
                    location.entity(),
                    places::of_entry(&location.entry, location.at),
                    "a location has no name",
                )
                .key("Name")
                .label("no `Name`")
                .help("add `Name: NAME`, with a name that no other location has");
            continue;
        };
        let Some(name) = value.as_text() else {
            retyped(location.entity(), "Name", value, "location", findings);
            continue;
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let begins_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        let is_usual = begins_well && name.chars().all(is_allowed);
        if !is_usual && !scopes::is_template(value) {
            findings
                .at(
                    location.entity(),
                    value.origin,
                    format!("`{name}` is an unusual name for a location"),
                )
                .key("Name")
                .label("a letter or digit, then also `.`, `_` and `-`")
                .level(Level::Warning)
                .consequence("it becomes part of configuration files, where a blank or a colon breaks the line")
                .help("rename it, here and where machines name it");
        }
    }
}

/// A name that YAML has read as something else.
fn retyped(entity: Entity, key: &str, value: &Value, what: &str, findings: &mut Of<'_>) {
    let kind = match value.data {
        Data::Boolean(_) => "a boolean",
        Data::Integer(_) | Data::Decimal(_) => "a number",
        Data::List(_) => "a list",
        Data::Map(_) => "a map",
        Data::Null | Data::Text(_) => return,
    };
    findings
        .at(
            entity,
            value.origin,
            format!("the name of a {what} is {kind}"),
        )
        .key(key)
        .label(format!("{kind}, as YAML reads it"))
        .consequence("`tpaexec provision` stops with an error inside of TPA")
        .help("put the name in quotes: `'no'`, `'123'`");
}
