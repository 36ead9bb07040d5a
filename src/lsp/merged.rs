//! What became of a statement of a cluster: the merged entry of the model, and the machines of the topology.

use super::Document;
use super::tokens::Step;
use crate::model::{self, Block};
use crate::origin::Origin;
use crate::source::{Sources, Span};
use crate::syntax::tree;
use crate::topology::{self, Instance};
use crate::value::{Data, Value};

/// The cluster of the model that the outermost entry became.
pub(super) fn cluster<'d>(
    document: &'d Document,
    trail: &[Step<'_>],
) -> Option<&'d model::Cluster> {
    let outermost = trail.first().filter(|step| step.is("cluster"))?;
    let name = outermost.entry.labels.first()?.span;
    let mut clusters = document.analysis.model.clusters.iter();
    clusters.find(|cluster| cluster.at == name)
}

/// The block of the model that the innermost entry was merged into.
pub(super) fn block<'d>(document: &'d Document, trail: &[Step<'_>]) -> Option<&'d Block> {
    let mut block = &cluster(document, trail)?.block;
    for step in trail.iter().skip(1) {
        block = &entry(block, step.entry)?.block;
    }
    Some(block)
}

/// The entry of a block that a statement was merged into.
pub(super) fn entry<'m>(block: &'m Block, entry: &tree::Entry) -> Option<&'m model::Entry> {
    let at = entry.word.span;
    block.entries.iter().find(|merged| {
        merged.at == Origin::Written(at) || merged.bodies.iter().any(|body| body.contains(at))
    })
}

/// The cluster of the topology with the same name; its places are good only if the document has no errors.
pub(super) fn built<'d>(
    document: &'d Document,
    trail: &[Step<'_>],
) -> Option<&'d topology::Cluster> {
    let name = &cluster(document, trail)?.name;
    let mut clusters = document.topology()?.clusters.iter();
    clusters.find(|cluster| cluster.name.value == *name)
}

/// The machines that come from a statement. Nothing while the document has errors.
pub(super) fn machines(document: &Document, statement: Span) -> Vec<&Instance> {
    let topology = document.analysis.whole();
    let clusters = topology.map_or(&[][..], |topology| topology.clusters.as_slice());
    let comes_from = |instance: &&Instance| {
        let number = instance.id.origin.place();
        let name = instance.name.origin;
        statement.contains(number) || name.is_written() && statement.contains(name.place())
    };
    let around = clusters.iter().rev().find(|cluster| {
        let at = cluster.name.origin.place();
        at.file == statement.file && at.start <= statement.start
    });
    let Some(cluster) = around else {
        return Vec::new();
    };
    cluster.instances.iter().filter(comes_from).collect()
}

/// Where a value came from, as seen from a place.
pub(super) fn origin(origin: Origin, here: Span, sources: &Sources) -> String {
    let line = |span: Span| sources.line_and_column(span.file, span.start).0;
    match origin {
        Origin::Written(span) if here.contains(span) => "written here".to_owned(),
        Origin::Written(span) if span.file == here.file => {
            format!("written in line {}", line(span))
        }
        Origin::Written(span) => {
            format!(
                "written in line {} of `{}`",
                line(span),
                sources.name(span.file)
            )
        }
        Origin::Included { at, used } => format!(
            "from `{}` in line {}, in line {} of `{}`",
            sources.slice(used),
            line(used),
            line(at),
            sources.name(at.file)
        ),
        Origin::Default(_) => "by default".to_owned(),
        Origin::Derived { rule, .. } => rule.to_owned(),
    }
}

/// A value on one line, as the language writes it.
pub(super) fn written(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = spelled(&value.data);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn spelled(data: &Data) -> String {
    match data {
        Data::Null => "null".to_owned(),
        Data::Boolean(boolean) => boolean.to_string(),
        Data::Integer(integer) => integer.to_string(),
        Data::Decimal(decimal) => decimal.to_string(),
        Data::Text(text) => {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+*~%".contains(c);
            if !text.is_empty() && text.chars().all(is_plain) {
                text.clone()
            } else {
                format!("{text:?}")
            }
        }
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(|item| spelled(&item.data)).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| {
                let key = key.to_string();
                format!("{key} = {}", spelled(&value.data))
            });
            format!("{{ {} }}", entries.collect::<Vec<_>>().join("; "))
        }
    }
}
