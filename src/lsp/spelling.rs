//! How a source writes a name: bare, or in quotes.

/// A name as a source writes it.
pub(super) fn spelled(name: &str) -> String {
    if is_bare(name) {
        name.to_owned()
    } else {
        in_quotes(name)
    }
}

/// Whatever it is, in quotes.
pub(super) fn in_quotes(name: &str) -> String {
    let name = name.replace('\\', "\\\\");
    let name = name.replace('"', "\\\"").replace("${", "\\${");
    format!("\"{name}\"")
}

/// Whether a name can be without quotes.
pub(super) fn is_bare(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut parts = name.split('.');
    let first = parts.next().unwrap_or_default();
    let begins_well = first
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    begins_well
        && first.bytes().all(is_letter)
        && parts.all(|part| !part.is_empty() && part.bytes().all(is_letter))
        && !matches!(name, "true" | "false" | "null")
}
