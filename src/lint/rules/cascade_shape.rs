use crate::diagnostic::Level;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::tpa::view::{Entity, Subject, places, streaming};

rule! {
    /// ## What it does
    ///
    /// Finds ways of streaming that hurt: more than two steps from the primary, more than five machines that stream from
    /// one, a replica that streams from another location although one of its own already does, and, with EFM, any replica
    /// that does not stream from the primary itself.
    ///
    /// ## Why is this bad?
    ///
    /// Delay adds up with every step, and the loss of one machine cuts off all below it. Every stream between locations
    /// costs the traffic of the whole database. EFM does not give cascading replicas a new upstream: after a failover
    /// they are left behind.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     replica db3 { address = 10.0.0.3; upstream = db2 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     replica db3 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    pub(super) static CASCADE_SHAPE = {
        name: "cascade-shape",
        level: Warning,
        summary: "replicas that stream in a way that hurts",
        consequence: "delay adds up, and the loss of one machine cuts off all below it",
    }
}

/// Steps from the primary.
const DEEPEST: usize = 2;

/// Machines that stream from one.
const MOST_CHILDREN: usize = 5;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        if instance.has_role(Role::Replica) {
            depth(subject, instance, findings);
            detour(subject, instance, findings);
        }
        let children: Vec<&Instance> = subject
            .children_of(instance)
            .filter(|child| child.has_role(Role::Replica))
            .collect();
        if children.len() > MOST_CHILDREN {
            let name = &instance.name.value;
            findings
                .at(
                    instance.entity(),
                    places::or(instance.name.origin, instance.at),
                    format!("{} replicas stream from `{name}`", children.len()),
                )
                .key("upstream")
                .label("sends its WAL to all of them")
                .consequence("the machine sends every change as often, beside its own work")
                .help(format!(
                    "let some stream from another replica; up to {MOST_CHILDREN} are usual"
                ));
        }
    }
    if subject.failover_manager() == Some(FailoverManager::Efm) {
        orphans(subject, findings);
    }
}

fn depth(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let above = streaming::ancestors(subject, instance);
    let is_circle = above.len() > subject.instances.len();
    let Some(written) = instance.upstream.as_ref().filter(|_| !is_circle) else {
        return;
    };
    if above.len() <= DEEPEST {
        return;
    }
    let path: Vec<&str> = std::iter::once(instance)
        .chain(above.iter().copied())
        .map(|step| step.name.value.as_str())
        .collect();
    findings
        .at(
            instance.entity(),
            places::or(written.origin, instance.at),
            format!(
                "`{}` is {} steps from the primary: {}",
                instance.name.value,
                above.len(),
                path.join(" → ")
            ),
        )
        .key("upstream")
        .label("far from the primary")
        .help("let it stream from the primary, or from a machine that does");
}

/// A stream from another location beside one that is there already.
fn detour(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let (Some(written), Some(upstream)) = (&instance.upstream, subject.upstream_of(instance))
    else {
        return;
    };
    let is_far = |one: &Instance, other: &Instance| {
        one.location.is_some() && other.location.is_some() && one.location != other.location
    };
    if !is_far(instance, upstream) {
        return;
    }
    // The first of the location is its leader. Whoever streams from the primary can be promoted, which is a reason.
    let leader = subject.data_nodes().find(|other| {
        other.location == instance.location
            && subject
                .upstream_of(other)
                .is_some_and(|upstream| is_far(other, upstream))
    });
    let Some(leader) = leader.filter(|leader| leader.name.value != instance.name.value) else {
        return;
    };
    if streaming::is_direct(subject, instance) {
        return;
    }
    findings
        .at(
            instance.entity(),
            places::or(written.origin, instance.at),
            format!(
                "`{}` streams from another location, although `{}` beside it already does",
                instance.name.value, leader.name.value
            ),
        )
        .key("upstream")
        .label("another location")
        .related(leader.name.origin, "streams between the locations too")
        .consequence("all changes travel twice between the locations")
        .help(format!("let it stream from `{}`", leader.name.value));
}

/// EFM changes the upstream only of replicas of the primary.
fn orphans(subject: &Subject, findings: &mut Of<'_>) {
    let cascading: Vec<&Instance> = subject
        .with_role(Role::Replica)
        .filter(|replica| {
            let above = streaming::ancestors(subject, replica).len();
            above > 1 && above <= subject.instances.len()
        })
        .collect();
    let Some(first) = cascading.first() else {
        return;
    };
    let names: Vec<&str> = cascading
        .iter()
        .map(|replica| replica.name.value.as_str())
        .collect();
    let written = |replica: &&Instance| {
        let upstream = replica.upstream.as_ref();
        upstream.is_some_and(|upstream| upstream.origin.is_written())
    };
    let shown = cascading.iter().find(|replica| written(replica));
    let shown = shown.unwrap_or(first);
    let at = shown
        .upstream
        .as_ref()
        .map_or(shown.at, |upstream| upstream.origin);
    let verb = if names.len() == 1 { "does" } else { "do" };
    let finding = findings
        .at(
            Entity::Cluster,
            places::or(at, shown.at),
            format!(
                "with EFM {} {verb} not stream from the primary itself",
                words::list(&names)
            ),
        )
        .key("upstream")
        .label("cascades")
        .consequence(
            "EFM never promotes them, and after a failover does not give them the new primary",
        )
        .help("set their `upstream` to the primary, or take care of them by hand after a failover");
    if !cascading.iter().any(written) {
        finding.level(Level::Advice);
    }
}
