//! Everything that differs between the releases of TPA, one row for each: what `tpaexec configure` takes, refuses and
//! writes, which systems, images and regions there are, at what deployments stop.
//!
//! `docs/tpa-versions.md` is made from it. What a row says in words is for that page; what m1c acts on is data.

mod questions;

pub use questions::{
    Availability, ami, differences, differs, does, earlier_ami, efm_property, extension, image,
    major, option, postgis, refused_variables, region, role, running, stops, stops_until,
    system_since, until, written_for, written_since,
};

use super::{TpaVersion, V23_41, V23_42, V23_43, V23_44, V23_44_1, V23_45};
use crate::facts::choices::{FailoverManager, Platform};
use crate::facts::roles::Role;

/// A difference between a release and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first release that is different.
    pub version: TpaVersion,
    /// Whether something begins with it, or ends.
    pub turn: Turn,
    pub sure: Sure,
    pub what: What,
    /// A sentence of Markdown.
    pub says: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Begins,
    Ends,
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// The release notes state it.
    Stated,
    /// It was read in a file of TPA.
    Code,
    /// It was read in the documentation.
    Documentation,
    /// It follows from something else.
    Inferred,
}

impl Sure {
    pub fn name(self) -> &'static str {
        match self {
            Sure::Stated => "stated",
            Sure::Code => "code",
            Sure::Documentation => "documentation",
            Sure::Inferred => "inferred",
        }
    }
}

/// What begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Something that m1c does nothing about.
    Note,
    /// An option of `tpaexec configure`.
    Option(&'static str),
    /// A check of `tpaexec configure`.
    Check(Check),
    /// Majors of Postgres that `tpaexec configure` takes.
    Majors(&'static [&'static str]),
    /// Regions of AWS.
    Regions(&'static [&'static str]),
    /// Versions of images.
    Images(Platform, &'static [(&'static str, &'static str)]),
    /// The name of an AMI, the present one, and whether its vendor has withdrawn it.
    Ami(Ami),
    /// A variable that `tpaexec configure` writes for new clusters.
    Written(Written),
    /// A variable at which a deployment stops.
    Refused(Refused),
    /// Something else at which a deployment stops, or after which nothing runs.
    Stops(Stop),
    /// Something that a deployment does otherwise with the same config.yml.
    Differs(Difference),
    /// A property of EFM that TPA copies to its file.
    EfmProperty(&'static str),
    /// An extension that TPA has packages of.
    Extension(&'static str),
    /// A version of `PostGIS` that TPA has packages of.
    Postgis(&'static str),
    /// A role of machines.
    Role(Role),
}

/// What a rule finds in its own way, and some releases stop at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// An item of `role` that is empty.
    EmptyRole,
    PgauditWithEpas,
    /// `pem_shared` on a machine that is not a PEM server.
    PemSharedElsewhere,
    /// `max_wal_senders` below `max_replication_slots`.
    SendersBelowSlots,
    /// `pgaa` without `pgfs`.
    PgaaAlone,
    /// Postgres takes the certificate of the etcd on its machine.
    CertificateOfEtcd,
    /// Agents of PEM and no server.
    PemRolesIncomplete,
    /// Another version of EFM than the one that a machine has.
    SecondEfmVersion,
}

/// What a newer TPA does otherwise with a cluster that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Certificates that TPA makes are valid for ten years, and not for one.
    LongCertificates,
    /// PEM servers do not count for the default of `max_replication_slots`.
    SlotsWithoutPem,
    /// Other values of `log_destination` than syslog start the logging collector.
    LoggingCollector,
    /// A cluster that takes packages from its own repository alone needs no token of EDB's.
    LocalWithoutToken,
    /// Machines with the eighth release of RHEL and its relatives need a controller with it.
    ControllerOfEight,
    /// Security groups of `ec2_groups` must exist.
    SecurityGroups,
    /// Booleans in `postgres_conf_settings` are written `on` and `off`.
    BooleansAsOn,
    /// Settings of the network in the kernel are set only where somebody opts in.
    NetworkByOptIn,
}

/// An AMI that TPA named, and the one that it names now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ami {
    pub old: &'static str,
    pub present: &'static str,
    /// Whether its vendor has withdrawn it.
    pub is_withdrawn: bool,
}

