//! How tokens, values and types are called in messages.

use crate::schema::Type;
use crate::source::Span;
use crate::syntax::tree::{Part, Reference, Scalar, ScalarKind, Value as TreeValue};
use crate::value::{Data, Value};

/// A token as it was written.
pub(in crate::resolve) fn spelling(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Name(text) | ScalarKind::Literal(text) | ScalarKind::Number(text) => {
            text.clone()
        }
        ScalarKind::Text(text) => match text.parts.as_slice() {
            [] => String::new(),
            [Part::Text(part)] => part.clone(),
            _ => text.raw.clone(),
        },
        ScalarKind::Reference(reference) => written(reference),
        ScalarKind::Missing => String::new(),
    }
}

/// A token with its quotes, as the source has it.
pub(in crate::resolve) fn written_as(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Text(text) if !text.long => format!("\"{}\"", text.raw),
        ScalarKind::Text(_)
        | ScalarKind::Name(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Number(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => spelling(scalar),
    }
}

/// A token that is a bare name; empty for any other.
pub(in crate::resolve) fn name_of(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Name(name) => name.clone(),
        ScalarKind::Text(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Number(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => String::new(),
    }
}

pub(in crate::resolve) fn span_of(value: &TreeValue, otherwise: Span) -> Span {
    let span = match value {
        TreeValue::Scalar(scalar) => scalar.span,
        TreeValue::List(list) => list.span,
        TreeValue::Map(block) => block.span,
        TreeValue::Missing(span) => *span,
    };
    if span.file == otherwise.file {
        span
    } else {
        otherwise
    }
}

/// The type of a value in one word.
pub(in crate::resolve) fn kind_of(value: &Value) -> &'static str {
    match value.data {
        Data::Null => "null",
        Data::Boolean(_) => "boolean",
        Data::Integer(_) => "integer",
        Data::Decimal(_) => "decimal",
        Data::Text(_) => "text",
        Data::List(_) => "list",
        Data::Map(_) => "map",
    }
}

pub(super) fn written(reference: &Reference) -> String {
    match &reference.module {
        Some(module) => format!("${module}.{}", reference.name),
        None => format!("${}", reference.name),
    }
}

pub(super) fn example(ty: Type) -> &'static str {
    match ty {
        Type::Size | Type::SizeOrNone => "`32GB` or `2TB`",
        Type::Address => "`10.0.0.1` or `\"fd00::1\"`",
        Type::Network => "`10.33.0.0/16`",
        Type::Version => "`16.4-1*`",
        Type::Date => "`2027-06-30`",
        Type::TpaVersion => "`23.45`",
        Type::Duration => "`60s`, `2min` or `1h`",
        Type::Port => "`22`, `8000-8030` or `1194/udp`",
        Type::Integer(..) => "`3`",
        Type::Boolean => "`true` or `false`",
        Type::List(_) | Type::OneOrList(_) | Type::PackageLists(_) => "`[a, b]`",
        Type::Word(_) | Type::Name | Type::Text | Type::TextOrMap | Type::Any => "`\"…\"`",
    }
}

pub(super) fn with_article(ty: &str) -> String {
    match ty.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {ty}"),
        _ if ty == "text" => "text".to_owned(),
        _ => format!("a {ty}"),
    }
}
