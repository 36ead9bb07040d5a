//! `m1c import --into`: edits of built config.ymls are brought back into their source.

use std::path::{Path, PathBuf};

use super::{Arguments, CONFIG};
use crate::check::Options;
use crate::cli::build::compile::unreadable;
use crate::cli::build::write::drawn;
use crate::cli::exit::Exit;
use crate::cli::find::{self, Found};
use crate::cli::locks::{self, Changed};
use crate::cli::read::{self, BuiltIn, Disk};
use crate::cli::terminal::Terminal;
use crate::cli::{atomic, bug, lint};
use crate::facts::tpa::Target;
use crate::import::Imported;
use crate::import::into::{self, Source};
use crate::output;
use crate::report::{self, Format, Look};

/// Where clusters are built, if nothing else is said.
const BUILD: &str = "build";

pub(super) fn run(terminal: Terminal, source: &Path, arguments: &Arguments) -> Exit {
    let done = bug::guard(|| attempt(terminal, source, arguments));
    match done.unwrap_or_else(|| Err(format!("`{}` could not be changed", source.display()))) {
        Ok(exit) => exit,
        Err(message) => {
            terminal.error(&message);
            Exit::Wrong
        }
    }
}

fn attempt(terminal: Terminal, path: &Path, arguments: &Arguments) -> Result<Exit, String> {
    let search = find::find(&[path.to_owned()], None);
    if let Some(message) = search.wrong.first() {
        return Err(message.clone());
    }
    let [source] = search.sources.as_slice() else {
        return Err(format!("`{}` is not one source", path.display()));
    };
    let text = text_of(path)?;
    let of_source = lint::of_sources(&search.sources)?;
    let of_source = of_source.first();
    let lock = locks::existing(source);
    let disk = Disk {
        name: &source.name,
        root: Ok(text.clone()),
        lock: lock.clone(),
        built: BuiltIn::Nowhere,
    };
    let options = Options {
        settings: &arguments.settings,
        tpa: of_source
            .and_then(|it| it.tpa)
            .map_or_else(Target::default, Target::Otherwise),
    };
    let look = terminal.words_look(arguments.format);
    let mut new = text.clone();
    let mut lock_after = None;
    let mut exit = Exit::Fine;
    for config in configs(&arguments.paths)? {
        let edited = text_of(&config)?;
        let source = Source {
            name: &source.name,
            text: &new,
            files: &disk,
            options,
        };
        let imported = into::into(&source, &config.display().to_string(), &edited);
        exit = exit.max(tell(terminal, look, &imported));
        if let Some(changed) = imported.source
            && (imported.diagnostics.is_empty() || arguments.partial)
        {
            new = changed;
            lock_after = imported.lock;
        }
    }
    let lock = lock_after.and_then(|after| Changed::new(source, lock, &after));
    let done = Done {
        source,
        before: &text,
        after: &new,
        lock,
    };
    done.write(terminal, arguments, exit)
}

/// The config.ymls that the paths lead to.
fn configs(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let default = [PathBuf::from(BUILD)];
    let paths = if paths.is_empty() { &default } else { paths };
    let (found, wrong) = super::find(paths);
    match wrong.first() {
        Some(message) => Err(format!("{message}; name the {CONFIG} that has been edited")),
        None => Ok(found),
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    read::file(path).map_err(|error| {
        let reason = unreadable(Some(&error)).unwrap_or("it is not UTF-8");
        format!("`{}` cannot be read: {reason}", path.display())
    })
}

fn tell(terminal: Terminal, look: Look, imported: &Imported) -> Exit {
    let Imported {
        sources,
        diagnostics,
        ..
    } = imported;
    let piece = report::piece(look, sources, diagnostics, &[]);
    terminal.say(&report::join(look, vec![piece], &report::Run::default()));
    if diagnostics.is_empty() {
        Exit::Fine
    } else {
        Exit::Findings
    }
}

/// What has become of the source.
struct Done<'d> {
    source: &'d Found,
    before: &'d str,
    after: &'d str,
    lock: Option<Changed>,
}

impl Done<'_> {
    fn write(self, terminal: Terminal, arguments: &Arguments, exit: Exit) -> Result<Exit, String> {
        let name = self.source.name.as_str();
        let is_human = arguments.format == Format::Human;
        if arguments.stdout {
            return Ok(exit.max(terminal.print(self.after)));
        }
        if self.before == self.after {
            if is_human && exit == Exit::Fine {
                terminal.say(&format!(
                    "nothing to bring back: `{name}` builds the same\n"
                ));
            }
            return Ok(exit);
        }
        let lines = output::difference((name, self.before), (name, self.after));
        let paint = |color, line: &str| terminal.paint_output(color, line);
        let exit = exit.max(terminal.print(&drawn(&lines, paint)));
        let path = self.source.path.as_deref().unwrap_or(Path::new(name));
        let locks: Vec<Changed> = self.lock.into_iter().collect();
        locks::write(&locks)?;
        atomic::write(path, self.after).map_err(|error| {
            let reason = read::reason(&error);
            format!("`{name}` cannot be written: {reason}")
        })?;
        if is_human {
            terminal.say(&format!("`{name}` written; next: m1c build {name}\n"));
        }
        Ok(exit)
    }
}
