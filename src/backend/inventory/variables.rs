//! The variables that TPA gives to the group of all machines.

use super::Connection;
use crate::origin::{Origin, Sourced};
use crate::value::{Data, Key, Map, Value};

/// `cluster_vars`, and what TPA adds to them. It adds its own version too, which no source can know.
pub(super) fn of_cluster(
    settings: &Map,
    cluster: &Sourced<String>,
    group: &Sourced<String>,
    connection: &Connection,
    cluster_vars: &Map,
) -> Map {
    let mut vars = Map::default();
    for (key, value) in cluster_vars.iter() {
        match (key, &value.data) {
            // One network is a list of one.
            (Key::Text(name), Data::Text(_)) if name == "cluster_network" => {
                let list = Value::list(vec![value.clone()], value.origin);
                vars.set("cluster_networks", list);
            }
            (Key::Text(_) | Key::Integer(_), _) => vars.set(key.clone(), value.clone()),
        }
    }
    let text = |text: &Sourced<String>| Value::text(&text.value, text.origin);
    vars.set("cluster_name", text(cluster));
    vars.set("cluster_tag", text(group));
    for key in ["compliance", "keyring_backend"] {
        let null = Value::new(Data::Null, Origin::Default("what config.yml does not say"));
        vars.set(key, settings.get(key).cloned().unwrap_or(null));
    }
    if !connection.is_tower {
        vars.set("ssh_key_file", text(&connection.key_file));
    }
    vars
}
