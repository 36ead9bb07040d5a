use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with the Beacon agent and without the id of the project that it reports to.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` does not ask for it; the agent's configuration cannot be written without.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   monitor beacon
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   monitor beacon { project = "prj_1234" }
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static BEACON_INCOMPLETE = {
        name: "beacon-incomplete",
        level: Error,
        summary: "the Beacon agent without its project",
        consequence: "`tpaexec deploy` fails when it writes the agent's configuration",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(instance) = subject.with_role("beacon-agent").next() else {
        return;
    };
    if subject
        .variable_of(instance, "beacon_agent_project_id")
        .is_some()
    {
        return;
    }
    let role = instance
        .roles
        .iter()
        .find(|role| role.value == "beacon-agent");
    findings
        .at(
            instance.entity(),
            role.map_or(instance.at, |role| role.origin),
            "the Beacon agent has no project",
        )
        .key("cluster_vars/beacon_agent_project_id")
        .label("reports to nobody")
        .help(words::say(
            subject,
            "write `monitor beacon { project = \"prj_…\" }`",
            "add `beacon_agent_project_id` to `cluster_vars`",
        ));
}
