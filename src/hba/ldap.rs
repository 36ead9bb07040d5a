//! URLs of LDAP, as `OpenLDAP`'s `ldap_url_parse` reads them and Postgres takes them.

/// What Postgres asks of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the parts of a URL, each there or not"
)]
pub(super) struct Url {
    pub(super) has_host: bool,
    pub(super) has_base: bool,
    pub(super) has_attribute: bool,
    pub(super) has_filter: bool,
}

/// Reads a URL; `None` for one that Postgres refuses.
pub(super) fn read(text: &str) -> Option<Url> {
    let text = match text.strip_prefix('<') {
        Some(inner) => inner.strip_suffix('>')?,
        None => text,
    };
    let text = strip_prefix_ignoring_case(text, "URL:").unwrap_or(text);
    let rest = strip_prefix_ignoring_case(text, "ldap://")
        .or_else(|| strip_prefix_ignoring_case(text, "ldaps://"))?;
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) => (authority, Some(path)),
        None => (rest, None),
    };
    let host = host(authority)?;
    let mut parts = path.unwrap_or_default().split('?');
    let _name = parts.next();
    let attributes = parts.next().unwrap_or_default();
    let scope = parts.next().unwrap_or_default();
    let is_scope = [
        "",
        "base",
        "one",
        "onelevel",
        "sub",
        "subtree",
        "subord",
        "subordinate",
        "children",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(scope));
    let filter = parts.next();
    let extensions = parts.next();
    let is_last = parts.next().is_none();
    let empty_extensions = extensions.is_some_and(str::is_empty);
    (is_scope && is_last && !empty_extensions).then(|| Url {
        has_host: !host.is_empty(),
        has_base: path.is_some(),
        has_attribute: !attributes.is_empty(),
        has_filter: filter.is_some_and(|filter| !filter.is_empty()),
    })
}

/// The host, if the port behind it is a number.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = if let Some(inner) = authority.strip_prefix('[') {
        let (host, behind) = inner.split_once(']')?;
        match behind.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if behind.is_empty() => (host, None),
            None => return None,
        }
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    let is_port = |port: &str| port.parse::<u32>().is_ok();
    port.is_none_or(is_port).then_some(host)
}

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (begin, rest) = text.split_at_checked(prefix.len())?;
    begin.eq_ignore_ascii_case(prefix).then_some(rest)
}
