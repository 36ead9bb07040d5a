//! What the linter knows of changes as well, as effects.

use super::collect::{Collector, said};
use super::limits::{Limit, Turn};
use super::{Change, by_hand, leaving, patroni, plan, refused, values};
use crate::facts::choices::{Flavour, Platform};
use crate::facts::consequences::Effect;
use crate::facts::parameters;
use crate::facts::settled::AS_HIGH_AS_ON_THE_PRIMARY;
use crate::facts::settled::{self, Settled};
use crate::origin::Sourced;
use crate::topology::FailoverManager;
use crate::tpa::change::{self, Altered, Restart};
use crate::tpa::renamed;
use crate::tpa::view::Instance;

pub(super) fn add(change: &change::Change<'_>, found: &mut Collector<'_>) {
    match change {
        change::Change::Called(old) => called(old, found),
        change::Change::Gone(machine) => leaving::gone(machine, found),
        change::Change::Renamed { from, to } => renamed(from, to, found),
        change::Change::Renumbered(machines) => {
            for one in machines {
                let change = Change {
                    old: found.old_text(Some(&number(one.from, one.machine))),
                    new: found.new_text(Some(&one.to.map(|number| number.to_string()))),
                    ..said(
                        Effect::Manual,
                        "node",
                        "repmgr knows a machine by its number: register it again, or write the old one",
                    )
                };
                found.on(&one.machine.name.value, change);
                by_hand::renumbered(one.machine, one.from, found);
            }
        }
        change::Change::Replatformed { from, to } => {
            let change = Change {
                old: found.old_text(Some(&platform(from))),
                new: found.new_text(Some(&platform(to))),
                ..said(
                    Effect::Replace,
                    "platform",
                    "TPA takes or makes a machine there, without the data; the old one runs on",
                )
            };
            found.on(&to.name.value, change);
        }
        change::Change::Settled(what, altered) => settled(*what, altered, found),
        // Compared with all other variables and keys of config.yml.
        change::Change::EfmVersion(_) | change::Change::Network(..) => {}
        change::Change::Restart(restart) => restarts(restart, found),
        change::Change::Servers { from, to, limits } => servers(*from, *to, limits, found),
    }
}

fn called(old: &Sourced<String>, found: &mut Collector<'_>) {
    let change = Change {
        old: found.old_text(Some(old)),
        new: found.new_text(found.now.subject.name.as_ref()),
        ..said(
            Effect::Replace,
            "cluster_name",
            "TPA knows a cluster by its name: it makes new keys and passwords, on aws and docker new machines too, and the old ones run on",
        )
    };
    found.common(change);
    found.by_hand(
        format!(
            "`{}` is another cluster than `{}`",
            super::collect::cluster_name(found.now.subject),
            old.value
        ),
        vec![
            format!("keep the name `{}`, or", old.value),
            "make the new cluster beside the old one, and move the data".to_owned(),
            format!("`tpaexec deprovision` the old one, `{}`", old.value),
        ],
    );
}

fn number(number: i64, machine: &Instance) -> Sourced<String> {
    Sourced::new(number.to_string(), machine.at_key("node"))
}

/// Most machines have it from a default of the cluster, which has no place: the machine itself is that.
fn platform(machine: &Instance) -> Sourced<String> {
    Sourced::new(machine.platform.value.clone(), machine.name.origin)
}

fn renamed(from: &Instance, to: &Instance, found: &mut Collector<'_>) {
    let stays = change::stays(found.now.subject, from, to);
    let (effect, says) = match to.known_platform() {
        Some(Platform::Aws) if stays => (
            Effect::Manual,
            "with Terraform the machine stays, by a `moved` block, while `tpaexec provision` makes another one; what it has registered keeps the old name",
        ),
        Some(Platform::Bare | Platform::Aws | Platform::Docker) | None if stays => (
            Effect::Manual,
            "TPA renames nothing: replication slots, backups and the failover manager keep the old name, which looks lost to them",
        ),
        Some(_) | None => (
            Effect::Create,
            "TPA knows a machine by its name: it makes another one, and the old one runs on",
        ),
    };
    let change = Change {
        old: found.old_text(Some(&from.name)),
        new: found.new_text(Some(&to.name)),
        ..said(effect, "Name", says)
    };
    found.on(&to.name.value, change);
    let (old, new) = (&from.name.value, &to.name.value);
    let steps = if stays {
        renamed::steps(found.now.subject, to, old)
    } else {
        let left = said(
            Effect::Refused,
            "Name",
            "Terraform takes no machine away, unless `was` says that it is the same one; TPA leaves it running",
        );
        found.on(old, left);
        vec![
            format!("keep the name `{old}`, or"),
            format!("write `was = {old}` at `{new}`, if it is the same machine, or"),
            format!("add `{new}` as another machine, and deploy"),
            format!("take `{old}` out when `{new}` has caught up"),
        ]
    };
    found.by_hand(
        format!("TPA renames nothing: `{old}` is `{new}` now"),
        steps,
    );
}

