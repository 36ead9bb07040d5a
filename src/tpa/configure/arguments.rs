//! Words of a command line become values of options, by the rules of the parser that TPA uses, Python's argparse:
//! unambiguous prefixes, `--option=value`, options that take all words up to the next option, groups of which at most
//! one may be given. What the values mean is not known here.

mod errors;
mod words;

use std::collections::HashSet;

use super::integer::{self, TooLarge};
use super::options::{self, CommandOption, Dialect, Group, Takes};
use super::refusal::Refusal;
use super::request::{FLAVOUR_VERSION, offered};
use super::values::{Given, Values};
use crate::facts::choices::Flavour;
use crate::facts::tables::Platform;
use crate::facts::tpa::TpaVersion;
pub(super) use errors::placeholder;
use words::Word;

/// What a command line says.
#[derive(Debug)]
pub(super) enum Parsed {
    Help,
    /// A folder and nothing else.
    Starter {
        directory: String,
    },
    Options {
        directory: String,
        values: Values,
        /// The options as messages call them, each once.
        given: Vec<&'static CommandOption>,
    },
}

/// The platform that the command line names; other options depend on it.
pub(super) fn platform(arguments: &[String]) -> Result<Platform, Refusal> {
    match named(arguments, "--platform", "--pl") {
        Some(name) => find_platform(name),
        None => Ok(Platform::Aws),
    }
}

/// The release of TPA that the command line names; other options depend on it.
pub(super) fn tpa(arguments: &[String]) -> Result<Option<TpaVersion>, Refusal> {
    let Some(text) = named(arguments, "--tpa", "--tp") else {
        return Ok(None);
    };
    let version = TpaVersion::parse(text);
    let version = version.map_err(|why| super::refusal::wrong_use(why.message(text), why.help()));
    Ok(Some(version?))
}

/// The value of an option before the command line is parsed. No other one begins with the shortest spelling.
fn named<'a>(arguments: &'a [String], option: &str, shortest: &str) -> Option<&'a str> {
    let spelled = |word: &str| word.len() >= shortest.len() && option.starts_with(word);
    let mut named = None;
    let mut arguments = arguments.iter().take_while(|word| *word != "--").peekable();
    while let Some(word) = arguments.next() {
        if spelled(word) {
            named = arguments.next_if(|value| !value.starts_with('-')).or(named);
        } else if let Some((_, value)) = word.split_once('=').filter(|(option, _)| spelled(option))
        {
            return Some(value);
        }
    }
    named.map(String::as_str)
}

fn find_platform(name: &str) -> Result<Platform, Refusal> {
    let found = Platform::ALL
        .into_iter()
        .find(|platform| platform.name() == name);
    found.ok_or_else(|| errors::unknown_platform(name))
}

/// Parses a command line.
pub(super) fn parse(arguments: &[String], dialect: Dialect) -> Result<Parsed, Refusal> {
    let words = words::classify(arguments, dialect)?;
    let mut parser = Parser {
        dialect,
        words,
        directory: None,
        values: Values::default(),
        given: Vec::new(),
        surplus: Vec::new(),
    };
    let mut at = 0;
    while at < parser.words.len() {
        match parser.word(at)? {
            Next::At(next) => at = next,
            Next::Help => return Ok(Parsed::Help),
        }
    }
    parser.finish()
}

/// Where parsing goes on.
enum Next {
    At(usize),
    Help,
}

struct Parser {
    dialect: Dialect,
    words: Vec<Word>,
    directory: Option<String>,
    values: Values,
    given: Vec<&'static CommandOption>,
    /// Words that nothing takes.
    surplus: Vec<String>,
}

