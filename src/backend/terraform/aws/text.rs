//! The texts that differ from cluster to cluster: providers, variables, data, and the calls of the module.

use super::network::{self, Region};
use super::{Cluster, Profile, rules};
use crate::backend::hcl::{Body, Expression, Object, quoted};
use crate::facts::services;

const VERSIONS: &str = include_str!("region/versions.tf");
const VARIABLES: &str = include_str!("variables.tf");
const SSH: &str = include_str!("ssh.tf");
const PEM: &str = include_str!("pem.tf");
const HOSTKEYS: &str = include_str!("hostkeys.tf");
const PEERING: &str = include_str!("peering.tf");

/// Providers: one for each region, and one for what has none.
pub(super) fn versions(cluster: &Cluster) -> String {
    let mut body = Body::default();
    let mut provider = |alias: Option<&str>, region: &str| {
        let mut tags = Body::default();
        tags.set("tags", Expression::Code("local.tags".to_owned()));
        let mut settings = Body::default();
        if let Some(alias) = alias {
            settings.set("alias", alias);
        }
        settings.set("region", region);
        settings.blank();
        settings.block("default_tags", tags);
        body.blank();
        if alias.is_none() {
            body.comment("For what has no region, and for the bucket.");
        }
        body.block("provider \"aws\"", settings);
    };
    if let Some(home) = cluster.regions.first() {
        provider(None, &home.name);
    }
    for region in &cluster.regions {
        provider(Some(&region.identifier), &region.name);
    }
    format!("{VERSIONS}{}", body.text())
}

pub(super) fn variables(cluster: &Cluster) -> String {
    let mut texts = Vec::new();
    if cluster.rules.asks_for_ssh {
        texts.push(SSH);
    }
    if cluster.has_pem && cluster.rules.asks_for_ssh {
        texts.push(PEM);
    }
    let mut text = texts.join("\n");
    if cluster.key_file.is_some() || cluster.first_boot.has("root_key") {
        let mut variable = Body::default();
        variable.set(
            "description",
            "Public half of the key with which Ansible logs in; TPA makes it in the folder above.",
        );
        variable.set("type", Expression::Code("string".to_owned()));
        if let Some(file) = &cluster.key_file {
            variable.set("default", beside(file));
        }
        let mut body = Body::default();
        body.block("variable \"ssh_public_key_file\"", variable);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&body.text());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(VARIABLES);
    if cluster.bucket.is_some() {
        text.push('\n');
        text.push_str(HOSTKEYS);
    }
    if peerings(cluster).next().is_some() {
        text.push('\n');
        text.push_str(PEERING);
    }
    text
}

/// The public half of a key file, which TPA takes relative to the folder of the cluster.
fn beside(key_file: &str) -> String {
    if key_file.starts_with(['/', '~']) {
        format!("{key_file}.pub")
    } else {
        format!("../{key_file}.pub")
    }
}

/// The cluster as data.
pub(super) fn data(cluster: &Cluster) -> Body {
    let Cluster {
        name,
        tags,
        group,
        image,
        is_public,
        regions,
        places,
        rules,
        ssh_port,
        has_pem: _,
        key_name,
        key_file: _,
        profile,
        bucket,
        uploads,
        first_boot,
        nodes,
        resources: _,
        end,
    } = cluster;
    let mut locals = Body::default();
    locals.set("cluster_name", name.as_str());
    locals.set("inventory_group", group.as_str());
    locals.set("key_name", key_name.as_str());
    match profile {
        Profile::Made(role) => locals.set("role", role.as_str()),
        Profile::Existing(profile) => locals.set("instance_profile", profile.as_str()),
    }
    locals.set("public", *is_public);
    locals.set("ssh_port", *ssh_port);
    match bucket {
        Some(bucket) => {
            locals.set("bucket", bucket.as_str());
            locals.set("uploads", uploads.clone());
        }
        None => locals.set("bucket", Expression::Null),
    }
    let mut all_tags = Object::default();
    all_tags.set("CreatingCluster", name.as_str());
    all_tags.extend(tags.clone());
    section(&mut locals, "tags", all_tags);
    section(&mut locals, "image", image.clone());
    section(&mut locals, "first_boot", first_boot.clone());
    section(
        &mut locals,
        "networks",
        regions
            .iter()
            .map(|region| (region.name.as_str(), region.network.clone()))
            .collect::<Object>(),
    );
    section(
        &mut locals,
        "locations",
        places
            .iter()
            .map(|place| (place.name.value.as_str(), place.object()))
            .collect::<Object>(),
    );
    section(
        &mut locals,
        "rules",
        rules
            .list
            .iter()
            .map(rules::Rule::object)
            .collect::<Vec<_>>(),
    );
    section(&mut locals, "nodes", nodes.clone());
    locals.blank();
    locals.append(end.clone());
    locals
}

