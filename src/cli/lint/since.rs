//! `--since`: files as they were in a revision of git.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::job::Task;
use super::paths;
use crate::check::{self, Options};
use crate::cli::read;
use crate::lint::Before;
use crate::load::{self, LockFile, ReadError};
use crate::lock;

/// What git itself sets for a hook, about the repository that the hook is of. Files may be in another one.
const OF_HOOKS: &[&str] = &["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// A revision, in the repositories of all files that are judged.
pub(in crate::cli) struct Since {
    revision: String,
    /// By the folder that each is in.
    repositories: HashMap<PathBuf, Repository>,
}

/// What became of the comparison of a file.
pub(super) enum Older {
    /// It was not there.
    New,
    Known(Before),
    /// Some of it could not be read or compiled.
    Partly(Before),
}

impl Since {
    /// Finds the repositories, and the revision in each.
    pub(in crate::cli) fn new<'n>(
        revision: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<Since, Vec<String>> {
        let mut since = Since {
            revision: revision.to_owned(),
            repositories: HashMap::new(),
        };
        if revision.contains("..") {
            return Err(vec![format!(
                "`{revision}` is a range, and `--since` takes one revision: `git merge-base` names the one at which two branches part"
            )]);
        }
        let mut wrong = Vec::new();
        for name in names {
            let Some(root) = root_of(&paths::absolute(Path::new(name))) else {
                wrong.push(format!(
                    "`{name}` is not in a repository of git, which `--since` needs"
                ));
                continue;
            };
            if let Entry::Vacant(entry) = since.repositories.entry(root) {
                let repository = Repository::open(entry.key(), revision);
                entry.insert(repository.map_err(|message| vec![message])?);
            }
        }
        if wrong.is_empty() {
            Ok(since)
        } else {
            Err(wrong)
        }
    }

    /// The file as it was.
    pub(super) fn older(&self, task: &Task, options: Options<'_>) -> Result<Older, String> {
        let name = &task.found.name;
        let (Some(text), Some(files)) = (self.text(name)?, self.files(name, task.has_lock)) else {
            return Ok(Older::New);
        };
        let (before, is_whole) = if task.is_config {
            check::older_config(name, &text, &self.revision)
        } else {
            check::older_source(name, &files, options, &self.revision)
        };
        Ok(if is_whole {
            Older::Known(before)
        } else {
            Older::Partly(before)
        })
    }
}

impl Since {
    /// What a file said; nothing where it was not there.
    pub(in crate::cli) fn text(&self, name: &str) -> Result<Option<String>, String> {
        let Some(repository) = self.repository(name) else {
            return Ok(None);
        };
        match repository.read(name) {
            Ok(text) | Err(ReadError::NotUtf8 { text, .. }) => Ok(Some(text)),
            Err(ReadError::NotFound) => Ok(None),
            Err(ReadError::Unreadable(reason)) => {
                let revision = &self.revision;
                Err(format!("`{name}` at `{revision}` cannot be read: {reason}"))
            }
        }
    }

    /// What a source used, as it was.
    pub(in crate::cli) fn files(&self, name: &str, has_lock: bool) -> Option<Files<'_>> {
        let repository = self.repository(name)?;
        Some(Files {
            repository,
            has_lock,
        })
    }

    /// The files that are in the revision and have not changed since, from the root.
    pub(in crate::cli) fn unchanged(&self) -> Result<HashSet<PathBuf>, String> {
        let mut unchanged = HashSet::new();
        for repository in self.repositories.values() {
            let commit = repository.commit.as_str();
            let all =
                repository.names(&["ls-tree", "-r", "--full-tree", "--name-only", "-z", commit])?;
            unchanged.extend(all);
            for changed in
                repository.names(&["diff", "--name-only", "--no-renames", "-z", commit])?
            {
                unchanged.remove(&changed);
            }
        }
        Ok(unchanged)
    }

    /// The files that were in the revision and are not there any more, from the root.
    pub(in crate::cli) fn deleted(&self) -> Result<Vec<PathBuf>, String> {
        self.different("D")
    }

    /// The files that are in the revision and have changed since or are gone, from the root.
    pub(in crate::cli) fn changed(&self) -> Result<Vec<PathBuf>, String> {
        self.different("a")
    }

    /// The files that are not what they were in the revision, those that a filter of git's lets through.
    fn different(&self, filter: &str) -> Result<Vec<PathBuf>, String> {
        let filter = format!("--diff-filter={filter}");
        let mut different = Vec::new();
        for repository in self.repositories.values() {
            let commit = repository.commit.as_str();
            let options = [
                "diff",
                "--name-only",
                "--no-renames",
                filter.as_str(),
                "-z",
                commit,
            ];
            different.extend(repository.names(&options)?);
        }
        different.sort();
        Ok(different)
    }

    fn repository(&self, name: &str) -> Option<&Repository> {
        let root = root_of(&paths::absolute(Path::new(name)))?;
        self.repositories.get(&root)
    }
}

/// The folder of the repository that a file is in.
fn root_of(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors().skip(1);
    let root = folders.find(|folder| folder.join(".git").exists())?;
    Some(root.to_owned())
}

/// A repository, and one program that gives the contents of its files.
struct Repository {
    root: PathBuf,
    /// The commit, so that a branch that moves meanwhile does not matter; the empty tree before the first commit.
    commit: String,
    contents: Mutex<Contents>,
}

