//! Lines of `pg_hba.conf`: who may connect from where, and how they prove who they are.

use std::ops::Range;

use super::address::{self, Address, Numeric, Read};
use super::keywords::{Kind, Method};
use super::options::{self, Choice};
use super::problem::{At, Missing, Problem, Refusal};
use super::regex;
use super::tokens::{self, Field, Row, Token};

/// The first major version in which a name with `/` before it is a regular expression.
pub const REGEX_SINCE: u32 = 16;

/// The first major version that reads `include` and its like.
pub(super) const INCLUDE_SINCE: u32 = 16;

/// Which databases or users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    All,
    /// The database with the name of the user.
    SameUser,
    /// The databases with the name of a role that the user is a member of.
    SameRole,
    /// Connections that replicate.
    Replication,
    Exact(String),
    /// The members of a role.
    Members(String),
    Regex(String),
    /// What stands in a file of the server.
    File(String),
}

/// A line that Postgres takes.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Range<usize>,
    pub kind: At<Kind>,
    pub databases: Vec<At<Name>>,
    /// As they are written, in the order of `databases`.
    pub database_tokens: Vec<Token>,
    pub users: Vec<At<Name>>,
    pub user_tokens: Vec<Token>,
    /// Nothing for a local socket.
    pub address: Option<At<Address>>,
    /// The address as it is written, without a mask in a field of its own.
    pub address_token: Option<Token>,
    pub method: At<Method>,
    pub options: Vec<Choice>,
}

impl Line {
    /// Whether it is about connections from the server itself.
    pub fn is_local(&self) -> bool {
        let address = self.address.as_ref();
        address.is_none_or(|address| address.value.is_local())
    }
}

/// The lines of a file, comments and empty lines left out. Lines whose meaning stands in another file are left out too.
pub fn lines(text: &str, major: u32) -> Vec<Result<Line, Refusal>> {
    let rows = tokens::rows(text, major);
    rows.into_iter()
        .filter_map(|row| line(row, major).transpose())
        .filter(is_known)
        .collect()
}

/// Whether all that decides about a line stands in it.
pub(super) fn is_known<T>(read: &Result<T, Refusal>) -> bool {
    !matches!(
        read,
        Err(Refusal {
            value: Problem::Elsewhere,
            ..
        })
    )
}

fn refuse<T>(value: Problem, at: Range<usize>) -> Result<T, Refusal> {
    Err(Refusal { value, at })
}

/// Takes the fields of a line one by one.
pub(super) struct Fields {
    fields: std::vec::IntoIter<Field>,
    /// Behind the last field.
    end: usize,
}

impl Fields {
    pub(super) fn new(row: Row) -> Fields {
        Fields {
            fields: row.fields.into_iter(),
            end: row.at.end,
        }
    }

    pub(super) fn next(&mut self, missing: Missing) -> Result<Field, Refusal> {
        let is_names = matches!(missing, Missing::Database | Missing::User);
        match self.fields.next() {
            Some(field) if field.has_file() && !is_names => refuse(Problem::Elsewhere, field.at()),
            Some(field) => Ok(field),
            None => refuse(Problem::EndsBefore(missing), self.end..self.end),
        }
    }

    /// A field with one word.
    pub(super) fn one(&mut self, missing: Missing) -> Result<Token, Refusal> {
        let field = self.next(missing)?;
        only(&field, Problem::List(missing))
    }
}

fn only(field: &Field, problem: Problem) -> Result<Token, Refusal> {
    match field.tokens.as_slice() {
        [token] => Ok(token.clone()),
        _ => refuse(problem, field.at()),
    }
}

fn line(mut row: Row, major: u32) -> Result<Option<Line>, Refusal> {
    if let Some(refusal) = row.refusal.take() {
        return Err(refusal);
    }
    if is_include(&row, major)? {
        return Ok(None);
    }
    let at = row.at.clone();
    let words: Vec<Token> = row
        .fields
        .iter()
        .filter_map(|field| field.tokens.first().cloned())
        .collect();
    parts(row, at, major)
        .map(Some)
        .map_err(|refusal| meant(refusal, &words))
}

