//! The words for machines: which roles each gives, where it is in the order of the layout rules, and what it is called.

use super::choices::Platform;
use super::roles::Role;

words! {
    /// What a machine is.
    Kind {
        Primary = "primary",
        Replica = "replica",
        Single = "single",
        Barman = "barman",
        Etcd = "etcd",
        Haproxy = "haproxy",
        Witness = "witness",
        Pem = "pem",
        /// It has exactly the roles that it names.
        Node = "node",
    }
}

impl Kind {
    /// The roles that it has without naming them, in the order of config.yml.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Kind::Primary => &[Role::Primary],
            Kind::Replica | Kind::Single => &[Role::Replica],
            Kind::Barman => &[Role::Barman, Role::LogServer],
            Kind::Etcd => &[Role::Etcd],
            Kind::Haproxy => &[Role::Haproxy],
            Kind::Witness => &[Role::Witness],
            Kind::Pem => &[Role::PemServer],
            Kind::Node => &[],
        }
    }

    /// Whether it holds the data without naming a role.
    pub const fn is_data(self) -> bool {
        matches!(self, Kind::Primary | Kind::Replica | Kind::Single)
    }

    /// What `{role}` stands for in a pattern of names; a `node` is called after the first of the roles that it names.
    pub fn in_names(self, named: Option<&str>) -> &str {
        match self {
            Kind::Primary | Kind::Replica | Kind::Single => "db",
            Kind::Haproxy => "proxy",
            Kind::Barman | Kind::Etcd | Kind::Witness | Kind::Pem => self.name(),
            Kind::Node => named.unwrap_or(self.name()),
        }
    }

    /// Where it is within its location; that of a `node` follows from the roles that it names.
    pub fn rank<'r>(self, mut named: impl Iterator<Item = &'r str>) -> Rank {
        let own = self.roles().iter().find_map(|role| Rank::of(*role));
        let of_named = || {
            named
                .by_ref()
                .filter_map(|role| Rank::of(Role::parse(role)?))
                .min()
        };
        own.or_else(of_named).unwrap_or(Rank::Other)
    }
}

/// The order of machines within a location; PEM servers come last in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Data,
    Barman,
    Etcd,
    Haproxy,
    Witness,
    Other,
    Pem,
}

impl Rank {
    fn of(role: Role) -> Option<Rank> {
        match role {
            Role::Primary | Role::Replica => Some(Rank::Data),
            Role::Barman => Some(Rank::Barman),
            Role::Etcd => Some(Rank::Etcd),
            Role::Haproxy => Some(Rank::Haproxy),
            Role::Witness => Some(Rank::Witness),
            Role::PemServer => Some(Rank::Pem),
            Role::BeaconAgent
            | Role::Efm
            | Role::EfmNotPromotable
            | Role::EfmWitness
            | Role::LogServer
            | Role::MonitoringServer
            | Role::OpenvpnServer
            | Role::Patroni
            | Role::PemAgent
            | Role::Pgbouncer
            | Role::Postgres
            | Role::Readonly
            | Role::ZabbixAgent => None,
        }
    }
}

/// A text as a host name of the platform.
pub fn host_name(text: &str, platform: Platform) -> String {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric()
            || character == '-'
            || (character == '.' && platform != Platform::Aws)
    };
    let name: String = text
        .chars()
        .map(|character| {
            if allowed(character) {
                character.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    name.trim_matches('-').to_owned()
}
