//! Names of machines, and locations.

use serde_yaml::{Mapping, Value};

use super::Parts;
use crate::facts::tables::Platform;
use crate::resolve::tables::library_region;
use crate::syntax::tree::Statement;
use crate::tpa::configure::free::{self, Words};
use crate::tpa::configure::nodes;
use crate::tpa::configure::refusal::Refusal;

const PREFIXED: &str = "{cluster}-{location}-{role}{n}";

pub(super) fn machines(parts: &Parts) -> Result<Vec<Statement>, Refusal> {
    let layout = &parts.request.layout;
    let mut statements = Vec::new();
    let mut active = layout
        .active
        .iter()
        .filter_map(|place| parts.destinations.get(*place));
    if let Some(primary) = active.next()
        && active.any(|other| other < primary)
        && let Some(name) = layout.locations.get(*primary)
    {
        statements.push(nodes::setting("primary_location", nodes::name(name)));
    }
    match &parts.hosts {
        Some(hosts) => {
            let lines = hosts.iter().map(|host| {
                let addresses = host
                    .addresses
                    .iter()
                    .map(|address| nodes::spelling(address));
                nodes::line(nodes::line_name(&host.name), addresses.collect())
            });
            statements.push(nodes::long_entry("hosts", Vec::new(), lines.collect()));
        }
        None if parts.request.values.is_on("cluster_prefixed_hostnames") => {
            statements.push(nodes::setting("hostnames", nodes::text(PREFIXED)));
        }
        None => {}
    }
    for (place, name) in layout.locations.iter().enumerate() {
        let mut block = vec![contents(parts, place)];
        if let Some(overrides) = parts.effects.locations.get(place) {
            block.extend(free_form(parts, place, overrides)?);
        }
        statements.push(nodes::entry("location", vec![nodes::name(name)], block));
    }
    Ok(statements)
}

/// The machines that are in a location.
fn contents(parts: &Parts, place: usize) -> Statement {
    let layout = &parts.request.layout;
    let origin = parts
        .destinations
        .iter()
        .position(|destination| *destination == place);
    if origin == layout.single_node && origin.is_some() {
        nodes::line(nodes::word("single"), Vec::new())
    } else if origin == layout.witness_only && origin.is_some() {
        nodes::line(nodes::word("witness"), Vec::new())
    } else {
        nodes::line(nodes::word("data"), vec![nodes::number(layout.data_nodes)])
    }
}

/// What an overrides file says about a location.
fn free_form(parts: &Parts, place: usize, overrides: &Mapping) -> Result<Vec<Statement>, Refusal> {
    let mut settings = overrides.clone();
    let mut statements = Vec::new();
    // Where one location names its subnet, the others keep those that TPA gives them.
    let named = |location: &Mapping| location.contains_key("subnet");
    if parts.request.platform == Platform::Aws && parts.effects.locations.iter().any(named) {
        let own = settings.shift_remove("subnet");
        let own = own.as_ref().and_then(Value::as_str).map(str::to_owned);
        let given = parts.network.subnets.get(place).map(ToString::to_string);
        if let Some(subnet) = own.or(given) {
            statements.push(nodes::setting("subnet", nodes::spelling(&subnet)));
        }
    }
    if let Some(zone) = settings
        .get("az")
        .and_then(Value::as_str)
        .map(str::to_owned)
        && is_zone(parts, place, &zone)
    {
        settings.shift_remove("az");
        statements.push(nodes::setting("zone", nodes::name(&zone)));
    }
    for (key, words) in [("tags", Words::Quoted), ("vars", Words::Bare)] {
        if let Some(Value::Mapping(map)) = settings.get(key).cloned() {
            settings.shift_remove(key);
            let entries = free::entries(&map, &format!("locations.{key}"), words)?;
            if !entries.is_empty() {
                statements.push(nodes::entry(key, Vec::new(), entries));
            }
        }
    }
    if !settings.is_empty() {
        let entries = free::entries(&settings, "locations", Words::Bare)?;
        statements.push(nodes::entry("settings", Vec::new(), entries));
    }
    Ok(statements)
}

/// Whether a zone is one of the region that a location is in.
fn is_zone(parts: &Parts, place: usize, zone: &str) -> bool {
    let mut regions = parts.request.regions.iter().cycle();
    let Some(region) = regions.nth(place).and_then(|region| library_region(region)) else {
        return false;
    };
    region
        .zones
        .iter()
        .any(|short| format!("{}{short}", region.name) == zone)
}
