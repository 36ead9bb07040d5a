//! A source and the files that it uses become a program: trees, each read once.
//!
//! Files come in through one trait, so that the core does no I/O.

mod errors;

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use errors::CODES;

use crate::diagnostic::Diagnostics;
use crate::library::{self, LibraryFile};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::{Body, Entry, Node, Scalar, ScalarKind};
use crate::syntax::{self, Tree};

/// How deep files may use files.
const MAXIMUM_DEPTH: usize = 64;

/// How many files one source may use.
const MAXIMUM_FILES: usize = 1000;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It does not exist.
    NotFound,
    /// It is a directory, may not be read, is too large…: the operating system's words, in lower case.
    Unreadable(String),
    /// It is not UTF-8 from this byte on; the text has U+FFFD in place of what is broken.
    NotUtf8 { text: String, offset: usize },
}

/// Where sources come from: the disk, or the open documents of an editor.
pub trait Files: Sync {
    /// Reads the file with this path, which is joined to the folder of the file that uses it.
    fn read(&self, path: &str) -> Result<String, ReadError>;

    /// The lock beside a source. Without one, numbers and subnets follow from the source alone.
    fn lock(&self, _source: &str) -> LockFile {
        LockFile::Unwanted
    }

    /// The config.yml of a cluster that the lock does not have, which was built before there was a lock.
    fn built(&self, _cluster: &str) -> Option<Built> {
        None
    }
}

/// A config.yml that was built earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// What messages call it.
    pub name: String,
    pub text: String,
}

/// What there is beside a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockFile {
    /// Nobody asks for one.
    Unwanted,
    /// There is to be one, and there is none yet.
    Missing,
    Read(Result<String, ReadError>),
}

/// A source and everything that it uses. The root is first.
#[derive(Clone, Debug)]
pub struct Program {
    /// What messages call the source.
    pub name: String,
    pub modules: Vec<Module>,
}

/// One file of a program.
#[derive(Clone, Debug)]
pub struct Module {
    pub tree: Arc<Tree>,
    pub uses: Vec<Use>,
}

/// A `use` statement.
#[derive(Clone, Debug)]
pub struct Use {
    /// What the using file calls it.
    pub name: String,
    pub at: Span,
    /// Its place in [`Program::modules`]; `None` where it could not be read, which has been reported.
    pub module: Option<usize>,
}

/// Reads the source at `root` and all that it uses.
pub fn load(
    root: &str,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Program {
    let mut loader = Loader {
        files,
        sources,
        diagnostics,
        modules: Vec::new(),
        loaded: Vec::new(),
        chain: Vec::new(),
    };
    loader.file(root, Span::NONE);
    Program {
        name: root.to_owned(),
        modules: loader.modules,
    }
}

/// Parses a file, and nothing that it uses; `broken_at` is where it is not UTF-8.
pub fn parse(
    path: &str,
    text: String,
    broken_at: Option<usize>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let file = sources.add(path.to_owned(), text);
    if let Some(offset) = broken_at {
        let start = u32::try_from(offset).unwrap_or(u32::MAX);
        let length = char::REPLACEMENT_CHARACTER.len_utf8();
        let end = start + u32::try_from(length).unwrap_or(0);
        diagnostics.push(errors::not_utf8(Span { file, start, end }));
    }
    syntax::parse(file, sources.text(file), diagnostics)
}

/// A file that is being loaded, and the statement that uses it.
struct Link {
    path: String,
    used: Span,
}

struct Loader<'l> {
    files: &'l dyn Files,
    sources: &'l mut Sources,
    diagnostics: &'l mut Diagnostics,
    modules: Vec<Module>,
    /// The path of each module.
    loaded: Vec<String>,
    /// From the root to the file that is being loaded.
    chain: Vec<Link>,
}

