use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::Entity;
use crate::tpa::view::Instance;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni that have one member of etcd, an even number of them, or more than seven.
    ///
    /// ## Why is this bad?
    ///
    /// More than half of the members must be alive, or Patroni takes the primary out of service. One member is a single
    /// point of failure, two are two of them, and four survive no more losses than three. More than seven make every write
    /// slower and help nothing.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main {
    ///     data 2
    ///     etcd e1
    ///     etcd e2
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main {
    ///     data 2
    ///     etcd e1
    ///     etcd e2
    ///     etcd e3
    ///   }
    /// }
    /// ```
    pub(super) static ETCD_SIZE = {
        name: "etcd-size",
        level: Warning,
        summary: "a number of etcd members that survives less than it could",
        consequence: "when the majority of etcd is lost, Patroni makes the primary refuse writes although nothing is wrong with it",
    }
}

/// More members make etcd slower and not safer.
const MOST: usize = 7;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    let members: Vec<&Instance> = subject.with_role(Role::Etcd).collect();
    let (Some(first), count) = (members.first(), members.len()) else {
        return;
    };
    let survives = (count - 1) / 2;
    let message = if count == 1 {
        format!(
            "etcd has 1 member: losing `{}` stops the cluster",
            first.name.value
        )
    } else if count == 2 {
        "etcd has 2 members and needs both: losing either stops the cluster".to_owned()
    } else if count.is_multiple_of(2) {
        format!(
            "etcd has {count} members and survives the loss of {survives}, as {} would",
            count - 1
        )
    } else if count > MOST {
        format!(
            "etcd has {count} members: each write waits for {}",
            count / 2 + 1
        )
    } else {
        return;
    };
    let finding = findings
        .at(Entity::Cluster, first.at, message)
        .label(if count == 1 { "the only member of etcd" } else { "the first member of etcd" })
        .help(words::say(
            subject,
            "write three or five `etcd` lines, on machines that do not fail together",
            "use three or five instances with the role `etcd`, on machines that do not fail together",
        ));
    for other in members.iter().skip(1) {
        finding.related(other.at, "another member");
    }
    if survives > 0 {
        finding
            .level(Level::Advice)
            .consequence("it costs a machine and time, and survives no more");
    }
}
