use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Obstacle, Quorum, Verdict};
use crate::tpa::view::quorum::manual;
use crate::tpa::view::{Entity, repmgr, settings};
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with standbys none of which can be promoted. With repmgr and EFM a standby is promoted only if it
    /// streams from the primary itself. repmgr passes over those with `repmgr_priority` 0 or `repmgr_failover` manual, EFM
    /// over those with the role `efm-not-promotable`, Patroni over those with the tag `nofailover`. A cluster that leaves
    /// every promotion to a human gets a warning.
    ///
    /// With repmgr it also finds a standby with `repmgr_failover` manual beside others without. Where it is preferred, by
    /// its priority or its lower number, it is an error. Otherwise it is a warning.
    ///
    /// ## Why is this bad?
    ///
    /// Everything deploys and replicates. When the primary is lost nothing happens, and nobody is told why.
    ///
    /// repmgr elects the standby that has received most, then the one with the highest priority, then the one with the
    /// lowest number, and never asks whether it may be promoted without a human. A manual standby that wins declines, and
    /// the others wait for it. One with priority 0 cannot win.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2 { vars { repmgr_priority = 0 } }
    ///     replica db3 { upstream = db2 }
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
    ///     primary db1
    ///     replica db2 { vars { repmgr_priority = 0 } }
    ///     replica db3
    ///   }
    /// }
    /// ```
    pub(super) static NO_PROMOTABLE_STANDBY = {
        name: "no-promotable-standby",
        level: Error,
        summary: "standbys none of which can be promoted",
        consequence: "when the primary is lost nobody takes over, and the cluster takes no writes until a human promotes",
    }
}

/// Why a standby is not promoted.
struct Reason {
    at: Origin,
    text: String,
    /// Whether it only says that a human promotes.
    manual: bool,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let (Some(quorum), Some(primary)) = (context.quorum(), subject.primary()) else {
        return;
    };
    // Standbys of whom nobody knows what they stream from are for other rules.
    let standbys: Vec<&Instance> = subject
        .data_nodes()
        .filter(|node| node.has_role(Role::Replica) && !node.has_role(Role::Primary))
        .filter(|node| !node.has_role(Role::Readonly))
        .filter(|node| {
            subject
                .upstream_of(node)
                .is_some_and(Instance::is_data_node)
        })
        .collect();
    let Some(first) = standbys.first() else {
        return;
    };
    let name = &primary.name.value;
    if let Some(at) = manual(subject, primary, quorum.manager, standbys.len()) {
        findings
            .at(
                Entity::Cluster,
                at,
                format!("nobody is promoted without a human when `{name}` is lost"),
            )
            .label("turns automatic failover off")
            .help("remove it, or write down who promotes, and how that is noticed at night")
            .level(Level::Warning);
        return;
    }
    if !quorum.candidates().is_empty() {
        blocked(subject, primary, quorum, findings);
        return;
    }
    let reasons: Vec<Reason> = standbys
        .iter()
        .filter_map(|standby| reason(subject, standby, primary, quorum.manager))
        .collect();
    // A tag that is on only because it is a text is another rule's.
    if standbys
        .iter()
        .any(|standby| settings::patroni_misread_nofailover(subject, standby))
    {
        return;
    }
    let [reason, others @ ..] = reasons.as_slice() else {
        return;
    };
    let message = match standbys.as_slice() {
        [only] => format!(
            "`{}`, the only standby, cannot be promoted when `{name}` is lost",
            only.name.value
        ),
        several => format!(
            "none of the {} standbys can be promoted when `{name}` is lost",
            several.len()
        ),
    };
    let follows = |standby: &&Instance| {
        let upstream = standby.upstream.as_ref();
        upstream.is_some_and(|upstream| upstream.value == *name)
    };
    let help = if quorum.manager == FailoverManager::Patroni || standbys.iter().any(follows) {
        "remove what forbids it for one of the standbys, or add another standby".to_owned()
    } else {
        format!("let a standby that may be promoted stream from `{name}` itself")
    };
    let finding = findings
        .at(first.entity(), reason.at, message)
        .label(reason.text.clone())
        .help(help);
    for other in others {
        finding.related(other.at, other.text.clone());
    }
    if reasons.iter().all(|reason| reason.manual) {
        finding
            .level(Level::Warning)
            .help("remove it, or write down who promotes, and how that is noticed at night");
    }
}

/// Standbys of repmgr that wait for a human and can win the election nevertheless.
fn blocked(subject: &Subject, primary: &Instance, quorum: &Quorum<'_>, findings: &mut Of<'_>) {
    let name = &primary.name.value;
    let outcome = quorum.after_loss_of(&[name]);
    let electable = quorum.electable();
    for (position, member) in electable.iter().enumerate() {
        let Some(standby) = subject.instance(member.name).filter(|_| member.manual) else {
            continue;
        };
        let Some(at) = repmgr::manual(subject, standby) else {
            continue;
        };
        let own = member.name;
        let wins = position == 0 && outcome.verdict == Verdict::Nobody(Obstacle::Declined);
        let message = if wins {
            format!(
                "`{own}` wins the election among equals when `{name}` is lost, and waits for a human: nobody is promoted"
            )
        } else {
            format!(
                "`{own}` waits for a human, and blocks the promotion of others when it has received the most"
            )
        };
        let finding = findings
            .at(standby.entity(), at, message)
            .key("vars/repmgr_failover")
            .label("elections of repmgr do not ask for this")
            .help(words::say(
                subject,
                "write `repmgr_priority = 0` in the `vars` of the machine too: it is not elected then",
                "write `repmgr_priority: 0` in the `vars` of the instance too: it is not elected then",
            ));
        if let Some(other) = electable.iter().find(|other| !other.manual)
            && let Some(other) = subject.instance(other.name)
        {
            finding.related(other.at, "waits for it");
        }
        if !wins {
            finding.level(Level::Warning);
        }
    }
}

fn reason(
    subject: &Subject,
    standby: &Instance,
    primary: &Instance,
    manager: FailoverManager,
) -> Option<Reason> {
    let name = &standby.name.value;
    let because = |at: Origin, text: String| Reason {
        at,
        text,
        manual: false,
    };
    let own = match manager {
        FailoverManager::Repmgr => {
            let zero = repmgr::priority(subject, standby)
                .filter(|priority| priority.value <= 0)
                .map(|zero| because(zero.origin, format!("`{name}` has the priority 0")));
            let by_hand = repmgr::manual(subject, standby).map(|at| Reason {
                at,
                text: format!("`{name}` waits for a human"),
                manual: true,
            });
            zero.or(by_hand)
        }
        FailoverManager::Efm => {
            let role = standby.role(Role::EfmNotPromotable);
            role.map(|role| because(role.origin, format!("EFM never promotes `{name}`")))
        }
        FailoverManager::Patroni => settings::patroni_nofailover(subject, standby)
            .map(|at| because(at, format!("Patroni never promotes `{name}`"))),
        FailoverManager::None => None,
    };
    let upstream = standby.upstream.as_ref()?;
    let is_cascaded = manager != FailoverManager::Patroni && upstream.value != primary.name.value;
    own.or_else(|| {
        is_cascaded.then(|| {
            let text = format!("`{name}` streams from `{}`", upstream.value);
            because(upstream.origin, text)
        })
    })
}