/// Checks of `tpaexec configure` and what it does with options, where a release changed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Named EDB repositories turn PGDG off.
    NamedRepositoriesAlone,
    /// The PEM server takes a line of `--hostnames-from`.
    PemServerAmongHosts,
    /// pg-backup-api brings the repository that has its package.
    BackupApiBringsRepository,
    /// On docker, an address of `--hostnames-from` is kept.
    DockerKeepsAddresses,
}

/// A variable that is written for some new clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub variable: &'static str,
    pub value: Literal,
    pub with: With,
    pub running: Running,
    /// What a cluster without it lives with.
    pub without: &'static str,
}

/// What a cluster that runs may do about a variable of new clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Leave it: the variable is for new clusters only.
    Never,
    /// Say what is installed: another value is an upgrade.
    AsInstalled,
    /// Set it on any day.
    AnyTime,
    /// TPA's documentation does not say.
    NotStated,
}

/// A value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    Boolean(bool),
    Text(&'static str),
    Texts(&'static [&'static str]),
}

/// Which new clusters have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    Manager(FailoverManager),
    Platform(Platform),
}

/// A variable, and when a deployment stops at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub variable: &'static str,
    pub when: When,
    /// The only failover manager with which TPA looks at it; any, where there is none.
    pub manager: Option<FailoverManager>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It is one of `cluster_vars`.
    InClusterVars,
    /// It has another value than these.
    NotOneOf(&'static [&'static str]),
    /// It has this value, and that variable is not true.
    Without {
        value: &'static str,
        needs: &'static str,
    },
}

const fn begins(version: TpaVersion, sure: Sure, what: What, says: &'static str) -> Change {
    Change {
        version,
        turn: Turn::Begins,
        sure,
        what,
        says,
    }
}

const fn ends(version: TpaVersion, sure: Sure, what: What, says: &'static str) -> Change {
    Change {
        version,
        turn: Turn::Ends,
        sure,
        what,
        says,
    }
}

const fn written(
    variable: &'static str,
    value: Literal,
    with: With,
    running: Running,
    without: &'static str,
) -> What {
    What::Written(Written {
        variable,
        value,
        with,
        running,
        without,
    })
}

const fn refused(variable: &'static str, when: When) -> What {
    What::Refused(Refused {
        variable,
        when,
        manager: None,
    })
}

const fn refused_with(manager: FailoverManager, variable: &'static str, when: When) -> What {
    What::Refused(Refused {
        variable,
        when,
        manager: Some(manager),
    })
}

/// An AMI with a newer one in its place.
const fn renewed(version: TpaVersion, old: &'static str, present: &'static str) -> Change {
    let ami = Ami {
        old,
        present,
        is_withdrawn: false,
    };
    ends(version, Code, What::Ami(ami), "TPA names a newer AMI.")
}

/// An AMI that is gone, with the newer one in its place.
const fn withdrawn(version: TpaVersion, old: &'static str, present: &'static str) -> Change {
    let ami = Ami {
        old,
        present,
        is_withdrawn: true,
    };
    let says = "Its vendor has withdrawn the AMI: provisioning stops where it is named.";
    ends(version, Stated, What::Ami(ami), says)
}

use FailoverManager::{Efm, Patroni};
use Literal::{Boolean, Text, Texts};
use Running::{AnyTime, AsInstalled, Never, NotStated};
use Sure::{Code, Documentation, Inferred, Stated};
use What::{Differs, Images, Majors, Note, Regions, Stops};
use When::{InClusterVars, NotOneOf, Without};
use With::Manager;

/// etcd without TLS and without authentication.
const ETCD_OPEN: &str = "whoever reaches etcd can read and change who is the primary";

/// Patroni's REST API without TLS, or with a password alone.
const PATRONI_OPEN: &str =
    "whoever reads the network learns the password that can restart Postgres";

