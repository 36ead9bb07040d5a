//! `param` and `let`.

use pest::iterators::Pair;

use super::{Builder, Rule, errors, missing};
use crate::syntax::tree::{Binding, BindingKind, Node, Scalar, ScalarKind, Value};

impl Builder<'_> {
    pub(super) fn binding(&mut self, pair: Pair<'_, Rule>) -> Node {
        let at = self.span_of(&pair);
        let mut kind = BindingKind::Param;
        let mut name = missing(at.after());
        let mut ty = None;
        let mut value = None;
        let mut extra = Vec::new();
        let mut behind = Rule::binding_word;
        for pair in pair.into_inner() {
            let span = self.span_of(&pair);
            match (behind, pair.as_rule()) {
                (_, Rule::binding_word) if pair.as_str() == "let" => kind = BindingKind::Let,
                (_, Rule::binding_word) => {}
                (_, rule @ (Rule::colon | Rule::equals)) => behind = rule,
                (_, Rule::missing_name) => {
                    self.error(errors::missing_name(span, kind.word()));
                }
                (_, Rule::missing_type) => {
                    let at = self.behind_blanks(span);
                    self.error(errors::missing_type(at, self.slice(name.span)));
                    ty = Some(Value::Missing(at));
                }
                (_, Rule::extra) => {
                    extra.extend(pair.into_inner().map(|scalar| self.scalar(scalar)));
                }
                (Rule::colon, _) => ty = Some(self.value(pair, self.slice(name.span))),
                (Rule::equals, _) => value = Some(self.value(pair, self.slice(name.span))),
                _ => name = self.name_of_binding(pair, kind),
            }
        }
        if let Some(Value::Scalar(scalar)) = &value
            && !extra.is_empty()
        {
            value = Some(self.several_values(scalar, &extra));
        }
        if kind == BindingKind::Let
            && let Some(ty) = ty.take()
        {
            self.error(errors::type_of_let(ty.span(), self.slice(name.span)));
        }
        if value.is_none() && ty.is_none() {
            if name.kind != ScalarKind::Missing {
                let written = self.slice(name.span);
                self.error(errors::binding_without_value(
                    at.after(),
                    kind.word(),
                    written,
                ));
            }
            value = Some(Value::Missing(at.after()));
        }
        Node::Binding(Binding {
            kind,
            name,
            ty,
            value,
        })
    }

    fn name_of_binding(&mut self, pair: Pair<'_, Rule>, kind: BindingKind) -> Scalar {
        let name = self.scalar(pair);
        match &name.kind {
            ScalarKind::Name(spelling) if !spelling.contains('.') => return name,
            ScalarKind::Missing => {}
            ScalarKind::Name(_)
            | ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => {
                self.error(errors::invalid_name(
                    name.span,
                    self.slice(name.span),
                    kind.word(),
                ));
            }
        }
        missing(name.span)
    }
}
