//! Values of the tree become typed values.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::Ipv4Net;

use super::chosen::{self, Chosen};
use super::machines::{self, Machine};
use super::{LONGEST_TEXT, Resolver, Scope, errors};
use crate::diagnostic::Diagnostic;
use crate::facts::calendar;
use crate::facts::tpa::TpaVersion;
use crate::schema::Type;
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{self, Node, Part, Scalar, ScalarKind, Text};
use crate::value::{Data, Key, Map, Value};

impl<'p> Resolver<'p> {
    /// Types a value. `None` is a hole, which has been reported.
    pub(super) fn value(
        &mut self,
        value: &'p tree::Value,
        ty: Type,
        scope: Scope,
    ) -> Option<Value> {
        match value {
            tree::Value::Scalar(scalar) => self.scalar(scalar, ty, scope),
            tree::Value::List(list) => self.list(list, ty, scope),
            tree::Value::Map(block) => self.map(block, ty, scope),
            tree::Value::Missing(_) => None,
        }
    }

    /// Takes one value from the budget.
    fn spend(&mut self, at: Span, scope: Scope) -> Option<()> {
        if self.budget == 0 {
            return None;
        }
        self.budget -= 1;
        if self.budget == 0 {
            self.report(scope, errors::too_many_values(at));
            return None;
        }
        Some(())
    }

    pub(super) fn scalar(&mut self, scalar: &'p Scalar, ty: Type, scope: Scope) -> Option<Value> {
        self.spend(scalar.span, scope)?;
        if let ScalarKind::Reference(reference) = &scalar.kind {
            return self.substitute(reference, scope, |resolver, value, inner| {
                resolver.value(value, ty, inner)
            });
        }
        if let Type::OneOrList(item) = ty {
            return self.scalar(scalar, *item, scope);
        }
        let at = scalar.span;
        let origin = scope.origin(at);
        let data = match ty {
            Type::Any => self.any(scalar, scope)?,
            Type::Word(words) => Data::Text(self.word(scalar, words, scope)?),
            Type::Name => Data::Text(self.name(scalar, scope)?),
            Type::Text | Type::TextOrMap => Data::Text(self.spelling(scalar, ty, scope)?),
            Type::Integer(lowest, highest) => {
                Data::Integer(self.integer(scalar, lowest, highest, scope)?)
            }
            Type::Boolean => Data::Boolean(self.boolean(scalar, scope)?),
            Type::Size => Data::Integer(self.size(scalar, ty, scope)?),
            Type::SizeOrNone => match &scalar.kind {
                ScalarKind::Name(name) if name == "none" => Data::Null,
                ScalarKind::Name(_)
                | ScalarKind::Text(_)
                | ScalarKind::Number(_)
                | ScalarKind::Literal(_)
                | ScalarKind::Reference(_)
                | ScalarKind::Missing => Data::Integer(self.size(scalar, ty, scope)?),
            },
            Type::Address => {
                self.checked(scalar, ty, scope, |text| text.parse::<IpAddr>().is_ok())?
            }
            Type::Network => Data::Text(self.network(scalar, scope)?),
            Type::Version => self.checked(scalar, ty, scope, is_version)?,
            Type::Date => self.checked(scalar, ty, scope, calendar::is_day)?,
            Type::TpaVersion => Data::Text(self.tpa_version(scalar, scope)?),
            Type::Duration => {
                self.checked(scalar, ty, scope, |text| Type::seconds(text).is_some())?
            }
            Type::Port => self.checked(scalar, ty, scope, |text| Type::port(text).is_some())?,
            Type::List(_) | Type::PackageLists(_) | Type::OneOrList(_) => {
                let written = errors::written_as(scalar);
                self.report(scope, errors::list_expected(at, &written, ty));
                return None;
            }
        };
        Some(Value::new(data, origin))
    }

