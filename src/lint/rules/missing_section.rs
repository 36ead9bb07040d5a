use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Written;
use crate::tpa::view::{Entity, places};
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

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::List(items) => items.is_empty(),
        Data::Map(map) => map.is_empty(),
        Data::Text(text) => text.is_empty(),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => false,
    }
}
