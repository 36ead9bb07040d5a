//! What listens on a machine, and on which port.

use super::settings;
use super::{Instance, Subject};
use crate::facts::roles::Role;
use crate::origin::Origin;
use crate::topology::{FailoverManager, Flavour};

/// Something that waits for connections.
pub struct Service {
    /// In words: `PgBouncer`.
    pub name: &'static str,
    /// The variable that holds its port, where there is one.
    pub variable: Option<&'static str>,
    pub port: i64,
    /// Where the port is written.
    pub at: Option<Origin>,
    /// Whether only other machines of the cluster connect to it.
    pub internal: bool,
}

/// The names of services that rules ask for.
pub const POSTGRES: &str = "Postgres";
pub const PEM: &str = "PEM";

/// Whether Postgres runs on a machine.
pub fn has_postgres(subject: &Subject, instance: &Instance) -> bool {
    let manager = subject.failover_manager();
    instance.is_data_node()
        || instance.has_role(Role::PemServer)
        || (instance.has_role(Role::Witness) && manager == Some(FailoverManager::Repmgr))
}

/// The port of Postgres where none is written.
pub fn default_port(subject: &Subject) -> i64 {
    subject.flavour().unwrap_or(Flavour::Postgresql).port()
}

/// Whatever listens on a machine.
pub fn of(subject: &Subject, instance: &Instance) -> Vec<Service> {
    let mut services = Vec::new();
    let mut listens = |name, internal, variable: Option<&'static str>, default| {
        let written =
            variable.and_then(|variable| settings::number(subject.variable_of(instance, variable)));
        services.push(Service {
            name,
            variable,
            port: written.map_or(default, |written| written.value),
            at: written.map(|written| written.origin),
            internal,
        });
    };
    let postgres = default_port(subject);
    let manager = subject.failover_manager();
    if has_postgres(subject, instance) {
        listens(POSTGRES, true, Some("postgres_port"), postgres);
    }
    if instance.has_role(Role::Pgbouncer) {
        listens("PgBouncer", false, Some("pgbouncer_port"), 6432);
    }
    if instance.has_role(Role::Haproxy) {
        listens("HAProxy", false, Some("haproxy_port"), postgres);
        let read_only = subject.variable_of(instance, "haproxy_read_only_load_balancer_enabled");
        if settings::is_true(read_only) {
            let variable = Some("haproxy_read_only_port");
            listens("HAProxy for replicas", false, variable, postgres + 1);
        }
    }
    if instance.is_data_node() && manager == Some(FailoverManager::Patroni) {
        listens("Patroni", true, Some("patroni_listen_port"), 8008);
    }
    if instance.has_role(Role::Etcd) {
        listens("etcd for clients", true, Some("etcd_client_port"), 2379);
        listens("etcd for its peers", true, Some("etcd_peer_port"), 2380);
    }
    let is_member = instance.is_data_node() || instance.has_role(Role::Witness);
    if is_member && manager == Some(FailoverManager::Efm) {
        listens("EFM", true, Some("efm_bind_port"), 7800);
    }
    if instance.has_role(Role::PemServer) {
        listens(PEM, true, Some("pem_server_ssl_port"), 443);
    }
    if instance.has_role(Role::LogServer) {
        listens("rsyslog", true, None, 601);
    }
    services
}
