//! Operating systems: their families, releases, codenames and ends of life, and how images are named after them.

use crate::facts::tpa::changes;
use crate::facts::tpa::{TpaVersion, V23_43};

/// Systems that share a package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Debian,
    RedHat,
    Suse,
}

/// A release of an operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// As TPA names it: `RedHat`.
    pub name: &'static str,
    pub family: Family,
    /// `12`, `24.04`.
    pub version: String,
}

impl System {
    pub fn is(&self, name: &str, version: &str) -> bool {
        self.name == name && self.version == version
    }

    fn release(&self) -> Option<&'static Release> {
        RELEASES
            .iter()
            .find(|known| self.is(known.name, known.version))
    }

    /// The system in words.
    pub fn words(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The last day with fixes for everybody, on which long-term support ends too.
    pub fn end_of_life(&self) -> Option<&'static str> {
        self.release()?.end
    }

    /// Whether the tasks of a release of TPA know it.
    pub fn is_supported(&self, tpa: TpaVersion) -> bool {
        self.release().is_some() && self.since().is_none_or(|since| since <= tpa)
    }

    /// The first release of TPA that knows it, where older ones do not.
    pub fn since(&self) -> Option<TpaVersion> {
        changes::system_since(self.name, &self.version)
    }
}

/// How image names spell systems.
const WORDS: &[(&str, &str, Family)] = &[
    ("almalinux", "AlmaLinux", Family::RedHat),
    ("amzn", "Amazon Linux", Family::RedHat),
    ("al", "Amazon Linux", Family::RedHat),
    ("centos", "CentOS", Family::RedHat),
    ("debian", "Debian", Family::Debian),
    ("oraclelinux", "OracleLinux", Family::RedHat),
    ("redhat", "RedHat", Family::RedHat),
    ("rhel", "RedHat", Family::RedHat),
    ("rocky", "Rocky", Family::RedHat),
    ("rockylinux", "Rocky", Family::RedHat),
    ("sles", "SLES", Family::Suse),
    ("ubuntu", "Ubuntu", Family::Debian),
];

/// A release that TPA knows, whichever release of it.
struct Release {
    name: &'static str,
    version: &'static str,
    codename: Option<&'static str>,
    /// The last day with fixes for everybody, on which long-term support ends too.
    end: Option<&'static str>,
}

const fn release(
    name: &'static str,
    version: &'static str,
    codename: Option<&'static str>,
    end: Option<&'static str>,
) -> Release {
    Release {
        name,
        version,
        codename,
        end,
    }
}

#[rustfmt::skip]
const RELEASES: &[Release] = &[
    release("AlmaLinux", "8", None, Some("2029-05-31")),
    release("AlmaLinux", "9", None, Some("2032-05-31")),
    release("AlmaLinux", "10", None, Some("2035-05-31")),
    release("CentOS", "7", None, Some("2024-06-30")),
    release("CentOS", "8", None, Some("2024-05-31")),
    release("CentOS", "9", None, Some("2027-05-31")),
    release("Debian", "8", None, Some("2020-06-30")),
    release("Debian", "9", Some("stretch"), Some("2022-06-30")),
    release("Debian", "10", Some("buster"), Some("2024-06-30")),
    release("Debian", "11", Some("bullseye"), Some("2026-08-31")),
    release("Debian", "12", Some("bookworm"), Some("2028-06-30")),
    release("Debian", "13", Some("trixie"), Some("2030-06-30")),
    release("OracleLinux", "7", None, Some("2024-12-31")),
    release("OracleLinux", "8", None, Some("2029-07-31")),
    release("OracleLinux", "9", None, Some("2032-06-30")),
    release("OracleLinux", "10", None, Some("2035-06-30")),
    release("RedHat", "7", None, Some("2024-06-30")),
    release("RedHat", "8", None, Some("2029-05-31")),
    release("RedHat", "9", None, Some("2032-05-31")),
    release("RedHat", "10", None, Some("2035-05-31")),
    release("Rocky", "8", None, Some("2029-05-31")),
    release("Rocky", "9", None, Some("2032-05-31")),
    release("Rocky", "10", None, Some("2035-05-31")),
    release("SLES", "15", None, None),
    release("Ubuntu", "16.04", None, Some("2021-04-30")),
    release("Ubuntu", "18.04", Some("bionic"), Some("2023-05-31")),
    release("Ubuntu", "20.04", Some("focal"), Some("2025-05-31")),
    release("Ubuntu", "22.04", Some("jammy"), Some("2027-04-30")),
    release("Ubuntu", "24.04", Some("noble"), Some("2029-04-30")),
];

