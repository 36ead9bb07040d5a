//! Sources become files: `build/CASE/main.m1` gives exactly what is in `build/CASE/expected`.
//!
//! `UPDATE=1 cargo test` writes what is built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use m1c::backend::limits::limits;
use m1c::backend::{Backend, OutputFile, emit};
use m1c::check::{Options, check};
use m1c::diagnostic::Diagnostics;
use m1c::load::{Files, ReadError};
use m1c::report::{self, Format, Style};
use m1c::source::Sources;
use m1c::topology::Topology;

use crate::memory;

/// The files of a case, by their paths in its folder.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        fs::read_to_string(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

#[test]
fn sources_become_the_expected_files() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut cases: Vec<PathBuf> = fs::read_dir("tests/build")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    let mut failures = String::new();
    for case in cases {
        let checked = check("main.m1", &Folder(case.clone()), Options::default());
        let messages = memory::messages(&checked);
        let Some(topology) = &checked.topology else {
            failures.push_str(&format!("{}:\n{messages}", case.display()));
            continue;
        };
        for backend in Backend::ALL {
            let folder = case.join("expected").join(backend.name());
            let built = built(backend, topology, &checked.sources);
            let expected = files_in(&folder);
            if built != expected && update {
                rewrite(&folder, &built);
            } else if built != expected {
                failures.push_str(&difference(&folder, &expected, &built));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// What a backend makes of a topology. Where it cannot, or has something to say, that is in `said.txt`.
fn built(backend: Backend, topology: &Topology, sources: &Sources) -> BTreeMap<PathBuf, String> {
    let mut diagnostics = Diagnostics::default();
    limits(backend, topology, &mut diagnostics);
    let mut files = BTreeMap::new();
    if !diagnostics.has_errors() {
        for file in emit(backend, topology) {
            if backend != Backend::Terraform || !is_constant(&file) {
                files.insert(PathBuf::from(file.path), file.contents);
            }
        }
    }
    let diagnostics = diagnostics.into_sorted();
    if !diagnostics.is_empty() {
        let said = report::render(Format::Human, Style::Plain, sources, &diagnostics);
        files.insert(PathBuf::from("said.txt"), said);
    }
    files
}

/// Whether a file of Terraform's is one that is the same for every cluster: it is in the folder of the backend.
fn is_constant(file: &OutputFile) -> bool {
    let (_, path) = file.path.split_once("/terraform/").unwrap();
    let path = path.replace("modules/region", "region");
    ["", "aws", "docker", "bare"].iter().any(|platform| {
        let path = Path::new("src/backend/terraform")
            .join(platform)
            .join(path.trim_start_matches('.'));
        fs::read_to_string(path).is_ok_and(|text| text == file.contents)
    })
}

/// The files in a folder and its folders, by their paths in it.
fn files_in(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
            }
        }
    }
    files
}

fn rewrite(folder: &Path, built: &BTreeMap<PathBuf, String>) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    for (path, text) in built {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn difference(
    folder: &Path,
    expected: &BTreeMap<PathBuf, String>,
    built: &BTreeMap<PathBuf, String>,
) -> String {
    let mut text = String::new();
    let mut paths: Vec<&PathBuf> = expected.keys().chain(built.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let (old, new) = (expected.get(path), built.get(path));
        if old != new {
            let none = String::new();
            let diff = similar::TextDiff::from_lines(old.unwrap_or(&none), new.unwrap_or(&none));
            text.push_str(&format!(
                "{}\n{}",
                folder.join(path).display(),
                diff.unified_diff()
            ));
        }
    }
    text
}
