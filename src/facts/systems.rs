//! Operating systems: their families, releases, codenames and ends of life, and how images are named after them.

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

    /// The system in words.
    pub fn words(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The last day with fixes for everybody, on which long-term support ends too.
    pub fn end_of_life(&self) -> Option<&'static str> {
        ENDS.iter()
            .find(|(name, version, _)| self.is(name, version))
            .map(|(_, _, end)| *end)
    }

    /// Whether the tasks of TPA know it.
    pub fn is_supported(&self) -> bool {
        SUPPORTED
            .iter()
            .any(|(name, versions)| self.name == *name && versions.contains(&self.version.as_str()))
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

const CODENAMES: &[(&str, &str)] = &[
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
];

/// What TPA's images without a tag, or with the tag `latest`, are built from.
const LATEST: &[(&str, &str)] = &[
    ("AlmaLinux", "9"),
    ("Debian", "11"),
    ("RedHat", "9"),
    ("Rocky", "9"),
    ("Ubuntu", "24.04"),
];

const SUPPORTED: &[(&str, &[&str])] = &[
    ("AlmaLinux", &["8", "9"]),
    ("CentOS", &["7", "8", "9"]),
    ("Debian", &["8", "9", "10", "11", "12"]),
    ("OracleLinux", &["7", "8", "9"]),
    ("RedHat", &["7", "8", "9"]),
    ("Rocky", &["8", "9"]),
    ("SLES", &["15"]),
    ("Ubuntu", &["16.04", "18.04", "20.04", "22.04", "24.04"]),
];

const ENDS: &[(&str, &str, &str)] = &[
    ("AlmaLinux", "8", "2029-05-31"),
    ("AlmaLinux", "9", "2032-05-31"),
    ("CentOS", "7", "2024-06-30"),
    ("CentOS", "8", "2024-05-31"),
    ("CentOS", "9", "2027-05-31"),
    ("Debian", "8", "2020-06-30"),
    ("Debian", "9", "2022-06-30"),
    ("Debian", "10", "2024-06-30"),
    ("Debian", "11", "2026-08-31"),
    ("Debian", "12", "2028-06-30"),
    ("OracleLinux", "7", "2024-12-31"),
    ("OracleLinux", "8", "2029-07-31"),
    ("OracleLinux", "9", "2032-06-30"),
    ("RedHat", "7", "2024-06-30"),
    ("RedHat", "8", "2029-05-31"),
    ("RedHat", "9", "2032-05-31"),
    ("Rocky", "8", "2029-05-31"),
    ("Rocky", "9", "2032-05-31"),
    ("Ubuntu", "16.04", "2021-04-30"),
    ("Ubuntu", "18.04", "2023-05-31"),
    ("Ubuntu", "20.04", "2025-05-31"),
    ("Ubuntu", "22.04", "2027-04-30"),
    ("Ubuntu", "24.04", "2029-04-30"),
];

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
        let (_, version) = LATEST.iter().find(|(latest, _)| latest == name)?;
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

/// A release, unless what stands for its version is something else.
fn system(name: &'static str, family: Family, version: &str) -> Option<System> {
    let codename = CODENAMES.iter().find(|(codename, _)| *codename == version);
    let version = codename.map_or(version, |(_, version)| version);
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
