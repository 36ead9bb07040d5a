//! What a cluster chooses beside its layout: Postgres, failover, software; and which choices exclude each other.

use uuid::Uuid;

use super::identities::kept;
use super::{Lowering, by_default, derived, errors};
use crate::facts::choices::Platform;
use crate::model::{Block, Entry};
use crate::origin::Sourced;
use crate::topology::{
    Backup, Compliance, Efm, Failover, FailoverManager, Flavour, Keyring, Monitor, Packages,
    Postgres, Repositories, SourceBuild, Tower,
};

/// The namespace of the names of vaults, itself made from the name of the language.
const VAULTS: Uuid = Uuid::from_u128(0x6d31_6320_7661_756c_8420_6e61_6d65_7300);

pub(super) struct Choices {
    pub(super) postgres: Postgres,
    pub(super) failover: Failover,
    pub(super) backup: Backup,
    pub(super) monitor: Monitor,
    pub(super) repositories: Repositories,
    pub(super) packages: Packages,
    pub(super) versions: Vec<(String, Sourced<String>)>,
    pub(super) sources: Vec<SourceBuild>,
    pub(super) compliance: Option<Sourced<Compliance>>,
    pub(super) keyring: Sourced<Keyring>,
    pub(super) vault_name: Option<Sourced<String>>,
    pub(super) tower: Option<Tower>,
}

