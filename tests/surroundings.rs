//! A world outside that a test makes up.

use std::collections::BTreeMap;

use m1c::facts::tpa::TpaVersion;
use m1c::tpa::configure::{Surroundings, Unread};

#[derive(Clone, Default)]
pub(crate) struct Given {
    /// Texts by their absolute paths.
    files: BTreeMap<String, String>,
    directories: Vec<String>,
    pub(crate) variables: BTreeMap<String, String>,
}

/// Where relative paths begin.
const CURRENT: &str = "/DIR";

fn absolute(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{CURRENT}/{path}")
    }
}

impl Given {
    pub(crate) fn add_file(&mut self, path: &str, text: &str) {
        let path = absolute(path);
        let folders = path
            .match_indices('/')
            .skip(1)
            .map(|(at, _)| path[..at].to_owned());
        self.directories.extend(folders);
        self.files.insert(path, text.to_owned());
    }

    pub(crate) fn add_directory(&mut self, path: &str) {
        self.directories.push(absolute(path));
    }
}

impl Surroundings for Given {
    fn read(&self, path: &str) -> Result<String, Unread> {
        if self.is_directory(path) {
            return Err(Unread::Unreadable("it is a folder".to_owned()));
        }
        self.files
            .get(&absolute(path))
            .cloned()
            .ok_or(Unread::NotFound)
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(&absolute(path)) || self.is_directory(path)
    }

    fn is_directory(&self, path: &str) -> bool {
        let path = absolute(path);
        path == CURRENT || self.directories.contains(&path)
    }

    fn current_directory(&self) -> String {
        CURRENT.to_owned()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn tpa(&self) -> Result<Option<TpaVersion>, String> {
        Ok(None)
    }

    fn time(&self) -> String {
        "20260101120000".to_owned()
    }
}
