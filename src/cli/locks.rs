//! Locks on disk: which sources have one, what is in it, and what is to be written.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::atomic;
use super::find::Found;
use super::read;
use super::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::load::{LockFile, ReadError};
use crate::lock::{self, Lock};
use crate::report::clean;
use crate::source::Span;
use crate::topology::Topology;

/// A lock that is not what it must be.
pub(super) struct Changed {
    pub(super) path: PathBuf,
    /// What messages call it.
    pub(super) name: String,
    /// What it says, where it is there.
    pub(super) before: Option<String>,
    pub(super) after: String,
    /// The config.ymls that it takes over.
    adopted: Vec<String>,
}

impl Changed {
    /// The lock of a source that is to become another; standard input has none.
    pub(super) fn new(source: &Found, before: LockFile, after: &Lock) -> Option<Changed> {
        Some(Changed {
            path: path(source)?,
            name: lock::name_of(&source.name),
            before: match before {
                LockFile::Read(text) => text.ok(),
                LockFile::Missing | LockFile::Unwanted => None,
            },
            after: lock::write(after),
            adopted: Vec::new(),
        })
    }

    pub(super) fn adopting(self, adopted: Vec<String>) -> Changed {
        Changed { adopted, ..self }
    }

    /// Says what it takes over.
    pub(super) fn tell(&self, terminal: Terminal) {
        for config in &self.adopted {
            terminal.say(&format!(
                "note: `{}` takes over the numbers, names and subnets of `{}`\n",
                self.shown(),
                clean(config)
            ));
        }
    }

    /// As messages show it.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        clean(&self.name)
    }
}

/// The path of a source's lock; standard input has none.
pub(super) fn path(source: &Found) -> Option<PathBuf> {
    let mut path = source.path.clone()?.into_os_string();
    path.push(lock::ENDING);
    Some(path.into())
}

/// What `--locked` has to say about the lock of a source. What is only taken over is in no file yet: then there is none.
pub(super) fn outdated(
    source: &str,
    before: Option<&Lock>,
    topology: &Topology,
) -> Vec<Diagnostic> {
    let Some(after) = &topology.lock else {
        return Vec::new();
    };
    let clusters = topology.clusters.iter();
    let clusters: Vec<(&str, Span)> = clusters
        .map(|cluster| (cluster.name.value.as_str(), cluster.name.origin.place()))
        .collect();
    let nothing = Lock::default();
    let before = before.unwrap_or(&nothing);
    lock::outdated(&lock::name_of(source), before, after, &clusters)
}

/// What is there for a source that is to have a lock.
pub(super) fn read(source: &Found) -> LockFile {
    path(source).map_or(LockFile::Unwanted, |path| read_at(&path))
}

/// What is there for a source that nothing is written for.
pub(super) fn existing(source: &Found) -> LockFile {
    match read(source) {
        LockFile::Missing => LockFile::Unwanted,
        lock @ (LockFile::Unwanted | LockFile::Read(_)) => lock,
    }
}

fn read_at(path: &Path) -> LockFile {
    match read::lock(path) {
        Err(ReadError::NotFound) => LockFile::Missing,
        text => LockFile::Read(text),
    }
}

/// Writes locks that nothing else is written with, all of them or none.
pub(super) fn write(locks: &[Changed]) -> Result<(), String> {
    let unwritable = |lock: &Changed, error: &io::Error| {
        format!(
            "`{}` cannot be written: {}",
            lock.shown(),
            read::reason(error)
        )
    };
    as_read(locks)?;
    let mut staged = Vec::new();
    for lock in locks {
        let file = atomic::stage(&lock.path, &lock.after);
        staged.push((lock, file.map_err(|error| unwritable(lock, &error))?));
    }
    for (lock, file) in staged {
        let persisted = file.persist(atomic::target(&lock.path));
        persisted.map_err(|error| unwritable(lock, &error.error))?;
    }
    Ok(())
}

/// Whether locks are still as they were read, or which is not.
pub(super) fn as_read(locks: &[Changed]) -> Result<(), String> {
    match locks.iter().find(|lock| !is_as_read(lock)) {
        None => Ok(()),
        Some(lock) => {
            let name = lock.shown();
            Err(format!(
                "`{name}` has been changed by somebody else just now: run m1c again"
            ))
        }
    }
}

/// Whether it is still as it was read, so that nothing of another build is lost.
fn is_as_read(changed: &Changed) -> bool {
    match (read_at(&changed.path), &changed.before) {
        (LockFile::Missing, None) => true,
        (LockFile::Read(Ok(text)), Some(before)) => text == *before,
        (LockFile::Missing | LockFile::Unwanted | LockFile::Read(_), _) => false,
    }
}
