//! Volumes: those of every machine, the Barman nodes' own, and those that single machines have.

use super::layout::Machine;
use super::{Lowering, by_default, errors, free};
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::facts::tables::Platform;
use crate::facts::volumes;
use crate::model::{Block, Entry};
use crate::origin::{Origin, Sourced};
use crate::topology::platform::{Purpose, Volume};
use crate::value::{Data, Key, Map, Value};

/// The defaults on aws, in GB, as in TPA.
const ROOT_SIZE: i64 = 16;
const POSTGRES_SIZE: i64 = 16;
const BARMAN_SIZE: i64 = 32;

const DATA_DEVICE: &str = "/dev/sdf";
const DEFAULT_KIND: &str = "gp2";

/// The EBS type with which TPA removes a volume.
const NO_VOLUME: &str = "none";

/// What the platform's block gives to machines.
pub(super) struct PlatformVolumes {
    platform: Option<Platform>,
    pub(super) every_machine: Vec<Volume>,
    /// Of Barman nodes.
    barman: Option<Volume>,
    /// Whether every line could be understood.
    valid: bool,
}

/// A line of `volumes`.
enum Line {
    Volume(Box<Volume>),
    Removed(Removed),
    Broken,
}

/// What a line with `none` removes: the volume with a purpose, or the `disk` that is this device.
struct Removed {
    purpose: Purpose,
    disk: Option<String>,
}

impl Removed {
    fn is(&self, volume: &Volume) -> bool {
        volume.purpose == self.purpose
            && self
                .disk
                .as_ref()
                .is_none_or(|disk| *disk == volume.device.value)
    }
}

