//! Labels and values: words out of a fixed set, and names of what there is.

use super::{Completion, CompletionKind, Place, keys};
use crate::facts::choices::{FailoverManager, Flavour, Platform, Required};
use crate::facts::variables::{self, Kind};
use crate::facts::{self, keys};
use crate::lint;
use crate::lint::RuleLevel;
use crate::lsp::parameters;
use crate::lsp::tokens::{label_of, plain};
use crate::schema::words::TYPES;
use crate::schema::{self, Setting, Type};
use crate::syntax::tree::{self, Attribute, Binding, Body, List, ScalarKind, Value};

impl Place<'_> {
    /// What may be as a label, counted from 0.
    pub(super) fn labels(
        &self,
        entry: &tree::Entry,
        schema: &'static schema::Entry,
        index: usize,
    ) -> Vec<Completion> {
        let Some(label) = label_of(schema, index) else {
            return Vec::new();
        };
        let first = entry.labels.first().and_then(plain);
        match (schema.word, index) {
            ("use", 0) => modules(),
            ("include", 0) => self.profiles(),
            ("allow", 0) => rules(),
            ("os", 0) => self.images(),
            ("os", 1) => self.image_versions(first.unwrap_or_default()),
            ("postgres", 1) => self.releases(first.unwrap_or_default()),
            ("failover", 0) => self.managers(),
            ("require", 1) if first == Some(Required::SurvivesLocation.name()) => self.locations(),
            ("require", 1) => Vec::new(),
            (_, 0) if self.block_name() == "location" && schema.word != "data" => {
                self.spare_hosts()
            }
            _ => match label.ty {
                Type::Word(words) => words.iter().map(|word| self::word(word)).collect(),
                Type::SizeOrNone if self.chosen("platform") == Some(Platform::Aws.name()) => {
                    vec![word("none")]
                }
                Type::SizeOrNone
                | Type::Name
                | Type::Text
                | Type::Integer(..)
                | Type::Boolean
                | Type::Size
                | Type::Address
                | Type::Network
                | Type::Version
                | Type::Date
                | Type::TpaVersion
                | Type::Duration
                | Type::Port
                | Type::List(_)
                | Type::OneOrList(_)
                | Type::PackageLists(_)
                | Type::TextOrMap
                | Type::Any => Vec::new(),
            },
        }
    }

    /// The failover managers that manage the cluster's Postgres.
    fn managers(&self) -> Vec<Completion> {
        let postgres = self.outermost();
        let postgres = postgres
            .iter()
            .find(|entry| plain(&entry.word) == Some("postgres"));
        let label = |index: usize| postgres.and_then(|entry| plain(entry.labels.get(index)?));
        let flavour = label(0).and_then(Flavour::parse);
        let version = label(1).and_then(|version| version.parse().ok());
        let manages = |manager: &FailoverManager| match (flavour, version) {
            (Some(flavour), Some(version)) => manager.manages(flavour, version),
            (None, _) | (_, None) => true,
        };
        let managers = FailoverManager::ALL.into_iter().filter(manages);
        managers.map(|manager| word(manager.name())).collect()
    }

    /// What may be as a value, or as an item of a list.
    pub(super) fn values(
        &self,
        attribute: &Attribute,
        setting: Option<&'static Setting>,
        list: Option<&List>,
    ) -> Vec<Completion> {
        let Some(setting) = setting else {
            return self.variable_values(attribute, list);
        };
        let given = items(list);
        let mut found = match (self.block_name(), setting.key) {
            ("cluster", "primary_location") => self.primary_locations(),
            ("location", "was") => self.locations_that_went(),
            ("machine", "was") => self.machines_that_went(),
            ("machine", "upstream") => self.upstreams(),
            ("machine", "backup") => self.barman_nodes(list.is_none()),
            ("machine", "roles") if list.is_some() => self.roles(),
            ("platform" | "location", "region") => self.regions(),
            ("location", "zone") => self.zones(),
            ("image", "like") => self.images(),
            ("volume", "type") => of_words(keys::VOLUME_TYPES),
            ("repositories", "edb" | "apt" | "yum" | "suse") if list.is_some() => {
                of_words(repositories(setting.key))
            }
            _ => of_type(setting.ty),
        };
        found.retain(|completion| !given.contains(&completion.label.as_str()));
        found
    }

    /// The values of a variable of TPA.
    fn variable_values(&self, attribute: &Attribute, list: Option<&List>) -> Vec<Completion> {
        if let Some(words) = self.parameter_words(list) {
            return of_words(words);
        }
        let key = plain(&attribute.key).unwrap_or_default();
        let words = lint::rules::values_of(key);
        let is_boolean = || {
            let variable = variables::find(key)?;
            variable.accepts.contains(&Kind::Boolean).then_some(())
        };
        let is_direct = list.is_none() && attribute.value.span() == self.site.replaced
            || matches!(attribute.value, Value::Missing(_));
        match words {
            _ if !is_direct || self.block_name() == "tags" => Vec::new(),
            Some(words) => of_words(words),
            None if is_boolean().is_some() => of_words(&["true", "false"]),
            None => Vec::new(),
        }
    }

    /// The words of a parameter of Postgres, in a map of them or as a variable of TPA.
    fn parameter_words(&self, list: Option<&List>) -> Option<&'static [&'static str]> {
        let (key, outer) = self.site.keys.split_last()?;
        let is_variable = outer.is_empty()
            && self.block_name() == "vars"
            && variables::find(key).is_some_and(|known| known.component == "postgres-conf");
        if list.is_some() || !(is_variable || parameters::are_in(outer)) {
            return None;
        }
        parameters::words(facts::parameters::find(key, self.major())?)
    }

    /// What a condition may ask for.
    pub(super) fn operands(&self) -> Vec<Completion> {
        let mut found: Vec<Completion> = self
            .bindings(0)
            .into_iter()
            .map(|binding| {
                let label = format!("${}", binding.label);
                Completion {
                    insert: label.clone(),
                    label,
                    ..binding
                }
            })
            .collect();
        found.push(word("not"));
        found
    }
}

