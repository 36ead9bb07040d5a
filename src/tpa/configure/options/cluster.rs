//! Options about the cluster as a whole: what it is, who fails it over, where its machines stand.

use super::{CommandOption, Group, Takes, option};
use crate::facts::choices::{
    ARCHITECTURES, Compliance, FailoverManager, Keyring, PATRONI_PACKAGES, PATRONI_STORES, Platform,
};

pub(super) const SELECTION: &[CommandOption] = &[
    option(
        &["--architecture", "-a"],
        Takes::OneOf(ARCHITECTURES),
        "architecture",
        "Required. The only architecture that m1c describes.",
    ),
    option(
        &["--platform"],
        Takes::Text("PLATFORM"),
        "platform",
        "Where the machines run: aws (the default), docker or bare.",
    ),
    option(
        &["--tpa"],
        Takes::Text("VERSION"),
        "tpa",
        "The release of TPA whose `tpaexec configure` to follow, `23.45`; the source says it too. Without it `tpa` in `m1c.toml`, or the newest that m1c knows.",
    ),
    option(
        &["--verbose", "-v"],
        Takes::Nothing,
        "verbosity",
        "Accepted for TPA's sake; it changes nothing.",
    ),
    option(&["--help", "-h"], Takes::Help, "help", "Prints this page."),
];

pub(super) const FAILOVER: &[CommandOption] = &[
    option(
        &["--failover-manager"],
        Takes::OneOf(FailoverManager::OF_CONFIGURE),
        "failover_manager",
        "Who promotes a standby when the primary is lost.",
    )
    .group(Group::Failover),
    option(
        &["--enable-efm"],
        Takes::Word(FailoverManager::Efm.name()),
        "failover_manager",
        "EDB Failover Manager.",
    )
    .group(Group::Failover),
    option(
        &["--enable-repmgr"],
        Takes::Word(FailoverManager::Repmgr.name()),
        "failover_manager",
        "repmgr.",
    )
    .group(Group::Failover),
    option(
        &["--enable-patroni"],
        Takes::Word(FailoverManager::Patroni.name()),
        "failover_manager",
        "Patroni, with three etcd nodes.",
    )
    .group(Group::Failover),
];

pub(super) const LAYOUT: &[CommandOption] = &[
    option(
        &["--location-names"],
        Takes::Several("NAME"),
        "location_names",
        "The locations, `main` if there are none. The primary is in the first one that is active.",
    ),
    option(
        &["--primary-location"],
        Takes::Text("NAME"),
        "primary_location",
        "The location of the primary, if it is not the first.",
    ),
    option(
        &["--data-nodes-per-location"],
        Takes::Integer,
        "data_nodes_per_location",
        "Data nodes in every active location; 2 if nothing is said.",
    ),
    option(
        &["--single-node-location"],
        Takes::Text("NAME"),
        "single_node_location",
        "A location with a single replica.",
    ),
    option(
        &["--witness-only-location"],
        Takes::Text("NAME"),
        "witness_only_location",
        "A location with nothing but a witness. It takes two others at least, and repmgr or EFM.",
    ),
    option(
        &["--enable-haproxy"],
        Takes::Nothing,
        "enable_haproxy",
        "Two HAProxy nodes in each active location. It takes Patroni.",
    )
    .group(Group::Front),
    option(
        &["--enable-pgbouncer"],
        Takes::Nothing,
        "enable_pgbouncer",
        "PgBouncer on the data nodes of active locations.",
    )
    .group(Group::Front),
    option(
        &["--efm-bind-by-hostname"],
        Takes::Nothing,
        "efm_bind_by_hostname",
        "EFM agents know each other by host name.",
    ),
    option(
        &["--efm-version"],
        Takes::Text("VERSION"),
        "efm_version",
        "The version of EFM; 5.1 if nothing is said. TPA 23.41 and later.",
    ),
    option(
        &["--patroni-package-flavour"],
        Takes::OneOf(PATRONI_PACKAGES),
        "patroni_package_flavour",
        "Whose Patroni packages are installed.",
    ),
    option(
        &["--patroni-dcs"],
        Takes::OneOf(PATRONI_STORES),
        "patroni_dcs",
        "Where Patroni keeps its state.",
    ),
    option(
        &["--num-cascaded-replicas"],
        Takes::Integer,
        "num_cascaded_replicas",
        "Accepted for TPA's sake; it changes nothing.",
    ),
];

pub(super) const CLUSTER: &[CommandOption] = &[
    option(
        &["--owner"],
        Takes::Text("NAME"),
        "owner",
        "Tags everything in the cloud with this owner.",
    )
    .affects(&[Platform::Aws]),
    option(
        &["--overrides-from"],
        Takes::Several("FILE"),
        "overrides_from",
        "YAML files, expanded as Jinja2 templates, whose settings are merged over those of the options.",
    ),
    option(
        &["--keyring-backend"],
        Takes::OneOf(Keyring::WORDS),
        "keyring_backend",
        "Where the passphrase of the vault is kept; `system`, unless TPA_KEYRING_BACKEND says otherwise.",
    ),
    option(
        &["--compliance"],
        Takes::OneOf(Compliance::WORDS),
        "compliance",
        "A security standard to satisfy.",
    ),
    option(
        &["--use-ansible-tower", "--use-redhat-aac"],
        Takes::Text("URL"),
        "tower_api_url",
        "The API of Ansible Tower (Ansible Automation Controller), which is to run the deployment.",
    ),
    option(
        &["--tower-git-repository"],
        Takes::Text("URL"),
        "tower_git_repository",
        "The repository that Tower takes the cluster from.",
    ),
    option(
        &["--no-git"],
        Takes::Nothing,
        "no_git",
        "Accepted for TPA's sake: m1c makes no repository.",
    ),
];
