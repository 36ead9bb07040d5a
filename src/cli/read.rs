//! Sources come from the disk, within bounds.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::load::{Built, Files, LockFile, ReadError};

/// How large a source may be, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// How large a lock may be, in bytes: a short source can have many machines, and those that went stay in its lock.
const LARGEST_LOCK: u64 = 64 * 1024 * 1024;

/// A root whose text has been read, and the disk for the files that it uses.
pub(super) struct Disk<'d> {
    pub(super) name: &'d str,
    pub(super) root: Result<String, ReadError>,
    /// What there is beside the root.
    pub(super) lock: LockFile,
    /// Where an earlier build of the cluster may be; the folder of each is called after its cluster.
    pub(super) built: BuiltIn<'d>,
}

/// Where config.ymls are that the lock may take over.
#[derive(Clone, Copy)]
pub(super) enum BuiltIn<'d> {
    /// There is a lock already, or none is wanted.
    Nowhere,
    /// An output folder.
    Folder(&'d Path),
    File(&'d Path),
}

impl Files for Disk<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == self.name {
            self.root.clone()
        } else {
            file(Path::new(path))
        }
    }

    fn lock(&self, _source: &str) -> LockFile {
        self.lock.clone()
    }

    fn built(&self, cluster: &str) -> Option<Built> {
        let path = match self.built {
            BuiltIn::Nowhere => return None,
            BuiltIn::Folder(folder) => folder.join(cluster).join("config.yml"),
            BuiltIn::File(path) => path.to_owned(),
        };
        Some(Built {
            text: file(&path).ok()?,
            name: path.display().to_string(),
        })
    }
}

/// Reads a regular file, such as a source.
pub(super) fn file(path: &Path) -> Result<String, ReadError> {
    file_up_to(LARGEST, path)
}

/// Reads a lock.
pub(super) fn lock(path: &Path) -> Result<String, ReadError> {
    file_up_to(LARGEST_LOCK, path)
}

fn file_up_to(largest: u64, path: &Path) -> Result<String, ReadError> {
    let unreadable = |error: io::Error| {
        if error.kind() == ErrorKind::NotFound {
            ReadError::NotFound
        } else {
            ReadError::Unreadable(reason(&error))
        }
    };
    // Asked before it is opened, because opening a pipe waits for somebody to write.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ReadError::Unreadable("it is a folder".to_owned()));
    }
    if !metadata.is_file() {
        return Err(ReadError::Unreadable("it is not a regular file".to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    text(file, metadata.len(), largest)
}

/// Reads standard input.
pub(super) fn standard_input() -> Result<String, ReadError> {
    text(io::stdin().lock(), 0, LARGEST)
}

fn text(from: impl Read, expected: u64, largest: u64) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    if expected <= largest {
        bytes.reserve(usize::try_from(expected).unwrap_or(0));
        from.take(largest + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ReadError::Unreadable(reason(&error)))?;
    }
    if expected > largest || bytes.len() as u64 > largest {
        let megabytes = largest / (1024 * 1024);
        return Err(ReadError::Unreadable(format!(
            "it is larger than {megabytes} MiB"
        )));
    }
    utf8(bytes)
}

/// The text of a file with these bytes.
pub(super) fn utf8(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 {
        offset: error.utf8_error().valid_up_to(),
        text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// The operating system's words, as they are in a sentence.
pub(super) fn reason(error: &io::Error) -> String {
    let Some(number) = error.raw_os_error() else {
        return error.kind().to_string();
    };
    let text = error.to_string();
    let text = text.strip_suffix(&format!(" (os error {number})"));
    let text = text.map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => text,
    }
}
