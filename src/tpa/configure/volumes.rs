//! Sizes of volumes, which only aws has.

use super::refusal::{Refusal, refused};
use super::values::Values;

/// The purposes that have an option, and what they have if nothing is said, in GB.
const DEFAULTS: [(&str, i64); 3] = [("root", 16), ("postgres", 16), ("barman", 32)];

/// The sizes that differ from the defaults.
pub(super) fn volumes(values: &Values) -> Result<Vec<(&'static str, i64)>, Refusal> {
    let mut volumes = Vec::new();
    for (purpose, default) in DEFAULTS {
        let size = values
            .integer(&format!("{purpose}_volume_size"))
            .unwrap_or(default);
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