fn section(locals: &mut Body, name: &str, value: impl Into<Expression>) {
    locals.blank();
    locals.set(name, value);
}

/// The calls of the module, one for each region, and what goes between regions.
pub(super) fn calls(cluster: &Cluster) -> String {
    let mut body = Body::default();
    body.block("locals", local_values(cluster));
    body.blank();
    body.comment("One call for each region: which provider a module has cannot be computed.");
    for (index, region) in cluster.regions.iter().enumerate() {
        if index > 0 {
            body.blank();
        }
        body.block(
            format!("module \"{}\"", region.identifier),
            call(cluster, region),
        );
    }
    for (one, other) in peerings(cluster) {
        peering(&mut body, one, other);
    }
    body.text()
}

fn local_values(cluster: &Cluster) -> Body {
    let mut locals = Body::default();
    let nodes: Vec<String> = cluster
        .regions
        .iter()
        .map(|region| format!("module.{}.nodes", region.identifier))
        .collect();
    locals.set("created", code(&format!("merge({})", nodes.join(", "))));
    let mut rules = "local.rules".to_owned();
    if cluster.rules.asks_for_ssh {
        let ports = if cluster.ssh_port == services::SSH {
            "[22]"
        } else {
            "distinct([22, local.ssh_port])"
        };
        rules = format!(
            "concat(\n  local.rules,\n  [for pair in setproduct(var.ssh_cidrs, {ports}) : {{ protocol = \"tcp\", from_port = pair[1], to_port = pair[1], cidr = pair[0], description = \"ssh\" }}],\n"
        );
        if cluster.has_pem {
            rules.push_str("  [for cidr in coalescelist(var.pem_cidrs, var.ssh_cidrs) : { protocol = \"tcp\", from_port = 443, to_port = 443, cidr = cidr, description = \"PEM\" }],\n");
        }
        rules.push(')');
    }
    locals.blank();
    locals.comment("What is let in: what the source says, and whom the variables name.");
    locals.set("ingress", code(&rules));
    locals
}

fn call(cluster: &Cluster, region: &Region) -> Body {
    let name = quoted(&region.name);
    let mut call = Body::default();
    call.set("source", "./modules/region");
    call.blank();
    let mut providers = Object::default();
    providers.set("aws", code(&format!("aws.{}", region.identifier)));
    call.set("providers", Expression::Long(providers));
    call.blank();
    call.set("cluster_name", code("local.cluster_name"));
    call.set("region", region.name.as_str());
    call.set("network", code(&format!("local.networks[{name}]")));
    call.set("public", code("local.public"));
    call.set("locations", code(&format!(
        "{{ for name, location in local.locations : name => location if location.region == {name} }}"
    )));
    call.set("nodes", code(&format!(
        "{{ for name, node in local.nodes : name => node if local.locations[node.location].region == {name} }}"
    )));
    call.set("image", code("local.image"));
    call.set("ingress", code("local.ingress"));
    call.set("key_name", code("local.key_name"));
    call.set(
        "public_key",
        match cluster.key_file {
            Some(_) => code("trimspace(file(pathexpand(var.ssh_public_key_file)))"),
            None => Expression::Null,
        },
    );
    call.set(
        "instance_profile",
        code(match cluster.profile {
            Profile::Made(_) => "aws_iam_instance_profile.node.name",
            Profile::Existing(_) => "local.instance_profile",
        }),
    );
    call.set(
        "kms_key_arn",
        code(&format!("lookup(var.kms_key_arns, {name}, null)")),
    );
    call.set(
        "first_boot",
        code(match cluster.bucket {
            Some(_) => "merge(local.first_boot, local.hostkeys)",
            None => "local.first_boot",
        }),
    );
    call
}

