//! `m1c import`: config.ymls that exist become sources.

mod into;
mod profile;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::build::compile::unreadable;
use super::build::{count, formats, setting};
use super::exit::Exit;
use super::terminal::Terminal;
use super::{atomic, bug, clock, progress, read};
use crate::check::{self, Setting};
use crate::diagnostic::Level;
use crate::facts::tpa::Target;
use crate::import::{self, Imported, Keeping};
use crate::lint::{self, Conditions, Finding};
use crate::lock;
use crate::report::{self, Format, Look, Piece};

pub(super) const EXAMPLES: &str = "\
Examples:
  m1c import ~/clusters/speedy/config.yml      writes speedy.m1
  m1c import --stdout config.yml               prints the source
  m1c import ~/clusters --out sources          one source for each config.yml in the folder
  m1c import ~/clusters --out sources --profile house
                                               the same, with what they share in house.m1
  m1c import --into speedy.m1 config.yml       brings an edit of a built config.yml back";

/// The name of TPA's file in a folder.
const CONFIG: &str = "config.yml";

// The options of `m1c import`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each of them is an option that is given or is not"
)]
pub(super) struct Arguments {
    /// config.ymls, or folders that they are in
    ///
    /// With `--into`, the file that has been edited, or the folder that it was built into [default: build].
    #[arg(value_name = "PATH", required_unless_present = "into")]
    paths: Vec<PathBuf>,

    /// Bring the edits of built config.ymls back into their source, and show what changes in it
    ///
    /// Only the statements that the edit concerns change. Nothing is written if something of it cannot be said.
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["out", "force", "no_lock"])]
    into: Option<PathBuf>,

    /// With `--into`: the values of params that it was built with
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting, requires = "into")]
    settings: Vec<Setting>,

    /// The folder to write to: the source of a cluster is `DIR/CLUSTER.m1`
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,

    /// Print what would be written
    #[arg(long, conflicts_with_all = ["force", "out"])]
    stdout: bool,

    /// Overwrite sources that say something else
    #[arg(long)]
    force: bool,

    /// Move what all clusters share into a profile, in `DIR/NAME.m1`
    #[arg(
        long,
        value_name = "NAME",
        value_parser = profile::name,
        conflicts_with_all = ["stdout", "into"]
    )]
    profile: Option<String>,

    /// Write no lock: numbers, subnets and the like are in the source
    #[arg(long)]
    no_lock: bool,

    /// Also write sources of config.ymls that cannot be said whole
    #[arg(long)]
    partial: bool,

    /// How diagnostics are shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = formats()
    )]
    format: Format,
}

/// What became of a config.yml.
#[derive(Default)]
struct Done {
    name: String,
    piece: Piece,
    failure: Option<String>,
    exit: Exit,
    output: Option<Output>,
}

/// A source, and the lock beside it.
struct Output {
    cluster: String,
    source: String,
    lock: Option<String>,
    /// What it was made of, where it says all of that.
    config: Option<String>,
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    if let Some(source) = &arguments.into {
        return into::run(terminal, source, arguments);
    }
    let (paths, wrong) = find(&arguments.paths);
    for message in &wrong {
        terminal.error(message);
    }
    if !wrong.is_empty() {
        return Exit::Wrong;
    }
    let look = terminal.words_look(arguments.format);
    let keeping = if arguments.no_lock || arguments.stdout {
        Keeping::Source
    } else {
        Keeping::Lock
    };
    let mut done = progress::map(terminal, &paths, |path| {
        bug::guard(|| attempt(path, look, keeping, arguments.partial)).unwrap_or_else(|| Done {
            failure: Some(format!("`{}` could not be imported", path.display())),
            exit: Exit::Wrong,
            ..Done::default()
        })
    });
    let mut run = report::Run::default();
    let mut pieces = Vec::new();
    let mut exit = Exit::Fine;
    for one in &mut done {
        pieces.push(std::mem::take(&mut one.piece));
        exit = exit.max(one.exit);
        run.failures.extend(one.failure.clone());
    }
    terminal.say(&report::join(look, pieces, &run));
    for failure in &run.failures {
        terminal.error(failure);
    }
    if let Some(clash) = clash(&done) {
        terminal.error(&clash);
        terminal.help("import them into different folders with `--out`");
        return exit.max(Exit::Findings);
    }
    let total = done.len();
    let mut outputs: Vec<Output> = done.into_iter().filter_map(|one| one.output).collect();
    let shared = match &arguments.profile {
        None => None,
        Some(name) if outputs.iter().any(|output| output.cluster == *name) => {
            terminal.error(&format!(
                "`{name}` is the name of a cluster: choose another one"
            ));
            return exit.max(Exit::Wrong);
        }
        Some(name) => profile::share(terminal, name, &mut outputs),
    };
    if arguments.stdout {
        let texts: Vec<&str> = outputs
            .iter()
            .map(|output| output.source.as_str())
            .collect();
        return exit.max(terminal.print(&texts.join("\n")));
    }
    exit.max(write(
        terminal,
        arguments,
        &outputs,
        shared.as_deref(),
        total,
    ))
}

/// The config.ymls that the paths lead to, sorted within each folder.
fn find(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = found.len();
                let walk = ignore::WalkBuilder::new(path).require_git(false).build();
                let files = walk.filter_map(Result::ok);
                let configs = files.filter(|entry| entry.file_name() == CONFIG);
                found.extend(configs.map(ignore::DirEntry::into_path));
                if let Some(found) = found.get_mut(before..) {
                    found.sort();
                }
                if found.len() == before {
                    wrong.push(format!("there is no `{CONFIG}` in `{}`", path.display()));
                }
            }
            Ok(_) => found.push(path.clone()),
            Err(error) => wrong.push(format!(
                "`{}` cannot be read: {}",
                path.display(),
                read::reason(&error)
            )),
        }
    }
    (found, wrong)
}

