//! `m1c build`: sources become files.
//!
//! All sources are compiled before anything is written, so that what is wrong with one of them, or with a file that is
//! on disk, is known in time.

mod before;
pub(super) mod compile;
mod gone;
mod leftovers;
pub(super) mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::exit::Exit;
use super::find::{self, Found};
use super::lint::OfSource;
use super::locks::Changed;
use super::progress;
use super::terminal::Terminal;
use super::{lint, tpa};
use crate::backend::Backend;
use crate::check::Setting;
use crate::facts::tpa::TpaVersion;
use crate::report::{self, Format};
use compile::{Compiled, Job, Task};
use write::{Done, Output};

// The options of `m1c build`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "options are on or off")]
pub(super) struct Arguments {
    /// Sources, folders of sources, or `-` for standard input [default: the current folder]
    ///
    /// A folder means every `.m1` in it, but what `.gitignore` ignores.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// What to build, separated by commas
    #[arg(
        long,
        value_name = "TARGET",
        value_delimiter = ',',
        default_value = Backend::Tpa.name(),
        value_parser = targets()
    )]
    target: Vec<Backend>,

    /// The folder to write to: a cluster's files are in `DIR/<cluster>`
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,

    /// Gives a `param` its value; that of a used file is `MODULE.NAME`
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<Setting>,

    /// The TPA that the clusters are for [default: what they say, `tpa` in `m1c.toml`, or the newest that m1c knows]
    ///
    /// A cluster that names another one is an error.
    #[arg(long, value_name = "VERSION", value_parser = tpa::version)]
    tpa: Option<TpaVersion>,

    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    check: bool,

    /// Print what would be written
    #[arg(long, conflicts_with_all = ["check", "force", "out"])]
    stdout: bool,

    /// Overwrite files that have been edited since m1c wrote them
    #[arg(long, conflicts_with = "check")]
    force: bool,

    /// Fail instead of changing a lock, `NAME.m1.lock`: for pipelines
    #[arg(long, conflicts_with = "no_lock")]
    locked: bool,

    /// Leave locks alone: numbers and subnets follow from the source alone
    #[arg(long)]
    no_lock: bool,

    /// How diagnostics are shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = formats()
    )]
    format: Format,

    /// What messages call standard input; the files that it uses are looked for beside that path
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    let stdin_filename = arguments.stdin_filename.as_deref();
    let Some((sources, mut exit)) = sources(terminal, &arguments.paths, stdin_filename) else {
        return Exit::Wrong;
    };
    let tasks = match tasks(sources, arguments) {
        Ok(tasks) => tasks,
        Err(message) => {
            terminal.error(&message);
            return Exit::Wrong;
        }
    };
    tpa::warn(terminal, tasks.iter().map(|task| task.tpa));
    let job = Job {
        targets: distinct(&arguments.target),
        settings: &arguments.settings,
        look: terminal.words_look(arguments.format),
        locked: arguments.locked,
        out: &arguments.out,
    };
    let mut compiled = progress::map(terminal, &tasks, |task| job.compile(task));
    // One document for all of them, where the format is such a one.
    let whole = matches!(arguments.format, Format::Sarif | Format::Github);
    let mut pieces = Vec::new();
    let mut run = report::Run::default();
    for source in &mut compiled {
        let piece = std::mem::take(&mut source.report);
        if whole {
            pieces.push(piece);
        } else {
            terminal.say(&report::join(job.look, vec![piece], &run));
        }
        if let Some(failure) = &source.failure {
            terminal.error(failure);
            run.failures.push(failure.clone());
        }
        exit = exit.max(source.exit);
    }
    if whole {
        terminal.say(&report::join(job.look, pieces, &run));
    }
    let totals = Totals::of(&compiled);
    let sources = tasks.iter().zip(&compiled);
    let fine = sources.filter(|(_, compiled)| compiled.exit == Exit::Fine);
    let sources: Vec<&find::Found> = fine.map(|(task, _)| &task.source).collect();
    let mut outputs: Vec<Output> = Vec::new();
    let mut locks: Vec<Changed> = Vec::new();
    for source in compiled {
        outputs.extend(source.outputs);
        locks.extend(source.lock);
    }
    let clashes = clashes(&outputs);
    if !clashes.is_empty() {
        for clash in &clashes {
            terminal.error(clash);
        }
        terminal.help("rename one of them, or build them into different folders with `--out`");
        return exit.max(Exit::Findings);
    }

    if arguments.stdout {
        return exit.max(print(terminal, &outputs));
    }
    for lock in &locks {
        lock.tell(terminal);
    }
    let changes = if arguments.format == Format::Human {
        before::sentences(&arguments.out, &outputs)
    } else {
        Vec::new()
    };
    let ended = if arguments.check {
        write::check(terminal, &arguments.out, &outputs, &locks)
    } else {
        write::write(terminal, &arguments.out, &outputs, &locks, arguments.force)
    };
    if let Some(done) = &ended.done
        && matches!(arguments.format, Format::Human | Format::Short)
    {
        leftovers::tell(terminal, &arguments.out, &outputs);
        // With other values a source may make other clusters.
        if arguments.settings.is_empty() {
            let run = gone::Run {
                paths: &arguments.paths,
                sources,
                outputs: &outputs,
            };
            gone::tell(terminal, &arguments.out, &run);
        }
        for change in &changes {
            terminal.say(&format!("{}\n", report::clean(change)));
        }
        let folder = folder(&arguments.out, &outputs);
        if let Some(summary) = summary(&totals, done, &folder)
            && arguments.format == Format::Human
        {
            terminal.say(&format!("{summary}\n"));
        }
    }
    exit.max(ended.exit)
}

