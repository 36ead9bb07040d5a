//! The entries of `locations` and `instances`.

use super::{omit, platform, set_map, set_text};
use crate::origin::Origin;
use crate::topology::instance::BackupNodes;
use crate::topology::{Cluster, Instance, Location, Place};
use crate::tpa::variables;
use crate::value::{Map, Value};

/// The entry of a location; none where nothing of it is left.
pub(super) fn location(cluster: &Cluster, location: &Location) -> Option<Value> {
    let Location {
        name,
        active: _,
        place,
        tags,
        vars,
        settings,
        omit,
    } = location;
    let mut entry = Map::default();
    set_text(&mut entry, "Name", Some(name));
    if let Some(Place {
        region,
        zone,
        subnet,
    }) = place
    {
        set_text(&mut entry, "region", Some(region));
        set_text(&mut entry, "az", Some(zone));
        set_text(&mut entry, "subnet", Some(subnet));
    }
    omit::of_settings(&mut entry, omit);
    omit::of_block(&mut entry, &cluster.omit, omit::LOCATIONS);
    if omit::is_omitted(&cluster.omit, "locations") {
        entry = Map::default();
    }
    set_map(&mut entry, "tags", tags, name.origin);
    set_map(&mut entry, "vars", vars, name.origin);
    entry.merge(settings.clone());
    (!entry.is_empty()).then(|| Value::map(entry, name.origin))
}

pub(super) fn instance(cluster: &Cluster, instance: &Instance, cluster_vars: &Map) -> Value {
    let Instance {
        name,
        id,
        location,
        roles,
        role_text,
        upstream,
        backup,
        address,
        public,
        private,
        instance: kind,
        volumes,
        tags,
        // Among the derived ones.
        vars: _,
        settings,
        omit,
    } = instance;
    let mut entry = Map::default();
    set_text(&mut entry, "Name", Some(name));
    entry.set("node", Value::integer(id.value, id.origin));
    entry.set("location", Value::text(location, name.origin));
    match role_text {
        Some(text) => set_text(&mut entry, "role", Some(text)),
        None => {
            let list = roles.iter();
            let list = list.map(|role| Value::text(&role.value, role.origin));
            entry.set("role", Value::list(list.collect(), name.origin));
        }
    }
    set_text(&mut entry, "upstream", upstream.as_ref());
    if let Some(backup) = backup {
        entry.set("backup", backup_nodes(&backup.value, backup.origin));
    }
    set_text(&mut entry, "ip_address", address.as_ref());
    set_text(&mut entry, "public_ip", public.as_ref());
    set_text(&mut entry, "private_ip", private.as_ref());
    set_text(&mut entry, "type", kind.as_ref());
    platform::set_volumes(&mut entry, "volumes", volumes);
    omit::of_machine(&mut entry, omit);
    omit::of_block(&mut entry, &cluster.omit, omit::MACHINES);
    set_map(&mut entry, "tags", tags, name.origin);
    let vars = variables::instance_vars(cluster, instance, cluster_vars);
    set_map(&mut entry, "vars", &vars, name.origin);
    entry.merge(settings.clone());
    Value::map(entry, name.origin)
}

fn backup_nodes(nodes: &BackupNodes, origin: Origin) -> Value {
    match nodes {
        BackupNodes::One(node) => Value::text(node, origin),
        BackupNodes::Several(nodes) => {
            let nodes = nodes.iter().map(|node| Value::text(node, origin)).collect();
            Value::list(nodes, origin)
        }
    }
}
