use crate::diagnostic::Applicability;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, networks};
use crate::origin::Origin;
use crate::tpa::view::{Entity, places, settings};

rule! {
    /// ## What it does
    ///
    /// Finds AMIs that TPA once named and that their vendors have withdrawn, and says by which name the image goes now.
    /// An older TPA names them on its own: then `os` is where the finding is.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` looks for the image in every region each time that it runs, and stops where there is none.
    /// Machines that run are not harmed, but nobody can add one or replace one that is lost.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// ec2_ami: { Name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250627", Owner: "099720109477" }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], platform: aws, region: eu-west-1, subnet: 10.33.0.0/28, type: m7i.large }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// ec2_ami: { Name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260714", Owner: "099720109477" }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary], platform: aws, region: eu-west-1, subnet: 10.33.0.0/28, type: m7i.large }
    /// ```
    pub(super) static WITHDRAWN_AMI = {
        name: "withdrawn-ami",
        level: Warning,
        summary: "an AMI that its vendor has withdrawn",
        consequence: "`tpaexec provision` finds no such image and stops, so that no machine can be added or replaced",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut seen: Vec<Origin> = Vec::new();
    for instance in networks::on_aws(subject) {
        let Some(image) = settings::image(subject, instance) else {
            continue;
        };
        let Some(ami) = changes::earlier_ami(&image.value) else {
            continue;
        };
        if !ami.is_withdrawn || seen.contains(&image.origin) {
            continue;
        }
        seen.push(image.origin);
        let entity = if instance.own.get("image").is_some() {
            instance.entity()
        } else {
            Entity::Cluster
        };
        let at = places::or(image.origin, subject.at);
        let finding = findings
            .at(
                entity,
                at,
                format!("the AMI `{}` has been withdrawn", image.value),
            )
            .key("image");
        if names(at, &image.value) {
            let present = ami.present;
            finding
                .label("no longer there")
                .help(format!("write `{present}`, which is the same system"))
                // Its name and nothing beside it is there: no quotes.
                .fix(
                    Applicability::Suggested,
                    unquoted(at, &image.value),
                    present,
                );
        } else {
            finding
                .label(format!("TPA {} takes that one", subject.tpa))
                .help(format!(
                    "upgrade TPA and write `tpa = {}`, or name the present one: `image = \"{}\"`",
                    TpaVersion::NEWEST,
                    ami.present
                ));
        }
    }
}

/// Whether the text at a place may be the name itself, and not a word that stands for it.
fn names(at: Origin, name: &str) -> bool {
    at.place().range().len() >= name.len()
}

/// The place of a name without the quotes around it.
fn unquoted(at: Origin, name: &str) -> Origin {
    let mut span = at.place();
    if span.range().len() == name.len() + 2 {
        span.start += 1;
        span.end -= 1;
    }
    match at {
        Origin::Written(_) => Origin::Written(span),
        Origin::Included { .. } | Origin::Default(_) | Origin::Derived { .. } => at,
    }
}