/// The pairs of regions whose VPCs are made here and can be joined.
///
/// Each is in the order of the names: regions come in the order of machines, which may change, and nothing moves then.
fn peerings(cluster: &Cluster) -> impl Iterator<Item = (&Region, &Region)> {
    let regions = &cluster.regions;
    regions.iter().enumerate().flat_map(move |(index, one)| {
        let others = regions.iter().skip(index + 1);
        others
            .filter_map(move |other| network::can_be_joined(one, other).then_some((one, other)))
            .map(|(one, other)| {
                if one.identifier <= other.identifier {
                    (one, other)
                } else {
                    (other, one)
                }
            })
    })
}

fn peering(body: &mut Body, one: &Region, other: &Region) {
    let pair = format!("{}_{}", one.identifier, other.identifier);
    let count = "var.peer_vpcs ? 1 : 0";
    let connection = |kind: &str| format!("{kind}.{pair}[0].id");
    let head = |provider: &Region| {
        let mut body = Body::default();
        body.set("count", code(count));
        body.set("provider", code(&format!("aws.{}", provider.identifier)));
        body.blank();
        body
    };
    let name = |body: &mut Body| {
        let mut tags = Object::default();
        tags.set(
            "Name",
            code(&format!(
                "\"${{local.cluster_name}}/{} {}\"",
                one.name, other.name
            )),
        );
        body.blank();
        body.set("tags", Expression::Long(tags));
    };
    let mut request = head(one);
    request.set("vpc_id", code(&format!("module.{}.vpc_id", one.identifier)));
    request.set(
        "peer_vpc_id",
        code(&format!("module.{}.vpc_id", other.identifier)),
    );
    request.set("peer_region", other.name.as_str());
    name(&mut request);
    body.blank();
    body.block(
        format!("resource \"aws_vpc_peering_connection\" \"{pair}\""),
        request,
    );
    let mut accept = head(other);
    accept.set(
        "vpc_peering_connection_id",
        code(&connection("aws_vpc_peering_connection")),
    );
    accept.set("auto_accept", true);
    name(&mut accept);
    body.blank();
    body.block(
        format!("resource \"aws_vpc_peering_connection_accepter\" \"{pair}\""),
        accept,
    );
    for (from, to) in [(one, other), (other, one)] {
        let mut route = head(from);
        route.set(
            "route_table_id",
            code(&format!("module.{}.route_table_id", from.identifier)),
        );
        route.set(
            "destination_cidr_block",
            code(&format!("local.networks[{}].vpc_cidr", quoted(&to.name))),
        );
        route.set(
            "vpc_peering_connection_id",
            code(&connection("aws_vpc_peering_connection_accepter")),
        );
        body.blank();
        body.block(
            format!(
                "resource \"aws_route\" \"{}_to_{}\"",
                from.identifier, to.identifier
            ),
            route,
        );
    }
}

fn code(text: &str) -> Expression {
    Expression::Code(text.to_owned())
}

/// What whoever applies has to say, and may say.
pub(super) fn example(cluster: &Cluster) -> String {
    let mut body = Body::default();
    body.comment("Copy this file to terraform.tfvars.");
    if cluster.rules.asks_for_ssh {
        body.set("ssh_cidrs", vec!["198.51.100.0/24"]);
    }
    if let Some(file) = &cluster.key_file {
        body.set("ssh_public_key_file", beside(file));
    }
    if cluster.bucket.is_some() {
        body.set("hostkey_folder", "../hostkeys");
    }
    body.text()
}
