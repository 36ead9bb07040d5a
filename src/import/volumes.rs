//! Volumes as lines of `volumes`.

use super::Given;
use super::data::is_text;
use super::free::{self, Words, from};
use super::machines::Machine;
use crate::facts::choices::Platform;
use crate::facts::machines::Kind;
use crate::facts::volumes::VolumeFor;
use crate::source::Span;
use crate::syntax::nodes;
use crate::syntax::tree::{Scalar, Statement};
use crate::value::{Data, Map, Value};

const DATA_DEVICE: &str = "/dev/sdf";
const USUAL_TYPE: &str = "gp2";
const USUAL_SIZE: i64 = 16;
const USUAL_BARMAN_SIZE: i64 = 32;

/// A volume, taken apart.
#[derive(Clone, PartialEq)]
struct Volume<'v> {
    word: &'static str,
    /// The name of a tablespace.
    name: Option<&'v str>,
    size: Option<i64>,
    device: &'v str,
    kind: &'v str,
    encrypted: bool,
    iops: Option<i64>,
    vars: Map,
    settings: Map,
    at: Span,
}

fn volume(value: &Value, platform: Platform) -> Option<Volume<'_>> {
    let map = value.as_map()?;
    let aws = platform == Platform::Aws;
    let mut vars = Map::default();
    let mut purpose = None;
    let mut name = None;
    let own = match map.get("vars") {
        Some(vars) => Some(vars.as_map()?),
        None => None,
    };
    for ((key, value), at) in own.into_iter().flat_map(|own| own.iter().zip(own.places())) {
        if is_text(key, "volume_for") {
            purpose = Some(value.as_text()?);
        } else if is_text(key, "tablespace_name") {
            name = Some(value.as_text()?);
        } else {
            vars.set_at(key.clone(), at, value.clone());
        }
    }
    let device = map.get("device_name")?.as_text()?;
    let word = match purpose {
        Some(purpose) => VolumeFor::parse(purpose)?.word(),
        None if device == "root" && name.is_none() => "root",
        None => "disk",
    };
    if (word == VolumeFor::Tablespace.word()) != name.is_some() {
        return None;
    }
    let mut settings = Map::default();
    for ((key, value), at) in map.iter().zip(map.places()) {
        let known = [
            "vars",
            "device_name",
            "volume_size",
            "volume_type",
            "encrypted",
            "iops",
        ];
        let known = if aws {
            &known[..]
        } else {
            &["vars", "device_name"][..]
        };
        if !known.iter().any(|known| is_text(key, known)) {
            settings.set_at(key.clone(), at, value.clone());
        }
    }
    let integer = |key: &str| match map.get(key).map(|value| &value.data) {
        Some(Data::Integer(number)) if *number > 0 => Some(Some(*number)),
        Some(_) => None,
        None => Some(None),
    };
    let (size, iops) = if aws {
        (integer("volume_size")?, integer("iops")?)
    } else {
        (None, None)
    };
    let encrypted = match map.get("encrypted").map(|value| &value.data) {
        Some(Data::Boolean(encrypted)) => *encrypted,
        _ if aws => return None,
        _ => true,
    };
    let kind = match map.get("volume_type").map(Value::as_text) {
        Some(Some(kind)) => kind,
        _ if aws => return None,
        _ => USUAL_TYPE,
    };
    if aws && size.is_none() {
        return None;
    }
    Some(Volume {
        word,
        name,
        size,
        device,
        kind,
        encrypted,
        iops,
        vars,
        settings,
        at: value.origin.place(),
    })
}

/// The line of a volume, which says what `base` does not.
fn line(volume: &Volume<'_>, base: Option<&Volume<'_>>) -> Option<Statement> {
    let mut labels: Vec<Scalar> = volume.name.into_iter().map(nodes::name).collect();
    labels.extend(volume.size.map(nodes::size));
    let mut block = Vec::new();
    let usual_device = base.map(|base| base.device).or(match volume.word {
        "root" => Some("root"),
        "postgres" | "barman" => Some(DATA_DEVICE),
        _ => None,
    });
    if usual_device != Some(volume.device) {
        block.push(nodes::setting("device", nodes::text(volume.device)));
    }
    if base.map_or(USUAL_TYPE, |base| base.kind) != volume.kind {
        block.push(nodes::setting("type", nodes::name(volume.kind)));
    }
    if base.is_none_or(|base| base.encrypted) != volume.encrypted {
        let encrypted = nodes::word(if volume.encrypted { "true" } else { "false" });
        block.push(nodes::setting("encrypted", encrypted));
    }
    match (base.and_then(|base| base.iops), volume.iops) {
        (usual, own) if usual == own => {}
        (_, Some(iops)) => block.push(nodes::setting("iops", nodes::number(iops))),
        // What the base says stays.
        (Some(_) | None, None) => return None,
    }
    // Maps merge, so that nothing of the base's goes away.
    for (word, own, usual) in [
        ("vars", &volume.vars, base.map(|base| &base.vars)),
        (
            "settings",
            &volume.settings,
            base.map(|base| &base.settings),
        ),
    ] {
        let rest = super::data::rest(usual.unwrap_or(&Map::default()), own);
        if !rest.omit.is_empty() {
            return None;
        }
        block.extend(free::block(word, &rest.over, Words::Bare));
    }
    let statement = nodes::short_entry(volume.word, labels, block);
    Some(from(statement, volume.at))
}

