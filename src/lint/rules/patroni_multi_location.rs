use crate::diagnostic::Level;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words::list;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Member, Part, Quorum};
use crate::tpa::view::Entity;
use crate::tpa::view::quorum::left;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with Patroni whose data nodes or members of etcd are in several locations, where the loss of one
    /// location takes the majority of etcd with it. If all of etcd is beside the primary and only replicas are elsewhere,
    /// it is a warning. Three locations with one member of etcd in each survive the loss of any, and pass.
    ///
    /// ## Why is this bad?
    ///
    /// Without a majority of etcd nobody is promoted, and a primary that runs gives up its duty. With `failsafe_mode` it goes
    /// on as long as it sees all other data nodes, so that a location with nothing but members of etcd may be lost then.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location paris  { primary db1; etcd e1 }
    ///   location london { replica db2; etcd e2; etcd e3 }
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
    ///   location paris {
    ///     primary db1
    ///     replica db2
    ///   }
    /// }
    /// ```
    pub(super) static PATRONI_MULTI_LOCATION = {
        name: "patroni-multi-location",
        level: Error,
        summary: "Patroni in several locations, one of which holds the majority of etcd",
        consequence: "when that location is lost or cut off, no machine of the cluster takes writes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager == FailoverManager::Patroni)
    else {
        return;
    };
    let Some(home) = quorum.primary().and_then(|primary| primary.location) else {
        return;
    };
    let etcd = locations(quorum, |member| member.etcd.is_some());
    let data = locations(quorum, |member| match member.part {
        Part::Primary | Part::Standby => true,
        Part::Witness | Part::Bystander => false,
    });
    let all = locations(quorum, |member| {
        etcd.iter()
            .chain(&data)
            .any(|at| Some(*at) == member.location)
    });
    // Without members of etcd there is another rule.
    if all.len() < 2 || etcd.is_empty() {
        return;
    }
    let deciding = etcd
        .iter()
        .find(|location| !quorum.after_loss_of_location(location).serves());
    let Some(deciding) = deciding else { return };
    let outcome = quorum.after_loss_of_location(deciding);
    let Some(away) = subject.instances.iter().find(|instance| {
        let location = subject.location_name(instance);
        location.is_some_and(|location| location != home && all.contains(&location))
    }) else {
        return;
    };
    let at = subject
        .location_of(away)
        .map_or(away.at, |location| location.at);
    let finding = findings
        .at(
            Entity::Cluster,
            at,
            format!(
                "Patroni in {}: losing `{deciding}` leaves {}",
                list(&all),
                left(quorum, &outcome)
            ),
        )
        .key("failover_manager")
        .label("another location than the primary's")
        .help(
            "keep a cluster with Patroni in one location, or give each of three locations one member of etcd and data",
        );
    if etcd == [home] {
        finding.level(Level::Warning).consequence(format!(
            "the replicas outside `{home}` are never promoted when it is lost"
        ));
    }
}

/// The locations of some members, each once.
fn locations<'m>(quorum: &Quorum<'m>, is: impl Fn(&Member<'m>) -> bool) -> Vec<&'m str> {
    let members = quorum.members.iter().filter(|member| is(member));
    let mut locations: Vec<&str> = Vec::new();
    for location in members.filter_map(|member| member.location) {
        if !locations.contains(&location) {
            locations.push(location);
        }
    }
    locations
}