/// What was meant where Postgres complains about a later field: one before it is missing.
fn meant(refusal: Refusal, words: &[Token]) -> Refusal {
    let is_late = matches!(
        refusal.value,
        Problem::EndsBefore(Missing::Address | Missing::Method | Missing::Mask)
            | Problem::UnknownMethod
            | Problem::MaskNotNumeric
    );
    let [kind, _, user, rest @ ..] = words else {
        return refusal;
    };
    if !is_late {
        return refusal;
    }
    let is_local = kind.text == Kind::Local.name();
    let instead = |value, token: &Token| Refusal {
        value,
        at: token.at.clone(),
    };
    match rest {
        _ if is_address(&user.text) && !is_local => instead(Problem::NoUser, user),
        [] if is_method(&user.text) => instead(Problem::NoUser, user),
        [address, ..] if is_local && is_address_or_word(&address.text) => {
            instead(Problem::AddressOfLocal, address)
        }
        [address, ..] if is_method(&address.text) && !is_local => {
            instead(Problem::NoAddress, address)
        }
        [address, method, ..] if !is_local && !address.text.contains('/') => {
            let no_mask =
                matches!(refusal.value, Problem::MaskNotNumeric) && is_method(&method.text);
            if no_mask {
                instead(Problem::NoMask, address)
            } else {
                refusal
            }
        }
        [address] if matches!(refusal.value, Problem::EndsBefore(Missing::Mask)) => {
            instead(Problem::NoMask, address)
        }
        [_, mask, ..] if !is_local && address::numeric(&mask.text).is_some() => {
            instead(Problem::SecondMask, mask)
        }
        _ => refusal,
    }
}

fn is_method(text: &str) -> bool {
    let mut methods = Method::ALL.into_iter();
    methods.any(|method| method.name().eq_ignore_ascii_case(text))
}

fn is_address(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or(text);
    text.len() > 1 && address::numeric(host).is_some()
}

fn is_address_or_word(text: &str) -> bool {
    is_address(text) || matches!(text, "all" | "samehost" | "samenet" | "localhost")
}

fn parts(row: Row, at: Range<usize>, major: u32) -> Result<Line, Refusal> {
    let mut fields = Fields::new(row);
    let kind = kind(&fields.next(Missing::Kind)?, major)?;
    let database_tokens = fields.next(Missing::Database)?.tokens;
    let databases = names(&database_tokens, major, database)?;
    let user_tokens = fields.next(Missing::User)?.tokens;
    let users = names(&user_tokens, major, user)?;
    let (address, address_token) = if kind.value == Kind::Local {
        (None, None)
    } else {
        let token = fields.one(Missing::Address)?;
        (Some(address(&token, &mut fields)?), Some(token))
    };
    let method = method(&fields.one(Missing::Method)?, &kind, major)?;
    let mut options = Vec::new();
    for field in fields.fields.by_ref() {
        for token in &field.tokens {
            if token.is_file() {
                return refuse(Problem::Elsewhere, token.at.clone());
            }
            options.push(options::choice(token, kind.value, method.value, major)?);
        }
    }
    options::together(&method, &options, major)?;
    Ok(Line {
        at,
        kind,
        databases,
        database_tokens,
        users,
        user_tokens,
        address,
        address_token,
        method,
        options,
    })
}

/// `include` and its like are two fields; with more they are no kind of connections.
fn is_include(row: &Row, major: u32) -> Result<bool, Refusal> {
    let [first, _] = row.fields.as_slice() else {
        return Ok(false);
    };
    let is_include = first.tokens.first().is_some_and(|token| {
        matches!(
            token.text.as_str(),
            "include" | "include_if_exists" | "include_dir"
        )
    });
    if is_include && major < INCLUDE_SINCE {
        return refuse(Problem::IncludeTooNew, first.at());
    }
    Ok(is_include)
}

fn kind(field: &Field, major: u32) -> Result<At<Kind>, Refusal> {
    let token = only(field, Problem::ListOfKinds)?;
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == token.text) else {
        return refuse(Problem::UnknownKind, token.at);
    };
    let since = kind.since();
    if major < since {
        return refuse(Problem::KindTooNew { since }, token.at);
    }
    Ok(At {
        value: kind,
        at: token.at,
    })
}

fn names(tokens: &[Token], major: u32, read: fn(&Token) -> Name) -> Result<Vec<At<Name>>, Refusal> {
    let mut names = Vec::new();
    for token in tokens {
        let value = match token.text.strip_prefix('/') {
            // Quotes do not keep it from being one.
            Some(expression) if major >= REGEX_SINCE => {
                if let Err(problem) = regex::check(expression, major) {
                    return refuse(Problem::Regex(problem), token.at.clone());
                }
                Name::Regex(expression.to_owned())
            }
            Some(_) | None if token.is_file() => {
                Name::File(token.text.trim_start_matches('@').to_owned())
            }
            Some(_) | None => read(token),
        };
        names.push(At {
            value,
            at: token.at.clone(),
        });
    }
    Ok(names)
}