impl<'m> Lowering<'m, '_> {
    pub(super) fn platform_volumes(&mut self, platform: Option<Platform>) -> PlatformVolumes {
        let mut volumes = PlatformVolumes {
            platform,
            every_machine: Vec::new(),
            barman: None,
            valid: true,
        };
        let aws = platform == Some(Platform::Aws);
        if aws {
            let rule = "the default volumes on aws";
            volumes.every_machine = vec![
                ebs(Purpose::Root, "root", ROOT_SIZE, rule),
                ebs(Purpose::Postgres, DATA_DEVICE, POSTGRES_SIZE, rule),
            ];
        }
        let lines: Vec<&'m Entry> = self
            .whole("platform")
            .map_or_else(Vec::new, |block| lines(&block.block));
        let barman = |line: &&&Entry| line.schema.word == "barman";
        for line in lines.iter().filter(|line| !barman(line)) {
            let base = find(&volumes.every_machine, &purpose(line)).cloned();
            match self.line(line, base.as_ref(), platform) {
                Line::Volume(volume) => set(&mut volumes.every_machine, *volume),
                Line::Removed(removed) => {
                    volumes.every_machine.retain(|known| !removed.is(known));
                }
                Line::Broken => volumes.valid = false,
            }
        }
        let data = find(&volumes.every_machine, &Purpose::Postgres);
        let base = data.map(|data| for_backups(data, aws));
        volumes.barman = match lines.iter().find(barman) {
            Some(line) => match self.line(line, base.as_ref(), platform) {
                Line::Volume(volume) => Some(*volume),
                Line::Removed(_) => None,
                Line::Broken => {
                    volumes.valid = false;
                    None
                }
            },
            // On bare nothing is mounted that is not written.
            None => base.filter(|_| aws),
        };
        volumes
    }

    /// The volumes of one machine beside those of every machine.
    pub(super) fn machine_volumes(
        &mut self,
        machine: &Machine<'m>,
        platform: &PlatformVolumes,
    ) -> Option<Vec<Volume>> {
        let mut volumes: Vec<Volume> = Vec::new();
        if machine.kind == Kind::Barman
            || (machine.kind == Kind::Node && machine.has_role(Role::Barman))
        {
            volumes.extend(platform.barman.clone());
        }
        let lines = machine
            .entry
            .map_or_else(Vec::new, |entry| lines(&entry.block));
        let mut valid = platform.valid;
        for line in lines {
            let purpose = purpose(line);
            let base = find(&volumes, &purpose)
                .or(find(&platform.every_machine, &purpose))
                .cloned();
            match self.line(line, base.as_ref(), platform.platform) {
                Line::Volume(volume) => set(&mut volumes, *volume),
                Line::Removed(removed) => {
                    volumes.retain(|known| !removed.is(known));
                    let given = platform
                        .every_machine
                        .iter()
                        .find(|known| removed.is(known));
                    volumes.extend(given.map(without));
                }
                Line::Broken => valid = false,
            }
        }
        valid.then_some(volumes)
    }

    fn removed(&mut self, entry: &Entry, purpose: Purpose) -> Line {
        let is_disk = purpose == Purpose::Disk;
        let device = entry.block.text("device").filter(|_| is_disk);
        if is_disk && device.is_none() {
            if !entry.block.holes {
                self.report(entry.at, |at| {
                    errors::volume_without_device(at, entry.schema.word)
                });
            }
            return Line::Broken;
        }
        Line::Removed(Removed {
            purpose,
            disk: device.map(|device| device.value.to_owned()),
        })
    }

    /// One line; what it does not say is as in `base`.
    fn line(&mut self, entry: &Entry, base: Option<&Volume>, platform: Option<Platform>) -> Line {
        let purpose = purpose(entry);
        let aws = platform == Some(Platform::Aws);
        let label = entry
            .labels
            .get(usize::from(entry.schema.word == "tablespace"));
        let size = match label.map(|label| (&label.data, label.origin)) {
            Some((Data::Null, _)) => return self.removed(entry, purpose),
            Some((Data::Integer(size), origin)) => Some(Sourced::new(*size, origin)),
            Some(_) | None => None,
        };
        let word = entry.schema.word;
        match size {
            None if aws => {
                self.report(entry.at, |at| errors::volume_without_size(at, word));
                return Line::Broken;
            }
            Some(size) if platform == Some(Platform::Bare) => {
                self.report(size.origin, errors::size_on_bare);
                return Line::Broken;
            }
            Some(_) | None => {}
        }
        let block = &entry.block;
        let by_purpose = || match purpose {
            Purpose::Root => Some(by_default(
                "root".to_owned(),
                "the device of the root volume",
            )),
            Purpose::Postgres | Purpose::Barman => Some(by_default(
                DATA_DEVICE.to_owned(),
                "the device of data volumes",
            )),
            Purpose::Wal | Purpose::Tablespace(_) | Purpose::Disk => None,
        };
        let device = block.text("device").map(Sourced::to_owned);
        let device = device
            .or_else(|| base.map(|base| base.device.clone()))
            .or_else(by_purpose);
        let Some(device) = device else {
            if !block.holes {
                self.report(entry.at, |at| errors::volume_without_device(at, word));
            }
            return Line::Broken;
        };
        let kind = block.text("type").map(Sourced::to_owned);
        let default_kind = || by_default(DEFAULT_KIND.to_owned(), "the default type of volumes");
        let mut vars = base.map_or_else(Map::default, |base| base.vars.clone());
        vars.merge(free(Some(entry), "vars"));
        let mut settings = base.map_or_else(Map::default, |base| base.settings.clone());
        settings.merge(free(Some(entry), "settings"));
        // What a type can do is not what another can.
        let known = base.and_then(|base| base.kind.as_ref());
        let is_same_kind = kind.as_ref().is_none_or(|kind| known == Some(kind));
        let base_iops = base.and_then(|base| base.iops).filter(|_| is_same_kind);
        let kind = kind.or_else(|| known.cloned());
        let encrypted = block
            .boolean("encrypted")
            .or_else(|| base.and_then(|base| base.encrypted));
        Line::Volume(Box::new(Volume {
            purpose,
            device,
            size,
            kind: aws.then(|| kind.unwrap_or_else(default_kind)),
            encrypted: aws
                .then(|| encrypted.unwrap_or_else(|| by_default(true, "volumes are encrypted"))),
            iops: block.integer("iops").or(base_iops),
            vars,
            settings,
        }))
    }
}

