//! The releases of TPA, and which of them a cluster is for.
//!
//! Everything that differs between them is in [`changes`], one table, but for what only one kind of fact has a table of
//! its own for: a variable says in its row since when it is read.

pub mod changes;

use std::fmt;

/// A release of TPA: `23.45`, `23.44.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TpaVersion {
    major: u16,
    minor: u16,
    patch: u16,
}

const fn version(major: u16, minor: u16, patch: u16) -> TpaVersion {
    TpaVersion {
        major,
        minor,
        patch,
    }
}

pub const V23_40: TpaVersion = version(23, 40, 0);
pub const V23_41: TpaVersion = version(23, 41, 0);
pub const V23_42: TpaVersion = version(23, 42, 0);
pub const V23_43: TpaVersion = version(23, 43, 0);
pub const V23_44: TpaVersion = version(23, 44, 0);
pub const V23_44_1: TpaVersion = version(23, 44, 1);
pub const V23_45: TpaVersion = version(23, 45, 0);

/// A release that m1c knows, with the day on which it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    pub version: TpaVersion,
    pub date: &'static str,
}

const fn release(version: TpaVersion, date: &'static str) -> Release {
    Release { version, date }
}

/// The oldest first.
pub static RELEASES: &[Release] = &[
    release(version(23, 40, 1), "2025-10-27"),
    release(V23_41, "2025-11-26"),
    release(V23_42, "2026-02-25"),
    release(V23_43, "2026-03-18"),
    release(V23_44, "2026-06-10"),
    release(V23_44_1, "2026-07-08"),
    release(V23_45, "2026-09-21"),
];

/// Why a text is no release that a cluster can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It does not look like one.
    Malformed,
    /// It came out before the first one that m1c knows.
    TooOld,
    /// There is no such release; the newest that begins with the same two numbers is this one.
    Unknown { nearest: TpaVersion },
}

impl Unusable {
    /// What is wrong with the text.
    pub fn message(self, text: &str) -> String {
        match self {
            Unusable::Malformed => format!("`{text}` is not a version of TPA"),
            Unusable::TooOld => {
                let oldest = TpaVersion::OLDEST;
                format!("TPA {text} is too old: m1c knows TPA from {oldest} on")
            }
            Unusable::Unknown { .. } => format!("there is no TPA {text}"),
        }
    }

    /// What to write instead.
    pub fn help(self) -> String {
        match self {
            Unusable::Malformed => {
                let newest = TpaVersion::NEWEST;
                format!("write two or three numbers, as in `{newest}` or `{V23_44_1}`")
            }
            Unusable::TooOld => {
                let oldest = TpaVersion::OLDEST;
                format!("write `{oldest}` for clusters that are to stay as that TPA made them")
            }
            Unusable::Unknown { nearest } => {
                let line = nearest.line();
                format!(
                    "write `{line}`, which is {nearest}, the newest release of its line that m1c knows"
                )
            }
        }
    }
}

impl TpaVersion {
    /// The newest release that m1c knows, which holds where nobody names one.
    pub const NEWEST: TpaVersion = V23_45;

    /// The first release that m1c knows.
    pub const OLDEST: TpaVersion = V23_40;

    /// Reads `23.44.1`, or `23.44`, which is the newest release that begins so. One that is newer than all that m1c knows
    /// is a release too.
    pub fn parse(text: &str) -> Result<TpaVersion, Unusable> {
        let number = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let digits = digits && (part.len() == 1 || !part.starts_with('0'));
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let parts: Option<Vec<u16>> = text.split('.').map(number).collect();
        let (major, minor, patch) = match parts.as_deref() {
            Some([major, minor]) => (*major, *minor, None),
            Some([major, minor, patch]) => (*major, *minor, Some(*patch)),
            Some(_) | None => return Err(Unusable::Malformed),
        };
        let newest_of_line = RELEASES
            .iter()
            .rev()
            .map(|release| release.version)
            .find(|known| (known.major, known.minor) == (major, minor));
        let found = version(major, minor, patch.unwrap_or(0));
        match (newest_of_line, patch) {
            (Some(newest), None) => Ok(newest),
            _ if found < Self::OLDEST => Err(Unusable::TooOld),
            _ if found.is_newer_than_known() => Ok(found),
            (Some(newest), Some(_)) if found <= newest => Ok(found),
            (Some(nearest), Some(_)) => Err(Unusable::Unknown { nearest }),
            (None, _) => Err(Unusable::Unknown {
                nearest: Self::NEWEST,
            }),
        }
    }

    /// Its first two numbers, which stand for the newest release that begins so.
    pub fn line(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// As a source names it: as short as it may be.
    pub fn spelled(self) -> String {
        let line = self.line();
        if TpaVersion::parse(&line) == Ok(self) {
            line
        } else {
            format!("{line}.{}", self.patch)
        }
    }

    /// Whether it came out after this m1c.
    pub fn is_newer_than_known(self) -> bool {
        self > Self::NEWEST
    }
}

impl fmt::Display for TpaVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)?;
        match self.patch {
            0 => Ok(()),
            patch => write!(formatter, ".{patch}"),
        }
    }
}

/// What is said about something, with the release that brought it.
pub fn described(since: Option<TpaVersion>, documentation: &str) -> String {
    match since {
        Some(version) => format!("Since TPA {version}. {documentation}"),
        None => documentation.to_owned(),
    }
}

/// Which TPA a run is for, as far as sources leave it open or are overruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one of a source that names none itself.
    Otherwise(TpaVersion),
    /// This one and no other: a source that names another one is a mistake.
    Only(TpaVersion),
    /// This one, whatever a source names.
    Instead(TpaVersion),
}

impl Target {
    pub fn version(self) -> TpaVersion {
        match self {
            Target::Otherwise(version) | Target::Only(version) | Target::Instead(version) => {
                version
            }
        }
    }
}

impl Default for Target {
    fn default() -> Target {
        Target::Otherwise(TpaVersion::NEWEST)
    }
}
