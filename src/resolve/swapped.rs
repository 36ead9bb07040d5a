//! Two labels of a statement in each other's place: `os 12 Debian`.

use ipnet::Ipv4Net;

use super::errors;
use crate::schema::{self, Type};
use crate::syntax::tree::{self, Scalar, ScalarKind};

/// The first two labels of an entry where each fits the other's place, and not its own.
pub(super) fn labels<'p>(
    entry: &'p tree::Entry,
    schema: &schema::Entry,
) -> Option<(&'p Scalar, &'p Scalar)> {
    let [one, other, ..] = entry.labels.as_slice() else {
        return None;
    };
    let [first, second, ..] = schema.labels else {
        return None;
    };
    let are_swapped = !fits(one, first.ty) && fits(one, second.ty) && fits(other, first.ty);
    are_swapped.then_some((one, other))
}

/// Whether a label has the form of a type.
fn fits(label: &Scalar, ty: Type) -> bool {
    let text = errors::spelling(label);
    let is_name = matches!(label.kind, ScalarKind::Name(_));
    let is_missing = matches!(label.kind, ScalarKind::Missing | ScalarKind::Reference(_));
    !is_missing
        && match ty {
            Type::Word(words) => is_name && words.contains(&text.as_str()),
            Type::Name => is_name,
            Type::Text | Type::Version => true,
            Type::Port => Type::port(&text).is_some(),
            Type::Network => text.parse::<Ipv4Net>().is_ok(),
            Type::Size | Type::SizeOrNone => text.ends_with("GB") || text.ends_with("TB"),
            Type::Address
            | Type::TpaVersion
            | Type::Date
            | Type::Integer(..)
            | Type::Boolean
            | Type::List(_)
            | Type::OneOrList(_)
            | Type::PackageLists(_)
            | Type::TextOrMap
            | Type::Any => false,
        }
}
