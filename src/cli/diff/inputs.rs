//! What is compared with what: the PATHs of the command line become tasks.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Arguments;
use crate::check::Setting;
use crate::cli::find::{self, Found};
use crate::cli::lint::since::Since;
use crate::cli::lint::{self, paths};
use crate::facts::tpa::{Target, TpaVersion};

const CONFIG: &str = "config.yml";

/// Everything that a run compares.
pub(in crate::cli) struct Comparison<'a> {
    pub(in crate::cli) tasks: Vec<Task>,
    /// OLD and NEW, and not many files each with itself.
    pub(in crate::cli) is_pair: bool,
    pub(in crate::cli) since: Option<Since>,
    pub(in crate::cli) revision: Option<&'a str>,
    /// Files that are as they were in the revision, from the root; none where that does not say that clusters are.
    pub(in crate::cli) unchanged: HashSet<PathBuf>,
    pub(in crate::cli) old: Vec<Setting>,
    pub(in crate::cli) new: Vec<Setting>,
}

/// A source or a config.yml.
#[derive(Clone)]
pub(in crate::cli) struct Input {
    pub(in crate::cli) found: Found,
    pub(in crate::cli) is_config: bool,
    pub(in crate::cli) tpa: Target,
    pub(in crate::cli) has_lock: bool,
}

/// A file of one side, or of both.
pub(in crate::cli) struct Task {
    pub(in crate::cli) input: Input,
    pub(in crate::cli) reads: Reads,
}

/// Which sides a file is on.
pub(in crate::cli) enum Reads {
    Old,
    New,
    /// Now, and in the revision.
    Since,
    /// It was in the revision, and is gone.
    Deleted,
    /// Now, and what was built from it in this folder.
    Built(PathBuf),
}

impl<'a> Comparison<'a> {
    /// Whether sources are compared with what was built from them.
    pub(in crate::cli) fn is_of_built(&self) -> bool {
        let mut reads = self.tasks.iter().map(|task| &task.reads);
        reads.any(|reads| matches!(reads, Reads::Built(_)))
    }

    pub(in crate::cli) fn new(arguments: &'a Arguments) -> Result<Comparison<'a>, Vec<String>> {
        let mut comparison = Comparison {
            tasks: Vec::new(),
            is_pair: false,
            since: None,
            revision: arguments.since.as_deref(),
            unchanged: HashSet::new(),
            old: arguments.settings(&arguments.old),
            new: arguments.settings(&arguments.new),
        };
        match (&arguments.since, arguments.paths.as_slice()) {
            (Some(revision), paths) => comparison.since(revision, paths, arguments.tpa)?,
            (None, [old, new]) => {
                comparison.is_pair = true;
                comparison.add(&inputs(old, arguments.tpa)?, &|| Reads::Old);
                comparison.add(&inputs(new, arguments.tpa)?, &|| Reads::New);
            }
            (None, [] | [_]) => {
                let here = PathBuf::from(".");
                let path = arguments.paths.first().unwrap_or(&here);
                let inputs = inputs(path, arguments.tpa)?;
                if let Some(config) = inputs.iter().find(|input| input.is_config) {
                    return Err(vec![format!(
                        "`{}` is a config.yml: name what to compare it with, or `--since REV`",
                        config.found.name
                    )]);
                }
                comparison.add(&inputs, &|| Reads::Built(arguments.out.clone()));
            }
            (None, [_, _, ..]) => {
                return Err(vec![
                    "name OLD and NEW, or one PATH; `--since REV` takes more".to_owned(),
                ]);
            }
        }
        Ok(comparison)
    }

    /// Files as they are, compared with a revision or with nothing.
    pub(in crate::cli) fn of(
        paths: &[PathBuf],
        revision: Option<&'a str>,
        settings: &[Setting],
        tpa: Option<TpaVersion>,
    ) -> Result<Comparison<'a>, Vec<String>> {
        let mut comparison = Comparison {
            tasks: Vec::new(),
            is_pair: false,
            since: None,
            revision,
            unchanged: HashSet::new(),
            old: settings.to_vec(),
            new: settings.to_vec(),
        };
        if let Some(revision) = revision {
            comparison.since(revision, paths, tpa)?;
            return Ok(comparison);
        }
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here } else { paths };
        for path in paths {
            comparison.add(&inputs(path, tpa)?, &|| Reads::New);
        }
        Ok(comparison)
    }

    fn add(&mut self, inputs: &[Input], reads: &dyn Fn() -> Reads) {
        let tasks = inputs.iter().map(|input| Task {
            input: input.clone(),
            reads: reads(),
        });
        self.tasks.extend(tasks);
    }

    fn since(
        &mut self,
        revision: &str,
        paths: &[PathBuf],
        tpa: Option<TpaVersion>,
    ) -> Result<(), Vec<String>> {
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here } else { paths };
        let mut all = Vec::new();
        // What is not there may have been in the revision.
        let (there, gone): (Vec<&PathBuf>, Vec<&PathBuf>) = paths
            .iter()
            .partition(|path| path.exists() || is_standard_input(path));
        for path in there {
            all.extend(inputs(path, tpa)?);
        }
        let names = all.iter().map(|input| input.found.name.clone());
        let gone_names = gone.iter().map(|path| path.display().to_string());
        let names: Vec<String> = names.chain(gone_names).collect();
        let since = Since::new(revision, names.iter().map(String::as_str))?;
        if self.old == self.new {
            self.unchanged = since.unchanged().map_err(|message| vec![message])?;
        }
        self.add(&all, &|| Reads::Since);
        let is_below = |deleted: &PathBuf| {
            paths
                .iter()
                .any(|path| deleted.starts_with(paths::absolute(path)))
        };
        let deleted = since.deleted().map_err(|message| vec![message])?;
        let mut named = HashSet::new();
        for path in gone {
            let absolute = paths::absolute(path);
            if !deleted.iter().any(|deleted| deleted.starts_with(&absolute)) {
                // It never was there, which is said as it is of any PATH.
                inputs(path, tpa)?;
            }
            named.insert(absolute);
        }
        let deleted = deleted.into_iter().filter(is_below);
        let (configs, others): (Vec<PathBuf>, Vec<PathBuf>) = deleted
            .filter(|path| has_extension(path, &["m1"]) || named.contains(path))
            .partition(|path| has_extension(path, &["yml", "yaml"]));
        let found = |paths: Vec<PathBuf>| -> Vec<Found> {
            let found = paths.iter().map(|path| find::named(&shown(path)));
            found.collect()
        };
        let mut deleted = sources(found(others), tpa)?;
        deleted.extend(found(configs).into_iter().map(config));
        self.add(&deleted, &|| Reads::Deleted);
        self.since = Some(since);
        Ok(())
    }

    /// Sources that have changed since the revision and are none of those that are compared, as they were.
    pub(in crate::cli) fn elsewhere(
        &self,
        tpa: Option<TpaVersion>,
    ) -> Result<Vec<Input>, Vec<String>> {
        let Some(since) = &self.since else {
            return Ok(Vec::new());
        };
        let changed = since.changed().map_err(|message| vec![message])?;
        let compared: HashSet<PathBuf> = self
            .tasks
            .iter()
            .map(|task| paths::absolute(Path::new(&task.input.found.name)))
            .collect();
        let others = changed
            .into_iter()
            .filter(|path| has_extension(path, &["m1"]) && !compared.contains(path));
        let found = others.map(|path| find::named(&shown(&path)));
        sources(found.collect(), tpa)
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| extensions.contains(&extension))
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new(find::STANDARD_INPUT)
}