/// The keys of a map whose setting has fixed ones.
pub(super) fn map_keys(setting: Option<&Setting>, map: &Body) -> Vec<Completion> {
    let Some(Type::PackageLists(words)) = setting.map(|setting| setting.ty) else {
        return Vec::new();
    };
    let given = keys(&[map]);
    let open = words.iter().filter(|word| !given.contains(word));
    open.map(|key| word(key).insert(format!("{key} = ")))
        .collect()
}

/// The types of parameters.
pub(super) fn types() -> Vec<Completion> {
    of_words(TYPES)
}

/// What a `param` may be by default.
pub(super) fn bound(binding: &Binding) -> Vec<Completion> {
    match &binding.ty {
        Some(Value::Scalar(scalar)) if plain(scalar) == Some("boolean") => {
            of_words(&["true", "false"])
        }
        Some(Value::List(list)) => allowed(list),
        Some(Value::Scalar(_) | Value::Map(_) | Value::Missing(_)) | None => Vec::new(),
    }
}

fn word(word: &str) -> Completion {
    Completion::new(word, CompletionKind::Word)
}

fn of_words(words: &[&str]) -> Vec<Completion> {
    words.iter().map(|word| self::word(word)).collect()
}

fn of_type(ty: Type) -> Vec<Completion> {
    match ty {
        Type::Word(words) => of_words(words),
        Type::Boolean => of_words(&["true", "false"]),
        Type::OneOrList(item) | Type::List(item) => match *item {
            Type::Word(words) => of_words(words),
            Type::Name
            | Type::Text
            | Type::Integer(..)
            | Type::Boolean
            | Type::Size
            | Type::SizeOrNone
            | Type::Address
            | Type::Network
            | Type::Version
            | Type::Date
            | Type::TpaVersion
            | Type::Duration
            | Type::Port
            | Type::List(_)
            | Type::OneOrList(_)
            | Type::PackageLists(_)
            | Type::TextOrMap
            | Type::Any => Vec::new(),
        },
        Type::Name
        | Type::Text
        | Type::Integer(..)
        | Type::Size
        | Type::SizeOrNone
        | Type::Address
        | Type::Network
        | Type::Version
        | Type::Date
        | Type::TpaVersion
        | Type::Duration
        | Type::Port
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => Vec::new(),
    }
}

/// The items of a list that are written.
fn items(list: Option<&List>) -> Vec<&str> {
    let items = list.map_or(&[][..], |list| list.items.as_slice());
    items
        .iter()
        .filter_map(|item| match &item.value {
            Value::Scalar(scalar) => plain(scalar),
            Value::List(_) | Value::Map(_) | Value::Missing(_) => None,
        })
        .collect()
}

/// The values that a `param` allows.
fn allowed(list: &List) -> Vec<Completion> {
    list.items
        .iter()
        .filter_map(|item| match &item.value {
            Value::Scalar(scalar) => match &scalar.kind {
                ScalarKind::Text(text) => Some(word(&format!("\"{}\"", text.raw))),
                ScalarKind::Name(_)
                | ScalarKind::Number(_)
                | ScalarKind::Literal(_)
                | ScalarKind::Reference(_)
                | ScalarKind::Missing => plain(scalar).map(word),
            },
            Value::List(_) | Value::Map(_) | Value::Missing(_) => None,
        })
        .collect()
}

/// The modules of the library. Those with tables hold everywhere, so that only profiles need a `use`.
fn modules() -> Vec<Completion> {
    let files = crate::library::FILES.iter();
    files
        .filter(|file| file.module == "profiles")
        .map(|file| Completion::new(file.module, CompletionKind::Module).detail("of the library"))
        .collect()
}

/// The lint rules that can be allowed.
fn rules() -> Vec<Completion> {
    lint::rules()
        .into_iter()
        .filter(|rule| rule.level != RuleLevel::Error)
        .map(|rule| {
            Completion::new(rule.code.name, CompletionKind::Rule)
                .detail(rule.summary)
                .documentation(lint::page(rule))
        })
        .collect()
}

/// The repositories that a setting of `repositories` can name.
fn repositories(key: &str) -> &'static [&'static str] {
    match key {
        "edb" => keys::EDB,
        "apt" => keys::APT,
        "yum" => keys::YUM,
        _ => keys::SUSE,
    }
}
