//! Sizes of volumes, which only aws has.

use super::refusal::{Refusal, refused};
use super::values::Values;

/// A volume whose size an option sets.
pub(super) struct Volume {
    /// The word of the language.
    pub(super) purpose: &'static str,
    /// The internal name of the option.
    pub(super) option: &'static str,
    /// What it has if nothing is said, in GB.
    pub(super) size: i64,
}

pub(super) const DEFAULTS: [Volume; 3] = [
    Volume {
        purpose: "root",
        option: "root_volume_size",
        size: 16,
    },
    Volume {
        purpose: "postgres",
        option: "postgres_volume_size",
        size: 16,
    },
    Volume {
        purpose: "barman",
        option: "barman_volume_size",
        size: 32,
    },
];

/// The purposes and sizes that differ from the defaults.
pub(super) fn volumes(values: &Values) -> Result<Vec<(&'static str, i64)>, Refusal> {
    let mut volumes = Vec::new();
    for Volume {
        purpose,
        option,
        size: default,
    } in DEFAULTS
    {
        let size = values.integer(option).unwrap_or(default);
        if size < 1 {
            return Err(refused(
                format!("a volume of {size} GB cannot be"),
                format!("`--{purpose}-volume-size` takes 1 or more"),
            ));
        }
        if size != default {
            volumes.push((purpose, size));
        }
    }
    Ok(volumes)
}