fn usual(word: &'static str, device: &'static str) -> Volume<'static> {
    Volume {
        word,
        name: None,
        size: Some(USUAL_SIZE),
        device,
        kind: USUAL_TYPE,
        encrypted: true,
        iops: None,
        vars: Map::default(),
        settings: Map::default(),
        at: Span::NONE,
    }
}

fn list<'v>(map: &'v Map, key: &str, platform: Platform) -> Option<Vec<Volume<'v>>> {
    let volumes = map.get(key)?.as_list()?;
    volumes
        .iter()
        .map(|value| volume(value, platform))
        .collect()
}

fn is_same(one: &Volume<'_>, other: &Volume<'_>) -> bool {
    let place = Span::NONE;
    Volume {
        at: place,
        ..one.clone()
    } == Volume {
        at: place,
        ..other.clone()
    }
}

/// The block `volumes` of the platform: what is not as usual.
pub(super) fn of_platform(given: &Given<'_>) -> Option<Statement> {
    if given.platform == Platform::Docker {
        return None;
    }
    let aws = given.platform == Platform::Aws;
    let volumes = list(given.defaults, "default_volumes", given.platform);
    // Anything else is said as it is.
    let volumes = volumes
        .filter(|volumes| is_in_order(volumes))
        .unwrap_or_default();
    let is_written = given.defaults.get("default_volumes").is_some();
    if is_written && volumes.is_empty() {
        return None;
    }
    let usual: Vec<Volume<'_>> = if aws {
        vec![usual("root", "root"), usual("postgres", DATA_DEVICE)]
    } else {
        Vec::new()
    };
    let mut lines = Vec::new();
    for base in &usual {
        if !volumes.iter().any(|volume| volume.word == base.word) {
            lines.push(nodes::line(
                nodes::word(base.word),
                vec![nodes::word("none")],
            ));
        }
    }
    for volume in &volumes {
        let base = usual.iter().find(|base| base.word == volume.word);
        if base.is_none_or(|base| !is_same(base, volume)) {
            lines.push(line(volume, base)?);
        }
    }
    let postgres = volumes.iter().find(|volume| volume.word == "postgres");
    lines.extend(barman(given, postgres));
    (!lines.is_empty()).then(|| block(lines))
}

fn block(lines: Vec<Statement>) -> Statement {
    match lines.as_slice() {
        [_] => nodes::entry("volumes", Vec::new(), lines),
        _ => nodes::long_entry("volumes", Vec::new(), lines),
    }
}

/// Root first, then postgres, then the others, each purpose once.
fn is_in_order(volumes: &[Volume<'_>]) -> bool {
    let rank = |volume: &Volume<'_>| match volume.word {
        "root" => 0,
        "postgres" => 1,
        _ => 2,
    };
    let twice = |(index, volume): (usize, &Volume<'_>)| {
        volume.word != "disk"
            && volumes
                .iter()
                .take(index)
                .any(|other| other.word == volume.word && other.name == volume.name)
    };
    volumes.is_sorted_by_key(rank) && !volumes.iter().enumerate().any(twice)
}

/// The line of the Barman nodes' volume, which takes what `postgres` says as its base.
fn barman(given: &Given<'_>, postgres: Option<&Volume<'_>>) -> Option<Statement> {
    let is_barman = |machine: &&Machine<'_>| {
        machine.kind == Kind::Barman
            || machine.kind == Kind::Node && machine.has_role(crate::facts::roles::Role::Barman)
    };
    let machines = &given.machines.all;
    let mut nodes_of_barman = machines.iter().filter(is_barman);
    let first = nodes_of_barman.next()?;
    let aws = given.platform == Platform::Aws;
    let Some(volumes) = list(first.entry, "volumes", given.platform) else {
        return (aws && first.entry.get("volumes").is_none())
            .then(|| nodes::line(nodes::word("barman"), vec![nodes::word("none")]));
    };
    let own = volumes.iter().find(|volume| volume.word == "barman")?;
    let base = postgres.map(|postgres| Volume {
        word: "barman",
        size: aws.then_some(USUAL_BARMAN_SIZE),
        ..postgres.clone()
    });
    if base.as_ref().is_some_and(|base| aws && is_same(base, own)) {
        return None;
    }
    line(own, base.as_ref())
}

/// The block `volumes` of a machine that has others than its kind gets.
pub(super) fn of_machine(machine: &Machine<'_>, given: &Given<'_>) -> Option<Statement> {
    let volumes = list(machine.entry, "volumes", given.platform)?;
    let defaults = list(given.defaults, "default_volumes", given.platform).unwrap_or_default();
    let mut lines = Vec::new();
    for volume in &volumes {
        let base = defaults.iter().find(|base| {
            base.word == volume.word && base.name == volume.name && base.word != "disk"
        });
        lines.push(line(volume, base)?);
    }
    let at = machine
        .entry
        .get("volumes")
        .map_or(Span::NONE, |value| value.origin.place());
    (!lines.is_empty()).then(|| from(block(lines), at))
}
