//! Changes of what is settled when a cluster is made.

use super::Report;
use crate::facts::settled::Settled;
use crate::lint::finding::Of;
use crate::topology::FailoverManager;
use crate::tpa::change::Altered;
use crate::tpa::view::Written;

impl Report<'_> {
    pub(super) fn settled(&self, what: Settled, altered: &Altered<'_>, findings: &mut Of<'_>) {
        let key = format!("vars/{}", what.name());
        let old = match &altered.from {
            Some(from) => format!("keep `{}`", from.value),
            None => "leave it out".to_owned(),
        };
        let (consequence, then) = self.effect(what);
        let name = match (what, self.subject.written) {
            (Settled::Version, Written::Source) => "the version of Postgres".to_owned(),
            (Settled::Flavour, Written::Source) => "the flavour of Postgres".to_owned(),
            _ => format!("`{}`", what.name()),
        };
        self.altered(&name, &key, altered, findings, |finding| {
            finding
                .consequence(consequence)
                .help(format!("{old}; {then}"));
        });
    }

    /// What happens to a cluster that runs, and how it is done instead.
    fn effect(&self, what: Settled) -> (&'static str, &'static str) {
        match what {
            Settled::Version => (
                "the deployment stops: TPA compares it with the version of the data that is there",
                "TPA does not upgrade to another major version: do that with `pg_upgrade`, or by logical replication to a new cluster, and change it afterwards",
            ),
            Settled::Flavour => (
                "TPA installs other programs, which do not take over the data that is there",
                "make a new cluster and move the data, by a dump or by logical replication",
            ),
            Settled::User => (
                "the deployment stops: TPA compares it with the owner of the data that is there",
                "the owner of the data is also its first superuser, and stays what it was when `initdb` ran",
            ),
            Settled::DataDirectory => (
                "TPA moves no data: in the new directory it finds none, and makes an empty database there or fails",
                "to move the data, stop Postgres, move the directory on every machine, and change it afterwards",
            ),
            Settled::WalDirectory => (
                "the deployment stops: TPA compares it with the directory that the WAL is in",
                "to move the WAL, stop Postgres, move the directory, let the link `pg_wal` lead there, and change it afterwards",
            ),
            Settled::InitdbOptions => (
                "nothing happens: `initdb` has run, and a new replica is a copy of the primary",
                "what can be changed is changed by hand, such as checksums with `pg_checksums` while Postgres is stopped; else make a new cluster",
            ),
            Settled::Locale => (
                "nothing happens: `initdb` has run, and databases keep the locale and encoding that they were made with",
                "make a new database with the other locale and move the data, by a dump for example",
            ),
            Settled::Redwood => (
                "nothing happens: the database was made with or without what Oracle has, and stays so",
                "make a new cluster and move the data",
            ),
            Settled::EtcdTls
                if self.subject.failover_manager() == Some(FailoverManager::Patroni) =>
            {
                (
                    "members of etcd that are changed do not find the others; without a majority Patroni stops the primary",
                    "TPA does not change it on a cluster that is deployed, neither on nor off: make a new cluster",
                )
            }
            Settled::EtcdTls => (
                "members of etcd that are changed do not find the others, and the majority is lost",
                "TPA does not change it on a cluster that is deployed, neither on nor off: make a new cluster",
            ),
        }
    }
}
