//! Keys of machines and volumes: what is made once, what follows, and at what Terraform stops.
//!
//! `tpaexec provision` makes machines that are not there, and leaves those that are as they are. Terraform follows where
//! it can, and refuses to take a machine or a volume away; `tests/terraform/edits.py` holds that to real plans.

use super::Effect::{Manual, Nothing, Reboot, Refused, Replace, Update};
use super::Part::{Barman, Postgres, Provision, Repmgr, Tpa};
use super::{Row, row};

/// What every machine may have.
#[rustfmt::skip]
pub(super) static EVERYWHERE: &[Row] = &[
    row(Manual, Provision, "TPA knows a machine by its name: another name is another machine", &["Name"]),
    row(Manual, Repmgr, "repmgr knows a machine by its number: register it again, or write the old one", &["node"]),
    row(Update, Tpa, "TPA reaches the machine at the new address from now on", &["ansible_host"]),
    row(Nothing, Tpa, "TPA makes the machine and leaves it alone from now on, or takes it up", &["provision_only"]),
    row(Manual, Provision, "a machine stays where it is: add one there, and take this one away afterwards", &["location"]),
    row(Replace, Provision, "TPA takes or makes a machine there, without the data; the old one runs on", &["platform"]),
    row(Update, Provision, "tags change in place, with Terraform", &["tags"]),
    row(Update, Barman, "Barman takes backups of the machine from the next deployment on, or no longer", &["backup"]),
    row(Manual, Postgres, "a standby that runs follows its old upstream until somebody moves it", &["upstream"]),
    row(Update, Tpa, "TPA sets the role up with the next deployment, and takes none away", &["role"]),
    row(Nothing, Tpa, "compared variable by variable", &["vars"]),
    row(Nothing, Tpa, "compared volume by volume", &["volumes"]),
];

#[rustfmt::skip]
pub(super) static ON_AWS: &[Row] = &[
    row(Reboot, Provision, "Terraform stops the machine, changes its type and starts it; TPA leaves it as it is. A type of another architecture is refused", &["type"]),
    row(Nothing, Provision, "for new machines: those that run keep their image", &["image"]),
    row(Nothing, Provision, "for new machines: an address is given at the first boot", &["assign_public_ip"]),
    row(Refused, Provision, "a machine keeps its private address: write the one it has, or replace the machine", &["private_ip"]),
    row(Update, Provision, "the machine gets the elastic address; an allocated one is never given back by Terraform", &["assign_elastic_ip", "elastic_ip"]),
    row(Refused, Provision, "a subnet, its machines and volumes are in one zone: add a location, and take this one away afterwards", &["az", "region", "subnet"]),
    row(Update, Provision, "set in place by Terraform", &["termination_protection"]),
    row(Update, Provision, "the name in the old zone goes, and the new one is made", &["route53_hosted_zone_id", "route53_private_zone", "route53_zone"]),
    row(Update, Tpa, "TPA logs in under the new name: the user must be there", &["cluster_ssh_user", "ec2_ami_user"]),
    row(Nothing, Provision, "for new machines: none that runs becomes or stops being a spot instance", &["spot_launch_group", "spot_price", "spot_wait_timeout"]),
];

#[rustfmt::skip]
pub(super) static ON_DOCKER: &[Row] = &[
    row(Refused, Provision, "a container gets it when it is made: Terraform would replace the container, and refuses; TPA leaves it as it is", &[
        "devices", "docker_cap_add", "docker_cap_drop", "docker_security_opts", "env", "env_file", "exposed_ports", "ip_address",
        "local_source_directories", "log_driver", "log_options", "networks", "privileged", "published_ports", "shm_size", "sysctls", "ulimits",
    ]),
    row(Update, Provision, "changed in place by Terraform; TPA leaves a container that is there as it is", &["memory", "memory_reservation", "restart_policy"]),
    row(Nothing, Provision, "for new containers: those that run keep their image", &["image"]),
    row(Nothing, Provision, "a container has no region", &["region"]),
];

#[rustfmt::skip]
pub(super) static ON_BARE: &[Row] = &[
    row(Update, Tpa, "the machine has to have the new address; the others learn it from the next deployment", &["ip_address", "private_ip", "public_ip"]),
];

/// On aws.
#[rustfmt::skip]
pub(super) static OF_VOLUMES: &[Row] = &[
    row(Update, Provision, "with Terraform the volume changes in place and grows; the file system is yours to grow. A smaller size is refused", &["volume_size"]),
    row(Update, Provision, "changed in place by Terraform; TPA leaves the volume as it is", &["iops", "throughput", "volume_type"]),
    row(Refused, Provision, "a volume is not encrypted later, nor with another key: add a volume and move the data", &["encrypted", "kms_key_id"]),
    row(Refused, Provision, "the device is the volume's name: another one is another volume", &["device_name"]),
    row(Nothing, Provision, "data volumes stay in any case; TPA reads it when the machine is made", &["delete_on_termination"]),
    row(Nothing, Provision, "for new volumes", &["attach_existing", "ephemeral", "snapshot", "snapshot_id"]),
    row(Nothing, Provision, "compared variable by variable", &["vars"]),
];

#[rustfmt::skip]
pub(super) static OF_VOLUME_VARIABLES: &[Row] = &[
    row(Manual, Provision, "TPA mounts the disk at the new place and moves no data: move it while what uses it is stopped", &["mountpoint", "volume_for"]),
    row(Update, Provision, "set on the mounted file system with the next deployment", &["group", "mode", "mountopts", "owner", "readahead"]),
    row(Nothing, Provision, "for new file systems: none is made where one is", &["encryption", "fsopts", "fstype", "luks_volume"]),
    row(Manual, Postgres, "a tablespace stays in its directory", &["tablespace_name"]),
];