fn settled(what: Settled, altered: &Altered<'_>, found: &mut Collector<'_>) {
    let is_patroni = found.now.subject.failover_manager() == Some(FailoverManager::Patroni);
    let change = Change {
        old: found.old_text(altered.from.as_ref()),
        new: found.new_text(altered.to.as_ref()),
        ..said(
            what.changed().effect,
            what.name(),
            what.consequence(is_patroni),
        )
    };
    found.on_each(&altered.machines, &change);
    by_hand::settled(what, altered, found);
}

fn restarts(restart: &Restart<'_>, found: &mut Collector<'_>) {
    let subject = found.now.subject;
    let is_patroni = subject.failover_manager() == Some(FailoverManager::Patroni);
    let cause = if restart.is_variable {
        restart.name.clone()
    } else {
        format!("postgres_conf_settings.{}", restart.name)
    };
    let major = subject.major();
    let to = restart.altered.to.as_ref();
    if let Some(says) = to.and_then(|to| refused::text(&restart.name, &to.value, found)) {
        let change = Change {
            old: found.old_text_at(&cause, restart.altered.from.as_ref()),
            new: found.new_text_at(&cause, to),
            ..said(Effect::Manual, cause, says)
        };
        found.on_each(&restart.altered.machines, &change);
        return;
    }
    if is_patroni && patroni::is_kept_in_etcd(&restart.name) {
        patroni::parameter(restart, &cause, found);
        return;
    }
    let flavour = subject.flavour().unwrap_or(Flavour::DEFAULT);
    // EDB's flavours have parameters of their own, which are in no table.
    let is_edbs = parameters::is_of_edb(&restart.name) && flavour != Flavour::Postgresql;
    let is_known = restart.is_variable
        || is_edbs
        || parameters::module(&restart.name).is_some()
        || parameters::find(&restart.name, major).is_some();
    let machines = restart.altered.machines.iter();
    let hidden = machines.map(|machine| values::hidden(&restart.name, subject, machine));
    // Nothing comes before something: hidden is only what all of them hide.
    let hidden = hidden.min().flatten().filter(|_| restart.is_variable);
    let (effect, says) = if let Some((effect, says)) = hidden {
        (effect, says.to_owned())
    } else if is_known {
        (Effect::Restart, restart.consequence(major).to_owned())
    } else {
        let says = format!(
            "m1c does not know this parameter in Postgres {major}; if Postgres does not either, it does not start"
        );
        (Effect::Unknown, says)
    };
    let change = Change {
        old: found.old_text_at(&cause, restart.altered.from.as_ref()),
        new: found.new_text_at(&cause, restart.altered.to.as_ref()),
        ..said(effect, cause, says)
    };
    found.on_each(&restart.altered.machines, &change);
    if is_patroni {
        found.waits(None);
    } else if hidden.is_none() && AS_HIGH_AS_ON_THE_PRIMARY.contains(&restart.name.as_str()) {
        let value = restart.altered.to.as_ref();
        let value = value.map_or("TPA's own value", |to| to.value.as_str());
        let turn = Turn::of(restart.is_lower);
        let limit = Limit::new(&restart.name, value, turn, &restart.altered.machines);
        found.limits.extend(limit);
    }
}

fn servers(from: usize, to: usize, limits: &[&str], found: &mut Collector<'_>) {
    let ordered = limits
        .iter()
        .filter(|limit| AS_HIGH_AS_ON_THE_PRIMARY.contains(*limit));
    let values = ordered.filter_map(|limit| {
        let value = settled::unwritten(limit)?.value(to)?;
        Some((*limit, value))
    });
    let values: Vec<_> = values.collect();
    let limits: Vec<String> = limits.iter().map(|limit| format!("`{limit}`")).collect();
    let says = format!(
        "TPA counts the servers of Postgres, {to} in place of {from}, for {}, and restarts Postgres: write them in the cluster's variables to avoid that",
        limits.join(", ")
    );
    let pairs = found.pairs().into_iter().map(|(_, machine)| machine);
    let machines: Vec<&Instance> = pairs.filter(|machine| machine.is_data_node()).collect();
    let change = said(Effect::Restart, plan::SERVERS, says);
    found.on_each(&machines, &change);
    for (name, value) in values {
        let turn = Turn::of(Some(to < from));
        found
            .limits
            .extend(Limit::new(name, &value, turn, &machines));
    }
}