/// The sources that a command line names, and how the command ends if all else goes well. `None` where it names something
/// else; that has been said.
pub(super) fn sources(
    terminal: Terminal,
    paths: &[PathBuf],
    stdin_filename: Option<&Path>,
) -> Option<(Vec<Found>, Exit)> {
    if stdin_filename.is_some() && !paths.iter().any(|path| path.as_os_str() == "-") {
        terminal.error("`--stdin-filename` says what `-` is, and there is no `-`");
        return None;
    }
    let search = find::find(paths, stdin_filename);
    for message in search.wrong.iter().chain(&search.skipped) {
        terminal.error(message);
    }
    let configs: Vec<&Found> = search
        .sources
        .iter()
        .filter(|found| is_config(found))
        .collect();
    for config in &configs {
        terminal.error(&format!(
            "`{0}` is a config.yml, which m1c writes: name its source, a `.m1` file, or judge it with `m1c lint {0}`",
            config.name
        ));
    }
    if !search.wrong.is_empty() || !configs.is_empty() {
        return None;
    }
    let exit = if search.skipped.is_empty() {
        Exit::Fine
    } else {
        Exit::Wrong
    };
    Some((search.sources, exit))
}

/// The sources, with what their settings and the command line say about each.
fn tasks(sources: Vec<Found>, arguments: &Arguments) -> Result<Vec<Task>, String> {
    let settings = lint::of_sources(&sources)?;
    let task = |(source, of_source): (Found, OfSource)| Task {
        source,
        tpa: tpa::target(arguments.tpa, of_source.tpa),
        has_lock: of_source.lock && !arguments.no_lock,
    };
    Ok(sources.into_iter().zip(settings).map(task).collect())
}

/// Whether it is named as a config.yml is.
fn is_config(found: &Found) -> bool {
    let extension = Path::new(&found.name).extension();
    extension.is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// Says which sources would write the same file.
fn clashes(outputs: &[Output]) -> Vec<String> {
    let mut writers: BTreeMap<&str, &Output> = BTreeMap::new();
    let mut clashes = Vec::new();
    for output in outputs {
        match writers.get(output.path.as_str()) {
            None => {
                writers.insert(&output.path, output);
            }
            Some(first) => {
                let cluster = output.path.split('/').next().unwrap_or_default();
                let clash = format!(
                    "`{}` and `{}` both define the cluster `{cluster}`",
                    first.source, output.source
                );
                // A cluster may have many files.
                if !clashes.contains(&clash) {
                    clashes.push(clash);
                }
            }
        }
    }
    clashes
}

fn print(terminal: Terminal, outputs: &[Output]) -> Exit {
    let mut text = String::new();
    for output in outputs {
        if outputs.len() > 1 {
            text.push_str("# ");
            text.push_str(&output.path);
            text.push('\n');
        }
        text.push_str(&output.text);
    }
    terminal.print(&text)
}

/// The folder that has all files of a run: that of the cluster, where there is one.
fn folder(out: &Path, outputs: &[Output]) -> PathBuf {
    let mut clusters = outputs.iter().map(|output| output.path.split('/').next());
    let first = clusters.next().flatten();
    match first {
        Some(cluster) if clusters.all(|other| other == first) => out.join(cluster),
        Some(_) | None => out.to_owned(),
    }
}

/// The last line: what was wrong and what was done; `None` where the messages have said all.
fn summary(compiled: &Totals, done: &Done, folder: &Path) -> Option<String> {
    let mut parts = Vec::new();
    if compiled.errors > 0 {
        parts.push(count(compiled.errors, "error"));
    }
    if compiled.warnings > 0 {
        parts.push(count(compiled.warnings, "warning"));
    }
    if compiled.clusters > 0 {
        let clusters = count(compiled.clusters, "cluster");
        let folder = folder.display();
        parts.push(format!(
            "{} {clusters} in `{folder}`: {}",
            done.verb, done.number
        ));
    } else if !compiled.failed {
        parts.push("no clusters to build".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What the summary counts.
struct Totals {
    clusters: usize,
    errors: usize,
    warnings: usize,
    /// Some source has errors or cannot be read.
    failed: bool,
}

impl Totals {
    fn of(compiled: &[Compiled]) -> Totals {
        Totals {
            clusters: compiled.iter().map(|source| source.clusters).sum(),
            errors: compiled.iter().map(|source| source.errors).sum(),
            warnings: compiled.iter().map(|source| source.warnings).sum(),
            failed: compiled.iter().any(|source| source.exit > Exit::Fine),
        }
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

fn distinct(targets: &[Backend]) -> Vec<Backend> {
    Backend::ALL
        .into_iter()
        .filter(|backend| targets.contains(backend))
        .collect()
}

fn targets() -> impl TypedValueParser<Value = Backend> {
    PossibleValuesParser::new(Backend::ALL.map(Backend::name)).try_map(|name| {
        let mut all = Backend::ALL.into_iter();
        all.find(|backend| backend.name() == name).ok_or("unknown")
    })
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.name() == name).ok_or("unknown")
    })
}

/// `NAME=VALUE` or `MODULE.NAME=VALUE`.
pub(super) fn setting(text: &str) -> Result<Setting, String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write `NAME=VALUE` or `MODULE.NAME=VALUE`")?;
    let (module, name) = match name.split_once('.') {
        Some((module, name)) => (Some(module.to_owned()), name),
        None => (None, name),
    };
    for part in module.iter().map(String::as_str).chain([name]) {
        let mut characters = part.chars();
        let begins = characters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
        if !begins || !characters.all(|other| other.is_ascii_alphanumeric() || "_-".contains(other))
        {
            return Err(format!(
                "`{part}` is not a name: letters, digits, `_` and `-` that begin with a letter"
            ));
        }
    }
    Ok(Setting {
        module,
        name: name.to_owned(),
        value: value.to_owned(),
    })
}
