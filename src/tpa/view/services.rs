//! What listens on a machine, and on which port.

use super::settings;
use super::{Instance, Subject};
use crate::facts::choices::{FailoverManager, Flavour};
use crate::facts::roles::Role;
use crate::facts::services::{Runs, Service, Setting};
use crate::origin::Origin;

/// A service on a machine.
pub struct Listener {
    pub service: Service,
    pub port: i64,
    /// Where the port is written.
    pub at: Option<Origin>,
}

impl Listener {
    /// The service in words.
    pub fn name(&self) -> &'static str {
        self.service.facts().name
    }
}

/// Whether Postgres runs on a machine.
pub fn has_postgres(subject: &Subject, instance: &Instance) -> bool {
    let manager = subject.failover_manager();
    instance.is_data_node()
        || instance.has_role(Role::PemServer)
        || (instance.has_role(Role::Witness) && manager == Some(FailoverManager::Repmgr))
}

/// Whether a service runs on a machine.
fn runs(subject: &Subject, instance: &Instance, service: Service) -> bool {
    let has = |manager| subject.failover_manager() == Some(manager);
    match service.facts().runs {
        Runs::Postgres => has_postgres(subject, instance),
        Runs::Role(role) => instance.has_role(role),
        Runs::If(role, variable) => {
            instance.has_role(role) && settings::is_true(subject.variable_of(instance, variable))
        }
        Runs::DataNodes(manager) => instance.is_data_node() && has(manager),
        Runs::Members(manager) => {
            (instance.is_data_node() || instance.has_role(Role::Witness)) && has(manager)
        }
    }
}

/// Whatever listens on a machine, ssh aside.
pub fn of(subject: &Subject, instance: &Instance) -> Vec<Listener> {
    let flavour = subject.flavour().unwrap_or(Flavour::DEFAULT);
    let listener = |service: Service| {
        let written = match service.facts().setting {
            Setting::Variable(variable) => subject.variable_of(instance, variable),
            Setting::Efm(property) => settings::efm(subject, instance, property),
            Setting::Fixed => None,
        };
        let written = settings::number(written);
        Listener {
            service,
            port: written.map_or_else(|| service.port(flavour), |written| written.value),
            at: written.map(|written| written.origin),
        }
    };
    let services = Service::ALL.into_iter();
    services
        .filter(|service| runs(subject, instance, *service))
        .map(listener)
        .collect()
}
