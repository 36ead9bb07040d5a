//! Which words of a command line are options, before any of them is read: Python's argparse decides that first.

use super::errors;
use crate::tpa::configure::options::{self, CommandOption, Dialect};
use crate::tpa::configure::refusal::Refusal;

/// A word of the command line.
#[derive(Debug)]
pub(super) enum Word {
    /// A value, or the folder.
    Plain(String),
    /// The first `--`: after it everything is plain.
    End,
    /// It looks like an option and is none.
    Unknown(String),
    Known {
        option: &'static CommandOption,
        /// Without what is attached.
        spelled: String,
        /// What comes after `=`, or after the letter of a short option.
        attached: Option<String>,
    },
}

impl Word {
    /// What looks like an option, as it is written.
    pub(super) fn option(&self) -> Option<&str> {
        match self {
            Word::Known { spelled, .. } | Word::Unknown(spelled) => Some(spelled),
            Word::Plain(_) | Word::End => None,
        }
    }
}

pub(super) fn classify(arguments: &[String], dialect: Dialect) -> Result<Vec<Word>, Refusal> {
    let mut words = Vec::new();
    let mut ended = false;
    for argument in arguments {
        if ended {
            words.push(Word::Plain(argument.clone()));
        } else if argument == "--" {
            ended = true;
            words.push(Word::End);
        } else {
            words.push(word(argument, dialect)?);
        }
    }
    Ok(words)
}

/// The option with exactly this name.
pub(super) fn exact(name: &str, dialect: Dialect) -> Option<&'static CommandOption> {
    options::of(dialect).find(|option| option.names.contains(&name))
}

fn word(argument: &str, dialect: Dialect) -> Result<Word, Refusal> {
    if !argument.starts_with('-') || argument.len() == 1 {
        return Ok(Word::Plain(argument.to_owned()));
    }
    let known = |option, spelled: &str, attached: Option<&str>| Word::Known {
        option,
        spelled: spelled.to_owned(),
        attached: attached.map(str::to_owned),
    };
    if let Some(option) = exact(argument, dialect) {
        return Ok(known(option, argument, None));
    }
    let (name, value) = match argument.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (argument, None),
    };
    if value.is_some()
        && let Some(option) = exact(name, dialect)
    {
        return Ok(known(option, name, value));
    }
    if name.starts_with("--") {
        let names = options::of(dialect).flat_map(|option| option.names);
        let meant: Vec<&'static str> = names
            .copied()
            .filter(|full| full.starts_with(name))
            .collect();
        match meant.as_slice() {
            [] => {}
            [full] => {
                if let Some(option) = exact(full, dialect) {
                    return Ok(known(option, full, value));
                }
            }
            several => return Err(errors::ambiguous(name, several)),
        }
    } else if let Some((at, _)) = argument.char_indices().nth(2)
        && let Some((short, rest)) = argument.split_at_checked(at)
        && let Some(option) = exact(short, dialect)
    {
        return Ok(known(option, short, Some(rest)));
    }
    if is_negative_number(argument) || argument.contains(' ') {
        return Ok(Word::Plain(argument.to_owned()));
    }
    Ok(Word::Unknown(argument.to_owned()))
}

/// `-5`, `-0.5`, `-.5`: no option looks like a number, so that this is a value.
fn is_negative_number(argument: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(char::is_numeric);
    let Some(number) = argument.strip_prefix('-') else {
        return false;
    };
    match number.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(number),
    }
}