/// A path as messages show it: from the current folder where it lies below.
fn shown(path: &Path) -> PathBuf {
    let here = paths::absolute(Path::new("."));
    path.strip_prefix(here).unwrap_or(path).to_owned()
}

/// What a PATH leads to.
fn inputs(path: &Path, tpa: Option<TpaVersion>) -> Result<Vec<Input>, Vec<String>> {
    if path.is_dir() {
        let configs = configs(path);
        if !configs.is_empty() {
            let configs = configs.iter().map(|path| config(find::named(path)));
            return Ok(configs.collect());
        }
    }
    let search = find::find(&[path.to_owned()], None);
    let wrong: Vec<String> = search.wrong.into_iter().chain(search.skipped).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let is_config = |found: &Found| has_extension(Path::new(&found.name), &["yml", "yaml"]);
    let (configs, others): (Vec<Found>, Vec<Found>) =
        search.sources.into_iter().partition(is_config);
    let mut inputs = sources(others, tpa)?;
    inputs.extend(configs.into_iter().map(config));
    Ok(inputs)
}

fn config(found: Found) -> Input {
    Input {
        found,
        is_config: true,
        tpa: Target::default(),
        has_lock: false,
    }
}

fn sources(found: Vec<Found>, tpa: Option<TpaVersion>) -> Result<Vec<Input>, Vec<String>> {
    let settings = lint::of_sources(&found).map_err(|message| vec![message])?;
    let input = |(found, own): (Found, lint::OfSource)| Input {
        found,
        is_config: false,
        tpa: match (tpa, own.tpa) {
            (Some(asked), _) => Target::Instead(asked),
            (None, Some(version)) => Target::Otherwise(version),
            (None, None) => Target::default(),
        },
        has_lock: own.lock,
    };
    Ok(found.into_iter().zip(settings).map(input).collect())
}

/// The config.ymls of a built folder: that of one cluster, or of all that were built there. None where it is a folder
/// of sources.
fn configs(folder: &Path) -> Vec<PathBuf> {
    let own = folder.join(CONFIG);
    if own.is_file() {
        return vec![own];
    }
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_source = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "m1");
    if paths.iter().any(is_source) {
        return Vec::new();
    }
    let configs = paths.iter().map(|path| path.join(CONFIG));
    configs.filter(|path| path.is_file()).collect()
}
