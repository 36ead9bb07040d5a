//! An existing config.yml becomes a part of a lock, so that a cluster that was built without one keeps what it has.

use std::collections::HashMap;

use super::document;
use super::view::truth::whole;
use super::view::{self, Instance, Subject};
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::lock::{Cluster, Kind, Location, Machine, Place};
use crate::origin::Sourced;
use crate::source::FileId;
use crate::value::{Map, Value};

/// The identities in a config.yml, with the cluster's name. `None` where it is not one of a cluster.
pub fn adopt(file: FileId, text: &str) -> Option<(String, Cluster)> {
    let document = document::read(file, text).ok()?;
    let subject = view::from_file(document);
    let name = subject.name.as_ref()?.value.clone();
    let mut cluster = Cluster {
        at: subject.at.place(),
        vault_name: text_of(&subject.document, "vault_name"),
        subnet: docker_subnet(&subject),
        ..Cluster::EMPTY
    };
    for location in &subject.locations {
        let Some(name) = &location.name else { continue };
        let text = |key: &str| text_of(&location.entry, key);
        cluster.locations.insert(
            name.value.clone(),
            Location {
                at: name.origin.place(),
                region: text("region"),
                zone: text("az"),
                subnet: text("subnet"),
                ..Location::EMPTY
            },
        );
    }
    let mut counts: HashMap<(usize, Kind), u32> = HashMap::new();
    // The primary counts first.
    let mut instances: Vec<&Instance> = subject.instances.iter().collect();
    instances.sort_by_key(|instance| !instance.has_role(Role::Primary));
    for instance in instances {
        let index = instance.location?;
        let location = subject.locations.get(index)?.name.as_ref()?;
        let name = instance.own.get("Name")?;
        let kind = kind(instance);
        let count = counts.entry((index, kind)).or_default();
        *count += 1;
        let machine = Machine {
            at: name.origin.place(),
            number: instance.own.get("node").and_then(whole)?,
            address: text_of(&instance.own, "ip_address").filter(|_| cluster.subnet.is_some()),
            place: Some(Place {
                kind,
                number: *count,
            }),
            host: None,
            is_named: false,
            was: Vec::new(),
        };
        let machines = &mut cluster.locations.get_mut(&location.value)?.machines;
        machines.insert(name.spelling()?, machine);
    }
    Some((name, cluster))
}

/// The word that a source has for a machine with these roles.
fn kind(instance: &Instance) -> Kind {
    let kinds = [
        (Role::Primary, Kind::Data),
        (Role::Replica, Kind::Data),
        (Role::Barman, Kind::Barman),
        (Role::Etcd, Kind::Etcd),
        (Role::Haproxy, Kind::Haproxy),
        (Role::Witness, Kind::Witness),
        (Role::PemServer, Kind::Pem),
    ];
    let found = kinds.into_iter().find(|(role, _)| instance.has_role(*role));
    found.map_or(Kind::Node, |(_, kind)| kind)
}

fn text_of(map: &Map, key: &str) -> Option<Sourced<String>> {
    let value = map.get(key)?;
    Some(Sourced::new(value.spelling()?, value.origin))
}

/// The subnet of docker's network.
fn docker_subnet(subject: &Subject) -> Option<Sourced<String>> {
    let first = |map: &Map, key: &str| -> Option<Map> {
        let list = map.get(key).and_then(Value::as_list)?;
        list.first()?.as_map().cloned()
    };
    let is_docker = subject
        .instances
        .iter()
        .any(|it| it.is_on(Platform::Docker));
    let network = first(&subject.document, "docker_networks").filter(|_| is_docker)?;
    text_of(&first(&network, "ipam_config")?, "subnet")
}
