//! Names and addresses of machines out of a file, as many as the cluster needs.

use std::net::Ipv4Addr;

use super::documents::{Reading, reading};
use super::layout::Layout;
use super::pattern;
use super::refusal::{Refusal, refused};
use super::request::Request;
use super::subnets::Network;
use super::surroundings::{Surroundings, Unread};
use crate::facts::tables::Platform;
use crate::facts::tpa::changes::{self, Check};

/// A line of `hosts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    /// None, one, or a public and a private one.
    pub(super) addresses: Vec<String>,
}

/// A name, and up to two addresses. What they look like is not checked any further.
const DEFAULT_PATTERN: &str = "[a-zA-Z0-9-]+( +[0-9a-f.:]+)?( +[0-9a-f.:]+)?";

/// How many names TPA can think of on its own.
const NAMES_OF_TPA: u64 = 272;

/// What TPA calls the machine that it adds for PEM.
const PEM_SERVER: &str = "pemserver";

/// The machines' names in their order; none where they follow from the cluster itself.
pub(super) fn hosts(
    request: &Request,
    surroundings: &dyn Surroundings,
    notes: &mut Vec<String>,
) -> Result<Option<Vec<Host>>, Refusal> {
    let pem_is_counted = changes::does(request.tpa, Check::PemServerAmongHosts);
    let needed = if pem_is_counted {
        request.layout.machines()
    } else {
        request.layout.counted_machines()
    };
    let Some(file) = request.values.text("hostnames_from") else {
        if needed > NAMES_OF_TPA {
            return Err(refused(
                format!("the cluster needs {needed} names, and TPA has {NAMES_OF_TPA} of its own"),
                "name the machines in a file, and add `--hostnames-from FILE`",
            ));
        }
        return Ok(None);
    };
    let mut hosts = read(file, request, needed, surroundings, notes)?;
    let prefix = prefix(request);
    for host in &mut hosts {
        if let Some(prefix) = &prefix {
            host.name = format!("{prefix}-{}", host.name);
        }
        if reading(&host.name) != Reading::Text {
            return Err(refused(
                format!(
                    "`{}` cannot be the name of a machine: TPA would read something else",
                    host.name
                ),
                format!("change it in `{file}`: a name begins with a letter"),
            ));
        }
        // Docker gives every container the next address of the subnet, unless the release keeps what is written.
        if request.platform == Platform::Docker
            && host.addresses.len() == 1
            && !changes::does(request.tpa, Check::DockerKeepsAddresses)
        {
            host.addresses.clear();
        }
    }
    if !pem_is_counted {
        hosts.extend(pem_server(request, &request.layout));
    }
    for (index, host) in hosts.iter().enumerate() {
        if hosts
            .iter()
            .take(index)
            .any(|other| other.name == host.name)
        {
            return Err(refused(
                format!("`{}` would be the name of two machines", host.name),
                format!("give each line of `{file}` a name of its own"),
            ));
        }
    }
    Ok(Some(hosts))
}

/// Refuses addresses of containers that are not in their subnet: docker gives none of another one.
pub(super) fn in_network(
    hosts: Option<&[Host]>,
    request: &Request,
    network: &Network,
) -> Result<(), Refusal> {
    let keeps = changes::does(request.tpa, Check::DockerKeepsAddresses);
    if request.platform != Platform::Docker || !keeps {
        return Ok(());
    }
    let Some(subnet) = network.subnets.first() else {
        return Ok(());
    };
    for host in hosts.into_iter().flatten() {
        // Two are a public and a private one, of which docker gives neither.
        let [address] = host.addresses.as_slice() else {
            continue;
        };
        let parsed: Result<Ipv4Addr, _> = address.parse();
        if parsed.is_ok_and(|address| !subnet.contains(&address)) {
            return Err(refused(
                format!(
                    "the address `{address}` is not in the subnet `{subnet}` of the containers"
                ),
                "add `--network` with the network that your addresses are in, or leave them out of the file",
            ));
        }
    }
    Ok(())
}

/// What all names begin with.
fn prefix(request: &Request) -> Option<String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let prefixed = request.values.is_on("cluster_prefixed_hostnames");
    prefixed.then(|| {
        request
            .cluster
            .to_lowercase()
            .replace(|character| !allowed(character), "-")
    })
}

fn pem_server(request: &Request, layout: &Layout) -> Option<Host> {
    let name = if request.values.is_on("cluster_prefixed_hostnames") {
        format!("{}-{PEM_SERVER}", request.cluster)
    } else {
        PEM_SERVER.to_owned()
    };
    layout.pem.then_some(Host {
        name,
        addresses: Vec::new(),
    })
}

fn read(
    file: &str,
    request: &Request,
    needed: u64,
    surroundings: &dyn Surroundings,
    notes: &mut Vec<String>,
) -> Result<Vec<Host>, Refusal> {
    let text = surroundings.read(file).map_err(|unread| {
        let reason = match unread {
            Unread::NotFound => "there is no such file".to_owned(),
            Unread::Unreadable(reason) => reason,
        };
        refused(
            format!("`--hostnames-from {file}` cannot be read: {reason}"),
            "name a text file with a line a machine",
        )
    })?;
    let own = request.values.text("hostnames_pattern");
    let pattern = pattern::whole_line(own.unwrap_or(DEFAULT_PATTERN)).map_err(|reason| {
        refused(
            format!("`--hostnames-pattern` is not a regular expression: {reason}"),
            "write it as `grep -E` takes it",
        )
    })?;
    let lines: Vec<&str> = text
        .strip_suffix('\n')
        .unwrap_or(&text)
        .split('\n')
        .collect();
    let mut hosts: Vec<Host> = Vec::new();
    let mut skipped = Vec::new();
    for line in lines {
        if hosts.len() as u64 == needed {
            break;
        }
        if !pattern.is_match(line) {
            if !line.trim().is_empty() && !line.starts_with('#') {
                skipped.push(line);
            }
            continue;
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let Some(name) = words.next() else {
            return Err(refused(
                format!("a line of `{file}` matches the pattern and is empty"),
                "take the empty line out, or choose a pattern that does not match it",
            ));
        };
        let addresses = words.take(2).collect();
        hosts.push(Host { name, addresses });
    }
    let found = hosts.len() as u64;
    if found < needed {
        let lines = if found == 1 {
            "1 line"
        } else {
            &format!("{found} lines")
        };
        let help = if let (None, Some(line)) = (own, skipped.first()) {
            format!(
                "`{line}` does not count, for example: by default a name has letters, digits and `-` alone; `--hostnames-pattern '.*'` takes every line"
            )
        } else {
            format!("add {} more", needed - found)
        };
        return Err(refused(
            format!("`{file}` has {lines} with a machine, and the cluster needs {needed}"),
            help,
        ));
    }
    if let Some(first) = skipped.first() {
        let lines = match skipped.len() {
            1 => format!("1 line of `{file}` is"),
            number => format!("{number} lines of `{file}` are"),
        };
        notes.push(format!(
            "{lines} passed over, because the pattern does not match: {first}"
        ));
    }
    Ok(hosts)
}
