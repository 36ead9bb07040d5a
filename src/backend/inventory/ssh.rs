//! `ssh_config`, so that `ssh -F ssh_config HOST` works as Ansible does.

use std::fmt::Write as _;

use super::host::{Address, Host};
use super::{Inventory, LATER};

pub(super) fn text(inventory: &Inventory) -> String {
    let connection = &inventory.connection;
    let mut text = String::new();
    if inventory.hosts.iter().any(Host::is_found_later) {
        text.push_str(LATER);
    }
    let _ = write!(
        text,
        "\
Host *
    Port {}
    IdentitiesOnly yes
    IdentityFile \"{}\"
    UserKnownHostsFile known_hosts tpa_known_hosts
    ServerAliveInterval 60

",
        connection.port.value, connection.key_file.value
    );
    for host in &inventory.hosts {
        let _ = writeln!(text, "Host {}", host.name.value);
        if let Some(user) = &host.user {
            let _ = writeln!(text, "    User {}", user.value);
        }
        if let Address::Known(address) = &host.address {
            let _ = writeln!(text, "    HostName {}", address.value);
        }
    }
    text
}
