use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::subject::{Instance, Subject, Written};
use crate::lint::{Context, Entity, places, scopes, words};
use crate::resolve::tables::{library_names, library_region};
use crate::suggest;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines on aws of which TPA cannot tell where or what they are: no region, subnet, instance type or image,
    /// a region that TPA does not know, a zone that is none of its region's, and a file without `ec2_vpc`.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` refuses the file, or AWS does when TPA asks it for the machine.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_tags: { Owner: Ann }
    /// cluster_vars: { failover_manager: repmgr }
    /// ec2_ami: { Name: debian-12-amd64-20250210-2019 }
    /// ec2_vpc: { Name: Test, cidr: 10.33.0.0/16 }
    /// locations:
    /// - { Name: main, region: eu-west-9, az: eu-west-9a, subnet: 10.33.0.0/28 }
    /// instance_defaults: { platform: aws, type: m6i.large }
    /// instances:
    /// - { Name: db1, node: 1, location: main, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_tags: { Owner: Ann }
    /// cluster_vars: { failover_manager: repmgr }
    /// ec2_ami: { Name: debian-12-amd64-20250210-2019 }
    /// ec2_vpc: { Name: Test, cidr: 10.33.0.0/16 }
    /// locations:
    /// - { Name: main, region: eu-west-1, az: eu-west-1a, subnet: 10.33.0.0/28 }
    /// instance_defaults: { platform: aws, type: m6i.large }
    /// instances:
    /// - { Name: db1, node: 1, location: main, role: [primary] }
    /// ```
    pub(super) static AWS_PLACEMENT = {
        name: "aws-placement",
        level: Error,
        summary: "machines of which TPA cannot tell where they are",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

/// What every machine on aws needs, and what that is for.
const NEEDED: [(&str, &str); 3] = [
    ("type", "an instance type"),
    ("region", "a region"),
    ("subnet", "a subnet"),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let machines: Vec<&Instance> = subject
        .instances
        .iter()
        .filter(|instance| instance.platform.value == "aws")
        .collect();
    if machines.is_empty() {
        return;
    }
    for (key, what) in NEEDED {
        let without: Vec<&Instance> = machines
            .iter()
            .copied()
            .filter(|instance| instance.entry.get(key).is_none())
            .collect();
        missing_key(&without, machines.len(), (key, what), findings);
    }
    images(subject, &machines, findings);
    vpc(subject, findings);
    regions(subject, findings);
}

/// A key that machines lack: said once, however many they are.
fn missing_key(
    without: &[&Instance],
    all: usize,
    (key, what): (&str, &str),
    findings: &mut Of<'_>,
) {
    let Some(first) = without.first() else { return };
    let names: Vec<&str> = without
        .iter()
        .map(|instance| instance.name.value.as_str())
        .collect();
    let message = if without.len() == all && all > 1 {
        format!("no machine has {what}")
    } else {
        let verb = if names.len() == 1 { "has" } else { "have" };
        format!(
            "{} {verb} no {}",
            words::list(&names),
            what.trim_start_matches("an ").trim_start_matches("a ")
        )
    };
    let finding = findings
        .at(
            first.entity(),
            places::of_entry(&first.own, first.at),
            message,
        )
        .key(key)
        .label(format!("no `{key}`"))
        .help(format!(
            "add `{key}` to the machine, to its location or to `instance_defaults`"
        ));
    for other in without.iter().skip(1).take(5) {
        finding.related(
            places::of_entry(&other.own, other.at),
            format!("no `{key}` either"),
        );
    }
}

fn images(subject: &Subject, machines: &[&Instance], findings: &mut Of<'_>) {
    let ami = subject.document.get("ec2_ami").and_then(Value::as_map);
    let named = ami.is_some_and(|ami| ami.get("Name").is_some());
    let without = machines
        .iter()
        .find(|instance| instance.entry.get("image").is_none());
    if let (Some(without), false) = (without, named) {
        let name = &without.name.value;
        findings
            .at(
                without.entity(),
                places::of_entry(&without.own, without.at),
                format!("`{name}` has no image"),
            )
            .key("image")
            .label("which operating system?")
            .help("add `ec2_ami` with a `Name` to the file, or `image` with the id of an AMI to the machine");
    }
}

fn vpc(subject: &Subject, findings: &mut Of<'_>) {
    let vpc = subject.document.get("ec2_vpc");
    if vpc.is_some_and(|vpc| vpc.as_map().is_some_and(|map| !map.is_empty())) {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            places::of_section(subject, "ec2_vpc"),
            "the file says nothing about the VPC",
        )
        .key("ec2_vpc")
        .label("no `ec2_vpc`")
        .help("add for instance `ec2_vpc: {Name: Test, cidr: 10.33.0.0/16}`");
}

/// Regions that TPA does not know, and zones that are none of their region's, where they are written.
fn regions(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::settings(subject) {
        let Some(region) = scope.map.get("region") else {
            continue;
        };
        let Some(name) = region.as_text().filter(|_| !scopes::is_template(region)) else {
            continue;
        };
        // On docker a region has no effect.
        let is_used = subject.instances.iter().any(|instance| {
            instance.platform.value == "aws"
                && instance
                    .entry
                    .get("region")
                    .is_some_and(|used| used.origin == region.origin)
        });
        if !is_used {
            continue;
        }
        let Some(known) = library_region(name) else {
            let names = library_names("region");
            // Provision takes it, configure does not.
            if name != "cn-north-1" && subject.written == Written::Config {
                findings
                    .at(
                        scope.entity.clone(),
                        region.origin,
                        format!("TPA knows no region `{name}`"),
                    )
                    .key(scope.key("region"))
                    .label("not a region of TPA's")
                    .help(match suggest::nearest(name, &names) {
                        Some(nearest) => format!("did you mean `{nearest}`?"),
                        None => format!("the regions are {}", names.join(", ")),
                    });
            }
            continue;
        };
        let Some(zone) = scope
            .map
            .get("az")
            .filter(|zone| !scopes::is_template(zone))
        else {
            continue;
        };
        let zones: Vec<String> = known
            .zones
            .iter()
            .map(|letter| format!("{name}{letter}"))
            .collect();
        let written = zone.as_text().unwrap_or_default();
        if subject.written == Written::Config && !zones.iter().any(|zone| zone == written) {
            findings
                .at(
                    scope.entity.clone(),
                    zone.origin,
                    format!("`{name}` has no zone `{written}`"),
                )
                .key(scope.key("az"))
                .label("not a zone of this region")
                .related(region.origin, "this region")
                .help(format!("its zones are {}", zones.join(", ")));
        }
    }
}
