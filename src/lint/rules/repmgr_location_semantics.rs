use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words::{self, list};
use crate::topology::FailoverManager;
use crate::topology::quorum::{Obstacle, Part, Quorum, Verdict};
use crate::tpa::view::{Entity, repmgr};
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds clusters in which `repmgr_location` is set on some nodes and not on others, primaries that are alone with
    /// theirs, and clusters with votes in three locations in which it forbids the promotion that the third location is
    /// there for. TPA does not derive it from its
    /// own locations: without it all nodes are at one site for repmgr.
    ///
    /// ## Why is this bad?
    ///
    /// repmgr promotes nobody who sees no node of the primary's `repmgr_location`: it takes that for a cut network. Nodes
    /// without it are at the site `default`, which is another one than any that is written.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { vars { repmgr_location = main } }
    ///     replica db2
    ///     replica db3
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
    ///     replica db2
    ///     replica db3
    ///   }
    /// }
    /// ```
    pub(super) static REPMGR_LOCATION_SEMANTICS = {
        name: "repmgr-location-semantics",
        level: Warning,
        summary: "sites of repmgr that forbid a failover",
        consequence: "standbys that see no node of the primary's `repmgr_location` are not promoted",
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
    let nodes: Vec<&Instance> = quorum
        .members
        .iter()
        .filter(|member| member.part != Part::Bystander)
        .filter_map(|member| subject.instance(member.name))
        .collect();
    let with: Vec<_> = nodes
        .iter()
        .filter_map(|node| repmgr::location(subject, node))
        .collect();
    let Some(first) = with.first() else { return };
    let without: Vec<&str> = nodes
        .iter()
        .filter(|node| repmgr::location(subject, node).is_none())
        .map(|node| node.name.value.as_str())
        .collect();
    if !without.is_empty() {
        findings
            .at(
                Entity::Cluster,
                first.origin,
                format!(
                    "`repmgr_location` is not set for {}, which repmgr takes for another site",
                    list(&without)
                ),
            )
            .key("vars/repmgr_location")
            .label("set on some nodes only")
            .help("set it for every data node and witness, or for none");
        return;
    }
    let Some(home) = quorum.primary().and_then(|primary| primary.location) else {
        return;
    };
    if alone(subject, quorum, findings) {
        return;
    }
    let outcome = quorum.after_loss_of_location(home);
    let mut voting = quorum.clone();
    voting
        .members
        .retain(|member| member.part != Part::Bystander);
    if outcome.verdict == Verdict::Nobody(Obstacle::OtherSite) && voting.locations().len() >= 3 {
        findings
            .at(
                Entity::Cluster,
                first.origin,
                format!(
                    "losing `{home}` leaves {} of {} votes, and `repmgr_location` forbids the promotion",
                    outcome.votes, outcome.of
                ),
            )
            .key("vars/repmgr_location")
            .label("repmgr waits for a node of the primary's site")
            .help("remove `repmgr_location`, so that a majority decides; or write down who promotes by hand");
    }
}

/// A primary without any voter at its own site: repmgr never replaces it.
fn alone(subject: &Subject, quorum: &Quorum<'_>, findings: &mut Of<'_>) -> bool {
    let Some(primary) = subject.primary() else {
        return false;
    };
    let name = &primary.name.value;
    let outcome = quorum.after_loss_of(&[name]);
    let Some(site) = repmgr::location(subject, primary)
        .filter(|_| outcome.verdict == Verdict::Nobody(Obstacle::OtherSite))
    else {
        return false;
    };
    let finding = findings
        .at(
            primary.entity(),
            site.origin,
            format!(
                "no standby or witness votes at `{}`, the site of `{name}`: when it is lost, nobody is promoted",
                site.value
            ),
        )
        .key("vars/repmgr_location")
        .label("the primary is alone here")
        .help(words::say(
            subject,
            "write a `witness` line beside the primary, with the same `repmgr_location`; or remove `repmgr_location`, so that a majority decides",
            "add a witness beside the primary, with the same `repmgr_location`; or remove `repmgr_location`, so that a majority decides",
        ))
        .consequence("when the primary is lost nobody takes over, and the cluster takes no writes until a human promotes");
    if site.origin != primary.at {
        finding.related(primary.at, "the primary");
    }
    true
}
