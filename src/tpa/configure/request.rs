//! What the options ask for, checked: the checks of `tpaexec configure` in its order, with better words.

mod errors;
mod postgres;
mod repositories;
mod topology;

pub(super) use postgres::{FLAVOUR_VERSION, offered};

use super::layout::Layout;
use super::mounts::{self, Mounts};
use super::options::{CommandOption, Dialect};
use super::refusal::Refusal;
use super::sources::{self, Build};
use super::surroundings::Surroundings;
use super::values::Values;
use crate::facts::choices::Compliance;
use crate::facts::tables::{DEFAULT_REGION, Platform};
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::resolve::tables::library_names;
use crate::topology::Flavour;
use crate::tpa::configure::target::Target;

/// A cluster that the options describe.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) cluster: String,
    /// The release of TPA whose `configure` is followed.
    pub(super) tpa: TpaVersion,
    pub(super) platform: Platform,
    pub(super) flavour: Flavour,
    pub(super) version: String,
    pub(super) layout: Layout,
    pub(super) builds: Vec<Build>,
    pub(super) mounts: Mounts,
    /// Each once; one unless several were given.
    pub(super) regions: Vec<String>,
    /// All other values, by their internal names.
    pub(super) values: Values,
}

/// The folder's name is the cluster's.
pub(super) fn target(directory: &str) -> Result<Target, Refusal> {
    let trimmed = directory.trim_end_matches('/');
    let cluster = trimmed.rsplit('/').next().unwrap_or_default();
    let valid = !cluster.is_empty()
        && cluster
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'));
    if !valid {
        return Err(errors::cluster_name(directory, cluster));
    }
    Ok(Target {
        cluster: cluster.to_owned(),
        directory: trimmed.to_owned(),
    })
}

/// Checks what the options say together.
pub(super) fn request(
    target: &Target,
    dialect: Dialect,
    values: &Values,
    given: &[&'static CommandOption],
    surroundings: &dyn Surroundings,
) -> Result<Request, Refusal> {
    let Dialect { platform, tpa } = dialect;
    let (flavour, version) = postgres::postgres(values, given, tpa)?;
    repositories::retired(values)?;
    let builds = sources::builds(values)?;
    let distribution = values.text("distribution");
    if values.text("compliance") == Some(Compliance::Stig.name()) {
        stig(platform, flavour, distribution, values.text("os_version"))?;
    }
    let regions = regions(dialect, values)?;
    let mounts = mounts::mounts(target, platform, values, &builds, surroundings)?;
    let layout = topology::layout(platform, flavour, &version, values)?;
    Ok(Request {
        cluster: target.cluster.clone(),
        tpa,
        platform,
        flavour,
        version,
        layout,
        builds,
        mounts,
        regions,
        values: values.clone(),
    })
}

fn stig(
    platform: Platform,
    flavour: Flavour,
    distribution: Option<&str>,
    version: Option<&str>,
) -> Result<(), Refusal> {
    if platform != Platform::Bare {
        return Err(errors::stig("platform bare", "--platform bare"));
    }
    if flavour != Flavour::Epas {
        return Err(errors::stig("EPAS", "--epas VERSION"));
    }
    if distribution != Some("RedHat") {
        return Err(errors::stig("RHEL", "--distribution RedHat"));
    }
    if !matches!(version, Some("8" | "9")) {
        return Err(errors::stig("RHEL 8 or 9", "--os-version 9"));
    }
    Ok(())
}

/// The regions of the cluster, each once.
fn regions(dialect: Dialect, values: &Values) -> Result<Vec<String>, Refusal> {
    if dialect.platform != Platform::Aws {
        return Ok(Vec::new());
    }
    let named = match (values.list("regions"), values.text("region")) {
        (Some(regions), _) => regions.to_vec(),
        (None, region) => vec![region.unwrap_or(DEFAULT_REGION).to_owned()],
    };
    let mut known = library_names("region");
    known.retain(|name| changes::region(dialect.tpa, name) == Availability::Here);
    let mut regions: Vec<String> = Vec::new();
    for region in named {
        if !known.contains(&region.as_str()) {
            return Err(errors::unknown_region(&region, dialect.tpa, &known));
        }
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(regions)
}
