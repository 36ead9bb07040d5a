//! A file becomes the clusters in it, now and before.

use std::path::Path;

use super::inputs::{Comparison, Input, Reads, Task};
use crate::check::{self, Options, Setting};
use crate::cli::bug;
use crate::cli::build::compile::unreadable;
use crate::cli::exit::Exit;
use crate::cli::find::Found;
use crate::cli::lint::paths;
use crate::cli::locks;
use crate::cli::read::{self, BuiltIn, Disk};
use crate::cli::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::tpa::Target;
use crate::library;
use crate::load::{Files, LockFile, ReadError};
use crate::report::{self, Format};
use crate::source::{FileId, Sources};
use crate::tpa::view::{self, Subject};
use crate::tpa::{config, document};

/// The clusters of a file, as they are or were.
pub(in crate::cli) struct Version {
    pub(in crate::cli) sources: Sources,
    pub(in crate::cli) subjects: Vec<Subject>,
    /// Some of the file, as it is or was, could not be read: what is on one side alone may be on both.
    pub(in crate::cli) is_partly: bool,
}

/// What became of a task.
#[derive(Default)]
pub(in crate::cli) struct Read {
    pub(in crate::cli) old: Vec<Version>,
    pub(in crate::cli) new: Vec<Version>,
    /// It is as it was.
    pub(in crate::cli) is_same: bool,
    pub(in crate::cli) problems: Vec<Problem>,
}

/// Why some clusters are not compared.
pub(in crate::cli) struct Problem {
    pub(in crate::cli) message: String,
    /// The errors, drawn.
    pub(in crate::cli) picture: String,
    pub(in crate::cli) exit: Exit,
}

impl Problem {
    fn unreadable(message: String) -> Problem {
        Problem {
            message,
            picture: String::new(),
            exit: Exit::Wrong,
        }
    }
}

/// One side of a file.
struct Reader<'r> {
    terminal: Terminal,
    input: &'r Input,
    settings: &'r [Setting],
    /// The revision, for messages.
    revision: Option<&'r str>,
}

impl Comparison<'_> {
    /// Reads one file. A mistake of m1c's own costs this file only.
    pub(in crate::cli) fn read(&self, terminal: Terminal, task: &Task) -> Read {
        bug::guard(|| self.attempt(terminal, task)).unwrap_or_else(|| Read {
            problems: vec![Problem::unreadable(format!(
                "`{}` could not be compared",
                task.input.found.name
            ))],
            ..Read::default()
        })
    }

    fn attempt(&self, terminal: Terminal, task: &Task) -> Read {
        let input = &task.input;
        let reader = |settings, revision| Reader {
            terminal,
            input,
            settings,
            revision,
        };
        let now = || reader(self.new.as_slice(), None);
        let mut read = Read::default();
        match &task.reads {
            Reads::Old => reader(self.old.as_slice(), None).now(&mut read, |read| &mut read.old),
            Reads::New => now().now(&mut read, |read| &mut read.new),
            Reads::Since if self.is_same(input) => read.is_same = true,
            Reads::Since => {
                now().now(&mut read, |read| &mut read.new);
                self.then(&reader(self.old.as_slice(), self.revision), &mut read);
            }
            Reads::Deleted => self.then(&reader(self.old.as_slice(), self.revision), &mut read),
            Reads::Built(folder) => {
                now().now(&mut read, |read| &mut read.new);
                built(terminal, folder, &mut read);
            }
        }
        let is_partly = !read.problems.is_empty();
        for version in read.old.iter_mut().chain(&mut read.new) {
            version.is_partly = is_partly;
        }
        read
    }

    /// What a file said in the revision.
    pub(in crate::cli) fn text_then(&self, input: &Input) -> Option<String> {
        let since = self.since.as_ref()?;
        since.text(&input.found.name).ok()?
    }

    /// Reads a file as it was in the revision.
    fn then(&self, reader: &Reader<'_>, read: &mut Read) {
        let name = &reader.input.found.name;
        let Some(since) = &self.since else {
            return;
        };
        match since.text(name) {
            Ok(None) => {}
            Err(message) => read.problems.push(Problem::unreadable(message)),
            Ok(Some(text)) if reader.input.is_config => {
                let (version, problem) = reader.config(&text);
                read.old.extend(version);
                read.problems.extend(problem);
            }
            Ok(Some(_)) => {
                if let Some(files) = since.files(name, reader.input.has_lock) {
                    let (version, problem) = reader.source(&files);
                    read.old.push(version);
                    read.problems.extend(problem);
                }
            }
        }
    }

    /// Whether a file, its lock and all that it uses are what they were.
    fn is_same(&self, input: &Input) -> bool {
        let is_unchanged = |name: &str| self.unchanged.contains(&paths::absolute(Path::new(name)));
        if !is_unchanged(&input.found.name) {
            return false;
        }
        if input.is_config {
            return true;
        }
        let lock = locks::path(&input.found);
        let has_lock = |lock: &Path| input.has_lock && lock.exists();
        if let Some(lock) = lock.filter(|lock| has_lock(lock))
            && !self.unchanged.contains(&paths::absolute(&lock))
        {
            return false;
        }
        let files = disk(input, read_now(&input.found));
        let sources = check::load(&input.found.name, &files).sources;
        users(&sources).all(is_unchanged)
    }
}

