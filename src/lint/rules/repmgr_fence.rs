use crate::diagnostic::Applicability;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Children, Fence, Needed, Obstacle, Outcome, Quorum, Verdict};
use crate::tpa::view::{Instance, Subject, repmgr};

rule! {
    /// ## What it does
    ///
    /// Finds a `child_nodes_disconnect_command` of repmgr that stops a healthy primary when one other machine or one other
    /// location is lost.
    ///
    /// ## Why is this bad?
    ///
    /// `child_nodes_disconnect_min_count` counts the children that are gone, and `child_nodes_connected_min_count` those
    /// that are still there. With three data nodes and `child_nodes_disconnect_min_count=1` the restart of one standby is
    /// enough: repmgr stops the primary, the other standby has one of two votes, and nobody takes writes, also when the
    /// lost standby is back.
    ///
    /// With a single standby every number does that.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    ///   vars {
    ///     repmgr_conf_settings = [
    ///       "child_nodes_disconnect_min_count=1"
    ///       "child_nodes_disconnect_command='/usr/local/bin/stop-postgres'"
    ///     ]
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
    ///   location main { data 3 }
    ///   vars {
    ///     repmgr_conf_settings = [
    ///       "child_nodes_connected_min_count=1"
    ///       "child_nodes_disconnect_command='/usr/local/bin/stop-postgres'"
    ///     ]
    ///   }
    /// }
    /// ```
    pub(super) static REPMGR_FENCE = {
        name: "repmgr-fence",
        level: Warning,
        summary: "a fence of repmgr that stops a healthy primary",
        consequence: "the loss of one standby stops the primary, and the cluster takes no writes until a human starts it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager == FailoverManager::Repmgr)
    else {
        return;
    };
    let (Fence::Children(children), Some(primary)) = (quorum.fence, subject.primary()) else {
        return;
    };
    let Some((lost, outcome)) = stops_healthy(quorum) else {
        return;
    };
    let (count, needed) = quorum.fence_counts(children);
    let name = &primary.name.value;
    let then = match outcome.verdict {
        Verdict::Promotes(other) => format!("and promotes `{other}`"),
        Verdict::Stays(_) | Verdict::PromotesAny | Verdict::Nobody(_) => {
            "and nobody takes over".to_owned()
        }
    };
    let at = at_number(subject, primary);
    let home = quorum.primary().and_then(|primary| primary.location);
    let remedy = remedy(quorum, home.unwrap_or_default());
    let finding = findings
        .at(
            primary.entity(),
            at,
            format!("losing `{lost}` makes repmgr stop `{name}`, {then}"),
        )
        .key("vars/repmgr_conf_settings")
        .label(format!("{needed} of {count} children must be attached"))
        .help(match remedy {
            Some(remedy) => format!("write {} instead", words::list(&lines(remedy))),
            None if count < 2 => {
                "remove the command, or add a second standby that streams from the primary".to_owned()
            }
            None => {
                "remove the command: here no number of children tells a cut network from a lost standby"
                    .to_owned()
            }
        });
    if let Verdict::Promotes(_) = outcome.verdict {
        finding.consequence("the loss of one standby costs a failover");
    }
    // The number itself, where nothing else has to change.
    if let Some(Remedy {
        connected,
        witnesses,
    }) = remedy
        && witnesses == children.witnesses
        && let Some(written) = number(subject, primary)
        && written.1 == at
    {
        let line = format!("child_nodes_connected_min_count={connected}");
        finding.fix(Applicability::Suggested, at, words::literal(subject, &line));
    }
}

/// Where the number is written; else where the command is.
fn at_number(subject: &Subject, primary: &Instance) -> Origin {
    let command = repmgr::in_lines(subject, primary, "child_nodes_disconnect_command");
    let command = command.map_or(primary.at, |line| line.origin);
    number(subject, primary).map_or(command, |(_, at)| at)
}

fn number(subject: &Subject, primary: &Instance) -> Option<(i64, Origin)> {
    let (connected, gone) = repmgr::least_children(subject, primary);
    connected.or(gone).map(|count| (count.value, count.origin))
}

/// The machine or location whose loss stops the primary, and what happens then.
fn stops_healthy<'q>(quorum: &Quorum<'q>) -> Option<(&'q str, Outcome<'q>)> {
    let stops = |outcome: &Outcome<'_>| match outcome.verdict {
        Verdict::Stays(_) => false,
        Verdict::Promotes(_) | Verdict::PromotesAny => true,
        Verdict::Nobody(obstacle) => obstacle == Obstacle::Fenced,
    };
    let home = quorum.primary().and_then(|primary| primary.location);
    let machines = quorum
        .members
        .iter()
        .filter(|member| Some(member.name) != quorum.primary().map(|primary| primary.name))
        .map(|member| (member.name, quorum.after_loss_of(&[member.name])));
    let locations = quorum
        .locations()
        .into_iter()
        .filter(|location| Some(*location) != home)
        .map(|location| (location, quorum.after_loss_of_location(location)));
    machines
        .chain(locations)
        .find(|(_, outcome)| stops(outcome))
}

/// Settings of repmgr that stop a primary that is cut off, and no healthy one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remedy {
    connected: i64,
    witnesses: bool,
}

/// The smallest number of children that does, if there is one.
pub(super) fn remedy(quorum: &Quorum<'_>, home: &str) -> Option<Remedy> {
    let with = |remedy: Remedy| {
        let mut other = quorum.clone();
        other.fence = Fence::Children(Children {
            needed: Needed::Connected(remedy.connected),
            witnesses: remedy.witnesses,
            delay: Some(0),
        });
        other
    };
    let most = i64::try_from(quorum.votes()).unwrap_or(i64::MAX);
    let remedies = [false, true].into_iter().flat_map(|witnesses| {
        (1..most).map(move |connected| Remedy {
            connected,
            witnesses,
        })
    });
    remedies.into_iter().find(|remedy| {
        let other = with(*remedy);
        stops_healthy(&other).is_none() && !other.cut_off(home).splits_brain()
    })
}

/// The lines of repmgr.conf for it.
pub(super) fn lines(remedy: Remedy) -> Vec<String> {
    let mut lines = vec![format!(
        "child_nodes_connected_min_count={}",
        remedy.connected
    )];
    if remedy.witnesses {
        lines.push("child_nodes_connected_include_witness=true".to_owned());
    }
    lines
}
