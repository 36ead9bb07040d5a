//! `m1c.toml`: what holds for the files of a folder.
//!
//! The nearest one upwards holds, up to the folder that is a git repository; two are never merged. A key that m1c does
//! not know is wrong use, because a misspelled one would silently do nothing.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;
use toml::de::{DeFloat, DeString, DeTable, DeValue};

use super::paths;
use crate::cli::read;
use crate::diagnostic::Level;
use crate::facts::tpa::TpaVersion;
use crate::lint;
use crate::load::ReadError;
use crate::suggest;

/// What it is called.
const NAMES: [&str; 2] = ["m1c.toml", ".m1c.toml"];

const KEYS: [&str; 8] = [
    "advice", "exclude", "ignore", "lock", "paths", "select", "severity", "tpa",
];

/// What `paths` may say about files.
const KEYS_OF_PATHS: [&str; 2] = ["ignore", "severity"];

/// The settings of one file.
#[derive(Debug)]
pub(super) struct Settings {
    /// Whether advice is shown to people, and not only counted.
    pub(super) advice: bool,
    /// Whether sources have locks.
    pub(super) lock: bool,
    /// The only rules that run, where some are named.
    pub(super) select: Option<Vec<String>>,
    pub(super) ignore: Vec<String>,
    pub(super) severity: BTreeMap<String, Level>,
    /// The TPA that clusters are for which name none.
    pub(super) tpa: Option<TpaVersion>,
    /// In the order of their patterns.
    pub(super) paths: Vec<Paths>,
    exclude: Gitignore,
}

/// What holds besides for the files that a pattern names.
#[derive(Debug)]
pub(super) struct Paths {
    files: Gitignore,
    pub(super) ignore: Vec<String>,
    pub(super) severity: BTreeMap<String, Level>,
}

/// Whether patterns name a file, or a folder above it.
fn names(patterns: &Gitignore, path: &Path) -> bool {
    path.starts_with(patterns.path())
        && patterns
            .matched_path_or_any_parents(path, false)
            .is_ignore()
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            advice: false,
            lock: true,
            select: None,
            ignore: Vec::new(),
            severity: BTreeMap::new(),
            tpa: None,
            paths: Vec::new(),
            exclude: Gitignore::empty(),
        }
    }
}

impl Settings {
    /// Whether a file is left out, as its absolute path.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        names(&self.exclude, path)
    }

    /// The parts of `paths` that hold for a file, by their places.
    pub(super) fn paths_of(&self, path: &Path) -> Vec<usize> {
        let holds = |(place, paths): (usize, &Paths)| names(&paths.files, path).then_some(place);
        self.paths.iter().enumerate().filter_map(holds).collect()
    }
}

/// Finds the settings of files. Each folder is looked into once.
#[derive(Default)]
pub(super) struct Finder {
    /// One that holds for all, whatever folders have.
    pub(super) fixed: Option<Rc<Settings>>,
    folders: HashMap<PathBuf, Rc<Settings>>,
}

impl Finder {
    /// The settings of the files in a folder, given as its absolute path.
    pub(super) fn of(&mut self, folder: &Path) -> Result<Rc<Settings>, String> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        if let Some(known) = self.folders.get(folder) {
            return Ok(known.clone());
        }
        let found = NAMES
            .iter()
            .map(|name| folder.join(name))
            .find(|path| path.is_file());
        let settings = match (found, folder.parent()) {
            (Some(path), _) => Rc::new(read(&path)?),
            (None, Some(parent)) if !folder.join(".git").exists() => self.of(parent)?,
            (None, _) => Rc::new(Settings::default()),
        };
        self.folders.insert(folder.to_owned(), settings.clone());
        Ok(settings)
    }
}

/// Reads a settings file.
pub(super) fn read(path: &Path) -> Result<Settings, String> {
    let shown = paths::shown(path);
    let text = read::file(path).map_err(|error| match error {
        ReadError::NotFound => format!("`{shown}` does not exist"),
        ReadError::Unreadable(reason) => format!("`{shown}` cannot be read: {reason}"),
        ReadError::NotUtf8 { .. } => format!("`{shown}` is not UTF-8"),
    })?;
    let place = |offset: usize| {
        let before = text.get(..offset).unwrap_or(&text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        format!("{shown}:{line}:{column}")
    };
    let table = DeTable::parse(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().replace('\n', "; ");
        format!("{}: {message}", place(at))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    parse(table.get_ref(), folder).map_err(|(at, message)| format!("{}: {message}", place(at)))
}

/// What is wrong, and at which byte.
type Wrong = (usize, String);

fn parse(table: &DeTable<'_>, folder: &Path) -> Result<Settings, Wrong> {
    let mut settings = Settings::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "advice" => settings.advice = boolean(value)?,
            "lock" => settings.lock = boolean(value)?,
            "select" => settings.select = Some(rules(value)?),
            "ignore" => settings.ignore = rules(value)?,
            "severity" => settings.severity = severity(value)?,
            "exclude" => settings.exclude = exclude(value, folder)?,
            "tpa" => settings.tpa = Some(tpa(value)?),
            "paths" => settings.paths = paths_table(value, folder)?,
            _ => return Err(unknown(key, &KEYS)),
        }
    }
    Ok(settings)
}

