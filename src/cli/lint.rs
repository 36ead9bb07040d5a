//! `m1c lint`: what will go wrong with clusters.
//!
//! Every file is judged alone, so that files are judged in parallel; what is said has the order of the files.

mod baseline;
mod fix;
mod job;
mod options;
pub(super) mod paths;
pub(super) mod select;
mod settings;
pub(super) mod since;
mod summary;

use std::path::{Path, PathBuf};

use super::build::write::drawn;
use super::exit::Exit;
use super::find;
use super::progress;
use super::terminal::Terminal;
use super::{atomic, clock, explain, read, tpa};
use crate::diagnostic::Applicability;
use crate::lint::{Choice, Environment};
use crate::load::{Files, ReadError};
use crate::output;
use crate::report::{self, Format};
use baseline::Baseline;
use fix::Mended;
use job::{Job, Linted, Task, Texts};
pub(super) use options::Arguments;
use options::Denied;
pub(super) use select::{OfSource, choice_of as choice, has_lock, of_sources, tpa_of_folder};
use since::Since;
use summary::Totals;

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    if let Some(code) = &arguments.explain {
        return explain::run(terminal, code);
    }
    match prepare(arguments) {
        Ok(run) => run.run(terminal),
        Err(messages) => {
            for message in messages {
                terminal.error(&message);
            }
            Exit::Wrong
        }
    }
}

/// Everything that is known before a file is read.
struct Run<'a> {
    arguments: &'a Arguments,
    format: Format,
    today: String,
    environment: Option<Environment>,
    since: Option<Since>,
    baseline: Option<Baseline>,
    tasks: Vec<Task>,
    choices: Vec<Choice>,
    /// What could not be looked into.
    skipped: Vec<String>,
    /// Standard input, where it is one of the files.
    texts: Texts,
}

fn prepare(arguments: &Arguments) -> Result<Run<'_>, Vec<String>> {
    let one = |message: &str| vec![message.to_owned()];
    let stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    if arguments.stdin_filename.is_some() && !stdin {
        return Err(one(
            "`--stdin-filename` says what `-` is, and there is no `-`",
        ));
    }
    if arguments.fix && !arguments.diff && stdin {
        return Err(one(
            "`--fix` cannot write to standard input; `--diff` shows what it would change",
        ));
    }
    if arguments.unsafe_fixes && !arguments.fix && !arguments.diff {
        return Err(one("`--unsafe-fixes` is for `--fix` and `--diff`"));
    }
    if arguments.show_suppressed && arguments.format != Some(Format::Sarif) {
        return Err(one("`--show-suppressed` is for `--format sarif`"));
    }
    let search = find::find(&arguments.paths, arguments.stdin_filename.as_deref());
    if !search.wrong.is_empty() {
        return Err(search.wrong);
    }
    let (tasks, choices) =
        select::tasks(arguments, search.sources).map_err(|message| one(&message))?;
    let since = match &arguments.since {
        None => None,
        Some(revision) => {
            let names = tasks.iter().map(|task| task.found.name.as_str());
            Some(Since::new(revision, names)?)
        }
    };
    let baseline = match &arguments.baseline {
        None => None,
        Some(path) if arguments.write_baseline && !path.exists() => Some(Baseline::empty(path)),
        Some(path) => Some(Baseline::read(path).map_err(|message| one(&message))?),
    };
    let mut texts = Texts::new();
    if let Some(task) = tasks.iter().find(|task| task.found.path.is_none()) {
        texts.insert(task.found.name.clone(), read::standard_input());
    }
    let on_github = std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true");
    let default = if on_github {
        Format::Github
    } else {
        Format::Human
    };
    Ok(Run {
        arguments,
        format: arguments.format.unwrap_or(default),
        today: arguments.today.clone().unwrap_or_else(clock::today),
        environment: arguments.check_env.then(environment),
        since,
        baseline,
        tasks,
        choices,
        skipped: search.skipped,
        texts,
    })
}

fn environment() -> Environment {
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut variables: Vec<String> = set
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect();
    variables.sort();
    Environment { variables }
}

