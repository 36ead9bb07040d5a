//! Texts become files, all of them or none, and never over a user's edit.

use std::fmt::Write;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use similar::ChangeTag;

use super::count;
use crate::cli::atomic;
use crate::cli::exit::Exit;
use crate::cli::locks::{self, Changed};
use crate::cli::read;
use crate::cli::terminal::Terminal;
use crate::import;
use crate::load::ReadError;
use crate::output::{self, Found};

/// A file to write.
pub(super) struct Output {
    /// Relative to the output folder, with forward slashes.
    pub(super) path: String,
    /// With its header.
    pub(super) text: String,
    /// What messages call the source that it comes from.
    pub(super) source: String,
    /// What that source says.
    pub(super) said: Arc<str>,
}

/// How it went, and what the summary says about that.
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// `None` where nothing was done.
    pub(super) done: Option<Done>,
}

/// `built`, `2 files written`.
pub(super) struct Done {
    pub(super) verb: &'static str,
    pub(super) number: String,
}

/// An output, and what is in its place.
struct Planned<'o> {
    output: &'o Output,
    path: PathBuf,
    on_disk: Option<(String, Found)>,
}

impl Planned<'_> {
    fn found(&self) -> Option<Found> {
        self.on_disk.as_ref().map(|(_, found)| *found)
    }

    /// Whether the file on disk is somebody's own and says the same.
    fn is_taken_over(&self) -> bool {
        self.found() == Some(Found::Equal)
    }

    /// Why it may not be overwritten.
    fn objection(&self) -> Option<&'static str> {
        match self.found()? {
            Found::Same | Found::Outdated | Found::Equal => None,
            Found::Edited => Some("has been edited since m1c wrote it"),
            Found::Foreign => Some("was not written by m1c"),
        }
    }

    fn difference(&self) -> Vec<(ChangeTag, String)> {
        let path = self.path.display();
        let new = format!("{path}\tfrom {}", self.output.source);
        match &self.on_disk {
            Some((text, _)) => {
                let old = format!("{path}\ton disk");
                output::difference((&old, text), (&new, &self.output.text))
            }
            None => output::difference(("/dev/null", ""), (&new, &self.output.text)),
        }
    }
}

/// Shows what would change.
pub(super) fn check(
    terminal: Terminal,
    folder: &Path,
    outputs: &[Output],
    locks: &[Changed],
) -> Ended {
    let plan = match plan(folder, outputs) {
        Ok(plan) => plan,
        Err(message) => return failed(terminal, &message),
    };
    let changed: Vec<&Planned<'_>> = plan
        .iter()
        .filter(|planned| planned.found() != Some(Found::Same))
        .collect();
    let mut exit = if changed.is_empty() {
        Exit::Fine
    } else {
        Exit::Findings
    };
    for planned in &changed {
        let lines = planned.difference();
        let paint = |color, line: &str| terminal.paint_output(color, line);
        exit = exit.max(terminal.print(&drawn(&lines, paint)));
        if let Some(objection) = planned.objection() {
            terminal.error(&format!("`{}` {objection}", planned.path.display()));
        }
    }
    for lock in locks {
        exit = exit.max(Exit::Findings);
        let paint = |color, line: &str| terminal.paint_output(color, line);
        exit = exit.max(terminal.print(&drawn(&of_lock(lock), paint)));
    }
    if !plan.is_empty() && !folder.exists() {
        let folder = folder.display();
        terminal.help(&format!(
            "there is no `{folder}` here; say with `--out` where the files are"
        ));
    }
    let mut number = match changed.len() {
        0 if locks.is_empty() => "nothing would change".to_owned(),
        0 => "no file would change".to_owned(),
        changed => format!("{changed} of {} would change", count(plan.len(), "file")),
    };
    if !locks.is_empty() {
        let _ = write!(number, ", {} would change", named(locks));
    }
    Ended {
        exit,
        done: Some(Done {
            verb: "checked",
            number,
        }),
    }
}

