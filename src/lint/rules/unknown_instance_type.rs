use crate::diagnostic::{Applicability, Level};
use crate::facts::instance_types;
use crate::lint::finding::Of;
use crate::lint::instance_names::{self, Unknown};
use crate::lint::rule::rule;
use crate::lint::{Context, networks, scopes, words};
use crate::source::Span;
use crate::tpa::view::places;

rule! {
    /// ## What it does
    ///
    /// Finds instance types on aws that AWS does not have: a size that its family does not come in, and what is not
    /// written like a type at all. A family that m1c does not know may be newer than its table, which gives a warning.
    ///
    /// ## Why is this bad?
    ///
    /// `terraform plan` passes, and `tpaexec provision` and `terraform apply` stop half-way: AWS refuses the machine when
    /// networks and other machines are already there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { instance = "m6i.extralarge" }
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
    ///   platform aws { instance = "m6i.xlarge" }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static UNKNOWN_INSTANCE_TYPE = {
        name: "unknown-instance-type",
        level: Error,
        summary: "an instance type that AWS does not have",
        consequence: "the plan passes, and AWS refuses the machine when half of the cluster is made",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut seen: Vec<Span> = Vec::new();
    for instance in networks::on_aws(subject) {
        let Some(value) = instance.entry.get("type") else {
            continue;
        };
        let Some(kind) = value.as_text().filter(|_| !scopes::is_template(value)) else {
            continue;
        };
        let at = places::or(value.origin, places::or(instance.at, subject.at));
        if seen.contains(&at.place()) {
            continue;
        }
        let Some(unknown) = instance_names::unknown(kind) else {
            continue;
        };
        seen.push(at.place());
        let (message, label, meant, is_new) = match unknown {
            Unknown::Size { family, meant } => (
                format!("the family `{family}` has no size `{}`", size(kind)),
                "not a size of this family",
                meant.map(|size| format!("{family}.{size}")).ok_or(family),
                false,
            ),
            Unknown::Family(meant) => (
                format!("m1c does not know the family of `{kind}`"),
                "not known",
                meant.ok_or(""),
                true,
            ),
            Unknown::Shape(meant) => (
                format!("`{kind}` is not an EC2 instance type"),
                "not FAMILY.SIZE",
                meant.ok_or(""),
                false,
            ),
        };
        let finding = findings
            .at(instance.entity(), at, message)
            .key("type")
            .label(label);
        if is_new {
            finding
                .level(Level::Warning)
                .consequence("if AWS does not have it either, it refuses the machine when half of the cluster is made");
        }
        match meant {
            Ok(meant) => {
                let written = words::literal(subject, &meant);
                finding
                    .help(format!("write `{meant}`"))
                    .fix(Applicability::Suggested, at, written);
            }
            Err("") if is_new => {
                finding.help("compare with the list of types in AWS's console; for a type that is newer than this m1c, `allow` this with the reason");
            }
            Err("") => {
                finding
                    .help("write a family and a size with a dot between, for example `m7i.large`");
            }
            Err(family) => {
                let sizes: Vec<&str> = instance_types::sizes(family)
                    .into_iter()
                    .flatten()
                    .collect();
                finding.help(format!("its sizes are {}", words::choice(&sizes)));
            }
        }
    }
}

fn size(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(_, size)| size)
}
