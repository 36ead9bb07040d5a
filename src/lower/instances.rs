//! Machines become instances: roles, upstreams, backups, addresses and volumes come together.

use super::identities::Identities;
use super::layout::{Layout, Machine};
use super::names::Named;
use super::omit::omitted;
use super::replication::{Witnesses, directory};
use super::volumes::PlatformVolumes;
use super::{Lowering, addresses, errors, free};
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::origin::{Origin, Sourced};
use crate::source::Span;
use crate::topology::Instance;
use ipnet::Ipv4Net;

/// The roles that the cluster's choices give to machines, and where those choices stand.
struct Choices {
    pool: Option<Span>,
    pem: Option<Span>,
    beacon: Option<Span>,
}

impl<'m> Lowering<'m, '_> {
    pub(super) fn instances(
        &mut self,
        layout: &Layout<'m>,
        identities: &Identities<'m>,
        named: &[Named<'m>],
        volumes: &PlatformVolumes,
        subnet: Option<&Sourced<Ipv4Net>>,
    ) -> Option<Vec<Instance>> {
        let directory = directory(named);
        let witnesses = self.barman_witnesses(layout);
        let upstreams = self.upstreams(layout, named, &directory, &witnesses);
        let backups = self.backups(layout, named, &directory);
        let addresses: Option<Vec<_>> = layout
            .machines
            .iter()
            .zip(named)
            .map(|(machine, named)| self.addresses(machine, named))
            .collect();
        let volumes: Option<Vec<_>> = layout
            .machines
            .iter()
            .map(|machine| self.machine_volumes(machine, volumes))
            .collect();
        let choices = self.role_choices();
        let mut addresses = addresses?;
        if subnet.is_some() && !self.addresses_stay(&addresses, identities, named) {
            return None;
        }
        if let Some(subnet) = subnet
            && !addresses::assign(&mut addresses, identities, self.lock, subnet)
        {
            let (at, count) = (subnet.origin, named.len());
            let locked = self.lock.and_then(|lock| lock.subnet.as_ref());
            let gone = self.gone(identities).into_iter().next();
            let forget = self.forget.cluster();
            self.report(at, |at| match locked {
                Some(locked) => {
                    let place = locked.origin.place();
                    let gone = gone.as_ref();
                    let gone = gone.map(|gone| (gone.name.value.as_str(), gone.forget.as_str()));
                    errors::locked_subnet_full(at, subnet.value, count, place, (gone, &forget))
                }
                None => errors::subnet_too_small(at, subnet.value, count),
            });
            return None;
        }
        let (mut upstreams, mut backups) = (upstreams?.into_iter(), backups?.into_iter());
        let (mut addresses, mut volumes) = (addresses.into_iter(), volumes?.into_iter());
        let mut instances = Vec::new();
        for (index, (machine, named)) in layout.machines.iter().zip(named).enumerate() {
            let site = layout.sites.get(machine.location)?;
            let addresses = addresses.next()?;
            let block = machine.entry.map(|entry| &entry.block);
            instances.push(Instance {
                name: named.name.clone(),
                id: named.id,
                location: site.name.value.to_owned(),
                role_text: machine.role_text().map(Sourced::to_owned),
                roles: roles(machine, index, &witnesses, site.active, &choices),
                upstream: upstreams.next()?,
                backup: backups.next()?,
                address: addresses.address,
                public: addresses.public,
                private: addresses.private,
                instance: block
                    .and_then(|block| block.text("instance"))
                    .map(Sourced::to_owned),
                volumes: volumes.next()?,
                tags: free(machine.entry, "tags"),
                vars: free(machine.entry, "vars"),
                settings: free(machine.entry, "settings"),
                omit: block.map(omitted).unwrap_or_default(),
            });
        }
        Some(instances)
    }

    fn role_choices(&self) -> Choices {
        let monitor = |tool: &str| {
            let mut entries = self.block.entries("monitor");
            entries
                .find(|entry| entry.label(0) == Some(tool))
                .map(|entry| entry.at.place())
        };
        Choices {
            pool: self.whole("pool").map(|pool| pool.at.place()),
            pem: monitor("pem"),
            beacon: monitor("beacon"),
        }
    }
}

/// The roles of a machine, each once: the kind's own, `witness`, `pgbouncer`, `pem-agent`, `beacon-agent`, then what is
/// written. A `node` has exactly what is written.
fn roles(
    machine: &Machine<'_>,
    index: usize,
    witnesses: &Witnesses,
    active: bool,
    choices: &Choices,
) -> Vec<Sourced<String>> {
    let mut roles: Vec<Sourced<String>> = Vec::new();
    let mut add = |role: &str, origin: Origin| {
        if !roles.iter().any(|known| known.value == role) {
            roles.push(Sourced::new(role.to_owned(), origin));
        }
    };
    for role in machine.first_roles() {
        add(role.name(), machine.at);
    }
    if let Some(origin) = witnesses.get(&index) {
        add(Role::Witness.name(), *origin);
    }
    if machine.kind != Kind::Node {
        let follows = |from: Option<Span>, rule: &'static str| {
            from.map(|from| Origin::Derived { from, rule })
        };
        let data = machine.is_data_node();
        let rule = "`pool pgbouncer` runs PgBouncer on the data nodes of active locations";
        if let Some(origin) = follows(choices.pool, rule).filter(|_| data && active) {
            add(Role::Pgbouncer.name(), origin);
        }
        let watched = data || machine.has_role(Role::Witness) || machine.has_role(Role::Barman);
        let rule = "`monitor pem` runs the PEM agent on data nodes, witnesses and Barman nodes";
        if let Some(origin) = follows(choices.pem, rule).filter(|_| watched) {
            add(Role::PemAgent.name(), origin);
        }
        let rule = "`monitor beacon` runs the Beacon agent on data nodes";
        if let Some(origin) = follows(choices.beacon, rule).filter(|_| data) {
            add(Role::BeaconAgent.name(), origin);
        }
    }
    for role in machine.written_roles() {
        add(role.value, role.origin);
    }
    roles
}
