//! Whom the commits of a primary wait for.

use super::{Instance, Subject};
use super::{guc, patroni, postgres, settings, truth};
use crate::facts::parameters::standby_names::{self, Method, StandbyNames};
use crate::topology::FailoverManager;
use crate::topology::quorum::Commits;
use crate::value::Value;

const NAMES: &str = "synchronous_standby_names";

/// Which machines can be among those that commits wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    Nobody,
    Names(StandbyNames),
    /// All that do not have the tag `nosync` of Patroni.
    ChosenByPatroni,
}

impl Listed {
    pub fn has(&self, subject: &Subject, instance: &Instance) -> bool {
        match self {
            Listed::Nobody => false,
            Listed::Names(names) => names.names_everyone() || names.names(&instance.name.value),
            Listed::ChosenByPatroni => {
                let settings = subject.variable_of(instance, "patroni_conf_settings");
                let nosync = settings::inside(settings, &["tags", "nosync"]);
                !nosync.is_some_and(truth::python_truthy)
            }
        }
    }
}

/// How many the commits of a primary wait for, and which machines those can be.
pub fn commits(
    subject: &Subject,
    primary: &Instance,
    manager: FailoverManager,
) -> (Commits, Listed) {
    const ALONE: (Commits, Listed) = (Commits::Alone, Listed::Nobody);
    if !postgres::commits_wait(subject, primary) {
        return ALONE;
    }
    if manager == FailoverManager::Patroni && mode(subject, primary).is_some() {
        let setting = |name: &str| settings::patroni_dynamic(subject, primary, name);
        let count =
            setting("synchronous_node_count").and_then(|count| patroni::integer(count, &[]));
        let count = count.and_then(|count| usize::try_from(count).ok());
        let strict = setting("synchronous_mode_strict").and_then(patroni::switch);
        let commits = Commits::Chosen {
            count: count.unwrap_or(1).max(1),
            strict: strict == Some(true),
        };
        return (commits, Listed::ChosenByPatroni);
    }
    let Some(names) = names(subject, primary) else {
        return ALONE;
    };
    let commits = Commits::Named {
        count: names.count,
        first: names.method == Method::First,
    };
    (commits, Listed::Names(names))
}

/// Where Patroni is told to choose synchronous standbys.
pub fn mode<'s>(subject: &'s Subject, primary: &'s Instance) -> Option<&'s Value> {
    let mode = settings::patroni_dynamic(subject, primary, "synchronous_mode")?;
    let is_on =
        patroni::switch(mode) == Some(true) || postgres::word(mode).as_deref() == Some("quorum");
    is_on.then_some(mode)
}

/// The standbys that `synchronous_standby_names` lists.
pub fn names(subject: &Subject, primary: &Instance) -> Option<StandbyNames> {
    let written = postgres::setting(subject, primary, NAMES)?.spelling()?;
    guc::check(&written).ok()?;
    standby_names::parse(&guc::meaning(&written)).ok()?
}

/// Where it is written whom commits wait for.
pub fn written<'s>(subject: &'s Subject, primary: &'s Instance) -> Option<&'s Value> {
    mode(subject, primary).or_else(|| postgres::setting(subject, primary, NAMES))
}
