//! The settings of config.yml that belong to a platform, and the defaults of instances.

use super::omit;
use crate::facts::volumes::VolumeFor;
use crate::origin::{Origin, Sourced};
use crate::topology::platform::{Aws, Bare, Docker, Kind, Network, Platform, Purpose, Volume, Vpc};
use crate::topology::{Cluster, Location, SourceBuild};
use crate::value::{Data, Map, Value};

/// Top-level keys that TPA writes with the platform's settings, beside those that begin with `ec2_` and `docker_`.
const KEYS: &[&str] = &[
    "cluster_bucket",
    "cluster_profile",
    "cluster_rules",
    "extra_user_data",
    "install_authorized_key",
    "instance_profile_name",
    "pre_user_data",
    "route53_hosted_zone_id",
    "route53_zone",
    "s3_uploads",
    "user_data_environment",
];

/// Whether a top-level key stands with the platform's settings.
pub(super) fn owns(key: &str) -> bool {
    key.starts_with("ec2_") || key.starts_with("docker_") || KEYS.contains(&key)
}

pub(super) fn settings(
    cluster: &Sourced<String>,
    platform: &Platform,
    locations: &[Location],
    cluster_vars: &Map,
) -> Map {
    match &platform.kind {
        Kind::Aws(aws) => {
            let mut settings = aws_settings(aws);
            // With a VPN TPA makes rules of its own.
            if cluster_vars.get("vpn_network").is_none() {
                settings.set("cluster_rules", rules(aws, locations));
            }
            settings
        }
        Kind::Docker(docker) => docker_settings(cluster, docker),
        Kind::Bare(Bare {
            system: _,
            volumes: _,
        }) => Map::default(),
    }
}

fn aws_settings(aws: &Aws) -> Map {
    let Aws {
        ami,
        owner,
        instance: _,
        bucket,
        networks,
        vpc,
        reachability,
        open: _,
        volumes: _,
    } = aws;
    let mut settings = Map::default();
    super::set_text(&mut settings, "cluster_bucket", bucket.as_ref());
    let mut image = Map::default();
    super::set_text(&mut image, "Name", Some(ami));
    super::set_text(&mut image, "Owner", owner.as_ref());
    settings.set("ec2_ami", Value::map(image, ami.origin));
    super::set_text(
        &mut settings,
        "ec2_instance_reachability",
        Some(reachability),
    );
    let default = Sourced::new("Test".to_owned(), Origin::Default("the default of `vpc`"));
    let (name, entries) = match vpc {
        Vpc::Name(name) => (name, None),
        Vpc::Entries(entries) => (&default, Some(entries)),
    };
    let mut vpcs = Map::default();
    for Network { region, cidr } in networks {
        let mut entry = Map::default();
        super::set_text(&mut entry, "Name", Some(name));
        super::set_text(&mut entry, "cidr", Some(cidr));
        vpcs.set(region.value.as_str(), Value::map(entry, region.origin));
    }
    for (region, entry) in entries.into_iter().flat_map(Map::iter) {
        vpcs.set(region.clone(), entry.clone());
    }
    settings.set("ec2_vpc", Value::map(vpcs, name.origin));
    settings
}

/// The security rules: what is open, then everything between the subnets.
fn rules(aws: &Aws, locations: &[Location]) -> Value {
    let mut rules = Vec::new();
    let mut rule = |protocol: &str, first: i64, last: i64, network: &Sourced<String>| {
        let origin = network.origin;
        let mut rule = Map::default();
        rule.set("proto", Value::text(protocol, origin));
        rule.set("from_port", Value::integer(first, origin));
        rule.set("to_port", Value::integer(last, origin));
        rule.set("cidr_ip", Value::text(&network.value, origin));
        rules.push(Value::map(rule, origin));
    };
    for open in &aws.open {
        rule(open.protocol, open.first, open.last, &open.network);
    }
    for place in locations
        .iter()
        .filter_map(|location| location.place.as_ref())
    {
        rule("tcp", 0, 65535, &place.subnet);
    }
    Value::list(
        rules,
        Origin::Default("what is open, and the cluster's own subnets"),
    )
}

