//! Options about machines: their operating system, volumes, networks and names, and what only one platform knows.

use super::{CommandOption, Group, Takes, option};
use crate::facts::tables::Platform;

pub(super) const AWS_SYSTEMS: &[&str] = &[
    "Debian",
    "Debian-arm",
    "Debian-minimal",
    "RedHat",
    "RedHat-arm",
    "RedHat-minimal",
    "Rocky",
    "Rocky-minimal",
    "Ubuntu",
    "Ubuntu-minimal",
    "SLES",
];

pub(super) const DOCKER_SYSTEMS: &[&str] = &[
    "AlmaLinux",
    "Debian",
    "RedHat",
    "Rocky",
    "SLES",
    "OracleLinux",
    "Ubuntu",
];

pub(super) const SYSTEMS: &[CommandOption] = &[
    option(
        &["--distribution", "--os"],
        Takes::System,
        "distribution",
        "The operating system: Debian on aws, Rocky on docker if nothing is said.",
    ),
    option(
        &["--os-version"],
        Takes::Text("VERSION"),
        "os_version",
        "Its version.",
    ),
    option(
        &["--os-image"],
        Takes::Text("IMAGE"),
        "os_image",
        "An AMI or a container image by its own name.",
    )
    .affects(&[Platform::Aws, Platform::Docker]),
    option(
        &["--root-volume-size"],
        Takes::Integer,
        "root_volume_size",
        "GB of every machine's root volume; 16 if nothing is said.",
    )
    .affects(&[Platform::Aws]),
    option(
        &["--postgres-volume-size"],
        Takes::Integer,
        "postgres_volume_size",
        "GB for Postgres data; 16 if nothing is said.",
    )
    .affects(&[Platform::Aws]),
    option(
        &["--barman-volume-size"],
        Takes::Integer,
        "barman_volume_size",
        "GB for backups; 32 if nothing is said.",
    )
    .affects(&[Platform::Aws]),
];

pub(super) const NETWORK: &[CommandOption] = &[
    option(
        &["--network"],
        Takes::Text("CIDR"),
        "network",
        "The network that subnets are taken from; 10.33.0.0/16 if nothing is said.",
    )
    .affects(&[Platform::Aws, Platform::Docker]),
    option(
        &["--subnet-prefix"],
        Takes::Integer,
        "subnet_prefix",
        "The prefix length of subnets, 24 to 28; 28 if nothing is said, on docker what holds every machine.",
    )
    .affects(&[Platform::Aws, Platform::Docker]),
    option(
        &["--exclude-subnets-from"],
        Takes::Each("DIR"),
        "exclude_subnets_from",
        "Leaves out the subnets of the TPA cluster in this folder; may be repeated.",
    )
    .affects(&[Platform::Aws, Platform::Docker]),
    option(
        &["--no-shuffle-subnets"],
        Takes::Nothing,
        "no_shuffle_subnets",
        "Accepted for TPA's sake: m1c always gives subnets out in order.",
    ),
];

pub(super) const HOST_NAMES: &[CommandOption] = &[
    option(
        &["--hostnames-from"],
        Takes::Text("FILE"),
        "hostnames_from",
        "A file with a line a machine: a name, and one or two addresses.",
    ),
    option(
        &["--hostnames-pattern"],
        Takes::Text("PATTERN"),
        "hostnames_pattern",
        "An extended regular expression for the lines of that file that count.",
    ),
    option(
        &["--hostnames-sorted-by"],
        Takes::Text("OPTION"),
        "hostnames_sorted_by",
        "Accepted for TPA's sake: lines of a file stay in their order.",
    ),
    option(
        &["--hostnames-unsorted"],
        Takes::Nothing,
        "hostnames_unsorted",
        "Accepted for TPA's sake: lines of a file stay in their order.",
    ),
    option(
        &["--cluster-prefixed-hostnames"],
        Takes::Nothing,
        "cluster_prefixed_hostnames",
        "Host names begin with the cluster's.",
    ),
];

pub(super) const AWS: &[CommandOption] = &[
    option(
        &["--region"],
        Takes::Text("REGION"),
        "region",
        "The region; eu-west-1 if nothing is said.",
    )
    .group(Group::Regions)
    .only(Platform::Aws),
    option(
        &["--regions"],
        Takes::Several("REGION"),
        "regions",
        "Regions that are given to the locations in turn.",
    )
    .group(Group::Regions)
    .only(Platform::Aws),
    option(
        &["--instance-type"],
        Takes::Text("TYPE"),
        "instance_type",
        "The EC2 instance type; what the image needs if nothing is said.",
    )
    .only(Platform::Aws),
    option(
        &["--cluster-bucket"],
        Takes::Text("NAME"),
        "cluster_bucket",
        "The S3 bucket of the cluster; `auto` lets TPA make one.",
    )
    .only(Platform::Aws),
];

pub(super) const DOCKER: &[CommandOption] = &[
    option(
        &["--shared-ccache"],
        Takes::Text("DIR"),
        "shared_ccache",
        "A folder that caches what compilers make, for `--install-from-source`.",
    )
    .only(Platform::Docker),
    option(
        &["--local-source-directories"],
        Takes::Several("NAME:DIR"),
        "local_source_directories",
        "Folders with sources that are built in place of downloaded ones.",
    )
    .only(Platform::Docker),
];
