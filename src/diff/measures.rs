//! What can be counted in a cluster, before and after.

use crate::topology::FailoverManager;
use crate::topology::quorum::Quorum;
use crate::tpa::view::{Subject, guc, postgres, quorum, settings};

/// A number of the cluster that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

/// The numbers that are not what they were.
pub(super) fn different(before: &Subject, now: &Subject) -> Vec<Measure> {
    let pairs = measures(before).into_iter().zip(measures(now));
    let measure = |((name, before), (_, after)): ((&'static str, String), (_, String))| Measure {
        name,
        before,
        after,
    };
    pairs
        .map(measure)
        .filter(|measure| measure.before != measure.after)
        .collect()
}

fn measures(subject: &Subject) -> [(&'static str, String); 6] {
    let quorum = quorum::quorum(subject).filter(|quorum| quorum.votes() > 0);
    let of = |count: &dyn Fn(&Quorum<'_>) -> String| {
        let counted = quorum.as_ref().map(count);
        counted.unwrap_or_else(|| "none".to_owned())
    };
    let votes =
        |quorum: &Quorum<'_>| format!("{}, {} needed", quorum.votes(), quorum.votes_needed());
    [
        ("machines", subject.instances.len().to_string()),
        ("data nodes", subject.data_nodes().count().to_string()),
        ("votes", of(&votes)),
        ("single failures survived", of(&survived)),
        ("commits wait for", commits(subject)),
        ("backups of", backups(subject)),
    ]
}

/// The standbys that have a commit before it is reported: with none, a failover loses the last ones.
fn commits(subject: &Subject) -> String {
    let waits = || {
        let primary = subject.primary()?;
        if subject.failover_manager() == Some(FailoverManager::Patroni) {
            let mode = settings::patroni_dynamic(subject, primary, "synchronous_mode")?;
            let is_on = settings::is_true(Some(mode)) || mode.as_text() == Some("quorum");
            return is_on.then(|| "replicas that Patroni names".to_owned());
        }
        let names = postgres::setting(subject, primary, "synchronous_standby_names")?;
        let names = names.spelling()?;
        // What Postgres cannot read is shown as it is written.
        let is_read = guc::check(&names).is_ok();
        let names = if is_read { guc::meaning(&names) } else { names };
        let is_waiting = !names.trim().is_empty() && postgres::commits_wait(subject, primary);
        is_waiting.then_some(names)
    };
    waits().unwrap_or_else(|| "nobody".to_owned())
}

/// The machines that some Barman backs up.
fn backups(subject: &Subject) -> String {
    let backed = subject.data_nodes().filter(|one| !one.backup.is_empty());
    let names: Vec<&str> = backed.map(|one| one.name.value.as_str()).collect();
    if names.is_empty() {
        return "nobody".to_owned();
    }
    names.join(", ")
}

/// After the loss of how many single machines somebody still takes writes.
fn survived(quorum: &Quorum<'_>) -> String {
    let survives = |name: &&str| quorum.after_loss_of(&[name]).serves();
    let names = quorum.members.iter().map(|member| member.name);
    let survived = names.filter(survives).count();
    format!("{survived} of {}", quorum.members.len())
}
