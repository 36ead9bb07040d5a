//! Words for what Postgres refuses in a line of `pg_hba.conf` or `pg_ident.conf`.

use std::borrow::Cow;
use std::ops::Range;

use super::File;
use crate::hba::{self, Method, Missing, Problem, Refusal, RegexProblem};
use crate::lint::words;
use crate::suggest;

/// What to say.
pub(in crate::lint) struct Words {
    pub(in crate::lint) message: String,
    pub(in crate::lint) label: Cow<'static, str>,
    pub(in crate::lint) help: String,
    /// What to replace, and by what, where that is certain.
    pub(in crate::lint) replacement: Option<(Range<usize>, String)>,
}

fn say(
    message: impl Into<String>,
    label: impl Into<Cow<'static, str>>,
    help: impl Into<String>,
) -> Words {
    Words {
        message: message.into(),
        label: label.into(),
        help: help.into(),
        replacement: None,
    }
}

impl Words {
    fn replacing(mut self, at: &Range<usize>, by: impl Into<String>) -> Words {
        self.replacement = Some((at.clone(), by.into()));
        self
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each thing that Postgres refuses"
)]
pub(in crate::lint) fn words(file: &File<'_>, refusal: &Refusal) -> Words {
    let at = &refusal.at;
    let text = file.slice(at);
    let major = file.major;
    match &refusal.value {
        // Never left in a list of lines.
        Problem::Elsewhere => say("a line whose meaning is in another file", "", ""),
        Problem::LineTooLong(most) => say(
            format!("a line of more than {most} bytes, which Postgres {major} does not read"),
            "too long",
            "write several lines",
        ),
        Problem::TokenTooLong(most) => say(
            format!("a word of more than {most} bytes, which Postgres {major} does not read"),
            "too long",
            "write several lines",
        ),
        Problem::EndsBefore(missing) => ends_before(file, at, *missing),
        Problem::List(missing) => say(
            format!("a list where Postgres takes one {}", name(*missing)),
            "a list: a comma joins the words on both sides",
            format!(
                "write a line for each {}, or remove the comma",
                name(*missing)
            ),
        ),
        Problem::ListOfKinds => say(
            "a list of connection types, and a line has one",
            "a list",
            "write a line for each, or `host`, which is every TCP connection with and without TLS",
        ),
        Problem::UnknownKind => unknown_kind(text, at),
        Problem::IncludeTooNew => say(
            format!("`{text}` came with Postgres 16, and this cluster runs {major}"),
            "taken for a type of connections",
            "write the lines of that file here",
        ),
        Problem::KindTooNew { since } => say(
            format!("`{text}` came with Postgres {since}, and this cluster runs {major}"),
            "not a type of connections",
            "write `host`, `hostssl` or `hostnossl`",
        ),
        Problem::NameWithMask => name_with_mask(text, at),
        Problem::MaskBits(most) => mask_bits(text, at, *most),
        Problem::NoMask => no_mask(text),
        Problem::MaskNotNumeric => say(
            format!("`{text}` is not a mask, and the address before it has none"),
            "a mask is expected here",
            "write the mask after the address, such as `/24`, and then the method",
        ),
        Problem::MaskOfOtherFamily => say(
            format!("the mask `{text}` is of another kind of addresses than the address before it"),
            "IPv4 with IPv6",
            "write the number of bits after the address instead, such as `/24`",
        ),
        Problem::SecondMask => say(
            format!("`{text}` is a second mask: the address has one after its `/`"),
            "the method is expected here",
            format!("remove `{text}`"),
        ),
        Problem::AddressOfLocal => say(
            format!("a `local` line takes no address, so `{text}` is read as the method"),
            "no address here",
            format!("remove `{text}`, or write `host` for connections over TCP"),
        ),
        Problem::NoAddress => say(
            format!("the line has no address: `{text}` is in its position"),
            "an address is expected here",
            format!(
                "write the network of the clients before `{text}`, such as `10.0.0.0/8`; `all` is every address"
            ),
        ),
        Problem::NoUser => say(
            format!("a word is missing before `{text}`: a line names a database and then a user"),
            "read as the user",
            "write both; `all` is every database, and every user",
        ),
        Problem::UnknownMethod => unknown_method(text, at, major),
        Problem::MethodTooNew { since } => say(
            format!(
                "the method `{text}` came with Postgres {since}, and this cluster runs {major}"
            ),
            "not a method",
            "write another method, such as `scram-sha-256`",
        ),
        Problem::MethodNotOnLinux => say(
            format!("the method `{text}` is not in any package of Postgres for Linux"),
            "not in this build",
            if text == "sspi" {
                "write `gss`, which is Kerberos on Linux"
            } else {
                "write `pam`, or `scram-sha-256`"
            },
        ),
        Problem::OnlyLocal(method) => say(
            format!("`{}` works for `local` lines only", method.name()),
            "not over TCP",
            "write `scram-sha-256`, or `cert` on a `hostssl` line",
        ),
        Problem::NotLocal(method) => say(
            format!("`{}` does not work for `local` lines", method.name()),
            "not on the local socket",
            "write `peer`, which asks the system who it is",
        ),
        Problem::OnlyHostSsl { method, kind } => only_host_ssl(file, *method, kind),
        Problem::OptionWithoutValue => option_without_value(file, text, at),
        Problem::UnknownOption => unknown_option(text, at, major),
        Problem::OptionTooNew { since } => say(
            format!(
                "the option `{}` came with Postgres {since}, and this cluster runs {major}",
                option_of(text)
            ),
            "not an option",
            "remove it",
        ),
        Problem::OptionOfOtherMethod { option, methods } => say(
            format!(
                "the option `{option}` belongs to {}",
                list_of_methods(methods)
            ),
            "not an option of this method",
            "remove it, or choose that method",
        ),
        Problem::OptionOnlyHostSsl { option, kind } => say(
            format!(
                "the option `{option}` works for `hostssl` lines only, and this is `{}`",
                kind.name()
            ),
            "needs TLS",
            "write `hostssl` at the beginning of the line, or remove the option",
        ),
        Problem::OptionValue { option, allowed } => option_value(file, option, allowed, text, at),
        Problem::WeakerThanCert => say(
            "`cert` always verifies the whole certificate, and `clientcert` asks for less",
            "contradicts `cert`",
            "remove it",
        ),
        Problem::PortNotANumber { option } => say(
            format!("`{option}` is not a port"),
            "not a number above 0",
            "write the number of the port",
        ),
        Problem::OptionList { option } => say(
            format!("`{option}` is not a list that Postgres reads"),
            "an empty item, a blank or an open quote",
            "write the items with commas between, the whole option in double quotes",
        ),
        Problem::LdapUrl => say(
            "`ldapurl` is not a URL that Postgres reads",
            "not `ldap://HOST:PORT/BASE?ATTRIBUTE?SCOPE?FILTER`",
            "write `ldap://` or `ldaps://`, the host, and the base after `/`",
        ),
        Problem::MissingOption { method, option } => say(
            format!("`{}` needs the option `{option}`", method.name()),
            format!("without `{option}`"),
            format!("add `{option}=…` after `{}`", method.name()),
        ),
        Problem::LdapMixed => say(
            "`ldapprefix` and `ldapsuffix` do not go with options of a search",
            "a direct bind",
            "remove `ldapprefix` and `ldapsuffix`, or all of `ldapbasedn`, `ldapbinddn`, `ldapbindpasswd`, `ldapsearch…` and `ldapurl`",
        ),
        Problem::LdapNoBase => say(
            "`ldap` needs `ldapbasedn`, `ldapprefix` or `ldapsuffix`",
            "whom to ask for is not said",
            "add `ldapbasedn=…` for a search, or `ldapprefix=…` and `ldapsuffix=…` around the name of the user",
        ),
        Problem::LdapTwoSearches => say(
            "`ldapsearchattribute` and `ldapsearchfilter` exclude each other",
            "a second search",
            "remove one of them",
        ),
        Problem::RadiusLength { option, servers } => say(
            format!("`{option}` has neither one item nor one for each of the {servers} servers"),
            "another number of items",
            "write one item for all servers, or one for each",
        ),
        Problem::OauthMapped => say(
            "`map` and `delegate_ident_mapping` exclude each other",
            "never used",
            "remove one of them",
        ),
        Problem::Regex(problem) => {
            // Commas separate names, in a regular expression too.
            let is_cut = file
                .text
                .get(at.end..)
                .is_some_and(|rest| rest.starts_with(','));
            say(
                format!("`{text}` is not a regular expression: {}", regex(*problem)),
                "does not compile",
                if is_cut {
                    "write it in double quotes: without them it ends at the comma"
                } else {
                    "correct it; a name that begins with `/` is a regular expression"
                },
            )
        }
    }
}

