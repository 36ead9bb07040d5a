//! What is written for Patroni, judged section by section: names, levels and values.

mod slots;
mod synchronous;
mod tags;
mod values;

pub(super) use slots::logical_slots_need_wal;
pub(super) use values::{replaced, with_unit};

use super::finding::{Finding, Of};
use super::{scopes, words};
use crate::diagnostic::{Applicability, Level};
use crate::facts::parameters;
use crate::facts::patroni::{
    DYNAMIC, Kind, LOCAL, LOCAL_ONLY, POSTGRESQL, REPLACED, Section, TAGS, shared,
};
use crate::origin::Origin;
use crate::suggest::nearest;
use crate::tpa::view::{Entity, Subject, settings};
use crate::value::{Data, Key, Value};

/// Whether a map is a way to make a replica or a cluster: it has a command, or options for `pg_basebackup`.
fn is_way(name: &str, value: &Value) -> bool {
    let map = value.as_map();
    map.is_some_and(|map| name == "basebackup" || map.get("command").is_some())
}

/// Which of Patroni's two configurations a map is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Configuration {
    Dynamic,
    Local,
}

/// A map of settings that is judged, and where findings about it go.
pub(super) struct Reader<'r, 'o> {
    pub(super) subject: &'r Subject,
    pub(super) entity: Entity,
    /// The key of the map: `cluster_vars/patroni_conf_settings`.
    pub(super) path: String,
    pub(super) configuration: Configuration,
    pub(super) findings: &'r mut Of<'o>,
}

impl Reader<'_, '_> {
    fn at(&mut self, at: Origin, name: &str, message: String) -> &mut Finding {
        let key = format!("{}/{name}", self.path);
        self.findings.at(self.entity.clone(), at, message).key(key)
    }

    /// Does something with a map below this one.
    fn below(&mut self, name: &str, judge: impl FnOnce(&mut Reader<'_, '_>)) {
        let mut inner = Reader {
            subject: self.subject,
            entity: self.entity.clone(),
            path: format!("{}/{name}", self.path),
            configuration: self.configuration,
            findings: self.findings,
        };
        judge(&mut inner);
    }

    /// Judges a map as this section.
    pub(super) fn section(&mut self, section: &'static Section, written: &Value) {
        if scopes::is_template(written) || written.data == Data::Null {
            return;
        }
        let Some(map) = written.as_map() else {
            let name = section.path;
            self.findings
                .at(
                    self.entity.clone(),
                    written.origin,
                    format!("`{name}` of Patroni is a map of settings"),
                )
                .key(self.path.clone())
                .label("not a map")
                .help("write its settings between braces")
                .consequence("Patroni does not start");
            return;
        };
        for (key, value) in map.iter() {
            let Key::Text(name) = key else { continue };
            if value.data == Data::Null || scopes::is_template(value) {
                continue;
            }
            let at = settings::at_key(written, name);
            if self.is_misplaced_in_postgresql(section, name, at) {
                continue;
            }
            match section.find(name) {
                Some(setting) => self.setting(setting.name, setting.kind, value),
                None => self.unknown(section, name, at, value),
            }
        }
        if section.is(&TAGS) {
            tags::contradictions(self, written);
        }
        if section.is(&DYNAMIC) {
            slots::overruled(self, written);
            synchronous::check(self, written);
        }
    }

    fn setting(&mut self, name: &'static str, kind: Kind, value: &Value) {
        match kind {
            Kind::Section(section) => {
                // What is below `bootstrap.dcs` becomes the dynamic configuration.
                let is_dynamic = section.is(&DYNAMIC);
                self.below(name, |inner| {
                    if is_dynamic {
                        inner.configuration = Configuration::Dynamic;
                    }
                    inner.section(section, value);
                });
            }
            Kind::Slots => self.below(name, |inner| slots::slots(inner, name, value)),
            Kind::Any if name == "parameters" => {
                self.below(name, |inner| inner.parameters(value));
            }
            Kind::Any => tags::truthy(self, name, value),
            Kind::Seconds
            | Kind::Integer(..)
            | Kind::Time(_)
            | Kind::Switch
            | Kind::Boolean
            | Kind::Synchronous
            | Kind::Word(..)
            | Kind::List => values::value(self, name, kind, value),
        }
    }

