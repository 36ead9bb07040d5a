//! What an inventory cannot say.

use std::collections::{BTreeMap, HashMap};

use super::host::Address;
use super::{Inventory, errors, groups, read};
use crate::diagnostic::Diagnostics;
use crate::facts::choices::Platform;
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::Topology;
use crate::tpa::view::inherit::names;

/// Adds what is wrong with the inventory of each cluster.
pub(in crate::backend) fn limits(topology: &Topology, diagnostics: &mut Diagnostics) {
    for cluster in &topology.clusters {
        let inventory = read(cluster);
        host_names(&inventory, diagnostics);
        addresses(&inventory, diagnostics);
        references(&inventory, diagnostics);
        group_names(&inventory, diagnostics);
        texts(&inventory, diagnostics);
    }
}

fn host_names(inventory: &Inventory, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, Origin> = HashMap::new();
    for host in &inventory.hosts {
        let Sourced {
            value: name,
            origin,
        } = &host.name;
        if !is_host_name(name, &host.platform) {
            diagnostics.push_at(*origin, |at| {
                errors::host_name(at, &host.written, &host.platform)
            });
        }
        if let Some(first) = seen.insert(name, *origin) {
            diagnostics.push_at(*origin, |at| errors::same_host(at, name, first.place()));
        }
    }
}

/// What TPA takes for a host name.
fn is_host_name(name: &str, platform: &str) -> bool {
    let letter = |character: u8| character.is_ascii_lowercase() || character.is_ascii_digit();
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.len() > 1
            && bytes.first().copied().is_some_and(letter)
            && bytes.last().copied().is_some_and(letter)
            && bytes.iter().all(|byte| letter(*byte) || *byte == b'-')
    };
    let has_domain = platform != Platform::Aws.name();
    (has_domain || !name.contains('.')) && name.split('.').all(is_label)
}

/// Machines that one statement makes are named together.
fn addresses(inventory: &Inventory, diagnostics: &mut Diagnostics) {
    let mut missing: BTreeMap<Span, (Origin, Vec<&str>)> = BTreeMap::new();
    for host in &inventory.hosts {
        let told_elsewhere =
            inventory.connection.is_tower || host.platform == Platform::Docker.name();
        match &host.address {
            Address::Missing if !told_elsewhere => {
                let origin = host.name.origin;
                let (_, names) = missing
                    .entry(origin.place())
                    .or_insert_with(|| (origin, Vec::new()));
                names.push(&host.name.value);
            }
            Address::Known(address) if !is_word(&address.value) => {
                diagnostics.push_at(address.origin, |at| {
                    let form = "an IP address, such as 10.0.0.1";
                    errors::text(at, "the address of a host", &address.value, form)
                });
            }
            Address::Known(_) | Address::Later | Address::Missing => {}
        }
    }
    for (origin, names) in missing.into_values() {
        diagnostics.push_at(origin, |at| errors::missing_address(at, &names));
    }
}

/// TPA compares references as they are written with names as it knows them.
fn references(inventory: &Inventory, diagnostics: &mut Diagnostics) {
    let mut referring: HashMap<String, Origin> = HashMap::new();
    for host in &inventory.hosts {
        for reference in ["upstream", "backup"].map(|key| names(host.vars.get(key))) {
            for Sourced { value, origin } in reference {
                referring.entry(value).or_insert(origin);
            }
        }
    }
    for host in &inventory.hosts {
        let Sourced {
            value: name,
            origin,
        } = &host.name;
        if let Some(reference) = referring.get(&host.written)
            && host.written != *name
        {
            let place = reference.place();
            diagnostics.push_at(*origin, |at| {
                errors::other_spelling(at, &host.written, name, place)
            });
        }
    }
}

fn group_names(inventory: &Inventory, diagnostics: &mut Diagnostics) {
    let group = &inventory.group;
    let letter = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if group.value.is_empty() || !group.value.chars().all(letter) {
        diagnostics.push_at(group.origin, |at| {
            let form = "letters, digits, `_` and `-`";
            errors::text(at, "the name of a group", &group.value, form)
        });
    }
    let mut seen: HashMap<String, &Sourced<String>> = HashMap::new();
    let locations = inventory.hosts.iter();
    for location in locations.filter_map(|host| host.location.as_ref()) {
        let group = groups::of_location(&location.value);
        match seen.get(&group) {
            Some(first) if first.value != location.value => {
                diagnostics.push_at(location.origin, |at| {
                    errors::same_group(at, &group, first.origin.place())
                });
            }
            Some(_) => {}
            None => {
                seen.insert(group, location);
            }
        }
    }
    let all = groups::all(inventory);
    for host in inventory.listed() {
        let Sourced {
            value: name,
            origin,
        } = &host.name;
        if all.contains(name) {
            diagnostics.push_at(*origin, |at| errors::host_like_group(at, name));
        }
    }
}

/// What is between blanks or quotes in a line of its own must not end there.
fn texts(inventory: &Inventory, diagnostics: &mut Diagnostics) {
    let key_file = &inventory.connection.key_file;
    if key_file.value.is_empty() || key_file.value.contains(['"', '\n', '\r']) {
        diagnostics.push_at(key_file.origin, |at| {
            let form = "a path without quotes and line breaks, such as `\"id_speedy\"`";
            errors::text(at, "the key file of ssh", &key_file.value, form)
        });
    }
    let port = &inventory.connection.port;
    if port.value.parse::<u16>().is_err() {
        diagnostics.push_at(port.origin, |at| {
            errors::text(at, "the port of ssh", &port.value, "a number, such as 22")
        });
    }
    for user in inventory.hosts.iter().filter_map(|host| host.user.as_ref()) {
        if !is_word(&user.value) {
            diagnostics.push_at(user.origin, |at| {
                let form = "the name of a user, without blanks and quotes";
                errors::text(at, "a user of ssh", &user.value, form)
            });
        }
    }
}

/// Whether a text is one word, for ssh and for Ansible.
fn is_word(text: &str) -> bool {
    let letter = |character: char| {
        character != '\\'
            && !character.is_whitespace()
            && !character.is_control()
            && !"\"'#".contains(character)
    };
    !text.is_empty() && text.chars().all(letter)
}
