use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::tpa::changes::{Availability, Stop, stops};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, releases, scopes, selectors, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Instance, Subject};
use crate::tpa::view::{places, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds agents of PEM without a server, several servers of which none is chosen, a server shared with another
    /// cluster that is not on a machine that exists already, and half a certificate.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` does not look. Agents register with the server during `tpaexec deploy`, when Postgres runs
    /// already, and the deployment ends there. TPA 23.44.1 and later look whether there is a server at the start of a
    /// deployment, unless `pem-role-check` is in `excluded_tasks`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = false }
    ///   failover efm
    ///   platform docker
    ///   location main {
    ///     primary db1 { roles = [pem-agent] }
    ///     replica db2 { roles = [pem-agent] }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = false }
    ///   failover efm
    ///   platform docker
    ///   monitor pem
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///   }
    /// }
    /// ```
    pub(super) static PEM_TOPOLOGY = {
        name: "pem-topology",
        level: Error,
        summary: "agents and servers of PEM that do not fit together",
        consequence: "`tpaexec deploy` stops when it registers the agents",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let servers: Vec<&Instance> = subject.with_role(Role::PemServer).collect();
    let chosen = |instance: &Instance| subject.variable_of(instance, "pem_server").is_some();
    match servers.as_slice() {
        [] => agents(subject, findings),
        [_] => {}
        [first, second, ..] => {
            if subject
                .instances
                .iter()
                .filter(|instance| instance.has_role(Role::PemAgent))
                .any(|instance| !chosen(instance))
            {
                several(subject, first, second, findings);
            }
        }
    }
    for server in servers {
        shared(subject, server, findings);
    }
    not_shared(subject, findings);
    certificate(subject, findings);
}

/// `pem_shared` where there is no PEM server to share.
fn not_shared(subject: &Subject, findings: &mut Of<'_>) {
    let shares = |instance: &&Instance| {
        let value = subject.variable_of(instance, "pem_shared");
        !instance.has_role(Role::PemServer) && settings::is_true(value)
    };
    for instance in subject.instances.iter().filter(shares) {
        let Some(value) = subject.variable_of(instance, "pem_shared") else {
            continue;
        };
        let finding = findings
            .at(
                Entity::Cluster,
                value.origin,
                "`pem_shared` is set on a machine that is not a PEM server",
            )
            .key("vars/pem_shared")
            .label("no role `pem-server` here")
            .help("write it in the `vars` of the machine with the role `pem-server`");
        releases::at(
            finding,
            subject,
            Stop::PemSharedElsewhere,
            "it does nothing",
        );
    }
}

fn place(instance: &Instance, role: Role) -> Origin {
    let role = instance.role(role);
    places::or(
        role.map_or(instance.name.origin, |role| role.origin),
        places::of_entry(&instance.own, instance.at),
    )
}

fn agents(subject: &Subject, findings: &mut Of<'_>) {
    let agent = subject
        .with_role(Role::PemAgent)
        .find(|agent| subject.variable_of(agent, "pem_server").is_none());
    let Some(agent) = agent else { return };
    let is_checked = stops(subject.tpa, Stop::PemRolesIncomplete) == Availability::Here
        && !selectors::names(subject, agent, "excluded_tasks", "pem-role-check");
    let count = subject.with_role(Role::PemAgent).count();
    let who = match count {
        1 => format!("`{}` has an agent", agent.name.value),
        count => format!("{count} machines have agents"),
    };
    let finding = findings
        .at(
            agent.entity(),
            place(agent, Role::PemAgent),
            format!("{who} of PEM, and there is no PEM server"),
        )
        .key("role")
        .label("registers with nobody")
        .help(words::say(
            subject,
            "write `monitor pem`, which makes the server and the agents, or remove the role",
            "add a machine with the role `pem-server`, or remove the role",
        ));
    if is_checked {
        finding.consequence("`tpaexec deploy` looks at the roles of PEM first, and stops");
    }
}

fn several(subject: &Subject, first: &Instance, second: &Instance, findings: &mut Of<'_>) {
    findings
        .at(
            second.entity(),
            place(second, Role::PemServer),
            format!(
                "`{}` and `{}` are both PEM servers, and the agents do not know which one to take",
                first.name.value, second.name.value
            ),
        )
        .key("role")
        .label("the second")
        .related(place(first, Role::PemServer), "the first")
        .help(format!(
            "set {}, or remove one of them",
            words::variable(subject, "pem_server", &first.name.value)
        ));
}

fn shared(subject: &Subject, server: &Instance, findings: &mut Of<'_>) {
    let Some(value) = subject.variable_of(server, "pem_shared") else {
        return;
    };
    if settings::is_true(Some(value)) && !server.is_on(Platform::Bare) {
        findings
            .at(
                server.entity(),
                places::or(value.origin, place(server, Role::PemServer)),
                format!(
                    "the PEM server `{}` of another cluster is on {}, where TPA would make it",
                    server.name.value, server.platform.value
                ),
            )
            .key("vars/pem_shared")
            .label("not on bare")
            .consequence("`tpaexec provision` makes a new machine, and the agents do not find the server that exists")
            .help("set the machine's `platform` to bare, with the address of the server, or remove `pem_shared`");
    }
}

fn certificate(subject: &Subject, findings: &mut Of<'_>) {
    const PAIR: [&str; 2] = ["pem_server_ssl_certificate", "pem_server_ssl_key"];
    let is_set = |key: &str| {
        scopes::variables(subject)
            .any(|scope| scope.map.get(key).is_some_and(|value| !is_empty(value)))
    };
    let [certificate, key] = PAIR;
    for (one, other) in [(certificate, key), (key, certificate)] {
        if is_set(other) {
            continue;
        }
        for scope in scopes::variables(subject) {
            let Some(value) = scope.map.get(one).filter(|value| !is_empty(value)) else {
                continue;
            };
            findings
                .at(
                    scope.entity.clone(),
                    places::of_key(scope.map, one).unwrap_or(value.origin),
                    format!("`{one}` is set, and `{other}` is not"),
                )
                .key(scope.key(one))
                .label("half of a pair")
                .consequence("the web server of PEM does not start, or keeps the certificate that it made itself")
                .help(format!("set `{other}` beside it, or remove it"));
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.spelling().is_none_or(|text| text.is_empty())
}
