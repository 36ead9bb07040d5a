//! Which files are judged, and by which rules: the command line over `m1c.toml`.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use super::job::Task;
use super::options::Arguments;
use super::paths;
use super::settings::{self, Finder, Settings};
use crate::cli::find::Found;
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
    let mut known: HashMap<*const Settings, usize> = HashMap::new();
    let mut tasks = Vec::new();
    for found in sources {
        let path = paths::absolute(Path::new(&found.name));
        let folder = path.parent().unwrap_or(Path::new("/"));
        let settings = finder.of(folder)?;
        if settings.excludes(&path) && (arguments.force_exclude || !is_named(arguments, &found)) {
            continue;
        }
        // The finder keeps all settings, so that an address stands for one of them.
        let choice = *known.entry(Rc::as_ptr(&settings)).or_insert_with(|| {
            choices.push(choice(arguments, &settings));
            choices.len() - 1
        });
        tasks.push(Task {
            is_config: is_config(&found.name),
            found,
            choice,
        });
    }
    Ok((tasks, choices))
}

/// Whether the command line names the file itself, and not a folder above it.
fn is_named(arguments: &Arguments, found: &Found) -> bool {
    let path = found.path.as_deref();
    path.is_none_or(|path| arguments.paths.iter().any(|named| named == path))
}

fn is_config(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "yml" || extension == "yaml")
}

fn choice(arguments: &Arguments, settings: &Settings) -> Choice {
    let selected = if arguments.select.is_empty() {
        settings.select.as_ref()
    } else {
        Some(&arguments.select)
    };
    let ignored = [&arguments.ignore, &settings.ignore];
    choose(selected, &ignored, settings)
}

/// By which rules a file is judged when no command line speaks of it, given its absolute path; by none if the nearest
/// `m1c.toml` excludes it.
pub(in crate::cli) fn choice_of(path: &Path) -> Result<Choice, String> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let settings = Finder::default().of(folder)?;
    if settings.excludes(path) {
        return Ok(Choice::default());
    }
    let ignored = [&settings.ignore];
    Ok(choose(settings.select.as_ref(), &ignored, &settings))
}

fn choose(selected: Option<&Vec<String>>, ignored: &[&Vec<String>], settings: &Settings) -> Choice {
    let names = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let rules = lint::rules()
        .into_iter()
        .filter(|rule| {
            let name = rule.code.name;
            selected.is_none_or(|selected| names(selected, name))
                && !ignored.iter().any(|ignored| names(ignored, name))
        })
        .collect();
    Choice {
        rules,
        levels: settings.severity.clone(),
    }
}
