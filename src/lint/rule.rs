//! A rule: its name, its words, its check.

use super::{Context, finding::Of};
use crate::diagnostic::{Code, Level};
use crate::facts::tpa::TpaVersion;

/// A rule of the linter.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which reads well after `allow`, and its page.
    pub code: Code,
    /// What is wrong where it speaks, in one line.
    pub summary: &'static str,
    pub level: RuleLevel,
    /// What happens in real life where nobody fixes it. A finding may say it more exactly.
    pub consequence: &'static str,
    /// Whether it speaks only where the environment is known.
    pub asks_environment: bool,
    /// Whether it speaks only where an older version of the file is known.
    pub asks_before: bool,
    /// The first release of TPA that it is about, where older ones do nothing of the kind.
    pub since: Option<TpaVersion>,
    pub check: fn(&Context<'_>, &mut Of<'_>),
}

impl Rule {
    /// Its summary, with the release of TPA that it is about.
    pub fn described(&self) -> String {
        match self.since {
            Some(since) => format!("{} (since TPA {since})", self.summary),
            None => self.summary.to_owned(),
        }
    }
}

/// How bad it is where a rule speaks. Errors cannot be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// TPA, Ansible or Postgres fails, hangs or refuses.
    Error,
    /// It works, and hurts later.
    Warning,
    Advice,
}

impl RuleLevel {
    pub fn level(self) -> Level {
        match self {
            RuleLevel::Error => Level::Error,
            RuleLevel::Warning => Level::Warning,
            RuleLevel::Advice => Level::Advice,
        }
    }
}

/// Declares a rule from its documentation.
macro_rules! rule {
    (
        $(#[doc = $line:literal])+
        pub(super) static $constant:ident = {
            name: $name:literal,
            level: $level:ident,
            summary: $summary:literal,
            consequence: $consequence:literal,
            $(asks_environment: $asks:literal,)?
            $(asks_before: $asks_before:literal,)?
            $(since: $since:expr,)?
        }
    ) => {
        pub(super) static $constant: $crate::lint::Rule = $crate::lint::Rule {
            code: $crate::diagnostic::Code {
                name: $name,
                documentation: concat!($($line, "\n"),+),
            },
            summary: $summary,
            level: $crate::lint::RuleLevel::$level,
            consequence: $consequence,
            asks_environment: false $(|| $asks)?,
            asks_before: false $(|| $asks_before)?,
            since: $crate::lint::rule::first_of(&[$($since)?]),
            check,
        };
    };
}
pub(crate) use rule;

/// The release that a rule names, if it names one.
pub(crate) const fn first_of(since: &[TpaVersion]) -> Option<TpaVersion> {
    match since {
        [since, ..] => Some(*since),
        [] => None,
    }
}
