//! What is in a cluster or profile.

use super::location::LOCATION;
use super::platform::PLATFORM;
use super::{
    ALLOW, Block, DEFAULTS, Entry, Identity, Label, OMIT, Other, SETTINGS, TAGS, Type, VARS, block,
    entry, optional, repeated, required, setting,
};
use crate::facts::choices::{
    Compliance, EFM_PASSWORDS, FailoverManager, Flavour, Keyring, PACKAGE_LISTS, PATRONI_PACKAGES,
    Platform, Required,
};
use crate::facts::tpa::{V23_41, V23_44};

const ANY_NUMBER: Type = Type::List(&Type::Name);

static POSTGRES: Block = block(
    "postgres",
    &[setting(
        "redwood",
        Type::Boolean,
        "",
        "Whether EPAS is compatible with Oracle. Required with `epas`, an error with any other flavour.",
    )
    .only(&["epas"])],
    &[],
);

static FAILOVER: Block = block(
    "failover",
    &[
        setting(
            "bind_by_hostname",
            Type::Boolean,
            "false",
            "Whether EFM agents know each other by host name instead of by address.",
        )
        .only(&["efm"]),
        setting(
            "version",
            Type::Version,
            "TPA's: 4.9, or 5.0 on Ubuntu 24.04",
            "The version of EFM. `tpaexec upgrade` moves a deployed cluster to another one.",
        )
        .only(&["efm"]),
        setting(
            "superuser",
            Type::Boolean,
            "TPA's: true",
            "Whether the database user of EFM is a superuser. It can be changed on a deployed cluster.",
        )
        .only(&["efm"])
        .since(V23_44),
        setting(
            "password_encryption",
            Type::Word(EFM_PASSWORDS),
            "TPA's: md5, or scram-sha-256 under STIG",
            "How the password of EFM's database user is stored.",
        )
        .only(&["efm"]),
        setting(
            "tls",
            Type::Boolean,
            "TPA's: false",
            "Whether Patroni, etcd and those that ask them talk over TLS, with client certificates. For new clusters: etcd's TLS cannot be changed on a deployed one, neither on nor off.",
        )
        .only(&["patroni"])
        .since(V23_41),
        setting(
            "packages",
            Type::Word(PATRONI_PACKAGES),
            "`community` for PostgreSQL without PEM and without EDB repositories, else `edb`",
            "Whose Patroni packages are installed.",
        )
        .only(&["patroni"]),
    ],
    &[],
);

static NETWORK: Block = block(
    "network",
    &[
        setting(
            "cidr",
            Type::Network,
            "10.33.0.0/16; of several regions on aws the second has 10.34.0.0/16, and so on, unless a `vpc` map or a `subnet` is written",
            "The cluster's network, of all regions. Its subnets are given out in ascending order: on aws one a location, on docker the first to all machines.",
        ),
        setting(
            "subnet_prefix",
            Type::Integer(24, 28),
            "28; on docker the longest that holds every machine",
            "The prefix length of subnets.",
        ),
        setting(
            "exclude",
            Type::List(&Type::Network),
            "none",
            "Networks that are taken: no subnet that overlaps one of them is given out.",
        ),
    ],
    &[],
);

static BACKUP: Block = block(
    "backup",
    &[
        setting(
            "api",
            Type::Boolean,
            "false; true with `monitor pem`",
            "Whether the Postgres backup API runs on Barman nodes.",
        )
        .only(&["barman"]),
        setting(
            "follows_primary",
            Type::Boolean,
            "false",
            "Whether the standbys are backed up too, so that there are new backups whichever of them becomes the primary.",
        )
        .only(&["barman"]),
        setting(
            "witness",
            Type::Boolean,
            "true if the failover manager votes and the number of voting nodes would be even",
            "Whether Barman nodes are witnesses too.",
        )
        .only(&["barman"]),
    ],
    &[],
);

static MONITOR: Block = block(
    "monitor",
    &[setting(
        "project",
        Type::Text,
        "",
        "The id of the project that the Beacon agent reports to.",
    )
    .only(&["beacon"])],
    &[],
);

static REPOSITORIES: Block = block(
    "repositories",
    &[
        setting(
            "edb",
            ANY_NUMBER,
            "what the flavour, EFM, PEM and Beacon need",
            "EDB repositories. Naming them keeps PGDG enabled; `[]` is none.",
        ),
        setting("apt", ANY_NUMBER, "", "Repositories on Debian and Ubuntu."),
        setting(
            "yum",
            ANY_NUMBER,
            "",
            "Repositories on RedHat, Rocky and the like.",
        ),
        setting("suse", ANY_NUMBER, "", "Repositories on SLES."),
        setting(
            "local_only",
            Type::Boolean,
            "false",
            "Whether packages come from the cluster's local repository alone.",
        ),
    ],
    &[],
);

