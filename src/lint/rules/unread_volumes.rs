use crate::diagnostic::Level;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, When};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Section};
use crate::lint::{Context, releases, words};
use crate::tpa::view::places;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds volumes among variables, where nobody makes them: `default_volumes` or `volumes` in `vars`.
    ///
    /// ## Why is this bad?
    ///
    /// TPA reads volumes from `instance_defaults`, locations and machines. Among variables they are ignored: the data stays
    /// on the default volume of 16 GB, or on the root disk. TPA 23.44.1 and later stop at those of `cluster_vars`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws
    ///   location main { data 2 }
    ///   vars {
    ///     default_volumes = [{
    ///       device_name = "/dev/sdf"
    ///       volume_type = gp3
    ///       volume_size = 500
    ///       vars = { volume_for = postgres_data }
    ///     }]
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     volumes { postgres 500GB }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static UNREAD_VOLUMES = {
        name: "unread-volumes",
        level: Error,
        summary: "volumes where nobody makes them",
        consequence: "no such volume is made: the data stays on the default volume or the root disk",
    }
}

const NAMES: &[&str] = &["default_volumes", "volumes", "default_volume", "volume"];

/// Whether it speaks about a variable. Anything but a list with volumes is a variable of somebody's own.
pub(super) fn finds(name: &str, value: &Value) -> bool {
    let has_volumes = value.as_list().is_some_and(|list| !list.is_empty());
    NAMES.contains(&name) && has_volumes
}

/// The first release that stops at a variable of this name in `cluster_vars`.
fn refused_since(name: &str) -> Option<TpaVersion> {
    let mut refused = changes::refused_variables();
    let (change, _) = refused
        .find(|(_, refused)| refused.variable == name && refused.when == When::InClusterVars)?;
    Some(change.version)
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        for name in NAMES {
            let Some(value) = scope.map.get(name) else {
                continue;
            };
            if !finds(name, value) {
                continue;
            }
            let finding = findings
                .at(
                    scope.entity.clone(),
                    places::of_key(scope.map, name).unwrap_or(value.origin),
                    format!("`{name}` among variables makes no volumes"),
                )
                .key(scope.key(name))
                .label("a variable here")
                .help(match scope.section {
                    Section::Instance => words::say(
                        subject,
                        "remove it, and write `volumes { postgres 500GB }` in the machine",
                        "move it out of `vars`: `volumes` is a key of the machine",
                    ),
                    Section::Cluster | Section::Defaults | Section::Location => words::say(
                        subject,
                        "remove it, and write `volumes { postgres 500GB }` in the platform's block",
                        "move it to `instance_defaults` as `default_volumes`, beside `platform`",
                    ),
                });
            if let Some(since) = refused_since(name).filter(|_| scope.section == Section::Cluster) {
                releases::from(finding, subject, since, UNREAD_VOLUMES.consequence);
                finding.level(Level::Error);
            } else if scope.section != Section::Cluster && *name == "volumes" {
                finding.level(Level::Warning).consequence(
                    "no such volume is made; deployment takes the list instead of the volumes that the machine has",
                );
            }
        }
    }
}