/// The regions that came at once.
const REGIONS_OF_23_41: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "cn-north-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// In the order of the releases.
#[rustfmt::skip]
pub static CHANGES: &[Change] = &[
    begins(V23_41, Stated, Majors(&["18"]), "Postgres 18 is accepted."),
    ends(V23_41, Code, Majors(&["11", "12"]), "`tpaexec configure` refuses Postgres 11 and 12."),
    begins(V23_41, Code, Regions(REGIONS_OF_23_41), "18 regions of AWS, each with the zones a, b and c."),
    begins(V23_41, Stated, written("etcd_ssl_enabled", Boolean(true), Manager(Patroni), Never, ETCD_OPEN), "New clusters with Patroni have TLS in etcd. It can be changed neither way on a deployed cluster; where the variable is absent there is none."),
    begins(V23_41, Stated, written("etcd_authentication_mode", Text("mtls"), Manager(Patroni), Never, ETCD_OPEN), "Clients of etcd show a certificate in new clusters; where the variable is absent, nothing."),
    begins(V23_41, Stated, written("patroni_ssl_enabled", Boolean(true), Manager(Patroni), NotStated, PATRONI_OPEN), "Patroni's REST API uses TLS in new clusters."),
    begins(V23_41, Stated, written("patroni_authentication_mode", Text("mtls"), Manager(Patroni), NotStated, PATRONI_OPEN), "Callers of Patroni's REST API show a certificate in new clusters; where the variable is absent, a password."),
    begins(V23_41, Code, refused_with(Patroni, "etcd_authentication_mode", NotOneOf(&["none", "basic", "mtls"])), "A deployment stops at another `etcd_authentication_mode` than `none`, `basic` and `mtls`."),
    begins(V23_41, Code, refused_with(Patroni, "etcd_authentication_mode", Without { value: "mtls", needs: "etcd_ssl_enabled" }), "A deployment stops at `etcd_authentication_mode: mtls` without `etcd_ssl_enabled: true`."),
    begins(V23_41, Documentation, refused_with(Patroni, "patroni_authentication_mode", NotOneOf(&["basic", "mtls"])), "`patroni_authentication_mode` is `basic` or `mtls`."),
    begins(V23_41, Documentation, refused_with(Patroni, "patroni_authentication_mode", Without { value: "mtls", needs: "patroni_ssl_enabled" }), "`patroni_authentication_mode: mtls` needs `patroni_ssl_enabled: true`."),
    begins(V23_41, Stated, Stops(Stop::CertificateOfEtcd), "With TLS for etcd, and Patroni and etcd on one machine, Postgres takes etcd's certificate and does not start."),
    begins(V23_41, Stated, written("efm_user_password_encryption", Text("scram-sha-256"), Manager(Efm), NotStated, "the password of EFM's user is stored as md5"), "The password of EFM's user is stored as SCRAM in new clusters. Where the variable is absent it is md5, under STIG SCRAM."),
    begins(V23_41, Code, written("efm_version", Text("5.1"), Manager(Efm), AsInstalled, "EFM is 4.9, and 5.0 on Ubuntu 24.04"), "The version of EFM is written for new clusters. Where the variable is absent it is 4.9, and 5.0 on Ubuntu 24.04."),
    begins(V23_41, Stated, What::Option("--efm-version"), "The version of EFM for a new cluster, 5.1 where the option is not given. With another failover manager it is read and has no effect."),
    begins(V23_41, Stated, Note, "Patroni's REST API takes calls that change something from the cluster's machines alone."),
    begins(V23_41, Stated, Differs(Difference::LongCertificates), "Certificates that TPA makes are valid for 3650 days, and not for 365, unless `openssl_certificate_validity` says otherwise."),
    begins(V23_41, Stated, What::EfmProperty("auto.basebackup"), "`efm_conf_settings` reads `auto.basebackup`, for EFM 5.2 and later."),
    begins(V23_41, Stated, Note, "The hook `efm-post-config`. The hook `pre-deploy` runs even if repositories are excluded."),
    begins(V23_41, Stated, Note, "`tpaexec upgrade --components` upgrades minor versions of what is named, and refuses a cluster with a shared Barman or PEM server."),
    begins(V23_41, Stated, Note, "`unwanted_packages` reads the key `common` too."),
    begins(V23_41, Stated, Note, "Packages of pgaudit and PostGIS for Postgres 18, and none for 11 and 12."),
    begins(V23_41, Stated, What::Postgis("3.6"), "PostGIS 3.6, which is the default on Postgres 18; it is 3.5 on older ones."),

    begins(V23_42, Stated, Images(Platform::Aws, &[("RedHat", "10"), ("RedHat-arm", "10"), ("RedHat-minimal", "10"), ("Rocky", "10"), ("Rocky-minimal", "10")]), "Machines with RHEL 10 and its relatives, experimental at first."),
    begins(V23_42, Stated, Images(Platform::Docker, &[("RedHat", "10"), ("Rocky", "10"), ("AlmaLinux", "10"), ("OracleLinux", "10")]), "Containers with RHEL 10 and its relatives."),
    begins(V23_42, Stated, What::Check(Check::NamedRepositoriesAlone), "`--edb-repositories` without `community360` turns PGDG off: the three other lists are written as well."),
    begins(V23_42, Stated, What::Check(Check::DockerKeepsAddresses), "On docker, an address in the file of `--hostnames-from` is kept; `--network` must match then."),
    begins(V23_42, Stated, Differs(Difference::LoggingCollector), "Any `log_destination` but syslog starts the logging collector, towards `postgres_log_file`."),
    begins(V23_42, Stated, Differs(Difference::SlotsWithoutPem), "PEM servers do not count for `max_replication_slots`: a cluster with PEM that does not set it restarts Postgres once at its next deployment."),
    begins(V23_42, Stated, Stops(Stop::EmptyRole), "An empty entry in `role` stops a deployment."),
    ends(V23_42, Stated, What::Role(Role::MonitoringServer), "The role `monitoring-server` is gone."),
    begins(V23_42, Stated, Differs(Difference::LocalWithoutToken), "No token of EDB's is needed with `use_local_repo_only`."),
    begins(V23_42, Stated, Differs(Difference::ControllerOfEight), "Machines with RHEL 8 need a controller with RHEL 8, because newer ones do not have ansible-core 2.16."),
    begins(V23_42, Stated, Stops(Stop::SecondEfmVersion), "More than one version of EFM on a machine is refused outside of `tpaexec upgrade`."),
    begins(V23_42, Stated, Note, "`barman_package_version` pins `barman-cli` and `python3-barman` too on Debian and Ubuntu."),

    begins(V23_43, Stated, Note, "SLES 15 SP7 in place of SP6 on all platforms."),
    begins(V23_43, Stated, Note, "The selector `ssh-cluster-key-config` of `excluded_tasks`."),
    begins(V23_43, Stated, Note, "The generated `ssh_config` has all options for Ansible, and may name a jump host."),
    begins(V23_43, Stated, Differs(Difference::SecurityGroups), "On aws, provisioning stops if a security group of `ec2_groups` does not exist."),
    begins(V23_43, Stated, Note, "The pin of the PEM agent holds for `edb-pem-cli` too. EFM runs on OpenJDK 21, and on 17 on Debian 11."),

    begins(V23_44, Stated, written("efm_user_is_superuser", Boolean(false), Manager(Efm), AnyTime, "whoever learns the password of EFM's user is superuser in all databases"), "The user of EFM is not a superuser in new clusters. Where the variable is absent it is one; it can be changed on a deployed cluster."),
    begins(V23_44, Stated, Note, "`tpaexec configure` refuses a cluster name that is not letters, digits, `_` and `-`, and M1 with another number of `--location-names` than it needs. `m1c init` does for every release."),
    begins(V23_44, Stated, Stops(Stop::PgauditWithEpas), "pgaudit with EPAS stops a deployment, and `--compliance cis` with EPAS leaves it out. Before, EPAS does not start with it."),
    renewed(V23_44, "debian-11-amd64-20241111-1928", "debian-11-amd64-20260805-2561"),
    renewed(V23_44, "debian-12-amd64-20250210-2019", "debian-12-amd64-20260806-2562"),
    renewed(V23_44, "debian-12-arm64-20250210-2019", "debian-12-arm64-20260806-2562"),
    withdrawn(V23_44, "RHEL-8.10.0_HVM-20250117-x86_64-1662-Hourly2-GP3", "RHEL-8.10.0_HVM-20260721-x86_64-2225-Hourly2-GP3"),
    renewed(V23_44, "RHEL-9.5.0_HVM-20250128-x86_64-0-Hourly2-GP3", "RHEL-9.8.0_HVM-20260728-x86_64-0-Hourly2-GP3"),
    renewed(V23_44, "RHEL-9.5.0_HVM-20250128-arm64-0-Hourly2-GP3", "RHEL-9.8.0_HVM-20260728-arm64-0-Hourly2-GP3"),
    renewed(V23_44, "Rocky-8-EC2-Base-8.10-20240528.0.x86_64", "Rocky-8-EC2-Base-8.10-20260625.x86_64"),
    renewed(V23_44, "Rocky-9-EC2-Base-9.5-20241118.0.x86_64", "Rocky-9-EC2-Base-9.8-20260525.0.x86_64"),
    withdrawn(V23_44, "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20250516", "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20260731"),
    withdrawn(V23_44, "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250627", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260714"),
    withdrawn(V23_44, "suse-sles-15-sp6-v20250130-hvm-ssd-x86_64", "suse-sles-15-sp7-v20260722-ecs-hvm-ssd-x86_64"),
    begins(V23_44, Stated, Note, "The selectors `restart` and `service` of `excluded_tasks` hold in all roles."),

    begins(V23_44_1, Stated, refused("volumes", InClusterVars), "`volumes` in `cluster_vars` stops provisioning."),
    begins(V23_44_1, Stated, refused("default_volumes", InClusterVars), "`default_volumes` in `cluster_vars` stops provisioning."),
    begins(V23_44_1, Stated, Stops(Stop::PemSharedElsewhere), "`pem_shared` on a machine without the role `pem-server` stops a deployment."),
    begins(V23_44_1, Stated, Stops(Stop::PemRolesIncomplete), "The roles of PEM are checked for completeness, unless the selector `pem-role-check` is in `excluded_tasks`."),
    begins(V23_44_1, Stated, Differs(Difference::BooleansAsOn), "Booleans in `postgres_conf_settings` are written `on` and `off`, and not `True` and `False`: one restart at the first deployment."),
    ends(V23_44_1, Stated, Stops(Stop::CertificateOfEtcd), "With Patroni and etcd on one machine Postgres no longer takes etcd's certificate."),
    ends(V23_44_1, Stated, Stops(Stop::EmptyRole), "An empty entry in `role` is dropped with a warning."),
    ends(V23_44_1, Stated, Note, "`-server-devel` is no longer a default package of EPAS on RedHat and SLES."),

    begins(V23_45, Stated, written("opt_in_tasks", Texts(&["sysctl_net"]), With::Platform(Platform::Aws), AnyTime, "TPA leaves the network in the kernel as the system has it"), "New clusters on aws opt in to the settings of the network in the kernel. Without it TPA no longer sets `net.*`."),
    begins(V23_45, Stated, Images(Platform::Docker, &[("Debian", "13")]), "Containers with Debian 13, experimental. The AMIs of TPA have none."),
    ends(V23_45, Code, Images(Platform::Aws, &[("Debian", "10"), ("Debian-minimal", "10")]), "No AMI of Debian 10."),
    begins(V23_45, Stated, What::Check(Check::PemServerAmongHosts), "The PEM server has a name like other machines, and takes a line of `--hostnames-from`."),
    begins(V23_45, Inferred, What::Check(Check::BackupApiBringsRepository), "`--enable-pg-backup-api` with community Postgres adds the repository `standard`, which turns PGDG off."),
    begins(V23_45, Stated, Stops(Stop::SendersBelowSlots), "`max_wal_senders` below `max_replication_slots` stops a deployment, unless `skip_wal_senders_validation` is true; before, TPA raised it silently."),
    begins(V23_45, Stated, What::EfmProperty("primary.health.check.port"), "`efm_conf_settings` reads `primary.health.check.port`, for EFM 5.4 and later."),
    begins(V23_45, Stated, What::Extension("pgfs"), "The extension `pgfs`. SLES has no packages of it."),
    begins(V23_45, Stated, What::Extension("pgaa"), "The extension `pgaa`. SLES has no packages of it."),
    begins(V23_45, Stated, Stops(Stop::PgaaAlone), "`pgaa` without `pgfs` stops a deployment."),
    begins(V23_45, Stated, Differs(Difference::NetworkByOptIn), "Without `sysctl_net` in `opt_in_tasks` TPA no longer sets `net.*`, on no platform."),
    begins(V23_45, Stated, Note, "Patroni's user for rewinding gets the rights that it needs: before, a failed primary could not come back by pg_rewind."),
    begins(V23_45, Stated, Note, "`tpaexec switchover` with EFM works again, and `efm_bind_by_hostname` holds there and in upgrades."),
    begins(V23_45, Stated, Note, "On RHEL 10, Postgres, Barman and repmgr are excluded from the system's own repositories."),
    begins(V23_45, Stated, Note, "A new CA has a key usage. With an old one, machines with Python 3.13 refuse TLS until `ssl/CA.crt` is made again."),
    begins(V23_45, Stated, Note, "Barman 3.20 and later is the package `edb-python312-barman` on Debian and Ubuntu, from EDB's repositories."),
];
