//! Words that repmgr warns of when it does not know them, and goes on.

use crate::diagnostic::{Applicability, Level};
use crate::facts::repmgr::{EVENTS, FACILITIES, LEVELS, OTHER_LEVELS};
use crate::lint::{Finding, words};
use crate::suggest::nearest;
use crate::tpa::view::Subject;
use crate::value::Value;

/// A word that repmgr does not know.
pub(super) struct Unknown {
    word: String,
    pub(super) message: String,
    meant: Option<&'static str>,
    help: String,
    consequence: &'static str,
}

pub(super) fn level(value: &str) -> Option<Unknown> {
    let is_known = LEVELS.iter().any(|word| word.eq_ignore_ascii_case(value));
    if is_known || value.is_empty() {
        return None;
    }
    let other = OTHER_LEVELS
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(value));
    let meant = other.map_or_else(
        || nearest(&value.to_uppercase(), LEVELS),
        |(_, own)| Some(*own),
    );
    Some(Unknown {
        word: value.to_owned(),
        message: format!("repmgr has no log level `{value}`"),
        meant,
        help: one_of(meant, LEVELS),
        consequence: "repmgr logs a warning, and everything from `INFO` on",
    })
}

pub(super) fn facility(value: &str) -> Option<Unknown> {
    if FACILITIES.contains(&value) || value.is_empty() {
        return None;
    }
    let upper = value.to_uppercase();
    let same = FACILITIES.iter().copied().find(|known| *known == upper);
    Some(Unknown {
        word: value.to_owned(),
        message: format!("repmgr does not log to `{value}`"),
        meant: same,
        help: one_of(same, FACILITIES),
        consequence: "repmgr logs a warning, and writes to standard error instead",
    })
}

/// The names in a list of events that are not one.
pub(super) fn events(value: &str) -> Vec<Unknown> {
    let names = value.split(',').map(str::trim);
    let unknown = names.filter(|name| !name.is_empty() && !EVENTS.contains(name));
    unknown
        .map(|name| {
            let meant = nearest(&name.to_lowercase(), EVENTS);
            Unknown {
                word: name.to_owned(),
                message: format!("repmgr has no event `{name}`"),
                meant,
                help: match meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => {
                        "remove it, or write names such as `repmgrd_failover_promote,standby_promote`"
                            .to_owned()
                    }
                },
                consequence: "nobody is told of what was meant",
            }
        })
        .collect()
}

fn one_of(meant: Option<&str>, known: &[&str]) -> String {
    match meant {
        Some(meant) => format!("write `{meant}`"),
        None => format!("write one of {}", words::list(known)),
    }
}

impl Unknown {
    /// Says it of a value in which it is written once as part of a text.
    pub(super) fn say(&self, subject: &Subject, finding: &mut Finding, value: &Value, text: &str) {
        finding
            .label("not a word that it knows")
            .help(self.help.as_str())
            .consequence(self.consequence)
            .level(Level::Warning);
        let is_alone = value.as_text() == Some(text) && text.matches(&self.word).count() == 1;
        if let Some(meant) = self.meant.filter(|_| is_alone) {
            let fixed = text.replacen(&self.word, meant, 1);
            finding.fix(
                Applicability::Suggested,
                value.origin,
                words::literal(subject, &fixed),
            );
        }
    }
}
