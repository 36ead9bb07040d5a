//! How secrets look: by their key, or by themselves.

use std::borrow::Cow;

use crate::value::{Data, Value};

/// What kind of secret stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The password of an entry of `postgres_users`.
    OfUser,
    /// The key says that it is one.
    OfKey,
    /// `https://user:password@host/`.
    Url,
    /// `host=… password=…`.
    ConnectionString,
    PrivateKey,
}

/// The secret in a value that is at this key.
pub fn find(key: &str, value: &Value) -> Option<Secret> {
    let secret = if is_key_of_secret(&lowercase(key)) {
        Secret::OfKey
    } else {
        in_text(value.as_text()?)?
    };
    is_literal(value).then_some(secret)
}

/// The secret in a text, whatever its key.
pub fn in_text(text: &str) -> Option<Secret> {
    if is_private_key(text) {
        Some(Secret::PrivateKey)
    } else if has_password_in_url(text) {
        Some(Secret::Url)
    } else if has_password_in_connection_string(text) {
        Some(Secret::ConnectionString)
    } else {
        None
    }
}

/// Whether a text may be a secret, or hold one. Where it is only shown or not, one that is hidden for nothing does no harm.
pub fn may_be(key: &str, text: &str) -> bool {
    let is_switch = matches!(text, "true" | "false" | "on" | "off" | "yes" | "no");
    !is_switch && (is_likely_key(&lowercase(key)) || in_text(text).is_some() || assigns_one(text))
}

/// What a key or an option has in it that is followed by a secret.
const WORDS: &[&str] = &[
    "passw",
    "passphrase",
    "secret",
    "token",
    "bindpw",
    "credential",
    "access_key",
    "api_key",
    "apikey",
];

fn is_likely_key(key: &str) -> bool {
    // How a secret is stored, asked for or found is none.
    const ABOUT: &[&str] = &["_encryption", "_method", "_command"];
    let is_likely = WORDS.iter().any(|word| key.contains(word));
    let is_harmless = HARMLESS.iter().chain(ABOUT).any(|end| key.ends_with(end));
    is_key_of_secret(key) || is_likely && !is_harmless
}

/// `PGPASSWORD=…`, `ldapbindpasswd=…`, `--password …`.
fn assigns_one(text: &str) -> bool {
    let text = lowercase(text);
    WORDS.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let (before, after) = text.split_at(at);
            let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            let rest = after.trim_start_matches(is_of_word);
            let front = before.trim_end_matches(is_of_word).len();
            let is_option = text.split_at(front).1.starts_with("--");
            let assigned = rest.trim_start_matches(['\'', '"', ' ']);
            let assigned = assigned.strip_prefix(['=', ':']);
            let assigned = assigned.or_else(|| rest.strip_prefix(' ').filter(|_| is_option));
            assigned.is_some_and(|value| !value.trim().is_empty())
        })
    })
}

/// A key in small letters, which most are in already.
fn lowercase(key: &str) -> Cow<'_, str> {
    if key
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(key.to_lowercase())
    }
}

/// Whether a value is what it says: neither empty, nor a reference, nor encrypted.
pub fn is_literal(value: &Value) -> bool {
    match &value.data {
        Data::Text(text) => {
            let text = text.trim();
            !text.is_empty() && !text.contains("{{") && !text.starts_with("$ANSIBLE_VAULT")
        }
        Data::Integer(_) => true,
        Data::Null | Data::Boolean(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => false,
    }
}

/// A name, a place or an age of a secret is none.
const HARMLESS: &[&str] = &[
    "_name", "_arn", "_id", "_file", "_path", "_dir", "_length", "_age", "_expiry",
];

fn is_key_of_secret(key: &str) -> bool {
    const ENDS: &[&str] = &["password", "passwd", "passphrase", "_token"];
    let is_word = |end: &str| {
        key.strip_suffix(end).is_some_and(|front| {
            front.is_empty() || front.ends_with(['_', '-', '.']) || end.starts_with('_')
        })
    };
    let mut words = key.split(['_', '-', '.']);
    let has_secret = key.contains("secret") && words.any(|word| word.ends_with("secret"));
    ENDS.iter().any(|end| is_word(end))
        || (has_secret && !HARMLESS.iter().any(|end| key.ends_with(end)))
}

fn is_private_key(text: &str) -> bool {
    text.split_once("-----BEGIN ")
        .and_then(|(_, rest)| rest.split_once("-----"))
        .is_some_and(|(kind, _)| kind.ends_with("PRIVATE KEY"))
}

fn has_password_in_url(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest
            .split(|c: char| c.is_whitespace() || "/?#'\"".contains(c))
            .next()
            .unwrap_or_default();
        let Some((user, _)) = authority.rsplit_once('@') else {
            return false;
        };
        user.split_once(':')
            .is_some_and(|(_, password)| is_password(password))
    })
}

fn has_password_in_connection_string(text: &str) -> bool {
    text.match_indices("password").any(|(at, word)| {
        let (before, behind) = text.split_at(at);
        let behind = behind.strip_prefix(word).unwrap_or(behind).trim_start();
        let begins = before
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "'\"&?;".contains(c));
        let Some(value) = behind.strip_prefix('=') else {
            return false;
        };
        let value = value.trim_start().trim_start_matches(['\'', '"']);
        let end = value.find(|c: char| c.is_whitespace() || "'\"&;".contains(c));
        begins && is_password(value.split_at(end.unwrap_or(value.len())).0)
    })
}

/// Whether somebody would log in with it: not with a variable of the shell, nor with a blank to fill in.
fn is_password(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['$', '<', '%']) && !text.chars().all(|c| c == '*')
}
