mod speed;

use crate::diagnostic::Level;
use crate::facts::instance_types;
use crate::facts::volumes::{self, VolumeFor, VolumeType};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks, networks, scopes, words};
use crate::origin::Origin;
use crate::tpa::view::Subject;
use crate::tpa::view::{Entity, places, settings};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds volumes on aws that AWS or TPA's provisioning refuses: without a size, of a size that their type does not
    /// have, with `iops` on a type that takes none, without on one that needs them, or with more than its size allows, a
    /// root volume with a purpose, a disk of the machine's own on a type that has none.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` writes what it is told. `tpaexec provision` computes the devices of every machine and fails,
    /// or AWS does, after the networks have been made.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     volumes { postgres 100GB { type = io2 } }
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
    ///     volumes { postgres 100GB { type = io2; iops = 4000 } }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static AWS_VOLUME_SPEC = {
        name: "aws-volume-spec",
        level: Error,
        summary: "a volume that AWS cannot make",
        consequence: "`tpaexec provision` fails when it makes the machines",
    }
}

/// Keys of a volume that make it one of EBS.
const EBS: &[&str] = &[
    "encrypted",
    "iops",
    "snapshot",
    "volume_size",
    "volume_type",
];

/// A volume and where it is judged.
struct Judged<'s> {
    entity: &'s Entity,
    map: &'s Map,
    device: String,
    /// The device, for what is missing.
    at: Origin,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for (entity, map) in scopes::volumes(subject) {
        if !is_on_aws(subject, &entity) {
            continue;
        }
        let device = map.get("device_name");
        let volume = Judged {
            entity: &entity,
            map,
            device: device.and_then(Value::spelling).unwrap_or_default(),
            at: places::or(
                device.map_or(subject.at, |device| device.origin),
                subject.at,
            ),
        };
        if is_own_disk(map) {
            own_disk(subject, &volume, findings);
            continue;
        }
        size(subject, &volume, findings);
        speed::iops(subject, &volume, findings);
        speed::throughput(&volume, findings);
        purpose(&volume, findings);
    }
    order(subject, findings);
}

fn is_own_disk(volume: &Map) -> bool {
    volume.get("ephemeral").is_some() && !EBS.iter().any(|key| volume.get(key).is_some())
}

/// A disk of the machine, in the order of devices, before all volumes of EBS: the filter of TPA then reads a variable
/// that it has not set.
fn order(subject: &Subject, findings: &mut Of<'_>) {
    let mut seen: Vec<Origin> = Vec::new();
    for instance in networks::on_aws(subject) {
        let [first, others @ ..] = instance.volumes.as_slice() else {
            continue;
        };
        let Some(next) = others.iter().find(|volume| !is_own_disk(volume)) else {
            continue;
        };
        let (Some(device), Some(ebs)) = (first.get("device_name"), next.get("device_name")) else {
            continue;
        };
        if !is_own_disk(first) || seen.contains(&device.origin) {
            continue;
        }
        seen.push(device.origin);
        findings
            .at(
                instance.entity(),
                places::or(device.origin, subject.at),
                format!(
                    "the disk `{}` of the machine itself comes before all volumes of EBS",
                    device.spelling().unwrap_or_default()
                ),
            )
            .key("volumes/ephemeral")
            .label("the first of the list")
            .related(ebs.origin, "a volume of EBS")
            .consequence("`tpaexec provision` ends with an error of Python")
            .help("write it behind the others");
    }
}

fn is_on_aws(subject: &Subject, entity: &Entity) -> bool {
    networks::on_aws(subject).any(|instance| match entity {
        Entity::Cluster => true,
        Entity::Location(name) => subject.location_name(instance) == Some(name),
        Entity::Instance(name) => instance.name.value == *name,
    })
}