fn name(missing: Missing) -> &'static str {
    match missing {
        Missing::Kind => "connection type",
        Missing::Database => "database",
        Missing::User => "user",
        Missing::Address => "address",
        Missing::Mask => "mask",
        Missing::Method => "method",
        Missing::Map => "map",
        Missing::SystemUser => "user of the system",
        Missing::DatabaseUser => "user of the database",
    }
}

fn mask_bits(text: &str, at: &Range<usize>, most: u32) -> Words {
    let (host, behind) = text.split_once('/').unwrap_or((text, ""));
    let message = format!("`/{behind}` is not a number of bits from 0 to {most}");
    let label = format!("an {} address", if most == 32 { "IPv4" } else { "IPv6" });
    // A mask in its long form has a field of its own.
    if let (32, Some(hba::Numeric::V4(mask))) = (most, hba::numeric(behind))
        && mask > 255
        && mask.leading_ones() + mask.trailing_zeros() >= 32
    {
        let network = format!("{host}/{}", mask.leading_ones());
        return say(message, label, format!("write `{network}`")).replacing(at, network);
    }
    say(
        message,
        label,
        format!("write how many bits of the address count: `/{most}` is this address alone"),
    )
}

fn ends_before(file: &File<'_>, at: &Range<usize>, missing: Missing) -> Words {
    let before = file.text.get(..at.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.matches('"').count() % 2 == 1 {
        return say(
            "a double quote is not closed, and takes the rest of the line",
            "the line ends inside of the quotes",
            "close the quote behind the name",
        );
    }
    let help = match missing {
        Missing::Kind | Missing::Database | Missing::User | Missing::Address | Missing::Mask => {
            "a line has a type, databases, users, the address of the clients unless it is `local`, and a method"
        }
        Missing::Method => "add the method, such as `scram-sha-256`",
        Missing::Map | Missing::SystemUser | Missing::DatabaseUser => {
            "a line has the name of the map, a user of the system, and a user of the database"
        }
    };
    say(
        format!("the line ends before its {}", name(missing)),
        format!("the {} is missing", name(missing)),
        help,
    )
}

fn unknown_kind(text: &str, at: &Range<usize>) -> Words {
    let kinds = hba::Kind::ALL.map(hba::Kind::name);
    let message = format!("`{text}` is not a type of connections");
    let lower = text.to_ascii_lowercase();
    if kinds.contains(&lower.as_str()) {
        return say(
            message,
            "capital letters",
            format!("write `{lower}`: the words of pg_hba.conf are lower-case"),
        )
        .replacing(at, lower);
    }
    let help = match suggest::nearest(&lower, &kinds) {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("a line begins with one of {}", words::list(&kinds)),
    };
    say(message, "a type of connections is expected here", help)
}

fn name_with_mask(text: &str, at: &Range<usize>) -> Words {
    let host = text.split('/').next().unwrap_or(text);
    if host.is_empty() {
        return say(
            format!("`{text}` has no address before its mask"),
            "not an address",
            "write the address, such as `10.0.0.0/8`; `0.0.0.0/0` is every IPv4 address",
        );
    }
    let is_numeric = host.contains(':') || !host.contains(|c: char| c.is_ascii_alphabetic());
    if is_numeric {
        return say(
            format!("`{host}` is not an address"),
            "neither IPv4 nor IPv6",
            "write four numbers from 0 to 255 with dots between, or an IPv6 address",
        );
    }
    say(
        format!("`{host}` is a name, and a name takes no mask"),
        "a name with a mask",
        format!("write `{host}` alone, or an address with a mask"),
    )
    .replacing(at, host)
}

fn no_mask(text: &str) -> Words {
    if matches!(
        hba::numeric(text),
        Some(hba::Numeric::V4(0) | hba::Numeric::V6(0))
    ) {
        return say(
            format!("the address `{text}` has no mask"),
            "how many bits of it count?",
            format!("write `{text}/0`, which is every address of its kind"),
        );
    }
    let bits = match hba::numeric(text) {
        Some(address) => address.bits(),
        None => 32,
    };
    say(
        format!("the address `{text}` has no mask"),
        "how many bits of it count?",
        format!(
            "write `{text}/{bits}` for this address alone, or the network with the number of its bits, such as `10.0.0.0/8`"
        ),
    )
}

/// Methods by names that other versions and programs give them.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("certificate", "cert"),
    ("gssapi", "gss"),
    ("kerberos", "gss"),
    ("krb5", "gss"),
    ("none", "trust"),
    ("plain", "password"),
    ("scram", "scram-sha-256"),
    ("sha-256", "scram-sha-256"),
    ("sha256", "scram-sha-256"),
];

