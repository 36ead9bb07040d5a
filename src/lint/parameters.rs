//! The parameters of Postgres that a cluster sets, wherever it does, and what reaches the server.

use std::borrow::Cow;

use super::scopes::{self, Scope};
use super::words;
use crate::facts::parameters::{self, Parameter};
use crate::facts::variables;
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::tpa::view::{Entity, Subject, guc, places, settings};
use crate::value::{Data, Key, Map, Value};

/// The version that TPA deploys where none is written.
const DEFAULT_MAJOR: u32 = 13;

/// Which way a parameter goes to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// In `postgres_conf_settings`, as a line of postgresql.conf.
    Lines,
    /// As a variable of TPA.
    Variable,
    /// In one of Patroni's settings, which Patroni quotes.
    Patroni,
}

/// A parameter where it is set.
pub(super) struct Setting<'s> {
    pub(super) entity: Entity,
    pub(super) name: &'s str,
    /// The map that it stands in.
    pub(super) map: &'s Map,
    pub(super) value: &'s Value,
    pub(super) by: By,
    /// What is known of it in the cluster's version of Postgres.
    pub(super) parameter: Option<&'static Parameter>,
    section: &'static str,
    below: &'static str,
}

impl Setting<'_> {
    pub(super) fn key(&self) -> String {
        format!("{}{}{}", self.section, self.below, self.name)
    }

    /// Where its name stands.
    pub(super) fn at_name(&self) -> Origin {
        places::of_key(self.map, self.name).unwrap_or(self.value.origin)
    }

    /// What the server gets, without the quotes of a line. Nothing for what nobody knows or what is no single value.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        if scopes::is_template(self.value) {
            return None;
        }
        match &self.value.data {
            Data::Text(text) => Some(match self.by {
                By::Patroni => Cow::Borrowed(text.as_str()),
                By::Lines | By::Variable if guc::check(text).is_ok() => {
                    Cow::Owned(guc::meaning(text))
                }
                By::Lines | By::Variable => Cow::Borrowed(guc::without_quotes(text)),
            }),
            Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => {
                self.value.spelling().map(Cow::Owned)
            }
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    /// Whether nothing at all is written, which is no value for a line.
    pub(super) fn is_bare_empty(&self) -> bool {
        self.by != By::Patroni
            && self
                .value
                .as_text()
                .is_some_and(|text| text.trim().is_empty())
    }

    /// The value as it is written where another text is meant: with the quotes that a line of postgresql.conf needs.
    pub(super) fn literal(&self, subject: &Subject, meant: &str) -> String {
        let line = match self.by {
            By::Lines | By::Variable if guc::check(meant).is_err() => guc::quote(meant),
            By::Lines | By::Variable | By::Patroni => meant.to_owned(),
        };
        let begins = line.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
        let number = line.strip_prefix('-').unwrap_or(&line);
        let is_negative = number.len() < line.len() && number.chars().all(|c| c.is_ascii_digit());
        if (begins && line.chars().all(is_plain)) || is_negative {
            line
        } else {
            words::literal(subject, &line)
        }
    }
}

/// The major version that decides which parameters there are. Nothing where only Ansible knows it.
pub(super) fn major(subject: &Subject) -> Option<u32> {
    match subject.version() {
        Some(version) => Some(version.value).filter(|major| *major >= parameters::OLDEST),
        None => subject
            .variable("postgres_version")
            .is_none()
            .then_some(DEFAULT_MAJOR),
    }
}

/// Every parameter that is set, each where it stands.
pub(super) fn settings(subject: &Subject) -> Vec<Setting<'_>> {
    let mut found = Vec::new();
    for scope in scopes::variables(subject) {
        for (key, value) in scope.map.iter() {
            let Key::Text(name) = key else { continue };
            match name.as_str() {
                "postgres_conf_settings" => {
                    below(
                        &scope,
                        Some(value),
                        "postgres_conf_settings/",
                        By::Lines,
                        &mut found,
                    );
                }
                "patroni_dynamic_conf_settings" => below(
                    &scope,
                    settings::inside(Some(value), &["postgresql", "parameters"]),
                    "patroni_dynamic_conf_settings/postgresql/parameters/",
                    By::Patroni,
                    &mut found,
                ),
                "patroni_conf_settings" => {
                    below(
                        &scope,
                        settings::inside(
                            Some(value),
                            &["bootstrap", "dcs", "postgresql", "parameters"],
                        ),
                        "patroni_conf_settings/bootstrap/dcs/postgresql/parameters/",
                        By::Patroni,
                        &mut found,
                    );
                    below(
                        &scope,
                        settings::inside(Some(value), &["postgresql", "parameters"]),
                        "patroni_conf_settings/postgresql/parameters/",
                        By::Patroni,
                        &mut found,
                    );
                }
                name if is_variable(name) => found.push(Setting {
                    entity: scope.entity.clone(),
                    name,
                    map: scope.map,
                    value,
                    by: By::Variable,
                    parameter: None,
                    section: scope.path,
                    below: "",
                }),
                _ => {}
            }
        }
    }
    // What nobody reads is another rule's.
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        found.retain(|setting| setting.by != By::Patroni);
    }
    if let Some(major) = major(subject) {
        for setting in &mut found {
            setting.parameter = parameters::find(setting.name, major);
        }
    }
    found
}

fn below<'s>(
    scope: &Scope<'s>,
    map: Option<&'s Value>,
    below: &'static str,
    by: By,
    found: &mut Vec<Setting<'s>>,
) {
    let Some(map) = map.and_then(Value::as_map) else {
        return;
    };
    for (key, value) in map.iter() {
        let Key::Text(name) = key else { continue };
        found.push(Setting {
            entity: scope.entity.clone(),
            name,
            map,
            value,
            by,
            parameter: None,
            section: scope.path,
            below,
        });
    }
}

/// Whether TPA has a variable that it writes to postgresql.conf under the same name.
fn is_variable(name: &str) -> bool {
    // The segments of WAL are TPA's arithmetic only; TPA puts quotes around the prefix of log lines itself.
    let is_its_own = matches!(name, "wal_segment_size" | "log_line_prefix");
    !is_its_own
        && variables::find(name).is_some_and(|known| {
            matches!(known.component, "postgres-conf" | "postgres-memory")
                && parameters::rows(name).next().is_some()
        })
}
