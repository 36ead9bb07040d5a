//! What Postgres takes in a line and reads in another way than people do.

use std::ops::Range;

use super::File;
use crate::hba::{self, Address, At, Choice, Line, Mapping, Name, Numeric, Token};

/// What to say about it.
pub(in crate::lint) struct Meaning {
    pub(in crate::lint) at: Range<usize>,
    pub(in crate::lint) message: String,
    pub(in crate::lint) label: &'static str,
    pub(in crate::lint) help: String,
    pub(in crate::lint) replacement: Option<String>,
    pub(in crate::lint) consequence: &'static str,
}

const MATCHES_NOTHING: &str = "the line matches nobody, and who it should let in is refused";
const MATCHES_OTHERS: &str = "the line lets in other clients than it seems to";
const OFF: &str = "the option is off, and nothing reports it";

/// What a line does not mean.
pub(in crate::lint) fn of(file: &File<'_>, line: &Line) -> Vec<Meaning> {
    let mut meanings = Vec::new();
    if let Some(swapped) = swapped(file, line) {
        return vec![swapped];
    }
    let databases = line.databases.iter().zip(&line.database_tokens);
    for (name, token) in databases {
        let words = ["all", "replication", "samegroup", "samerole", "sameuser"];
        meanings.extend(of_name(file, "database", &words, name, token));
    }
    let users = line.users.iter().zip(&line.user_tokens);
    for (name, token) in users {
        meanings.extend(of_name(file, "user", &["all"], name, token));
    }
    if let (Some(address), Some(token)) = (&line.address, &line.address_token) {
        meanings.extend(of_address(address, token));
    }
    meanings.extend(
        line.options
            .iter()
            .filter_map(|option| of_option(file, option)),
    );
    meanings
}

/// The network in the position of the user or database, and a name in that of the network, which Postgres takes for a
/// machine.
fn swapped(file: &File<'_>, line: &Line) -> Option<Meaning> {
    let Address::Name(_) = line.address.as_ref()?.value else {
        return None;
    };
    let is_network = |token: &&Token| {
        let host = token.text.split('/').next().unwrap_or_default();
        !token.quoted && host.contains(['.', ':']) && hba::numeric(host).is_some()
    };
    let mut words = line.user_tokens.iter().chain(&line.database_tokens);
    let network = words.find(is_network)?;
    let address = line.address_token.as_ref()?;
    let between = file.slice(&(network.at.end..address.at.start));
    let right = format!("{}{between}{}", address.text, network.text);
    Some(Meaning {
        at: network.at.start..address.at.end,
        message: format!(
            "`{}` is taken for a name, and `{}` for the address",
            network.text, address.text
        ),
        label: "in each other's position",
        help: format!("write `{right}`: database, user, address"),
        replacement: Some(right),
        consequence: MATCHES_NOTHING,
    })
}

fn of_name(
    file: &File<'_>,
    kind: &str,
    words: &[&str],
    name: &At<Name>,
    token: &Token,
) -> Option<Meaning> {
    let Name::Exact(text) = &name.value else {
        return None;
    };
    let meaning = |message, label, help, replacement| Meaning {
        at: name.at.clone(),
        message,
        label,
        help,
        replacement,
        consequence: MATCHES_NOTHING,
    };
    let lower = text.to_ascii_lowercase();
    if words.contains(&lower.as_str()) {
        return Some(if token.quoted {
            meaning(
                format!("`{text}` in quotes is a {kind} of that name"),
                "quotes take its meaning from it",
                format!("write `{lower}` without quotes"),
                Some(lower),
            )
        } else {
            meaning(
                format!(
                    "`{text}` is a {kind} of that name: the words of pg_hba.conf are lower-case"
                ),
                "capital letters",
                format!("write `{lower}`"),
                Some(lower),
            )
        });
    }
    if text == "*" {
        return Some(meaning(
            format!("`*` is a {kind} of that name"),
            "not a pattern",
            "write `all`".to_owned(),
            Some("all".to_owned()),
        ));
    }
    if text.contains(['*', '%']) {
        let plain = text.trim_end_matches(['*', '%']);
        let is_prefix = plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let help = if file.major < hba::REGEX_SINCE {
            format!("name each {kind}, with commas between")
        } else if is_prefix && !plain.is_empty() {
            format!("write `/^{plain}`, a regular expression")
        } else {
            "write a regular expression after `/`".to_owned()
        };
        return Some(meaning(
            format!("`{text}` is a {kind} of that name, and not a pattern"),
            "not a pattern",
            help,
            None,
        ));
    }
    if text.starts_with('/') && text.len() > 1 && file.major < hba::REGEX_SINCE {
        return Some(meaning(
            format!("`{text}` is a {kind} of that name: regular expressions came with Postgres 16"),
            "not a regular expression",
            format!("name each {kind}, with commas between"),
            None,
        ));
    }
    if text.starts_with('+') && text.len() > 1 {
        let (message, help) = if kind == "database" {
            (
                format!(
                    "`{text}` is a database of that name: `+` stands for the members of a role among users only"
                ),
                "write the name of the database, or `samerole` for databases that are named like a role of the user",
            )
        } else {
            (
                format!("`{text}` in quotes is a user of that name, and not the members of a role"),
                "write the `+` before the quotes, or no quotes at all",
            )
        };
        return Some(meaning(message, "a name", help.to_owned(), None));
    }
    None
}

