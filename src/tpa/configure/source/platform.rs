//! `platform` and `network`.

use super::Parts;
use crate::facts::tables::{DEFAULT_REGION, Platform};
use crate::syntax::tree::{Statement, Value};
use crate::tpa::configure::free::{self, Words};
use crate::tpa::configure::nodes;
use crate::tpa::configure::refusal::Refusal;

pub(super) fn platform(parts: &Parts) -> Result<Statement, Refusal> {
    let request = &parts.request;
    let image = &parts.image;
    let mut block = Vec::new();
    if let Some(own) = &image.own {
        block.push(nodes::setting("image", nodes::text(own)));
    }
    match request.regions.as_slice() {
        [] => {}
        [region] if region == DEFAULT_REGION => {}
        [region] => block.push(nodes::setting("region", nodes::name(region))),
        regions => block.push(nodes::attribute(
            nodes::word("region"),
            nodes::names(regions),
        )),
    }
    if let Some(instance) = &image.instance {
        block.push(nodes::setting("instance", nodes::text(instance)));
    }
    let bucket = request
        .values
        .text("cluster_bucket")
        .filter(|_| request.platform == Platform::Aws);
    block.extend(bucket.map(|bucket| nodes::setting("bucket", nodes::text(bucket))));
    if !parts.effects.vpc.is_empty() {
        let vpc = free::entries(&parts.effects.vpc, "ec2_vpc", Words::Bare)?;
        block.push(nodes::attribute(nodes::word("vpc"), nodes::map(vpc)));
    }
    if !request.mounts.is_empty() {
        block.push(nodes::attribute(
            nodes::word("mounts"),
            nodes::texts(&request.mounts),
        ));
    }
    if let Some((name, version)) = &image.system {
        let mut labels = vec![nodes::name(name)];
        labels.extend(version.as_deref().map(nodes::spelling));
        block.push(nodes::line(nodes::word("os"), labels));
    }
    if !parts.volumes.is_empty() {
        let volumes = parts.volumes.iter();
        let lines = volumes
            .map(|(purpose, size)| nodes::line(nodes::word(purpose), vec![nodes::size(*size)]));
        block.push(nodes::entry("volumes", Vec::new(), lines.collect()));
    }
    Ok(nodes::entry(
        "platform",
        vec![nodes::word(request.platform.name())],
        block,
    ))
}

/// Nothing on bare, where machines have their addresses already.
pub(super) fn network(parts: &Parts) -> Option<Statement> {
    let network = &parts.network;
    let mut block = Vec::new();
    if let Some(cidr) = &network.cidr {
        block.push(nodes::setting("cidr", nodes::spelling(cidr)));
    }
    if let Some(prefix) = network.prefix {
        block.push(nodes::setting("subnet_prefix", nodes::number(prefix)));
    }
    if !network.exclude.is_empty() {
        let exclude = network
            .exclude
            .iter()
            .map(|range| Value::Scalar(nodes::spelling(range)));
        block.push(nodes::attribute(
            nodes::word("exclude"),
            nodes::list(exclude.collect()),
        ));
    }
    let needed = parts.request.platform != Platform::Bare && !block.is_empty();
    needed.then(|| nodes::entry("network", Vec::new(), block))
}
