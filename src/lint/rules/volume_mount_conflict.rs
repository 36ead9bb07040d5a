use std::collections::BTreeSet;

use crate::diagnostic::Level;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks};
use crate::origin::Origin;
use crate::tpa::view::places;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds volumes of one machine that are mounted in the same place or have the same purpose, mount points that are
    /// no absolute paths, data directories outside of the volume that is meant for them, and encrypted volumes beside
    /// plain ones.
    ///
    /// ## Why is this bad?
    ///
    /// TPA mounts one volume after the other. The second hides the first; a data directory outside of its volume fills
    /// the root disk, while the large volume stays empty. No tool reports either.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare { volumes { postgres { device = "/dev/sdb" } } }
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    ///   vars { postgres_data_dir = "/srv/postgres/data" }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare {
    ///     volumes { postgres { device = "/dev/sdb"; vars { mountpoint = "/srv/postgres" } } }
    ///   }
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    ///   vars { postgres_data_dir = "/srv/postgres/data" }
    /// }
    /// ```
    pub(super) static VOLUME_MOUNT_CONFLICT = {
        name: "volume-mount-conflict",
        level: Error,
        summary: "volumes that get in each other's way",
        consequence: "`tpaexec deploy` mounts one over the other, and the data lands on a disk that is not meant for it",
    }
}

/// Variables that name directories, and the purpose of the volumes that they should be on.
const DIRECTORIES: [(&str, VolumeFor); 3] = [
    ("postgres_data_dir", VolumeFor::Data),
    ("postgres_wal_dir", VolumeFor::Wal),
    ("barman_home", VolumeFor::Backups),
];

/// A volume that TPA mounts.
struct Mounted {
    device: String,
    purpose: Option<VolumeFor>,
    mountpoint: String,
    encrypted: bool,
    at: Origin,
    /// Where it is mounted, if that is written.
    at_mountpoint: Origin,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // What all machines inherit is said once.
    let mut seen = BTreeSet::new();
    for instance in &subject.instances {
        let volumes: Vec<Mounted> = instance
            .volumes
            .iter()
            .filter_map(|volume| mounted(instance, volume))
            .collect();
        let mut is_new = |about: &'static str, at: Origin| seen.insert((about, at.place()));
        for (index, volume) in volumes.iter().enumerate() {
            let is_path = volume.mountpoint.starts_with('/') || volume.mountpoint.contains("{{");
            if !is_path && is_new("path", volume.at) {
                relative(instance, volume, findings);
            }
            let first = volumes
                .iter()
                .take(index)
                .find(|first| collide(first, volume));
            if let Some(first) = first.filter(|_| is_new("conflict", volume.at)) {
                conflict(instance, first, volume, findings);
            }
        }
        for place in DIRECTORIES {
            directory(subject, instance, (&volumes, place), &mut is_new, findings);
        }
        encryption(instance, &volumes, &mut is_new, findings);
    }
}

fn collide(first: &Mounted, second: &Mounted) -> bool {
    // A machine has as many tablespaces as it likes.
    let is_for_one = !matches!(second.purpose, None | Some(VolumeFor::Tablespace));
    first.mountpoint == second.mountpoint || (is_for_one && first.purpose == second.purpose)
}

fn relative(instance: &Instance, volume: &Mounted, findings: &mut Of<'_>) {
    findings
        .at(
            instance.entity(),
            volume.at_mountpoint,
            format!(
                "the mount point `{}` is not an absolute path",
                volume.mountpoint
            ),
        )
        .key("volumes/vars/mountpoint")
        .label("not a path from the root")
        .help("begin it with `/`");
}