fn unknown(key: &Spanned<DeString<'_>>, known: &[&str]) -> Wrong {
    let message = format!("there is no setting `{}`", key.get_ref());
    (
        key.span().start,
        with_nearest(message, key.get_ref(), known),
    )
}

fn paths_table(value: &Spanned<DeValue<'_>>, folder: &Path) -> Result<Vec<Paths>, Wrong> {
    let wrong = |at: usize| {
        let message = "expected a table: `paths.\"old/\" = { ignore = [\"eol-postgres\"] }`";
        (at, message.to_owned())
    };
    let table = |value: &Spanned<DeValue<'_>>| wrong(value.span().start);
    let patterns = value.get_ref().as_table().ok_or_else(|| table(value))?;
    let mut all = Vec::new();
    for (pattern, value) in patterns {
        let mut paths = Paths {
            files: gitignore(folder, [(pattern.span().start, pattern.get_ref().as_ref())])?,
            ignore: Vec::new(),
            severity: BTreeMap::new(),
        };
        for (key, value) in value.get_ref().as_table().ok_or_else(|| table(value))? {
            match key.get_ref().as_ref() {
                "ignore" => paths.ignore = rules(value)?,
                "severity" => paths.severity = severity(value)?,
                _ => return Err(unknown(key, &KEYS_OF_PATHS)),
            }
        }
        all.push(paths);
    }
    Ok(all)
}

fn with_nearest(message: String, word: &str, words: &[&str]) -> String {
    match suggest::nearest(word, words) {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None if words.len() <= KEYS.len() => format!("{message}; there are {}", words.join(", ")),
        None => message,
    }
}

fn texts<'v>(value: &'v Spanned<DeValue<'_>>) -> Result<Vec<(usize, &'v str)>, Wrong> {
    let wrong = |at: usize| (at, "expected a list of texts".to_owned());
    let list = value
        .get_ref()
        .as_array()
        .ok_or_else(|| wrong(value.span().start))?;
    list.iter()
        .map(|item| {
            let at = item.span().start;
            let text = item.get_ref().as_str();
            text.map(|text| (at, text)).ok_or_else(|| wrong(at))
        })
        .collect()
}

fn boolean(value: &Spanned<DeValue<'_>>) -> Result<bool, Wrong> {
    let wrong = || (value.span().start, "expected true or false".to_owned());
    value.get_ref().as_bool().ok_or_else(wrong)
}

/// A release of TPA, which may also be written as a number: `23.45`.
fn tpa(value: &Spanned<DeValue<'_>>) -> Result<TpaVersion, Wrong> {
    let at = value.span().start;
    let written = value.get_ref();
    let text = written.as_str().or(written.as_float().map(DeFloat::as_str));
    let Some(text) = text else {
        let newest = TpaVersion::NEWEST;
        return Err((
            at,
            format!("expected a release of TPA: `tpa = \"{newest}\"`"),
        ));
    };
    TpaVersion::parse(text).map_err(|why| (at, format!("{}; {}", why.message(text), why.help())))
}

fn rules(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Wrong> {
    let names = texts(value)?;
    names
        .into_iter()
        .map(|(at, name)| rule(name).map_err(|message| (at, message)))
        .collect()
}

/// The name of a rule, if there is such a rule.
pub(super) fn rule(name: &str) -> Result<String, String> {
    if lint::rule(name).is_some() {
        return Ok(name.to_owned());
    }
    let known: Vec<&str> = lint::rules().iter().map(|rule| rule.code.name).collect();
    let message = format!("there is no rule `{name}`");
    Err(match suggest::nearest(name, &known) {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None => format!("{message}; `m1c rules` lists them"),
    })
}

fn severity(value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, Level>, Wrong> {
    const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Advice];
    let table = value.get_ref().as_table().ok_or_else(|| {
        let message = "expected a table: `severity = { eol-postgres = \"error\" }`";
        (value.span().start, message.to_owned())
    })?;
    let mut levels = BTreeMap::new();
    for (name, level) in table {
        let rule = rule(name.get_ref()).map_err(|message| (name.span().start, message))?;
        let word = level.get_ref().as_str();
        let found = word.and_then(|word| LEVELS.into_iter().find(|level| level.name() == word));
        let Some(found) = found else {
            let message = "expected \"error\", \"warning\" or \"advice\"";
            return Err((level.span().start, message.to_owned()));
        };
        levels.insert(rule, found);
    }
    Ok(levels)
}

fn exclude(value: &Spanned<DeValue<'_>>, folder: &Path) -> Result<Gitignore, Wrong> {
    gitignore(folder, texts(value)?)
}

/// Patterns as in `.gitignore`, each with the byte that it begins at.
fn gitignore<'p>(
    folder: &Path,
    patterns: impl IntoIterator<Item = (usize, &'p str)>,
) -> Result<Gitignore, Wrong> {
    let mut builder = GitignoreBuilder::new(folder);
    let mut last = 0;
    for (at, pattern) in patterns {
        last = at;
        builder
            .add_line(None, pattern)
            .map_err(|error| (at, error.to_string()))?;
    }
    builder.build().map_err(|error| (last, error.to_string()))
}
