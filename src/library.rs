//! The standard library: `.m1` files inside the program.
//!
//! Parsing all of it would cost more than compiling a cluster does, so a table entry is found by the line that it
//! begins with and parsed alone. That works because the files are formatted: a statement of the top level begins in
//! the first column, and nothing else does but its closing brace and comments.

use std::ops::Range;

use crate::source::{FileId, Sources};

/// A file of the library.
#[derive(Clone, Copy, Debug)]
pub struct LibraryFile {
    /// What `use` calls it.
    pub module: &'static str,
    pub path: &'static str,
    pub text: &'static str,
}

macro_rules! files {
    ($($module:literal),+) => {
        [$(LibraryFile {
            module: $module,
            path: concat!("stdlib/", $module, ".m1"),
            text: include_str!(concat!("../stdlib/", $module, ".m1")),
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
    let mut head = word.to_owned();
    for label in labels {
        head.push(' ');
        head.push_str(label);
    }
    let start = lines(library.text).find_map(|(start, line)| {
        let rest = line.strip_prefix(head.as_str())?;
        rest.starts_with(' ').then_some(start)
    })?;
    let end = lines(library.text.get(start..)?)
        .skip(1)
        .find_map(|(offset, line)| {
            let closes = line.starts_with('}');
            let ends = !line.is_empty() && !line.starts_with([' ', '}', '#']);
            if closes {
                Some(start + offset + line.len())
            } else if ends {
                Some(start + offset)
            } else {
                None
            }
        })
        .unwrap_or(library.text.len());
    Some(Definition {
        file,
        text: library.text,
        range: start..end,
    })
}

/// The labels of all statements `word …` of a module, in order.
pub fn labels(file: &str, word: &str) -> Vec<Vec<&'static str>> {
    let Some((_, library)) = module(file) else {
        return Vec::new();
    };
    lines(library.text)
        .filter_map(|(_, line)| {
            let head = line.strip_prefix(word)?.strip_prefix(' ')?;
            let head = head.split('{').next()?;
            Some(head.split_whitespace().collect())
        })
        .collect()
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
