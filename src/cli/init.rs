//! `m1c init DIR [options]`: the source of a new cluster.
//!
//! The world outside comes in through [`Disk`]; what the options mean is decided in `tpa::configure`.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::clock;
use super::exit::Exit;
use super::lint;
use super::read;
use super::terminal::Terminal;
use super::tpa;
use crate::facts::tpa::{Target, TpaVersion};
use crate::load::ReadError;
use crate::lock::quoted;
use crate::tpa::configure::{self, Answer, Source, Surroundings, Unread};

pub(super) fn run(arguments: &[OsString]) -> ExitCode {
    let terminal = Terminal::detect();
    let mut words = Vec::new();
    for argument in arguments {
        let Some(word) = argument.to_str() else {
            terminal.error(&format!("`{}` is not UTF-8", argument.to_string_lossy()));
            terminal.help("name it in UTF-8");
            return Exit::Wrong.into();
        };
        words.push(word.to_owned());
    }
    match configure::configure(&words, &Disk) {
        Ok(Answer::Help(page)) => terminal.print(&page).into(),
        Ok(Answer::Source(source)) => write(terminal, &source).into(),
        Err(refusal) => {
            terminal.error(&refusal.message);
            terminal.help(&refusal.help);
            ExitCode::from(refusal.stage.exit_code())
        }
    }
}

fn write(terminal: Terminal, source: &Source) -> Exit {
    let folder = Path::new(&source.directory);
    let path = folder.join(&source.file);
    if let Err(error) = create(folder, &path, &source.text) {
        terminal.error(&format!(
            "`{}` cannot be written: {}",
            path.display(),
            read::reason(&error)
        ));
        terminal.help("name a folder that you may make");
        return Exit::Wrong;
    }
    tpa::warn(terminal, [Target::Only(source.tpa)]);
    for note in &source.notes {
        terminal.say(&format!("note: {note}\n"));
    }
    let path = path.display().to_string();
    // What begins with a dash is an option.
    let next = if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.clone()
    };
    terminal.say(&format!(
        "`{path}` written; next: m1c build {}\n",
        quoted(&next)
    ));
    Exit::Fine
}

/// Makes the folder and the file in it: the whole file, or neither.
fn create(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = folder.parent()
        && !parent.as_os_str().is_empty()
    {
        fs::create_dir_all(parent)?;
    }
    fs::create_dir(folder)?;
    let written = fill(folder, path, text);
    if written.is_err() {
        // It is empty, unless somebody else has put something there.
        let _ = fs::remove_dir(folder);
    }
    written
}

fn fill(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".m1c-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file has; the user's mask applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The world outside.
struct Disk;

impl Surroundings for Disk {
    fn read(&self, path: &str) -> Result<String, Unread> {
        read::file(Path::new(path)).map_err(|error| match error {
            ReadError::NotFound => Unread::NotFound,
            ReadError::Unreadable(reason) => Unread::Unreadable(reason),
            ReadError::NotUtf8 { offset, .. } => {
                Unread::Unreadable(format!("it is not UTF-8 from byte {offset} on"))
            }
        })
    }

    fn exists(&self, path: &str) -> bool {
        // A link that leads nowhere is there too.
        fs::symlink_metadata(path).is_ok()
    }

    fn is_directory(&self, path: &str) -> bool {
        Path::new(path).is_dir()
    }

    fn current_directory(&self) -> String {
        let directory = std::env::current_dir().unwrap_or_default();
        directory.to_string_lossy().replace('\\', "/")
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn tpa(&self) -> Result<Option<TpaVersion>, String> {
        lint::tpa_of_folder(&std::env::current_dir().unwrap_or_default())
    }

    fn time(&self) -> String {
        clock::now()
    }
}
