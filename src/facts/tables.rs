//! The tables that `image`, `region` and `release` statements fill: facts about machines, clouds and Postgres.

use std::collections::HashSet;

pub use crate::facts::choices::Platform;

/// The image that a platform takes when none is written, as in TPA.
pub const DEFAULT_AWS_IMAGE: &str = "Debian";
pub const DEFAULT_DOCKER_IMAGE: &str = "Rocky";

/// The region that is taken when none is written, as in TPA.
pub const DEFAULT_REGION: &str = "eu-west-1";

/// A machine image: one `PLATFORM VERSION { … }` line of an `image` statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `Debian`, `RedHat-arm`.
    pub name: String,
    pub platform: Platform,
    /// `12`, `24.04`.
    pub version: String,
    /// Other words for the version: `bookworm`.
    pub aliases: Vec<String>,
    /// Whether it is taken when no version is named.
    pub default: bool,
    /// The name of the AMI (aws).
    pub ami: Option<String>,
    /// The account that owns the AMI (aws).
    pub owner: Option<String>,
    /// The family of operating systems as Ansible names it (aws).
    pub family: Option<String>,
    /// The processor architecture (aws).
    pub arch: Option<String>,
    /// Who logs in.
    pub user: String,
    /// `python3`, or `python2` on the oldest systems.
    pub python: String,
    /// The instance type when none is written (aws).
    pub instance: String,
    /// The container image without its tag (docker).
    pub image: Option<String>,
}

/// A cloud region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    /// What is appended to the region's name: `a`, `b`, `c`.
    pub zones: Vec<String>,
}

/// A version of Postgres that TPA can deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub flavour: String,
    pub version: String,
    /// `2027-11-11`.
    pub end_of_life: String,
}

/// Entries of the tables: what a source defines, and what its clusters name of the library. Of two with one key the first
/// holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    pub images: Vec<Image>,
    /// Images that repeat another one: its name, and the name of the other.
    pub like: Vec<(String, String)>,
    pub regions: Vec<Region>,
    pub releases: Vec<Release>,
    /// The keys of all entries.
    known: HashSet<(String, &'static str, String)>,
}

impl Tables {
    /// Adds a version of an image, unless there is one with the same name, platform and version.
    pub fn add_image(&mut self, new: Image) {
        let key = (new.name.clone(), new.platform.name(), new.version.clone());
        if self.known.insert(key) {
            self.images.push(new);
        }
    }

    pub fn add_region(&mut self, new: Region) {
        if self
            .known
            .insert((new.name.clone(), "region", String::new()))
        {
            self.regions.push(new);
        }
    }

    pub fn add_release(&mut self, new: Release) {
        let key = (new.flavour.clone(), "release", new.version.clone());
        if self.known.insert(key) {
            self.releases.push(new);
        }
    }

    /// The versions of an image on a platform; the user's own are first.
    pub fn images_of(&self, name: &str, platform: Platform) -> Vec<&Image> {
        let of = |image: &&Image| image.name == name && image.platform == platform;
        self.images.iter().filter(of).collect()
    }

    pub fn region(&self, name: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.name == name)
    }

    pub fn release(&self, flavour: &str, version: &str) -> Option<&Release> {
        let is = |release: &&Release| release.flavour == flavour && release.version == version;
        self.releases.iter().find(is)
    }

    /// Whether an image has this AMI.
    pub fn has_ami(&self, ami: &str) -> bool {
        self.images
            .iter()
            .any(|image| image.ami.as_deref() == Some(ami))
    }

    /// Whether an image is this container image, with its tag.
    pub fn has_container(&self, name: &str) -> bool {
        self.images.iter().any(|image| {
            let tags = std::iter::once(&image.version).chain(&image.aliases);
            let full = |tag: &String| {
                let rest = image
                    .image
                    .as_deref()
                    .and_then(|image| name.strip_prefix(image));
                rest.and_then(|rest| rest.strip_prefix(':')) == Some(tag)
            };
            tags.into_iter().any(full)
        })
    }
}
