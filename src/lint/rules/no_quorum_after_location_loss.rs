use crate::diagnostic::Level;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Obstacle, Part, Quorum, Verdict};
use crate::tpa::view::Entity;
use crate::tpa::view::quorum::{counted, left};

rule! {
    /// ## What it does
    ///
    /// Finds clusters in several locations that survive the loss of the primary, and not that of its location: too few
    /// votes are left to promote one of the standbys elsewhere. With repmgr the standbys and witnesses vote that follow the
    /// primary itself. With EFM all data nodes and witnesses do, the primary too.
    ///
    /// With two locations this cannot be had without the danger of two primaries, so it is an advice there.
    ///
    /// ## Why is this bad?
    ///
    /// The second data centre is paid for and never takes over on its own. Three locations with two data nodes in each of
    /// two and a witness in the third are enough, if nobody else votes: `tpaexec configure` also makes a witness of the
    /// Barman node beside the primary, whose vote is lost together with the primary's location.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   backup barman { witness = true }
    ///   location paris  { data 2 }
    ///   location london { data 2 }
    ///   location zurich { witness }
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
    ///   backup barman { witness = false }
    ///   location paris  { data 2 }
    ///   location london { data 2 }
    ///   location zurich { witness }
    /// }
    /// ```
    pub(super) static NO_QUORUM_AFTER_LOCATION_LOSS = {
        name: "no-quorum-after-location-loss",
        level: Warning,
        summary: "standbys elsewhere that cannot take over when the primary's location is lost",
        consequence: "when the location is lost nobody takes over, and the cluster takes no writes until a human promotes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // Of Patroni in several locations another rule speaks.
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager != FailoverManager::Patroni)
    else {
        return;
    };
    let Some(primary) = quorum.primary() else {
        return;
    };
    let Some(home) = primary.location else { return };
    let outcome = quorum.after_loss_of_location(home);
    if outcome.verdict != Verdict::Nobody(Obstacle::NoMajority)
        || !quorum.after_loss_of(&[primary.name]).promotes()
    {
        return;
    }
    let votes = counted(quorum.manager);
    let location = subject.instance(primary.name);
    let at = location
        .and_then(|primary| subject.location_of(primary))
        .map_or(subject.at, |location| location.at);
    let finding = findings
        .at(
            Entity::Location(home.to_owned()),
            at,
            format!(
                "losing `{home}` leaves {}, and a promotion needs {}",
                left(quorum, &outcome),
                outcome.needed
            ),
        )
        .label(format!(
            "takes {} of {} {votes} with it",
            outcome.of - outcome.votes,
            outcome.of
        ))
        .help(help(quorum, home));
    let witnesses = quorum
        .members
        .iter()
        .filter(|member| member.part == Part::Witness && member.location == Some(home));
    for witness in witnesses.filter_map(|witness| subject.instance(witness.name)) {
        finding.related(witness.at, "a witness whose vote is lost with it");
    }
    if voting_locations(quorum) < 3 {
        finding.level(Level::Advice);
    }
}

fn voting_locations(quorum: &Quorum<'_>) -> usize {
    let mut voting = quorum.clone();
    voting
        .members
        .retain(|member| quorum.is_voter(member) || member.part == Part::Primary);
    voting.locations().len()
}

/// The smallest change that fixes it.
fn help(quorum: &Quorum<'_>, home: &str) -> String {
    let mended = |other: &Quorum<'_>| {
        let outcome = other.after_loss_of_location(home);
        outcome.promotes().then(|| left(other, &outcome))
    };
    if voting_locations(quorum) < 3 {
        return "put a witness into a third location, and none beside the primary; or write down who promotes by hand"
            .to_owned();
    }
    let witnesses = quorum
        .members
        .iter()
        .filter(|member| member.part == Part::Witness && member.location == Some(home));
    for witness in witnesses {
        if let Some(left) = mended(&quorum.without(witness.name)) {
            return format!(
                "do not let `{}` be a witness: without it, losing `{home}` leaves {left}",
                witness.name
            );
        }
    }
    let cascaded = quorum.members.iter().filter(|member| {
        member.part == Part::Standby
            && member.location != Some(home)
            && !quorum.follows_primary(member)
    });
    for standby in cascaded.filter(|_| quorum.manager == FailoverManager::Repmgr) {
        let mut other = quorum.clone();
        let primary = quorum.primary().map(|primary| primary.name);
        for member in &mut other.members {
            if member.name == standby.name {
                member.upstream = primary;
            }
        }
        if let Some(left) = mended(&other) {
            return format!(
                "let `{}` stream from the primary, so that it votes: losing `{home}` leaves {left} then",
                standby.name
            );
        }
    }
    format!("move a vote out of `{home}`: no witness there, or fewer standbys")
}
