//! What the volumes of machines are for.

use super::networks;
use crate::facts::volumes::VolumeFor;
use crate::tpa::view::Instance;
use crate::value::{Map, Value};

/// What a volume is for; nothing where that is not said, or in a word that TPA does not know.
pub(super) fn purpose(volume: &Map) -> Option<VolumeFor> {
    let vars = volume.get("vars")?.as_map()?;
    VolumeFor::parse(networks::text(vars, "volume_for")?)
}

/// Whether a volume is encrypted by LUKS, in the machine.
pub(super) fn is_encrypted_by_luks(volume: &Map) -> bool {
    let vars = volume.get("vars").and_then(Value::as_map);
    vars.and_then(|vars| networks::text(vars, "encryption")) == Some("luks")
}

/// Whether a machine has a volume for this, but for another one of the same list that is on its device.
pub(super) fn is_hidden(defaults: &Map, instance: &Instance, wanted: VolumeFor) -> bool {
    let lists = [instance.own.get("volumes"), defaults.get("default_volumes")];
    lists.into_iter().flatten().any(|list| {
        let volumes = || {
            list.as_list()
                .into_iter()
                .flatten()
                .filter_map(Value::as_map)
        };
        volumes().any(|volume| {
            let device = networks::text(volume, "device_name");
            let same = |other: &&Map| networks::text(other, "device_name") == device;
            purpose(volume) == Some(wanted) && volumes().filter(same).count() > 1
        })
    })
}
