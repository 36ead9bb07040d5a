//! Options of other programs, and what they are called here.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// What others call an option, and the option.
static OTHERS: &[(&[&str], &str)] = &[
    (
        &["-o", "--output", "--output-dir", "--dest", "--dir"],
        "--out",
    ),
    (&["-e", "-D", "--var", "--extra-vars", "--param"], "--set"),
    (&["-n", "-C", "--dry-run", "--plan", "--what-if"], "--check"),
    (&["-f", "-y", "--yes", "--overwrite"], "--force"),
    (&["-w", "-i", "--write", "--apply", "--auto-fix"], "--fix"),
    (&["-W", "--werror"], "--deny"),
    (&["-t", "--backend", "--type"], "--target"),
    (&["-j", "--json"], "--format"),
];

/// The error, with the option that is meant. An option is never said to be a path.
pub(super) fn explained(mut error: Error, arguments: &[OsString], program: &Command) -> Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    error.remove(ContextKind::Suggested);
    if error.get(ContextKind::SuggestedArg).is_some() {
        return error;
    }
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let command = arguments
        .iter()
        .skip(1)
        .filter_map(|word| word.to_str())
        .find_map(|word| program.find_subcommand(word));
    let has = |option: &str| {
        let mut options = command.into_iter().flat_map(Command::get_arguments);
        options.any(|known| known.get_long() == option.strip_prefix("--"))
    };
    let meant = OTHERS
        .iter()
        .find(|(others, option)| others.contains(&written.as_str()) && has(option));
    if let Some((_, option)) = meant {
        let option = ContextValue::String((*option).to_owned());
        error.insert(ContextKind::SuggestedArg, option);
    }
    error
}