struct Contents {
    git: Child,
    /// Closed before the program is waited for.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Repository {
    fn open(root: &Path, revision: &str) -> Result<Repository, String> {
        let recorded = recorded(root, revision)?;
        let revision = recorded.as_deref().unwrap_or(revision);
        // A submodule that was not there yet is an empty tree.
        let kind = if recorded.is_some() { "tree" } else { "commit" };
        let found = git(root)
            .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
            .arg(format!("{revision}^{{{kind}}}"))
            .output()
            .map_err(|error| not_run(&error))?;
        let mut commit = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        // As a hook meets it at the first commit: nothing was there before.
        if commit.is_empty() && revision == "HEAD" {
            commit = empty_tree(root)?;
        }
        if commit.is_empty() {
            let said = String::from_utf8_lossy(&found.stderr);
            let said = said.lines().next().unwrap_or_default();
            let root = root.display();
            return Err(match said.trim_start_matches("fatal: ") {
                "" => format!("git does not know the revision `{revision}` in `{root}`"),
                said => format!("git does not give `{revision}` in `{root}`: {said}"),
            });
        }
        let contents = Contents::open(root).map_err(|error| not_run(&error))?;
        Ok(Repository {
            root: root.to_owned(),
            commit,
            contents: Mutex::new(contents),
        })
    }
}

/// The commit of a submodule that its repository had in the revision. Nothing where it is none, and where somebody is in it:
/// the revision is one of its own then.
fn recorded(root: &Path, revision: &str) -> Result<Option<String>, String> {
    let is_in_it = paths::absolute(Path::new(".")).starts_with(root);
    let Some(outer) = root_of(root).filter(|_| !is_in_it) else {
        return Ok(None);
    };
    let Ok(inside) = root.strip_prefix(&outer) else {
        return Ok(None);
    };
    let ask = |options: &[&str]| -> Result<String, String> {
        let said = git(&outer).args(options).arg("--").arg(inside).output();
        let said = said.map_err(|error| not_run(&error))?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    };
    // `160000` is what git calls the kind of an entry that is a commit.
    if !ask(&["ls-files", "--stage"])?.starts_with("160000 ") {
        return Ok(None);
    }
    let outer_revision = match recorded(&outer, revision)? {
        Some(commit) => commit,
        None => revision.to_owned(),
    };
    let entry = ask(&["ls-tree", &outer_revision])?;
    // `160000 commit ID`, a tabulator and the path.
    let commit = entry
        .split('\t')
        .next()
        .and_then(|entry| entry.rsplit(' ').next());
    match commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => Ok(Some(commit.to_owned())),
        // It was not there yet.
        None => empty_tree(root).map(Some),
    }
}

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in OF_HOOKS {
        git.env_remove(variable);
    }
    git.arg("-C").arg(root).stdin(Stdio::null());
    git
}

/// How git names the tree of a folder without files, which every repository has.
fn empty_tree(root: &Path) -> Result<String, String> {
    let named = git(root)
        .args(["hash-object", "-t", "tree", "--stdin"])
        .output()
        .map_err(|error| not_run(&error))?;
    Ok(String::from_utf8_lossy(&named.stdout).trim().to_owned())
}

fn not_run(error: &io::Error) -> String {
    let reason = read::reason(error);
    format!("git, which `--since` needs, cannot be run: {reason}")
}

/// The files of a source as they were.
pub(in crate::cli) struct Files<'r> {
    repository: &'r Repository,
    has_lock: bool,
}

impl load::Files for Files<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.repository.read(path)
    }

    fn lock(&self, source: &str) -> LockFile {
        if !self.has_lock {
            return LockFile::Unwanted;
        }
        match self.repository.read(&lock::name_of(source)) {
            Err(ReadError::NotFound) => LockFile::Unwanted,
            text => LockFile::Read(text),
        }
    }
}

impl Repository {
    /// The files that git names, from the root.
    fn names(&self, options: &[&str]) -> Result<Vec<PathBuf>, String> {
        let said = git(&self.root).args(options).output();
        let said = said.map_err(|error| not_run(&error))?;
        let names = said.stdout.split(|byte| *byte == 0);
        let names = names.filter(|name| !name.is_empty());
        let path = |name: &[u8]| self.root.join(&*String::from_utf8_lossy(name));
        Ok(names.map(path).collect())
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        let absolute = paths::absolute(Path::new(path));
        let Ok(inside) = absolute.strip_prefix(&self.root) else {
            // It has no older version here.
            return read::file(Path::new(path));
        };
        let name = format!("{}:{}", self.commit, paths::slashes(inside));
        if name.contains('\n') {
            return Err(ReadError::NotFound);
        }
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        contents
            .of(&name)
            .map_err(|error| ReadError::Unreadable(read::reason(&error)))?
            .ok_or(ReadError::NotFound)
            .and_then(read::utf8)
    }
}

impl Contents {
    fn open(root: &Path) -> io::Result<Contents> {
        let mut git = git(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let closed = || io::Error::other("it has closed its output");
        Ok(Contents {
            questions: git.stdin.take(),
            answers: BufReader::new(git.stdout.take().ok_or_else(closed)?),
            git,
        })
    }

    /// What is in a file; nothing where there is none.
    fn of(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if let Some(questions) = &mut self.questions {
            writeln!(questions, "{name}")?;
            questions.flush()?;
        }
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        // `OBJECT TYPE SIZE`, or `NAME missing`.
        let mut words = head.trim_end().rsplit(' ');
        let size = words.next().and_then(|size| size.parse::<usize>().ok());
        let Some(size) = size else {
            return Ok(None);
        };
        let is_file = words.next() == Some("blob");
        let mut bytes = vec![0; size + 1];
        self.answers.read_exact(&mut bytes)?;
        bytes.pop();
        Ok(is_file.then_some(bytes))
    }
}

impl Drop for Contents {
    fn drop(&mut self) {
        self.questions = None;
        // It ends when nobody can ask any more; how it ends does not matter.
        let _ = self.git.wait();
    }
}
