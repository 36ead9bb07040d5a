//! What is asked about the changes.

use super::What::{Differs, Images, Majors, Regions, Stops};
use super::With::Manager;
use super::{
    Ami, CHANGES, Change, Check, Difference, Refused, Running, Stop, Turn, What, With, Written,
};
use crate::facts::choices::{FailoverManager, Platform};
use crate::facts::roles::Role;
use crate::facts::tpa::TpaVersion;

/// The changes that hold for a release.
pub fn until(version: TpaVersion) -> impl Iterator<Item = &'static Change> {
    CHANGES
        .iter()
        .filter(move |change| change.version <= version)
}

/// What becomes of something with a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    Here,
    /// It begins later.
    NotYet(TpaVersion),
    /// It has ended.
    Gone(TpaVersion),
}

impl Availability {
    /// Whether it is there, or was.
    pub fn has_begun(self) -> bool {
        match self {
            Availability::Here | Availability::Gone(_) => true,
            Availability::NotYet(_) => false,
        }
    }
}

/// Whether a release has what the rows that `concern` it begin or end.
fn availability(version: TpaVersion, concerns: impl Fn(&What) -> bool) -> Availability {
    let mut availability = Availability::Here;
    for change in CHANGES.iter().filter(|change| concerns(&change.what)) {
        match change.turn {
            Turn::Begins if change.version > version => {
                return Availability::NotYet(change.version);
            }
            Turn::Ends if change.version <= version => {
                availability = Availability::Gone(change.version);
            }
            Turn::Begins | Turn::Ends => {}
        }
    }
    availability
}

/// Whether `tpaexec configure` takes a major version of Postgres, if it is one of TPA's at all.
pub fn major(version: TpaVersion, name: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, Majors(majors) if majors.contains(&name)),
    )
}

/// Whether a release has a region, if it is one of TPA's at all.
pub fn region(version: TpaVersion, name: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, Regions(regions) if regions.contains(&name)),
    )
}

/// Whether a release has a version of an image, if it is one of TPA's at all.
pub fn image(version: TpaVersion, platform: Platform, name: &str, of: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, Images(on, images) if *on == platform && images.contains(&(name, of))),
    )
}

/// The first release that knows an operating system, where older ones do not.
pub fn system_since(name: &str, version: &str) -> Option<TpaVersion> {
    let begins = CHANGES.iter().filter(|change| change.turn == Turn::Begins);
    let has = |change: &&Change| matches!(change.what, Images(_, images) if images.contains(&(name, version)));
    begins.filter(has).map(|change| change.version).min()
}

/// Whether a release has an option of `tpaexec configure`, if it is one of TPA's at all.
pub fn option(version: TpaVersion, name: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, What::Option(option) if *option == name),
    )
}

/// Whether `tpaexec configure` does something that a release brought.
pub fn does(version: TpaVersion, check: Check) -> bool {
    let is = |what: &What| matches!(what, What::Check(known) if *known == check);
    availability(version, is) == Availability::Here
}

/// The AMIs that have newer ones in their place.
fn amis() -> impl Iterator<Item = (&'static Change, Ami)> {
    CHANGES.iter().filter_map(|change| {
        if let What::Ami(ami) = change.what {
            Some((change, ami))
        } else {
            None
        }
    })
}

/// The name that a release has for an AMI that goes by this name now.
pub fn ami(version: TpaVersion, present: &str) -> Option<&'static str> {
    let (_, ami) =
        amis().find(|(change, ami)| ami.present == present && version < change.version)?;
    Some(ami.old)
}

/// An AMI of an earlier release.
pub fn earlier_ami(name: &str) -> Option<Ami> {
    let mut amis = amis().map(|(_, ami)| ami);
    amis.find(|ami| ami.old == name)
}

/// What `tpaexec configure` of a release writes for new clusters. A later row about a variable replaces an earlier one.
pub fn written_for(
    version: TpaVersion,
    manager: FailoverManager,
    platform: Platform,
) -> Vec<Written> {
    let mut all: Vec<Written> = Vec::new();
    for change in until(version) {
        let What::Written(written) = change.what else {
            continue;
        };
        let holds = match written.with {
            Manager(with) => with == manager,
            With::Platform(with) => with == platform,
        };
        if holds {
            all.retain(|known| known.variable != written.variable);
            if change.turn == Turn::Begins {
                all.push(written);
            }
        }
    }
    all
}

/// The variables at which deployments of some release stop.
pub fn refused_variables() -> impl Iterator<Item = (&'static Change, Refused)> {
    CHANGES.iter().filter_map(|change| {
        if let What::Refused(refused) = change.what {
            Some((change, refused))
        } else {
            None
        }
    })
}

/// Whether deployments of a release stop at something.
pub fn stops(version: TpaVersion, stop: Stop) -> Availability {
    availability(
        version,
        |what| matches!(what, Stops(known) if *known == stop),
    )
}

/// The release whose deployments no longer stop at something.
pub fn stops_until(stop: Stop) -> Option<TpaVersion> {
    let mut ends = CHANGES.iter().filter(|change| change.turn == Turn::Ends);
    let change = ends.find(|change| change.what == Stops(stop))?;
    Some(change.version)
}

/// Whether TPA copies a property of EFM, if it is one that TPA knows at all.
pub fn efm_property(version: TpaVersion, name: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, What::EfmProperty(property) if *property == name),
    )
}

/// Whether TPA has packages of an extension, if it is one of those that it knows at all.
pub fn extension(version: TpaVersion, name: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, What::Extension(extension) if *extension == name),
    )
}

/// Whether TPA has packages of a version of `PostGIS`, if it is not one that all releases have.
pub fn postgis(version: TpaVersion, of: &str) -> Availability {
    availability(
        version,
        |what| matches!(what, What::Postgis(known) if *known == of),
    )
}

/// Whether TPA has a role of machines, if it is one of its own at all.
pub fn role(version: TpaVersion, role: Role) -> Availability {
    availability(
        version,
        |what| matches!(what, What::Role(known) if *known == role),
    )
}

/// What is done otherwise after one release, up to another one.
pub fn differences(
    after: TpaVersion,
    upto: TpaVersion,
) -> impl Iterator<Item = (&'static Change, Difference)> {
    let between = until(upto).filter(move |change| change.version > after);
    between.filter_map(|change| {
        if let Differs(difference) = change.what {
            Some((change, difference))
        } else {
            None
        }
    })
}

/// Whether a release does something otherwise than older ones.
pub fn differs(version: TpaVersion, difference: Difference) -> bool {
    let is = |what: &What| matches!(what, Differs(known) if *known == difference);
    availability(version, is) == Availability::Here
}

/// What a cluster that runs may do about a variable that is written for new ones.
pub fn running(variable: &str) -> Option<Running> {
    CHANGES.iter().find_map(|change| {
        if let What::Written(written) = change.what {
            (written.variable == variable).then_some(written.running)
        } else {
            None
        }
    })
}

/// The first release that writes a variable for new clusters.
pub fn written_since(variable: &str) -> Option<TpaVersion> {
    let is = |change: &&Change| matches!(change.what, What::Written(written) if written.variable == variable);
    CHANGES.iter().find(is).map(|change| change.version)
}
