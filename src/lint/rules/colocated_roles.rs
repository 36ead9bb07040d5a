use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::places;

rule! {
    /// ## What it does
    ///
    /// Finds data nodes that are also Barman, etcd or HAProxy nodes.
    ///
    /// ## Why is this bad?
    ///
    /// When the database's host dies, the backup, the vote or the way to the next primary dies with it. etcd also needs
    /// a disk that answers quickly, which a database keeps busy.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2; roles = [barman] }
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
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman backup1 { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    pub(super) static COLOCATED_ROLES = {
        name: "colocated-roles",
        level: Warning,
        summary: "a data node that is also needed when a data node is lost",
        consequence: "with the database's host dies what should help to replace it",
    }
}

const ROLES: &[(Role, &str)] = &[
    (
        Role::Barman,
        "the backups are lost together with the database",
    ),
    (
        Role::Etcd,
        "etcd waits for the disk that the database keeps busy, loses its leader, and Patroni fails over for no reason",
    ),
    (
        Role::Haproxy,
        "clients lose the way to the next primary together with the old one",
    ),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for node in context.subject.data_nodes() {
        for (name, consequence) in ROLES {
            let Some(role) = node.role(*name) else {
                continue;
            };
            findings
                .at(
                    node.entity(),
                    places::or(role.origin, node.at),
                    format!("the data node `{}` has the role `{name}`", node.name.value),
                )
                .key("role")
                .label("on a data node")
                .consequence(*consequence)
                .help("give it a machine of its own, best in another location or zone");
        }
    }
}
