use std::collections::BTreeSet;

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope, Section};
use crate::lint::{Context, networks, words};
use crate::tpa::view::Subject;
use crate::tpa::view::{places, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds keys that TPA accepts on aws and does nothing with: everything about spot instances, an elastic address
    /// without `assign_elastic_ip`, one half of a DNS zone, the snapshot of a volume.
    ///
    /// ## Why is this bad?
    ///
    /// The keys look as if they worked. The machines cost their full price, have no fixed address and no name in DNS,
    /// and the volume is empty.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   location main { data 2 }
    ///   defaults { spot_price = "0.05" }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   location main { data 2 }
    ///   defaults { termination_protection = true }
    /// }
    /// ```
    pub(super) static IGNORED_AWS_KEY = {
        name: "ignored-aws-key",
        level: Warning,
        summary: "a key that has no effect",
        consequence: "TPA ignores it and never says so",
    }
}

/// Keys without any effect, and what that means.
const IGNORED: &[(&str, &str)] = &[
    ("spot_launch_group", "the machines are not spot instances"),
    (
        "spot_price",
        "the machines are not spot instances, and cost their full price",
    ),
    ("spot_wait_timeout", "the machines are not spot instances"),
    ("ec2_ami_user", "TPA logs in as `ansible_user`"),
    ("cluster_ssh_user", "TPA logs in as `ansible_user`"),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if networks::on_aws(subject).next().is_none() {
        return;
    }
    for scope in scopes::settings(subject) {
        for (key, meaning) in IGNORED {
            if let Some(value) = scope.map.get(key) {
                report(
                    &scope,
                    (key, value),
                    format!("`{key}` has no effect: {meaning}"),
                    "remove it",
                    findings,
                );
            }
        }
    }
    elastic(subject, findings);
    zones(subject, findings);
    snapshots(subject, findings);
}

fn report(
    scope: &Scope<'_>,
    (key, value): (&str, &Value),
    message: String,
    help: &str,
    findings: &mut Of<'_>,
) {
    findings
        .at(
            scope.entity.clone(),
            places::of_key(scope.map, key).unwrap_or(value.origin),
            message,
        )
        .key(scope.key(key))
        .label("has no effect")
        .help(help);
}

fn elastic(subject: &Subject, findings: &mut Of<'_>) {
    let mut seen = BTreeSet::new();
    for instance in networks::on_aws(subject) {
        let Some(address) = instance.entry.get("elastic_ip") else {
            continue;
        };
        if settings::is_true(instance.entry.get("assign_elastic_ip"))
            || !seen.insert(address.origin.place())
        {
            continue;
        }
        findings
            .at(
                instance.entity(),
                address.origin,
                format!(
                    "the elastic address of `{}` is not assigned",
                    instance.name.value
                ),
            )
            .key("elastic_ip")
            .label("has no effect alone")
            .help(format!(
                "add {} beside it",
                words::setting(subject.written, "assign_elastic_ip", "true")
            ));
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "route53_zone" => "example.org",
        _ => "Z0123456789",
    }
}

/// A record needs the zone's name and its id.
fn zones(subject: &Subject, findings: &mut Of<'_>) {
    const PAIR: [&str; 2] = ["route53_hosted_zone_id", "route53_zone"];
    let document = |key: &str| subject.document.get(key);
    for scope in scopes::settings(subject) {
        let [id, zone] = PAIR;
        for (key, other) in [(id, zone), (zone, id)] {
            let Some(value) = scope.map.get(key) else {
                continue;
            };
            let is_complete = document(other).is_some()
                || subject.defaults.get(other).is_some()
                || networks::on_aws(subject).any(|instance| {
                    let own = instance.entry.get(key);
                    own.is_some_and(|own| own.origin == value.origin)
                        && instance.entry.get(other).is_some()
                });
            if scope.section != Section::Cluster && !is_complete {
                report(
                    &scope,
                    (key, value),
                    format!("`{key}` without `{other}` makes no DNS record"),
                    &format!(
                        "add {} beside it, as yours is called, or remove it",
                        words::setting(subject.written, other, example(other))
                    ),
                    findings,
                );
            }
        }
    }
}

fn snapshots(subject: &Subject, findings: &mut Of<'_>) {
    for (entity, volume) in scopes::volumes(subject) {
        let Some(snapshot) = volume.get("snapshot") else {
            continue;
        };
        findings
            .at(
                entity,
                places::of_key(volume, "snapshot").unwrap_or(snapshot.origin),
                "TPA does not pass the `snapshot` of a volume on to AWS",
            )
            .key("volumes/snapshot")
            .label("has no effect")
            .consequence("the volume is empty")
            .help(
                "make the volume from the snapshot yourself, and attach it with `attach_existing`",
            );
    }
}
