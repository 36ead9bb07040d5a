//! Settings of synchronous replication that have no effect, or not the one that was meant.

use super::Reader;
use crate::diagnostic::Level;
use crate::tpa::view::patroni::{integer, switch};
use crate::tpa::view::settings::inside;
use crate::value::Value;

pub(super) fn check(reader: &mut Reader<'_, '_>, written: &Value) {
    let mode = inside(Some(written), &["synchronous_mode"]);
    let is_quorum = mode.and_then(Value::as_text) == Some("quorum");
    // What Patroni cannot read is said of the value.
    let is_off = mode.is_none_or(|mode| !is_quorum && switch(mode) == Some(false));
    let dependent = [
        inside(Some(written), &["synchronous_mode_strict"])
            .filter(|strict| switch(strict) == Some(true))
            .map(|strict| ("synchronous_mode_strict", strict)),
        inside(Some(written), &["synchronous_node_count"])
            .filter(|count| integer(count, &[]).is_some_and(|count| count >= 1))
            .map(|count| ("synchronous_node_count", count)),
    ];
    for (name, value) in dependent.into_iter().flatten() {
        if is_off {
            let finding = reader
                .at(
                    value.origin,
                    name,
                    format!("`{name}` has no effect without `synchronous_mode`"),
                )
                .label("replication is asynchronous")
                .help("set `synchronous_mode` to true beside it, or remove it")
                .consequence("commits do not wait for a standby, and the last ones are lost with the primary")
                .level(Level::Warning);
            if let Some(mode) = mode {
                finding.related(mode.origin, "off");
            }
        } else if name == "synchronous_node_count" {
            too_many(reader, value);
        }
    }
}

/// More synchronous standbys than there are standbys.
fn too_many(reader: &mut Reader<'_, '_>, value: &Value) {
    let count = integer(value, &[]).unwrap_or_default();
    let nodes = reader.subject.data_nodes().count();
    let standbys = i64::try_from(nodes).unwrap_or(i64::MAX).saturating_sub(1);
    if count <= standbys || standbys < 1 {
        return;
    }
    reader
        .at(
            value.origin,
            "synchronous_node_count",
            format!("`synchronous_node_count` is {count}, and there are only {standbys} standbys"),
        )
        .label("more than there are")
        .help(format!("write {standbys} or less, or add data nodes"))
        .consequence("Patroni waits for those that there are, fewer than were meant")
        .level(Level::Warning);
}
