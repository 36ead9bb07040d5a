use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::{Entity, places};
use crate::value::Data;

rule! {
    /// ## What it does
    ///
    /// Finds clusters on aws whose tag `Owner` is missing, empty, or the name of a system account.
    ///
    /// ## Why is this bad?
    ///
    /// TPA wants to know who pays. Without the tag it takes the name of whoever runs it, and `tpaexec provision` refuses
    /// `root` and the like, which is what pipelines run as.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = root }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = "Database Team" }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static OWNER_TAG = {
        name: "owner-tag",
        level: Error,
        summary: "cloud resources without an owner",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

/// Owners that TPA refuses.
const NOBODY: &[&str] = &[
    "", "admin", "ec2-user", "postgres", "root", "tpa", "ubuntu", "user", "vagrant",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if !subject.is_on(Platform::Aws) {
        return;
    }
    let help = words::say(
        subject,
        "write `tags { Owner = \"Jo Bloggs\" }` in the cluster",
        "write `Owner: Jo Bloggs` under `cluster_tags`",
    );
    let Some(owner) = subject.tags.get("Owner") else {
        findings
            .at(
                Entity::Cluster,
                places::of_section(subject, "cluster_tags"),
                "the cluster has no tag `Owner`",
            )
            .key("cluster_tags/Owner")
            .label("nobody's")
            // Whoever runs TPA may be somebody.
            .level(Level::Advice)
            .consequence(
                "TPA takes the name of whoever runs it, and `tpaexec provision` refuses `root`, which pipelines run as",
            )
            .help(help);
        return;
    };
    let name = owner.spelling().unwrap_or_default();
    if NOBODY.contains(&name.as_str()) && !matches!(owner.data, Data::Map(_)) {
        let message = match name.as_str() {
            "" => "the tag `Owner` is empty".to_owned(),
            name => format!("`{name}` owns nothing"),
        };
        findings
            .at(Entity::Cluster, owner.origin, message)
            .key("cluster_tags/Owner")
            .label(if name.is_empty() {
                "nobody"
            } else {
                "a system account"
            })
            .help(help);
    }
}
