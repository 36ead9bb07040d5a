//! The clusters of one source: plain data without holes, every default filled in, every value with where it came from.
//!
//! A cluster is in it only if no error concerns it. Lint judges those that are; backends write a topology that is whole.
//! It knows nothing of trees and of the format of any output.

pub mod allow;
pub mod failover;
pub mod instance;
pub mod past;
pub mod platform;
pub mod quorum;
pub mod requirement;

use std::sync::Arc;

use crate::facts::roles::Role;
use crate::facts::tables::Tables;
use crate::facts::tpa::TpaVersion;
use crate::lock::Lock;
use crate::origin::Sourced;
use crate::source::Span;
use crate::value::{Map, Value};

pub use crate::facts::choices::{Compliance, FailoverManager, Flavour, Keyring};
pub use allow::{Allow, Within};
pub use failover::{Efm, Failover};
pub use instance::Instance;
pub use past::Past;
pub use platform::{Platform, Volume};
pub use requirement::{Required, Requirement};

/// The clusters of one source file that no error concerns, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    pub clusters: Vec<Cluster>,
    /// The `allow` statements outside of the clusters.
    pub allows: Vec<Allow>,
    /// Whether the source has no errors, so that no cluster is left out.
    pub is_whole: bool,
    /// The lock as it must be, where it is not so already.
    pub lock: Option<Lock>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    pub name: Sourced<String>,
    /// The TPA that it is for.
    pub tpa: TpaVersion,
    /// What its source defines beside the library.
    pub own: Arc<Tables>,
    /// The one that it names itself, where the run asks for another one instead.
    pub made_for: Option<TpaVersion>,
    pub postgres: Postgres,
    pub failover: Failover,
    pub platform: Platform,
    pub backup: Backup,
    pub monitor: Monitor,
    pub repositories: Repositories,
    pub packages: Packages,
    /// Versions of packages by component, as they are written: `pg-backup-api`.
    pub versions: Vec<(String, Sourced<String>)>,
    /// What is built from source, in the order in which it is written.
    pub sources: Vec<SourceBuild>,
    pub compliance: Option<Sourced<Compliance>>,
    pub keyring: Sourced<Keyring>,
    /// Of the system's keyring.
    pub vault_name: Option<Sourced<String>>,
    pub tower: Option<Tower>,
    /// Free form: tags of the whole cluster.
    pub tags: Map,
    /// Free form: variables of the whole cluster.
    pub vars: Map,
    /// Free form: settings of every machine.
    pub defaults: Map,
    /// Free form: other settings of the cluster.
    pub settings: Map,
    /// What config.yml is not to have although it is derived.
    pub omit: Vec<Sourced<String>>,
    /// In the order in which they are written.
    pub locations: Vec<Location>,
    /// In the order of their place in the cluster: the primary's location first.
    pub instances: Vec<Instance>,
    /// The `allow` statements in it, at every level.
    pub allows: Vec<Allow>,
    /// What its machines were.
    pub past: Past,
    /// What must hold of it, in the order in which it is written.
    pub requirements: Vec<Requirement>,
}

impl Cluster {
    /// The primary. A cluster has one, unless its source says that it has none.
    pub fn primary(&self) -> Option<&Instance> {
        self.instances
            .iter()
            .find(|instance| instance.has_role(Role::Primary))
    }

    pub fn has_role(&self, role: Role) -> bool {
        self.instances
            .iter()
            .any(|instance| instance.has_role(role))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Postgres {
    pub flavour: Sourced<Flavour>,
    pub version: Sourced<String>,
    /// Only with EPAS: whether it is compatible with Oracle.
    pub redwood: Option<Sourced<bool>>,
}

/// What is written about backups; where the Barman nodes are, instances say.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Whether the backup API runs, where that is written.
    pub api: Option<Sourced<bool>>,
}

/// Who watches the cluster; where the PEM server is, instances say.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// Where `monitor pem` is written.
    pub pem: Option<Span>,
    /// Where `monitor beacon` is written.
    pub beacon: Option<Span>,
    pub beacon_project: Option<Sourced<String>>,
}

/// Lists of names, where they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Repositories {
    pub edb: Option<Value>,
    pub apt: Option<Value>,
    pub yum: Option<Value>,
    pub suse: Option<Value>,
    pub local_only: Option<Sourced<bool>>,
}

/// Maps of lists of names by operating system, where they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Packages {
    pub extra: Option<Value>,
    pub optional: Option<Value>,
    pub postgres: Option<Value>,
    pub unwanted: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SourceBuild {
    pub name: Sourced<String>,
    /// A branch, tag or commit.
    pub reference: Option<Sourced<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tower {
    pub api_url: Option<Sourced<String>>,
    pub git_repository: Option<Sourced<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    pub name: Sourced<String>,
    /// Whether it has data nodes other than `single`.
    pub active: bool,
    /// Only on aws.
    pub place: Option<Place>,
    pub tags: Map,
    pub vars: Map,
    pub settings: Map,
    pub omit: Vec<Sourced<String>>,
}

/// Where in the cloud a location is.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub region: Sourced<String>,
    /// The full name of the availability zone.
    pub zone: Sourced<String>,
    pub subnet: Sourced<String>,
}
