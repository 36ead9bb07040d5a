//! The operating systems of machines, as far as the names of their images tell.

use super::settings;
use super::{Instance, Subject};
use crate::facts::systems::{System, of_ami, of_container};
use crate::origin::Origin;

/// A system, where it is chosen, and the machines that run it.
pub struct Chosen<'s> {
    pub system: System,
    pub at: Origin,
    pub machines: Vec<&'s Instance>,
}

/// The systems of a cluster, each once for every place that chooses it.
pub fn chosen(subject: &Subject) -> Vec<Chosen<'_>> {
    let mut all: Vec<Chosen<'_>> = Vec::new();
    for instance in &subject.instances {
        let Some((system, at)) = of(subject, instance) else {
            continue;
        };
        match all
            .iter_mut()
            .find(|chosen| chosen.system == system && chosen.at.place() == at.place())
        {
            Some(chosen) => chosen.machines.push(instance),
            None => all.push(Chosen {
                system,
                at,
                machines: vec![instance],
            }),
        }
    }
    all
}

/// The system of a machine and where it is chosen. Nobody knows those of machines that exist already.
pub fn of(subject: &Subject, instance: &Instance) -> Option<(System, Origin)> {
    let image = settings::image(subject, instance)?;
    let system = if instance.platform.value == "docker" {
        of_container(&image.value)
    } else {
        of_ami(&image.value)
    };
    Some((system?, image.origin))
}
