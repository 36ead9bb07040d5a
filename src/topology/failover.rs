//! How a cluster replaces its primary.

use crate::facts::choices::FailoverManager;
use crate::origin::Sourced;

#[derive(Clone, Debug, PartialEq)]
pub struct Failover {
    pub manager: Sourced<FailoverManager>,
    /// Only with EFM: whether agents know each other by host name, where that is written.
    pub bind_by_hostname: Option<Sourced<bool>>,
    /// Only with Patroni: whose packages are installed, where that is written.
    pub packages: Option<Sourced<String>>,
}