fn attempt(path: &Path, look: Look, keeping: Keeping, is_partial: bool) -> Done {
    let name = path.display().to_string();
    let text = read::file(path);
    let text = match text {
        Ok(text) => text,
        Err(error) => {
            let reason = unreadable(Some(&error)).unwrap_or("it is not UTF-8");
            return Done {
                failure: Some(format!("`{name}` cannot be read: {reason}")),
                exit: Exit::Wrong,
                ..Done::default()
            };
        }
    };
    let Imported {
        sources,
        file: _,
        cluster,
        source,
        lock,
        mut diagnostics,
    } = import::import(&name, &text, keeping);
    let is_whole = diagnostics.is_empty();
    // Who has to look at the file anyway looks at all that is wrong with it.
    let findings = if is_whole || cluster.is_empty() {
        Vec::new()
    } else {
        errors(&name, &text)
    };
    // What the linter says of a place says more.
    diagnostics.retain(|diagnostic| {
        let at = diagnostic.primary.span;
        let said = findings.iter().map(|finding| &finding.diagnostic);
        let mut labels = said.flat_map(|said| std::iter::once(&said.primary).chain(&said.related));
        !labels.any(|label| at.contains(label.span))
    });
    Done {
        piece: report::piece(look, &sources, &diagnostics, &findings),
        exit: if is_whole { Exit::Fine } else { Exit::Findings },
        output: source
            .filter(|_| is_whole || is_partial)
            .map(|source| Output {
                cluster,
                source,
                lock: lock.as_ref().map(lock::write),
                config: is_whole.then_some(text),
            }),
        name,
        failure: None,
    }
}

/// The errors that the linter finds in a config.yml.
fn errors(name: &str, text: &str) -> Vec<Finding> {
    let conditions = Conditions {
        rules: &lint::rules(),
        tpa: Target::default(),
        today: Some(&clock::today()),
        environment: None,
        before: None,
        heeds_allows: true,
        levels: &BTreeMap::new(),
    };
    let mut findings = check::judge_config(name, text, &conditions).findings;
    findings.retain(|finding| finding.diagnostic.level == Level::Error);
    findings
}

/// Two config.ymls whose sources would be one file.
fn clash(done: &[Done]) -> Option<String> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for one in done {
        let Some(Output { cluster, .. }) = &one.output else {
            continue;
        };
        if let Some(first) = seen.insert(cluster, &one.name) {
            let other = &one.name;
            return Some(format!(
                "`{first}` and `{other}` both define the cluster `{cluster}`"
            ));
        }
    }
    None
}

fn write(
    terminal: Terminal,
    arguments: &Arguments,
    outputs: &[Output],
    shared: Option<&str>,
    total: usize,
) -> Exit {
    let mut exit = Exit::Fine;
    let mut written = Vec::new();
    let profile = arguments.profile.as_deref().zip(shared);
    let profile = profile.map(|(name, text)| (beside(&arguments.out, name), text));
    if let Some((path, text)) = &profile {
        let ended = put(terminal, arguments, &[(path, text)]);
        if ended > Exit::Fine {
            // Sources without it are no sources.
            return ended;
        }
    }
    for output in outputs {
        let path = beside(&arguments.out, &output.cluster);
        let locked = PathBuf::from(lock::name_of(&path.to_string_lossy()));
        let mut files = vec![(&path, output.source.as_str())];
        files.extend(output.lock.as_deref().map(|lock| (&locked, lock)));
        let ended = put(terminal, arguments, &files);
        exit = exit.max(ended);
        if ended == Exit::Fine {
            written.push(path);
        }
    }
    if arguments.format == Format::Human {
        let summary = match written.as_slice() {
            [only] if total == 1 => {
                let path = only.display();
                format!("`{path}` written; next: m1c build {path}\n")
            }
            written => {
                let sources = count(written.len(), "source");
                let of = count(total, CONFIG);
                format!("{sources} written of {of}\n")
            }
        };
        terminal.say(&summary);
    }
    exit
}

/// Writes files that belong together, unless one of them is there and says something else.
fn put(terminal: Terminal, arguments: &Arguments, files: &[(&PathBuf, &str)]) -> Exit {
    let says_else = |(path, text): &&(&PathBuf, &str)| match read::file(path) {
        Ok(known) => known != *text,
        Err(_) => false,
    };
    if let Some((other, _)) = files.iter().find(says_else)
        && !arguments.force
    {
        let other = other.display();
        terminal.error(&format!("`{other}` exists and says something else"));
        terminal.help("import into another folder with `--out`, or overwrite it with `--force`");
        return Exit::Findings;
    }
    match atomic::write_all(files) {
        Ok(()) => Exit::Fine,
        Err(error) => {
            let path = files.first().map(|(path, _)| path.display().to_string());
            let (path, reason) = (path.unwrap_or_default(), read::reason(&error));
            terminal.error(&format!("`{path}` cannot be written: {reason}"));
            Exit::Wrong
        }
    }
}

/// Where the source of a cluster goes.
fn beside(out: &Path, cluster: &str) -> PathBuf {
    let name = format!("{cluster}.m1");
    if out == Path::new(".") {
        PathBuf::from(name)
    } else {
        out.join(name)
    }
}
