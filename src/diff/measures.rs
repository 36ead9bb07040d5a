//! What can be counted in a cluster, before and after.

use crate::topology::quorum::Quorum;
use crate::tpa::view::Subject;
use crate::tpa::view::quorum;

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

fn measures(subject: &Subject) -> [(&'static str, String); 4] {
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
    ]
}

/// After the loss of how many single machines somebody still takes writes.
fn survived(quorum: &Quorum<'_>) -> String {
    let survives = |name: &&str| quorum.after_loss_of(&[name]).serves();
    let names = quorum.members.iter().map(|member| member.name);
    let survived = names.filter(survives).count();
    format!("{survived} of {}", quorum.members.len())
}