fn database(token: &Token) -> Name {
    match token.text.as_str() {
        "all" if !token.quoted => Name::All,
        "sameuser" if !token.quoted => Name::SameUser,
        "samerole" | "samegroup" if !token.quoted => Name::SameRole,
        "replication" if !token.quoted => Name::Replication,
        name => Name::Exact(name.to_owned()),
    }
}

fn user(token: &Token) -> Name {
    match token.text.strip_prefix('+') {
        Some(role) if !token.quoted => Name::Members(role.to_owned()),
        Some(_) | None if token.is_keyword("all") => Name::All,
        Some(_) | None => Name::Exact(token.text.clone()),
    }
}

fn address(token: &Token, fields: &mut Fields) -> Result<At<Address>, Refusal> {
    let at = token.at.clone();
    let found = |value| {
        Ok(At {
            value,
            at: at.clone(),
        })
    };
    if !token.quoted {
        match token.text.as_str() {
            "all" => return found(Address::All),
            "samehost" => return found(Address::SameHost),
            "samenet" => return found(Address::SameNet),
            _ => {}
        }
    }
    let (host, bits) = match token.text.split_once('/') {
        Some((host, bits)) => (host, Some(bits)),
        None => (token.text.as_str(), None),
    };
    let read = address::read(host);
    let mask = match (read, bits) {
        (Read::Name, None) => return found(Address::Name(host.to_owned())),
        (Read::Name, Some(_)) => return refuse(Problem::NameWithMask, at.clone()),
        // Whether a mask follows in a field of its own depends on the server, so nothing more is known.
        (Read::Zone, None) => {
            fields.next(Missing::Method)?;
            return found(Address::Zone);
        }
        (Read::Zone, Some(bits)) => match address::bits(bits, 128) {
            Some(_) => return found(Address::Zone),
            None => return refuse(Problem::MaskBits(128), at.clone()),
        },
        (Read::Numeric(family), Some(bits)) => {
            let most = family.bits();
            match address::bits(bits, most) {
                Some(bits) => address::mask(family, bits),
                None => return refuse(Problem::MaskBits(most), at.clone()),
            }
        }
        (Read::Numeric(family), None) => mask_field(family, fields)?,
    };
    match read {
        Read::Numeric(address) => found(Address::Network { address, mask }),
        Read::Zone | Read::Name => found(Address::Zone),
    }
}

/// A mask in a field of its own.
fn mask_field(family: Numeric, fields: &mut Fields) -> Result<Numeric, Refusal> {
    let token = fields.one(Missing::Mask)?;
    let mask = match address::read(&token.text) {
        Read::Numeric(mask) => mask,
        Read::Zone | Read::Name => return refuse(Problem::MaskNotNumeric, token.at),
    };
    if mask.bits() != family.bits() {
        return refuse(Problem::MaskOfOtherFamily, token.at);
    }
    Ok(mask)
}

fn method(token: &Token, kind: &At<Kind>, major: u32) -> Result<At<Method>, Refusal> {
    let at = token.at.clone();
    let Some(method) = Method::ALL
        .into_iter()
        .find(|method| method.name() == token.text)
    else {
        return refuse(Problem::UnknownMethod, at);
    };
    match method {
        Method::Oauth if major < 18 => refuse(Problem::MethodTooNew { since: 18 }, at),
        Method::Sspi | Method::Bsd => refuse(Problem::MethodNotOnLinux, at),
        Method::Gss if kind.value == Kind::Local => refuse(Problem::NotLocal(method), at),
        Method::Peer if kind.value != Kind::Local => refuse(Problem::OnlyLocal(method), at),
        Method::Cert if kind.value != Kind::HostSsl => {
            let kind = kind.at.clone();
            refuse(Problem::OnlyHostSsl { method, kind }, at)
        }
        // Asking another machine who is there makes no sense on a local socket: Postgres asks the system instead.
        Method::Ident if kind.value == Kind::Local => Ok(At {
            value: Method::Peer,
            at,
        }),
        Method::Trust
        | Method::Reject
        | Method::ScramSha256
        | Method::Md5
        | Method::Password
        | Method::Gss
        | Method::Ident
        | Method::Peer
        | Method::Pam
        | Method::Ldap
        | Method::Radius
        | Method::Cert
        | Method::Oauth => Ok(At { value: method, at }),
    }
}
