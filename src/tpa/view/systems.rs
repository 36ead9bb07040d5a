//! The operating systems of machines, as far as the names of their images tell.

use super::settings;
use super::{Instance, Subject};
use crate::facts::choices::Platform;
use crate::facts::systems::{System, of_ami, of_container, of_name};
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

/// The system of a machine and where it is chosen. Of machines that exist already a source may say it, a config.yml cannot.
pub fn of(subject: &Subject, instance: &Instance) -> Option<(System, Origin)> {
    if instance.is_on(Platform::Bare) {
        let system = subject.system.as_ref()?;
        return Some((of_name(&system.value)?, system.origin));
    }
    let image = settings::image(subject, instance)?;
    let system = if instance.is_on(Platform::Docker) {
        of_container(&image.value)
    } else {
        of_ami(&image.value)
    };
    Some((system?, image.origin))
}

/// Whether a source says a system for its machines that nobody knows.
pub fn is_unknown(subject: &Subject) -> bool {
    let system = subject.system.as_ref();
    system.is_some_and(|system| of_name(&system.value).is_none())
}
