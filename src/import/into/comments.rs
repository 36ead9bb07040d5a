//! Comments that somebody has written into a built config.yml: they go above the statement that their line comes from.

use std::ops::Range;

use super::Whole;
use super::edit::{around, parsed};
use crate::import::comments::missing;
use crate::source::Span;
use crate::value::{Data, Map, Value};

/// A source with the comments of a config.yml that it does not have.
pub(super) fn added(source: &str, built: &Whole, cluster: &str, map: &Map, text: &str) -> String {
    let tree = parsed(source);
    let root = built.analysis.program.modules.first();
    let Some((root, document)) = root.zip(built.documents.get(cluster)) else {
        return source.to_owned();
    };
    let start = built.analysis.topology.clusters.iter();
    let mut start = start.filter(|known| known.name.value == cluster);
    let start = start.next().map(|known| known.name.origin.place());
    let mut additions = Vec::new();
    for remark in missing(source, text) {
        let line = remark.about..line_end(text, remark.about);
        let at = spot(map, document, &line).filter(|at| at.file == root.tree.file);
        let at = at.and_then(|at| own_line(source, around(&tree.body, at)?.span));
        let at = at.or_else(|| own_line(source, around(&tree.body, start?)?.span));
        let at = at.unwrap_or_default();
        additions.push((at, remark.text));
    }
    additions.sort_by_key(|(at, _)| *at);
    let mut new = source.to_owned();
    for (at, comment) in additions.into_iter().rev() {
        let rest = source.get(at..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let indentation = rest.get(..blanks).unwrap_or("");
        new.insert_str(at, &format!("{indentation}{comment}\n"));
    }
    new
}

fn line_end(text: &str, about: u32) -> u32 {
    let rest = text.get(about as usize..).and_then(|rest| rest.find('\n'));
    let length = rest.and_then(|length| u32::try_from(length).ok());
    length.map_or(u32::MAX, |length| about + length)
}

/// Where the line of a statement begins.
fn own_line(source: &str, statement: Span) -> Option<usize> {
    let before = source.get(..statement.start as usize)?;
    Some(before.rfind('\n').map_or(0, |at| at + 1))
}

/// Where it is written in the source what a config.yml has on a line.
fn spot(map: &Map, built: &Map, line: &Range<u32>) -> Option<Span> {
    let mut entries = map.iter().zip(map.places());
    entries.find_map(|((key, value), at)| {
        let built = built.value_of(key)?;
        if line.contains(&at.start) {
            return Some(built.origin.place());
        }
        spot_in(value, built, line)
    })
}

fn spot_in(value: &Value, built: &Value, line: &Range<u32>) -> Option<Span> {
    match (&value.data, &built.data) {
        (Data::Map(map), Data::Map(built)) => spot(map, built, line),
        (Data::List(items), Data::List(built)) => {
            items.iter().zip(built).find_map(|(item, built)| {
                if line.contains(&item.origin.place().start) {
                    return Some(built.origin.place());
                }
                spot_in(item, built, line)
            })
        }
        (_, _) => None,
    }
}
