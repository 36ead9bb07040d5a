//! What machines have on every platform.

use std::collections::HashMap;

use super::keys::Keys;
use super::{Source, errors};
use crate::backend::hcl::{Body, Expression, Object};
use crate::diagnostic::Diagnostics;
use crate::facts::roles::{self, Role};
use crate::facts::services::Service;
use crate::origin::{Origin, Sourced};
use crate::tpa::view;
use crate::tpa::view::truth::whole;
use crate::value::{Data, Key, Map, Value};

pub(super) struct Machine {
    /// As TPA knows it.
    pub(super) name: Sourced<String>,
    pub(super) node: i64,
    /// The name of its location.
    pub(super) location: Sourced<String>,
    pub(super) roles: Vec<String>,
    /// Who logs in.
    pub(super) user: String,
    /// Whether an inventory has it.
    pub(super) is_listed: bool,
    /// Its entry of `instances`, with what it inherits.
    pub(super) entry: Map,
}

/// Keys that [`machines`] reads itself.
const READ: &[&str] = &[
    "Name",
    "ansible_host",
    "backup",
    "location",
    "node",
    "platform",
    "provision_only",
    "role",
    "upstream",
    "vars",
];

impl Machine {
    pub(super) fn has_role(&self, role: Role) -> bool {
        self.roles.iter().any(|known| known == role.name())
    }

    pub(super) fn is_data_node(&self) -> bool {
        roles::is_data_node(|role| self.has_role(role))
    }

    /// Its keys that the platform has to read.
    pub(super) fn keys<'m, 'd>(&'m self, diagnostics: &'d mut Diagnostics) -> Keys<'m, 'd> {
        let mut keys = Keys::new(&self.entry, diagnostics);
        keys.pass(READ);
        keys
    }

    /// What an inventory and a config.yml for bare machines say of it, beside addresses and volumes.
    pub(super) fn description(&self) -> Object {
        let mut object = Object::default();
        object.set("node", self.node);
        object.set("location", self.location.value.as_str());
        object.set("roles", self.roles.clone());
        for key in ["upstream", "backup"] {
            if let Some(value) = self.entry.get(key).filter(|value| value.data != Data::Null) {
                object.set(key, expression(value));
            }
        }
        object.set("ssh_user", self.user.as_str());
        if let Some(host) = self.entry.get("ansible_host").and_then(Value::spelling) {
            object.set("ansible_host", host);
        }
        object
    }
}

/// The machines of a cluster, in the order of config.yml.
pub(super) fn machines(source: &Source<'_>, diagnostics: &mut Diagnostics) -> Vec<Machine> {
    let platform = source.cluster.platform.name();
    let mut seen: HashMap<String, Origin> = HashMap::new();
    let mut machines = Vec::new();
    let subject = view::from_config(source.config.clone());
    for instance in &subject.instances {
        let keys = instance.provisioned();
        let name = instance.name.clone();
        let origin = name.origin;
        if let Some(first) = seen.insert(name.value.clone(), origin) {
            diagnostics.push_at(origin, |at| {
                errors::same_host(at, &name.value, first.place())
            });
        }
        if instance.platform.value != platform {
            diagnostics.push_at(instance.platform.origin, |at| {
                let help = "all machines of a cluster are on its own platform here";
                errors::setting(at, "platform", help)
            });
        }
        let location = subject.location_of(instance);
        let location = location.and_then(|location| location.name.clone());
        let Some(location) = location else {
            diagnostics.push_at(origin, |at| {
                errors::value(at, "location", "the name of a location")
            });
            continue;
        };
        let vars = keys.get("vars").and_then(Value::as_map);
        if let Some(vars) = vars {
            secrets(vars, diagnostics);
        }
        machines.push(Machine {
            node: keys.get("node").and_then(whole).unwrap_or_default(),
            location,
            roles: instance
                .roles
                .iter()
                .map(|role| role.value.clone())
                .collect(),
            user: instance.user().map_or_else(
                || source.cluster.platform.user.value.clone(),
                |user| user.value,
            ),
            is_listed: !instance.is_provision_only(),
            name,
            entry: keys,
        });
    }
    machines
}

