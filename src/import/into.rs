//! A config.yml that somebody has edited after it was built: the edit is brought back into the source.
//!
//! What the source builds is compared with the file. For each difference there are several changes of the source that
//! could make it: at the place where the value was written, as a statement of its own, in free form. They are tried one
//! after another: the source is built in memory, and a change stays if less is different afterwards and no other cluster
//! has changed. So nothing has to be known about which statement means what.

pub(super) mod changes;
mod comments;
mod differences;
pub(super) mod edit;
mod tries;

use std::cell::Cell;
use std::collections::BTreeMap;

use super::read::Document;
use super::{
    Imported, NOT_IMPORTABLE, cluster_name, compare, data, emitted, not_importable,
    other_architecture, read,
};
use crate::check::{self, Analysis, Options};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::format;
use crate::load::{Built, Files, LockFile, ReadError};
use crate::source::{FileId, Span};
use crate::syntax;
use crate::tpa::config;
use crate::value::Map;
use differences::{Difference, differences, weight};

/// How many changes are tried before the rest is left.
const MOST_TRIES: usize = 3_000;

/// A source of which a config.yml was built.
pub struct Source<'s> {
    /// Its path, as `files` knows it.
    pub name: &'s str,
    pub text: &'s str,
    pub files: &'s dyn Files,
    pub options: Options<'s>,
}

/// Brings the edit of the config.yml `name`, which says `text`, back into the source that it was built of.
///
/// The text of the result is that of the source, with its lock if that has to become another. Where the source has
/// errors they are all that is said.
pub fn into(source: &Source<'_>, name: &str, text: &str) -> Imported {
    let mut imported = Imported::of(name, text);
    let file = imported.file;
    let Document {
        mut map,
        mut unsaid,
    } = match read::read(file, text) {
        Ok(document) => document,
        Err(error) => {
            let error = check::yaml_syntax(file, text, &error);
            imported.diagnostics.push(error);
            return imported;
        }
    };
    data::in_order(&mut map);
    let start = Span {
        file,
        start: 0,
        end: 0,
    };
    let whole = map.places().next().unwrap_or(start);
    if let Some(other) = other_architecture(&map, whole) {
        imported.diagnostics.push(other);
        return imported;
    }
    imported.cluster = cluster_name(&map, whole, &mut unsaid);
    let analysis = source.analyse(source.text);
    let Some(built) = built(analysis) else {
        let analysis = source.analyse(source.text);
        imported.sources = analysis.sources;
        imported.diagnostics = analysis.diagnostics;
        return imported;
    };
    if !built.documents.contains_key(&imported.cluster) {
        imported
            .diagnostics
            .push(other_cluster(&map, whole, &imported.cluster, source.name));
        return imported;
    }
    let edit = Night {
        source,
        cluster: &imported.cluster,
        map: &map,
        wanted: below_the_name(&map),
        whole,
        tries: Cell::new(0),
    };
    let (new, built) = edit.brought_back(built);
    let new = comments::added(&new, &built, &imported.cluster, &map, text);
    let left = edit.differences(&built);
    unsaid.extend(left.iter().map(Difference::unsaid));
    if left.is_empty() {
        let topology = &built.analysis.topology;
        unsaid.extend(compare(&map, topology, &imported.cluster, whole));
    }
    let mut diagnostics: Vec<_> = unsaid.iter().map(not_importable).collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
    imported.diagnostics = diagnostics;
    imported.lock = built.analysis.topology.lock;
    imported.source = Some(new);
    imported
}

/// A source and what is built of it, by clusters.
struct Whole {
    analysis: Analysis,
    documents: BTreeMap<String, Map>,
}

fn built(analysis: Analysis) -> Option<Whole> {
    let topology = analysis.whole()?;
    let documents = topology.clusters.iter().map(|cluster| {
        let document = config::config(cluster).document();
        (cluster.name.value.clone(), document)
    });
    Some(Whole {
        documents: documents.collect(),
        analysis,
    })
}

/// A document without the keys that say which cluster it is.
fn below_the_name(map: &Map) -> Map {
    let mut map = map.clone();
    map.remove(&["architecture"]);
    map.remove(&["cluster_name"]);
    map
}

/// What somebody has made of a config.yml.
struct Night<'n> {
    source: &'n Source<'n>,
    cluster: &'n str,
    map: &'n Map,
    wanted: Map,
    whole: Span,
    tries: Cell<usize>,
}