impl Parser {
    fn word(&mut self, at: usize) -> Result<Next, Refusal> {
        match self.words.get(at) {
            None => Ok(Next::At(at + 1)),
            Some(Word::Plain(_) | Word::End) => {
                let next = self.directory(at);
                if next > at {
                    return Ok(Next::At(next));
                }
                if let Some(Word::Plain(text)) = self.words.get(at) {
                    self.surplus.push(text.clone());
                } else {
                    self.surplus.push("--".to_owned());
                }
                Ok(Next::At(at + 1))
            }
            Some(Word::Unknown(text)) => {
                self.surplus.push(text.clone());
                Ok(Next::At(at + 1))
            }
            Some(Word::Known {
                option,
                spelled,
                attached,
            }) => {
                let (option, spelled, attached) = (*option, spelled.clone(), attached.clone());
                self.option(at, option, spelled, attached)
            }
        }
    }

    /// Takes the folder, with a `--` before or after it. Where there is none to take, the place does not change.
    fn directory(&mut self, at: usize) -> usize {
        if self.directory.is_some() {
            return at;
        }
        let mut next = at;
        if let Some(Word::End) = self.words.get(next) {
            next += 1;
        }
        let Some(Word::Plain(text)) = self.words.get(next) else {
            return at;
        };
        self.directory = Some(text.clone());
        next += 1;
        if let Some(Word::End) = self.words.get(next) {
            next += 1;
        }
        next
    }

    fn option(
        &mut self,
        at: usize,
        option: &'static CommandOption,
        spelled: String,
        attached: Option<String>,
    ) -> Result<Next, Refusal> {
        let (mut option, mut spelled, mut attached) = (option, spelled, attached);
        // `-va M1` is `-v -a M1`.
        while takes_nothing(option.takes)
            && let Some(text) = &attached
        {
            let mut letters = text.chars();
            let next = letters.next().filter(|_| !spelled.starts_with("--"));
            let name = next.map(|letter| format!("-{letter}"));
            let Some((name, following)) =
                name.and_then(|name| Some((name.clone(), words::exact(&name, self.dialect)?)))
            else {
                return Err(errors::takes_no_value(&spelled, text));
            };
            if option.takes == Takes::Help {
                return Ok(Next::Help);
            }
            self.take(option, &spelled, Vec::new())?;
            let rest: String = letters.collect();
            attached = Some(rest).filter(|rest| !rest.is_empty());
            (option, spelled) = (following, name);
        }
        if option.takes == Takes::Help {
            return Ok(Next::Help);
        }
        if let Some(value) = attached {
            self.take(option, &spelled, vec![value])?;
            return Ok(Next::At(at + 1));
        }
        let behind = self.words.get(at + 1..).unwrap_or_default();
        let plain = behind.iter().map_while(|word| match word {
            Word::Plain(text) => Some(text.clone()),
            Word::End | Word::Unknown(_) | Word::Known { .. } => None,
        });
        let most = match option.takes {
            Takes::Nothing | Takes::Word(_) | Takes::Answer(_) | Takes::Help => 0,
            Takes::Several(_) => usize::MAX,
            Takes::Text(_)
            | Takes::OneOf(_)
            | Takes::System
            | Takes::Major
            | Takes::Integer
            | Takes::Version(_)
            | Takes::Each(_) => 1,
        };
        let values: Vec<String> = plain.take(most).collect();
        if values.is_empty()
            && !takes_nothing(option.takes)
            && !matches!(option.takes, Takes::Version(_))
        {
            return Err(errors::needs_value(
                option,
                &spelled,
                behind.first().and_then(Word::option),
            ));
        }
        let next = at + 1 + values.len();
        self.take(option, &spelled, values)?;
        Ok(Next::At(next))
    }

