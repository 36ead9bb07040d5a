//! Options about software: Postgres, what runs beside it, and where packages come from.

use crate::facts::choices::Flavour;

use super::{CommandOption, Group, Takes, option};

pub(super) const POSTGRES: &[CommandOption] = &[
    option(
        &["--postgresql"],
        Takes::Version(Flavour::Postgresql.name()),
        "postgres_flavour",
        "PostgreSQL.",
    )
    .group(Group::Flavour),
    option(
        &["--epas", "--edb-postgres-advanced"],
        Takes::Version(Flavour::Epas.name()),
        "postgres_flavour",
        "EDB Postgres Advanced Server. It takes `--redwood` or `--no-redwood`.",
    )
    .group(Group::Flavour),
    option(
        &["--edbpge", "--edb-postgres-extended", "--pgextended"],
        Takes::Version(Flavour::Edbpge.name()),
        "postgres_flavour",
        "EDB Postgres Extended Server.",
    )
    .group(Group::Flavour),
    option(
        &["--postgres-flavour"],
        Takes::OneOf(Flavour::WORDS),
        "postgres_flavour",
        "The flavour by its name; the version follows in `--postgres-version`.",
    )
    .group(Group::Flavour),
    option(
        &["--postgres-version"],
        Takes::Major,
        "postgres_version",
        "The major version, if the option of the flavour does not say it.",
    ),
    option(
        &["--redwood"],
        Takes::Answer(true),
        "epas_redwood_compat",
        "EPAS with the features that make it compatible with Oracle.",
    )
    .group(Group::Redwood),
    option(
        &["--no-redwood", "--no-redwood-compat"],
        Takes::Answer(false),
        "epas_redwood_compat",
        "EPAS without them.",
    )
    .group(Group::Redwood),
];

pub(super) const COMPONENTS: &[CommandOption] = &[
    option(
        &["--enable-pem"],
        Takes::Nothing,
        "enable_pem",
        "A Postgres Enterprise Manager server, and its agent on every machine.",
    ),
    option(
        &["--enable-pg-backup-api"],
        Takes::Nothing,
        "enable_pg_backup_api",
        "The backup API on the Barman node.",
    ),
    option(
        &["--enable-beacon-agent"],
        Takes::Nothing,
        "enable_beacon_agent",
        "The Beacon agent on data nodes.",
    ),
    option(
        &["--beacon-agent-project-id"],
        Takes::Text("ID"),
        "beacon_agent_project_id",
        "The project that the Beacon agent reports to.",
    ),
    option(
        &["--extra-packages"],
        Takes::Several("PACKAGE"),
        "extra_packages",
        "Packages to install on every machine.",
    ),
    option(
        &["--extra-optional-packages"],
        Takes::Several("PACKAGE"),
        "extra_optional_packages",
        "Packages to install where they exist.",
    ),
    option(
        &["--extra-postgres-packages"],
        Takes::Several("PACKAGE"),
        "extra_postgres_packages",
        "Packages to install together with Postgres.",
    ),
];

macro_rules! versions {
    ($($component:literal = $sets:literal),+ $(,)?) => {
        &[$(option(
            &[concat!("--", $component, "-package-version")],
            Takes::Text("VERSION"),
            concat!($sets, "_package_version"),
            concat!("Of `", $component, "`."),
        )),+]
    };
}

pub(super) const VERSIONS: &[CommandOption] = versions![
    "postgres" = "postgres",
    "repmgr" = "repmgr",
    "barman" = "barman",
    "pglogical" = "pglogical",
    "bdr" = "bdr",
    "pgbouncer" = "pgbouncer",
    "pgdcli" = "pgdcli",
    "pgd-proxy" = "pgd_proxy",
    "pg-backup-api" = "pg_backup_api",
    "patroni" = "patroni",
    "pem-server" = "pem_server",
    "pem-agent" = "pem_agent",
    "etcd" = "etcd",
    "beacon-agent" = "beacon_agent",
];

pub(super) const REPOSITORIES: &[CommandOption] = &[
    option(
        &["--edb-repositories"],
        Takes::Several("NAME"),
        "edb_repositories",
        "EDB repositories instead of those that the software needs; the one word `none` for none.",
    )
    .group(Group::Repositories),
    option(
        &["--2Q-repositories"],
        Takes::Several("SOURCE/PRODUCT/MATURITY"),
        "tpa_2q_repositories",
        "Repositories of 2ndQuadrant, which are retired.",
    )
    .group(Group::Repositories),
    option(
        &["--use-volatile-subscriptions"],
        Takes::Nothing,
        "use_volatile_subscriptions",
        "A retired switch that TPA still writes.",
    ),
    option(
        &["--enable-local-repo"],
        Takes::Nothing,
        "enable_local_repo",
        "Packages may come from the folder `local-repo` of the cluster.",
    )
    .group(Group::LocalRepository),
    option(
        &["--use-local-repo-only"],
        Takes::Nothing,
        "use_local_repo_only",
        "Packages come from that folder alone.",
    )
    .group(Group::LocalRepository),
    option(
        &["--install-from-source"],
        Takes::Several("NAME[:REF]"),
        "install_from_source",
        "What is built from source, at a branch, tag or commit.",
    ),
];
