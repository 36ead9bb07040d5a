//! A container, from what TPA would start it with.

use super::super::keys::Keys;
use super::super::machine::Machine;
use super::super::tags;
use crate::backend::hcl::Object;
use crate::diagnostic::Diagnostics;
use crate::value::{Map, Value};

/// The image of a machine, and its container.
pub(super) fn container(
    machine: &Machine,
    network: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> (Option<String>, Object) {
    let mut node = machine.description();
    let mut keys = machine.keys(diagnostics);
    let image = keys.text("image").map(|image| image.value);
    match &image {
        Some(image) => node.set("image", image.as_str()),
        None => keys.wrong(machine.name.origin, "image", "the name of an image"),
    }
    networks(&mut keys, network, &mut node);
    let privileged = keys.boolean("privileged");
    node.set_some("privileged", privileged.map(|it| it.value));
    let restart = keys.text("restart_policy");
    node.set_some("restart", restart.map(|it| it.value));
    for (key, word) in [("memory", "memory"), ("shm_size", "shm_size")] {
        if let Some(size) = keys.text(key) {
            match megabytes(&size.value) {
                Some(size) => node.set(word, size),
                None => keys.wrong(size.origin, key, "a size, such as `512m` or `2g`"),
            }
        }
    }
    node.set_some("log_driver", keys.text("log_driver").map(|it| it.value));
    for (key, word) in [
        ("log_options", "log_opts"),
        ("env", "env"),
        ("sysctls", "sysctls"),
    ] {
        if let Some(pairs) = keys.pairs(key) {
            node.set(word, pairs.into_iter().collect::<Object>());
        }
    }
    if let Some(environment) = machine.entry.get("env").and_then(Value::as_map) {
        super::super::machine::secrets(environment, keys.diagnostics());
    }
    for (key, word) in [
        ("docker_cap_add", "capabilities"),
        ("docker_cap_drop", "dropped"),
        ("docker_security_opts", "security_opts"),
    ] {
        node.set_some(word, keys.texts(key));
    }
    objects(
        &mut keys,
        "ulimits",
        "ulimits",
        "a limit, such as `nofile:1024:2048`",
        ulimit,
        &mut node,
    );
    objects(
        &mut keys,
        "devices",
        "devices",
        "a device, such as `/dev/fuse`",
        device,
        &mut node,
    );
    objects(
        &mut keys,
        "published_ports",
        "ports",
        "a port, such as `5433:5432`",
        port,
        &mut node,
    );
    mounts(&mut keys, &mut node);
    for (key, help) in [
        ("env_file", "write its lines into `env`"),
        ("memory_reservation", "write `memory`"),
        (
            "exposed_ports",
            "write `published_ports`, or leave it out: containers of a network reach each other",
        ),
    ] {
        keys.refuse(key, help);
    }
    // It has no effect on docker.
    keys.pass(&["region"]);
    let own = keys.map("tags").cloned().unwrap_or_default();
    keys.end();
    let own = tags::docker(&own, diagnostics);
    if !own.is_empty() {
        node.set("tags", own);
    }
    (image, node)
}

/// The networks of a container: its own, or the first of the cluster with its address.
fn networks(keys: &mut Keys<'_, '_>, network: Option<&str>, node: &mut Object) {
    let address = keys.text("ip_address");
    let mut joined = Vec::new();
    if let Some(own) = keys.list("networks") {
        for entry in own {
            match entry.as_map() {
                Some(map) => joined.push(own_network(map, keys.diagnostics())),
                None => {
                    let mut object = Object::default();
                    object.set("name", entry.spelling().unwrap_or_default());
                    joined.push(object);
                }
            }
        }
    } else if let Some(network) = network {
        let mut object = Object::default();
        object.set("name", network);
        object.set_some("ipv4_address", address.map(|address| address.value));
        joined.push(object);
    }
    node.set("networks", joined);
}

fn own_network(map: &Map, diagnostics: &mut Diagnostics) -> Object {
    let mut keys = Keys::new(map, diagnostics);
    let mut object = Object::default();
    object.set_some("name", keys.text("name").map(|it| it.value));
    for key in ["ipv4_address", "ipv6_address"] {
        object.set_some(key, keys.text(key).map(|it| it.value));
    }
    object.set_some("aliases", keys.texts("aliases"));
    keys.end();
    object
}

/// What is in `volumes` and `local_source_directories`: a folder of the host, or a volume by its name.
fn mounts(keys: &mut Keys<'_, '_>, node: &mut Object) {
    let mut mounts = Vec::new();
    for key in ["volumes", "local_source_directories"] {
        for entry in keys.list(key).unwrap_or_default() {
            match entry.as_text().and_then(mount) {
                Some(mount) => mounts.push(mount),
                None => keys.wrong(entry.origin, key, "a mount, such as `/srv/data:/data:ro`"),
            }
        }
    }
    if !mounts.is_empty() {
        node.set("mounts", mounts);
    }
}

fn objects(
    keys: &mut Keys<'_, '_>,
    key: &'static str,
    word: &str,
    expected: &str,
    read: impl Fn(&str) -> Option<Object>,
    node: &mut Object,
) {
    let Some(entries) = keys.list(key) else {
        return;
    };
    let mut objects = Vec::new();
    for entry in entries {
        match entry.spelling().as_deref().and_then(&read) {
            Some(object) => objects.push(object),
            None => keys.wrong(entry.origin, key, expected),
        }
    }
    node.set(word, objects);
}

fn mount(text: &str) -> Option<Object> {
    let mut parts = text.split(':');
    let (source, target) = (parts.next()?, parts.next()?);
    let options: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
    if parts.next().is_some() || source.is_empty() || !target.starts_with('/') {
        return None;
    }
    let mut mount = Object::default();
    let word = if source.starts_with(['/', '.', '~']) {
        "host_path"
    } else {
        "volume_name"
    };
    mount.set(word, source);
    mount.set("container_path", target);
    if options.contains(&"ro") {
        mount.set("read_only", true);
    }
    Some(mount)
}

fn ulimit(text: &str) -> Option<Object> {
    let mut parts = text.split(':');
    let name = parts.next()?;
    let soft: i64 = parts.next()?.parse().ok()?;
    let hard = match parts.next() {
        Some(hard) => hard.parse().ok()?,
        None => soft,
    };
    let mut limit = Object::default();
    limit.set("name", name);
    limit.set("soft", soft);
    limit.set("hard", hard);
    Some(limit)
}

fn device(text: &str) -> Option<Object> {
    let mut parts = text.split(':');
    let host = parts.next().filter(|host| host.starts_with('/'))?;
    let container = parts.next().unwrap_or(host);
    let mut device = Object::default();
    device.set("host_path", host);
    device.set("container_path", container);
    device.set("permissions", parts.next().unwrap_or("rwm"));
    Some(device)
}

/// `5432`, `5433:5432` or `127.0.0.1:5433:5432`, each with `/udp` or `/tcp`.
fn port(text: &str) -> Option<Object> {
    let (ports, protocol) = match text.split_once('/') {
        Some((ports, protocol)) => (ports, Some(protocol)),
        None => (text, None),
    };
    let mut parts = ports.rsplitn(3, ':');
    let number = |text: &str| text.parse::<u16>().ok().map(i64::from);
    let mut port = Object::default();
    port.set("internal", number(parts.next()?)?);
    if let Some(external) = parts.next().filter(|external| !external.is_empty()) {
        port.set("external", number(external)?);
    }
    port.set_some("ip", parts.next());
    port.set_some("protocol", protocol);
    Some(port)
}

/// A size of docker's in megabytes.
fn megabytes(text: &str) -> Option<i64> {
    let text = text.to_lowercase();
    let text = text.trim_end_matches("ib").trim_end_matches('b');
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let number: i64 = digits.trim().parse().ok()?;
    match text.get(digits.len()..)? {
        "" => Some(number / (1024 * 1024)),
        "k" => Some(number / 1024),
        "m" => Some(number),
        "g" => number.checked_mul(1024),
        "t" => number.checked_mul(1024 * 1024),
        _ => None,
    }
}
