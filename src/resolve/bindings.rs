//! `param` and `let`: what `$name` and `$module.name` stand for.

use std::collections::HashMap;

use super::given::{GivenValue, Setting};
use super::{MAXIMUM_DEPTH, Resolver, Scope, errors};
use crate::load::Program;
use crate::schema::Type;
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{Binding, BindingKind, Node, Reference, ScalarKind, Value};
use crate::value::{self, Data};

/// The bindings of every module by their names; of two with one name, the first.
pub(super) fn collect(program: &Program) -> Vec<HashMap<&str, &Binding>> {
    let modules = program.modules.iter();
    modules
        .map(|module| {
            let mut known: HashMap<&str, &Binding> = HashMap::new();
            for binding in bindings(&module.tree.body.statements) {
                if let ScalarKind::Name(name) = &binding.name.kind {
                    known.entry(name).or_insert(binding);
                }
            }
            known
        })
        .collect()
}

/// Whether a name is bound inside of some block, which has been reported.
fn is_misplaced(statements: &[crate::syntax::tree::Statement], name: &str) -> bool {
    statements.iter().any(|statement| match &statement.node {
        Node::Binding(binding) => errors::name_of(&binding.name) == name,
        Node::Entry(entry) => {
            let block = entry.block.as_ref();
            block.is_some_and(|block| is_misplaced(&block.body.statements, name))
        }
        Node::Conditional(conditional) => crate::syntax::walk::branches(conditional)
            .into_iter()
            .any(|block| is_misplaced(&block.body.statements, name)),
        Node::Attribute(_) | Node::Junk => false,
    })
}

fn bindings(statements: &[crate::syntax::tree::Statement]) -> impl Iterator<Item = &Binding> {
    statements
        .iter()
        .filter_map(|statement| match &statement.node {
            Node::Binding(binding) => Some(binding),
            Node::Attribute(_) | Node::Conditional(_) | Node::Entry(_) | Node::Junk => None,
        })
}

/// What a binding stands for: an expression and the file whose names it sees.
pub(super) struct Meaning<'p> {
    pub(super) value: &'p Value,
    pub(super) module: usize,
    pub(super) name: &'p str,
    pub(super) binding: &'p Binding,
}

impl<'p> Resolver<'p> {
    /// Checks every binding on its own, used or not.
    pub(super) fn check_bindings(&mut self) {
        let program = self.program;
        for (module, source) in program.modules.iter().enumerate() {
            let mut seen: HashMap<&str, &Binding> = HashMap::new();
            for binding in bindings(&source.tree.body.statements) {
                let ScalarKind::Name(name) = &binding.name.kind else {
                    continue;
                };
                if let Some(first) = seen.insert(name, binding) {
                    self.diagnostics.push(errors::duplicate_definition(
                        binding.name.span,
                        name,
                        first.name.span,
                    ));
                    continue;
                }
                self.check_binding(module, name, binding);
            }
        }
    }

    fn check_binding(&mut self, module: usize, name: &'p str, binding: &'p Binding) {
        let scope = Scope::of(module);
        let given = self.given.get(&(module, name.to_owned()));
        let value = given.map(|given| &given.value).or(binding.value.as_ref());
        let Some(value) = value else {
            if binding.kind == BindingKind::Param {
                self.diagnostics
                    .push(errors::param_not_given(binding.name.span, name));
            }
            return;
        };
        self.evaluating.push((module, name));
        let typed = self.value(value, Type::Any, scope);
        self.evaluating.pop();
        let errors = self.diagnostics.count_errors();
        if let (Some(typed), Some(ty)) = (typed, &binding.ty) {
            let setting = given.map(|given| given.setting);
            self.check_type(ty, (&typed, value, setting), binding, scope);
        } else if let (Some(given), Some(default)) = (given, &binding.value) {
            self.check_type_of_default(given, default, binding, scope);
        }
        // What is not among the allowed values is a text all the same, and conditions with it can be judged.
        let is_choice = matches!(binding.ty, Some(Value::List(_)));
        if self.diagnostics.count_errors() > errors && !is_choice {
            self.mistyped.insert((module, name));
        }
    }

