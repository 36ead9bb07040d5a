//! The PATHs of a command line become the list of sources, in an order that is always the same.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::read;

/// What stands for standard input on the command line.
pub(super) const STANDARD_INPUT: &str = "-";

/// A source to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// `None` is standard input.
    pub(super) path: Option<PathBuf>,
    /// What messages call it, and where the files that it uses are looked for.
    pub(super) name: String,
    /// What generated files call it: never an absolute path.
    pub(super) title: String,
}

/// What the PATHs lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) sources: Vec<Found>,
    /// PATHs that lead nowhere.
    pub(super) wrong: Vec<String>,
    /// What could not be looked into on the way.
    pub(super) skipped: Vec<String>,
}

/// Finds the sources; no PATH means the current folder.
pub(super) fn find(paths: &[PathBuf], stdin_filename: Option<&Path>) -> Search {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut search = Search::default();
    let mut may_repeat = paths.len() > 1;
    for path in paths {
        if path.as_os_str() == STANDARD_INPUT {
            search.sources.push(standard_input(stdin_filename));
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let walked = walk(path, usize::MAX);
                let found = walked.paths.iter().map(|found| source(found, Some(path)));
                search.sources.extend(found);
                search.skipped.extend(walked.skipped);
                may_repeat |= walked.has_links;
            }
            Ok(_) => search.sources.push(source(path, None)),
            Err(error) => {
                let reason = read::reason(&error);
                search.wrong.push(unreadable(path, &reason));
            }
        }
    }
    if search.sources.is_empty() && search.wrong.is_empty() {
        let places: Vec<String> = paths
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        let place = if paths == here {
            "the current folder".to_owned()
        } else {
            places.join(" or ")
        };
        search
            .wrong
            .push(format!("there is no `.m1` file in {place}"));
    }
    if may_repeat {
        drop_repeated(&mut search.sources);
    }
    search
}

fn standard_input(filename: Option<&Path>) -> Found {
    match filename {
        Some(filename) => Found {
            path: None,
            ..source(filename, None)
        },
        None => Found {
            path: None,
            name: "<stdin>".to_owned(),
            title: "standard input".to_owned(),
        },
    }
}

/// A file, and the folder of the command line that it was found in.
fn source(path: &Path, folder: Option<&Path>) -> Found {
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok());
    let title = match (path.is_absolute(), below) {
        (false, _) => path,
        (true, Some(below)) => below,
        (true, None) => path.file_name().map_or(path, Path::new),
    };
    Found {
        path: Some(path.to_owned()),
        name: plain(path).to_string_lossy().into_owned(),
        title: slashes(&plain(title)),
    }
}

/// A file that is named outside of the command line.
pub(super) fn named(path: &Path) -> Found {
    source(path, None)
}

/// A path without what changes nothing: `./x.m1` is `x.m1`.
fn plain(path: &Path) -> PathBuf {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .collect()
}

/// A path with forward slashes, so that generated files are the same on every system.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|component| component.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// The names of the sources in a folder, as far as they are among so many files and folders.
pub(super) fn sources_in(folder: &Path, most_entries: usize) -> Vec<String> {
    let walked = walk(folder, most_entries);
    let found = walked.paths.iter().map(|found| source(found, Some(folder)));
    found.map(|found| found.name).collect()
}

/// What was met on the way through a folder.
struct Walked {
    paths: Vec<PathBuf>,
    skipped: Vec<String>,
    /// Whether some of the paths are links.
    has_links: bool,
}

/// Every `.m1` in a folder, but what `.gitignore` ignores, as far as they are among so many files and folders.
fn walk(folder: &Path, most_entries: usize) -> Walked {
    let entries = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    WalkBuilder::new(folder)
        .require_git(false)
        .build_parallel()
        .run(|| {
            let sender = sender.clone();
            let entries = &entries;
            Box::new(move |entry| {
                if entries.fetch_add(1, Ordering::Relaxed) >= most_entries {
                    return WalkState::Quit;
                }
                let found = match entry {
                    Ok(entry) => is_source(&entry).map(|is| is.then_some(entry)),
                    Err(error) => Err(describe(&error)),
                };
                // The receiver outlives the walk.
                let _ = sender.send(found);
                WalkState::Continue
            })
        });
    drop(sender);
    let mut paths = Vec::new();
    let mut skipped = Vec::new();
    let mut has_links = false;
    for found in receiver {
        match found {
            Ok(None) => {}
            Ok(Some(entry)) => {
                has_links |= entry.path_is_symlink();
                paths.push(entry.into_path());
            }
            Err(message) => skipped.push(message),
        }
    }
    paths.sort();
    skipped.sort();
    Walked {
        paths,
        skipped,
        has_links,
    }
}

/// Whether this is a source. A link to a file is one, a link to a folder is not followed.
fn is_source(entry: &DirEntry) -> Result<bool, String> {
    let path = entry.path();
    if path.extension().is_none_or(|extension| extension != "m1") {
        return Ok(false);
    }
    if !entry.path_is_symlink() {
        return Ok(entry.file_type().is_some_and(|kind| kind.is_file()));
    }
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_file()),
        Err(error) => Err(unreadable(&plain(path), &read::reason(&error))),
    }
}

fn unreadable(path: &Path, reason: &str) -> String {
    format!("`{}` cannot be read: {reason}", path.display())
}

fn describe(error: &ignore::Error) -> String {
    let mut at = error;
    let mut path = None;
    loop {
        if let ignore::Error::WithDepth { err, .. } = at {
            at = err;
        } else if let ignore::Error::WithPath { path: found, err } = at {
            path = Some(found);
            at = err;
        } else {
            break;
        }
    }
    let reason = at.io_error().map_or_else(|| at.to_string(), read::reason);
    match path {
        Some(path) => unreadable(&plain(path), &reason),
        None => reason,
    }
}

/// Keeps the first of several ways to the same file.
fn drop_repeated(sources: &mut Vec<Found>) {
    let mut seen = HashSet::new();
    sources.retain(|source| match &source.path {
        Some(path) => seen.insert(fs::canonicalize(path).ok().or_else(|| Some(path.clone()))),
        None => seen.insert(None),
    });
}
