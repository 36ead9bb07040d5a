use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds roles that exclude each other on one machine: primary and replica, a witness on a data node, a PEM server
    /// that is a part of the cluster, an EFM witness without EFM.
    ///
    /// ## Why is this bad?
    ///
    /// Nothing checks combinations of roles. A witness has a database of its own, which a replica cannot have. A PEM
    /// server is left out of the failover manager, whatever else it is.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// - { Name: db2, node: 2, role: [replica, witness], upstream: db1 }
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
    /// - { Name: db3, node: 3, role: [witness], upstream: db1 }
    /// ```
    pub(super) static CONTRADICTORY_ROLES = {
        name: "contradictory-roles",
        level: Error,
        summary: "roles that exclude each other on one machine",
        consequence: "`tpaexec provision` accepts it, and `tpaexec deploy` fails or builds another cluster than is meant",
    }
}

const ON_DATA_NODE: &str =
    "a witness cannot be registered on a data node: it needs a database of its own";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        if let Some((first, second, consequence)) = contradiction(subject, instance) {
            findings
                .at(
                    instance.entity(),
                    second.origin,
                    format!(
                        "`{}` is `{}` and `{}`",
                        instance.name.value, first.value, second.value
                    ),
                )
                .key("role")
                .label(format!("not together with `{}`", first.value))
                .related(first.origin, "the other role")
                .consequence(consequence)
                .help("give the roles to two machines, or remove one of them");
        } else if let Some(role) = instance.role(Role::EfmWitness)
            && subject
                .failover_manager()
                .is_some_and(|manager| manager != FailoverManager::Efm)
        {
            findings
                .at(
                    instance.entity(),
                    role.origin,
                    format!(
                        "`{}` is an EFM witness, and EFM is not there",
                        instance.name.value
                    ),
                )
                .key("role")
                .label("only with EFM")
                .consequence("the machine runs nothing and has no vote")
                .help("write `witness`, which fits every failover manager, or remove the role");
        }
    }
}

fn contradiction<'i>(
    subject: &Subject,
    instance: &'i Instance,
) -> Option<(&'i Sourced<String>, &'i Sourced<String>, &'static str)> {
    const OUTSIDE: &str = "TPA leaves a PEM server out of the failover manager, and its data is not part of the cluster";
    const TWO: &str =
        "the machine initialises a database of its own and is to be cloned from another one";
    const BESIDE: &str = "the web server of PEM and that of the backup API want the same port";
    let with_repmgr = subject.failover_manager() == Some(FailoverManager::Repmgr);
    let pairs = [
        (Role::Primary, Role::Replica, TWO, true),
        (Role::Primary, Role::Witness, ON_DATA_NODE, with_repmgr),
        (Role::Replica, Role::Witness, ON_DATA_NODE, with_repmgr),
        (Role::Primary, Role::EfmWitness, ON_DATA_NODE, true),
        (Role::Replica, Role::EfmWitness, ON_DATA_NODE, true),
        (Role::PemServer, Role::Primary, OUTSIDE, true),
        (Role::PemServer, Role::Replica, OUTSIDE, true),
        (Role::PemServer, Role::Witness, OUTSIDE, true),
        (Role::PemServer, Role::Barman, BESIDE, true),
    ];
    pairs.into_iter().filter(|(.., applies)| *applies).find_map(
        |(first, second, consequence, _)| {
            Some((instance.role(first)?, instance.role(second)?, consequence))
        },
    )
}
