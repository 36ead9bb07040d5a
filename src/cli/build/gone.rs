//! Folders of clusters that no source makes any more. They are told of and left alone: files are the user's.
//!
//! Several sources may share an output folder, and each run sees some of them. A folder is told of only where its header
//! names a source of this run, or one that this run would have found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::leftovers;
use super::write::Output;
use crate::cli::find::Found;
use crate::cli::terminal::Terminal;
use crate::output;

/// What this run was about.
pub(super) struct Run<'r> {
    /// The paths of the command line.
    pub(super) paths: &'r [PathBuf],
    /// The sources that have become files, or would have.
    pub(super) sources: Vec<&'r Found>,
    pub(super) outputs: &'r [Output],
}

/// Why a folder is left over.
enum Why {
    /// Its source is there, and makes other clusters.
    Renamed(String),
    /// Its source is not there.
    SourceGone(String),
}

/// A folder that is left over.
struct Folder {
    path: PathBuf,
    name: String,
    why: Why,
    edited: Vec<PathBuf>,
    /// Whether Terraform was built there.
    has_machines: bool,
}

/// Says which folders are left over, and what to do about each.
pub(super) fn tell(terminal: Terminal, out: &Path, run: &Run<'_>) {
    for folder in find(out, run) {
        let path = folder.path.display();
        let why = match &folder.why {
            Why::Renamed(source) => format!("`{source}` makes no cluster `{}` now", folder.name),
            Why::SourceGone(source) => format!("its source `{source}` is not there any more"),
        };
        terminal.warning(&format!(
            "`{path}` is left over from an earlier build: {why}"
        ));
        for edited in &folder.edited {
            let edited = edited.display();
            terminal.help(&format!(
                "`{edited}` has been edited since m1c wrote it: keep what you need of it"
            ));
        }
        if folder.has_machines {
            terminal.help(&format!(
                "its machines may still run: `terraform -chdir={path}/terraform state list` names them; destroy them, or move the state to the cluster's new folder"
            ));
        }
        terminal.help(&format!(
            "m1c removes no files: remove `{path}` when nothing needs it"
        ));
    }
}

fn find(out: &Path, run: &Run<'_>) -> Vec<Folder> {
    let made: BTreeSet<&str> = (run.outputs.iter())
        .filter_map(|output| output.path.split('/').next())
        .collect();
    let mut folders: Vec<Folder> = (fs::read_dir(out).into_iter().flatten().flatten())
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            (!made.contains(name.as_str())).then_some(())?;
            folder(entry.path(), name, out, run)
        })
        .collect();
    folders.sort_by(|one, other| one.path.cmp(&other.path));
    folders
}

fn folder(path: PathBuf, name: String, out: &Path, run: &Run<'_>) -> Option<Folder> {
    // Most folders are of clusters that other runs make: one file says so.
    let files = match leftovers::read(path.join("config.yml")) {
        Some(config) => {
            why(output::source_of(&config.text)?, out, run)?;
            leftovers::generated(&path)
        }
        None => leftovers::generated(&path),
    };
    let why = (files.iter())
        .filter_map(|file| output::source_of(&file.text))
        .find_map(|source| why(source, out, run))?;
    let edited = (files.iter())
        .filter(|file| output::is_edited(&file.text))
        .map(|file| file.path.clone())
        .collect();
    let terraform = path.join("terraform");
    Some(Folder {
        name,
        why,
        edited,
        has_machines: files.iter().any(|file| file.path.starts_with(&terraform)),
        path,
    })
}

fn why(title: &str, out: &Path, run: &Run<'_>) -> Option<Why> {
    let title_path = Path::new(title);
    // A name alone may be that of a source in any folder, unless the output is below the source.
    let is_name_alone = title_path.components().count() < 2;
    let below = |folder: &Path| !is_name_alone || absolute(out).starts_with(folder);
    for source in &run.sources {
        let path = absolute(source.path.as_deref()?);
        let parent = path.parent()?;
        let tail: PathBuf = (title_path.components())
            .skip_while(|part| part.as_os_str() == "..")
            .collect();
        if path.ends_with(tail) && below(parent) {
            return Some(Why::Renamed(source.name.clone()));
        }
    }
    let here = [PathBuf::from(".")];
    let paths = if run.paths.is_empty() {
        &here
    } else {
        run.paths
    };
    let is_gone = paths.iter().filter(|path| path.is_dir()).any(|path| {
        let folder = absolute(path);
        // What is found below an absolute path is called by what stands behind it.
        let source = if path.is_absolute() {
            folder.join(title_path)
        } else {
            absolute(title_path)
        };
        source.starts_with(&folder) && !source.exists() && below(&folder)
    });
    is_gone.then(|| Why::SourceGone(title.to_owned()))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
