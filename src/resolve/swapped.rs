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

/// A size with a blank before its unit, and how it is written: `100 GB`.
pub(super) fn size_in_two<'p>(
    entry: &'p tree::Entry,
    schema: &schema::Entry,
) -> Option<(&'p Scalar, &'p Scalar, String)> {
    let pairs = entry.labels.iter().zip(entry.labels.iter().skip(1));
    let mut found = pairs
        .zip(schema.labels)
        .filter_map(|((number, unit), label)| {
            let is_size = matches!(label.ty, Type::Size | Type::SizeOrNone);
            let text = errors::spelling(number);
            let unit_meant = match errors::name_of(unit).to_ascii_uppercase().as_str() {
                "G" | "GB" | "GIB" => "GB",
                "T" | "TB" | "TIB" => "TB",
                _ => return None,
            };
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (is_size && is_number).then(|| (number, unit, format!("{text}{unit_meant}")))
        });
    found.next()
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
            | Type::Duration
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
