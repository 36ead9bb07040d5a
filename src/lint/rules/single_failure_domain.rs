use crate::facts::choices::Platform;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::quorum::Quorum;
use crate::tpa::view::Instance;
use crate::tpa::view::{Entity, Subject, places, streaming};

rule! {
    /// ## What it does
    ///
    /// Finds clusters whose data nodes, or whose primary and all machines that could replace it, are lost together: in
    /// one availability zone on aws, in one location elsewhere. Also two locations that are one zone. Containers of one
    /// docker host are not judged.
    ///
    /// ## Why is this bad?
    ///
    /// The outage of one zone takes every copy of the data. It is found out on the day of the failover that was the
    /// reason for the cluster.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { os Debian 12 }
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { os Debian 12 }
    ///   location first { data 2 }
    ///   location second { data 1 }
    ///   location third { witness }
    /// }
    /// ```
    pub(super) static SINGLE_FAILURE_DOMAIN = {
        name: "single-failure-domain",
        level: Advice,
        summary: "all copies of the data in one zone or location",
        consequence: "one outage takes the primary and everything that could replace it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    shared_zones(subject, findings);
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(domain) = streaming::failure_domain(subject, primary) else {
        return;
    };
    if primary.is_on(Platform::Docker) {
        return;
    }
    let elsewhere =
        |other: &&Instance| streaming::failure_domain(subject, other).as_ref() != Some(&domain);
    let others: Vec<&Instance> = subject
        .data_nodes()
        .filter(|other| other.name.value != primary.name.value)
        .collect();
    // A single node has its own rule.
    if others.is_empty() {
        return;
    }
    let quorum = context.quorum();
    let candidates = quorum.map(Quorum::candidates).unwrap_or_default();
    let is_candidate = |other: &Instance| {
        let mut candidates = candidates.iter();
        candidates.any(|candidate| candidate.name == other.name.value)
    };
    let is_spread = others
        .iter()
        .copied()
        .any(|other| elsewhere(&other) && is_candidate(other));
    if is_spread {
        return;
    }
    let all_here = !others.iter().copied().any(|other| elsewhere(&other));
    // Where nobody can be promoted at all, or it is not certain who, other rules have said so.
    if !all_here && candidates.is_empty() {
        return;
    }
    let is_zone = primary.is_on(Platform::Aws);
    let what = if is_zone { "zone" } else { "location" };
    let message = if all_here {
        format!("all data nodes are in the {what} `{domain}`")
    } else {
        format!("the primary and all that could replace it are in the {what} `{domain}`")
    };
    findings
        .at(Entity::Cluster, place(subject, primary), message)
        .key("locations")
        .label(format!("one {what}"))
        .help(if is_zone {
            "add a location in another zone with a data node that streams from the primary, and a third for the witness"
        } else {
            "add a location with a data node that streams from the primary, and a third for the witness"
        });
}

/// The location of the primary, else its own place.
fn place(subject: &Subject, primary: &Instance) -> Origin {
    let location = subject.location_of(primary);
    let name = location.and_then(|location| location.name.as_ref());
    name.map_or(primary.name.origin, |name| name.origin)
}

/// Locations with data nodes that are one zone.
fn shared_zones(subject: &Subject, findings: &mut Of<'_>) {
    let zone = |index: usize| {
        let location = subject.locations.get(index)?;
        let zone = location.entry.get("az")?;
        Some((location, zone.spelling()?, zone.origin))
    };
    let mut used: Vec<usize> = subject
        .data_nodes()
        .filter(|node| node.is_on(Platform::Aws))
        .filter_map(|node| node.location)
        .collect();
    used.sort_unstable();
    used.dedup();
    for (position, second) in used.iter().enumerate() {
        let Some((location, name, at)) = zone(*second) else {
            continue;
        };
        let first = used
            .iter()
            .take(position)
            .filter_map(|first| zone(*first))
            .find(|(_, other, _)| *other == name);
        let Some((other, _, other_at)) = first else {
            continue;
        };
        let names: Vec<&str> = [other, location]
            .into_iter()
            .filter_map(|location| Some(location.name.as_ref()?.value.as_str()))
            .collect();
        findings
            .at(
                location.entity(),
                places::or(at, location.at),
                format!(
                    "the locations {} are in one zone, `{name}`",
                    words::list(&names)
                ),
            )
            .key("az")
            .label("the same zone")
            .related(other_at, "as this one")
            .help("put one of them into another zone, or into another region if the region has no more");
    }
}