impl<'m> Lowering<'m, '_> {
    pub(super) fn choices(&mut self) -> Option<Choices> {
        let keyring = self.keyring();
        let postgres = self.postgres();
        let failover = self.failover();
        self.combinations(postgres.as_ref(), failover.as_ref());
        let sources = self.sources();
        let compliance = self.compliance(postgres.as_ref());
        let tower = self.whole("tower").map(|tower| Tower {
            api_url: tower.block.text("api_url").map(Sourced::to_owned),
            git_repository: tower.block.text("git_repository").map(Sourced::to_owned),
        });
        Some(Choices {
            postgres: postgres?,
            failover: failover?,
            backup: Backup {
                api: self.in_entry("backup", |backup| backup.boolean("api")),
            },
            monitor: self.monitor(),
            repositories: self.repositories(),
            packages: self.packages(),
            versions: self.versions(),
            sources,
            compliance,
            keyring,
            vault_name: self.vault_name(keyring),
            tower,
        })
    }

    fn in_entry<T>(&self, word: &str, get: impl FnOnce(&'m Block) -> Option<T>) -> Option<T> {
        self.whole(word).and_then(|entry| get(&entry.block))
    }

    fn postgres(&mut self) -> Option<Postgres> {
        let entry = self.whole("postgres")?;
        let flavour = entry.name(0)?;
        let known = Flavour::parse(flavour.value)?;
        let redwood = entry.block.boolean("redwood");
        if known == Flavour::Epas && redwood.is_none() && !entry.block.holes {
            let version = entry.name(1).map_or("16", |version| version.value);
            self.report(flavour.origin, |at| errors::redwood_missing(at, version));
        }
        Some(Postgres {
            flavour: flavour.map(|_| known),
            version: entry.name(1)?.to_owned(),
            redwood,
        })
    }

    fn failover(&mut self) -> Option<Failover> {
        let entry = self.whole("failover")?;
        let manager = entry.name(0)?;
        let known = FailoverManager::parse(manager.value)?;
        Some(Failover {
            manager: manager.map(|_| known),
            bind_by_hostname: entry.block.boolean("bind_by_hostname"),
            packages: entry.block.text("packages").map(Sourced::to_owned),
            tls: entry.block.boolean("tls"),
            efm: Efm {
                version: entry.block.text("version").map(Sourced::to_owned),
                superuser: entry.block.boolean("superuser"),
                password_encryption: entry
                    .block
                    .text("password_encryption")
                    .map(Sourced::to_owned),
            },
        })
    }

    /// Reports choices that exclude each other.
    fn combinations(&mut self, postgres: Option<&Postgres>, failover: Option<&Failover>) {
        let manager = failover.map(|failover| failover.manager);
        if let (Some(postgres), Some(manager)) = (postgres, manager) {
            let (flavour, version) = (postgres.flavour.value, postgres.version.value.parse());
            if version.is_ok_and(|version| !manager.value.manages(flavour, version)) {
                let version = postgres.version.origin.place();
                self.report(manager.origin, |at| {
                    errors::repmgr_with_old_epas(at, version)
                });
            }
        }
        let pool = self.whole("pool");
        let Some(balance) = self.whole("balance") else {
            return;
        };
        if let Some(pool) = pool {
            let other = pool.at.place();
            self.report(balance.at, |at| errors::balance_with_pool(at, other));
        }
        if let Some(manager) = manager
            && manager.value != FailoverManager::Patroni
        {
            let other = manager.origin.place();
            self.report(balance.at, |at| {
                errors::haproxy_without_patroni(at, manager.value, other)
            });
        }
    }

    fn monitor(&self) -> Monitor {
        let of = |tool: &str| {
            self.block
                .entries("monitor")
                .find(|entry| entry.label(0) == Some(tool))
        };
        let place = |entry: &Entry| entry.at.place();
        let project = of("beacon").and_then(|beacon| beacon.block.text("project"));
        Monitor {
            pem: of("pem").map(place),
            beacon: of("beacon").map(place),
            beacon_project: project.map(Sourced::to_owned),
        }
    }

    fn repositories(&self) -> Repositories {
        let list = |key| {
            self.in_entry("repositories", |block| block.value(key))
                .cloned()
        };
        Repositories {
            edb: list("edb"),
            apt: list("apt"),
            yum: list("yum"),
            suse: list("suse"),
            local_only: self.in_entry("repositories", |block| block.boolean("local_only")),
        }
    }

    fn packages(&self) -> Packages {
        let lists = |key| self.in_entry("packages", |block| block.value(key)).cloned();
        Packages {
            extra: lists("extra"),
            optional: lists("optional"),
            postgres: lists("postgres"),
            unwanted: lists("unwanted"),
        }
    }

    fn versions(&self) -> Vec<(String, Sourced<String>)> {
        let settings = self.whole("versions").map(|entry| &entry.block.settings);
        let settings = settings.into_iter().flatten();
        settings
            .filter_map(|setting| {
                let version = setting.value.sourced_text()?.to_owned();
                Some((setting.schema.key.to_owned(), version))
            })
            .collect()
    }

    /// What is built from source, and whether it can be in this order.
    fn sources(&mut self) -> Vec<SourceBuild> {
        let Some(entry) = self.whole("sources") else {
            return Vec::new();
        };
        let builds: Vec<&Entry> = entry
            .block
            .entries
            .iter()
            .filter(|build| !build.broken)
            .collect();
        let position = |name: &str| builds.iter().position(|build| build.word == name);
        let at = |index: usize| builds.get(index).map(|build| build.at);
        if let (Some(one), Some(other)) = (position("postgres"), position("2ndqpostgres"))
            && let (Some(first), Some(second)) = (at(one.min(other)), at(one.max(other)))
        {
            let first = first.place();
            self.report(second, |at| errors::two_postgres_sources(at, first));
        }
        if let Some(bdr) = position("bdr3") {
            let pglogical = position("pglogical3");
            if let Some(at) = at(bdr)
                && pglogical.is_none_or(|pglogical| pglogical > bdr)
            {
                self.report(at, errors::bdr_before_pglogical);
            }
        }
        builds
            .iter()
            .map(|build| SourceBuild {
                name: Sourced::new(build.word.clone(), build.at),
                reference: build.name(0).map(Sourced::to_owned),
            })
            .collect()
    }

    fn compliance(&mut self, postgres: Option<&Postgres>) -> Option<Sourced<Compliance>> {
        let written = self.block.text("compliance")?;
        let standard = Compliance::parse(written.value)?;
        if standard == Compliance::Cis {
            return Some(written.map(|_| standard));
        }
        if let Some(platform) = self.chosen("platform")
            && platform.value != Platform::Bare.name()
        {
            let other = platform.origin.place();
            self.report(written.origin, |at| {
                errors::stig(at, "`platform bare`", other)
            });
        }
        if let Some(postgres) = postgres
            && postgres.flavour.value != Flavour::Epas
        {
            let other = postgres.flavour.origin.place();
            self.report(written.origin, |at| {
                errors::stig(at, "`postgres epas`", other)
            });
        }
        if let Some(platform) = self.whole("platform")
            && platform.label(0) == Some(Platform::Bare.name())
            && !platform.block.holes
        {
            let os = platform.block.entry("os");
            let fits = os.is_some_and(|os| {
                os.label(0) == Some("RedHat") && matches!(os.label(1), Some("8" | "9"))
            });
            if !fits && !os.is_some_and(|os| os.broken) {
                let other = os.map_or(platform.at, |os| os.at).place();
                self.report(written.origin, |at| {
                    errors::stig(at, "`os RedHat 8` or `os RedHat 9`", other)
                });
            }
        }
        Some(written.map(|_| standard))
    }

    /// The name of the vault of the system's keyring: that of the lock, else one that follows from the cluster's name.
    fn vault_name(&self, keyring: Sourced<Keyring>) -> Option<Sourced<String>> {
        if keyring.value != Keyring::System {
            return None;
        }
        let from = self.cluster.at;
        if let Some(name) = self.lock.and_then(|lock| lock.vault_name.as_ref()) {
            return Some(kept(name.value.clone(), from));
        }
        let name = Uuid::new_v5(&VAULTS, self.cluster.name.as_bytes());
        let rule = "the name of the vault follows from the cluster's";
        Some(derived(name.to_string(), from, rule))
    }

    fn keyring(&self) -> Sourced<Keyring> {
        match self.block.text("keyring") {
            Some(written) => written.map(|word| Keyring::parse(word).unwrap_or(Keyring::System)),
            None => by_default(Keyring::System, "TPA's default keyring"),
        }
    }
}
