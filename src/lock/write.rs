//! A lock becomes a text: a line for each thing, so that git can merge it.
//!
//! A line says all of what it is about, and there are no headings: whoever solves a conflict by keeping the lines of both
//! sides cannot put a machine into another location or cluster.

use std::fmt::{self, Write};

use toml_writer::{ToTomlKey, TomlWrite};

use super::{Cluster, END, Location, Lock, Machine, VERSION};
use crate::origin::Sourced;

const HEADER: &str = "\
# The numbers, names and subnets of machines, which must not change while they run.
# `m1c build` writes this file. Commit it with its source, and leave changes to `m1c lock`.
";

/// The text of a lock.
pub fn write(lock: &Lock) -> String {
    let mut text = String::from(HEADER);
    // Writing to a text does not fail.
    let _ = write_to(&mut text, lock);
    text
}

fn write_to(text: &mut String, lock: &Lock) -> fmt::Result {
    writeln!(text, "version = {VERSION}")?;
    for (name, cluster) in &lock.clusters {
        let path = format!("cluster.{}", name.to_toml_key());
        self::cluster(text, &path, cluster)?;
    }
    writeln!(text, "\n{END}")
}

fn cluster(text: &mut String, path: &str, cluster: &Cluster) -> fmt::Result {
    let Cluster {
        at: _,
        vault_name,
        subnet,
        locations,
    } = cluster;
    if vault_name.is_some() || subnet.is_some() {
        text.newline()?;
    }
    pair(text, path, "vault_name", vault_name.as_ref())?;
    pair(text, path, "subnet", subnet.as_ref())?;
    for (name, location) in locations {
        text.newline()?;
        let path = format!("{path}.location.{}", name.to_toml_key());
        self::location(text, &path, location)?;
    }
    Ok(())
}

fn location(text: &mut String, path: &str, location: &Location) -> fmt::Result {
    let Location {
        at: _,
        region,
        zone,
        subnet,
        was,
        machines,
    } = location;
    pair(text, path, "region", region.as_ref())?;
    pair(text, path, "zone", zone.as_ref())?;
    pair(text, path, "subnet", subnet.as_ref())?;
    if !was.is_empty() {
        write!(text, "{path}.was = ")?;
        text.value(was)?;
        text.newline()?;
    }
    let mut machines: Vec<(&String, &Machine)> = machines.iter().collect();
    // Those with a place first. Names do not sort by number: `db10` comes before `db2`.
    machines.sort_by_key(|(name, machine)| (machine.place.is_none(), machine.place, *name));
    for (name, machine) in machines {
        self::machine(text, path, name, machine)?;
    }
    Ok(())
}

fn machine(text: &mut String, path: &str, name: &str, machine: &Machine) -> fmt::Result {
    let Machine {
        at: _,
        number,
        address,
        host,
        place,
        is_named,
        was,
    } = machine;
    write!(
        text,
        "{path}.machine.{} = {{ number = {number}",
        name.to_toml_key()
    )?;
    if let Some(place) = place {
        write!(text, ", {} = {}", place.kind.word(), place.number)?;
    }
    if *is_named {
        text.write_str(", named = true")?;
    }
    if let Some(address) = address {
        text.write_str(", address = ")?;
        text.value(address.value.as_str())?;
    }
    if let Some(host) = host {
        text.write_str(", host = ")?;
        text.value(host.as_str())?;
    }
    if !was.is_empty() {
        text.write_str(", was = ")?;
        text.value(was)?;
    }
    text.write_str(" }\n")
}

fn pair(text: &mut String, path: &str, key: &str, value: Option<&Sourced<String>>) -> fmt::Result {
    if let Some(value) = value {
        write!(text, "{path}.{key} = ")?;
        text.value(value.value.as_str())?;
        text.newline()?;
    }
    Ok(())
}
