//! Flavour and version of Postgres.

use super::errors;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::resolve::tables::library_releases;
use crate::topology::Flavour;
use crate::tpa::configure::options::{CommandOption, Group};
use crate::tpa::configure::refusal::Refusal;
use crate::tpa::configure::values::{Given, Values};

pub(super) fn postgres(
    values: &Values,
    given: &[&'static CommandOption],
    tpa: TpaVersion,
) -> Result<(Flavour, String), Refusal> {
    let name = values.text("postgres_flavour").unwrap_or_default();
    let Some(flavour) = Flavour::parse(name) else {
        return Err(errors::unknown_flavour(name));
    };
    let option = given
        .iter()
        .find(|option| option.group == Some(Group::Flavour));
    let option = option.map_or("--postgres-flavour", |option| option.name());
    let version = version(values, flavour, option, tpa)?;
    redwood(values, flavour)?;
    if flavour == Flavour::Pgextended && values.is_on("enable_pem") {
        return Err(errors::pem_with_pgextended());
    }
    Ok((flavour, version))
}

/// The name under which the version stands that was given together with a flavour.
pub(in crate::tpa::configure) const FLAVOUR_VERSION: &str = "flavour_version";

/// The versions that the `tpaexec configure` of a release takes.
pub(in crate::tpa::configure) fn offered(flavour: &str, tpa: TpaVersion) -> Vec<&'static str> {
    let mut versions = library_releases(flavour);
    versions.retain(|version| changes::major(tpa, version) == Availability::Here);
    versions
}

fn version(
    values: &Values,
    flavour: Flavour,
    option: &str,
    tpa: TpaVersion,
) -> Result<String, Refusal> {
    let known = offered(flavour.name(), tpa);
    let of_flavour = match values.get(FLAVOUR_VERSION) {
        Some(Given::Text(version)) => Some(version.as_str()),
        Some(Given::Boolean(_) | Given::Integer(_) | Given::List(_)) | None => None,
    };
    let alone = values.text("postgres_version");
    for version in of_flavour.into_iter().chain(alone) {
        if !known.contains(&version) {
            return Err(errors::unknown_version(flavour, version, tpa, &known));
        }
    }
    match (of_flavour, alone) {
        (Some(one), Some(other)) if one != other => Err(errors::two_versions(option, one, other)),
        (Some(version), _) | (None, Some(version)) => Ok(version.to_owned()),
        (None, None) => Err(errors::no_version(option, &known)),
    }
}

fn redwood(values: &Values, flavour: Flavour) -> Result<(), Refusal> {
    match (
        flavour == Flavour::Epas,
        values.boolean("epas_redwood_compat"),
    ) {
        (true, None) => Err(errors::redwood_missing()),
        (false, Some(_)) => Err(errors::redwood_without_epas(flavour)),
        (true, Some(_)) | (false, None) => Ok(()),
    }
}
