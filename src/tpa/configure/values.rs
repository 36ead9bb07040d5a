//! What the options say, by the internal names that TPA gives to its options.

use std::collections::BTreeMap;

use super::options::{self, Takes};

/// The option, and variable, that names the project of the Beacon agent.
pub(super) const PROJECT: &str = "beacon_agent_project_id";

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    Boolean(bool),
    Integer(i64),
    Text(String),
    List(Vec<String>),
}

/// The values of all options that were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    given: BTreeMap<String, Given>,
}

impl Values {
    pub(super) fn set(&mut self, name: &str, value: Given) {
        self.given.insert(name.to_owned(), value);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.given.remove(name);
    }

    /// Adds a word to a list.
    pub(super) fn add(&mut self, name: &str, word: String) {
        match self.given.get_mut(name) {
            Some(Given::List(words)) => words.push(word),
            _ => self.set(name, Given::List(vec![word])),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.given.get(name)
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Given::Text(text)) => Some(text)
                .filter(|text| !text.is_empty())
                .map(String::as_str),
            Some(Given::Boolean(_) | Given::Integer(_) | Given::List(_)) | None => None,
        }
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Given::Integer(integer)) => Some(*integer),
            Some(Given::Boolean(_) | Given::Text(_) | Given::List(_)) | None => None,
        }
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(Given::Boolean(boolean)) => Some(*boolean),
            Some(Given::Integer(_) | Given::Text(_) | Given::List(_)) | None => None,
        }
    }

    /// Whether something is turned on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.boolean(name) == Some(true)
    }

    pub(super) fn list(&self, name: &str) -> Option<&[String]> {
        match self.get(name) {
            Some(Given::List(words)) => Some(words),
            Some(Given::Boolean(_) | Given::Integer(_) | Given::Text(_)) | None => None,
        }
    }
}

/// The value that stands for an option that is not given, in templates: what is turned on by nothing is off.
pub(super) fn absent(name: &str) -> Option<Given> {
    let option = options::all().find(|option| option.sets == name)?;
    (option.takes == Takes::Nothing).then_some(Given::Boolean(false))
}