static PACKAGES: Block = block(
    "packages",
    &[
        setting(
            "extra",
            Type::PackageLists(PACKAGE_LISTS),
            "",
            "Packages to install on every machine.",
        ),
        setting(
            "optional",
            Type::PackageLists(PACKAGE_LISTS),
            "",
            "Packages to install where they exist.",
        ),
        setting(
            "postgres",
            Type::PackageLists(PACKAGE_LISTS),
            "",
            "Packages to install together with Postgres, before it starts.",
        ),
        setting(
            "unwanted",
            Type::PackageLists(PACKAGE_LISTS),
            "",
            "Packages to remove.",
        ),
    ],
    &[],
);

macro_rules! versions {
    ($($component:literal),+ $(,)?) => {
        &[$(setting(
            $component,
            Type::Version,
            "the newest",
            concat!("The version of the `", $component, "` package."),
        )),+]
    };
}

static VERSIONS: Block = block(
    "versions",
    versions![
        "postgres",
        "repmgr",
        "barman",
        "pglogical",
        "bdr",
        "pgbouncer",
        "pgdcli",
        "pgd-proxy",
        "pg-backup-api",
        "patroni",
        "pem-server",
        "pem-agent",
        "etcd",
        "beacon-agent",
        "haproxy",
    ],
    &[],
);

macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        &[$(entry(
            $name,
            &[optional("REF", Type::Text)],
            // In the order given; TPA lists extensions that are named twice twice.
            Identity::Each,
            concat!("Builds `", $name, "` from source, at this branch, tag or commit."),
        )),+]
    };
}

static SOURCES: Block = block(
    "sources",
    &[],
    sources![
        "postgres",
        "2ndqpostgres",
        "epas",
        "barman",
        "pg-backup-api",
        "patroni",
        "patroni-edb",
        "pglogical3",
        "bdr3",
        "bdr4",
        "bdr5",
    ],
);

static TOWER: Block = block(
    "tower",
    &[
        setting("api_url", Type::Text, "", "The controller's API."),
        setting(
            "git_repository",
            Type::Text,
            "",
            "The repository that the controller takes the cluster from.",
        ),
    ],
    &[],
);

const LOSSES: &[&str] = &[
    Required::SurvivesMachine.name(),
    Required::SurvivesTwoMachines.name(),
    Required::SurvivesLocation.name(),
];

static REQUIRE: Block = block(
    "require",
    &[
        setting(
            "automatically",
            Type::Boolean,
            "false; true with `within`",
            "Whether writes go on, and reach clients, without a person.",
        )
        .only(LOSSES),
        setting(
            "with_data",
            Type::Boolean,
            "false",
            "Whether every commit that a client was told of is kept.",
        )
        .only(LOSSES),
        setting(
            "within",
            Type::Duration,
            "",
            "The longest that writes may be away: `60s`, `2min`.",
        )
        .only(LOSSES),
        setting(
            "on_return",
            Type::Boolean,
            "true",
            "Whether a lost primary counts that takes writes again when its machine boots.",
        )
        .only(&[Required::NoSplitBrain.name()]),
    ],
    &[],
);

static HOST: Entry = entry(
    "NAME",
    &[repeated("ADDRESS", Type::Text)],
    Identity::Definition,
    "A machine's name, and its address, or its public and its private address.",
);

static HOSTS: Block = Block {
    name: "hosts",
    settings: &[],
    entries: &[],
    other: Other::Line(&HOST),
};

static FLAVOUR_AND_VERSION: [Label; 2] = [
    required("FLAVOUR", Type::Word(Flavour::WORDS)),
    required("VERSION", Type::Version),
];

/// A cluster, or a profile, which is a part of one.
pub static CLUSTER: Block = block(
    "cluster",
    &[
        setting(
            "tpa",
            Type::TpaVersion,
            "`--tpa`, `tpa` in `m1c.toml`, or the newest that m1c knows",
            "The release of TPA that deploys the cluster: `23.45`, or `23.44.1`. Two numbers are the newest release that begins so.",
        ),
        setting(
            "primary_location",
            Type::Name,
            "the location of the explicit `primary`, else the first active one",
            "The location that the primary is in, or `none` where no machine is the primary.",
        ),
        setting(
            "hostnames",
            Type::Text,
            "{location}-{role}{n}",
            "How machines without a name are named: text with `{cluster}`, `{location}`, `{role}`, `{n}` and `{id}`.",
        ),
        setting(
            "compliance",
            Type::Word(Compliance::WORDS),
            "",
            "A security standard to satisfy. `stig` needs `platform bare`, `postgres epas` and `os RedHat 8` or `9`.",
        ),
        setting(
            "keyring",
            Type::Word(Keyring::WORDS),
            "system",
            "Where the passphrase of the cluster's vault is kept: the system keyring, or a plain file.",
        ),
    ],
    CLUSTER_ENTRIES,
);

