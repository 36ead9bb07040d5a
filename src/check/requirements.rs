//! What a source requires of its clusters is judged, and for what does not hold a change is looked for that mends it.

mod changes;

use super::mend::Overlay;
use super::{Analysis, Options, analyse};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::roles::Role;
use crate::library;
use crate::load::Files;
use crate::require::{self, Broken};
use crate::source::{FileId, Sources, Span};
use crate::topology::{Cluster, Instance};
use crate::tpa::{config, view};
use changes::{Change, Source};

/// How many changes are tried for a requirement.
const MOST_TRIES: usize = 40;

/// What all tries for a source may cost, in failures that are played: an editor waits for it.
const MOST_PLAYS: usize = 10_000;

/// Reading so many bytes of a source costs as much as playing a failure.
const BYTES_FOR_A_PLAY: usize = 100;

/// Adds to what is said of a source the requirements that do not hold. The source is read through `files` again, with
/// changes, until one mends it. Gives whether all hold.
pub fn requirements(analysis: &mut Analysis, files: &dyn Files, options: Options<'_>) -> bool {
    let broken = all_broken(analysis, files, options);
    if broken.is_empty() {
        return true;
    }
    let mut diagnostics = Diagnostics::default();
    for diagnostic in analysis.diagnostics.drain(..).chain(broken) {
        diagnostics.push(diagnostic);
    }
    analysis.diagnostics = diagnostics.into_sorted();
    false
}

fn all_broken(analysis: &Analysis, files: &dyn Files, options: Options<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    let root = analysis.sources.name(library::next_file());
    let bytes = analysis.sources.text(library::next_file()).len();
    let mut plays = MOST_PLAYS;
    for cluster in &analysis.topology.clusters {
        let broken = broken(cluster, &analysis.sources);
        let played: usize = broken.iter().map(|(_, why)| why.played).sum();
        for (place, why) in &broken {
            let Some(requirement) = cluster.requirements.get(*place) else {
                continue;
            };
            let trial = Trial {
                analysis,
                files,
                options,
                cluster,
                place: *place,
                broken: broken.len(),
                cost: 1 + played + bytes / BYTES_FOR_A_PLAY,
            };
            let remedy = trial.remedy(&mut plays);
            diagnostics.push_at(requirement.at, |at| {
                let name = &cluster.name.value;
                require::broken(at, name, root, requirement, why, remedy.as_deref())
            });
        }
    }
    diagnostics.into_sorted()
}

/// The requirements of a cluster that do not hold, by their places.
fn broken(cluster: &Cluster, sources: &Sources) -> Vec<(usize, Broken)> {
    if cluster.requirements.is_empty() {
        return Vec::new();
    }
    let subject = view::from_config(config::config(cluster));
    let requirements = cluster.requirements.iter().enumerate();
    requirements
        .filter_map(|(place, requirement)| {
            Some((place, require::judge(&subject, sources, requirement)?))
        })
        .collect()
}

/// A requirement for which changes are tried.
struct Trial<'t> {
    analysis: &'t Analysis,
    files: &'t dyn Files,
    options: Options<'t>,
    cluster: &'t Cluster,
    /// The requirement's among those of its cluster.
    place: usize,
    /// How many requirements of the cluster are broken.
    broken: usize,
    /// Of one try, in failures that are played.
    cost: usize,
}

impl Trial<'_> {
    /// The smallest change that makes the requirement hold and breaks no other, in words. `plays` is what may be spent.
    fn remedy(&self, plays: &mut usize) -> Option<String> {
        let mut models = self.analysis.model.clusters.iter();
        let model = models.find(|model| model.name == self.cluster.name.value)?;
        let requirement = self.cluster.requirements.get(self.place)?;
        let source = Source::new(model, self.cluster);
        let single = source.changes(requirement);
        let pairs = single.iter().enumerate().flat_map(|(place, one)| {
            let others = single.iter().skip(place + 1);
            others.map(|other| one.clone().and(other))
        });
        let mut changes = single.iter().cloned().chain(pairs).take(MOST_TRIES);
        let mut mends = |change: &Change| {
            let Some(rest) = plays.checked_sub(self.cost) else {
                return false;
            };
            *plays = rest;
            let edits = source.edits(change);
            edits.is_some_and(|edits| self.mend(&edits).unwrap_or(false))
        };
        Some(source.words(&changes.find(&mut mends)?))
    }

    /// Whether these edits mend it.
    fn mend(&self, edits: &[(Span, String)]) -> Option<bool> {
        let sources = &self.analysis.sources;
        let (first, _) = edits.first()?;
        // Changes in several files are not small.
        let is_elsewhere = |(at, _): &(Span, String)| at.file != first.file;
        if edits.iter().any(is_elsewhere) || !is_users(first.file) {
            return None;
        }
        let mut text = sources.text(first.file).to_owned();
        let mut last_first: Vec<&(Span, String)> = edits.iter().collect();
        last_first.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
        for (at, new) in last_first {
            text.get(at.range())?;
            text.replace_range(at.range(), new);
        }
        let texts = [(sources.name(first.file).to_owned(), text)];
        let overlay = Overlay {
            texts: &texts.into(),
            files: self.files,
        };
        let root = sources.name(library::next_file());
        let changed = analyse(root, &overlay, self.options);
        let mut clusters = changed.topology.clusters.iter();
        let cluster = clusters.find(|cluster| cluster.name.value == self.cluster.name.value)?;
        if !keeps_data_nodes(self.cluster, cluster) {
            return None;
        }
        let broken = broken(cluster, &changed.sources);
        Some(broken.len() < self.broken && broken.iter().all(|(place, _)| *place != self.place))
    }
}

/// Whether the primary and all who hold data are what they were.
fn keeps_data_nodes(before: &Cluster, after: &Cluster) -> bool {
    let name = |instance: Option<&Instance>| instance.map(|instance| instance.name.value.clone());
    let is_there = |instance: &Instance| {
        let mut others = after.instances.iter();
        others.any(|other| other.name.value == instance.name.value)
    };
    let has_data =
        |instance: &&Instance| instance.has_role(Role::Primary) || instance.has_role(Role::Replica);
    name(before.primary()) == name(after.primary())
        && before.instances.iter().filter(has_data).all(is_there)
}

/// Whether a file is not of the library.
fn is_users(file: FileId) -> bool {
    file >= library::next_file()
}