fn size(subject: &Subject, volume: &Judged<'_>, findings: &mut Of<'_>) {
    let device = &volume.device;
    let Some(value) = volume.map.get("volume_size") else {
        findings
            .at(
                volume.entity.clone(),
                volume.at,
                format!("the volume `{device}` has no size"),
            )
            .key("volumes/volume_size")
            .label("how large?")
            .help(words::say(
                subject,
                "write the size after the purpose, for example `postgres 100GB`",
                "add `volume_size` with the size in GB",
            ));
        return;
    };
    let (Some(size), Some(kind)) = (
        settings::number(Some(value)),
        networks::text(volume.map, "volume_type"),
    ) else {
        return;
    };
    // No size would make a disk of this type one to start from.
    if volume.device == "root" && is_hard_disk(kind) {
        return;
    }
    let Some(VolumeType {
        smallest, largest, ..
    }) = volumes::volume_type(kind)
        .filter(|known| !(known.smallest..=known.largest).contains(&size.value))
    else {
        return;
    };
    let at_kind = origin_of(volume, "volume_type");
    findings
        .at(
            volume.entity.clone(),
            places::or(value.origin, places::or(at_kind, volume.at)),
            format!(
                "a volume of type {kind} has {smallest} to {largest} GB, and `{device}` has {}",
                size.value
            ),
        )
        .key("volumes/volume_size")
        .label("not a size of this type")
        .help(format!(
            "choose a size from {smallest} to {largest} GB, or another type"
        ));
}

fn origin_of(volume: &Judged<'_>, key: &str) -> Origin {
    let value = volume.map.get(key);
    places::or(value.map_or(volume.at, |value| value.origin), volume.at)
}

fn is_hard_disk(kind: &str) -> bool {
    volumes::volume_type(kind).is_some_and(|known| known.is_hard_disk)
}

fn purpose(volume: &Judged<'_>, findings: &mut Of<'_>) {
    let vars = volume.map.get("vars").and_then(Value::as_map);
    let of = |key: &str| vars.and_then(|vars| vars.get(key));
    let purpose = of("volume_for").or_else(|| of("mountpoint"));
    let is_root = volume.device == "root";
    if let Some(purpose) = purpose.filter(|_| is_root) {
        findings
            .at(
                volume.entity.clone(),
                places::or(purpose.origin, volume.at),
                "the root volume has a purpose or a mount point",
            )
            .key("volumes/vars")
            .label("it is mounted already")
            .help("add a volume of its own for it, and leave the root volume to the system");
    }
    let kind = volume.map.get("volume_type");
    let Some(name) = kind
        .and_then(Value::as_text)
        .filter(|kind| is_hard_disk(kind))
    else {
        return;
    };
    let holds_data = disks::purpose(volume.map) == Some(VolumeFor::Data);
    if !is_root && !holds_data {
        return;
    }
    let at = places::or(kind.map_or(volume.at, |kind| kind.origin), volume.at);
    let finding = findings
        .at(
            volume.entity.clone(),
            at,
            format!("`{}` is a hard disk, type {name}", volume.device),
        )
        .key("volumes/volume_type");
    if is_root {
        finding
            .label("no system starts from it")
            .help("take type gp3");
    } else {
        finding
            .label("for large files that are read in sequence")
            .level(Level::Warning)
            .consequence("every random read waits for a disk's arm: Postgres is slow forever")
            .help("take type gp3, or io2 where latency matters");
    }
}

/// A disk that is built into the machine.
fn own_disk(subject: &Subject, volume: &Judged<'_>, findings: &mut Of<'_>) {
    let without = networks::on_aws(subject).find_map(|instance| {
        let has = instance
            .volumes
            .iter()
            .any(|other| networks::text(other, "device_name") == Some(volume.device.as_str()));
        let kind = networks::text(&instance.entry, "type")?;
        (has && instance_types::has_no_disks(kind)).then_some((instance, kind))
    });
    let Some((instance, kind)) = without else {
        return;
    };
    findings
        .at(
            volume.entity.clone(),
            volume.at,
            format!("a machine of type `{kind}` has no disk of its own for `{}`", volume.device),
        )
        .key("volumes/ephemeral")
        .label("no instance store")
        .related(instance.at_key("type"), "this type")
        .help("take a type with disks, which has a `d` in its name (\"m6id.large\"), or a volume of EBS");
}
