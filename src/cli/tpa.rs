//! Which TPA a run is for: `--tpa`, or `tpa` in the nearest `m1c.toml`.

use super::terminal::Terminal;
use crate::facts::tpa::{Target, TpaVersion};

/// The value of `--tpa`.
pub(super) fn version(text: &str) -> Result<TpaVersion, String> {
    TpaVersion::parse(text).map_err(|why| format!("{}; {}", why.message(text), why.help()))
}

/// The TPA that a source is for: the one that the command line asks for, else that of its settings.
pub(super) fn target(asked: Option<TpaVersion>, of_source: Option<TpaVersion>) -> Target {
    match asked {
        Some(asked) => Target::Only(asked),
        None => of_source.map_or_else(Target::default, Target::Otherwise),
    }
}

/// Warns about releases that came out after this m1c, each once.
pub(super) fn warn(terminal: Terminal, targets: impl IntoIterator<Item = Target>) {
    let mut newer: Vec<TpaVersion> = targets
        .into_iter()
        .map(Target::version)
        .filter(|version| version.is_newer_than_known())
        .collect();
    newer.sort_unstable();
    newer.dedup();
    for version in newer {
        let newest = TpaVersion::NEWEST;
        terminal.warning(&format!(
            "TPA {version} is newer than this m1c, which builds and judges as for {newest}"
        ));
    }
}
