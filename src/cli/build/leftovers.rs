//! Files of an earlier build that no source makes any more. They are told of and left alone: files are the user's.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::write::Output;
use crate::cli::read;
use crate::cli::terminal::Terminal;
use crate::load::ReadError;
use crate::output;

/// Says which generated files in the folders of the outputs are none of the outputs.
pub(super) fn tell(terminal: Terminal, folder: &Path, outputs: &[Output]) {
    let leftovers = find(folder, outputs);
    if leftovers.is_empty() {
        return;
    }
    for file in &leftovers {
        let path = file.path.display();
        let edited = if output::is_edited(&file.text) {
            ", and has been edited since"
        } else {
            ""
        };
        terminal.warning(&format!(
            "`{path}` is left over from an earlier build{edited}"
        ));
    }
    terminal
        .help("remove what nothing makes any more: its machine has another name now, or is gone");
}

fn find(folder: &Path, outputs: &[Output]) -> Vec<Generated> {
    let made: HashSet<PathBuf> = (outputs.iter())
        .map(|output| folder.join(&output.path))
        .collect();
    // What stands directly in a cluster's folder has the same name in every build.
    let folders: BTreeSet<PathBuf> = (outputs.iter())
        .filter_map(|output| {
            let mut parts = output.path.splitn(3, '/');
            let (cluster, part) = (parts.next()?, parts.next()?);
            parts.next()?;
            Some(folder.join(cluster).join(part))
        })
        .collect();
    (folders.iter())
        .flat_map(|folder| generated(folder))
        .filter(|file| !made.contains(&file.path))
        .collect()
}

/// A file that m1c has written.
pub(super) struct Generated {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// The files of m1c in a folder.
pub(super) fn generated(folder: &Path) -> Vec<Generated> {
    let mut found = Vec::new();
    search(folder, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// Looks into a folder and its folders, but through no links, and into no hidden ones: m1c makes none, and Terraform
/// keeps its providers there.
fn search(folder: &Path, found: &mut Vec<Generated>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && is_hidden(&entry) => {}
            Ok(kind) if kind.is_dir() => search(&path, found),
            Ok(kind) if kind.is_file() => found.extend(read(path)),
            Ok(_) | Err(_) => {}
        }
    }
}

fn is_hidden(entry: &fs::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// A file, if it is one of m1c.
pub(super) fn read(path: PathBuf) -> Option<Generated> {
    match read::file(&path) {
        Ok(text) | Err(ReadError::NotUtf8 { text, .. }) => {
            output::is_generated(&text).then_some(Generated { path, text })
        }
        Err(ReadError::NotFound | ReadError::Unreadable(_)) => None,
    }
}
