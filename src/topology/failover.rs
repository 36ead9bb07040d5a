//! The failover managers and what is known about each.

use crate::origin::Sourced;

#[derive(Clone, Debug, PartialEq)]
pub struct Failover {
    pub manager: Sourced<FailoverManager>,
    /// Only with EFM: whether agents know each other by host name, where that is written.
    pub bind_by_hostname: Option<Sourced<bool>>,
    /// Only with Patroni: whose packages are installed, where that is written.
    pub packages: Option<Sourced<String>>,
}

/// Who promotes a standby when the primary is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverManager {
    Repmgr,
    Efm,
    Patroni,
}

impl FailoverManager {
    pub const ALL: [FailoverManager; 3] = [
        FailoverManager::Repmgr,
        FailoverManager::Efm,
        FailoverManager::Patroni,
    ];

    pub fn name(self) -> &'static str {
        match self {
            FailoverManager::Repmgr => "repmgr",
            FailoverManager::Efm => "efm",
            FailoverManager::Patroni => "patroni",
        }
    }

    /// Whether data nodes and witnesses vote. With Patroni the members of etcd do.
    pub fn nodes_vote(self) -> bool {
        match self {
            FailoverManager::Repmgr | FailoverManager::Efm => true,
            FailoverManager::Patroni => false,
        }
    }
}
