//! The standard library: `.m1` files inside the program.
//!
//! Parsing all of it would cost more than compiling a cluster does, so a table entry is found by the line that it
//! begins with and parsed alone. That works because the files are formatted: a statement of the top level begins in
//! the first column, and nothing else does but its closing brace and comments.

use std::ops::Range;
use std::sync::OnceLock;

use crate::source::{FileId, Sources};

/// A file of the library.
#[derive(Debug)]
pub struct LibraryFile {
    /// What `use` calls it.
    pub module: &'static str,
    pub path: &'static str,
    pub text: &'static str,
    /// Found when something in it is named for the first time: clusters name the same again and again.
    statements: OnceLock<Vec<Statement>>,
}

/// A statement of the top level.
#[derive(Debug)]
struct Statement {
    /// What is before its block: `release postgresql 16`.
    words: Vec<&'static str>,
    range: Range<usize>,
}

macro_rules! files {
    ($($module:literal),+) => {
        [$(LibraryFile {
            module: $module,
            path: concat!("stdlib/", $module, ".m1"),
            text: include_str!(concat!("../stdlib/", $module, ".m1")),
            statements: OnceLock::new(),
        }),+]
    };
}

pub static FILES: [LibraryFile; 4] = files!["images", "profiles", "regions", "releases"];

/// A statement of the library, not yet parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub file: FileId,
    /// The text of the whole file.
    pub text: &'static str,
    pub range: Range<usize>,
}

/// Sources that hold the library, so that its places are the same in every run.
pub fn sources() -> Sources {
    let mut sources = Sources::default();
    for file in &FILES {
        sources.add(file.path, file.text);
    }
    sources
}

/// The file that is added to [`sources`] first: the root of a program.
pub fn next_file() -> FileId {
    FileId::nth(FILES.len())
}

/// The file of a module, as [`sources`] numbers it.
pub fn module(name: &str) -> Option<(FileId, &'static LibraryFile)> {
    let at = FILES.iter().position(|file| file.module == name)?;
    Some((FileId::nth(at), FILES.get(at)?))
}

/// The statement `word name … { … }`, in a file of this module.
pub fn find(file: &str, word: &str, labels: &[&str]) -> Option<Definition> {
    let (file, library) = module(file)?;
    let mut statements = library.statements().iter();
    let statement = statements.find(|statement| {
        let own = statement.labels_of(word);
        own.is_some_and(|own| own.starts_with(labels))
    })?;
    Some(Definition {
        file,
        text: library.text,
        range: statement.range.clone(),
    })
}

/// The labels of all statements `word …` of a module, in order.
pub fn labels(file: &str, word: &str) -> impl Iterator<Item = &'static [&'static str]> {
    let library = module(file).map(|(_, library)| library);
    let statements = library.map_or(&[][..], LibraryFile::statements);
    statements
        .iter()
        .filter_map(move |statement| statement.labels_of(word))
}

impl LibraryFile {
    fn statements(&self) -> &[Statement] {
        self.statements.get_or_init(|| statements(self.text))
    }
}

impl Statement {
    /// Its labels, if it begins with this word.
    fn labels_of(&self, word: &str) -> Option<&[&'static str]> {
        let (first, labels) = self.words.split_first()?;
        (*first == word).then_some(labels)
    }
}

/// The statements of a formatted text.
fn statements(text: &'static str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut is_open = false;
    for (start, line) in lines(text) {
        let begins = !line.is_empty() && !line.starts_with([' ', '}', '#']);
        let closes = line.starts_with('}');
        if (begins || closes)
            && let Some(open) = statements.last_mut().filter(|_| is_open)
        {
            open.range.end = if closes { start + line.len() } else { start };
            is_open = false;
        }
        if begins {
            let head = line.split('{').next().unwrap_or_default();
            statements.push(Statement {
                words: head.split_whitespace().collect(),
                range: start..text.len(),
            });
            is_open = true;
        }
    }
    statements
}

/// The lines of a text with their offsets.
fn lines(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let mut offset = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = offset;
        offset += line.len();
        (start, line.trim_end())
    })
}
