//! The names of EC2 instance types, compared with those that AWS had when the table was made.

use crate::facts::instance_types::{families, family, sizes};

/// What is wrong with the name of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The family does not have this size; with the one that is probably meant.
    Size {
        family: &'static str,
        meant: Option<String>,
    },
    /// It may be newer than the table; with the type that is probably meant.
    Family(Option<String>),
    /// It is not written like a type of EC2; with the type that is probably meant.
    Shape(Option<String>),
}

/// Compares the name of a type with what AWS had when the table was made; nothing for one that it had.
pub(super) fn unknown(kind: &str) -> Option<Unknown> {
    let Some((class, size)) = kind.split_once('.') else {
        return Some(Unknown::Shape(guess(kind)));
    };
    let Some(family) = family(class) else {
        let is_class = class.starts_with(|c: char| c.is_ascii_lowercase())
            && class.contains(|c: char| c.is_ascii_digit())
            && class
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let meant = guess(kind);
        return Some(if is_class && !size.contains('.') {
            Unknown::Family(meant)
        } else {
            Unknown::Shape(meant)
        });
    };
    if sizes(family)?.any(|known| known == size) {
        return None;
    }
    Some(Unknown::Size {
        family,
        meant: meant_size(family, size),
    })
}

/// The size of a family that somebody means who writes `extralarge`, `2XL` or `meduim`.
fn meant_size(family: &str, size: &str) -> Option<String> {
    let plain: String = size
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let word: String = plain.chars().filter(|c| !c.is_ascii_digit()).collect();
    let (digits, word) = match word.as_str() {
        "xxlarge" | "xxl" if digits.is_empty() => ("2".to_owned(), "xlarge".to_owned()),
        _ => (digits, word),
    };
    let word = match word.as_str() {
        "extralarge" | "xl" | "x" | "exlarge" | "xlg" | "elarge" => "xlarge",
        "l" | "lg" | "big" => "large",
        "m" | "med" | "mid" | "middle" => "medium",
        "s" | "sm" => "small",
        "baremetal" | "bare" => "metal",
        other => other,
    };
    // The number of times is written before the word.
    let meant = if digits == "1" && word == "xlarge" {
        word.to_owned()
    } else {
        format!("{digits}{word}")
    };
    let nearest = |known: &&str| {
        let (same_number, distance) = (
            known
                .chars()
                .filter(char::is_ascii_digit)
                .eq(digits.chars()),
            strsim::damerau_levenshtein(known, &meant),
        );
        (same_number && distance <= 2).then_some(distance)
    };
    let exact = sizes(family)?.find(|known| *known == meant);
    let near = || {
        sizes(family)?
            .filter_map(|known| Some((nearest(&known)?, known)))
            .min()
            .map(|(_, known)| known)
    };
    exact.or_else(near).map(str::to_owned)
}

/// The type that somebody means who writes `m5-large`, `M5.large`, `db.m5.large`, `large.m5` or `5m.large`.
fn guess(kind: &str) -> Option<String> {
    let lower = kind.trim().to_ascii_lowercase();
    let mut parts: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|part| !matches!(*part, "" | "db" | "ml" | "cache" | "search"))
        .collect();
    if let [only] = parts.as_slice() {
        parts = match only.rsplit_once('-') {
            Some((class, size)) => vec![class, size],
            // `m5large`: the longest family that it begins with.
            None => {
                let family = (1..only.len())
                    .rev()
                    .find_map(|end| family(only.get(..end)?));
                let (class, size) = only.split_at_checked(family?.len())?;
                vec![class, size]
            }
        };
    }
    let [first, second] = parts.as_slice() else {
        return None;
    };
    let known = |class: &str, size: &str| {
        let family = family(class)?;
        let exact = sizes(family)?.find(|known| *known == size);
        let size = exact
            .map(str::to_owned)
            .or_else(|| meant_size(family, size))?;
        Some(format!("{family}.{size}"))
    };
    known(first, second)
        .or_else(|| known(second, first))
        .or_else(|| nearest_family(first, second))
}

/// A known type of the same size whose family is one slip of the keyboard away, the newest of them.
fn nearest_family(class: &str, size: &str) -> Option<String> {
    let digits = |class: &str| -> String { class.chars().filter(char::is_ascii_digit).collect() };
    let letters = |class: &str| class.replace(|c: char| c.is_ascii_digit(), "");
    // Another generation of a family is a newer one rather than a slip.
    if families().any(|(family, _)| letters(family) == letters(class)) {
        return None;
    }
    let (family, ()) = families()
        .filter(|(family, _)| {
            strsim::damerau_levenshtein(family, class) == 1 && digits(family) == digits(class)
        })
        .filter_map(|(family, mut sizes)| sizes.any(|known| known == size).then_some((family, ())))
        // The first letter is rarely the wrong one; a letter too many is likelier than another letter; of several families
        // the last one is the newest.
        .max_by_key(|(family, ())| {
            (
                family.chars().next() == class.chars().next(),
                class.contains(family),
            )
        })?;
    Some(format!("{family}.{size}"))
}
