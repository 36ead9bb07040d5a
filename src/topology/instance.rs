//! A machine of a cluster.

use super::platform::Volume;
use crate::facts::roles::{self, Role};
use crate::origin::Sourced;
use crate::value::Map;

#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    pub name: Sourced<String>,
    /// The node number. Invariant: unique in its cluster.
    pub id: Sourced<i64>,
    /// The name of its location.
    pub location: String,
    /// In TPA's order, each once.
    pub roles: Vec<Sourced<String>>,
    /// The same as one text, where they are written so.
    pub role_text: Option<Sourced<String>>,
    /// The name of the machine that it streams from.
    pub upstream: Option<Sourced<String>>,
    pub backup: Option<Sourced<BackupNodes>>,
    pub address: Option<Sourced<String>>,
    pub public: Option<Sourced<String>>,
    pub private: Option<Sourced<String>>,
    /// The EC2 instance type, where it has its own.
    pub instance: Option<Sourced<String>>,
    /// Its own, beside those of every machine.
    pub volumes: Vec<Volume>,
    pub tags: Map,
    pub vars: Map,
    pub settings: Map,
    pub omit: Vec<Sourced<String>>,
}

/// The names of the Barman nodes that back a machine up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupNodes {
    One(String),
    Several(Vec<String>),
}

impl Instance {
    pub fn has_role(&self, role: Role) -> bool {
        self.role(role).is_some()
    }

    /// The role with its origin, where the machine has it.
    pub fn role(&self, role: Role) -> Option<&Sourced<String>> {
        self.roles.iter().find(|known| known.value == role.name())
    }

    /// Whether it holds the cluster's data.
    pub fn is_data_node(&self) -> bool {
        roles::is_data_node(|role| self.has_role(role))
    }
}
