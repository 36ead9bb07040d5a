//! Tags of a node, to which Python's idea of true applies.

use super::Reader;
use crate::diagnostic::{Applicability, Level};
use crate::facts::patroni::TRUTHY_TAGS;
use crate::tpa::view::patroni::{integer, switch};
use crate::tpa::view::settings::inside;
use crate::tpa::view::truth::python_truthy;
use crate::value::{Data, Value};

/// A tag that is on for any text, with a text that says something else.
pub(super) fn truthy(reader: &mut Reader<'_, '_>, name: &str, value: &Value) {
    if !TRUTHY_TAGS.contains(&name) || !python_truthy(value) {
        return;
    }
    let Data::Text(text) = &value.data else {
        return;
    };
    // Whoever writes the text `yes` gets what they mean.
    if switch(value) == Some(true) {
        return;
    }
    let finding = reader
        .at(
            value.origin,
            name,
            format!("the tag `{name}` is the text `{text}`, which Patroni takes for true"),
        )
        .label("a text, and so true")
        .help("write `true` or `false`")
        .consequence(match name {
            "nofailover" => "this node is never promoted",
            "nosync" => "this node never becomes a synchronous standby",
            "noloadbalance" => "clients that read are never led to this node",
            _ => "other nodes copy this one when they are made",
        });
    if switch(value) == Some(false) {
        finding.help("write `false`, or remove it").fix(
            Applicability::Suggested,
            value.origin,
            "false",
        );
    }
}

/// A tag and a priority that say opposite things: the tag wins.
pub(super) fn contradictions(reader: &mut Reader<'_, '_>, written: &Value) {
    for (tag, priority, consequence) in [
        (
            "nofailover",
            "failover_priority",
            "who becomes the primary is not what was meant",
        ),
        (
            "nosync",
            "sync_priority",
            "which standby is synchronous is not what was meant",
        ),
    ] {
        let (Some(off), Some(number)) = (
            inside(Some(written), &[tag]).filter(|off| off.data != Data::Null),
            inside(Some(written), &[priority]),
        ) else {
            continue;
        };
        let Some(read) = integer(number, &[]) else {
            continue;
        };
        let is_off = python_truthy(off);
        if is_off == (read <= 0) {
            continue;
        }
        let (message, label) = if is_off {
            (
                format!("`{tag}` is on, so that `{priority}` {read} has no effect"),
                "has no effect",
            )
        } else {
            (
                format!("`{tag}` is off, which wins over `{priority}` {read}"),
                "does not keep it from being chosen",
            )
        };
        reader
            .at(number.origin, priority, message)
            .label(label)
            .help(format!(
                "write one of the two: remove `{tag}`, or `{priority}`"
            ))
            .related(off.origin, "wins")
            .consequence(consequence)
            .level(Level::Warning);
    }
}
