//! What the names of EC2 instance types say: `m7gd.large` is the seventh generation of the family `m` with an ARM
//! processor and disks of its own.

use super::instance_families::FAMILIES;

/// The parts of a type's name: the family, its generation, what comes after it, the size.
fn parts(kind: &str) -> Option<(&str, u32, &str, &str)> {
    let (class, size) = kind.split_once('.')?;
    let digits = class.find(|c: char| c.is_ascii_digit())?;
    let (family, rest) = class.split_at_checked(digits)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (generation, suffix) = rest.split_at_checked(end)?;
    Some((family, generation.parse().ok()?, suffix, size))
}

/// Whether a type has an ARM processor. Nothing for what is not a name of a type.
pub fn is_arm(kind: &str) -> Option<bool> {
    let (family, _, suffix, _) = parts(kind)?;
    let is_mac = family == "mac";
    (!is_mac).then_some(family == "a" || suffix.starts_with('g'))
}

/// Whether a type pays for computing with credits that it saves while it idles.
pub fn is_burstable(kind: &str) -> bool {
    parts(kind).is_some_and(|(family, ..)| family == "t")
}

/// Whether a type has less memory than 4 GB.
pub fn is_tiny(kind: &str) -> bool {
    let of_old = parts(kind).is_some_and(|(_, _, _, size)| matches!(size, "micro" | "small"));
    memory(kind).map_or(of_old, |memory| memory < 4096)
}

/// The memory of a type in MB, for the families that databases run on.
pub fn memory(kind: &str) -> Option<u32> {
    let (family, generation, _, size) = parts(kind)?;
    let (for_each_core, is_current) = match family {
        "t" => {
            return match size {
                "nano" => Some(512),
                "micro" => Some(1024),
                "small" => Some(2 * 1024),
                "medium" => Some(4 * 1024),
                "large" => Some(8 * 1024),
                "xlarge" => Some(16 * 1024),
                "2xlarge" => Some(32 * 1024),
                _ => None,
            };
        }
        "c" => (2 * 1024, generation >= 5),
        "m" => (4 * 1024, generation >= 4),
        "r" => (8 * 1024, generation >= 5),
        _ => return None,
    };
    let cores: u32 = match size {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        _ => size
            .strip_suffix("xlarge")?
            .parse::<u32>()
            .ok()?
            .checked_mul(4)?,
    };
    cores.checked_mul(for_each_core).filter(|_| is_current)
}

/// Whether a type is known to have no disks of its own.
pub fn has_no_disks(kind: &str) -> bool {
    parts(kind).is_some_and(|(family, generation, suffix, _)| match family {
        "t" => true,
        "c" | "m" | "r" => generation >= 4 && !suffix.contains('d'),
        _ => false,
    })
}

/// The sizes of a family.
pub fn sizes(family: &str) -> Option<impl Iterator<Item = &'static str>> {
    let at = FAMILIES
        .binary_search_by(|(known, _)| known.cmp(&family))
        .ok()?;
    let (_, sizes) = FAMILIES.get(at)?;
    Some(sizes.split(' '))
}

/// Whether AWS may have a type: those of families that the table does not know may be newer than it.
pub fn may_exist(kind: &str) -> bool {
    let known = kind.split_once('.').and_then(|(family, size)| {
        let mut sizes = sizes(family)?;
        Some(sizes.any(|known| known == size))
    });
    known != Some(false)
}

/// The name of a family as the table holds it.
pub fn family(name: &str) -> Option<&'static str> {
    let at = FAMILIES
        .binary_search_by(|(known, _)| known.cmp(&name))
        .ok()?;
    FAMILIES.get(at).map(|(family, _)| *family)
}

/// Every family with its sizes.
pub fn families()
-> impl DoubleEndedIterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    FAMILIES
        .iter()
        .map(|(family, sizes)| (*family, sizes.split(' ')))
}
