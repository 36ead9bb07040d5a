//! Locations, failover manager and what they allow.

use super::errors;
use crate::facts::tables::Platform;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::configure::layout::Layout;
use crate::tpa::configure::refusal::Refusal;
use crate::tpa::configure::values::Values;

const DEFAULT_LOCATION: &str = "main";
const DEFAULT_DATA_NODES: i64 = 2;

/// As many as a location of the language takes.
const MOST_DATA_NODES: i64 = 1000;

/// A witness-only location takes two active ones beside it.
const FEWEST_LOCATIONS_WITH_WITNESS: usize = 3;

pub(super) fn layout(
    platform: Platform,
    flavour: Flavour,
    version: &str,
    values: &Values,
) -> Result<Layout, Refusal> {
    let name = values.text("failover_manager").unwrap_or_default();
    let known = FailoverManager::OF_CONFIGURE.contains(&name);
    let Some(manager) = FailoverManager::parse(name).filter(|_| known) else {
        return Err(errors::unknown_manager(name));
    };
    let locations = match values.list("location_names") {
        Some(names) if !names.is_empty() => names.to_vec(),
        Some(_) | None => vec![DEFAULT_LOCATION.to_owned()],
    };
    for (index, name) in locations.iter().enumerate() {
        if locations.iter().take(index).any(|other| other == name) {
            return Err(errors::duplicate_location(name));
        }
    }
    let place = |name: &str| locations.iter().position(|known| known == name);
    let (single, witness) = (
        values.text("single_node_location"),
        values.text("witness_only_location"),
    );
    if let (Some(single), Some(witness)) = (single, witness) {
        return Err(errors::single_and_witness(single, witness));
    }
    let find = |option: &str, name: Option<&str>| match name {
        None => Ok(None),
        Some(name) => match place(name) {
            Some(place) => Ok(Some(place)),
            None => Err(errors::unknown_location(option, name, &locations)),
        },
    };
    let single_node = find("--single-node-location", single)?;
    let witness_only = find("--witness-only-location", witness)?;
    if let Some(name) = witness {
        if manager == FailoverManager::Patroni {
            return Err(errors::witness_with_patroni(name));
        }
        if locations.len() < FEWEST_LOCATIONS_WITH_WITNESS {
            return Err(errors::too_few_locations(name, locations.len()));
        }
    }
    let mut active: Vec<usize> = (0..locations.len())
        .filter(|place| Some(*place) != single_node && Some(*place) != witness_only)
        .collect();
    let primary = find("--primary-location", values.text("primary_location"))?;
    if let Some(primary) = primary {
        let Some(at) = active.iter().position(|place| *place == primary) else {
            let name = values.text("primary_location").unwrap_or_default();
            return Err(errors::inactive_primary(name));
        };
        active.remove(at);
        active.insert(0, primary);
    }
    if active.is_empty() {
        return Err(errors::no_active_location(single.unwrap_or_default()));
    }
    let haproxy = values.is_on("enable_haproxy");
    software(platform, manager, haproxy, &active, values)?;
    let major = version.parse();
    if major.is_ok_and(|major| !manager.manages(flavour, major)) {
        return Err(errors::repmgr_with_old_epas(version));
    }
    if values.is_on("efm_bind_by_hostname") && manager != FailoverManager::Efm {
        return Err(errors::bind_without_efm(manager));
    }
    if let Some(version) = values.text("efm_version") {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !version.split('.').all(is_number) {
            return Err(errors::efm_version(version));
        }
    }
    let data_nodes = values
        .integer("data_nodes_per_location")
        .unwrap_or(DEFAULT_DATA_NODES);
    if !(1..=MOST_DATA_NODES).contains(&data_nodes) {
        return Err(errors::data_nodes(data_nodes, MOST_DATA_NODES));
    }
    Ok(Layout {
        locations,
        active,
        single_node,
        witness_only,
        data_nodes: data_nodes.unsigned_abs(),
        manager,
        haproxy,
        pem: values.is_on("enable_pem"),
    })
}

/// What Patroni and HAProxy need.
fn software(
    platform: Platform,
    manager: FailoverManager,
    haproxy: bool,
    active: &[usize],
    values: &Values,
) -> Result<(), Refusal> {
    let patroni = manager == FailoverManager::Patroni;
    if haproxy && !patroni {
        return Err(errors::haproxy_without_patroni(manager));
    }
    // The same two spellings that TPA looks for.
    let old_system = (values.text("distribution") == Some("RedHat")
        && values.text("os_version") == Some("7"))
        || values.text("os_image") == Some("tpa/centos:7");
    if haproxy && old_system {
        return Err(errors::haproxy_on_old_system(platform));
    }
    if haproxy && values.is_on("enable_pgbouncer") {
        return Err(errors::haproxy_with_pgbouncer());
    }
    if patroni && active.len() > 1 {
        return Err(errors::patroni_with_locations(active.len()));
    }
    Ok(())
}
