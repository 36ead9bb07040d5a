use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::tpa::changes::{self, Availability};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::{Context, networks, words};
use crate::origin::Origin;
use crate::resolve::tables::{library_names, library_region};
use crate::suggest;
use crate::tpa::view::{Entity, places, settings};
use crate::tpa::view::{Instance, Subject, Written};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds machines on aws of which TPA cannot tell where or what they are: no region, subnet, instance type or image,
    /// a region that TPA does not know, a zone that is none of its region's, a file without `ec2_vpc`, and a VPC that can
    /// be neither found nor made.
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

/// The region that only a part of TPA knows.
const CHINA: &str = "cn-north-1";

/// What every machine on aws needs, and what that is for.
const NEEDED: [(&str, &str); 3] = [
    ("type", "an instance type"),
    ("region", "a region"),
    ("subnet", "a subnet"),
];

/// Keys of a VPC; others are names of regions.
const VPC: [&str; 3] = ["Name", "cidr", "filters"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let machines: Vec<&Instance> = subject
        .instances
        .iter()
        .filter(|instance| instance.is_on(Platform::Aws))
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
    vpc(subject, &machines, findings);
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
    let name = ami.and_then(|ami| ami.get("Name"));
    if let (Some(_), Some(name)) = (without, name) {
        image_by_id(subject, name, findings);
    }
}

/// TPA asks AWS for the AMI that has this name. Only a machine's own `image` is an id.
fn image_by_id(subject: &Subject, name: &Value, findings: &mut Of<'_>) {
    let Some(id) = name.as_text().filter(|name| name.starts_with("ami-")) else {
        return;
    };
    let instead = match subject.written {
        Written::Source => {
            format!("`os` with its system here and `defaults {{ image = {id} }}` in the cluster")
        }
        Written::Config => format!("`image: {id}` in `instance_defaults` instead of `ec2_ami`"),
    };
    findings
        .at(
            Entity::Cluster,
            places::or(name.origin, subject.at),
            format!("`{id}` is the id of an AMI, and TPA looks for it by its name"),
        )
        .key("ec2_ami/Name")
        .label("an id, not a name")
        .help(format!("write {instead}; or the name of the AMI, which `aws ec2 describe-images --image-ids {id}` shows"))
        .consequence("`tpaexec provision` finds no image of this name and stops");
}

fn vpc(subject: &Subject, machines: &[&Instance], findings: &mut Of<'_>) {
    let vpc = subject.document.get("ec2_vpc");
    if let Some(map) = vpc.and_then(Value::as_map).filter(|map| !map.is_empty()) {
        vpcs(subject, map, machines, findings);
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
        .help("for example, add `ec2_vpc: {Name: Test, cidr: 10.33.0.0/16}`");
}

/// What `ec2_vpc` says of each region: one VPC for all, or an entry a region.
fn vpcs(subject: &Subject, map: &Map, machines: &[&Instance], findings: &mut Of<'_>) {
    let is_one = VPC.iter().any(|key| map.get(key).is_some());
    if is_one {
        one_vpc(subject, map, findings);
        return;
    }
    for (_, entry) in map.iter() {
        if let Some(entry) = entry.as_map() {
            one_vpc(subject, entry, findings);
        }
    }
    let without = machines.iter().find_map(|instance| {
        let region = instance.entry.get("region").and_then(Value::sourced_text)?;
        map.get(region.value).is_none().then_some(region)
    });
    if let Some(region) = without {
        findings
            .at(
                Entity::Cluster,
                places::or(region.origin, subject.at),
                format!("`ec2_vpc` says nothing about the region `{}`", region.value),
            )
            .key("ec2_vpc")
            .label("no VPC here")
            .related(places::of_section(subject, "ec2_vpc"), "the VPCs are here")
            .help("add an entry for the region to `ec2_vpc`");
    }
}

/// A VPC is found by its name or by filters, or is made from its name and its network.
fn one_vpc(subject: &Subject, entry: &Map, findings: &mut Of<'_>) {
    let at = places::first_key(entry).unwrap_or(subject.at);
    let filtered = settings::inside(entry.get("filters"), &["vpc-id"]);
    if let (Some(filter), Some(cidr)) = (filtered, entry.get("cidr")) {
        findings
            .at(
                Entity::Cluster,
                places::or(cidr.origin, at),
                "the VPC is looked up by its id, and has a network to make it from",
            )
            .key("ec2_vpc/cidr")
            .label("for a VPC that TPA makes")
            .related(filter.origin, "for a VPC that exists")
            .help("remove `cidr` to use the VPC with this id, or `filters` to have one made");
    } else if entry.get("Name").is_none() && entry.get("filters").is_none() {
        findings
            .at(
                Entity::Cluster,
                places::or(at, subject.at),
                "the VPC has no name",
            )
            .key("ec2_vpc/Name")
            .label("no `Name`")
            .help("add `Name`, by which TPA finds the VPC or makes it");
    } else if entry.get("cidr").is_none() && entry.get("filters").is_none() {
        findings
            .at(
                Entity::Cluster,
                places::or(at, subject.at),
                "TPA cannot make the VPC, as it has no `cidr`",
            )
            .key("ec2_vpc/cidr")
            .label("only found if it exists")
            .level(Level::Advice)
            .consequence("where there is no VPC of this name, `tpaexec provision` stops")
            .help("add `cidr`, for example `10.33.0.0/16`, unless the VPC exists already");
    }
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
            instance.is_on(Platform::Aws)
                && instance
                    .entry
                    .get("region")
                    .is_some_and(|used| used.origin == region.origin)
        });
        if !is_used {
            continue;
        }
        if subject.own.region(name).is_some() {
            continue;
        }
        let availability = changes::region(subject.tpa, name);
        if availability == Availability::Here && library_region(name).is_some() {
            continue;
        }
        if name == CHINA {
            china(&scope, region.origin, findings);
        } else if subject.written == Written::Config {
            unknown_region(
                subject,
                &scope,
                (name, region.origin),
                availability,
                findings,
            );
        }
    }
    zones(subject, findings);
}

