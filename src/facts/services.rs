//! What listens for connections: on which machines, what sets the port, and which port it is otherwise.

use crate::facts::choices::{FailoverManager, Flavour};
use crate::facts::roles::Role;

/// The port of ssh.
pub const SSH: i64 = 22;

/// What is known of a service.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// In words: `PgBouncer`.
    pub name: &'static str,
    pub port: Port,
    pub setting: Setting,
    pub runs: Runs,
    pub reach: Reach,
    /// Whether it asks for a password, where that matters.
    pub asks: Option<bool>,
}

/// The port where none is written.
#[derive(Clone, Copy, Debug)]
pub enum Port {
    Number(i64),
    /// That of Postgres, or one above.
    Postgres(i64),
}

/// What sets the port.
#[derive(Clone, Copy, Debug)]
pub enum Setting {
    Variable(&'static str),
    /// A property in `efm_conf_settings`.
    Efm(&'static str),
    Fixed,
}

/// The machines that it runs on.
#[derive(Clone, Copy, Debug)]
pub enum Runs {
    /// Those with a Postgres.
    Postgres,
    /// Those with a role.
    Role(Role),
    /// Those with a role, where a variable is true.
    If(Role, &'static str),
    /// The data nodes of clusters with this failover manager.
    DataNodes(FailoverManager),
    /// The data nodes and witnesses of clusters with this failover manager.
    Members(FailoverManager),
}

/// Who connects to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Clients,
    /// Only other machines of the cluster.
    Cluster,
    /// Only the machine itself, or an administrator.
    Machine,
}

macro_rules! services {
    ($($service:ident = $facts:expr;)+) => {
        /// Something that waits for connections.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Service {
            $($service,)+
        }

        impl Service {
            pub const ALL: [Service; [$(stringify!($service)),+].len()] = [$(Service::$service),+];

            pub fn facts(self) -> Facts {
                match self {
                    $(Service::$service => $facts,)+
                }
            }
        }
    };
}

const fn service(
    name: &'static str,
    port: Port,
    setting: Setting,
    runs: Runs,
    reach: Reach,
) -> Facts {
    Facts {
        name,
        port,
        setting,
        runs,
        reach,
        asks: None,
    }
}

impl Facts {
    /// Whether it asks for a password.
    const fn asks(self, asks: bool) -> Facts {
        Facts {
            asks: Some(asks),
            ..self
        }
    }
}

use Port::Number;
use Reach::{Clients, Cluster, Machine};
use Setting::{Efm as Property, Fixed, Variable};

services! {
    Postgres = service("Postgres", Port::Postgres(0), Variable("postgres_port"), Runs::Postgres, Cluster).asks(true);
    Pgbouncer = service("PgBouncer", Number(6432), Variable("pgbouncer_port"), Runs::Role(Role::Pgbouncer), Clients).asks(true);
    Haproxy = service("HAProxy", Port::Postgres(0), Variable("haproxy_port"), Runs::Role(Role::Haproxy), Clients).asks(true);
    HaproxyReplicas = service("HAProxy for replicas", Port::Postgres(1), Variable("haproxy_read_only_port"), Runs::If(Role::Haproxy, "haproxy_read_only_load_balancer_enabled"), Clients).asks(true);
    Patroni = service("Patroni's REST API", Number(8008), Variable("patroni_listen_port"), Runs::DataNodes(FailoverManager::Patroni), Cluster).asks(true);
    EtcdClients = service("etcd for clients", Number(2379), Variable("etcd_client_port"), Runs::Role(Role::Etcd), Cluster).asks(false);
    EtcdPeers = service("etcd for its peers", Number(2380), Variable("etcd_peer_port"), Runs::Role(Role::Etcd), Cluster).asks(false);
    Efm = service("EFM", Number(7800), Variable("efm_bind_port"), Runs::Members(FailoverManager::Efm), Cluster);
    Pem = service("PEM", Number(443), Variable("pem_server_ssl_port"), Runs::Role(Role::PemServer), Cluster);
    Rsyslog = service("rsyslog", Number(601), Fixed, Runs::Role(Role::LogServer), Cluster);
    EfmAdministration = service("EFM's administration", Number(7809), Property("admin.port"), Runs::Members(FailoverManager::Efm), Machine);
    BackupApi = service("pg-backup-api", Number(443), Fixed, Runs::If(Role::Barman, "enable_pg_backup_api"), Machine);
    HaproxyPeers = service("HAProxy's peers", Number(10_000), Fixed, Runs::Role(Role::Haproxy), Machine);
}

impl Service {
    /// The port where none is written.
    pub fn port(self, flavour: Flavour) -> i64 {
        match self.facts().port {
            Port::Number(number) => number,
            Port::Postgres(above) => postgres_port(flavour) + above,
        }
    }

    /// The variable that has to do with its port, where there is one.
    pub fn variable(self) -> Option<&'static str> {
        match self.facts().setting {
            Setting::Variable(variable) => Some(variable),
            Setting::Efm(_) => Some("efm_conf_settings"),
            Setting::Fixed => None,
        }
    }
}

/// The port of Postgres where none is written.
/// The port of a service by the name that firewalls and people have for it, in lower case.
pub fn well_known(name: &str) -> Option<i64> {
    if matches!(name, "ssh" | "sshd") {
        return Some(SSH);
    }
    if name == "postgresql" {
        return Some(Service::Postgres.port(Flavour::Postgresql));
    }
    let mut services = Service::ALL.into_iter();
    services
        .find(|service| service.facts().name.to_lowercase() == name)
        .map(|service| service.port(Flavour::Postgresql))
}

fn postgres_port(flavour: Flavour) -> i64 {
    match flavour {
        Flavour::Epas => 5444,
        Flavour::Postgresql | Flavour::Edbpge | Flavour::Pgextended => 5432,
    }
}