impl Night<'_> {
    /// The source with as much of the edit as can be said, and what is built of it.
    fn brought_back(&self, first: Whole) -> (String, Whole) {
        let before: BTreeMap<String, Map> = first.documents.clone();
        let old = emitted(&first.analysis.topology, self.cluster).unwrap_or_default();
        let imports = tries::Imports::of(&old, self.map);
        let mut text = self.source.text.to_owned();
        let mut best = first;
        while let Some((new, built)) = self.better(&text, &best, &before, &imports) {
            text = new;
            best = built;
        }
        (text, best)
    }

    /// A source with less that is different.
    fn better(
        &self,
        text: &str,
        best: &Whole,
        before: &BTreeMap<String, Map>,
        imports: &tries::Imports,
    ) -> Option<(String, Whole)> {
        let left = self.differences(best);
        let is_formatted = formatted(text).as_deref() == Some(text);
        let attempt = |changes: &[changes::Change]| -> Option<(String, Whole)> {
            if self.tries.get() == MOST_TRIES {
                return None;
            }
            let mut new = edit::changed(text, changes)?;
            if is_formatted {
                new = formatted(&new)?;
            }
            self.tries.set(self.tries.get() + 1);
            let built = built(self.source.analyse(&new))?;
            let others_stay = before.iter().all(|(name, document)| {
                let now = built.documents.get(name);
                name == self.cluster || now.is_some_and(|now| data::same_maps(now, document))
            });
            let is_less = weight(&self.differences(&built)) < weight(&left);
            (others_stay && is_less).then_some((new, built))
        };
        let tree = edit::parsed(text);
        let root = best.analysis.program.modules.first()?.tree.file;
        let wanted = tries::Wanted {
            cluster: self.cluster,
            document: self.map,
            root,
            text,
        };
        let in_place = left.iter().flat_map(|it| wanted.in_place(it, &left));
        let said = left.iter().flat_map(|it| wanted.in_free_form(it));
        let found = in_place
            .chain(imports.single())
            .chain(said)
            .chain(imports.together(&tree))
            .find_map(|changes| Some((attempt(&changes)?, changes)));
        let (mut found, mut changes) = found?;
        // Of many together not all are needed.
        let mut place = 0;
        while changes.len() > 1 && place < changes.len() {
            let mut fewer = changes.clone();
            fewer.remove(place);
            let achieved = weight(&self.differences(&found.1));
            match attempt(&fewer) {
                Some(other) if weight(&self.differences(&other.1)) <= achieved => {
                    (found, changes) = (other, fewer);
                }
                Some(_) | None => place += 1,
            }
        }
        Some(found)
    }

    fn differences(&self, built: &Whole) -> Vec<Difference> {
        let nothing = Map::default();
        let document = built.documents.get(self.cluster).unwrap_or(&nothing);
        differences(document, &self.wanted, self.whole)
    }
}

/// A text as it is formatted; none where it has mistakes.
fn formatted(text: &str) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::NONE, text, &mut diagnostics);
    let formatted = format::with_line_ends_of(text, format::format(&tree));
    (!diagnostics.has_errors()).then_some(formatted)
}

impl Source<'_> {
    fn analyse(&self, text: &str) -> Analysis {
        let files = Changed { source: self, text };
        check::analyse(self.name, &files, self.options)
    }
}

/// The files of a source that has another text.
struct Changed<'c> {
    source: &'c Source<'c>,
    text: &'c str,
}

impl Files for Changed<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == self.source.name {
            Ok(self.text.to_owned())
        } else {
            self.source.files.read(path)
        }
    }

    fn lock(&self, source: &str) -> LockFile {
        self.source.files.lock(source)
    }

    fn built(&self, cluster: &str) -> Option<Built> {
        self.source.files.built(cluster)
    }
}

fn other_cluster(map: &Map, whole: Span, cluster: &str, source: &str) -> Diagnostic {
    let name = map.get("cluster_name");
    let at = name.map_or(whole, |name| name.origin.place());
    let what = format!("`{source}` has no cluster `{cluster}`");
    Diagnostic::error(&NOT_IMPORTABLE, at, what)
        .label("not of this source")
        .help("name the source that it was built of after `--into`")
}