fn of_address(address: &At<Address>, token: &Token) -> Option<Meaning> {
    match &address.value {
        Address::Name(name) => of_host_name(name, token),
        Address::Network {
            address: network,
            mask,
        } => of_network(*network, *mask, token),
        Address::All | Address::SameHost | Address::SameNet | Address::Zone => None,
    }
}

fn of_host_name(name: &str, token: &Token) -> Option<Meaning> {
    let meaning = |message, label, help, replacement| {
        Some(Meaning {
            at: token.at.clone(),
            message,
            label,
            help,
            replacement,
            consequence: MATCHES_NOTHING,
        })
    };
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "all" | "samehost" | "samenet") {
        let message = if token.quoted {
            format!("`{name}` in quotes is the name of a machine")
        } else {
            format!("`{name}` is the name of a machine: the words of pg_hba.conf are lower-case")
        };
        return meaning(message, "a name", format!("write `{lower}`"), Some(lower));
    }
    if name == "*" {
        return meaning(
            "`*` is the name of a machine".to_owned(),
            "not a pattern",
            "write `all`".to_owned(),
            Some("all".to_owned()),
        );
    }
    if let Some(suffix) = name
        .strip_prefix('*')
        .filter(|suffix| suffix.starts_with('.'))
    {
        return meaning(
            format!("`{name}` is the name of a machine, and not a pattern"),
            "not a pattern",
            format!("write `{suffix}`: a name that begins with a dot stands for all below it"),
            Some(suffix.to_owned()),
        );
    }
    let is_address = !name.contains(|c: char| c.is_ascii_alphabetic()) || name.contains(':');
    if is_address {
        return meaning(
            format!("`{name}` is not an address, and Postgres takes it for a name"),
            "a name",
            "write an address with its mask, such as `10.0.0.0/8`".to_owned(),
            None,
        );
    }
    let is_name = name
        .chars()
        .all(|c| c.is_alphanumeric() || "-._".contains(c));
    if !is_name {
        return meaning(
            format!("`{name}` cannot be the name of a machine"),
            "no machine has this name",
            "write the name of a machine, `.` and a domain for all machines in it, or a network"
                .to_owned(),
            None,
        );
    }
    None
}

fn of_network(address: Numeric, mask: Numeric, token: &Token) -> Option<Meaning> {
    let host = token.text.split('/').next().unwrap_or_default();
    let bits = token.text.split_once('/').map(|(_, bits)| bits);
    let meaning = |message, label, help, replacement| {
        Some(Meaning {
            at: token.at.clone(),
            message,
            label,
            help,
            replacement,
            consequence: MATCHES_OTHERS,
        })
    };
    let means = spelling(network(address, mask), mask, bits.is_some());
    if let Numeric::V4(_) = address
        && let Some(meant) = meant(host)
    {
        let instead = match bits {
            Some(bits) => format!("{meant}/{bits}"),
            None => meant,
        };
        let same =
            hba::numeric(host) == hba::numeric(instead.split('/').next().unwrap_or_default());
        // `0/0` is what it seems to be.
        if same {
            return None;
        }
        let message = if host.split('.').count() == 4 {
            format!(
                "`{}` is {means}: a number that begins with 0 is octal",
                token.text
            )
        } else {
            format!(
                "`{}` is {means}: the last number of a short address fills the rest",
                token.text
            )
        };
        return meaning(
            message,
            "another network",
            format!("write `{instead}`"),
            Some(instead),
        );
    }
    let is_open = match mask {
        Numeric::V4(mask) => mask == 0,
        Numeric::V6(mask) => mask == 0,
    };
    let is_zero = matches!(address, Numeric::V4(0) | Numeric::V6(0));
    if is_open && !is_zero {
        return meaning(
            format!("`{}` is every address: no bit of it counts", token.text),
            "every address",
            "write how many bits of the address count, or `all` if every address is meant"
                .to_owned(),
            None,
        );
    }
    if has_holes(mask) {
        return meaning(
            format!(
                "the mask of `{}` has holes: its bits are not the first ones",
                token.text
            ),
            "a strange mask",
            "write the number of bits after the address, such as `/24`".to_owned(),
            None,
        );
    }
    if let Numeric::V6(address) = address
        && address >> 32 == 0xffff
    {
        return meaning(
            format!(
                "`{}` never matches: clients with IPv4 come with their IPv4 address",
                token.text
            ),
            "an IPv4 address in IPv6",
            "write the IPv4 address".to_owned(),
            None,
        );
    }
    None
}

