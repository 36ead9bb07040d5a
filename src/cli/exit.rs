//! How a command ended.

use std::process::ExitCode;

/// The worse ones are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    #[default]
    Fine,
    /// Diagnostics of error level, or a difference.
    Findings,
    /// Wrong use, or a file that cannot be read or written.
    Wrong,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Wrong => 2,
        })
    }
}