fn docker_settings(cluster: &Sourced<String>, docker: &Docker) -> Map {
    let Docker {
        image: _,
        subnet,
        mounts: _,
    } = docker;
    let origin = subnet.origin;
    let mut ipam = Map::default();
    super::set_text(&mut ipam, "subnet", Some(subnet));
    let mut network = Map::default();
    super::set_text(&mut network, "name", Some(cluster));
    network.set(
        "ipam_config",
        Value::list(vec![Value::map(ipam, origin)], origin),
    );
    let networks = Value::list(vec![Value::map(network, origin)], origin);
    super::section("docker_networks", networks)
}

/// The section `instance_defaults`.
pub(super) fn instance_defaults(cluster: &Cluster, sources: &[SourceBuild]) -> Map {
    let Platform {
        user,
        python: _,
        kind,
    } = &cluster.platform;
    let mut defaults = Map::default();
    let origin = Origin::Default("`platform`");
    defaults.set("platform", Value::text(cluster.platform.name(), origin));
    // Tower knows who logs in.
    if cluster.tower.is_none() && cluster.settings.get(super::sections::TOWER).is_none() {
        let mut vars = Map::default();
        super::set_text(&mut vars, "ansible_user", Some(user));
        defaults.set("vars", Value::map(vars, user.origin));
    }
    match kind {
        Kind::Aws(aws) => {
            super::set_text(&mut defaults, "type", Some(&aws.instance));
            set_volumes(&mut defaults, "default_volumes", &aws.volumes);
        }
        Kind::Docker(docker) => {
            super::set_text(&mut defaults, "image", Some(&docker.image));
            if let Some(mounts) = mounts(cluster, docker, sources) {
                defaults.set("local_source_directories", mounts);
            }
        }
        Kind::Bare(Bare { system: _, volumes }) => {
            set_volumes(&mut defaults, "default_volumes", volumes);
        }
    }
    omit::of_block(&mut defaults, &cluster.omit, omit::DEFAULTS);
    if omit::is_omitted(&cluster.omit, "instance_defaults") {
        defaults = Map::default();
    }
    defaults.merge(cluster.defaults.clone());
    defaults
}

/// What is mounted into containers: what is written, else a cache for the compiler where something is built.
fn mounts(cluster: &Cluster, docker: &Docker, sources: &[SourceBuild]) -> Option<Value> {
    if docker.mounts.is_some() {
        return docker.mounts.clone();
    }
    let origin = Origin::Derived {
        from: sources.first()?.name.origin.place(),
        rule: "what is built from source is cached",
    };
    let cache = format!("ccache-{}:/root/.ccache:rw", cluster.name.value);
    Some(Value::list(vec![Value::text(cache, origin)], origin))
}

/// Sets a key to a list of volumes, unless there are none.
pub(super) fn set_volumes(map: &mut Map, key: &str, volumes: &[Volume]) {
    if !volumes.is_empty() {
        let volumes = volumes.iter().map(volume).collect();
        map.set(key, Value::list(volumes, Origin::Default("`volumes`")));
    }
}

fn volume(volume: &Volume) -> Value {
    let Volume {
        purpose,
        device,
        size,
        kind,
        encrypted,
        iops,
        vars,
        settings,
    } = volume;
    let mut entry = Map::default();
    super::set_text(&mut entry, "device_name", Some(device));
    super::set_text(&mut entry, "volume_type", kind.as_ref());
    if let Some(Sourced { value, origin }) = size {
        entry.set("volume_size", Value::integer(*value, *origin));
    }
    if let Some(Sourced { value, origin }) = encrypted {
        entry.set("encrypted", Value::boolean(*value, *origin));
    }
    if let Some(Sourced { value, origin }) = iops {
        entry.set("iops", Value::integer(*value, *origin));
    }
    // A removed volume is named by its device alone.
    let removed = size.is_none() && kind.is_some();
    let mut own = Map::default();
    let volume_for = match purpose {
        Purpose::Root | Purpose::Disk => None,
        Purpose::Postgres => Some(VolumeFor::Data),
        Purpose::Wal => Some(VolumeFor::Wal),
        Purpose::Barman => Some(VolumeFor::Backups),
        Purpose::Tablespace(name) => {
            own.set("tablespace_name", Value::text(name, device.origin));
            Some(VolumeFor::Tablespace)
        }
    };
    if let Some(volume_for) = volume_for {
        own.set("volume_for", Value::text(volume_for.name(), device.origin));
    }
    own.merge(vars.clone());
    if !removed {
        super::set_map(&mut entry, "vars", &own, device.origin);
    }
    entry.merge(settings.clone());
    Value::new(Data::Map(entry), device.origin)
}