    /// Checks that a parameter's value, which the command line may have set, has its declared type.
    fn check_type(
        &mut self,
        ty: &'p Value,
        (typed, value, setting): (&value::Value, &'p Value, Option<&Setting>),
        binding: &'p Binding,
        scope: Scope,
    ) {
        let at = errors::span_of(value, binding.name.span);
        let param = errors::name_of(&binding.name);
        match ty {
            Value::Scalar(scalar) => {
                let ScalarKind::Name(name) = &scalar.kind else {
                    self.diagnostics.push(errors::unknown_type(scalar.span, ""));
                    return;
                };
                let fits = match name.as_str() {
                    "text" => !matches!(
                        typed.data,
                        Data::List(_) | Data::Map(_) | Data::Null | Data::Boolean(_)
                    ),
                    "integer" => matches!(typed.data, Data::Integer(_)),
                    "decimal" => matches!(typed.data, Data::Integer(_) | Data::Decimal(_)),
                    "boolean" => matches!(typed.data, Data::Boolean(_)),
                    "list" => matches!(typed.data, Data::List(_)),
                    "map" => matches!(typed.data, Data::Map(_)),
                    _ => {
                        self.diagnostics
                            .push(errors::unknown_type(scalar.span, name));
                        return;
                    }
                };
                if !fits {
                    self.diagnostics.push(match setting {
                        Some(setting) => errors::wrong_type_given(at, setting, name, typed),
                        None => errors::wrong_type_of_param(at, &param, name, typed),
                    });
                }
            }
            Value::List(list) => {
                let allowed: Vec<String> = list
                    .items
                    .iter()
                    .filter_map(|item| self.value(&item.value, Type::Text, scope))
                    .filter_map(|item| item.as_text().map(str::to_owned))
                    .collect();
                let Some(spelling) = self.value(value, Type::Text, scope) else {
                    return;
                };
                let spelling = spelling.as_text().unwrap_or("").to_owned();
                if !allowed.contains(&spelling) {
                    let known: Vec<&str> = allowed.iter().map(String::as_str).collect();
                    self.diagnostics.push(match setting {
                        Some(setting) => errors::value_given_not_allowed(at, setting, &known),
                        None => {
                            let diagnostic = errors::value_not_allowed(at, &param, &spelling);
                            suggest::among(diagnostic, &spelling, &known)
                        }
                    });
                }
            }
            Value::Map(_) | Value::Missing(_) => {}
        }
    }

    /// Checks that a given value has the type of the parameter's default.
    fn check_type_of_default(
        &mut self,
        given: &'p GivenValue<'p>,
        default: &'p Value,
        binding: &'p Binding,
        scope: Scope,
    ) {
        let (Some(found), Some(default)) = (
            self.value(&given.value, Type::Any, scope),
            self.value(default, Type::Any, scope),
        ) else {
            return;
        };
        let expected = errors::kind_of(&default);
        let kind = errors::kind_of(&found);
        let fits = expected == kind || (expected == "decimal" && kind == "integer");
        if !fits {
            let at = binding.name.span;
            self.diagnostics.push(errors::wrong_type_given(
                at,
                given.setting,
                expected,
                &found,
            ));
        }
    }

    /// Finds what a reference stands for, and says so when it stands for nothing.
    pub(super) fn meaning(&mut self, reference: &Reference, scope: Scope) -> Option<Meaning<'p>> {
        let program = self.program;
        let module = match &reference.module {
            None => scope.module,
            Some(name) => {
                let uses = &program.modules.get(scope.module)?.uses;
                match uses.iter().find(|used| used.name == *name) {
                    Some(used) => used.module?,
                    None => {
                        let start = reference.span.start + 1;
                        let length = u32::try_from(name.len()).unwrap_or(0);
                        let at = Span {
                            start,
                            end: start + length,
                            ..reference.span
                        };
                        self.unknown_module(at, name, scope);
                        return None;
                    }
                }
            }
        };
        let known = self.bindings.get(module)?;
        let Some((name, binding)) = known.get_key_value(reference.name.as_str()) else {
            // In the value of a binding it is reported where that binding is checked.
            let tree = &program.modules.get(module)?.tree;
            if scope.substituted.is_none() && !is_misplaced(&tree.body.statements, &reference.name)
            {
                let names = suggest::candidates(known.keys().copied());
                let diagnostic = errors::unknown_reference(reference, &names);
                self.report(scope, diagnostic);
            }
            return None;
        };
        let (name, binding) = (*name, *binding);
        if self.mistyped.contains(&(module, name)) {
            return None;
        }
        if let Some(at) = self
            .evaluating
            .iter()
            .position(|&(other, evaluated)| other == module && evaluated == name)
        {
            let cycle: Vec<(usize, &'p str)> = self.evaluating.iter().skip(at).copied().collect();
            let known = cycle.iter().any(|binding| self.cycles.contains(binding));
            self.cycles.extend(&cycle);
            if known {
                // Reported where another of its bindings was computed.
                return None;
            }
            let cycle: Vec<&str> = cycle.into_iter().map(|(_, name)| name).collect();
            let diagnostic = errors::cyclic_reference(reference, &cycle);
            self.report(scope, diagnostic);
            return None;
        }
        if self.evaluating.len() >= MAXIMUM_DEPTH {
            let diagnostic = errors::references_too_deep(reference);
            self.report(scope, diagnostic);
            return None;
        }
        let given = self.given.get(&(module, name.to_owned()));
        let given = given.map(|given| &given.value);
        let value = given.or(binding.value.as_ref())?;
        Some(Meaning {
            value,
            module,
            name,
            binding,
        })
    }

    /// Reports a module that a file does not use. Where a `use` has failed, it may be that one.
    pub(super) fn unknown_module(&mut self, at: Span, name: &str, scope: Scope) {
        let module = self.program.modules.get(scope.module);
        let uses = module.map_or(&[][..], |module| module.uses.as_slice());
        if scope.substituted.is_some() || uses.iter().any(|used| used.module.is_none()) {
            return;
        }
        let names: Vec<&str> = uses.iter().map(|used| used.name.as_str()).collect();
        let diagnostic = errors::unknown_module(at, name);
        self.report(scope, suggest::among(diagnostic, name, &names));
    }

    /// Computes something in the place of a reference.
    pub(super) fn substitute<T>(
        &mut self,
        reference: &Reference,
        scope: Scope,
        compute: impl FnOnce(&mut Self, &'p Value, Scope) -> Option<T>,
    ) -> Option<T> {
        let meaning = self.meaning(reference, scope)?;
        let inner = Scope {
            module: meaning.module,
            included: scope.included,
            substituted: Some(scope.substituted.unwrap_or(reference.span)),
        };
        self.evaluating.push((meaning.module, meaning.name));
        let computed = compute(self, meaning.value, inner);
        self.evaluating.pop();
        computed
    }
}