/// The files of a source that are not the library's.
fn users(sources: &Sources) -> impl Iterator<Item = &str> {
    let files = (0..).map(FileId::nth);
    let own = files.skip_while(|file| *file < library::next_file());
    own.map_while(|file| Some(sources.get(file)?.name.as_ref()))
}

fn read_now(found: &Found) -> Result<String, ReadError> {
    match &found.path {
        Some(path) => read::file(path),
        None => read::standard_input(),
    }
}

fn disk(input: &Input, root: Result<String, ReadError>) -> Disk<'_> {
    Disk {
        name: &input.found.name,
        root,
        lock: if input.has_lock {
            locks::existing(&input.found)
        } else {
            LockFile::Unwanted
        },
        built: BuiltIn::Nowhere,
    }
}

impl Reader<'_> {
    /// Reads a file as it is.
    fn now(&self, read: &mut Read, side: impl Fn(&mut Read) -> &mut Vec<Version>) {
        let root = read_now(&self.input.found);
        if let Some(reason) = unreadable(root.as_ref().err()) {
            let name = &self.input.found.name;
            let message = format!("`{name}` cannot be read: {reason}");
            read.problems.push(Problem::unreadable(message));
            return;
        }
        if self.input.is_config {
            let text = match root {
                Ok(text) | Err(ReadError::NotUtf8 { text, .. }) => text,
                Err(ReadError::NotFound | ReadError::Unreadable(_)) => return,
            };
            let (version, problem) = self.config(&text);
            side(read).extend(version);
            read.problems.extend(problem);
        } else {
            let (version, problem) = self.source(&disk(self.input, root));
            side(read).push(version);
            read.problems.extend(problem);
        }
    }

    fn source(&self, files: &dyn Files) -> (Version, Option<Problem>) {
        let options = Options {
            settings: self.settings,
            tpa: self.input.tpa,
        };
        let analysis = check::analyse(&self.input.found.name, files, options);
        let clusters = analysis.topology.clusters.iter();
        let subjects = clusters.map(|cluster| view::from_config(config::config(cluster)));
        let version = Version {
            subjects: subjects.collect(),
            sources: analysis.sources,
            is_partly: false,
        };
        let is_error = |diagnostic: &Diagnostic| diagnostic.level == Level::Error;
        let errors: Vec<Diagnostic> = analysis.diagnostics.into_iter().filter(is_error).collect();
        let problem = (!errors.is_empty()).then(|| Problem {
            message: format!(
                "{} does not compile: what its errors concern is left out",
                self.name()
            ),
            picture: self.drawn(&version.sources, &errors),
            exit: Exit::Findings,
        });
        (version, problem)
    }

    fn config(&self, text: &str) -> (Option<Version>, Option<Problem>) {
        let mut sources = Sources::default();
        let file = sources.add(self.input.found.name.clone(), text.to_owned());
        match document::read(file, text) {
            Ok(document) => {
                let version = Version {
                    sources,
                    subjects: vec![view::from_file(document)],
                    is_partly: false,
                };
                (Some(version), None)
            }
            Err(error) => {
                let error = check::yaml_syntax(file, text, &error);
                let problem = Problem {
                    message: format!("{} is not YAML", self.name()),
                    picture: self.drawn(&sources, &[error]),
                    exit: Exit::Findings,
                };
                (None, Some(problem))
            }
        }
    }

    /// The file as messages call it, with its revision.
    fn name(&self) -> String {
        let name = &self.input.found.name;
        match self.revision {
            Some(revision) => format!("`{name}` at `{revision}`"),
            None => format!("`{name}`"),
        }
    }

    fn drawn(&self, sources: &Sources, errors: &[Diagnostic]) -> String {
        let look = self.terminal.words_look(Format::Human);
        report::render(Format::Human, look.style, sources, errors)
    }
}

/// Reads what was built of the clusters that a file has now.
fn built(terminal: Terminal, folder: &Path, read: &mut Read) {
    let names: Vec<String> = read
        .new
        .iter()
        .flat_map(|version| &version.subjects)
        .filter_map(|subject| Some(subject.name.as_ref()?.value.clone()))
        .collect();
    for name in names {
        let path = folder.join(name).join("config.yml");
        if !path.exists() {
            continue;
        }
        let input = Input {
            found: crate::cli::find::named(&path),
            is_config: true,
            tpa: Target::default(),
            has_lock: false,
        };
        let reader = Reader {
            terminal,
            input: &input,
            settings: &[],
            revision: None,
        };
        reader.now(read, |read| &mut read.old);
    }
}
