//! A world outside that a test makes up.

use std::collections::BTreeMap;

use m1c::tpa::configure::{Surroundings, Unread};

#[derive(Default)]
pub(crate) struct Given {
    /// Texts by their absolute paths.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) directories: Vec<String>,
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

impl Surroundings for Given {
    fn read(&self, path: &str) -> Result<String, Unread> {
        self.files
            .get(&absolute(path))
            .cloned()
            .ok_or(Unread::NotFound)
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(&absolute(path)) || self.is_directory(path)
    }

    fn is_directory(&self, path: &str) -> bool {
        self.directories.contains(&absolute(path))
    }

    fn current_directory(&self) -> String {
        CURRENT.to_owned()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn time(&self) -> String {
        "20260101120000".to_owned()
    }
}
