//! Terraform for aws: a module for each region, which is the same for every cluster, and the cluster as data.
//!
//! Addresses hold no position: `module.eu_west_1.aws_instance.node["kestrel"]` is what it is whatever else there is.

mod network;
mod node;
mod rules;
mod text;

use std::collections::HashMap;

use super::keys::Keys;
use super::machine::{self, Machine, machines};
use super::moved::{self, Resource};
use super::{Source, errors, tags, with_data};
use crate::backend::hcl::{Body, Expression, Object};
use crate::diagnostic::Diagnostics;
use crate::facts::roles::Role;
use crate::facts::services::SSH;
use crate::origin::Sourced;
use crate::tpa::config::Config;
use crate::tpa::view::truth::module_bool;
use crate::value::Value;
use network::{Place, Region};
use rules::Rules;

/// What is the same for every cluster.
const CONSTANT: [(&str, &str); 8] = [
    (
        "modules/region/versions.tf",
        include_str!("aws/region/versions.tf"),
    ),
    (
        "modules/region/variables.tf",
        include_str!("aws/region/variables.tf"),
    ),
    (
        "modules/region/network.tf",
        include_str!("aws/region/network.tf"),
    ),
    (
        "modules/region/security.tf",
        include_str!("aws/region/security.tf"),
    ),
    ("modules/region/main.tf", include_str!("aws/region/main.tf")),
    (
        "modules/region/outputs.tf",
        include_str!("aws/region/outputs.tf"),
    ),
    (
        "modules/region/first-boot.sh",
        include_str!("aws/region/first-boot.sh"),
    ),
    ("outputs.tf", include_str!("aws/outputs.tf")),
];
const PROFILE: &str = include_str!("aws/profile.tf");
const BUCKET: &str = include_str!("aws/bucket.tf");

/// The longest name of a role in IAM, and what comes after the cluster's in it.
const LONGEST_ROLE: usize = 64;

/// The most that EC2 takes, less what stands around it.
const LONGEST_SCRIPT: usize = 10_000;

/// A cluster on aws.
struct Cluster {
    name: String,
    tags: Object,
    group: String,
    image: Object,
    is_public: bool,
    regions: Vec<Region>,
    places: Vec<Place>,
    rules: Rules,
    ssh_port: i64,
    has_pem: bool,
    key_name: String,
    /// The file with the private key, where the key is registered by Terraform.
    key_file: Option<String>,
    /// The name of a profile that exists, or of the role that is made.
    profile: Profile,
    bucket: Option<String>,
    uploads: Vec<String>,
    first_boot: Object,
    nodes: Object,
    /// What is made for each machine.
    resources: HashMap<String, Vec<Resource>>,
    /// What is below the machines.
    end: Body,
}

enum Profile {
    Existing(String),
    Made(String),
}

pub(super) fn files(
    source: &Source<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'static str, String)> {
    let cluster = read(source, diagnostics);
    let mut files = with_data(&CONSTANT, text::data(&cluster));
    files.push(("versions.tf", text::versions(&cluster)));
    files.push(("variables.tf", text::variables(&cluster)));
    files.push(("main.tf", text::calls(&cluster)));
    if let Profile::Made(_) = cluster.profile {
        files.push(("profile.tf", PROFILE.to_owned()));
    }
    if cluster.bucket.is_some() {
        files.push(("bucket.tf", BUCKET.to_owned()));
    }
    files.push(("terraform.tfvars.example", text::example(&cluster)));
    files.extend(moved::file(source, &cluster.resources));
    files.sort_by_key(|(path, _)| *path);
    files
}

fn read(source: &Source<'_>, diagnostics: &mut Diagnostics) -> Cluster {
    let Config {
        name,
        tpa: _,
        own: _,
        made_for: _,
        tags,
        general: _,
        tower: _,
        platform,
        cluster_vars: _,
        locations: _,
        instance_defaults: _,
        omitted: _,
        instances: _,
        system: _,
        past: _,
    } = &source.config;
    let tags = tags::of_cluster(tags, diagnostics);
    let machines = machines(source, diagnostics);
    let places = network::places(source, diagnostics);
    let general = |key: &str| source.settings.get(key).and_then(Value::spelling);
    let ssh_port = general("cluster_ssh_port").and_then(|port| port.parse().ok());
    let ssh_port = ssh_port.unwrap_or(SSH);

    let mut keys = Keys::new(platform, diagnostics);
    let reachability = keys.text("ec2_instance_reachability");
    let is_public = reachability.is_none_or(|it| it.value == "public");
    network::other_subnets(&mut keys, &places);
    let gone = &source.cluster.past.gone;
    let left = gone.iter().filter_map(|machine| machine.region.as_ref());
    let left: Vec<&Sourced<String>> = left.collect();
    let regions = network::regions(&mut keys, &machines, &places, &left, is_public);
    let has_pem = machines
        .iter()
        .any(|machine| machine.has_role(Role::PemServer));
    let rules = rules::rules(&mut keys, ssh_port, has_pem);
    let image = image(&mut keys);
    let existing_key = keys.text("ec2_instance_key");
    let key_name = keys.text("ec2_key_name").map(|name| name.value);
    let key_name = key_name.unwrap_or_else(|| format!("tpa_{}", name.value.to_lowercase()));
    let key_file =
        general("ssh_key_file").unwrap_or_else(|| format!("id_{}", name.value.to_lowercase()));
    let profile = profile(&mut keys, &name.value, name.origin);
    let bucket = bucket(&mut keys);
    let uploads = keys.texts("s3_uploads").unwrap_or_default();
    if bucket.is_none() {
        keys.refuse(
            "s3_uploads",
            "name the bucket: `bucket = NAME` in the platform",
        );
    }
    let first_boot = first_boot(&mut keys, ssh_port);
    keys.pass(&["route53_zone", "route53_hosted_zone_id"]);
    keys.end();

    let mut nodes = Object::default();
    let mut resources = HashMap::new();
    for machine in &machines {
        if let Some(place) = network::of(&places, machine) {
            let node = node::node(machine, place, is_public, diagnostics);
            let region = regions.iter().find(|it| it.name == place.region.value);
            let region = region.map(|region| region.identifier.as_str());
            let made = node::resources(&node, region.unwrap_or_default());
            resources.insert(machine.name.value.clone(), made);
            nodes.set(machine.name.value.as_str(), node);
        }
    }
    addresses(&machines, diagnostics);
    Cluster {
        group: machine::group(source),
        end: machine::end(source, &machines),
        places,
        key_name: existing_key
            .as_ref()
            .map_or(key_name, |key| key.value.clone()),
        key_file: existing_key.is_none().then_some(key_file),
        name: name.value.clone(),
        tags,
        image,
        is_public,
        regions,
        rules,
        ssh_port,
        has_pem,
        profile,
        bucket,
        uploads,
        first_boot,
        nodes,
        resources,
    }
}

