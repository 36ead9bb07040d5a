//! What TPA lets one choose from: platforms, flavours of Postgres, failover managers, and lists of single words.

words! {
    /// Where machines run.
    Platform {
        Aws = "aws",
        Docker = "docker",
        Bare = "bare",
    }
}

impl Platform {
    /// The one that TPA takes when none is written.
    pub const DEFAULT: Platform = Platform::Aws;
}

words! {
    /// Whose Postgres it is.
    Flavour {
        Postgresql = "postgresql",
        Edbpge = "edbpge",
        Epas = "epas",
        Pgextended = "pgextended",
    }
}

impl Flavour {
    /// The one that TPA takes when none is written.
    pub const DEFAULT: Flavour = Flavour::Postgresql;
}

words! {
    /// Who promotes a standby when the primary is lost.
    FailoverManager {
        Repmgr = "repmgr",
        Efm = "efm",
        Patroni = "patroni",
        /// Nobody does but people.
        None = "none",
    }
}

/// repmgr manages EPAS from this major version on.
pub const FIRST_EPAS_WITH_REPMGR: u32 = 14;

impl FailoverManager {
    /// Those that `tpaexec configure` takes.
    pub const OF_CONFIGURE: &[&str] = &["repmgr", "efm", "patroni"];

    /// The one that TPA takes when none is written.
    pub fn default_for(flavour: Option<Flavour>) -> FailoverManager {
        match flavour {
            Some(Flavour::Epas) => FailoverManager::Efm,
            Some(Flavour::Postgresql | Flavour::Edbpge | Flavour::Pgextended) | None => {
                FailoverManager::Repmgr
            }
        }
    }

    /// Whether it manages this major version of a flavour.
    pub fn manages(self, flavour: Flavour, major: u32) -> bool {
        !(self == FailoverManager::Repmgr
            && flavour == Flavour::Epas
            && major < FIRST_EPAS_WITH_REPMGR)
    }

    /// Whether data nodes and witnesses vote. With Patroni the members of etcd do.
    pub fn nodes_vote(self) -> bool {
        match self {
            FailoverManager::Repmgr | FailoverManager::Efm => true,
            FailoverManager::Patroni | FailoverManager::None => false,
        }
    }
}

words! {
    /// A security standard.
    Compliance {
        Cis = "cis",
        Stig = "stig",
    }
}

words! {
    /// Where the passphrase of the cluster's vault is kept.
    Keyring {
        System = "system",
        Legacy = "legacy",
    }
}

words! {
    /// What a source may require of its cluster.
    Required {
        SurvivesMachine = "survives-machine",
        SurvivesTwoMachines = "survives-two-machines",
        SurvivesLocation = "survives-location",
        BackupElsewhere = "backup-elsewhere",
        NoSplitBrain = "no-split-brain",
    }
}

/// The architecture of TPA that m1c knows.
pub const ARCHITECTURES: &[&str] = &["M1"];

/// Whether TPA reaches machines on aws by their public or their private addresses.
pub const REACHABILITIES: &[&str] = &["public", "private"];

/// Whose packages of Patroni are installed.
pub const PATRONI_PACKAGES: &[&str] = &["edb", "community"];

/// What stays of other repositories beside EDB's, so that PGDG is not mixed with them.
pub const YUM_WITH_EDB: &[&str] = &["EPEL"];

/// EDB's repository with what PGDG has.
pub const COMMUNITY_REPOSITORY: &str = "community360";

/// How the password of EFM's user is stored.
pub const EFM_PASSWORDS: &[&str] = &["scram-sha-256", "md5"];

/// Where Patroni keeps its state.
pub const PATRONI_STORES: &[&str] = &["etcd"];

/// How a component is installed.
pub const METHODS: &[&str] = &["pkg", "src"];

/// The systems that lists of packages are kept for.
pub const PACKAGE_LISTS: &[&str] = &["common", "Debian", "RedHat", "Ubuntu", "SLES"];