/// Refuses what nobody may read who may read Terraform's state.
pub(super) fn secrets(map: &Map, diagnostics: &mut Diagnostics) {
    for (key, value) in map.iter() {
        let Key::Text(key) = key else { continue };
        let word = key.to_lowercase();
        let is_secret = ["password", "passwd", "secret", "token", "private_key"]
            .iter()
            .any(|known| word.contains(known));
        match &value.data {
            Data::Map(map) => secrets(map, diagnostics),
            Data::Text(text) if is_secret && !text.is_empty() && !text.contains("{{") => {
                diagnostics.push_at(value.origin, |at| errors::secret(at, key));
            }
            Data::Text(_)
            | Data::Null
            | Data::Boolean(_)
            | Data::Integer(_)
            | Data::Decimal(_)
            | Data::List(_) => {}
        }
    }
}

/// A free-form value in HCL.
pub(super) fn expression(value: &Value) -> Expression {
    match &value.data {
        Data::Null => Expression::Null,
        Data::Boolean(boolean) => Expression::Boolean(*boolean),
        Data::Integer(integer) => Expression::Integer(*integer),
        Data::Decimal(decimal) => Expression::Decimal(*decimal),
        Data::Text(text) => Expression::Text(text.clone()),
        Data::List(items) => Expression::List(items.iter().map(expression).collect()),
        Data::Map(map) => object(map).into(),
    }
}

pub(super) fn object(map: &Map) -> Object {
    map.iter()
        .map(|(key, value)| (key.to_string(), expression(value)))
        .collect()
}

/// The group of an inventory that holds every machine.
pub(super) fn group(source: &Source<'_>) -> String {
    let written = source.settings.get("cluster_tag").and_then(Value::spelling);
    written.unwrap_or_else(|| format!("tag_Cluster_{}", source.config.name.value))
}

/// What outputs need to know of all machines, whatever their platform.
pub(super) fn end(source: &Source<'_>, machines: &[Machine]) -> Body {
    let listed = machines.iter().filter(|machine| machine.is_listed);
    let mut body = Body::default();
    body.comment("The machines of an inventory, in its order.");
    body.set(
        "listed",
        listed
            .map(|machine| machine.name.value.as_str())
            .collect::<Vec<_>>(),
    );
    body.blank();
    body.comment("Who takes connections, and on which port.");
    body.set(
        "connections",
        connections(source, &source.config.cluster_vars, machines),
    );
    body
}

/// Who takes connections of libpq, and on which port: data nodes, and what stands before them.
fn connections(source: &Source<'_>, cluster_vars: &Map, machines: &[Machine]) -> Object {
    let flavour = source.cluster.postgres.flavour.value;
    let mut connections = Object::default();
    let mut add = |word: &str, service: Service, is: &dyn Fn(&Machine) -> bool| {
        let takes = |machine: &&Machine| machine.is_listed && is(machine);
        let hosts = machines.iter().filter(takes);
        let hosts: Vec<&str> = hosts.map(|machine| machine.name.value.as_str()).collect();
        if hosts.is_empty() {
            return;
        }
        let written = service
            .variable()
            .and_then(|variable| cluster_vars.get(variable));
        let mut object = Object::default();
        object.set("hosts", hosts);
        object.set(
            "port",
            written
                .and_then(whole)
                .unwrap_or_else(|| service.port(flavour)),
        );
        connections.set(word, object);
    };
    add("postgres", Service::Postgres, &Machine::is_data_node);
    add("pgbouncer", Service::Pgbouncer, &|machine| {
        machine.has_role(Role::Pgbouncer)
    });
    add("haproxy", Service::Haproxy, &|machine| {
        machine.has_role(Role::Haproxy)
    });
    connections
}
