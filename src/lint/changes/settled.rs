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
        let is_patroni = self.subject.failover_manager() == Some(FailoverManager::Patroni);
        let name = match (what, self.subject.written) {
            (Settled::Version, Written::Source) => "the version of Postgres".to_owned(),
            (Settled::Flavour, Written::Source) => "the flavour of Postgres".to_owned(),
            _ => format!("`{}`", what.name()),
        };
        self.altered(&name, &key, altered, findings, |finding| {
            finding
                .consequence(what.consequence(is_patroni))
                .help(format!("{old}; {}", what.instead()));
        });
    }
}
