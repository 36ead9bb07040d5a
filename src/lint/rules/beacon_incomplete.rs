use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::Instance;
use crate::tpa::view::places;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with the Beacon agent where nothing says which project they belong to, and (where the environment
    /// is known) the access key that is missing there.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` takes the project for optional. `tpaexec deploy` writes it into the agent's configuration and
    /// fails without it. Without `BEACON_AGENT_ACCESS_KEY` in the environment of `tpaexec provision` the service starts
    /// without a configuration, and nothing says so.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   monitor beacon
    ///   platform docker
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
    ///   monitor beacon { project = "prj_a1B2c3D4e5F6" }
    ///   platform docker
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static BEACON_INCOMPLETE = {
        name: "beacon-incomplete",
        level: Error,
        summary: "a Beacon agent that belongs to no project",
        consequence: "`tpaexec deploy` fails when it configures the agent",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let project = "beacon_agent_project_id";
    let agents: Vec<_> = subject.with_role(Role::BeaconAgent).collect();
    let Some(first) = agents.first() else { return };
    let place = |instance: &Instance| {
        let role = instance.role(Role::BeaconAgent);
        places::or(
            role.map_or(instance.name.origin, |role| role.origin),
            places::of_entry(&instance.own, instance.at),
        )
    };
    let without = agents.iter().find(|instance| {
        let id = subject
            .variable_of(instance, project)
            .and_then(Value::spelling);
        id.is_none_or(|id| id.is_empty())
    });
    if let Some(without) = without {
        findings
            .at(
                without.entity(),
                place(without),
                format!(
                    "the Beacon agent of `{}` has no project",
                    without.name.value
                ),
            )
            .key(format!("vars/{project}"))
            .label("which project?")
            .help(words::say(
                subject,
                "write `monitor beacon { project = \"…\" }` with the id that EDB's console shows",
                "write `beacon_agent_project_id: prj_1234` in `cluster_vars`, with the id that EDB's console shows",
            ));
    }
    let key = "BEACON_AGENT_ACCESS_KEY";
    if let Some(environment) = context.environment
        && !environment.variables.iter().any(|known| known == key)
    {
        findings
            .at(
                first.entity(),
                place(first),
                format!("`{key}` is not set in the environment"),
            )
            .key("environment")
            .label("needs an access key")
            .consequence(
                "the agent starts without a configuration and reports nothing, and nothing says so",
            )
            .help(format!("export `{key}` before `tpaexec provision`"));
    }
}
