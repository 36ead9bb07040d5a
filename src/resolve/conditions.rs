//! Conditions are decided: their operands are known when a source is compiled.

use super::{Resolver, Scope, errors};
use crate::schema::Type;
use crate::suggest;
use crate::syntax::tree::{
    BindingKind, Condition, Conditional, Otherwise, Part, Scalar, ScalarKind, Statement, Value,
};
use crate::value::{self, Data};

/// The statements of a conditional: those that hold, and those that do not.
pub(super) struct Branches<'p> {
    pub(super) taken: Option<&'p [Statement]>,
    pub(super) rest: Vec<&'p [Statement]>,
}

impl<'p> Resolver<'p> {
    pub(super) fn branches(&mut self, conditional: &'p Conditional, scope: Scope) -> Branches<'p> {
        let mut branches = Branches {
            taken: None,
            rest: Vec::new(),
        };
        let mut current = Some(conditional);
        let mut decided = false;
        while let Some(conditional) = current.take() {
            let holds = self.condition(&conditional.condition, scope);
            let then = conditional.then.body.statements.as_slice();
            if holds == Some(true) && !decided {
                branches.taken = Some(then);
                decided = true;
            } else {
                branches.rest.push(then);
            }
            // What cannot be decided has been reported; neither side of it is taken.
            decided |= holds.is_none();
            match &conditional.otherwise {
                Some(Otherwise::If(next)) => current = Some(next),
                Some(Otherwise::Block(block)) => {
                    let statements = block.body.statements.as_slice();
                    if decided {
                        branches.rest.push(statements);
                    } else {
                        branches.taken = Some(statements);
                    }
                }
                None => {}
            }
        }
        branches
    }

    fn condition(&mut self, condition: &'p Condition, scope: Scope) -> Option<bool> {
        match condition {
            // Every part is looked at, so that a mistake in a later one is not hidden by an earlier one.
            Condition::Or(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.condition(part, scope))
                    .collect();
                parts
                    .into_iter()
                    .try_fold(false, |any, part| Some(any | part?))
            }
            Condition::And(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.condition(part, scope))
                    .collect();
                parts
                    .into_iter()
                    .try_fold(true, |all, part| Some(all & part?))
            }
            Condition::Not(inner) => Some(!self.condition(inner, scope)?),
            Condition::Group(inner) => self.condition(inner, scope),
            Condition::Is(operand) => {
                if let ScalarKind::Reference(reference) = &operand.kind {
                    return self.substitute(
                        reference,
                        scope,
                        |resolver, value, inner| match resolver
                            .value(value, Type::Boolean, inner)?
                            .data
                        {
                            Data::Boolean(boolean) => Some(boolean),
                            Data::Null
                            | Data::Integer(_)
                            | Data::Decimal(_)
                            | Data::Text(_)
                            | Data::List(_)
                            | Data::Map(_) => None,
                        },
                    );
                }
                self.boolean(operand, scope)
            }
            Condition::Equal(left, right) => self.equal(left, right, scope),
            Condition::NotEqual(left, right) => Some(!self.equal(left, right, scope)?),
            Condition::In(operand, list) => {
                if matches!(list, Value::List(_)) {
                    self.without_reference(operand, &[], scope)?;
                }
                let value = self.scalar(operand, Type::Any, scope)?;
                let list = self.value(list, Type::List(&Type::Any), scope)?;
                let items = list.as_list()?;
                for item in items {
                    self.same_type(operand, &value, item, scope)?;
                    if let Some(text) = item.as_text() {
                        self.possible(operand, text, item, scope);
                    }
                }
                Some(items.iter().any(|item| equal(&value, item)))
            }
            Condition::Missing(_) => None,
        }
    }

    fn equal(&mut self, left: &'p Scalar, right: &'p Scalar, scope: Scope) -> Option<bool> {
        self.without_reference(left, &[right], scope)?;
        let (a, b) = (
            self.scalar(left, Type::Any, scope),
            self.scalar(right, Type::Any, scope),
        );
        let (a, b) = (a?, b?);
        self.same_type(right, &a, &b, scope)?;
        if let Some(text) = b.as_text() {
            self.possible(left, text, &b, scope);
        }
        if let Some(text) = a.as_text() {
            self.possible(right, text, &a, scope);
        }
        Some(equal(&a, &b))
    }

    /// Reports a comparison of constants, which is the same in every run: a `$` was forgotten.
    fn without_reference(
        &mut self,
        first: &'p Scalar,
        others: &[&'p Scalar],
        scope: Scope,
    ) -> Option<()> {
        let sides: Vec<&Scalar> = std::iter::once(first)
            .chain(others.iter().copied())
            .collect();
        let is_name = |side: &&&Scalar| matches!(side.kind, ScalarKind::Name(_));
        let refers = |side: &&Scalar| match &side.kind {
            ScalarKind::Reference(_) | ScalarKind::Missing => true,
            ScalarKind::Text(text) => text
                .parts
                .iter()
                .any(|part| matches!(part, Part::Reference(_))),
            ScalarKind::Name(_) | ScalarKind::Number(_) | ScalarKind::Literal(_) => false,
        };
        if sides.iter().any(refers) {
            return Some(());
        }
        let known = self.bindings.get(scope.module)?;
        let forgotten = sides
            .iter()
            .filter(is_name)
            .find(|side| known.contains_key(errors::name_of(side).as_str()));
        let at = forgotten.unwrap_or(&first);
        let name = errors::spelling(at);
        let diagnostic = errors::compared_constants(at.span, &name, forgotten.is_some());
        self.report(scope, diagnostic);
        None
    }

    fn same_type(
        &mut self,
        at: &Scalar,
        a: &value::Value,
        b: &value::Value,
        scope: Scope,
    ) -> Option<()> {
        let (one, other) = (errors::kind_of(a), errors::kind_of(b));
        let numbers = ["integer", "decimal"];
        if one == other || (numbers.contains(&one) && numbers.contains(&other)) {
            return Some(());
        }
        self.report(scope, errors::compared_types(at.span, one, other));
        None
    }

    /// Says so when a parameter is compared with a value that it can never have.
    fn possible(&mut self, operand: &'p Scalar, text: &str, value: &value::Value, scope: Scope) {
        let ScalarKind::Reference(reference) = &operand.kind else {
            return;
        };
        let Some(meaning) = self.meaning(reference, scope) else {
            return;
        };
        let (BindingKind::Param, Some(Value::List(allowed))) =
            (meaning.binding.kind, &meaning.binding.ty)
        else {
            return;
        };
        let inner = Scope::of(meaning.module);
        let allowed: Vec<String> = allowed
            .items
            .iter()
            .filter_map(|item| self.value(&item.value, Type::Text, inner))
            .filter_map(|item| item.as_text().map(str::to_owned))
            .collect();
        if !allowed.iter().any(|known| known == text) {
            let known: Vec<&str> = allowed.iter().map(String::as_str).collect();
            let diagnostic = errors::never_equal(value.origin.blame(), meaning.name, text);
            self.report(scope, suggest::among(diagnostic, text, &known));
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of configurations are small"
)]
#[expect(
    clippy::float_cmp,
    reason = "both sides come from the same spelling of decimals"
)]
fn equal(a: &value::Value, b: &value::Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Integer(a), Data::Decimal(b)) | (Data::Decimal(b), Data::Integer(a)) => {
            *a as f64 == *b
        }
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (a, b) => a == b,
    }
}
