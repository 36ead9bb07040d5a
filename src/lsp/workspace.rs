//! The sources in the folders of the editor that it has not opened, so that a name is found wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use super::world::World;

/// How many of them are read: whoever opens a home folder does not want to wait for all that is below it.
const MOST_SOURCES: usize = 500;

/// The folders, and what is known about the sources in them.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    folders: Vec<String>,
    is_listed: bool,
    /// By their paths. Those that are open are among them, with what was last read.
    sources: BTreeMap<String, Unopened>,
    /// Those that have to be read, or read again.
    unread: BTreeSet<String>,
}

/// A source that nobody looks at.
#[derive(Debug, Default)]
struct Unopened {
    /// What it says; `None` where it cannot be read.
    document: Option<Document>,
    /// The files that its check has read or looked for.
    reads: BTreeSet<String>,
}

impl Workspace {
    pub(super) fn new(folders: Vec<String>) -> Workspace {
        Workspace {
            folders,
            ..Workspace::default()
        }
    }

    pub(super) fn add_folder(&mut self, folder: String) {
        self.folders.push(folder);
        self.list_again();
    }

    pub(super) fn remove_folder(&mut self, folder: &str) {
        self.folders.retain(|known| known != folder);
        self.list_again();
    }

    /// Has the folders searched again, because files have come or gone.
    pub(super) fn list_again(&mut self) {
        self.is_listed = false;
    }

    /// Has a source read again, and those that use it.
    pub(super) fn touch(&mut self, path: &str) {
        let touched = self
            .sources
            .iter()
            .filter(|(known, source)| *known == path || source.reads.contains(path));
        self.unread.extend(touched.map(|(known, _)| known.clone()));
    }

    /// The source to read next. The folders are searched first if that is due.
    pub(super) fn next_unread(&mut self, world: &dyn World) -> Option<String> {
        if !std::mem::replace(&mut self.is_listed, true) {
            self.list(world);
        }
        self.unread.pop_first()
    }

    fn list(&mut self, world: &dyn World) {
        let found = self.folders.iter().flat_map(|folder| world.sources(folder));
        let found: BTreeSet<String> = found.take(MOST_SOURCES).collect();
        self.sources.retain(|path, _| found.contains(path));
        self.unread.retain(|path| found.contains(path));
        for path in found {
            if !self.sources.contains_key(&path) {
                self.sources.insert(path.clone(), Unopened::default());
                self.unread.insert(path);
            }
        }
    }

    /// Keeps what a source says.
    pub(super) fn keep(&mut self, path: String, document: Document, reads: BTreeSet<String>) {
        let is_readable = !document.analysis.program.modules.is_empty();
        let document = is_readable.then_some(document);
        self.sources.insert(path, Unopened { document, reads });
    }

    /// What is known about each source, by its path.
    pub(super) fn documents(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.sources
            .iter()
            .filter_map(|(path, source)| Some((path.as_str(), source.document.as_ref()?)))
    }
}
