use crate::diagnostic::Applicability;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Member, Part, Quorum, Verdict};
use crate::tpa::view::Subject;
use crate::tpa::view::quorum::{is_witness_beside_standbys, left, witness_role, written_true};

rule! {
    /// ## What it does
    ///
    /// Finds witnesses that do harm where they are. With repmgr and two locations that is a witness in the other location
    /// than the primary's. With three locations and several witnesses it is one without which the loss of the primary's
    /// location would be survived.
    ///
    /// ## Why is this bad?
    ///
    /// A witness beside the standbys gives them a majority: when only the link between two locations is cut, they promote
    /// one of them, and the old primary still takes writes. A second witness beside the primary is lost together with it,
    /// and counts against those who are left.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location paris  { data 1 }
    ///   location london { data 1; witness }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location paris  { data 1; witness }
    ///   location london { data 1 }
    /// }
    /// ```
    pub(super) static WITNESS_PLACEMENT = {
        name: "witness-placement",
        level: Warning,
        summary: "a witness whose vote does harm where it is",
        consequence: "when the link between the locations is cut, both sides take writes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager != FailoverManager::Patroni)
    else {
        return;
    };
    let Some(home) = quorum.primary().and_then(|primary| primary.location) else {
        return;
    };
    if quorum.manager == FailoverManager::Repmgr {
        beside_the_standbys(subject, quorum, home, findings);
    }
    one_too_many(subject, quorum, home, findings);
}

fn beside_the_standbys(subject: &Subject, quorum: &Quorum<'_>, home: &str, findings: &mut Of<'_>) {
    let cut = quorum.cut_off(home);
    let (Verdict::Promotes(promoted), Verdict::Stays(primary)) =
        (cut.far.verdict, cut.near.verdict)
    else {
        return;
    };
    if !is_witness_beside_standbys(quorum, home) {
        return;
    }
    for member in &quorum.members {
        let Some(location) = member.location.filter(|location| *location != home) else {
            continue;
        };
        let Some(instance) = subject.instance(member.name) else {
            continue;
        };
        let Some(role) = witness_role(instance).filter(|_| member.part == Part::Witness) else {
            continue;
        };
        let finding = findings
            .at(
                instance.entity(),
                role.origin,
                format!(
                    "with the witness `{}`, `{location}` has {}: when `{home}` is cut off, `{promoted}` is promoted while `{primary}` takes writes",
                    member.name,
                    left(quorum, &cut.far)
                ),
            )
            .key("role")
            .label("votes beside the standbys")
            .help(format!(
                "move the witness to `{home}`, or to a third location"
            ));
        if let Some(primary) = subject.instance(primary) {
            finding.related(primary.at, "the primary");
        }
    }
}

fn one_too_many(subject: &Subject, quorum: &Quorum<'_>, home: &str, findings: &mut Of<'_>) {
    let witnesses: Vec<&Member<'_>> = quorum
        .members
        .iter()
        .filter(|member| member.part == Part::Witness)
        .collect();
    let now = quorum.after_loss_of_location(home);
    if witnesses.len() < 2 || now.promotes() {
        return;
    }
    for witness in &witnesses {
        let without = quorum.without(witness.name);
        let then = without.after_loss_of_location(home);
        let Some(instance) = subject.instance(witness.name) else {
            continue;
        };
        let Some(role) = witness_role(instance).filter(|_| then.promotes()) else {
            continue;
        };
        let name = witness.name;
        let finding = findings
            .at(
                instance.entity(),
                role.origin,
                format!(
                    "`{name}` is one witness too many: losing `{home}` leaves {}, and {} without it",
                    left(quorum, &now),
                    left(&without, &then)
                ),
            )
            .key("role")
            .label(format!("makes `{name}` a witness"))
            .help(words::say(
                subject,
                "write `witness = false` for the Barman node, or remove the `witness` line",
                "remove the role `witness`, and the `upstream` with it",
            ))
            .consequence(format!("when `{home}` is lost nobody takes over"));
        for other in witnesses.iter().filter(|other| other.name != name) {
            if let Some(other) = subject.instance(other.name) {
                finding.related(other.at, "a witness as well");
            }
        }
        if let Some(written) = written_true(subject, role) {
            finding.fix(Applicability::Suggested, written, "false");
        }
        return;
    }
}