fn unknown_method(text: &str, at: &Range<usize>, major: u32) -> Words {
    let methods: Vec<&str> = Method::ALL
        .into_iter()
        .filter(|method| {
            !matches!(method, Method::Sspi | Method::Bsd)
                && (*method != Method::Oauth || major >= 18)
        })
        .map(Method::name)
        .collect();
    let message = format!("`{text}` is not a method of pg_hba.conf");
    let lower = text.to_ascii_lowercase();
    if methods.contains(&lower.as_str()) {
        return say(
            message,
            "capital letters",
            format!("write `{lower}`: the words of pg_hba.conf are lower-case"),
        )
        .replacing(at, lower);
    }
    let compact: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let meant = if compact == "scramsha256" {
        Some("scram-sha-256")
    } else {
        let known = OTHER_NAMES.iter().find(|(other, _)| *other == lower);
        known.map(|(_, method)| *method)
    };
    // Whoever wrote `none` may not have meant that everybody gets in.
    if let Some(meant) = meant.filter(|meant| *meant != "trust") {
        return say(message, "no such method", format!("write `{meant}`")).replacing(at, meant);
    }
    if text.contains('=') {
        return say(
            message,
            "an option where the method is expected",
            "write the method before its options",
        );
    }
    let help = match suggest::nearest(&lower, &methods) {
        Some(nearest) => format!("write `{nearest}`"),
        None if lower.starts_with("scram") => "write `scram-sha-256`".to_owned(),
        None => format!("write one of {}", words::list(&methods)),
    };
    say(message, "a method is expected here", help)
}

