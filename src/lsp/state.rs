//! The open documents, and what is known about each.
//!
//! The compiler reads files through this: an open text is before that on disk. What a check has read is remembered,
//! so that a change reaches every document that depends on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::positions::{Encoding, Lines};
use super::workspace::Workspace;
use super::world::World;
use super::{Document, uri};
use crate::check::{self, Judged, Mended, Options};
use crate::diagnostic::{Diagnostic, Fix};
use crate::lint::{Choice, Conditions, Finding, Memory};
use crate::load::{Files, LockFile, ReadError};
use crate::lock;
use crate::source::{FileId, Sources, Span};

/// A document that is open in the editor.
#[derive(Debug)]
pub(super) struct Open {
    /// As the editor writes it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: Lines,
    pub(super) checked: Checked,
    language: String,
    /// What the linter has found.
    memory: Memory,
    /// The files that its check has read or looked for.
    reads: BTreeSet<String>,
}

impl Open {
    /// The offsets of a range.
    pub(super) fn offsets(&self, range: gen_lsp_types::Range) -> Range<u32> {
        let offset = |position| {
            let offset = self.lines.offset(&self.text, position);
            u32::try_from(offset).unwrap_or(u32::MAX)
        };
        let (start, end) = (offset(range.start), offset(range.end));
        start..end.max(start)
    }
}

/// What a check has made of a document.
#[derive(Debug, Default)]
pub(super) enum Checked {
    Source(Box<Document>),
    /// An existing config.yml.
    Config(Judged),
    /// It is neither, or has not been checked.
    #[default]
    Nothing,
}

/// All open documents, by their paths, and the folders around them.
#[derive(Debug)]
pub(super) struct State {
    encoding: Encoding,
    documents: BTreeMap<String, Open>,
    pub(super) workspace: Workspace,
    /// Those that have to be checked, the next one first.
    due: VecDeque<String>,
}

