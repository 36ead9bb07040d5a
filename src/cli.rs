//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let _ = arguments;
    ExitCode::SUCCESS
}
