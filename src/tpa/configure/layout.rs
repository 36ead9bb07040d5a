//! How many machines TPA's M1 layout has, and whether its Barman node is a witness: what host names, the subnet on
//! docker and the difference to m1c's own rules depend on. Where each machine goes, the build decides.

use crate::topology::FailoverManager;

/// The choices that the layout follows from.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// As they were given.
    pub(super) locations: Vec<String>,
    /// The places of the active locations among them, the primary location first.
    pub(super) active: Vec<usize>,
    pub(super) single_node: Option<usize>,
    pub(super) witness_only: Option<usize>,
    pub(super) data_nodes: u64,
    pub(super) manager: FailoverManager,
    pub(super) haproxy: bool,
    pub(super) pem: bool,
}

impl Layout {
    fn active_locations(&self) -> u64 {
        self.active.len() as u64
    }

    /// All machines without the PEM server, which TPA does not count.
    pub(super) fn counted_machines(&self) -> u64 {
        const ETCD_NODES: u64 = 3;
        const HAPROXY_NODES: u64 = 2;
        const BARMAN_NODES: u64 = 1;
        let in_each = self.data_nodes
            + if self.haproxy { HAPROXY_NODES } else { 0 }
            + if self.manager == FailoverManager::Patroni {
                ETCD_NODES
            } else {
                0
            };
        self.active_locations() * in_each
            + BARMAN_NODES
            + u64::from(self.single_node.is_some())
            + u64::from(self.witness_only.is_some())
    }

    pub(super) fn machines(&self) -> u64 {
        self.counted_machines() + u64::from(self.pem)
    }

    /// Data nodes, which vote unless Patroni is the failover manager.
    pub(super) fn voting_data_nodes(&self) -> u64 {
        self.active_locations() * self.data_nodes + u64::from(self.single_node.is_some())
    }

    /// Whether TPA makes the Barman node a witness.
    pub(super) fn witness_in_tpa(&self) -> bool {
        let even = self.data_nodes.is_multiple_of(2);
        self.manager.nodes_vote()
            && self.single_node.is_none()
            && match self.active.len() {
                1 => even,
                2 => true,
                _ => false,
            }
    }

    /// Whether m1c does, when nothing is written about it.
    pub(super) fn witness_by_rule(&self) -> bool {
        self.manager.nodes_vote()
            && self.witness_only.is_none()
            && self.voting_data_nodes().is_multiple_of(2)
    }
}