impl State {
    pub(super) fn new(encoding: Encoding, folders: Vec<String>) -> State {
        State {
            encoding,
            documents: BTreeMap::new(),
            workspace: Workspace::new(folders),
            due: VecDeque::new(),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn get(&self, path: &str) -> Option<&Open> {
        self.documents.get(path)
    }

    /// What is known about all open sources.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.documents.iter().filter_map(|(path, open)| {
            let document = open.checked.source()?;
            Some((path.as_str(), document))
        })
    }

    /// What is known about the sources of the workspace that are not open.
    pub(super) fn unopened(&self) -> impl Iterator<Item = &Document> {
        let documents = self.workspace.documents();
        let unopened = documents.filter(|(path, _)| !self.documents.contains_key(*path));
        unopened.map(|(_, document)| document)
    }

    /// The URI of a file, as the editor writes it if it has it open.
    pub(super) fn uri(&self, path: &str) -> Uri {
        let open = self.documents.get(path);
        open.map_or_else(|| uri::of(path), |open| open.uri.clone())
    }

    pub(super) fn open(
        &mut self,
        path: &str,
        uri: Uri,
        language: String,
        version: i32,
        text: String,
    ) {
        let open = Open {
            uri,
            version,
            lines: Lines::new(&text, self.encoding),
            text,
            checked: Checked::Nothing,
            language,
            memory: Memory::default(),
            reads: BTreeSet::new(),
        };
        self.documents.insert(path.to_owned(), open);
        self.replaced(path);
    }

    /// Applies changes one after the other.
    pub(super) fn change(
        &mut self,
        path: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let Some(open) = self.documents.get_mut(path) else {
            return;
        };
        open.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    open.text = whole.text;
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let start = open.lines.offset(&open.text, part.range.start);
                    let end = open.lines.offset(&open.text, part.range.end);
                    open.text.replace_range(start..end.max(start), &part.text);
                }
            }
            open.lines = Lines::new(&open.text, self.encoding);
        }
        self.touch(path);
    }

    /// Closes a document. What is on disk counts from now on.
    pub(super) fn close(&mut self, path: &str) {
        self.documents.remove(path);
        self.replaced(path);
    }

    /// A file has another text, has come or has gone.
    pub(super) fn replaced(&mut self, path: &str) {
        self.workspace.touch(path);
        self.touch(path);
    }

    /// Has a document checked, and all open ones that depend on it. In those that are not open no place depends on what
    /// another file says.
    fn touch(&mut self, path: &str) {
        let dependents: Vec<String> = self
            .documents
            .iter()
            .filter(|(other, open)| *other != path && open.reads.contains(path))
            .map(|(other, _)| other.clone())
            .collect();
        self.due.retain(|due| due != path);
        if self.documents.contains_key(path) {
            self.due.push_front(path.to_owned());
        }
        for dependent in dependents {
            self.add_due(dependent);
        }
    }

    /// Has every document checked.
    pub(super) fn touch_all(&mut self) {
        let all: Vec<String> = self.documents.keys().cloned().collect();
        for path in all {
            self.add_due(path);
        }
    }

    fn add_due(&mut self, path: String) {
        if !self.due.contains(&path) {
            self.due.push_back(path);
        }
    }

    /// The document to check next.
    pub(super) fn next_due(&self) -> Option<String> {
        self.due.front().cloned()
    }

    pub(super) fn is_due(&self, path: &str) -> bool {
        self.due.iter().any(|due| due == path)
    }

    /// Reads one more source of the workspace that is not open, if there is one to read.
    pub(super) fn read_ahead(&mut self, world: &dyn World) -> bool {
        let Some(path) = self.workspace.next_unread(world) else {
            return false;
        };
        if !self.documents.contains_key(&path) {
            let overlay = Overlay::new(&self.documents, world);
            let document = Document {
                analysis: check::load(&path, &overlay),
                findings: Vec::new(),
                last: None,
            };
            let reads = overlay.reads.into_inner();
            let reads = reads.unwrap_or_else(PoisonError::into_inner);
            self.workspace.keep(path, document, reads);
        }
        true
    }

    /// Applies all safe fixes that change a document alone, as `m1c lint --fix` does it.
    pub(super) fn mend(&self, path: &str, world: &dyn World) -> Option<Mended> {
        let open = self.documents.get(path)?;
        let choice = world.choice(path).unwrap_or_else(|_| Choice::all());
        let today = world.today();
        let conditions = conditions(&choice, &today);
        let judge = |files: &dyn Files| match kind(path, open) {
            Kind::Source => Some(check::judge_source(path, files, &[], &conditions)),
            Kind::Config => {
                let text = files.read(path).ok()?;
                Some(check::judge_config(path, &text, &conditions))
            }
            Kind::Other => None,
        };
        let may_be_applied = |judged: &Judged, fix: &Fix| fix.is_safe_in(judged.file);
        let overlay = Overlay::new(&self.documents, world);
        Some(check::mend(&overlay, &judge, &may_be_applied))
    }

    /// Checks a document. Gives what was known before, which takes long to forget, or what is wrong with the settings.
    pub(super) fn check(&mut self, path: &str, world: &dyn World) -> (Checked, Option<String>) {
        // Before the check, so that one that fails is not repeated forever.
        self.due.retain(|due| due != path);
        // Before the documents are looked at, because the linter writes to it.
        let open = self.documents.get_mut(path);
        let mut memory = open.map(|open| std::mem::take(&mut open.memory));
        let memory = memory.get_or_insert_default();
        let Some(open) = self.documents.get(path) else {
            return (Checked::Nothing, None);
        };
        let (choice, wrong) = match world.choice(path) {
            Ok(choice) => (choice, None),
            Err(message) => (Choice::all(), Some(message)),
        };
        let today = world.today();
        let conditions = conditions(&choice, &today);
        let overlay = Overlay::new(&self.documents, world);
        let checked = match kind(path, open) {
            Kind::Source => Checked::Source(Box::new(source(path, &overlay, &conditions, memory))),
            Kind::Config => Checked::Config(check::judge_config(path, &open.text, &conditions)),
            Kind::Other => Checked::Nothing,
        };
        let reads = overlay.reads.into_inner();
        let Some(open) = self.documents.get_mut(path) else {
            return (Checked::Nothing, wrong);
        };
        open.memory = std::mem::take(memory);
        open.reads = reads.unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::replace(&mut open.checked, checked);
        if let (Checked::Source(new), Checked::Source(old)) = (&mut open.checked, &mut old)
            && !new.analysis.topology.is_whole
        {
            let old_one = std::mem::take(&mut old.analysis.topology);
            new.last = Some(old_one)
                .filter(|topology| topology.is_whole)
                .or(old.last.take());
        }
        (old, wrong)
    }
}

