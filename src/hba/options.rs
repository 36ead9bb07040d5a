//! What stands behind a method: `NAME=VALUE`.

use std::ops::Range;

use super::keywords::{Kind, Method};
use super::ldap;
use super::problem::{At, Problem, Refusal};
use super::tokens::Token;

/// An option with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: &'static str,
    pub value: String,
    pub at: Range<usize>,
}

struct Known {
    name: &'static str,
    since: u32,
    /// The methods that take it; none for what any method takes on `hostssl`.
    methods: &'static [Method],
}

const fn known(name: &'static str, since: u32, methods: &'static [Method]) -> Known {
    Known {
        name,
        since,
        methods,
    }
}

const MAPPED: &[Method] = &[
    Method::Ident,
    Method::Peer,
    Method::Gss,
    Method::Sspi,
    Method::Cert,
];
const MAPPED_SINCE_18: &[Method] = &[
    Method::Ident,
    Method::Peer,
    Method::Gss,
    Method::Sspi,
    Method::Cert,
    Method::Oauth,
];
const KERBEROS: &[Method] = &[Method::Gss, Method::Sspi];
const SSPI: &[Method] = &[Method::Sspi];
const PAM: &[Method] = &[Method::Pam];
const LDAP: &[Method] = &[Method::Ldap];
const RADIUS: &[Method] = &[Method::Radius];
const OAUTH: &[Method] = &[Method::Oauth];

const OPTIONS: &[Known] = &[
    known("map", 0, MAPPED),
    known("clientcert", 0, &[]),
    known("clientname", 14, &[]),
    known("pamservice", 0, PAM),
    known("pam_use_hostname", 0, PAM),
    known("ldapurl", 0, LDAP),
    known("ldaptls", 0, LDAP),
    known("ldapscheme", 0, LDAP),
    known("ldapserver", 0, LDAP),
    known("ldapport", 0, LDAP),
    known("ldapbinddn", 0, LDAP),
    known("ldapbindpasswd", 0, LDAP),
    known("ldapsearchattribute", 0, LDAP),
    known("ldapsearchfilter", 0, LDAP),
    known("ldapbasedn", 0, LDAP),
    known("ldapprefix", 0, LDAP),
    known("ldapsuffix", 0, LDAP),
    known("krb_realm", 0, KERBEROS),
    known("include_realm", 0, KERBEROS),
    known("compat_realm", 0, SSPI),
    known("upn_username", 0, SSPI),
    known("radiusservers", 0, RADIUS),
    known("radiussecrets", 0, RADIUS),
    known("radiusports", 0, RADIUS),
    known("radiusidentifiers", 0, RADIUS),
    known("issuer", 18, OAUTH),
    known("scope", 18, OAUTH),
    known("validator", 18, OAUTH),
    known("delegate_ident_mapping", 18, OAUTH),
];

/// The names of the options that a method takes in a version.
pub fn names(major: u32) -> Vec<&'static str> {
    let known = OPTIONS.iter().filter(|option| option.since <= major);
    known.map(|option| option.name).collect()
}

/// Reads one option.
pub(super) fn choice(
    token: &Token,
    kind: Kind,
    method: Method,
    major: u32,
) -> Result<Choice, Refusal> {
    let at = token.at.clone();
    let refuse = |value| {
        Err(Refusal {
            value,
            at: at.clone(),
        })
    };
    let Some((name, value)) = token.text.split_once('=') else {
        return refuse(Problem::OptionWithoutValue);
    };
    let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
        return refuse(Problem::UnknownOption);
    };
    if major < option.since {
        return refuse(Problem::OptionTooNew {
            since: option.since,
        });
    }
    let methods = match option.name {
        "map" if major >= 18 => MAPPED_SINCE_18,
        _ => option.methods,
    };
    if methods.is_empty() {
        if kind != Kind::HostSsl {
            return refuse(Problem::OptionOnlyHostSsl {
                option: option.name,
                kind,
            });
        }
    } else if !methods.contains(&method) {
        return refuse(Problem::OptionOfOtherMethod {
            option: option.name,
            methods,
        });
    }
    if let Some(problem) = bad_value(option.name, value, method, major) {
        return refuse(problem);
    }
    Ok(Choice {
        name: option.name,
        value: value.to_owned(),
        at,
    })
}

