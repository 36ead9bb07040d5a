//! Which files are judged, and by which rules: the command line over `m1c.toml`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::job::Task;
use super::options::Arguments;
use super::paths;
use super::settings::{self, Finder, Settings};
use crate::cli::find::Found;
use crate::facts::tpa::{Target, TpaVersion};
use crate::lint::{self, Choice};

/// The files that are not excluded, each with its choice of rules.
pub(super) fn tasks(
    arguments: &Arguments,
    sources: Vec<Found>,
) -> Result<(Vec<Task>, Vec<Choice>), String> {
    let mut finder = Finder::default();
    if arguments.isolated {
        finder.fixed = Some(Rc::default());
    } else if let Some(path) = &arguments.config {
        finder.fixed = Some(Rc::new(settings::read(&paths::absolute(path))?));
    }
    let mut choices = Vec::new();
    let mut known: HashMap<(*const Settings, Vec<usize>), usize> = HashMap::new();
    let mut tasks = Vec::new();
    let named = Named {
        paths: &arguments.paths,
        force_exclude: arguments.force_exclude,
    };
    for file in kept(&mut finder, &named, sources)? {
        let Kept {
            found,
            path,
            settings,
        } = file;
        // The finder keeps all settings, so that an address stands for one of them.
        let paths = settings.paths_of(&path);
        let identity = (Rc::as_ptr(&settings), paths.clone());
        let choice = *known.entry(identity).or_insert_with(|| {
            choices.push(choice(
                &arguments.select,
                &arguments.ignore,
                arguments.tpa,
                &settings,
                &paths,
            ));
            choices.len() - 1
        });
        tasks.push(Task {
            is_config: is_config(&found.name),
            found,
            has_lock: settings.lock,
            choice,
            shows_advice: arguments.advice || settings.advice || !arguments.select.is_empty(),
        });
    }
    Ok((tasks, choices))
}

/// What the command line names, and whether that may be excluded too.
pub(in crate::cli) struct Named<'a> {
    pub(in crate::cli) paths: &'a [PathBuf],
    pub(in crate::cli) force_exclude: bool,
}

impl Named<'_> {
    /// Whether the command line names the file itself, and not a folder above it.
    fn has(&self, found: &Found) -> bool {
        let path = found.path.as_deref();
        path.is_none_or(|path| self.paths.iter().any(|named| named == path))
    }
}

/// The files that the nearest `m1c.toml` of each does not exclude.
pub(in crate::cli) fn not_excluded(
    named: &Named<'_>,
    sources: Vec<Found>,
) -> Result<Vec<Found>, String> {
    let kept = kept(&mut Finder::default(), named, sources)?;
    Ok(kept.into_iter().map(|file| file.found).collect())
}

/// A file that is not excluded.
struct Kept {
    found: Found,
    /// From the root.
    path: PathBuf,
    settings: Rc<Settings>,
}

fn kept(finder: &mut Finder, named: &Named<'_>, sources: Vec<Found>) -> Result<Vec<Kept>, String> {
    let mut kept = Vec::new();
    let here = paths::here();
    for found in sources {
        let path = paths::absolute(&here.join(&found.name));
        let folder = path.parent().unwrap_or(Path::new("/"));
        let settings = finder.of(folder)?;
        if !settings.excludes(&path) || (named.has(&found) && !named.force_exclude) {
            kept.push(Kept {
                found,
                path,
                settings,
            });
        }
    }
    Ok(kept)
}

fn is_config(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// By which rules a file is judged when no command line speaks of it, given its absolute path; by none if the nearest
/// `m1c.toml` excludes it.
pub(in crate::cli) fn choice_of(path: &Path) -> Result<Choice, String> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let settings = Finder::default().of(folder)?;
    if settings.excludes(path) {
        return Ok(Choice::default());
    }
    Ok(choice(&[], &[], None, &settings, &settings.paths_of(path)))
}

/// Whether a source has a lock, given its absolute path. With a mistake in the nearest `m1c.toml`, it has.
pub(in crate::cli) fn has_lock(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let settings = Finder::default().of(folder);
    settings.map_or(true, |settings| settings.lock)
}

/// The TPA that the nearest `m1c.toml` of a folder names, given as its absolute path.
pub(in crate::cli) fn tpa_of_folder(folder: &Path) -> Result<Option<TpaVersion>, String> {
    Ok(Finder::default().of(folder)?.tpa)
}

/// What the nearest `m1c.toml` of a source says to whoever builds it.
pub(in crate::cli) struct OfSource {
    /// The TPA that it is for.
    pub(in crate::cli) tpa: Option<TpaVersion>,
    /// Whether it has a lock.
    pub(in crate::cli) lock: bool,
}

/// What the nearest `m1c.toml` of each source says to whoever builds it.
pub(in crate::cli) fn of_sources(sources: &[Found]) -> Result<Vec<OfSource>, String> {
    let mut finder = Finder::default();
    let here = paths::here();
    let of = |found: &Found| {
        let path = paths::absolute(&here.join(&found.name));
        let settings = finder.of(path.parent().unwrap_or(Path::new("/")))?;
        Ok(OfSource {
            tpa: settings.tpa,
            lock: settings.lock,
        })
    };
    sources.iter().map(of).collect()
}

/// The rules for the files that these parts of `paths` hold for, with what the command line selects and ignores.
fn choice(
    select: &[String],
    ignore: &[String],
    tpa: Option<TpaVersion>,
    settings: &Settings,
    paths: &[usize],
) -> Choice {
    let paths = || paths.iter().filter_map(|place| settings.paths.get(*place));
    let selected = if select.is_empty() {
        settings.select.as_deref()
    } else {
        Some(select)
    };
    let names = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let rules = lint::rules()
        .into_iter()
        .filter(|rule| {
            let name = rule.code.name;
            selected.is_none_or(|selected| names(selected, name))
                && !names(ignore, name)
                && !names(&settings.ignore, name)
                && !paths().any(|paths| names(&paths.ignore, name))
        })
        .collect();
    let mut levels = settings.severity.clone();
    for paths in paths() {
        levels.extend(paths.severity.clone());
    }
    // Whoever asks on the command line wants to know what another release would say.
    let tpa = match (tpa, settings.tpa) {
        (Some(asked), _) => Target::Instead(asked),
        (None, Some(version)) => Target::Otherwise(version),
        (None, None) => Target::default(),
    };
    Choice { rules, levels, tpa }
}