/// How everything is judged.
fn conditions<'c>(choice: &'c Choice, today: &'c str) -> Conditions<'c> {
    Conditions {
        rules: &choice.rules,
        tpa: choice.tpa,
        today: Some(today),
        environment: None,
        before: None,
        heeds_allows: true,
        levels: &choice.levels,
    }
}

/// What is said about a document, and the files that it speaks of.
#[derive(Clone, Copy)]
pub(super) struct Said<'c> {
    pub(super) sources: &'c Sources,
    /// The document. Files of the library come before it, files that it uses after it.
    pub(super) file: FileId,
    pub(super) diagnostics: &'c [Diagnostic],
    pub(super) findings: &'c [Finding],
}

impl Said<'_> {
    /// Whether a place is in a file of the user's, and not in the library.
    pub(super) fn is_users(&self, span: Span) -> bool {
        span.file >= self.file && self.sources.get(span.file).is_some()
    }
}

impl Checked {
    pub(super) fn said(&self) -> Option<Said<'_>> {
        match self {
            Checked::Source(document) => Some(Said {
                sources: &document.analysis.sources,
                file: document.file(),
                diagnostics: &document.analysis.diagnostics,
                findings: &document.findings,
            }),
            Checked::Config(judged) => Some(Said {
                sources: &judged.sources,
                file: judged.file,
                diagnostics: &judged.diagnostics,
                findings: &judged.findings,
            }),
            Checked::Nothing => None,
        }
    }

    pub(super) fn source(&self) -> Option<&Document> {
        match self {
            Checked::Source(document) => Some(document),
            Checked::Config(_) | Checked::Nothing => None,
        }
    }
}

fn source(
    path: &str,
    files: &Overlay<'_>,
    conditions: &Conditions<'_>,
    memory: &mut Memory,
) -> Document {
    let options = Options {
        settings: &[],
        tpa: conditions.tpa,
    };
    let mut analysis = check::analyse(path, files, options);
    check::requirements(&mut analysis, files, options);
    let findings = check::judge_again(&analysis, conditions, memory);
    Document {
        analysis,
        findings,
        last: None,
    }
}

enum Kind {
    Source,
    Config,
    Other,
}

fn kind(path: &str, open: &Open) -> Kind {
    let name = Path::new(path);
    if open.language == "m1" || name.extension().is_some_and(|ending| ending == "m1") {
        Kind::Source
    } else if name.file_name().is_some_and(|name| name == "config.yml") && is_m1(&open.text) {
        Kind::Config
    } else {
        Kind::Other
    }
}

/// Whether a config.yml describes a cluster of the architecture M1.
fn is_m1(text: &str) -> bool {
    text.lines().any(|line| {
        let value = line.strip_prefix("architecture:").map(str::trim_start);
        let value = value.map(|value| value.trim_start_matches(['"', '\'']));
        value.is_some_and(|value| value.starts_with("M1"))
    })
}

/// The open texts over the disk.
struct Overlay<'s> {
    documents: &'s BTreeMap<String, Open>,
    world: &'s dyn World,
    reads: Mutex<BTreeSet<String>>,
}

impl<'s> Overlay<'s> {
    fn new(documents: &'s BTreeMap<String, Open>, world: &'s dyn World) -> Overlay<'s> {
        Overlay {
            documents,
            world,
            reads: Mutex::default(),
        }
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.insert(path.to_owned());
        match self.documents.get(path) {
            Some(open) => Ok(open.text.clone()),
            None => self.world.read(path),
        }
    }

    fn lock(&self, source: &str) -> LockFile {
        if !self.world.has_lock(source) {
            return LockFile::Unwanted;
        }
        match self.read(&lock::name_of(source)) {
            // The server writes none.
            Err(ReadError::NotFound) => LockFile::Unwanted,
            text => LockFile::Read(text),
        }
    }
}
