//! What the editor's user has chosen.

use serde::Deserialize;

/// The settings under `m1c`; those that are not understood are as if they were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Settings {
    /// Whether defaults and derived values are shown in the text.
    pub(super) inlay_hints: bool,
    /// Whether a line above each cluster says what it survives.
    pub(super) code_lens: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            inlay_hints: false,
            code_lens: true,
        }
    }
}

/// The section of the settings that is m1c's.
pub(super) const SECTION: &str = "m1c";

impl Settings {
    /// Reads settings, which may be under their section; `None` where they say nothing.
    pub(super) fn read(value: &serde_json::Value) -> Option<Settings> {
        let own = value.get(SECTION).unwrap_or(value);
        if !own.is_object() {
            return None;
        }
        serde_json::from_value(own.clone()).ok()
    }
}
