//! Files come in through one trait, so that the core does no I/O.

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
}
