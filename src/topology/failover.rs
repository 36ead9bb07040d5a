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
    /// Only with Patroni: whether it and etcd use TLS and client certificates, where that is written.
    pub tls: Option<Sourced<bool>>,
    pub efm: Efm,
}

/// What is written about EFM itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Efm {
    pub version: Option<Sourced<String>>,
    /// Whether its database user is a superuser.
    pub superuser: Option<Sourced<bool>>,
    /// How the password of that user is stored.
    pub password_encryption: Option<Sourced<String>>,
}
