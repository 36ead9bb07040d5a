//! The wording of what is refused after the options have been parsed.

use crate::facts::tables::Platform;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::schema::alternatives;
use crate::suggest;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::configure::refusal::{Refusal, refused};

/// What may be there, the nearest first.
fn meant<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    let words: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    match suggest::nearest(word, &words) {
        Some(nearest) if words.len() > 1 => {
            format!("did you mean `{nearest}`? There are {}", listed(&words))
        }
        Some(_) | None => format!("there are {}", listed(&words)),
    }
}

fn listed(words: &[&str]) -> String {
    alternatives(words).replace(" or ", " and ")
}

pub(super) fn cluster_name(directory: &str, cluster: &str) -> Refusal {
    if cluster.is_empty() {
        return refused(
            format!("`{directory}` has no name that a cluster could have"),
            "name a folder that does not exist yet, for example `clusters/speedy`",
        );
    }
    refused(
        format!("`{cluster}` cannot be the name of a cluster"),
        "the cluster is called like the folder: use ASCII letters, digits, `_` and `-` alone",
    )
}

// ---- Postgres ----

pub(super) fn unknown_flavour(name: &str) -> Refusal {
    refused(
        format!("there is no flavour `{name}` of Postgres"),
        meant(name, &Flavour::ALL.map(Flavour::name)),
    )
}

pub(super) fn unknown_version(
    flavour: Flavour,
    version: &str,
    tpa: TpaVersion,
    known: &[&str],
) -> Refusal {
    let flavour = flavour.name();
    refused(
        match changes::major(tpa, version) {
            Availability::NotYet(since) => {
                format!("TPA deploys {flavour} {version} from {since} on, and this is for {tpa}")
            }
            Availability::Gone(since) => {
                format!("TPA {since} and later make no new clusters with {flavour} {version}")
            }
            Availability::Here => format!("TPA does not deploy {flavour} `{version}`"),
        },
        format!("its versions are {}", listed(known)),
    )
}

pub(super) fn two_versions(option: &str, one: &str, other: &str) -> Refusal {
    refused(
        format!("`{option} {one}` and `--postgres-version {other}` name two versions"),
        "leave one of them out",
    )
}

pub(super) fn no_version(option: &str, known: &[&str]) -> Refusal {
    let newest = known.last().copied().unwrap_or_default();
    let help = if option == "--postgres-flavour" {
        format!("for example, add `--postgres-version {newest}`")
    } else {
        format!("for example, write `{option} {newest}`")
    };
    refused("no version of Postgres is chosen", help)
}

pub(super) fn redwood_missing() -> Refusal {
    refused(
        "EPAS must be told whether it is compatible with Oracle",
        "add `--redwood` for Oracle's types and functions, or `--no-redwood` for plain Postgres; it cannot be changed later",
    )
}

pub(super) fn redwood_without_epas(flavour: Flavour) -> Refusal {
    let flavour = flavour.name();
    refused(
        format!("`--redwood` and `--no-redwood` mean nothing to {flavour}"),
        "leave them out, or choose EPAS with `--epas`",
    )
}

pub(super) fn pem_with_pgextended() -> Refusal {
    refused(
        "PEM does not work with the flavour `pgextended`",
        "leave `--enable-pem` out, or choose `--edbpge`, its successor",
    )
}

// ---- repositories ----

pub(super) fn repository_parts(repository: &str) -> Refusal {
    refused(
        format!("`{repository}` is not the name of a repository"),
        "write source, product and maturity, for example `dl/default/release`",
    )
}

pub(super) fn repository_part(repository: &str, part: &str, word: &str, known: &[&str]) -> Refusal {
    refused(
        format!("the repository `{repository}` has no known {part}: `{word}`"),
        meant(word, known),
    )
}

// ---- compliance ----

pub(super) fn stig(needed: &str, option: &str) -> Refusal {
    refused(
        format!("`--compliance stig` needs {needed}"),
        format!("add `{option}`, or choose `--compliance cis`, which has no such conditions"),
    )
}

// ---- aws ----