fn lines(block: &Block) -> Vec<&Entry> {
    let volumes = block.entry("volumes").filter(|volumes| !volumes.broken);
    let lines = volumes.map_or(&[][..], |volumes| volumes.block.entries.as_slice());
    lines.iter().filter(|line| !line.broken).collect()
}

fn purpose(line: &Entry) -> Purpose {
    match line.schema.word {
        "root" => Purpose::Root,
        "postgres" => Purpose::Postgres,
        "wal" => Purpose::Wal,
        "barman" => Purpose::Barman,
        "tablespace" => {
            let name = line.labels.first().and_then(Value::as_text);
            Purpose::Tablespace(name.unwrap_or_default().to_owned())
        }
        _ => Purpose::Disk,
    }
}

/// The volume with a purpose; a `disk` is never the same as another.
fn find<'v>(volumes: &'v [Volume], purpose: &Purpose) -> Option<&'v Volume> {
    let same = |volume: &&Volume| volume.purpose == *purpose && *purpose != Purpose::Disk;
    volumes.iter().find(same)
}

/// Puts a volume in the place of the one with its purpose, or behind the others.
fn set(volumes: &mut Vec<Volume>, volume: Volume) {
    let known = volumes
        .iter_mut()
        .find(|known| known.purpose == volume.purpose && volume.purpose != Purpose::Disk);
    match known {
        Some(known) => *known = volume,
        None => volumes.push(volume),
    }
}

fn ebs(purpose: Purpose, device: &str, size: i64, rule: &'static str) -> Volume {
    Volume {
        purpose,
        device: by_default(device.to_owned(), rule),
        size: Some(by_default(size, rule)),
        kind: Some(by_default(DEFAULT_KIND.to_owned(), rule)),
        encrypted: Some(by_default(true, rule)),
        iops: None,
        vars: Map::default(),
        settings: Map::default(),
    }
}

/// The volume for backups where nothing else is written: kept and encrypted as the one for data is, but as fast as its
/// type is by default, and without what belongs to the data.
fn for_backups(data: &Volume, aws: bool) -> Volume {
    let needs_iops = |kind: &Sourced<String>| {
        let known = volumes::volume_type(&kind.value);
        known
            .and_then(|known| known.iops)
            .is_some_and(|iops| iops.are_required)
    };
    let kind = match &data.kind {
        Some(kind) if needs_iops(kind) => Some(by_default(
            volumes::TYPE_FOR_BACKUPS.to_owned(),
            "the type of Barman's volume where that of the data needs `iops`",
        )),
        kind => kind.clone(),
    };
    Volume {
        purpose: Purpose::Barman,
        device: data.device.clone(),
        size: aws.then(|| by_default(BARMAN_SIZE, "the default size of Barman's volume")),
        kind,
        encrypted: data.encrypted,
        iops: None,
        vars: without_keys(&data.vars, volumes::VARIABLES_OF_DATA),
        settings: without_keys(&data.settings, volumes::KEYS_OF_DATA),
    }
}

fn without_keys(map: &Map, keys: &[&str]) -> Map {
    let mut rest = Map::default();
    for ((key, value), at) in map.iter().zip(map.places()) {
        if !matches!(key, Key::Text(name) if keys.contains(&name.as_str())) {
            rest.set_at(key.clone(), at, value.clone());
        }
    }
    rest
}

/// The entry that removes a volume of every machine from one.
fn without(volume: &Volume) -> Volume {
    Volume {
        purpose: volume.purpose.clone(),
        device: volume.device.clone(),
        size: None,
        kind: Some(Sourced::new(
            NO_VOLUME.to_owned(),
            Origin::Default("the volume is removed"),
        )),
        encrypted: None,
        iops: None,
        vars: Map::default(),
        settings: Map::default(),
    }
}