fn mounted(instance: &Instance, volume: &Map) -> Option<Mounted> {
    let vars = volume.get("vars")?.as_map()?;
    let purpose = disks::purpose(volume);
    let written = vars.get("mountpoint");
    let mountpoint = match (written.and_then(Value::as_text), purpose) {
        (Some("/"), _) => "/".to_owned(),
        (Some(mountpoint), _) => mountpoint.trim_end_matches('/').to_owned(),
        (None, Some(purpose @ (VolumeFor::Data | VolumeFor::Wal | VolumeFor::Backups))) => {
            purpose.mountpoint().to_owned()
        }
        (None, Some(purpose @ VolumeFor::Tablespace)) => {
            let name = vars.get("tablespace_name").and_then(Value::spelling)?;
            format!("{}/{name}", purpose.mountpoint())
        }
        (None, None) => return None,
    };
    let device = volume.get("device_name");
    let name = device.and_then(Value::spelling).unwrap_or_default();
    // What is on the root volume is judged by another rule.
    if name == "root" {
        return None;
    }
    let at = places::or(
        device.map_or(instance.at, |device| device.origin),
        places::of_entry(&instance.own, instance.at),
    );
    Some(Mounted {
        device: name,
        purpose,
        mountpoint,
        encrypted: disks::is_encrypted_by_luks(volume),
        at,
        at_mountpoint: places::or(written.map_or(at, |written| written.origin), at),
    })
}

fn conflict(instance: &Instance, first: &Mounted, second: &Mounted, findings: &mut Of<'_>) {
    let name = &instance.name.value;
    let what = if first.mountpoint == second.mountpoint {
        format!("mounted at `{}`", second.mountpoint)
    } else {
        let purpose = second.purpose.map_or("", VolumeFor::name);
        format!("for {purpose}")
    };
    findings
        .at(
            instance.entity(),
            second.at,
            format!(
                "the volumes `{}` and `{}` of `{name}` are both {what}",
                first.device, second.device
            ),
        )
        .key("volumes")
        .label("the second")
        .related(first.at, "the first")
        .help("give one of them another purpose or mount point, or remove it");
}

/// A directory that has a volume of its own is on it.
fn directory(
    subject: &Subject,
    instance: &Instance,
    (volumes, (variable, purpose)): (&[Mounted], (&'static str, VolumeFor)),
    is_new: &mut impl FnMut(&'static str, Origin) -> bool,
    findings: &mut Of<'_>,
) {
    let Some(value) = subject.variable_of(instance, variable) else {
        return;
    };
    let Some(directory) = value.as_text().filter(|text| !text.contains("{{")) else {
        return;
    };
    let is_on = |volume: &Mounted| {
        let rest = directory.strip_prefix(volume.mountpoint.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let meant = volumes
        .iter()
        .find(|volume| volume.purpose == Some(purpose));
    let Some(meant) = meant.filter(|_| !volumes.iter().any(is_on)) else {
        return;
    };
    let at = places::or(value.origin, meant.at);
    // Barman's home beside the usual place of its volume is `barman-silent-noops`'s.
    let is_usual = purpose == VolumeFor::Backups && meant.mountpoint == purpose.mountpoint();
    if is_usual || !is_new(variable, at) {
        return;
    }
    findings
        .at(
            instance.entity(),
            at,
            format!(
                "`{variable}` is `{directory}`, and the volume for it is mounted at `{}`",
                meant.mountpoint
            ),
        )
        .key(format!("vars/{variable}"))
        .label("not on its volume")
        .related(meant.at, "this volume stays empty")
        .consequence("the data lands on the root disk and fills it, and nothing says so")
        .help("set `mountpoint` in the `vars` of the volume to a directory above it, or leave the variable out");
}

fn encryption(
    instance: &Instance,
    volumes: &[Mounted],
    is_new: &mut impl FnMut(&'static str, Origin) -> bool,
    findings: &mut Of<'_>,
) {
    let encrypted = volumes.iter().find(|volume| volume.encrypted);
    let plain = volumes
        .iter()
        .find(|volume| !volume.encrypted && volume.purpose.is_some());
    let (Some(encrypted), Some(plain)) = (encrypted, plain) else {
        return;
    };
    if !is_new("encryption", plain.at) {
        return;
    }
    findings
        .at(
            instance.entity(),
            plain.at,
            format!(
                "`{}` of `{}` is not encrypted, and `{}` is",
                plain.device, instance.name.value, encrypted.device
            ),
        )
        .key("volumes/vars/encryption")
        .label("plain")
        .related(encrypted.at, "encrypted with LUKS")
        .level(Level::Warning)
        .consequence("a part of the data is readable for whoever gets the disk; TPA means to refuse it, and does not")
        .help("set `encryption` to `luks` on every volume with data, or on none");
}