    /// Records an option with its values.
    fn take(
        &mut self,
        option: &'static CommandOption,
        spelled: &str,
        values: Vec<String>,
    ) -> Result<(), Refusal> {
        let name = option.sets;
        let checked = self.check(option, spelled, &values)?;
        if let Some(group) = option.group
            && let Some(other) = self
                .given
                .iter()
                .find(|other| other.group == Some(group) && other.name() != option.name())
        {
            return Err(errors::excluded(spelled, other.name()));
        }
        if !self.given.iter().any(|known| known.name() == option.name()) {
            self.given.push(option);
        }
        match option.takes {
            Takes::Each(_) => {
                for value in values {
                    self.values.add(name, value);
                }
            }
            Takes::Version(_) => {
                self.values.remove(FLAVOUR_VERSION);
                if let Some(version) = values.into_iter().next() {
                    self.values.set(FLAVOUR_VERSION, Given::Text(version));
                }
                self.values.set(name, checked);
            }
            Takes::Nothing
            | Takes::Word(_)
            | Takes::Answer(_)
            | Takes::Text(_)
            | Takes::OneOf(_)
            | Takes::System
            | Takes::Major
            | Takes::Integer
            | Takes::Several(_)
            | Takes::Help => self.values.set(name, checked),
        }
        Ok(())
    }

    /// The value that an option sets, if it takes these words.
    fn check(
        &self,
        option: &CommandOption,
        spelled: &str,
        values: &[String],
    ) -> Result<Given, Refusal> {
        let value = values.first().map_or("", String::as_str);
        let one_of = |known: &[&str]| {
            if known.contains(&value) {
                Ok(Given::Text(value.to_owned()))
            } else {
                Err(errors::unknown_value(spelled, value, known))
            }
        };
        match option.takes {
            Takes::Nothing | Takes::Help => Ok(Given::Boolean(true)),
            Takes::Answer(answer) => Ok(Given::Boolean(answer)),
            Takes::Word(word) | Takes::Version(word) => Ok(Given::Text(word.to_owned())),
            Takes::Text(_) => Ok(Given::Text(value.to_owned())),
            Takes::OneOf(known) => one_of(known),
            Takes::System if self.dialect.platform == Platform::Bare => {
                Ok(Given::Text(value.to_owned()))
            }
            Takes::System => one_of(options::systems_of(self.dialect.platform)),
            Takes::Major => {
                let majors = offered(Flavour::DEFAULT.name(), self.dialect.tpa);
                one_of(&majors)
            }
            Takes::Integer => match integer::integer(value) {
                Some(Ok(integer)) => Ok(Given::Integer(integer)),
                Some(Err(TooLarge)) => Err(errors::too_large(spelled, value)),
                None => Err(errors::no_integer(spelled, value)),
            },
            Takes::Several(_) | Takes::Each(_) => Ok(Given::List(values.to_vec())),
        }
    }

    fn finish(self) -> Result<Parsed, Refusal> {
        let Parser {
            dialect,
            words: _,
            directory,
            values,
            given,
            surplus,
        } = self;
        // A misspelt option explains best why others seem to be missing.
        if let Some(word) = surplus
            .iter()
            .find(|word| word.starts_with('-'))
            .or(surplus.first())
        {
            return Err(errors::surplus(word, dialect, directory.as_deref()));
        }
        let Some(directory) = directory else {
            return Err(errors::no_directory());
        };
        if given.iter().all(|option| option.sets == TPA) {
            return Ok(Parsed::Starter { directory });
        }
        let groups: HashSet<&str> = given.iter().map(|option| option.sets).collect();
        if !groups.contains("architecture") {
            return Err(errors::no_architecture());
        }
        for (group, message, help) in Group::REQUIRED {
            if !given.iter().any(|option| option.group == Some(group)) {
                return Err(super::refusal::wrong_use(message, help));
            }
        }
        Ok(Parsed::Options {
            directory,
            values,
            given,
        })
    }
}

/// The name under which the release of TPA stands.
const TPA: &str = "tpa";

fn takes_nothing(takes: Takes) -> bool {
    match takes {
        Takes::Nothing | Takes::Word(_) | Takes::Answer(_) | Takes::Help => true,
        Takes::Text(_)
        | Takes::OneOf(_)
        | Takes::System
        | Takes::Major
        | Takes::Integer
        | Takes::Version(_)
        | Takes::Several(_)
        | Takes::Each(_) => false,
    }
}
