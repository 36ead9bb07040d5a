//! Locks on disk: which sources have one, what is in it, and what is to be written.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::find::Found;
use super::read;
use crate::load::{LockFile, ReadError};
use crate::lock;
use crate::report::clean;

/// A lock that is not what it must be.
pub(super) struct Changed {
    pub(super) path: PathBuf,
    /// What messages call it.
    pub(super) name: String,
    /// What it says, where it is there.
    pub(super) before: Option<String>,
    pub(super) after: String,
}

impl Changed {
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
    match read::file(path) {
        Err(ReadError::NotFound) => LockFile::Missing,
        text => LockFile::Read(text),
    }
}

/// Whether it is still as it was read, so that nothing of another build is lost.
pub(super) fn is_as_read(changed: &Changed) -> bool {
    match (read_at(&changed.path), &changed.before) {
        (LockFile::Missing, None) => true,
        (LockFile::Read(Ok(text)), Some(before)) => text == *before,
        (LockFile::Missing | LockFile::Unwanted | LockFile::Read(_), _) => false,
    }
}