fn unknown_region(
    subject: &Subject,
    scope: &Scope<'_>,
    (name, at): (&str, Origin),
    availability: Availability,
    findings: &mut Of<'_>,
) {
    let mut names = library_names("region");
    names.retain(|name| changes::region(subject.tpa, name) == Availability::Here);
    let tpa = subject.tpa;
    let message = match availability {
        Availability::NotYet(since) => {
            format!("TPA knows the region `{name}` from {since} on, and this cluster is for {tpa}")
        }
        Availability::Here | Availability::Gone(_) => {
            format!("TPA does not know the region `{name}`")
        }
    };
    findings
        .at(scope.entity.clone(), at, message)
        .key(scope.key("region"))
        .label("not a region of TPA's")
        .help(match (availability, suggest::nearest(name, &names)) {
            (Availability::NotYet(_), _) => "upgrade TPA, or choose another region".to_owned(),
            (_, Some(nearest)) => format!("did you mean `{nearest}`?"),
            (_, None) => format!("the regions are {}", names.join(", ")),
        })
        .by_table();
}

/// Zones that are none of their region's, wherever a machine gets either from.
fn zones(subject: &Subject, findings: &mut Of<'_>) {
    // The language takes a zone by the letters that the region has.
    if subject.written == Written::Source {
        return;
    }
    let mut seen: Vec<Origin> = Vec::new();
    for instance in networks::on_aws(subject) {
        let text = |key: &str| {
            let value = instance
                .entry
                .get(key)
                .filter(|value| !scopes::is_template(value));
            value.and_then(Value::sourced_text)
        };
        let (Some(region), Some(zone)) = (text("region"), text("az")) else {
            continue;
        };
        let Some(zones) = networks::zones(subject, region.value) else {
            continue;
        };
        if seen.contains(&zone.origin) || zones.iter().any(|known| known == zone.value) {
            continue;
        }
        seen.push(zone.origin);
        let entity = match subject.location_of(instance) {
            Some(location) if instance.own.get("az").is_none() => location.entity(),
            Some(_) | None => instance.entity(),
        };
        findings
            .at(
                entity,
                zone.origin,
                format!("`{}` has no zone `{}`", region.value, zone.value),
            )
            .key("az")
            .label("not a zone of this region")
            .related(region.origin, "this region")
            .help(format!("its zones are {}", zones.join(", ")));
    }
}

/// Provision takes this region, and the inventory that it writes leaves it out.
fn china(scope: &Scope<'_>, at: Origin, findings: &mut Of<'_>) {
    findings
        .at(
            scope.entity.clone(),
            at,
            format!("TPA does not find machines in `{CHINA}` again"),
        )
        .key(scope.key("region"))
        .label("not in its inventory")
        .level(Level::Warning)
        .consequence(
            "`tpaexec provision` makes the machines, and `tpaexec deploy` does not see them",
        )
        .help("choose another region");
}
