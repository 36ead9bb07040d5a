//! What was found in clusters is kept from one check of a source to the next, because while somebody types all clusters
//! but one stay what they are.
//!
//! Rules see of a cluster what TPA would see, with the places of its parts, and nothing else. A cluster whose parts are
//! all the same, and are where an edit elsewhere has moved them to, therefore has the same findings, moved alike. Where
//! a place touches the edit nothing is assumed, and the cluster is judged again.

use std::collections::HashMap;

use super::judge::{self, Judgement};
use super::{Conditions, Finding};
use crate::origin::Origin;
use crate::source::{FileId, Sources, Span};
use crate::topology::{Cluster, Topology};
use crate::tpa::config;
use crate::tpa::view::{self, Subject};
use crate::value::{Data, Map, Value};

/// The clusters of one source as they were last judged.
#[derive(Debug, Default)]
pub struct Memory {
    /// The text that places count in.
    text: String,
    rules: Vec<&'static str>,
    today: Option<String>,
    clusters: HashMap<String, Kept>,
}

/// A cluster as the rules saw it, and what they found before anything was allowed.
#[derive(Debug)]
struct Kept {
    source: view::Source,
    findings: Vec<Finding>,
}

impl Memory {
    /// Judges the clusters of a source whose own file is `root`: as [`super::topology`] does.
    pub fn judge(
        &mut self,
        sources: &Sources,
        root: FileId,
        topology: &Topology,
        conditions: &Conditions<'_>,
    ) -> Judgement {
        self.forget_unless(conditions);
        let text = sources.text(root);
        let edit = Edit::between(root, &self.text, text);
        let mut known = std::mem::take(&mut self.clusters);
        let clusters = topology.clusters.iter();
        let clusters = clusters.map(|cluster| (cluster, known.remove(&cluster.name.value)));
        let judged = judge::each(clusters.collect(), |(cluster, known)| {
            let has_allows = !cluster.allows.is_empty() || !topology.allows.is_empty();
            cluster_after(&edit, cluster, known, has_allows, conditions)
        });
        let mut all = Vec::new();
        for (cluster, (kept, subject)) in topology.clusters.iter().zip(judged) {
            all.push((subject, kept.findings.clone()));
            self.clusters.insert(cluster.name.value.clone(), kept);
        }
        text.clone_into(&mut self.text);
        judge::together((sources, root), topology, conditions, all)
    }

    /// Forgets everything that was judged by something else.
    fn forget_unless(&mut self, conditions: &Conditions<'_>) {
        let rules = conditions.rules.iter().map(|rule| rule.code.name);
        let is_same = self.today.as_deref() == conditions.today
            && conditions.environment.is_none()
            && rules.clone().eq(self.rules.iter().copied());
        if !is_same {
            *self = Memory {
                rules: rules.collect(),
                today: conditions.today.map(str::to_owned),
                ..Memory::default()
            };
        }
    }
}

/// Judges a cluster, or finds it unchanged. The subject is there if somebody has to look at it.
fn cluster_after(
    edit: &Edit,
    cluster: &Cluster,
    known: Option<Kept>,
    has_allows: bool,
    conditions: &Conditions<'_>,
) -> (Kept, Option<Subject>) {
    let source = view::document(config::config(cluster));
    if let Some(findings) = known.and_then(|known| known.moved(edit, &source)) {
        let subject = has_allows.then(|| view::from_source(source.clone()));
        let kept = Kept { source, findings };
        return (kept, subject);
    }
    let subject = view::from_source(source.clone());
    let kept = Kept {
        source,
        findings: conditions.of_subject(&subject),
    };
    (kept, Some(subject))
}

impl Kept {
    /// The findings of a cluster that is this one after an edit.
    fn moved(mut self, edit: &Edit, now: &view::Source) -> Option<Vec<Finding>> {
        let before = &self.source;
        let has_same_system = match (&before.system, &now.system) {
            (None, None) => true,
            (Some(old), Some(new)) => old.value == new.value && edit.moves(old.origin, new.origin),
            (Some(_), None) | (None, Some(_)) => false,
        };
        let is_same = has_same_system
            && before.tpa == now.tpa
            && before.own == now.own
            && before.made_for == now.made_for
            && before.past == now.past
            && edit.moves(before.at, now.at)
            && edit.moves_map(&before.document, &now.document);
        let mut findings = self.findings.iter_mut();
        let is_known = is_same && findings.all(|finding| edit.moves_finding(finding));
        is_known.then_some(self.findings)
    }
}

