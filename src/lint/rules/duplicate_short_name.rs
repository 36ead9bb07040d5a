use std::collections::BTreeMap;

use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Instance;
use crate::tpa::view::places;

rule! {
    /// ## What it does
    ///
    /// Finds machines with different full names whose first part is the same: `db1.east.example.org` and
    /// `db1.west.example.org`.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes the first part of every name as a short name to /etc/hosts of all machines, where the first line wins:
    /// `db1` leads to one machine everywhere. Barman's slots and files of cron are named after the short name too.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1.east.example.org { address = 10.0.0.1 }
    ///     replica db1.west.example.org { address = 10.0.0.2 }
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
    ///   location main {
    ///     primary db1.east.example.org { address = 10.0.0.1 }
    ///     replica db2.west.example.org { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static DUPLICATE_SHORT_NAME = {
        name: "duplicate-short-name",
        level: Warning,
        summary: "machines whose names begin with the same part",
        consequence: "the short name leads to the wrong machine, and Barman's files for the two replace each other",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let mut seen: BTreeMap<&str, &Instance> = BTreeMap::new();
    for instance in &context.subject.instances {
        let name = instance.name.value.as_str();
        let short = name.split('.').next().unwrap_or(name);
        let Some(first) = seen.get(short) else {
            seen.insert(short, instance);
            continue;
        };
        // Two machines with one full name are another mistake.
        if first.name.value == name {
            continue;
        }
        findings
            .at(
                instance.entity(),
                places::or(instance.name.origin, instance.at),
                format!(
                    "`{}` and `{name}` have one short name, `{short}`",
                    first.name.value
                ),
            )
            .key("Name")
            .label("the second")
            .related(first.name.origin, "the first")
            .help("give them different first parts, for example `db1` and `db2`");
    }
}
