use crate::diagnostic::Level;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks, networks, words};
use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::truth;
use crate::tpa::view::{Instance, Subject, Written};
use crate::tpa::view::{places, settings};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds data nodes on AWS without a volume of their own for the data, with an unencrypted one, with one that is a
    /// disk of the machine itself, and (as an advice) with one that AWS deletes together with the machine, or that TPA
    /// does not attach to a machine that is made again.
    ///
    /// ## Why is this bad?
    ///
    /// Without a volume the data shares the root disk with the system, and a full log stops the database. What is not
    /// encrypted can be read from every snapshot. What is deleted with its machine is lost when somebody terminates the
    /// machine, and `tpaexec rehydrate`, which replaces the machine and keeps the volume, cannot be used.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     volumes {
    ///       postgres 100GB { encrypted = false; settings { delete_on_termination = false; attach_existing = true } }
    ///     }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     volumes {
    ///       postgres 100GB { settings { delete_on_termination = false; attach_existing = true } }
    ///     }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static DATA_VOLUME_RISK = {
        name: "data-volume-risk",
        level: Warning,
        summary: "data on a disk where it is not safe",
        consequence: "the data is lost or read by others, long after `tpaexec deploy`",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut seen: Vec<Span> = Vec::new();
    let mut without: Vec<&Instance> = Vec::new();
    for instance in networks::on_aws(subject).filter(|instance| instance.is_data_node()) {
        let Some(volume) = instance.volumes.iter().find(|volume| is_for_data(volume)) else {
            without.push(instance);
            continue;
        };
        let device = volume.get("device_name").map(|device| device.origin);
        let at = places::or(device.unwrap_or(instance.at), subject.at);
        // A default volume of all machines is judged once.
        if seen.contains(&at.place()) {
            continue;
        }
        seen.push(at.place());
        judge(subject, instance, volume, at, findings);
    }
    missing(subject, &without, findings);
}

fn is_for_data(volume: &Map) -> bool {
    let is_root = networks::text(volume, "device_name") == Some("root");
    disks::purpose(volume) == Some(VolumeFor::Data) && !is_root
}

/// Machines whose data shares the root disk: said once.
fn missing(subject: &Subject, without: &[&Instance], findings: &mut Of<'_>) {
    // A volume that is mounted by hand may hold the data.
    let is_mounted = |instance: &Instance| {
        instance.volumes.iter().any(|volume| {
            let vars = volume.get("vars").and_then(Value::as_map);
            let is_root = networks::text(volume, "device_name") == Some("root");
            !is_root && vars.is_some_and(|vars| vars.get("mountpoint").is_some())
        })
    };
    let on_root: Vec<&Instance> = without
        .iter()
        .copied()
        .filter(|instance| !is_mounted(instance))
        // Two volumes on one device are another rule's.
        .filter(|instance| !disks::is_hidden(&subject.defaults, instance, VolumeFor::Data))
        .collect();
    let [first, others @ ..] = on_root.as_slice() else {
        return;
    };
    let place = |instance: &Instance| {
        let machine = places::of_entry(&instance.own, instance.at);
        let volumes = instance.entry.get("volumes");
        places::or(volumes.map_or(machine, |volumes| volumes.origin), machine)
    };
    let names: Vec<&str> = on_root
        .iter()
        .map(|instance| instance.name.value.as_str())
        .collect();
    let finding = findings
        .at(
            first.entity(),
            place(first),
            format!("the data of {} is on the root disk", words::list(&names)),
        )
        .key("volumes")
        .label("no volume for the data")
        .consequence("logs and data fill one disk, and the data is lost with the machine")
        .help(match subject.written {
            Written::Source if first.own.get("volumes").is_some() => {
                "remove it: the machine then has the volumes of all"
            }
            Written::Source => "write `volumes { postgres 100GB }` in the platform's block",
            Written::Config => "add a volume with `volume_for: postgres_data` to `default_volumes`",
        });
    for other in others.iter().take(5) {
        finding.related(place(other), "this one too");
    }
}

fn judge(subject: &Subject, instance: &Instance, volume: &Map, at: Origin, findings: &mut Of<'_>) {
    if volume.get("ephemeral").is_some() && volume.get("volume_size").is_none() {
        findings
            .at(
                instance.entity(),
                at,
                format!(
                    "the data of `{}` is on a disk of the machine itself",
                    instance.name.value
                ),
            )
            .key("volumes/ephemeral")
            .label("empty after every stop")
            .consequence("the data is gone when the machine is stopped or moved")
            .help("keep the data on a volume of EBS, and only what can be recreated on this one");
        return;
    }
    let encrypted = volume.get("encrypted");
    if !settings::is_true(encrypted)
        && encrypted
            .and_then(Value::as_text)
            .is_none_or(|text| !text.contains("{{"))
    {
        findings
            .at(
                instance.entity(),
                places::or(encrypted.map_or(at, |value| value.origin), at),
                "the volume with the data is not encrypted",
            )
            .key("volumes/encrypted")
            .label("readable")
            .consequence("whoever gets a snapshot or a copy of the volume reads the data")
            .help(words::say(
                subject,
                "leave `encrypted` out: it is true then",
                "add `encrypted: true`; an existing volume is copied for that",
            ));
    }
    let deleted = volume.get("delete_on_termination");
    let is_deleted = deleted.and_then(truth::module_bool) != Some(false);
    let is_attached = settings::is_true(volume.get("attach_existing"));
    if !is_deleted && !is_attached {
        findings
            .at(
                instance.entity(),
                at,
                "TPA does not attach the volume with the data to a new machine",
            )
            .key("volumes/attach_existing")
            .label("kept, and not found again")
            .level(Level::Advice)
            .consequence("a machine that is made again gets an empty volume, and `tpaexec rehydrate` cannot be used")
            .help(match subject.written {
                Written::Source => in_volume(instance, volume, "settings { attach_existing = true }"),
                Written::Config => "add `attach_existing: true` to the volume".to_owned(),
            });
    } else if is_deleted {
        findings
            .at(
                instance.entity(),
                places::or(deleted.map_or(at, |value| value.origin), at),
                "AWS deletes the volume with the data together with its machine",
            )
            .key("volumes/delete_on_termination")
            .label("not kept")
            .level(Level::Advice)
            .consequence(
                "terminating a machine destroys its data, and `tpaexec rehydrate` cannot be used",
            )
            .help(match subject.written {
                Written::Source => in_volume(
                    instance,
                    volume,
                    "settings { delete_on_termination = false; attach_existing = true }",
                ),
                Written::Config => {
                    "add `delete_on_termination: false` and `attach_existing: true` to the volume"
                        .to_owned()
                }
            });
    }
}

/// The statement that sets something in the volume with the data, where a source has it.
fn in_volume(instance: &Instance, volume: &Map, setting: &str) -> String {
    let size = volume.get("volume_size").and_then(Value::spelling);
    let home = if instance.own.get("volumes").is_some() {
        "in the machine"
    } else {
        "in the platform's block"
    };
    let size = size.unwrap_or_else(|| "100".to_owned());
    format!("write `volumes {{ postgres {size}GB {{ {setting} }} }}` {home}")
}
