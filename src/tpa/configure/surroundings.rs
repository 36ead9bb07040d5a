//! What a command line needs to know of the world outside: files, folders, the environment, the clock.

use crate::facts::tpa::TpaVersion;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    NotFound,
    /// It is a directory, may not be read, is not UTF-8…: a reason in lower case.
    Unreadable(String),
}

/// The world outside. Relative paths are relative to the current directory.
pub trait Surroundings {
    fn read(&self, path: &str) -> Result<String, Unread>;

    /// Whether there is something at this path.
    fn exists(&self, path: &str) -> bool;

    fn is_directory(&self, path: &str) -> bool;

    /// An absolute path, with forward slashes.
    fn current_directory(&self) -> String;

    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// The TPA that the settings of the current folder name, or what is wrong with them.
    fn tpa(&self) -> Result<Option<TpaVersion>, String>;

    /// The time now, as fourteen digits: year, month, day, hour, minute, second.
    fn time(&self) -> String;
}

/// A path as the operating system finds it: absolute, without `.`, `..` and needless slashes, and `~` expanded.
pub(super) fn absolute(path: &str, surroundings: &dyn Surroundings) -> String {
    let home = path
        .strip_prefix('~')
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .and_then(|rest| Some(format!("{}{rest}", surroundings.variable("HOME")?)));
    let path = home.as_deref().unwrap_or(path);
    let joined = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{}/{path}", surroundings.current_directory())
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
