//! Addresses as the C library of a Linux server reads them, without asking anybody for a name.

use std::net::Ipv6Addr;

/// An address in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numeric {
    V4(u32),
    V6(u128),
}

impl Numeric {
    pub fn bits(self) -> u32 {
        match self {
            Numeric::V4(_) => 32,
            Numeric::V6(_) => 128,
        }
    }

    pub fn is_loopback(self) -> bool {
        match self {
            Numeric::V4(address) => address >> 24 == 127,
            Numeric::V6(address) => address == 1,
        }
    }
}

/// Which bits of an address count.
pub(super) type Mask = Numeric;

/// Who may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    All,
    /// The addresses of the server itself.
    SameHost,
    /// The networks of the server.
    SameNet,
    /// A name, or a suffix of names that begins with a dot.
    Name(String),
    Network {
        address: Numeric,
        mask: Mask,
    },
    /// With a zone that only the server knows.
    Zone,
}

/// What `getaddrinfo` makes of a text with `AI_NUMERICHOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Numeric(Numeric),
    /// Whether it is an address depends on the names of the server's interfaces.
    Zone,
    Name,
}

/// An address in numbers, in any form that C takes: `10.1` is 10.0.0.1, and `010.0.0.1` is 8.0.0.1.
pub fn numeric(text: &str) -> Option<Numeric> {
    match read(text) {
        Read::Numeric(address) => Some(address),
        Read::Zone | Read::Name => None,
    }
}

pub(super) fn read(text: &str) -> Read {
    if let Some(address) = v4(text) {
        return Read::Numeric(Numeric::V4(address));
    }
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<Ipv6Addr>() else {
        return Read::Name;
    };
    let number = Read::Numeric(Numeric::V6(address.to_bits()));
    match zone {
        None => number,
        // A number is the index of an interface, whether there is one or not.
        Some(zone) if !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_digit()) => {
            match zone.parse::<u32>() {
                Ok(_) => number,
                Err(_) => Read::Name,
            }
        }
        Some(zone) if !zone.is_empty() && is_link_local(address) => Read::Zone,
        Some(_) => Read::Name,
    }
}

fn is_link_local(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.octets();
    (first == 0xfe && second & 0xc0 == 0x80) || (first == 0xff && second & 0x0f == 2)
}

/// One to four numbers with dots between: decimal, octal or hexadecimal. The last one fills what is left.
fn v4(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split('.').collect();
    let (last, first) = parts.split_last()?;
    if first.len() > 3 {
        return None;
    }
    let mut address: u32 = 0;
    for (at, part) in (0_u32..).zip(first) {
        let number = c_number(part).filter(|number| *number <= 0xff)?;
        address |= number << (24 - 8 * at);
    }
    let rest = c_number(last)?;
    let room = u32::MAX
        .checked_shr(8 * u32::try_from(first.len()).ok()?)
        .unwrap_or(0);
    (rest <= room).then_some(address | rest)
}

/// A number as `strtoul` reads it with base 0.
fn c_number(text: &str) -> Option<u32> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let only_digits = digits.chars().all(|c| c.is_digit(radix));
    if !only_digits {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

/// A number of bits behind `/`, as `strtol` reads it.
pub(super) fn bits(text: &str, most: u32) -> Option<u32> {
    let text = text.trim_start_matches([' ', '\t', '\r', '\u{b}', '\u{c}']);
    let (digits, is_negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bits = digits.parse::<u32>().ok()?;
    (bits <= most && !(is_negative && bits > 0)).then_some(bits)
}

/// The mask with so many bits, for this family.
pub(super) fn mask(family: Numeric, bits: u32) -> Mask {
    match family {
        Numeric::V4(_) => Numeric::V4(u32::MAX.checked_shl(32 - bits).unwrap_or(0)),
        Numeric::V6(_) => Numeric::V6(u128::MAX.checked_shl(128 - bits).unwrap_or(0)),
    }
}

impl Address {
    /// Whether only the machine itself comes from there.
    pub fn is_local(&self) -> bool {
        match self {
            Address::SameHost => true,
            Address::Name(name) => name.eq_ignore_ascii_case("localhost"),
            Address::Network { address, mask } => {
                let wide = match mask {
                    Numeric::V4(mask) => mask.leading_ones() < 8,
                    Numeric::V6(mask) => mask.leading_ones() < 128,
                };
                address.is_loopback() && !wide
            }
            Address::All | Address::SameNet | Address::Zone => false,
        }
    }

    /// Whether every connection of another address is one of this, too.
    pub(super) fn covers(&self, other: &Address) -> bool {
        match (self, other) {
            (Address::All, _) | (Address::SameNet, Address::SameHost | Address::SameNet) => true,
            (Address::SameHost, other) => *other == Address::SameHost,
            (Address::Name(name), Address::Name(other)) => {
                let (name, other) = (name.to_ascii_lowercase(), other.to_ascii_lowercase());
                name == other || (name.starts_with('.') && other.ends_with(&name))
            }
            (
                Address::Network { address, mask },
                Address::Network {
                    address: other,
                    mask: narrower,
                },
            ) => network_covers(*address, *mask, *other, *narrower),
            (
                Address::Name(_) | Address::SameNet | Address::Network { .. } | Address::Zone,
                Address::All
                | Address::SameHost
                | Address::SameNet
                | Address::Name(_)
                | Address::Network { .. }
                | Address::Zone,
            ) => false,
        }
    }
}

fn network_covers(address: Numeric, mask: Mask, other: Numeric, narrower: Mask) -> bool {
    match (address, mask, other, narrower) {
        (Numeric::V4(address), Numeric::V4(mask), Numeric::V4(other), Numeric::V4(narrower)) => {
            mask & narrower == mask && (address ^ other) & mask == 0
        }
        (Numeric::V6(address), Numeric::V6(mask), Numeric::V6(other), Numeric::V6(narrower)) => {
            mask & narrower == mask && (address ^ other) & mask == 0
        }
        (Numeric::V4(_) | Numeric::V6(_), _, Numeric::V4(_) | Numeric::V6(_), _) => false,
    }
}