impl Run<'_> {
    fn run(self, terminal: Terminal) -> Exit {
        for message in &self.skipped {
            terminal.error(message);
        }
        let mut exit = if self.skipped.is_empty() {
            Exit::Fine
        } else {
            Exit::Wrong
        };
        tpa::warn(terminal, self.choices.iter().map(|choice| choice.tpa));
        let mut texts = self.texts.clone();
        let mut linted = self.lint_all(terminal, &texts);
        let arguments = self.arguments;
        if arguments.fix || arguments.diff {
            let mended = self.mend(terminal, &linted, &mut texts);
            for (name, fix) in &mended.left_out {
                terminal.error(&format!(
                    "`{name}`: the fix of {}, \"{}\", was left out: it would bring {}",
                    fix.code, fix.message, fix.brings
                ));
            }
            if arguments.diff {
                return exit.max(self.show(terminal, &mended, &texts, &linted));
            }
            exit = exit.max(write(terminal, &mended, &texts));
            if !mended.changed.is_empty() {
                linted = self.lint_all(terminal, &texts);
            }
        }
        exit.max(self.end(terminal, linted))
    }

    /// Judges all files, in parallel if there are several; what comes out has the order of what comes in.
    fn lint_all(&self, terminal: Terminal, texts: &Texts) -> Vec<Linted> {
        let job = self.job(terminal);
        let none = Choice::default();
        let lint = |task: &Task| {
            let choice = self.choices.get(task.choice).unwrap_or(&none);
            job.lint(task, choice, texts)
        };
        progress::map(terminal, &self.tasks, lint)
    }

    fn job(&self, terminal: Terminal) -> Job<'_> {
        Job {
            look: terminal.output_look(self.format),
            settings: &self.arguments.settings,
            today: &self.today,
            environment: self.environment.as_ref(),
            since: self.since.as_ref(),
            heeds_allows: !self.arguments.ignore_allows,
            baseline: self.baseline.as_ref(),
            shows_suppressed: self.arguments.show_suppressed,
        }
    }

    /// Mends the files one after the other, because they may use the same ones.
    fn mend(&self, terminal: Terminal, linted: &[Linted], texts: &mut Texts) -> Mended {
        let job = self.job(terminal);
        let least = if self.arguments.unsafe_fixes {
            Applicability::Suggested
        } else {
            Applicability::Safe
        };
        let mut mended = Mended::default();
        for (task, linted) in self.tasks.iter().zip(linted) {
            if let Some(choice) = self.choices.get(task.choice).filter(|_| linted.fixable) {
                fix::mend(&job, task, choice, least, texts, &mut mended);
            }
        }
        mended
    }

    /// Shows what `--fix` would write.
    fn show(&self, terminal: Terminal, mended: &Mended, texts: &Texts, linted: &[Linted]) -> Exit {
        let mut exit = Exit::Fine;
        for linted in linted {
            if let Some(failure) = &linted.failure {
                terminal.error(failure);
                exit = exit.max(linted.exit);
            }
        }
        for name in &mended.changed {
            let old = match self.texts_before(name) {
                Ok(old) => old,
                Err(ReadError::NotUtf8 { text, .. }) => text,
                Err(ReadError::NotFound | ReadError::Unreadable(_)) => String::new(),
            };
            let Some(Ok(new)) = texts.get(name) else {
                continue;
            };
            let lines = output::patch((name, &old), (name, new));
            let paint = |color, line: &str| terminal.paint_output(color, line);
            exit = exit.max(terminal.print(&drawn(&lines, paint)));
            exit = exit.max(Exit::Findings);
        }
        summary::fixes(terminal, mended, "would fix");
        exit
    }

    fn texts_before(&self, name: &str) -> Result<String, ReadError> {
        self.texts.read(name)
    }

    /// Says what has been found, and how that ends.
    fn end(mut self, terminal: Terminal, mut linted: Vec<Linted>) -> Exit {
        let arguments = self.arguments;
        let mut exit = Exit::Fine;
        let mut pieces = Vec::new();
        let mut run = report::Run {
            failures: self.skipped.clone(),
            compared: self.baseline.is_some(),
        };
        for linted in &mut linted {
            pieces.push(std::mem::take(&mut linted.piece));
            if let Some(failure) = &linted.failure {
                terminal.error(failure);
                run.failures.push(failure.clone());
            }
            exit = exit.max(linted.exit);
        }
        if arguments.write_baseline
            && let Some(baseline) = self.baseline.take()
        {
            return exit.max(self.write_baseline(terminal, baseline, linted));
        }
        let text = report::join(terminal.output_look(self.format), pieces, &run);
        if !text.is_empty() {
            exit = exit.max(terminal.print(&text));
        }
        if let Some(revision) = &arguments.since {
            let tasks = self.tasks.iter().zip(&linted);
            for (task, _) in tasks.filter(|(_, linted)| linted.is_partly_compared) {
                terminal.say(&format!(
                    "note: `{}` has errors at `{revision}`: what they concern is not compared\n",
                    task.found.name
                ));
            }
        }
        let totals = Totals::of(&linted);
        let stale = self.stale(&linted);
        for line in &stale {
            terminal.say(&format!(
                "note: the baseline knows {line}, which is not found any more\n"
            ));
        }
        if !stale.is_empty() {
            terminal.help("`--write-baseline` rewrites it");
        }
        if self.format == Format::Human {
            terminal.say(&format!("{}\n", totals.summary(self.tasks.len())));
        }
        let denied = arguments.deny == Some(Denied::Warnings) && totals.warnings > 0;
        let found = totals.errors > 0 || denied;
        if found && !arguments.exit_zero || arguments.strict_baseline && !stale.is_empty() {
            exit = exit.max(Exit::Findings);
        }
        exit
    }

    /// What the baseline knows and nobody finds: of the files that were judged, and of files that are gone.
    fn stale(&self, linted: &[Linted]) -> Vec<String> {
        let Some(baseline) = &self.baseline else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        for (task, linted) in self.tasks.iter().zip(linted) {
            for ((rule, entity), count) in &linted.stale {
                let name = &task.found.name;
                lines.push(format!("{count} × `{rule}` at `{entity}` in `{name}`"));
            }
        }
        for (file, counts) in baseline.files() {
            if !counts.is_empty() && !baseline.is_there(file) {
                lines.push(format!("`{file}`"));
            }
        }
        lines
    }

    fn write_baseline(&self, terminal: Terminal, baseline: Baseline, linted: Vec<Linted>) -> Exit {
        if linted.iter().any(|linted| linted.failure.is_some()) {
            return Exit::Wrong;
        }
        let found = self.tasks.iter().zip(linted).map(|(task, linted)| {
            let path = PathBuf::from(&task.found.name);
            (baseline.name_of(&path), linted.counts)
        });
        let found = found.collect();
        match baseline.write(found) {
            Ok(total) => {
                let findings = super::build::count(total, "finding");
                terminal.say(&format!("baseline written: {findings}\n"));
                Exit::Fine
            }
            Err(message) => {
                terminal.error(&message);
                Exit::Wrong
            }
        }
    }
}

/// Writes the files that have been fixed, all of them or none.
fn write(terminal: Terminal, mended: &Mended, texts: &Texts) -> Exit {
    let unwritable = |name: &str, error: &std::io::Error| {
        let reason = read::reason(error);
        terminal.error(&format!("`{name}` cannot be written: {reason}"));
        Exit::Wrong
    };
    let mut staged = Vec::new();
    for name in &mended.changed {
        let Some(Ok(text)) = texts.get(name) else {
            continue;
        };
        match atomic::stage(Path::new(name), text) {
            Ok(file) => staged.push((name, file)),
            Err(error) => return unwritable(name, &error),
        }
    }
    for (name, file) in staged {
        if let Err(error) = file.persist(atomic::target(Path::new(name))) {
            return unwritable(name, &error.error);
        }
    }
    summary::fixes(terminal, mended, "fixed");
    Exit::Fine
}