    /// Settings of `postgresql` that count in the other configuration only.
    fn is_misplaced_in_postgresql(
        &mut self,
        section: &'static Section,
        name: &str,
        at: Origin,
    ) -> bool {
        if !section.is(&POSTGRESQL) {
            return false;
        }
        let (is_misplaced, other, instead) = match self.configuration {
            Configuration::Dynamic => (
                LOCAL_ONLY.contains(&name),
                "the configuration of each node",
                "write it below `postgresql` in `patroni_conf_settings`",
            ),
            Configuration::Local => (
                name == "use_slots",
                "the dynamic configuration",
                "write it below `postgresql` in `patroni_dynamic_conf_settings`",
            ),
        };
        if is_misplaced {
            self.at(
                at,
                name,
                format!("Patroni takes `{name}` from {other} only"),
            )
            .label("has no effect here")
            .help(instead)
            .level(Level::Warning);
        }
        is_misplaced
    }

    fn unknown(&mut self, section: &'static Section, name: &str, at: Origin, value: &Value) {
        if let Some((message, help)) = self.home(section, name) {
            self.at(at, name, message)
                .label("not at this level")
                .help(help);
            return;
        }
        let known: Vec<&str> = section
            .settings
            .iter()
            .map(|setting| setting.name)
            .collect();
        // A section of one's own is a way to make a replica, or a cluster.
        let is_own = section.is_open && is_way(name, value);
        let meant = nearest(name, &known).filter(|_| !is_own);
        if meant.is_none() && section.is_open {
            return;
        }
        let is_open = section.is_open;
        let finding = self.at(
            at,
            name,
            format!("Patroni has no setting `{name}` in `{}`", section.path),
        );
        match meant {
            Some(meant) => {
                finding
                    .label(format!("did you mean `{meant}`?"))
                    .help(format!("write `{meant}`"))
                    .fix(Applicability::Suggested, at, meant);
            }
            None => {
                finding.label("has no effect").help(format!(
                    "remove it, or write one of {}",
                    words::list(&known)
                ));
            }
        }
        if meant.is_none() || is_open {
            finding.level(Level::Warning);
        }
    }

    /// Where a name belongs that is not known in this section.
    fn home(&self, section: &'static Section, name: &str) -> Option<(String, String)> {
        let is_in_dynamic = self.configuration == Configuration::Dynamic;
        let is_top = section.is(&DYNAMIC) || section.is(&LOCAL);
        let here = if is_in_dynamic {
            "the dynamic configuration"
        } else {
            "the configuration of a node"
        };
        if is_in_dynamic && is_top && matches!(name, "dcs" | "bootstrap") {
            return Some((
                format!(
                    "`{name}` has no effect in {here}, which is what Patroni calls `bootstrap.dcs`"
                ),
                "move what is in it one level up".to_owned(),
            ));
        }
        if !is_in_dynamic && is_top && name == "dcs" {
            return Some((
                format!("Patroni does not read `{name}` at this level"),
                "write its settings in `patroni_dynamic_conf_settings`".to_owned(),
            ));
        }
        let place = if DYNAMIC.find(name).is_some() {
            if is_in_dynamic && !is_top {
                "at the top of the dynamic configuration, `patroni_dynamic_conf_settings`"
            } else {
                "in the dynamic configuration, `patroni_dynamic_conf_settings`"
            }
        } else if TAGS.find(name).is_some() {
            "below `tags` in `patroni_conf_settings`"
        } else if POSTGRESQL.find(name).is_some() && is_top {
            "below `postgresql`"
        } else if is_in_dynamic && LOCAL.find(name).is_some() {
            "in the configuration of each node, `patroni_conf_settings`"
        } else if parameters::rows(name).next().is_some() || shared(name).is_some() {
            "among the parameters of Postgres, `postgres_conf_settings`"
        } else {
            return None;
        };
        Some((
            format!("Patroni does not read `{name}` at this level"),
            format!("write it {place}"),
        ))
    }

    /// Parameters of Postgres.
    fn parameters(&mut self, written: &Value) {
        for (key, value) in written
            .as_map()
            .into_iter()
            .flat_map(crate::value::Map::iter)
        {
            let Key::Text(name) = key else { continue };
            let Some(shared) = shared(name).filter(|_| value.data != Data::Null) else {
                continue;
            };
            let at = settings::at_key(written, name);
            if REPLACED.contains(&shared.name) {
                self.at(at, name, format!("Patroni replaces `{name}` with its own"))
                    .label("has no effect")
                    .help("remove it")
                    .consequence("Postgres runs with another value, and nothing says so")
                    .level(Level::Warning);
                continue;
            }
            match self.configuration {
                Configuration::Local => {
                    self.at(
                        at,
                        name,
                        format!("Patroni takes `{name}` from the dynamic configuration only"),
                    )
                    .label("has no effect here")
                    .help("write it in `postgres_conf_settings`")
                    .consequence("Postgres runs with another value, and nothing says so")
                    .level(Level::Warning);
                }
                Configuration::Dynamic => values::shared(self, shared, name, value),
            }
        }
    }
}