fn image(keys: &mut Keys<'_, '_>) -> Object {
    let mut image = Object::default();
    let written = keys.map("ec2_ami").cloned().unwrap_or_default();
    let mut keys = Keys::new(&written, keys.diagnostics());
    image.set_some("name", keys.text("Name").map(|name| name.value));
    image.set_some("owner", keys.text("Owner").map(|owner| owner.value));
    if let Some(filters) = keys.value("filters") {
        match network::filters(filters) {
            Some(filters) => image.set("filters", filters),
            None => keys.wrong(filters.origin, "filters", "a map of texts"),
        }
    }
    keys.end();
    image
}

fn profile(keys: &mut Keys<'_, '_>, cluster: &str, origin: crate::origin::Origin) -> Profile {
    let made = keys.text("cluster_profile");
    if let Some(existing) = keys.text("instance_profile_name") {
        return Profile::Existing(existing.value);
    }
    let (role, origin) = match made {
        Some(made) => (made.value, made.origin),
        None => (format!("{cluster}_profile"), origin),
    };
    if role.len() > LONGEST_ROLE {
        keys.wrong(
            origin,
            "cluster_profile",
            "64 characters at most: write `cluster_profile` in `settings`",
        );
    }
    Profile::Made(role)
}

/// The bucket that exists. TPA makes one up for whoever provisions, and shares it between clusters.
fn bucket(keys: &mut Keys<'_, '_>) -> Option<String> {
    let bucket = keys.text("cluster_bucket")?;
    if bucket.value == "auto" {
        let help = "name a bucket that exists, or leave `bucket` out: then machines make host keys of their own";
        keys.refuse("cluster_bucket", help);
    }
    Some(bucket.value)
}

/// What machines do at their first boot beside what every machine does.
fn first_boot(keys: &mut Keys<'_, '_>, ssh_port: i64) -> Object {
    let mut boot = Object::default();
    if ssh_port != SSH {
        boot.set("ssh_port", ssh_port);
    }
    if keys.value("install_authorized_key").and_then(module_bool) == Some(true) {
        let key = "trimspace(file(pathexpand(var.ssh_public_key_file)))";
        boot.set("root_key", Expression::Code(key.to_owned()));
    }
    if let Some(environment) = keys.value("user_data_environment") {
        if let Some(map) = environment.as_map() {
            machine::secrets(map, keys.diagnostics());
        }
        let pairs = keys.pairs("user_data_environment").unwrap_or_default();
        if pairs.iter().any(|(name, _)| !is_variable(name)) {
            let expected = "names of letters, digits and `_`";
            keys.wrong(environment.origin, "user_data_environment", expected);
        }
        boot.set("environment", pairs.into_iter().collect::<Object>());
    }
    for (key, word) in [("pre_user_data", "before"), ("extra_user_data", "after")] {
        if let Some(script) = keys.text(key) {
            if script.value.len() > LONGEST_SCRIPT {
                keys.wrong(script.origin, key, "10000 characters at most");
            }
            boot.set(word, script.value);
        }
    }
    boot
}

fn is_variable(name: &str) -> bool {
    let letter = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(letter)
}

/// Warns of addresses that aws may give to another machine.
fn addresses(machines: &[Machine], diagnostics: &mut Diagnostics) {
    for machine in machines {
        let Some(address) = machine.entry.get("private_ip") else {
            continue;
        };
        let location = &machine.location.value;
        let has_none = |other: &&Machine| {
            other.location.value == *location && other.entry.get("private_ip").is_none()
        };
        if machines.iter().find(has_none).is_some() {
            diagnostics.push_at(address.origin, |at| errors::may_lose_address(at, location));
        }
    }
}
