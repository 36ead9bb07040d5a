//! Ansible's inventory: what `tpaexec provision` makes of config.yml, and groups for whoever works without TPA.
//!
//! [`read`] takes the steps that TPA takes, on the same data as config.yml is written from; everything below it writes
//! files of what came out.

mod connection;
pub(super) mod errors;
mod groups;
mod host;
mod limits;
mod ssh;
mod templates;
mod variables;

use std::fmt::Write as _;

use super::OutputFile;
use crate::facts::choices::Platform;
use crate::origin::Sourced;
use crate::topology::Cluster;
use crate::tpa::config::config;
use crate::tpa::view;
use crate::value::{Map, Value};
use crate::yaml;
use connection::Connection;
use host::{Address, Host};

pub(super) use limits::limits;

/// The group of all machines, where `cluster_tag` names none.
const GROUP: &str = "tag_Cluster_";

/// What only provisioning knows on aws.
const LATER: &str = "\
# Addresses that are missing here are chosen by aws, when `tpaexec provision` or Terraform makes the machines.
";

/// What only provisioning knows on docker, and what Ansible alone does not bring.
const IN_DOCKER: &str = "\
# `private_ip` is missing: Docker reports it when the containers run, and `tpaexec provision` asks for it.
# The connection `docker` is in the collection community.docker.
";

/// A cluster as its inventory says it.
struct Inventory {
    cluster: String,
    /// The name of the group that holds every machine.
    group: Sourced<String>,
    connection: Connection,
    /// The variables of that group.
    vars: Map,
    /// In the order of config.yml.
    hosts: Vec<Host>,
}

impl Inventory {
    /// The machines that Ansible is to know, in the order of the inventory: platforms stay together.
    fn listed(&self) -> Vec<&Host> {
        let mut hosts: Vec<&Host> = Vec::new();
        for first in &self.hosts {
            if hosts.iter().all(|host| host.platform != first.platform) {
                let alike = |host: &&Host| host.platform == first.platform;
                hosts.extend(self.hosts.iter().filter(alike));
            }
        }
        hosts.retain(|host| !host.provision_only);
        hosts
    }
}

fn read(cluster: &Cluster) -> Inventory {
    let mut config = config(cluster);
    let mut names = config.general.clone();
    names.merge(config.platform.clone());
    names.set("architecture", Value::text("M1", config.name.origin));
    names.set(
        "cluster_name",
        Value::text(&config.name.value, config.name.origin),
    );
    templates::expand(&mut config, &names);
    let settings = config.settings();
    let name = config.name.clone();
    let group = settings
        .get("cluster_tag")
        .and_then(Value::sourced_text)
        .map_or_else(
            || Sourced::new(format!("{GROUP}{}", name.value), name.origin),
            Sourced::to_owned,
        );
    let connection = Connection::of(&settings, &name);
    let subject = view::from_config(config);
    Inventory {
        hosts: host::hosts(&subject),
        vars: variables::of_cluster(&settings, &name, &group, &connection, &subject.vars),
        cluster: name.value,
        group,
        connection,
    }
}

/// The files of a cluster, by their paths in its folder.
pub(super) fn files(cluster: &Cluster) -> Vec<OutputFile> {
    let inventory = read(cluster);
    let name = &inventory.cluster;
    let mut files = Vec::new();
    let mut add = |path: String, contents: String| {
        files.push(OutputFile {
            path: format!("{name}/{path}"),
            contents,
        });
    };
    let group_vars = format!("inventory/group_vars/{}", inventory.group.value);
    add(format!("inventory/00-{name}"), list(&inventory));
    add(
        format!("{group_vars}/00-ansible.yml"),
        inventory.connection.text(),
    );
    add(
        format!("{group_vars}/01-{name}.yml"),
        yaml::write(&inventory.vars.clone().into()),
    );
    for host in &inventory.hosts {
        add(
            format!(
                "inventory/host_vars/{}/01-instance_vars.yml",
                host.name.value
            ),
            host.text(),
        );
    }
    add("inventory/hosts.yml".to_owned(), groups::text(&inventory));
    add("ssh_config".to_owned(), ssh::text(&inventory));
    files
}

/// The static inventory: a line for each machine.
fn list(inventory: &Inventory) -> String {
    let hosts = inventory.listed();
    let mut text = String::new();
    if hosts.iter().any(|host| host.is_found_later()) {
        text.push_str(LATER);
    }
    if hosts
        .iter()
        .any(|host| host.platform == Platform::Docker.name())
    {
        text.push_str(IN_DOCKER);
    }
    let _ = writeln!(text, "[{}]", inventory.group.value);
    for host in hosts {
        let connection = match &host.address {
            _ if host.platform == Platform::Docker.name() => {
                "ansible_connection=docker ".to_owned()
            }
            // TPA leaves the blank that comes after it.
            _ if inventory.connection.is_tower => " ".to_owned(),
            Address::Known(address) => format!("ansible_host={} ", address.value),
            Address::Later | Address::Missing => String::new(),
        };
        let _ = writeln!(
            text,
            "{} {connection}node={} platform={}",
            host.name.value, host.node, host.platform
        );
    }
    text
}
