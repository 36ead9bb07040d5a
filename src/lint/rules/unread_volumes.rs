use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Section};
use crate::lint::{Context, words};
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
    /// on the default volume of 16 GB, or on the root disk. TPA 23.44.1 and later stop at them.
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
        consequence: "no such volume is made: the data stays on the default volume or the root disk; TPA 23.44.1 and later stop",
    }
}

const NAMES: &[&str] = &["default_volumes", "volumes", "default_volume", "volume"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        for name in NAMES {
            let Some(value) = scope.map.get(name) else {
                continue;
            };
            // Anything else is a variable of somebody's own.
            if value.as_list().is_none_or(<[Value]>::is_empty) {
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
                        "write `volumes { … }` in the machine's own block, beside `vars`",
                        "move it out of `vars`: `volumes` is a key of the machine",
                    ),
                    Section::Cluster | Section::Defaults | Section::Location => words::say(
                        subject,
                        "write `volumes { postgres 500GB }` in the block of the platform",
                        "move it to `instance_defaults` as `default_volumes`, beside `platform`",
                    ),
                });
            if scope.section != Section::Cluster && *name == "volumes" {
                finding.level(Level::Warning).consequence(
                    "no such volume is made; deployment takes the list instead of the volumes that the machine has",
                );
            }
        }
    }
}