/// How the text of a file has changed: a range of the old text was replaced, and what stood after it moved.
#[derive(Debug)]
struct Edit {
    file: FileId,
    /// The range that was replaced; `None` if nothing was.
    replaced: Option<(usize, usize)>,
    length_before: usize,
    length: usize,
}

impl Edit {
    fn between(file: FileId, old: &str, new: &str) -> Edit {
        let same = |pair: &(u8, u8)| pair.0 == pair.1;
        let prefix = old.bytes().zip(new.bytes()).take_while(same).count();
        let rest = old.len().min(new.len()) - prefix;
        let ends = old.bytes().rev().zip(new.bytes().rev());
        let suffix = ends.take(rest).take_while(same).count();
        Edit {
            file,
            replaced: (old != new).then_some((prefix, old.len() - suffix)),
            length_before: old.len(),
            length: new.len(),
        }
    }

    /// Where a place of the old text is in the new one; `None` if it touches what was replaced.
    fn place(&self, span: Span) -> Option<Span> {
        let Some((start, end)) = self.replaced.filter(|_| span.file == self.file) else {
            return Some(span);
        };
        let range = span.range();
        if range.end < start {
            Some(span)
        } else if range.start > end {
            let moved = |offset: usize| {
                let moved = (offset + self.length).checked_sub(self.length_before)?;
                u32::try_from(moved).ok()
            };
            Some(Span {
                start: moved(range.start)?,
                end: moved(range.end)?,
                ..span
            })
        } else {
            None
        }
    }

    fn moves_span(&self, old: Span, new: Span) -> bool {
        self.place(old) == Some(new)
    }

    fn moves(&self, old: Origin, new: Origin) -> bool {
        match (old, new) {
            (Origin::Written(old), Origin::Written(new)) => self.moves_span(old, new),
            (
                Origin::Included { at, used },
                Origin::Included {
                    at: new_at,
                    used: new_used,
                },
            ) => self.moves_span(at, new_at) && self.moves_span(used, new_used),
            (Origin::Default(old), Origin::Default(new)) => old == new,
            (
                Origin::Derived { from, rule },
                Origin::Derived {
                    from: new_from,
                    rule: new_rule,
                },
            ) => self.moves_span(from, new_from) && rule == new_rule,
            (
                Origin::Written(_)
                | Origin::Included { .. }
                | Origin::Default(_)
                | Origin::Derived { .. },
                _,
            ) => false,
        }
    }

    fn moves_map(&self, old: &Map, new: &Map) -> bool {
        let mut entries = old.iter().zip(new.iter());
        let mut places = old.places().zip(new.places());
        old.len() == new.len()
            && places.all(|(old, new)| self.moves_span(old, new))
            && entries.all(|(old, new)| old.0 == new.0 && self.moves_value(old.1, new.1))
    }

    fn moves_value(&self, old: &Value, new: &Value) -> bool {
        let is_same = match (&old.data, &new.data) {
            (Data::List(old), Data::List(new)) => {
                let mut items = old.iter().zip(new);
                old.len() == new.len() && items.all(|(old, new)| self.moves_value(old, new))
            }
            (Data::Map(old), Data::Map(new)) => self.moves_map(old, new),
            (
                Data::Null
                | Data::Boolean(_)
                | Data::Integer(_)
                | Data::Decimal(_)
                | Data::Text(_)
                | Data::List(_)
                | Data::Map(_),
                _,
            ) => old.data == new.data,
        };
        is_same && self.moves(old.origin, new.origin)
    }

    /// Moves the places of a finding; `false` if one of them touches what was replaced.
    fn moves_finding(&self, finding: &mut Finding) -> bool {
        let diagnostic = &mut finding.diagnostic;
        let related = diagnostic.related.iter_mut().map(|label| &mut label.span);
        let fix = diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let spans = std::iter::once(&mut diagnostic.primary.span)
            .chain(related)
            .chain(fix.map(|edit| &mut edit.span));
        for span in spans {
            match self.place(*span) {
                Some(moved) => *span = moved,
                None => return false,
            }
        }
        true
    }
}