    fn list(&mut self, list: &'p tree::List, ty: Type, scope: Scope) -> Option<Value> {
        self.spend(list.span, scope)?;
        let item = match ty {
            Type::List(item) | Type::OneOrList(item) => *item,
            Type::PackageLists(_) => Type::Name,
            Type::Any => Type::Any,
            Type::Word(_)
            | Type::Name
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
            | Type::TextOrMap => {
                self.report(scope, errors::unexpected_list(list.span, ty));
                return None;
            }
        };
        let items = list
            .items
            .iter()
            .filter_map(|element| self.value(&element.value, item, scope))
            .collect();
        Some(Value::list(items, scope.origin(list.span)))
    }

    fn map(&mut self, block: &'p tree::Block, ty: Type, scope: Scope) -> Option<Value> {
        self.spend(block.span, scope)?;
        let keys = match ty {
            Type::Any | Type::TextOrMap => None,
            Type::PackageLists(keys) => Some(keys),
            Type::Word(_)
            | Type::Name
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
            | Type::OneOrList(_) => {
                self.report(scope, errors::unexpected_map(block.span, ty));
                return None;
            }
        };
        let mut map = Map::default();
        let mut seen: HashMap<Key, Span> = HashMap::new();
        for statement in &block.body.statements {
            let Node::Attribute(attribute) = &statement.node else {
                continue;
            };
            let Some(key) = self.key(&attribute.key, scope) else {
                continue;
            };
            let at = attribute.key.span;
            if let Some(first) = seen.get(&key) {
                let first = *first;
                self.report(scope, errors::duplicate_key(at, &key, first));
                continue;
            }
            seen.insert(key.clone(), at);
            let item = match (keys, &key) {
                (Some(keys), Key::Text(name)) if !keys.contains(&name.as_str()) => {
                    let diagnostic = errors::unknown_key(at, name);
                    let diagnostic = suggest::among(diagnostic, name, keys);
                    let siblings = errors::keys_of(&block.body.statements);
                    self.report(scope, errors::unless_there(diagnostic, name, &siblings));
                    continue;
                }
                (Some(_), _) => Type::List(&Type::Name),
                (None, _) => Type::Any,
            };
            if let Some(value) = self.value(&attribute.value, item, scope) {
                map.set_at(key, at, value);
            }
        }
        Some(Value::map(map, scope.origin(block.span)))
    }

    /// The key of an attribute: a text, or an integer where one is written.
    pub(super) fn key(&mut self, scalar: &'p Scalar, scope: Scope) -> Option<Key> {
        match &scalar.kind {
            ScalarKind::Name(text) | ScalarKind::Literal(text) => Some(Key::Text(text.clone())),
            ScalarKind::Number(text) => Some(match text.parse() {
                Ok(integer) => Key::Integer(integer),
                Err(_) => Key::Text(text.clone()),
            }),
            ScalarKind::Text(text) => Some(Key::Text(self.text(text, scalar.span, scope)?)),
            ScalarKind::Reference(_) | ScalarKind::Missing => None,
        }
    }

    /// Free form: what it looks like, but a name is a text, `on` and `yes` too.
    fn any(&mut self, scalar: &'p Scalar, scope: Scope) -> Option<Data> {
        match &scalar.kind {
            ScalarKind::Name(name) => Some(match name.as_str() {
                "true" => Data::Boolean(true),
                "false" => Data::Boolean(false),
                "null" => Data::Null,
                _ if name.starts_with("var.") => {
                    self.report(scope, errors::foreign_reference(scalar.span, name));
                    return None;
                }
                _ => Data::Text(name.clone()),
            }),
            ScalarKind::Literal(text) => Some(Data::Text(text.clone())),
            ScalarKind::Text(text) => Some(Data::Text(self.text(text, scalar.span, scope)?)),
            ScalarKind::Number(number) if number.contains('.') => {
                Some(Data::Decimal(number.parse().ok()?))
            }
            ScalarKind::Number(_) => Some(Data::Integer(self.integer(
                scalar,
                i64::MIN,
                i64::MAX,
                scope,
            )?)),
            ScalarKind::Reference(_) | ScalarKind::Missing => None,
        }
    }