/// The images of containers that TPA can build, without `tpa/`, and what each is built on. Sorted by name. Older releases
/// do not have all of them: see [`base`].
pub const BUILDABLE: &[(&str, &str)] = &[
    ("almalinux:10", "almalinux:10"),
    ("almalinux:8", "almalinux:8"),
    ("almalinux:9", "almalinux:9"),
    ("almalinux:latest", "almalinux:9"),
    ("centos:8", "centos:8"),
    ("centos:9", "centos:9"),
    ("debian:10", "debian:10"),
    ("debian:11", "debian:11"),
    ("debian:12", "debian:12"),
    ("debian:13", "debian:13"),
    ("debian:9", "debian:9"),
    ("debian:bookworm", "debian:12"),
    ("debian:bullseye", "debian:11"),
    ("debian:buster", "debian:10"),
    ("debian:latest", "debian:11"),
    ("debian:stretch", "debian:9"),
    ("debian:trixie", "debian:13"),
    ("oraclelinux:10", "oraclelinux:10"),
    ("oraclelinux:7", "oraclelinux:7"),
    ("oraclelinux:8", "oraclelinux:8"),
    ("oraclelinux:9", "oraclelinux:9"),
    ("redhat:10", "rockylinux/rockylinux:10"),
    ("redhat:7", "centos:7"),
    ("redhat:8", "rockylinux/rockylinux:8"),
    ("redhat:9", "rockylinux/rockylinux:9"),
    ("redhat:latest", "rockylinux/rockylinux:9"),
    ("rocky:10", "rockylinux/rockylinux:10"),
    ("rocky:8", "rockylinux/rockylinux:8"),
    ("rocky:9", "rockylinux/rockylinux:9"),
    ("rocky:latest", "rockylinux/rockylinux:9"),
    ("sles:15", "registry.suse.com/bci/bci-base:15.7"),
    ("ubuntu:18.04", "ubuntu:bionic"),
    ("ubuntu:20.04", "ubuntu:focal"),
    ("ubuntu:22.04", "ubuntu:jammy"),
    ("ubuntu:24.04", "ubuntu:noble"),
    ("ubuntu:bionic", "ubuntu:bionic"),
    ("ubuntu:focal", "ubuntu:focal"),
    ("ubuntu:jammy", "ubuntu:jammy"),
    ("ubuntu:latest", "ubuntu:noble"),
    ("ubuntu:noble", "ubuntu:noble"),
];

/// What SLES is built on before the service pack changes.
const OLDER_SLES: &str = "registry.suse.com/bci/bci-base:15.6";

/// What an image of a container is built on, if a release of TPA can build it: `tpa/rocky:9`. Without a tag it is
/// `latest`.
pub fn base(image: &str, tpa: TpaVersion) -> Option<&'static str> {
    let (found, base) = buildable(image)?;
    let (system, tag) = found.split_once(':')?;
    let (_, name, family) = WORDS.iter().find(|(word, _, _)| *word == system)?;
    if *family == Family::Suse && tpa < V23_43 {
        return Some(OLDER_SLES);
    }
    let is_there = self::system(name, *family, tag).is_none_or(|known| known.is_supported(tpa));
    is_there.then_some(base)
}

