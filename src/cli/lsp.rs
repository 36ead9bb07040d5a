//! `m1c lsp`: the language server on standard input and output.

use std::io::{self, BufReader};
use std::path::Path;

use super::exit::Exit;
use super::{clock, find, lint, read};
use crate::lint::Choice;
use crate::load::{Files, ReadError};
use crate::lsp::{self, Ending, World};

/// How many files and folders are looked at in search of sources, while an editor waits.
const MOST_ENTRIES: usize = 100_000;

// The options of `m1c lsp`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Nothing else is possible; editors say it by habit
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(_: &Arguments) -> Exit {
    let input = BufReader::new(io::stdin());
    match lsp::serve(input, io::stdout(), &Machine) {
        Ending::Agreed => Exit::Fine,
        // As the protocol asks for.
        Ending::Abandoned => Exit::Findings,
    }
}

/// The machine that m1c runs on.
struct Machine;

impl Files for Machine {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        read::file(Path::new(path))
    }
}

impl World for Machine {
    fn choice(&self, path: &str) -> Result<Choice, String> {
        lint::choice(Path::new(path))
    }

    fn has_lock(&self, path: &str) -> bool {
        lint::has_lock(Path::new(path))
    }

    fn today(&self) -> String {
        clock::today()
    }

    fn is_alive(&self, process: u32) -> bool {
        is_alive(process)
    }

    fn sources(&self, folder: &str) -> Vec<String> {
        find::sources_in(Path::new(folder), MOST_ENTRIES)
    }
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};

    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    // A process of somebody else's is there too, and may not be asked.
    id.is_none_or(|id| test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

/// Standard input ends when the editor does.
#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}
