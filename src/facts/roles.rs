//! The roles that machines of TPA's M1 architecture have.

use std::fmt;

/// What a machine does, as `role` in config.yml names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Barman,
    BeaconAgent,
    Efm,
    EfmNotPromotable,
    EfmWitness,
    Etcd,
    Haproxy,
    LogServer,
    MonitoringServer,
    OpenvpnServer,
    Patroni,
    PemAgent,
    PemServer,
    Pgbouncer,
    Postgres,
    Primary,
    Readonly,
    Replica,
    Witness,
    ZabbixAgent,
}

impl Role {
    /// All roles, sorted by name.
    pub const ALL: [Role; 20] = [
        Role::Barman,
        Role::BeaconAgent,
        Role::Efm,
        Role::EfmNotPromotable,
        Role::EfmWitness,
        Role::Etcd,
        Role::Haproxy,
        Role::LogServer,
        Role::MonitoringServer,
        Role::OpenvpnServer,
        Role::Patroni,
        Role::PemAgent,
        Role::PemServer,
        Role::Pgbouncer,
        Role::Postgres,
        Role::Primary,
        Role::Readonly,
        Role::Replica,
        Role::Witness,
        Role::ZabbixAgent,
    ];

    /// The names of all roles, sorted.
    pub fn names() -> [&'static str; 20] {
        Role::ALL.map(Role::name)
    }

    /// The role as config.yml has it: `pem-server`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Barman => "barman",
            Role::BeaconAgent => "beacon-agent",
            Role::Efm => "efm",
            Role::EfmNotPromotable => "efm-not-promotable",
            Role::EfmWitness => "efm-witness",
            Role::Etcd => "etcd",
            Role::Haproxy => "haproxy",
            Role::LogServer => "log-server",
            Role::MonitoringServer => "monitoring-server",
            Role::OpenvpnServer => "openvpn-server",
            Role::Patroni => "patroni",
            Role::PemAgent => "pem-agent",
            Role::PemServer => "pem-server",
            Role::Pgbouncer => "pgbouncer",
            Role::Postgres => "postgres",
            Role::Primary => "primary",
            Role::Readonly => "readonly",
            Role::Replica => "replica",
            Role::Witness => "witness",
            Role::ZabbixAgent => "zabbix_agent",
        }
    }

    /// The role with this name. TPA knows them in this spelling only.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether Postgres holds the cluster's data under this role.
    pub fn is_data(self) -> bool {
        matches!(self, Role::Primary | Role::Replica)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether a machine with such roles holds the cluster's data. A PEM server has a Postgres of its own, which does not.
pub fn is_data_node(has: impl Fn(Role) -> bool) -> bool {
    Role::ALL
        .into_iter()
        .any(|role| role.is_data() && has(role))
        && !has(Role::PemServer)
}

/// Roles of TPA's other architectures.
pub const FOREIGN: &[&str] = &[
    "bdr",
    "downloader",
    "harp-proxy",
    "pgd-proxy",
    "pgdcli",
    "subscriber-only",
];
