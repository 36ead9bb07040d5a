use std::collections::HashMap;

use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::origin::Origin;

rule! {
    /// ## What it does
    ///
    /// Finds machines whose names are the same up to the first dot: `db.east.example.org` and `db.west.example.org`.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes the first part as an alias into `/etc/hosts`, where the first machine wins for both, and names Barman's
    /// slots and cron files after it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db.east.example.org { address = 10.0.0.1 }
    ///     replica db.west.example.org { address = 10.0.0.2 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1.east.example.org { address = 10.0.0.1 }
    ///     replica db2.west.example.org { address = 10.0.0.2 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    pub(super) static DUPLICATE_SHORT_NAME = {
        name: "duplicate-short-name",
        level: Warning,
        summary: "names that are the same up to the first dot",
        consequence: "the alias in /etc/hosts means the first machine for both, and files of Barman's collide",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let mut seen: HashMap<&str, (&str, Origin)> = HashMap::new();
    for instance in &context.subject.instances {
        let name = instance.name.value.as_str();
        let short = name.split('.').next().unwrap_or(name);
        let Some((first, at)) = seen.insert(short, (name, instance.name.origin)) else {
            continue;
        };
        // The whole name twice is another rule's.
        if first != name {
            findings
                .at(
                    instance.entity(),
                    instance.name.origin,
                    format!("`{first}` and `{name}` have one short name, `{short}`"),
                )
                .key("Name")
                .label("the second")
                .related(at, "the first")
                .help("make the first parts different: `db1.…`, `db2.…`");
        }
    }
}