/// Writes what has changed; nothing at all if a file in its place is the user's and `force` isn't given.
pub(super) fn write(
    terminal: Terminal,
    folder: &Path,
    outputs: &[Output],
    locks: &[Changed],
    force: bool,
) -> Ended {
    let plan = match plan(folder, outputs) {
        Ok(plan) => plan,
        Err(message) => return failed(terminal, &message),
    };
    if !force && plan.iter().any(|planned| planned.objection().is_some()) {
        refuse(terminal, &plan);
        return Ended {
            exit: Exit::Findings,
            done: None,
        };
    }
    let changed: Vec<&Planned<'_>> = plan
        .iter()
        .filter(|planned| planned.found() != Some(Found::Same))
        .collect();
    if let Err(message) = locks::as_read(locks) {
        return failed(terminal, &message);
    }
    // Locks first: whatever comes in between, the next build gives the same again.
    let of_locks = locks
        .iter()
        .map(|lock| (lock.path.as_path(), &lock.after, lock.shown().into_owned()));
    let of_outputs = changed.iter().map(|planned| {
        let shown = planned.path.display().to_string();
        (planned.path.as_path(), &planned.output.text, shown)
    });
    let mut staged = Vec::new();
    for (path, text, shown) in of_locks.chain(of_outputs) {
        match atomic::stage(path, text) {
            Ok(file) => staged.push((path, file, shown)),
            Err(error) => return failed(terminal, &unwritable(&shown, &error)),
        }
    }
    for (path, file, shown) in staged {
        if let Err(error) = file.persist(atomic::target(path)) {
            return failed(terminal, &unwritable(&shown, &error.error));
        }
    }
    let unchanged = plan.len() - changed.len();
    let mut number = match (changed.len(), unchanged) {
        (0, _) if locks.is_empty() => "nothing changed".to_owned(),
        (0, unchanged) => format!("{} unchanged", count(unchanged, "file")),
        (written, 0) => format!("{} written", count(written, "file")),
        (written, unchanged) => {
            format!("{} written, {unchanged} unchanged", count(written, "file"))
        }
    };
    if !locks.is_empty() {
        let _ = write!(number, ", {} written", named(locks));
    }
    for planned in plan.iter().filter(|planned| planned.is_taken_over()) {
        terminal.say(&format!(
            "`{}` said the same in other words, and is built from now on\n",
            planned.path.display()
        ));
    }
    Ended {
        exit: Exit::Fine,
        done: Some(Done {
            verb: "built",
            number,
        }),
    }
}

/// Looks at what is on disk.
fn plan<'o>(folder: &Path, outputs: &'o [Output]) -> Result<Vec<Planned<'o>>, String> {
    outputs
        .iter()
        .map(|output| {
            let below = Path::new(&output.path);
            if !below
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
            {
                unreachable!(
                    "a backend wants to write outside of the output folder: {}",
                    output.path
                );
            }
            let path = folder.join(below);
            let on_disk = match read::file(&path) {
                Ok(text) | Err(ReadError::NotUtf8 { text, .. }) => Some(text),
                Err(ReadError::NotFound) => None,
                Err(ReadError::Unreadable(reason)) => {
                    return Err(format!("`{}` cannot be written: {reason}", path.display()));
                }
            };
            let on_disk = on_disk.map(|text| {
                let found = match output::compare(&text, &output.text) {
                    Found::Foreign
                        if is_yaml(below) && import::say_the_same(&text, &output.text) =>
                    {
                        Found::Equal
                    }
                    // An edit that has been brought back into the source.
                    Found::Edited
                        if is_yaml(below)
                            && import::say_the_same(&text, &output.text)
                            && import::has_comments(&output.said, &text) =>
                    {
                        Found::Equal
                    }
                    found @ (Found::Same
                    | Found::Outdated
                    | Found::Edited
                    | Found::Equal
                    | Found::Foreign) => found,
                };
                (text, found)
            });
            Ok(Planned {
                output,
                path,
                on_disk,
            })
        })
        .collect()
}

/// What TPA calls its file.
const CONFIG: &str = "config.yml";

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml")
}

/// Says which files are the user's, and what is in them.
fn refuse(terminal: Terminal, plan: &[Planned<'_>]) {
    for planned in plan {
        let Some(objection) = planned.objection() else {
            continue;
        };
        terminal.error(&format!("`{}` {objection}", planned.path.display()));
        let lines = planned.difference();
        terminal.say(&drawn(&lines, |color, line| {
            terminal.paint_words(color, line)
        }));
        let source = &planned.output.source;
        let path = planned.path.display();
        terminal.help(&if planned.path.ends_with(CONFIG) {
            format!(
                "bring the edit back with `m1c import --into {source} {path}`, or overwrite it with `--force`"
            )
        } else {
            format!("move what is to stay into `{source}`, or overwrite it with `--force`")
        });
    }
    if plan.len() > 1 {
        terminal.say("nothing has been written\n");
    }
}

pub(in crate::cli) fn drawn(
    lines: &[(ChangeTag, String)],
    paint: impl Fn(AnsiColor, &str) -> String,
) -> String {
    let mut text = String::new();
    for (tag, line) in lines {
        match tag {
            ChangeTag::Equal => text.push_str(line),
            ChangeTag::Delete => text.push_str(&paint(AnsiColor::Red, line)),
            ChangeTag::Insert => text.push_str(&paint(AnsiColor::Green, line)),
        }
        text.push('\n');
    }
    text
}

/// Locks as a summary names them.
fn named(locks: &[Changed]) -> String {
    match locks {
        [lock] => format!("`{}`", lock.shown()),
        locks => count(locks.len(), "lock"),
    }
}

fn of_lock(lock: &Changed) -> Vec<(ChangeTag, String)> {
    let name = lock.name.as_str();
    match &lock.before {
        Some(before) => output::difference((name, before), (name, &lock.after)),
        None => output::difference(("/dev/null", ""), (name, &lock.after)),
    }
}

fn unwritable(path: &str, error: &io::Error) -> String {
    format!("`{path}` cannot be written: {}", read::reason(error))
}

fn failed(terminal: Terminal, message: &str) -> Ended {
    terminal.error(message);
    Ended {
        exit: Exit::Wrong,
        done: None,
    }
}
