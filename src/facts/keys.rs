//! The keys that TPA 23.40.1 takes, and the repositories that it defines.

use crate::facts::choices::Platform;
use crate::facts::variables::{self, Scope, VARIABLES};

/// Keys of an instance on every platform.
pub const INSTANCE: &[&str] = &[
    "Name",
    "ansible_host",
    "backup",
    "location",
    "node",
    "platform",
    "provision_only",
    "role",
    "tags",
    "upstream",
    "vars",
    "volumes",
];

/// Keys of an instance on aws alone, or on aws and docker.
pub const AWS: &[&str] = &[
    "assign_elastic_ip",
    "assign_public_ip",
    "az",
    "cluster_ssh_user",
    "ec2_ami_user",
    "elastic_ip",
    "image",
    "private_ip",
    "region",
    "route53_hosted_zone_id",
    "route53_private_zone",
    "route53_zone",
    "spot_launch_group",
    "spot_price",
    "spot_wait_timeout",
    "subnet",
    "termination_protection",
    "type",
];

pub const DOCKER: &[&str] = &[
    "devices",
    "docker_cap_add",
    "docker_cap_drop",
    "docker_security_opts",
    "env",
    "env_file",
    "exposed_ports",
    "image",
    "ip_address",
    "local_source_directories",
    "log_driver",
    "log_options",
    "memory",
    "memory_reservation",
    "networks",
    "privileged",
    "published_ports",
    "region",
    "restart_policy",
    "shm_size",
    "sysctls",
    "ulimits",
];

pub const BARE: &[&str] = &["ip_address", "private_ip", "public_ip"];

/// Whether any platform takes this key of an instance.
pub fn is_instance_key(key: &str) -> bool {
    [INSTANCE, AWS, DOCKER, BARE]
        .iter()
        .any(|keys| keys.contains(&key))
}

/// The keys of an instance on one platform; those of every platform where it is none.
pub fn of_instance(platform: Option<Platform>) -> Vec<&'static str> {
    let own = platform.map_or(&[][..], of_platform);
    INSTANCE.iter().chain(own).copied().collect()
}

/// Whether a platform takes a key of an instance.
pub fn takes(platform: Platform, key: &str) -> bool {
    INSTANCE.contains(&key) || of_platform(platform).contains(&key)
}

/// The keys of an instance that not every platform takes.
fn of_platform(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Aws => AWS,
        Platform::Docker => DOCKER,
        Platform::Bare => BARE,
    }
}

/// Keys of a volume.
pub const VOLUME: &[&str] = &[
    "attach_existing",
    "delete_on_termination",
    "device_name",
    "encrypted",
    "ephemeral",
    "iops",
    "kms_key_id",
    "snapshot",
    "vars",
    "volume_size",
    "volume_type",
];

/// Variables of a volume.
pub const VOLUME_VARS: &[&str] = &[
    "encryption",
    "fsopts",
    "fstype",
    "group",
    "luks_volume",
    "mode",
    "mountopts",
    "mountpoint",
    "owner",
    "readahead",
    "tablespace_name",
    "volume_for",
];

/// Top-level keys beside those among the variables.
const MORE_TOP_LEVEL: &[&str] = &[
    "Owner",
    "cluster_ssh_user",
    "ec2_ami_user",
    "route53_hosted_zone_id",
    "route53_zone",
];

/// Whether a key is one of the top level.
pub fn is_top_level(key: &str) -> bool {
    MORE_TOP_LEVEL.contains(&key)
        || variables::find(key).is_some_and(|variable| variable.scope == Scope::TopLevel)
}

/// The top-level keys.
pub fn top_level() -> Vec<&'static str> {
    VARIABLES
        .iter()
        .filter(|variable| variable.scope == Scope::TopLevel)
        .map(|variable| variable.name)
        .chain(MORE_TOP_LEVEL.iter().copied())
        .collect()
}

/// Types of EBS volumes.
pub const VOLUME_TYPES: &[&str] = &["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard", "none"];

/// The repositories that EDB has.
pub const EDB: &[&str] = &[
    "community360",
    "enterprise",
    "postgres_distributed",
    "postgres_extended",
    "standard",
];

/// The repositories that TPA defines for each package manager.
pub const APT: &[&str] = &["EDB", "PGDG"];
pub const SUSE: &[&str] = &["EDB", "PGDG"];
pub const YUM: &[&str] = &["EDB", "EPEL", "PGDG"];
