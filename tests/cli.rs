//! Sessions with the program: files and commands come in, what it says and writes goes out.
//!
//! A session in `tests/cli` is a text: a sentence, files after `//- NAME`, then commands after `$ `, each with what
//! it printed, what it said (`2> `) and how it ended (`[1]`, if not with 0). Lines after `## ` are remarks.
//! `UPDATE=1 cargo test` writes what happens into them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod errors_page;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A text on disk, which is rewritten when it is not what it should be.
pub(crate) fn ensure_contents(path: &Path, wanted: &str, update: bool) -> Result<(), String> {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    if update {
        fs::write(path, wanted).unwrap();
    }
    let difference = similar::TextDiff::from_lines(&found, wanted);
    let difference = difference.unified_diff().to_string();
    Err(format!("{} differs:\n{difference}", path.display()))
}

pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[cfg(unix)]
#[test]
fn sessions_go_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    let mut failures = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let played = play(&text);
        if let Err(failure) = ensure_contents(&path, &played, update())
            && !update()
        {
            failures.push(failure);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Plays a session in a folder of its own and writes down how it goes.
fn play(session: &str) -> String {
    let base = tempfile::tempdir().unwrap();
    let (work, home) = (base.path().join("work"), base.path().join("home"));
    fs::create_dir(&work).unwrap();
    fs::create_dir(&home).unwrap();

    let (head, commands) = session.split_at(session.find("\n$ ").unwrap() + 1);
    let head = head
        .strip_suffix("\n\n")
        .map_or(head, |_| &head[..head.len() - 1]);
    for file in head.split("\n//- ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap();
        let path = work.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{}\n", text.trim_end_matches('\n'))).unwrap();
    }

    let mut played = format!("{}\n\n", head.trim_end());
    for line in commands.lines() {
        if line.starts_with("## ") {
            played.extend(["\n", line, "\n"]);
        } else if let Some(command) = line.strip_prefix("$ ") {
            played.extend([line, "\n"]);
            let output = shell(command, &work, &home);
            let said = describe(&output);
            played.push_str(&said.replace(&base.path().display().to_string(), "[BASE]"));
        }
    }
    played
}

fn shell(command: &str, work: &Path, home: &Path) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("m1c");
    let mut path = OsString::from(program.parent().unwrap());
    path.push(":/usr/local/bin:/usr/bin:/bin");
    Command::new("sh")
        .args(["-c", command])
        .current_dir(work)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn describe(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        text.push_str(format!("2> {line}").trim_end());
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.extend(["[", &code.to_string(), "]\n"]),
        None => text.push_str("[killed]\n"),
    }
    text
}