fn bad_value(option: &'static str, value: &str, method: Method, major: u32) -> Option<Problem> {
    let one_of = |allowed: &'static [&'static str]| {
        (!allowed.contains(&value)).then_some(Problem::OptionValue { option, allowed })
    };
    match option {
        "clientcert" => client_certificate(value, method, major),
        "clientname" => one_of(&["CN", "DN"]),
        "ldapurl" => ldap::read(value).is_none().then_some(Problem::LdapUrl),
        "ldapport" => (c_integer(value) == 0).then_some(Problem::PortNotANumber { option }),
        "radiusservers" | "radiussecrets" | "radiusidentifiers" => list(value)
            .is_none()
            .then_some(Problem::OptionList { option }),
        "radiusports" => match list(value) {
            None => Some(Problem::OptionList { option }),
            Some(ports) => ports
                .iter()
                .any(|port| c_integer(port) == 0)
                .then_some(Problem::PortNotANumber { option }),
        },
        _ => None,
    }
}

fn client_certificate(value: &str, method: Method, major: u32) -> Option<Problem> {
    let option = "clientcert";
    let is_cert = method == Method::Cert;
    let weaker = is_cert.then_some(Problem::WeakerThanCert);
    match (major, value) {
        (..14, "1") | (12..14, "verify-ca") | (12.., "verify-full") => None,
        // Before 12 every other text means "no".
        (..12, _) | (12..14, "0" | "no-verify") | (14.., "verify-ca") => weaker,
        // What it was for is what `cert` always does.
        (14.., "0" | "1" | "no-verify") if is_cert => weaker,
        (12..14, _) => Some(Problem::OptionValue {
            option,
            allowed: &["verify-ca", "verify-full", "no-verify"],
        }),
        (14.., _) => Some(Problem::OptionValue {
            option,
            allowed: &["verify-ca", "verify-full"],
        }),
    }
}

/// A number as `atoi` reads it: digits at the begin, and 0 for everything else.
fn c_integer(text: &str) -> i64 {
    let text = text.trim_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let digits = digits.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return 0;
    }
    digits.parse().unwrap_or(i64::MAX)
}

/// A list with commas between, as Postgres reads it in settings: items may stand in double quotes. An empty text is a
/// list without items.
fn list(text: &str) -> Option<Vec<String>> {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{b}');
    let mut rest = text.trim_start_matches(is_blank);
    let mut items = Vec::new();
    if rest.is_empty() {
        return Some(items);
    }
    loop {
        let item = if let Some(mut inner) = rest.strip_prefix('"') {
            let mut item = String::new();
            loop {
                let (before, behind) = inner.split_once('"')?;
                item.push_str(before);
                match behind.strip_prefix('"') {
                    Some(behind) => {
                        item.push('"');
                        inner = behind;
                    }
                    None => {
                        rest = behind;
                        break;
                    }
                }
            }
            item
        } else {
            let end = rest.find(|c| c == ',' || is_blank(c)).unwrap_or(rest.len());
            let (item, behind) = rest.split_at_checked(end)?;
            if item.is_empty() {
                return None;
            }
            rest = behind;
            item.to_owned()
        };
        items.push(item);
        rest = rest.trim_start_matches(is_blank);
        if rest.is_empty() {
            return Some(items);
        }
        rest = rest.strip_prefix(',')?.trim_start_matches(is_blank);
    }
}