/// What somebody meant who wrote fewer than four numbers, or zeros before a number; `None` for a plain address.
fn meant(host: &str) -> Option<String> {
    let parts: Vec<&str> = host.split('.').collect();
    let is_plain = |part: &&str| part.len() == 1 || !part.starts_with('0');
    if parts.len() == 4 && parts.iter().all(is_plain) {
        return None;
    }
    // Hexadecimal numbers and large ones are written on purpose.
    let mut numbers = Vec::new();
    for part in &parts {
        numbers.push(part.parse::<u8>().ok()?.to_string());
    }
    while numbers.len() < 4 {
        numbers.push("0".to_owned());
    }
    Some(numbers.join("."))
}

fn network(address: Numeric, mask: Numeric) -> Numeric {
    match (address, mask) {
        (Numeric::V4(address), Numeric::V4(mask)) => Numeric::V4(address & mask),
        (Numeric::V6(address), Numeric::V6(mask)) => Numeric::V6(address & mask),
        (Numeric::V4(_) | Numeric::V6(_), _) => address,
    }
}

fn spelling(address: Numeric, mask: Numeric, with_bits: bool) -> String {
    let address = match address {
        Numeric::V4(address) => std::net::Ipv4Addr::from_bits(address).to_string(),
        Numeric::V6(address) => std::net::Ipv6Addr::from_bits(address).to_string(),
    };
    let bits = match mask {
        Numeric::V4(mask) => mask.leading_ones(),
        Numeric::V6(mask) => mask.leading_ones(),
    };
    if with_bits {
        format!("{address}/{bits}")
    } else {
        address
    }
}

fn has_holes(mask: Numeric) -> bool {
    match mask {
        Numeric::V4(mask) => mask.leading_ones() + mask.trailing_zeros() < 32,
        Numeric::V6(mask) => mask.leading_ones() + mask.trailing_zeros() < 128,
    }
}

fn of_option(file: &File<'_>, option: &Choice) -> Option<Meaning> {
    let meaning = |message, label, help| {
        Some(Meaning {
            at: option.at.clone(),
            message,
            label,
            help,
            replacement: None,
            consequence: OFF,
        })
    };
    let (name, value) = (option.name, option.value.as_str());
    match name {
        "ldaptls"
        | "include_realm"
        | "compat_realm"
        | "upn_username"
        | "pam_use_hostname"
        | "delegate_ident_mapping"
            if !matches!(value, "0" | "1") =>
        {
            meaning(
                format!("`{name}={value}` means off: only `1` means on"),
                "off",
                format!("write `{name}=1`, or `{name}=0`"),
            )
        }
        "ldapscheme" if !matches!(value, "ldap" | "ldaps") => meaning(
            format!("`{value}` is not a scheme of LDAP"),
            "neither `ldap` nor `ldaps`",
            "write `ldap` or `ldaps`".to_owned(),
        ),
        "clientcert" if file.major < 12 && !matches!(value, "0" | "1") => meaning(
            format!("`clientcert={value}` means off: before Postgres 12 only `1` means on"),
            "off",
            "write `clientcert=1`".to_owned(),
        ),
        _ => None,
    }
}

/// A user of the database that refers to a group of the system's user, and there is no such group.
pub(in crate::lint) fn of_mapping(mapping: &Mapping) -> Option<Meaning> {
    if !mapping.database_user.text.contains("\\1") {
        return None;
    }
    let expression = mapping.system_user.text.strip_prefix('/');
    if expression.is_some_and(|expression| hba::groups(expression) > 0) {
        return None;
    }
    let help = if expression.is_some() {
        "put the part that is the name in parentheses, as in `/^(.*)@example\\.org$`"
    } else {
        "write `/` and a regular expression with a group as the user of the system"
    };
    Some(Meaning {
        at: mapping.database_user.at.clone(),
        message: "`\\1` stands for the first group of a regular expression, and there is none"
            .to_owned(),
        label: "nothing to refer to",
        help: help.to_owned(),
        replacement: None,
        consequence: "nobody logs in by this line",
    })
}
