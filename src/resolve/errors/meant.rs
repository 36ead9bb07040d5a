//! What somebody means who writes a value in the form of another tool: `100GiB`, `10.0.0.5/24`, `ssh`, `30.06.2027`.

use ipnet::Ipv4Net;

use crate::facts::calendar;
use crate::facts::services;
use crate::schema::Type;

/// The value of this type that a text stands for.
pub(super) fn value(text: &str, ty: Type) -> Option<String> {
    match ty {
        Type::Size | Type::SizeOrNone => size(text),
        Type::Address => address(text),
        Type::Network => network(text),
        Type::Date => date(text),
        Type::Duration => duration(text),
        Type::Port => port(text),
        Type::Integer(lowest, highest) => {
            let number = integer(text)?;
            (lowest..=highest)
                .contains(&number)
                .then(|| number.to_string())
        }
        Type::Boolean
        | Type::Version
        | Type::TpaVersion
        | Type::Word(_)
        | Type::Name
        | Type::Text
        | Type::List(_)
        | Type::OneOrList(_)
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => None,
    }
}

/// Why a text is not what it looks like, where there is more to say than its type.
pub(super) fn reason(text: &str, ty: Type) -> Option<&'static str> {
    match ty {
        Type::Date if date(text).is_none() && text.split('-').count() == 3 => {
            Some("the calendar has no such day")
        }
        Type::Address if text.contains('/') => Some("an address has no `/`: that is a network"),
        Type::Address if is_with_port(text) => Some("an address has no port"),
        Type::Address
            if text.contains(|c: char| c.is_ascii_alphabetic()) && !text.contains(':') =>
        {
            Some("a host name: m1c looks up none")
        }
        Type::Network if text.parse::<std::net::Ipv4Addr>().is_ok() => {
            Some("a network ends with `/` and a length")
        }
        Type::Port if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some("ports go from 1 to 65535")
        }
        Type::Size
        | Type::SizeOrNone
        | Type::Address
        | Type::Network
        | Type::Date
        | Type::Port
        | Type::Integer(..)
        | Type::Boolean
        | Type::Version
        | Type::TpaVersion
        | Type::Duration
        | Type::Word(_)
        | Type::Name
        | Type::Text
        | Type::List(_)
        | Type::OneOrList(_)
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => None,
    }
}

/// `60`, `60 seconds` and `2m`.
fn duration(text: &str) -> Option<String> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "min",
        "h" | "hour" | "hours" => "h",
        _ => return None,
    };
    let meant = format!("{number}{unit}");
    Type::seconds(&meant).map(|_| meant)
}

/// `100G`, `100gb`, `100GiB` and `100 GB`; fractions of a TB in GB.
fn size(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "g" | "gb" | "gib" => "GB",
        "t" | "tb" | "tib" => "TB",
        "m" | "mb" | "mib" => {
            let megabytes = number.parse::<u32>().ok()?;
            return Some(format!("{}GB", megabytes.div_ceil(1024)));
        }
        _ => return None,
    };
    match number.split_once('.') {
        None => Some(format!("{}{unit}", number.parse::<u32>().ok()?)),
        Some((whole, fraction)) if unit == "TB" => {
            let (whole, digit) = (whole.parse::<u32>().ok()?, fraction.parse::<u32>().ok()?);
            let tenths = (fraction.len() == 1).then_some(digit)?;
            let gigabytes = whole.checked_mul(1024)?.checked_add(tenths * 1024 / 10)?;
            Some(format!("{gigabytes}GB"))
        }
        Some(_) => None,
    }
}

fn is_with_port(text: &str) -> bool {
    text.rsplit_once(':')
        .is_some_and(|(address, _)| address.parse::<std::net::Ipv4Addr>().is_ok())
}

/// The address in `10.0.0.5/24` and `10.0.0.5:5432`.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let (address, _) = text.split_once('/').or_else(|| text.rsplit_once(':'))?;
    address.parse::<std::net::Ipv4Addr>().ok()?;
    Some(address.to_owned())
}

/// `10.0.0.0`, `10.0.0.0/255.0.0.0` and the words for everywhere.
fn network(text: &str) -> Option<String> {
    if matches!(
        text.to_lowercase().as_str(),
        "any" | "all" | "*" | "world" | "everywhere"
    ) {
        return Some("0.0.0.0/0".to_owned());
    }
    if let Some((address, mask)) = text.split_once('/') {
        let network = Ipv4Net::with_netmask(address.parse().ok()?, mask.parse().ok()?).ok()?;
        return Some(network.trunc().to_string());
    }
    let address: std::net::Ipv4Addr = text.parse().ok()?;
    let length = match address.octets() {
        [0, 0, 0, 0] => 0,
        [_, 0, 0, 0] => 8,
        [_, _, 0, 0] => 16,
        [_, _, _, 0] => 24,
        _ => 32,
    };
    Some(format!("{text}/{length}"))
}

/// `30.06.2027`, `2027/06/30` and `2027-6-3`.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else if text.contains('.') {
        (last, first)
    } else {
        // Whether the month or the day comes first is anybody's guess.
        return None;
    };
    let day = format!("{year:0>4}-{month:0>2}-{day:0>2}");
    calendar::is_day(&day).then_some(day)
}

/// The port of a service, and `tcp/22` or `22/TCP`.
fn port(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some((one, other)) = lower.split_once('/') {
        let (number, protocol) = if one.parse::<u16>().is_ok() {
            (one, other)
        } else {
            (other, one)
        };
        let is_port = number.parse::<u16>().is_ok() && matches!(protocol, "tcp" | "udp");
        return is_port.then(|| format!("{number}/{protocol}"));
    }
    services::well_known(&lower).map(|port| port.to_string())
}

/// `"2"`, `two`, `1,000` and `1_000`.
fn integer(text: &str) -> Option<i64> {
    const WORDS: [&str; 11] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let plain = text.trim().to_lowercase();
    if let Some(number) = WORDS.iter().position(|word| *word == plain) {
        return i64::try_from(number).ok();
    }
    let groups: Vec<&str> = plain.split([',', '_']).collect();
    let are_thousands = groups.iter().skip(1).all(|group| group.len() == 3);
    groups.concat().parse().ok().filter(|_| are_thousands)
}