pub(super) fn unknown_region(region: &str, tpa: TpaVersion, known: &[&str]) -> Refusal {
    if let Availability::NotYet(since) = changes::region(tpa, region) {
        return refused(
            format!("the region `{region}` needs TPA {since} or later, and this is for {tpa}"),
            "upgrade TPA and leave `--tpa` out, or choose another region",
        );
    }
    let mut sorted = known.to_vec();
    sorted.sort_unstable();
    refused(
        format!("TPA does not know the region `{region}`"),
        meant(region, &sorted),
    )
}

// ---- locations ----

pub(super) fn duplicate_location(name: &str) -> Refusal {
    refused(
        format!("there are two locations `{name}`"),
        "give each location a name of its own",
    )
}

pub(super) fn single_and_witness(single: &str, witness: &str) -> Refusal {
    refused(
        format!(
            "`--single-node-location {single}` and `--witness-only-location {witness}` exclude each other"
        ),
        "leave one of them out here, and write the other into the source that you get: `location NAME { witness }` or `{ single }`",
    )
}

pub(super) fn unknown_location(option: &str, name: &str, known: &[String]) -> Refusal {
    refused(
        format!("`{option} {name}` names no location of this cluster"),
        format!("{}; `--location-names` defines them", meant(name, known)),
    )
}

pub(super) fn witness_with_patroni(name: &str) -> Refusal {
    refused(
        format!("`--witness-only-location {name}` needs repmgr or EFM"),
        "leave it out: with Patroni the members of etcd vote",
    )
}

pub(super) fn too_few_locations(name: &str, count: usize) -> Refusal {
    let locations = if count == 1 {
        "is 1 location"
    } else {
        "are 2 locations"
    };
    refused(
        format!(
            "a witness-only location needs two active ones beside it, and there {locations} in all"
        ),
        format!("name three with `--location-names`, `{name}` among them"),
    )
}

pub(super) fn inactive_primary(name: &str) -> Refusal {
    refused(
        format!("the primary cannot be in `{name}`, which is not an active location"),
        "name a location that is neither the single-node nor the witness-only one",
    )
}

pub(super) fn no_active_location(name: &str) -> Refusal {
    refused(
        format!("`--single-node-location {name}` leaves no location for the primary"),
        "name another location beside it with `--location-names`",
    )
}

pub(super) fn data_nodes(number: i64, most: i64) -> Refusal {
    refused(
        format!("{number} data nodes per location cannot be"),
        format!("`--data-nodes-per-location` takes 1 to {most}"),
    )
}

// ---- failover managers ----

pub(super) fn unknown_manager(name: &str) -> Refusal {
    refused(
        format!("there is no failover manager `{name}`"),
        meant(name, FailoverManager::OF_CONFIGURE),
    )
}

pub(super) fn haproxy_without_patroni(manager: FailoverManager) -> Refusal {
    let manager = manager.name();
    refused(
        format!("`--enable-haproxy` does not work with {manager}"),
        "choose `--enable-patroni`, whose REST API tells HAProxy who the primary is, or use `--enable-pgbouncer`",
    )
}

pub(super) fn haproxy_on_old_system(platform: Platform) -> Refusal {
    let option = match platform {
        Platform::Aws | Platform::Docker => "--distribution RedHat --os-version 9",
        Platform::Bare => "--os-version 9",
    };
    refused(
        "Patroni with HAProxy does not run on RHEL 7",
        format!("choose a newer system, for example `{option}`"),
    )
}

pub(super) fn haproxy_with_pgbouncer() -> Refusal {
    refused(
        "HAProxy and PgBouncer exclude each other",
        "leave one of them out",
    )
}

pub(super) fn patroni_with_locations(count: usize) -> Refusal {
    refused(
        format!("TPA sets up Patroni in one active location, and there are {count}"),
        "name one location, or choose `--enable-repmgr` or `--enable-efm`",
    )
}

pub(super) fn repmgr_with_old_epas(version: &str) -> Refusal {
    refused(
        format!("repmgr does not manage EPAS {version}"),
        "choose `--enable-efm`, or EPAS 14 or later",
    )
}

pub(super) fn bind_without_efm(manager: FailoverManager) -> Refusal {
    let manager = manager.name();
    refused(
        format!("`--efm-bind-by-hostname` means nothing to {manager}"),
        "leave it out, or choose `--enable-efm`",
    )
}

pub(super) fn efm_version(version: &str) -> Refusal {
    refused(
        format!("`{version}` is not a version of EFM"),
        "write numbers with points between them, for example `--efm-version 5.1`",
    )
}
