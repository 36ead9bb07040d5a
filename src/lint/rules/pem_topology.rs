use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;

rule! {
    /// ## What it does
    ///
    /// Finds PEM agents in clusters that have no PEM server and name none, and clusters with several PEM servers that do
    /// not say which one agents report to.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec deploy` looks up the server among the cluster's machines and fails where there is none.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1; roles = [pem-agent] }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   monitor pem
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman bk1 { address = 10.0.0.3 }
    ///     pem pem1 { address = 10.0.0.4 }
    ///   }
    /// }
    /// ```
    pub(super) static PEM_TOPOLOGY = {
        name: "pem-topology",
        level: Error,
        summary: "PEM agents without the server that they report to",
        consequence: "`tpaexec deploy` fails when it configures the agents",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let servers: Vec<_> = subject.with_role("pem-server").collect();
    let agent = subject
        .with_role("pem-agent")
        .find(|agent| subject.variable_of(agent, "pem_server").is_none());
    match (servers.as_slice(), agent) {
        ([], Some(agent)) => {
            let role = agent.roles.iter().find(|role| role.value == "pem-agent");
            findings
                .at(
                    agent.entity(),
                    role.map_or(agent.at, |role| role.origin),
                    format!("the PEM agent of `{}` has no server to report to", agent.name.value),
                )
                .key("role")
                .label("no machine is a PEM server")
                .help(words::say(
                    subject,
                    "write `monitor pem`, which places a server, or name one with the variable `pem_server`",
                    "add an instance with the role `pem-server`, or name one in `pem_server`",
                ));
        }
        ([first, second, ..], Some(_)) => {
            findings
                .at(
                    second.entity(),
                    second.name.origin,
                    "a second PEM server, and nothing says which one agents report to",
                )
                .key("role")
                .label("the second")
                .related(first.name.origin, "the first")
                .help("set the variable `pem_server` to the name of one of them");
        }
        _ => {}
    }
}
