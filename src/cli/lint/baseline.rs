//! Findings that are known and are not to be shown: a file of JSON lines, sorted by file and rule.
//!
//! What a finding is about is its key, never a line, so that a baseline outlives edits. Of several findings with one
//! key it knows how many there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::paths;
use crate::cli::{atomic, read};
use crate::lint::{Finding, Suppression};
use crate::load::ReadError;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    file: String,
    rule: String,
    entity: String,
    count: usize,
}

/// A rule, and what it is about.
pub(super) type Key = (String, String);

/// How many findings there are of each key.
pub(super) type Counts = BTreeMap<Key, usize>;

/// A baseline.
#[derive(Debug)]
pub(super) struct Baseline {
    path: PathBuf,
    /// By file.
    files: BTreeMap<String, Counts>,
}

/// The key of a finding.
pub(super) fn key(finding: &Finding) -> Key {
    (finding.rule.code.name.to_owned(), finding.path())
}

/// Whether an entity is this cluster, or something in it.
pub(super) fn is_of(entity: &str, cluster: &str) -> bool {
    let rest = entity
        .strip_prefix("cluster/")
        .and_then(|rest| rest.strip_prefix(cluster));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Baseline {
    /// One without findings.
    pub(super) fn empty(path: &Path) -> Baseline {
        Baseline {
            path: path.to_owned(),
            files: BTreeMap::new(),
        }
    }

    pub(super) fn read(path: &Path) -> Result<Baseline, String> {
        let shown = path.display();
        let text = read::file(path).map_err(|error| match error {
            ReadError::NotFound => {
                format!("`{shown}` does not exist; `--write-baseline` makes it")
            }
            ReadError::Unreadable(reason) => format!("`{shown}` cannot be read: {reason}"),
            ReadError::NotUtf8 { .. } => format!("`{shown}` is not UTF-8"),
        })?;
        let mut baseline = Baseline::empty(path);
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(line).map_err(|error| {
                let number = number + 1;
                format!("`{shown}` is not a baseline: line {number}: {error}")
            })?;
            let counts = baseline.files.entry(line.file).or_default();
            *counts.entry((line.rule, line.entity)).or_default() += line.count;
        }
        Ok(baseline)
    }

    /// What a file is called in it: relative to its own folder where that goes.
    pub(super) fn name_of(&self, path: &Path) -> String {
        let absolute = paths::absolute(path);
        let folder = paths::absolute(&self.path);
        let below = folder
            .parent()
            .and_then(|folder| absolute.strip_prefix(folder).ok());
        paths::slashes(below.unwrap_or(path))
    }

    /// Marks the known findings of a file. What comes back are the entries that nothing is found for any more.
    pub(super) fn mark(&self, file: &str, findings: &mut [Finding]) -> Counts {
        let Some(known) = self.files.get(file) else {
            return Counts::new();
        };
        let mut left = known.clone();
        for finding in findings {
            if let Some(count) = left.get_mut(&key(finding)).filter(|count| **count > 0) {
                *count -= 1;
                finding.suppression = Some(Suppression::Known);
            }
        }
        left.retain(|_, count| *count > 0);
        left
    }

    /// The files that it names, with how many entries each has.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &Counts)> {
        self.files
            .iter()
            .map(|(file, counts)| (file.as_str(), counts))
    }

    /// Whether a file that it names is on disk.
    pub(super) fn is_there(&self, file: &str) -> bool {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        folder.join(file).exists()
    }

    /// Writes what is found now; what it says about files that were not looked at stays.
    pub(super) fn write(mut self, found: Vec<(String, Counts)>) -> Result<usize, String> {
        for (file, counts) in found {
            self.files.insert(file, counts);
        }
        let mut text = String::new();
        let mut total = 0;
        for (file, counts) in &self.files {
            for ((rule, entity), count) in counts {
                total += count;
                let line = Line {
                    file: file.clone(),
                    rule: rule.clone(),
                    entity: entity.clone(),
                    count: *count,
                };
                let Ok(line) = serde_json::to_string(&line) else {
                    unreachable!("text and numbers are always JSON");
                };
                text.push_str(&line);
                text.push('\n');
            }
        }
        atomic::write(&self.path, &text).map_err(|error| {
            let reason = read::reason(&error);
            format!("`{}` cannot be written: {reason}", self.path.display())
        })?;
        Ok(total)
    }
}
