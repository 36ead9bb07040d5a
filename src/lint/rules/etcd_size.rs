use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Instance, Subject, Written};

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
        .label(if count == 1 {
            "the only member of etcd"
        } else {
            "the first member of etcd"
        })
        .help(remedy(subject, &members));
    for other in members.iter().skip(1) {
        finding.related(other.at, "another member");
    }
    if survives > 0 {
        finding
            .level(Level::Advice)
            .consequence("it costs a machine and time, and survives no more");
    }
}

/// What makes the number an odd one from three to seven.
fn remedy(subject: &Subject, members: &[&Instance]) -> String {
    let count = members.len();
    if subject.written == Written::Config {
        return "use three or five instances with the role `etcd`, on machines that do not fail together".to_owned();
    }
    if count > MOST {
        return format!("leave {MOST} of them, on machines that do not fail together");
    }
    let missing = if count == 1 { 2 } else { 1 };
    let lines: Vec<String> = new_names(subject, members, missing)
        .iter()
        .map(|name| format!("`etcd {name}`"))
        .collect();
    let lines = lines.join(" and ");
    let way_out = if count > 3 { ", or remove one" } else { "" };
    format!("write {lines} beside it, on machines that do not fail together{way_out}")
}

/// Names for more members, which go on with that of the last: `e3` after `e2`.
fn new_names(subject: &Subject, members: &[&Instance], missing: usize) -> Vec<String> {
    let last = members.last().map_or("", |last| last.name.value.as_str());
    let stem = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = last.strip_prefix(stem).unwrap_or("").parse().unwrap_or(1);
    (number + 1..=u32::MAX)
        .map(|number| format!("{stem}{number}"))
        .filter(|name| subject.instance(name).is_none())
        .take(missing)
        .collect()
}
