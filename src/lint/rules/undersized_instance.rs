use crate::facts::instance_types;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, networks, words};
use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::places;
use crate::tpa::view::{Instance, Subject};

rule! {
    /// ## What it does
    ///
    /// Finds data nodes on AWS with less than 4 GB of memory (a warning), and those that pay for computing with credits:
    /// the types `t2`, `t3`, `t3a` and `t4g` (an advice where the memory suffices). `t3.micro` is what TPA takes when
    /// nothing else is said. A cluster with a tag of the value `dev` or `test` may be small.
    ///
    /// ## Why is this bad?
    ///
    /// Such a machine computes at a tenth of its speed when its credits are used up, which is when the database has most
    /// to do; heartbeats of the failover manager then come too late. With 1 GB of memory the kernel kills Postgres at the
    /// first large sort.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { instance = "m7i.large" }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static UNDERSIZED_INSTANCE = {
        name: "undersized-instance",
        level: Advice,
        summary: "data nodes on machines that are too small for a database",
        consequence: "under load the kernel kills Postgres, or the machine slows down until failovers start; nothing reports it before",
    }
}

/// Values of tags that say what a small machine is good for.
const TRYING: &[&str] = &["dev", "development", "test"];

fn is_for_trying(subject: &Subject) -> bool {
    let spellings = subject.tags.iter().filter_map(|(_, tag)| tag.spelling());
    let mut lower = spellings.map(|spelling| spelling.to_lowercase());
    lower.any(|spelling| TRYING.contains(&spelling.as_str()))
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if is_for_trying(subject) {
        return;
    }
    let mut places: Vec<(Span, &str, Origin, Vec<&Instance>)> = Vec::new();
    for instance in networks::on_aws(subject).filter(|instance| instance.is_data_node()) {
        let Some(kind) = networks::text(&instance.entry, "type") else {
            continue;
        };
        let is_small = instance_types::is_burstable(kind) || instance_types::is_tiny(kind);
        if !is_small || !instance_types::may_exist(kind) {
            continue;
        }
        let at = places::or(instance.at_key("type"), subject.at);
        match places
            .iter_mut()
            .find(|(place, known, ..)| *place == at.place() && *known == kind)
        {
            Some((.., machines)) => machines.push(instance),
            None => places.push((at.place(), kind, at, vec![instance])),
        }
    }
    for (_, kind, at, machines) in places {
        let [first, ..] = machines.as_slice() else {
            continue;
        };
        let who = match machines.len() {
            1 => format!("the data node `{}` is", first.name.value),
            count => format!("{count} data nodes are"),
        };
        let is_written = first.at_key("type").is_written();
        let finding = findings
            .at(first.entity(), at, format!("{who} of type `{kind}`"))
            .key("type")
            .help(words::say(
                subject,
                "choose a type of the families m or r, for example `instance = \"m7i.large\"` in the platform's block",
                "choose a type of the families m or r, for example `type: m7i.large`",
            ));
        if instance_types::is_tiny(kind) {
            finding.label(if is_written {
                "less than 4 GB of memory"
            } else {
                "the default, with less than 4 GB of memory"
            });
        } else {
            finding.label("computes on credit").consequence(
                "the machine slows down when its credits are used up, and nothing reports it",
            );
        }
    }
}
