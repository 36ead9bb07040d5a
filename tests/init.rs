//! `m1c init` without a disk: options and files come in, the source or the reason why there is none goes out.
//!
//! A case in `tests/init` is a text like the sessions of `tests/cli`: a sentence, files after `//- NAME` and folders
//! after `//- NAME/`, then commands after `$ `, which may go on after a `\`, each with what comes of it. Every
//! source must build silently. `UPDATE=1 cargo test` writes what happens into the cases.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::PathBuf;

use m1c::check::{self, Options};
use m1c::diagnostic::Diagnostics;
use m1c::format::format;
use m1c::load::{Files, ReadError};
use m1c::source::FileId;
use m1c::syntax;
use m1c::tpa::configure::{Answer, configure};

use crate::cli::{ensure_contents, update};
use crate::surroundings::Given;

/// The one source of a run.
pub(crate) struct OneFile(pub(crate) String);

pub(crate) const SOURCE: &str = "cluster.m1";

impl Files for OneFile {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == SOURCE {
            Ok(self.0.clone())
        } else {
            Err(ReadError::NotFound)
        }
    }
}

#[test]
fn options_become_sources() {
    let mut paths: Vec<PathBuf> = fs::read_dir("tests/init")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut failures = Vec::new();
    for path in paths {
        let played = play(&fs::read_to_string(&path).unwrap());
        if let Err(failure) = ensure_contents(&path, &played, update())
            && !update()
        {
            failures.push(failure);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn play(case: &str) -> String {
    let (head, commands) = case.split_at(case.find("\n$ ").unwrap() + 1);
    let mut given = Given::default();
    for file in head.split("\n//- ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap_or((file, ""));
        if let Some(folder) = name.strip_suffix('/') {
            given.add_directory(folder);
        } else {
            given.add_file(name, &format!("{}\n", text.trim_end_matches('\n')));
        }
    }
    let mut played = format!("{}\n\n", head.trim_end());
    let mut lines = commands.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            played.extend(["\n", line, "\n"]);
        } else if line.starts_with("$ ") {
            let mut command = line.to_owned();
            while command.ends_with('\\') {
                command.extend(["\n", lines.next().unwrap()]);
            }
            let result = run(&command.replace("\\\n", " "), &given);
            played.extend([&command, "\n", &result]);
        }
    }
    played
}

fn run(command: &str, given: &Given) -> String {
    let words = words(command);
    let (variables, arguments) = words.split_at(words.iter().position(|w| w == "m1c").unwrap());
    let mut given = given.clone();
    for variable in variables.iter().skip(1) {
        let (name, value) = variable.split_once('=').unwrap();
        given.variables.insert(name.to_owned(), value.to_owned());
    }
    assert_eq!(arguments.get(1).unwrap(), "init");
    match configure(arguments.get(2..).unwrap(), &given) {
        Ok(Answer::Help(page)) => page,
        Ok(Answer::Source(source)) => {
            let notes = source.notes.iter().map(|note| format!("2> note: {note}\n"));
            let notes: String = notes.collect();
            let problems = problems(&source.text);
            format!("{notes}{}{problems}", source.text)
        }
        Err(refusal) => {
            let code = refusal.stage.exit_code();
            format!(
                "2> error: {}\n2>   = help: {}\n[{code}]\n",
                refusal.message, refusal.help
            )
        }
    }
}

/// What is wrong with a source: nothing.
fn problems(source: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), source, &mut diagnostics);
    let mut problems = String::new();
    if format(&tree) != source {
        problems.push_str("NOT FORMATTED\n");
    }
    for diagnostic in
        check::check(SOURCE, &OneFile(source.to_owned()), Options::default()).diagnostics
    {
        problems.push_str(&format!(
            "{}: {}\n",
            diagnostic.code.name, diagnostic.message
        ));
    }
    problems
}

/// The words of a command, as a shell takes them apart.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
