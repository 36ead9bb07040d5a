use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt};
use crate::tpa::view::{Entity, Subject, Written, places};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds a config.yml without `cluster_vars` or `instances`, or with nothing in them.
    ///
    /// ## Why is this bad?
    ///
    /// TPA checks both before anything else. Where `cluster_vars` is there and TPA says that it is not found, a template
    /// in it names something that is not defined: then the whole map counts as missing.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { postgres_version: '17' }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static MISSING_SECTION = {
        name: "missing-section",
        level: Error,
        summary: "a config.yml without variables or without instances",
        consequence: "`tpaexec provision` stops at its first checks",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.written == Written::Source {
        return;
    }
    if holds_no_cluster(subject) {
        no_cluster(subject, findings);
        return;
    }
    let sections = [
        (
            "cluster_vars",
            "for example, add `cluster_vars: { postgres_version: '17' }`",
        ),
        (
            "instances",
            "add a list with an entry for each machine: `- { Name: db1, node: 1, role: [primary] }`",
        ),
    ];
    for (key, help) in sections {
        let (message, label) = match subject.document.get(key) {
            None if misspelt::has_of_file(&subject.document, &[key]) => continue,
            None => (format!("there is no `{key}`"), format!("no `{key}` here")),
            Some(value) if is_empty(value) => {
                (format!("`{key}` is empty"), "nothing in it".to_owned())
            }
            Some(_) => continue,
        };
        findings
            .at(Entity::Cluster, places::of_section(subject, key), message)
            .key(key)
            .label(label)
            .help(help);
    }
}

/// What a file has that describes a cluster.
const KEYS: [&str; 6] = [
    "architecture",
    "cluster_name",
    "cluster_vars",
    "instance_defaults",
    "instances",
    "locations",
];

/// Whether a file has nothing of a cluster: it is empty, or a list, or something else than a config.yml.
pub(super) fn holds_no_cluster(subject: &Subject) -> bool {
    KEYS.iter().all(|key| subject.document.get(key).is_none())
}

fn no_cluster(subject: &Subject, findings: &mut Of<'_>) {
    findings
        .at(
            Entity::Cluster,
            places::first_key(&subject.document).unwrap_or(subject.at),
            "there is no cluster in this file",
        )
        .key("instances")
        .label("no `cluster_name`, `cluster_vars` or `instances`")
        .help("write these keys at the left margin, without `-`; `m1c init DIR` writes a source, and `m1c build` a config.yml from it");
}

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::List(items) => items.is_empty(),
        Data::Map(map) => map.is_empty(),
        Data::Text(text) => text.is_empty(),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => false,
    }
}
