//! Paths as they are compared and written down.

use std::path::{self, Component, Path, PathBuf};

/// A path from the root, without `.` and `..`; links are not followed.
pub(in crate::cli) fn absolute(path: &Path) -> PathBuf {
    let absolute = path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                plain.push(component);
            }
        }
    }
    plain
}

/// The current folder, for those that ask about many paths.
pub(super) fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// With forward slashes, the same on every system.
pub(super) fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A path as messages show it: from the current folder where it lies below.
pub(super) fn shown(path: &Path) -> String {
    path.strip_prefix(here())
        .unwrap_or(path)
        .display()
        .to_string()
}