/// The row of an image of TPA's.
fn buildable(image: &str) -> Option<(&'static str, &'static str)> {
    let name = image.strip_prefix("tpa/")?;
    let (system, tag) = name.split_once(':').unwrap_or((name, "latest"));
    let known = |known: &str| known.split_once(':') == Some((system, tag));
    BUILDABLE.iter().find(|(image, _)| known(image)).copied()
}

/// The accounts that the AMIs in the library come from, and the root devices of their images: those of Debian, then Red
/// Hat, Rocky, Ubuntu and SUSE.
const ACCOUNTS: &[(&str, &str)] = &[
    ("136693071363", "/dev/xvda"),
    ("309956199498", "/dev/sda1"),
    ("792107900819", "/dev/sda1"),
    ("099720109477", "/dev/sda1"),
    ("013907871322", "/dev/sda1"),
];

/// The root device of the AMIs of an account, where it is known.
pub fn root_device(account: &str) -> Option<&'static str> {
    let known = ACCOUNTS.iter().find(|(known, _)| *known == account);
    known.map(|(_, device)| *device)
}

/// The system after the name of an AMI: `debian-12-amd64-20250210-2019`.
pub fn of_ami(name: &str) -> Option<System> {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split(['/', '-', '_', ' ', ':']).collect();
    parts.iter().enumerate().find_map(|(index, part)| {
        let next = parts.get(index + 1).copied().unwrap_or_default();
        // `ubuntu-resolute-26.04`: a codename may be between.
        let after = parts.get(index + 2).copied().unwrap_or_default();
        WORDS.iter().find_map(|(word, name, family)| {
            let rest = part.strip_prefix(word)?;
            let of = |version| system(name, *family, version);
            if !rest.is_empty() {
                return of(rest);
            }
            let release = (*name == "Ubuntu" && after.contains('.')).then_some(after);
            of(next).or_else(|| of(release?))
        })
    })
}

/// The system after the name of a container image: `tpa/rocky:9`, `debian:bookworm-slim`. Images that are named after
/// something else have versions of that.
pub fn of_container(image: &str) -> Option<System> {
    let last = image.rsplit('/').next()?;
    let (name, tag) = last.split_once(':').unwrap_or((last, "latest"));
    let (_, name, family) = WORDS.iter().find(|(word, _, _)| *word == name)?;
    if tag == "latest" && image.starts_with("tpa/") {
        let (_, base) = buildable(image)?;
        let (_, version) = base.split_once(':')?;
        return system(name, *family, version);
    }
    system(name, *family, tag.split('-').next()?)
}

/// The system that is called so in a source: `RedHat 9`.
pub fn of_name(text: &str) -> Option<System> {
    let (name, version) = text.split_once(' ')?;
    let (_, name, family) = WORDS.iter().find(|(_, known, _)| *known == name)?;
    system(name, *family, version)
}

/// The system and the version that a codename stands for: `bookworm` for Debian 12.
pub fn of_codename(codename: &str) -> Option<(&'static str, &'static str)> {
    let codename = codename.to_lowercase();
    let named = RELEASES
        .iter()
        .find(|known| known.codename == Some(codename.as_str()))?;
    Some((named.name, named.version))
}

/// A release, unless what stands for its version is something else.
fn system(name: &'static str, family: Family, version: &str) -> Option<System> {
    let codename = RELEASES
        .iter()
        .find(|known| known.codename == Some(version));
    let version = codename.map_or(version, |known| known.version);
    let (major, rest) = version.split_once('.').unwrap_or((version, ""));
    let number: u32 = major.parse().ok()?;
    let version = match name {
        "Ubuntu" => matches!(rest, "04" | "10").then_some(version)?,
        "Amazon Linux" => matches!(number, 1..=3 | 2022..=2030).then_some(major)?,
        _ => (6..=30).contains(&number).then_some(major)?,
    };
    Some(System {
        name,
        family,
        version: version.to_owned(),
    })
}