fn option_of(text: &str) -> &str {
    let name = text.split('=').next().unwrap_or(text);
    name.trim_matches('"')
}

fn option_without_value(file: &File<'_>, text: &str, at: &Range<usize>) -> Words {
    let rest = file.text.get(at.end..).unwrap_or_default();
    let rest = rest.lines().next().unwrap_or_default();
    let behind = rest.trim_start_matches([' ', '\t']);
    if let Some(value) = behind.strip_prefix('=') {
        let value = value.trim_start_matches([' ', '\t']);
        let first = value.split([' ', '\t']).next().unwrap_or_default();
        let end = at.end + rest.len() - value.len() + first.len();
        return say(
            format!("`{text} =` has a blank before its `=`"),
            "an option without a value",
            format!("write `{text}={first}` without blanks"),
        )
        .replacing(&(at.start..end), format!("{text}={first}"));
    }
    let is_known = hba::options(file.major).contains(&text);
    say(
        format!("`{text}` is not an option with a value"),
        "not `NAME=VALUE`",
        if is_known {
            format!("write `{text}=…`")
        } else {
            "write options as `NAME=VALUE`, without blanks, and begin a comment with `#`".to_owned()
        },
    )
}

fn unknown_option(text: &str, at: &Range<usize>, major: u32) -> Words {
    let option = option_of(text);
    let known = hba::options(major);
    let message = format!("`{option}` is not an option of pg_hba.conf");
    let lower = option.to_ascii_lowercase();
    let nearest = suggest::nearest(&lower, &known);
    let Some(nearest) = nearest else {
        return say(message, "no such option", "remove it");
    };
    let words = say(message, "no such option", format!("write `{nearest}`"));
    if nearest == lower && text.starts_with(option) {
        let end = at.start + option.len();
        return words.replacing(&(at.start..end), nearest);
    }
    words
}

