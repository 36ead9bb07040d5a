//! `m1c fmt`: sources get the one true format.
//!
//! Every file is formatted alone, so that files are formatted in parallel. One with syntax errors is left alone,
//! because what was not understood would be lost.

mod job;

use std::path::{Path, PathBuf};

use super::build;
use super::exit::Exit;
use super::find::{self, Found};
use super::lint::select::{self, Named};
use super::terminal::Terminal;
use super::{progress, read};
use crate::report::{self, Format};
use job::{Formatted, Job, Mode, Outcome};

// The options of `m1c fmt`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Sources, folders of sources, or `-` for standard input to standard output [default: the current folder]
    ///
    /// A folder means every `.m1` in it, but what `.gitignore` ignores, and what `exclude` in `m1c.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    check: bool,

    /// Write nothing; show what would change as patches, and exit with 1 if anything would
    #[arg(long)]
    diff: bool,

    /// Leave out what `exclude` in `m1c.toml` names, even where the command line names it
    #[arg(long)]
    force_exclude: bool,

    /// How syntax errors are shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = build::formats()
    )]
    format: Format,

    /// What messages call standard input
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

impl Arguments {
    fn mode(&self) -> Mode {
        if self.diff {
            Mode::Diff
        } else if self.check {
            Mode::Check
        } else {
            Mode::Write
        }
    }
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    match prepare(arguments) {
        Ok(run) => run.run(terminal, arguments),
        Err(messages) => {
            for message in messages {
                terminal.error(&message);
            }
            Exit::Wrong
        }
    }
}

/// What is known before a file is read.
struct Run {
    sources: Vec<Found>,
    /// What could not be looked into.
    skipped: Vec<String>,
    /// Standard input is excluded: it passes as it is, so that no editor is left with an empty text.
    passes: bool,
}

fn prepare(arguments: &Arguments) -> Result<Run, Vec<String>> {
    let stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    if arguments.stdin_filename.is_some() && !stdin {
        let message = "`--stdin-filename` says what `-` is, and there is no `-`";
        return Err(vec![message.to_owned()]);
    }
    let search = find::find(&arguments.paths, arguments.stdin_filename.as_deref());
    if !search.wrong.is_empty() {
        return Err(search.wrong);
    }
    let named = Named {
        paths: &arguments.paths,
        force_exclude: arguments.force_exclude,
    };
    let sources = select::not_excluded(&named, search.sources).map_err(|message| vec![message])?;
    let foreign: Vec<String> = sources
        .iter()
        .filter(|found| !is_source(found))
        .map(|found| {
            format!(
                "`{}` is not a source: `m1c fmt` formats `.m1` files",
                found.name
            )
        })
        .collect();
    if !foreign.is_empty() {
        return Err(foreign);
    }
    Ok(Run {
        passes: stdin && sources.iter().all(|found| found.path.is_some()),
        sources,
        skipped: search.skipped,
    })
}

/// Whether its name is that of a source; standard input may have none.
fn is_source(found: &Found) -> bool {
    let extension = Path::new(&found.name).extension();
    extension.is_some_and(|extension| extension == "m1")
        || (found.path.is_none() && extension.is_none())
}

impl Run {
    fn run(&self, terminal: Terminal, arguments: &Arguments) -> Exit {
        for message in &self.skipped {
            terminal.error(message);
        }
        let mut exit = if self.skipped.is_empty() {
            Exit::Fine
        } else {
            Exit::Wrong
        };
        let job = Job {
            mode: arguments.mode(),
            look: terminal.words_look(arguments.format),
            terminal,
        };
        if self.passes && job.mode == Mode::Write {
            exit = exit.max(pass(terminal));
        }
        let mut formatted = progress::map(terminal, &self.sources, |found| job.format(found));
        let mut pieces = Vec::new();
        let mut printed = String::new();
        let mut whole = report::Run {
            failures: self.skipped.clone(),
            ..report::Run::default()
        };
        for file in &mut formatted {
            pieces.extend(file.report.take());
            printed.push_str(&file.printed);
            if let Some(failure) = file.failure.take() {
                terminal.error(&failure);
                whole.failures.push(failure);
            }
            exit = exit.max(file.exit);
        }
        exit = exit.max(terminal.print(&printed));
        terminal.say(&report::join(job.look, pieces, &whole));
        // Some editors put into the text whatever a filter says.
        let is_filter =
            job.mode == Mode::Write && self.sources.iter().all(|found| found.path.is_none());
        if arguments.format == Format::Human && !is_filter {
            terminal.say(&format!("{}\n", summary(job.mode, &formatted)));
        }
        exit
    }
}

/// Standard input becomes standard output.
fn pass(terminal: Terminal) -> Exit {
    match read::standard_input() {
        Ok(text) => terminal.print(&text),
        Err(error) => {
            terminal.error(&job::unreadable("<stdin>", &error));
            Exit::Wrong
        }
    }
}

/// `2 files formatted, 3 unchanged`.
fn summary(mode: Mode, formatted: &[Formatted]) -> String {
    let number = |outcome: Outcome| {
        let such = formatted.iter().filter(|file| file.outcome == outcome);
        such.count()
    };
    let changed = match mode {
        Mode::Write => "formatted",
        Mode::Check | Mode::Diff => "would change",
    };
    let counts = [
        (number(Outcome::Changed), changed),
        (number(Outcome::Unchanged), "unchanged"),
        (number(Outcome::LeftAlone), "left alone"),
    ];
    let mut parts = Vec::new();
    for (number, what) in counts.into_iter().filter(|(number, _)| *number > 0) {
        parts.push(if parts.is_empty() {
            format!("{} {what}", build::count(number, "file"))
        } else {
            format!("{number} {what}")
        });
    }
    if parts.is_empty() {
        "nothing to format".to_owned()
    } else {
        parts.join(", ")
    }
}
