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
    /// Those under which Postgres holds the cluster's data.
    const DATA: [Role; 2] = [Role::Primary, Role::Replica];

    /// Whether Postgres holds the cluster's data under this role.
    pub fn is_data(self) -> bool {
        Role::DATA.contains(&self)
    }
}

/// Some of the roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u32);

impl Roles {
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Roles {
        Roles(roles.into_iter().fold(0, |all, role| all | bit(role)))
    }
}

fn bit(role: Role) -> u32 {
    1 << (role as u32)
}

/// Whether a machine with such roles holds the cluster's data. A PEM server has a Postgres of its own, which does not.
pub fn is_data_node(has: impl Fn(Role) -> bool) -> bool {
    Role::DATA.into_iter().any(&has) && !has(Role::PemServer)
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