fn only_host_ssl(file: &File<'_>, method: Method, kind: &Range<usize>) -> Words {
    let message = format!("`{}` works for `hostssl` lines only", method.name());
    if file.slice(kind) == "host" {
        return say(
            message,
            "needs TLS",
            "write `hostssl` at the beginning of the line",
        )
        .replacing(kind, "hostssl");
    }
    say(
        message,
        "needs TLS",
        format!(
            "write another method than `{}`, or a `hostssl` line",
            method.name()
        ),
    )
}

fn list_of_methods(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
    match names.as_slice() {
        [only] => format!("the method `{only}`"),
        _ => format!("the methods {}", words::list(&names)),
    }
}

fn option_value(
    file: &File<'_>,
    option: &str,
    allowed: &[&str],
    text: &str,
    at: &Range<usize>,
) -> Words {
    let value = text.split_once('=').map_or("", |(_, value)| value);
    let message = format!("`{value}` is not a value of `{option}`");
    let label = "not a value of this option";
    let lower = value.to_ascii_lowercase();
    let same = allowed
        .iter()
        .find(|known| known.eq_ignore_ascii_case(value));
    if let Some(same) = same {
        return say(
            message,
            "capital letters",
            format!("write `{option}={same}`"),
        )
        .replacing(at, format!("{option}={same}"));
    }
    if option == "clientcert" && matches!(lower.as_str(), "1" | "0" | "no-verify") {
        let help = if lower == "1" {
            "write `clientcert=verify-ca`, which is what it was, or `verify-full`, which also compares the name"
        } else {
            "remove it: nothing is verified without it"
        };
        let words = say(
            format!(
                "`clientcert={value}` was removed in Postgres 14, and this cluster runs {}",
                file.major
            ),
            label,
            help,
        );
        return if lower == "1" {
            words.replacing(at, "clientcert=verify-ca")
        } else {
            words
        };
    }
    say(
        message,
        label,
        format!("write one of {}", words::list(allowed)),
    )
}

fn regex(problem: RegexProblem) -> &'static str {
    match problem {
        RegexProblem::Parentheses => "its parentheses do not match",
        RegexProblem::Brackets => "a `[` is not closed",
        RegexProblem::Braces => "a `{` is not closed",
        RegexProblem::Repetition => "a number of repetitions is not right",
        RegexProblem::NothingToRepeat => "there is nothing to repeat before `*`, `+`, `?` or `{`",
        RegexProblem::Escape => "a backslash is before a character that it does not go with",
        RegexProblem::Group => "it refers to a group that it does not have",
        RegexProblem::Range => "a range in brackets is not right",
        RegexProblem::Class => "it names a class of characters that does not exist",
        RegexProblem::Element => "it names a character that does not exist",
        RegexProblem::Option => "an option in `(?…)` does not exist",
    }
}
