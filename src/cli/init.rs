//! `m1c init DIR [options]`: the source of a new cluster.

use std::ffi::OsString;
use std::process::ExitCode;

use super::exit::Exit;
use super::terminal::Terminal;

pub(super) fn run(arguments: Vec<OsString>) -> ExitCode {
    drop(arguments);
    Terminal::detect().error("not available");
    Exit::Wrong.into()
}
