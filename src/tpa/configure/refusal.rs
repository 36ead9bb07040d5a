//! Why there is no source: what is wrong with a command line, and what to do about it.

/// A command line that no source is written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub stage: Stage,
    /// One line: lower case, no final period.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Who refuses, as `tpaexec configure` tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The option parser: wrong use.
    Parsing,
    /// A check of what the options say together.
    Checking,
}

impl Stage {
    /// The exit code of the program.
    pub fn exit_code(self) -> u8 {
        match self {
            Stage::Parsing => 2,
            Stage::Checking => 1,
        }
    }
}

/// A refusal of the option parser.
pub(super) fn wrong_use(message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        stage: Stage::Parsing,
        message: message.into(),
        help: help.into(),
    }
}

/// A refusal of a later check.
pub(super) fn refused(message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        stage: Stage::Checking,
        message: message.into(),
        help: help.into(),
    }
}