/// What holds for all options of a line together.
pub(super) fn together(method: &At<Method>, options: &[Choice], major: u32) -> Result<(), Refusal> {
    match method.value {
        Method::Ldap => ldap_together(method, options, major),
        Method::Radius => radius(method, options),
        Method::Oauth => {
            mandatory(method, options, "scope")?;
            mandatory(method, options, "issuer")?;
            let delegates = last(options, "delegate_ident_mapping");
            if let Some(map) = last(options, "map")
                && delegates.is_some_and(|choice| choice.value == "1")
            {
                return Err(Refusal {
                    value: Problem::OauthMapped,
                    at: map.at.clone(),
                });
            }
            Ok(())
        }
        Method::Trust
        | Method::Reject
        | Method::ScramSha256
        | Method::Md5
        | Method::Password
        | Method::Gss
        | Method::Sspi
        | Method::Ident
        | Method::Peer
        | Method::Pam
        | Method::Bsd
        | Method::Cert => Ok(()),
    }
}

fn last<'c>(options: &'c [Choice], name: &str) -> Option<&'c Choice> {
    options.iter().rev().find(|choice| choice.name == name)
}

fn mandatory<'c>(
    method: &At<Method>,
    options: &'c [Choice],
    option: &'static str,
) -> Result<&'c Choice, Refusal> {
    last(options, option).ok_or_else(|| Refusal {
        value: Problem::MissingOption {
            method: method.value,
            option,
        },
        at: method.at.clone(),
    })
}

fn ldap_together(method: &At<Method>, options: &[Choice], major: u32) -> Result<(), Refusal> {
    let refuse = |value, at: &Range<usize>| {
        Err(Refusal {
            value,
            at: at.clone(),
        })
    };
    let has = |name: &str| last(options, name);
    // What a URL lacks stays as an earlier option has set it.
    let in_url = |is_there: fn(&ldap::Url) -> bool| {
        options.iter().find(|choice| {
            choice.name == "ldapurl" && ldap::read(&choice.value).as_ref().is_some_and(is_there)
        })
    };
    // Without a server the name of the domain is looked up in DNS, from 12 on.
    if major < 12 && has("ldapserver").is_none() && in_url(|url| url.has_host).is_none() {
        mandatory(method, options, "ldapserver")?;
    }
    let attribute = has("ldapsearchattribute").or_else(|| in_url(|url| url.has_attribute));
    let filter = has("ldapsearchfilter").or_else(|| in_url(|url| url.has_filter));
    let base = has("ldapbasedn").or_else(|| in_url(|url| url.has_base));
    let direct = has("ldapprefix").or_else(|| has("ldapsuffix"));
    if let Some(direct) = direct {
        let mixed = base
            .or_else(|| has("ldapbinddn"))
            .or_else(|| has("ldapbindpasswd"))
            .or(attribute)
            .or(filter);
        if mixed.is_some() {
            return refuse(Problem::LdapMixed, &direct.at);
        }
    } else if base.is_none() {
        return refuse(Problem::LdapNoBase, &method.at);
    }
    match (attribute, filter) {
        (Some(_), Some(filter)) => refuse(Problem::LdapTwoSearches, &filter.at),
        (Some(_) | None, None) | (None, Some(_)) => Ok(()),
    }
}

fn radius(method: &At<Method>, options: &[Choice]) -> Result<(), Refusal> {
    let servers = mandatory(method, options, "radiusservers")?;
    let secrets = mandatory(method, options, "radiussecrets")?;
    let length = |choice: &Choice| list(&choice.value).map_or(0, |items| items.len());
    let count = length(servers);
    for choice in [servers, secrets] {
        if length(choice) == 0 {
            return Err(Refusal {
                value: Problem::OptionList {
                    option: choice.name,
                },
                at: choice.at.clone(),
            });
        }
    }
    for name in ["radiussecrets", "radiusports", "radiusidentifiers"] {
        if let Some(choice) = last(options, name)
            && !(length(choice) <= 1 || length(choice) == count)
        {
            return Err(Refusal {
                value: Problem::RadiusLength {
                    option: choice.name,
                    servers: count,
                },
                at: choice.at.clone(),
            });
        }
    }
    Ok(())
}
