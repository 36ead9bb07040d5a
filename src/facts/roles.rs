//! The roles that machines of TPA's M1 architecture have.

words! {
    /// What a machine does, as `role` in config.yml names it. Sorted by name.
    Role {
        Barman = "barman",
        BeaconAgent = "beacon-agent",
        Efm = "efm",
        EfmNotPromotable = "efm-not-promotable",
        EfmWitness = "efm-witness",
        Etcd = "etcd",
        Haproxy = "haproxy",
        LogServer = "log-server",
        MonitoringServer = "monitoring-server",
        OpenvpnServer = "openvpn-server",
        Patroni = "patroni",
        PemAgent = "pem-agent",
        PemServer = "pem-server",
        Pgbouncer = "pgbouncer",
        Postgres = "postgres",
        Primary = "primary",
        Readonly = "readonly",
        Replica = "replica",
        Witness = "witness",
        ZabbixAgent = "zabbix_agent",
    }
}

impl Role {
    /// Whether Postgres holds the cluster's data under this role.
    pub fn is_data(self) -> bool {
        matches!(self, Role::Primary | Role::Replica)
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
