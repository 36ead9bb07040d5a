//! An existing config.yml becomes a part of a lock, so that a cluster that was built without one keeps what it has.

use std::collections::HashMap;

use ipnet::Ipv4Net;

use super::document;
use super::view::truth::whole;
use super::view::{self, Instance, Subject};
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::lock::{Cluster, Kind, Location, Machine, Place};
use crate::origin::{Origin, Sourced};
use crate::source::FileId;
use crate::value::{Map, Value};

/// The identities of a cluster, or what its config.yml says that no lock can have.
pub type Adopted = Result<Cluster, Vec<Sourced<String>>>;

/// The identities in a config.yml, with the cluster's name. `None` where it is not one of a cluster.
pub fn adopt(file: FileId, text: &str) -> Option<(String, Adopted)> {
    let document = document::read(file, text).ok()?;
    let subject = view::from_file(document);
    let name = subject.name.as_ref()?.value.clone();
    let mut adoption = Adoption {
        cluster: Cluster {
            at: subject.at.place(),
            vault_name: text_of(&subject.document, "vault_name"),
            subnet: docker_subnet(&subject),
            ..Cluster::EMPTY
        },
        wrong: Vec::new(),
    };
    adoption.locations(&subject);
    adoption.machines(&subject, &name);
    let Adoption { cluster, wrong } = adoption;
    let result = if wrong.is_empty() {
        Ok(cluster)
    } else {
        Err(wrong)
    };
    Some((name, result))
}

/// What is taken over, and what cannot be.
struct Adoption {
    cluster: Cluster,
    wrong: Vec<Sourced<String>>,
}

impl Adoption {
    fn locations(&mut self, subject: &Subject) {
        for location in &subject.locations {
            let Some(name) = &location.name else { continue };
            let text = |key: &str| text_of(&location.entry, key);
            let subnet = text("subnet");
            let is_network = |subnet: &&Sourced<String>| subnet.value.parse::<Ipv4Net>().is_ok();
            if let Some(subnet) = subnet.as_ref().filter(|subnet| !is_network(subnet)) {
                let what = format!(
                    "the subnet of the location `{}` is not a network",
                    name.value
                );
                self.wrong(subnet.origin, &what);
            }
            let new = Location {
                at: name.origin.place(),
                region: text("region"),
                zone: text("az"),
                subnet,
                ..Location::EMPTY
            };
            self.cluster.locations.insert(name.value.clone(), new);
        }
    }

    fn machines(&mut self, subject: &Subject, cluster: &str) {
        let mut counts: HashMap<(usize, Kind), u32> = HashMap::new();
        // The primary counts first.
        let mut instances: Vec<&Instance> = subject.instances.iter().collect();
        instances.sort_by_key(|instance| !instance.has_role(Role::Primary));
        for instance in instances {
            let own = |key: &str| instance.own.get(key);
            let name = own("Name").and_then(Value::sourced_spelling);
            let shown = name.as_ref().map(|name| format!("`{}`", name.value));
            let shown = shown.as_deref().unwrap_or("a machine without `Name`");
            let Some(node) = own("node") else {
                self.wrong(instance.at, &format!("{shown} has no `node`"));
                continue;
            };
            let Some(number) = whole(node).filter(|number| *number > 0) else {
                let what = format!("`node` of {shown} is not a number from 1");
                self.wrong(node.origin, &what);
                continue;
            };
            let location = instance.location.and_then(|index| {
                let location = subject.locations.get(index)?.name.as_ref()?;
                Some((index, location))
            });
            let Some((index, location)) = location else {
                let at = own("location").map_or(instance.at, |location| location.origin);
                self.wrong(at, &format!("{shown} is in no location"));
                continue;
            };
            let by_default = || Sourced::new(format!("{cluster}-{number}"), instance.at);
            let name = name.unwrap_or_else(by_default);
            let kind = kind(instance);
            let count = counts.entry((index, kind)).or_default();
            *count += 1;
            let is_on_docker = self.cluster.subnet.is_some();
            let machine = Machine {
                at: name.origin.place(),
                number,
                address: text_of(&instance.own, "ip_address").filter(|_| is_on_docker),
                place: Some(Place {
                    kind,
                    number: *count,
                }),
                host: None,
                is_named: false,
                was: Vec::new(),
            };
            let location = self.cluster.locations.get_mut(&location.value);
            let machines = location.map(|location| &mut location.machines);
            if machines.is_some_and(|all| all.insert(name.value.clone(), machine).is_some()) {
                self.wrong(
                    name.origin,
                    &format!("two machines are called `{}`", name.value),
                );
            }
        }
    }

    fn wrong(&mut self, at: Origin, what: &str) {
        self.wrong.push(Sourced::new(what.to_owned(), at));
    }
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