    fn word(&mut self, scalar: &'p Scalar, words: &[&'static str], scope: Scope) -> Option<String> {
        let quoted = matches!(scalar.kind, ScalarKind::Text(_)) && scope.substituted.is_none();
        let word = self.spelling(scalar, Type::Name, scope)?;
        if !words.contains(&word.as_str()) {
            let diagnostic = errors::unknown_word(scalar.span, &word, words);
            let diagnostic = match self.machines(scope).iter().find(|it| it.name == word) {
                Some(_) => errors::machine_for_word(diagnostic, words),
                None => diagnostic,
            };
            self.report(scope, diagnostic);
            return None;
        }
        if quoted {
            self.report(scope, errors::quoted_word(scalar.span, &word));
        }
        Some(word)
    }

    /// The machines of a file, for messages about it.
    pub(super) fn machines(&self, scope: Scope) -> Vec<Machine> {
        let module = self.program.modules.get(scope.module);
        module.map_or_else(Vec::new, |module| machines::of(&module.tree))
    }

    /// What the cluster or profile around a place chooses, for messages about it.
    pub(super) fn chosen(&self, at: Span, scope: Scope) -> Chosen {
        let module = self.program.modules.get(scope.module);
        module.map_or_else(Chosen::default, |module| chosen::around(&module.tree, at))
    }

    fn name(&mut self, scalar: &'p Scalar, scope: Scope) -> Option<String> {
        if let (ScalarKind::Number(text) | ScalarKind::Literal(text), None) =
            (&scalar.kind, scope.substituted)
        {
            let machines = self.machines(scope);
            let named = machines::with_address(&machines, text);
            self.report(scope, errors::unquoted_name(scalar.span, text, named));
            return None;
        }
        self.spelling(scalar, Type::Name, scope)
    }

    /// A text: a string, or the spelling of a name, a literal or a number.
    fn spelling(&mut self, scalar: &'p Scalar, ty: Type, scope: Scope) -> Option<String> {
        match &scalar.kind {
            ScalarKind::Name(name) if matches!(name.as_str(), "true" | "false" | "null") => {
                if scope.substituted.is_some() && name != "null" {
                    return Some(name.clone());
                }
                self.report(scope, errors::value_for_text(scalar.span, name, ty));
                None
            }
            ScalarKind::Name(text) if text.starts_with("var.") => {
                self.report(scope, errors::foreign_reference(scalar.span, text));
                None
            }
            ScalarKind::Name(text) | ScalarKind::Literal(text) | ScalarKind::Number(text) => {
                Some(text.clone())
            }
            ScalarKind::Text(text) => self.text(text, scalar.span, scope),
            ScalarKind::Reference(_) | ScalarKind::Missing => None,
        }
    }

    /// A string with its references replaced by what they stand for.
    fn text(&mut self, text: &'p Text, at: Span, scope: Scope) -> Option<String> {
        let mut spelled = String::new();
        for part in &text.parts {
            match part {
                Part::Text(part) => spelled.push_str(part),
                Part::Reference(reference) => {
                    self.spend(reference.span, scope)?;
                    let value = self.substitute(reference, scope, |resolver, value, inner| {
                        resolver.value(value, Type::Text, inner)
                    })?;
                    spelled.push_str(value.as_text()?);
                }
            }
            if spelled.len() > LONGEST_TEXT && text.parts.len() > 1 {
                if scope.substituted.is_none() {
                    self.report(scope, errors::text_too_long(at));
                }
                return None;
            }
        }
        Some(spelled)
    }

    fn tpa_version(&mut self, scalar: &'p Scalar, scope: Scope) -> Option<String> {
        let text = self.spelling(scalar, Type::TpaVersion, scope)?;
        match TpaVersion::parse(&text) {
            Ok(_) => Some(text),
            Err(why) => {
                self.report(scope, errors::tpa_version(scalar.span, &text, why));
                None
            }
        }
    }

    fn integer(&mut self, scalar: &Scalar, lowest: i64, highest: i64, scope: Scope) -> Option<i64> {
        let ty = Type::Integer(lowest, highest);
        let text = match &scalar.kind {
            ScalarKind::Number(number) if !number.contains('.') => number,
            ScalarKind::Missing => return None,
            ScalarKind::Name(_)
            | ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => {
                let error = errors::wrong_type(scalar, ty);
                self.report(scope, self.or_forgotten(error, scalar, scope));
                return None;
            }
        };
        let Ok(integer) = text.parse::<i64>() else {
            self.report(scope, errors::integer_too_large(scalar.span, text));
            return None;
        };
        if (lowest..=highest).contains(&integer) {
            Some(integer)
        } else {
            self.report(scope, errors::out_of_range(scalar.span, integer, ty));
            None
        }
    }

    pub(super) fn boolean(&mut self, scalar: &Scalar, scope: Scope) -> Option<bool> {
        match &scalar.kind {
            ScalarKind::Name(name) if name == "true" => Some(true),
            ScalarKind::Name(name) if name == "false" => Some(false),
            ScalarKind::Missing => None,
            ScalarKind::Name(_)
            | ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => {
                let error = errors::boolean_expected(scalar);
                self.report(scope, self.or_forgotten(error, scalar, scope));
                None
            }
        }
    }

    /// A size in GB.
    fn size(&mut self, scalar: &Scalar, ty: Type, scope: Scope) -> Option<i64> {
        const GB_IN_A_TB: i64 = 1024;
        if let ScalarKind::Missing = scalar.kind {
            return None;
        }
        let spelling = errors::spelling(scalar);
        let number = |unit: &str| {
            let digits = spelling.strip_suffix(unit)?;
            digits.parse::<i64>().ok().filter(|number| *number > 0)
        };
        let size = number("GB").or_else(|| number("TB")?.checked_mul(GB_IN_A_TB));
        if size.is_none() {
            let error = errors::invalid_size(scalar, &spelling, ty);
            self.report(scope, self.or_forgotten(error, scalar, scope));
        }
        size
    }

    fn network(&mut self, scalar: &'p Scalar, scope: Scope) -> Option<String> {
        let text = self.spelling(scalar, Type::Network, scope)?;
        let Ok(network) = text.parse::<Ipv4Net>() else {
            let error = errors::invalid(scalar.span, &text, Type::Network);
            self.report(scope, self.or_forgotten(error, scalar, scope));
            return None;
        };
        if network.trunc() != network {
            self.report(
                scope,
                errors::host_bits(scalar.span, &text, network.trunc()),
            );
            return None;
        }
        Some(text)
    }

    /// A text that a check accepts.
    fn checked(
        &mut self,
        scalar: &'p Scalar,
        ty: Type,
        scope: Scope,
        accepts: impl FnOnce(&str) -> bool,
    ) -> Option<Data> {
        let text = self.spelling(scalar, ty, scope)?;
        if accepts(&text) {
            return Some(Data::Text(text));
        }
        let error = errors::invalid(scalar.span, &text, ty);
        self.report(scope, self.or_forgotten(error, scalar, scope));
        None
    }

    /// The error about a value, or about the `$` that is missing where its word is a `param` or `let`.
    fn or_forgotten(&self, error: Diagnostic, scalar: &Scalar, scope: Scope) -> Diagnostic {
        let known = self.bindings.get(scope.module);
        let name = errors::name_of(scalar);
        if known.is_some_and(|known| known.contains_key(name.as_str())) {
            errors::forgotten_reference(error, &name)
        } else {
            error
        }
    }
}

/// Package versions are free text to TPA; blanks and control characters would end them in a package manager's call.
fn is_version(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_graphic())
}