impl Loader<'_> {
    /// Loads a file, which `used` asks for, unless that has been done.
    fn file(&mut self, path: &str, used: Span) -> Option<usize> {
        if let Some(at) = self.chain.iter().position(|link| link.path == path) {
            let cycle = self.chain.get(at..).unwrap_or_default();
            let cycle: Vec<(&str, Span)> = cycle
                .iter()
                .map(|link| (link.path.as_str(), link.used))
                .collect();
            self.diagnostics
                .push(errors::cyclic_use(used, path, &cycle));
            return None;
        }
        if let Some(known) = self.loaded.iter().position(|known| known == path) {
            return Some(known);
        }
        if self.chain.len() == MAXIMUM_DEPTH || self.modules.len() == MAXIMUM_FILES {
            self.diagnostics.push(errors::too_many_files(used));
            return None;
        }
        let (text, broken_at) = match self.files.read(path) {
            Ok(text) => (text, None),
            Err(ReadError::NotUtf8 { text, offset }) => (text, Some(offset)),
            Err(error) => {
                let at = if used == Span::NONE {
                    start_of(self.sources.add(path.to_owned(), ""))
                } else {
                    used
                };
                self.diagnostics.push(errors::unreadable(at, path, &error));
                return None;
            }
        };
        let tree = parse(path, text, broken_at, self.sources, self.diagnostics);
        Some(self.module(path, used, Arc::new(tree)))
    }

    fn library(&mut self, name: &str, used: Span) -> Option<usize> {
        let Some((file, library)) = library::module(name) else {
            self.diagnostics.push(errors::unknown_module(used, name));
            return None;
        };
        if let Some(known) = self.loaded.iter().position(|known| known == library.path) {
            return Some(known);
        }
        Some(self.module(library.path, used, of_library(file, library)))
    }

    /// Adds a parsed file and follows its `use` statements.
    fn module(&mut self, path: &str, used: Span, tree: Arc<Tree>) -> usize {
        let at = self.modules.len();
        let uses = use_statements(&tree.body);
        self.loaded.push(path.to_owned());
        self.modules.push(Module {
            tree,
            uses: Vec::new(),
        });
        self.chain.push(Link {
            path: path.to_owned(),
            used,
        });
        let uses: Vec<Use> = uses
            .into_iter()
            .filter_map(|entry| self.use_statement(path, &entry))
            .collect();
        let mut names: HashMap<&str, Span> = HashMap::new();
        for used in &uses {
            match names.get(used.name.as_str()) {
                Some(first) => self
                    .diagnostics
                    .push(errors::duplicate_module(used.at, &used.name, *first)),
                None => {
                    names.insert(&used.name, used.at);
                }
            }
        }
        self.chain.pop();
        if let Some(module) = self.modules.get_mut(at) {
            module.uses = uses;
        }
        at
    }

    fn use_statement(&mut self, user: &str, entry: &Entry) -> Option<Use> {
        let at = entry.word.span;
        let mut labels = entry.labels.iter();
        let Some(target) = labels.next() else {
            self.diagnostics.push(errors::use_without_module(at));
            return None;
        };
        let renamed = match (labels.next(), labels.next(), labels.next()) {
            (None, ..) => None,
            (Some(word), Some(name), None) if is_name(word, "as") => match &name.kind {
                ScalarKind::Name(name) if !name.contains('.') => Some(name.clone()),
                ScalarKind::Name(_)
                | ScalarKind::Text(_)
                | ScalarKind::Number(_)
                | ScalarKind::Literal(_)
                | ScalarKind::Reference(_)
                | ScalarKind::Missing => {
                    self.diagnostics.push(errors::bad_module_name(name));
                    return None;
                }
            },
            (Some(unexpected), ..) => {
                self.diagnostics
                    .push(errors::unexpected_label(unexpected.span));
                return None;
            }
        };
        match &target.kind {
            ScalarKind::Name(name) => Some(Use {
                module: self.library(name, target.span),
                name: renamed.unwrap_or_else(|| name.clone()),
                at: target.span,
            }),
            ScalarKind::Text(text) => {
                let path = join(user, &text.raw);
                let name = renamed.or_else(|| stem(&text.raw));
                let module = self.file(&path, target.span);
                match name {
                    Some(name) => Some(Use {
                        name,
                        at: target.span,
                        module,
                    }),
                    None => {
                        self.diagnostics
                            .push(errors::stem_is_no_name(target.span, &text.raw));
                        None
                    }
                }
            }
            ScalarKind::Missing => None,
            ScalarKind::Number(_) | ScalarKind::Literal(_) | ScalarKind::Reference(_) => {
                self.diagnostics.push(errors::use_of_no_module(target.span));
                None
            }
        }
    }
}

/// The files of the library that some source has used: their trees are the same for every other.
static LIBRARY: Mutex<BTreeMap<FileId, Arc<Tree>>> = Mutex::new(BTreeMap::new());

/// The tree of a file of the library, which has no mistakes.
fn of_library(file: FileId, library: &LibraryFile) -> Arc<Tree> {
    let known = || LIBRARY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tree) = known().get(&file) {
        return tree.clone();
    }
    let tree = syntax::parse(file, library.text, &mut Diagnostics::default());
    known()
        .entry(file)
        .or_insert_with(|| Arc::new(tree))
        .clone()
}

fn use_statements(body: &Body) -> Vec<Entry> {
    body.statements
        .iter()
        .filter_map(|statement| match &statement.node {
            Node::Entry(entry) if is_name(&entry.word, "use") => Some(entry.clone()),
            Node::Entry(_)
            | Node::Binding(_)
            | Node::Attribute(_)
            | Node::Conditional(_)
            | Node::Junk => None,
        })
        .collect()
}

fn is_name(scalar: &Scalar, expected: &str) -> bool {
    matches!(&scalar.kind, ScalarKind::Name(name) if name == expected)
}

fn start_of(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

/// The path of a used file: relative to the file that uses it, without `.` and needless `..`.
fn join(user: &str, path: &str) -> String {
    let folder = Path::new(user).parent().unwrap_or(Path::new(""));
    let mut joined = PathBuf::new();
    for component in folder.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(joined.components().next_back(), Some(Component::Normal(_))) =>
            {
                joined.pop();
            }
            Component::ParentDir
            | Component::Normal(_)
            | Component::RootDir
            | Component::Prefix(_) => joined.push(component),
        }
    }
    joined.to_string_lossy().into_owned()
}

/// What a used file is called: its name without folders and ending, if that is a name.
fn stem(path: &str) -> Option<String> {
    let stem = Path::new(path).file_stem()?.to_str()?;
    let mut characters = stem.chars();
    let first = characters.next()?;
    let named = (first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_' || other == '-');
    named.then(|| stem.to_owned())
}