const CLUSTER_ENTRIES: &[Entry] = &[
    entry(
        "postgres",
        &FLAVOUR_AND_VERSION,
        Identity::Word,
        "Required. The flavour and major version of Postgres.",
    )
    .block(&POSTGRES),
    entry(
        "failover",
        &[required("MANAGER", Type::Word(FailoverManager::WORDS))],
        Identity::Word,
        "Required. Who promotes a standby when the primary is lost. repmgr does not manage `epas` below 14.",
    )
    .block(&FAILOVER),
    entry(
        "platform",
        &[required("PLATFORM", Type::Word(Platform::WORDS))],
        Identity::Word,
        "Required. Where the machines run.",
    )
    .block(&PLATFORM),
    entry(
        "network",
        &[],
        Identity::Word,
        "The network that subnets are taken from.",
    )
    .block(&NETWORK)
    .only(&["aws", "docker"]),
    entry(
        "hosts",
        &[],
        Identity::Word,
        "Names and addresses of machines, a line each: `NAME [ADDRESS]` or `NAME [PUBLIC PRIVATE]`. A machine that bears one of the names takes its addresses; the other lines go, in order, to the machines without a name.",
    )
    .block(&HOSTS),
    entry(
        "backup",
        &[required("TOOL", Type::Word(&["barman", "none"]))],
        Identity::Word,
        "How the cluster is backed up. Without it there is one Barman node in the primary location.",
    )
    .block(&BACKUP),
    entry(
        "pool",
        &[required("POOLER", Type::Word(&["pgbouncer"]))],
        Identity::Word,
        "Runs PgBouncer on the data nodes of active locations. Not together with `balance`.",
    ),
    entry(
        "balance",
        &[required("BALANCER", Type::Word(&["haproxy"]))],
        Identity::Word,
        "Places two HAProxy nodes in each active location. Only with Patroni.",
    ),
    entry(
        "monitor",
        &[required("TOOL", Type::Word(&["pem", "beacon"]))],
        Identity::FirstLabel,
        "`pem` places a PEM server and runs its agent everywhere; `beacon` runs the Beacon agent on data nodes.",
    )
    .block(&MONITOR),
    entry(
        "repositories",
        &[],
        Identity::Word,
        "Package repositories.",
    )
    .block(&REPOSITORIES),
    entry(
        "packages",
        &[],
        Identity::Word,
        "Packages beside those that the cluster needs.",
    )
    .block(&PACKAGES),
    entry(
        "versions",
        &[],
        Identity::Word,
        "Package versions, a line `COMPONENT = version` each.",
    )
    .block(&VERSIONS),
    entry(
        "sources",
        &[],
        Identity::Word,
        "What is built from source, a line `NAME [REF]` each.",
    )
    .block(&SOURCES),
    entry(
        "tower",
        &[],
        Identity::Word,
        "Prepares the cluster for Ansible Tower (Ansible Automation Controller).",
    )
    .block(&TOWER),
    entry(
        "tags",
        &[],
        Identity::Word,
        "Tags of every cloud resource, labels of every container. AWS needs an `Owner`.",
    )
    .block(&TAGS),
    entry(
        "vars",
        &[],
        Identity::Word,
        "TPA's `cluster_vars`: variables of the whole cluster, merged over what m1c derives.",
    )
    .block(&VARS),
    entry(
        "defaults",
        &[],
        Identity::Word,
        "TPA's `instance_defaults`: settings of every machine, merged over what m1c derives.",
    )
    .block(&DEFAULTS),
    entry(
        "settings",
        &[],
        Identity::Word,
        "Other top-level keys of config.yml.",
    )
    .block(&SETTINGS),
    entry(
        "require",
        &[
            required("WHAT", Type::Word(Required::WORDS)),
            optional("LOCATION", Type::Name),
        ],
        Identity::Each,
        "What must hold, of a cluster or of all that include a profile. `m1c` plays the failures: where it does not hold, that is an error with the failure that breaks it. `survives-location` takes the name of one location; without it any may be lost. It is not in config.yml.",
    )
    .block(&REQUIRE),
    entry(
        "include",
        &[required("PROFILE", Type::Name)],
        Identity::Each,
        "Inserts a profile's statements: `include NAME` or `include MODULE.NAME`. What is written in the cluster itself wins.",
    ),
    entry(
        "location",
        &[required("NAME", Type::Name)],
        Identity::Definition,
        "A place with machines: a data centre, a region, a room. One that has data nodes other than `single` is active.",
    )
    .block(&LOCATION),
    OMIT,
    ALLOW,
];
