use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::networks;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::Entity;
use crate::tpa::view::Instance;
use crate::tpa::view::truth;

rule! {
    /// ## What it does
    ///
    /// Finds clusters that should be reached by private addresses only and whose machines get public ones all the same.
    ///
    /// ## Why is this bad?
    ///
    /// With `reachability = private` TPA connects to private addresses. Where `assign_public_ip` is not set, its check
    /// takes it for false, and the task that makes the machines takes it for true. Nobody sees the public addresses
    /// until somebody looks at the console.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { reachability = private }
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
    ///   platform aws { reachability = private }
    ///   location main { data 2 }
    ///   defaults { assign_public_ip = false }
    /// }
    /// ```
    pub(super) static PRIVATE_BUT_PUBLIC_IP = {
        name: "private-but-public-ip",
        level: Warning,
        summary: "public addresses where private ones were asked for",
        consequence: "`tpaexec provision` gives the machines public addresses, and nothing says so",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(reachability) = subject.document.get("ec2_instance_reachability") else {
        return;
    };
    if reachability.as_text() != Some("private") {
        return;
    }
    let help = words::say(
        subject,
        "write `defaults { assign_public_ip = false }` in the cluster",
        "add `assign_public_ip: false` to `instance_defaults`",
    );
    let mut unset: Vec<&Instance> = Vec::new();
    for instance in networks::on_aws(subject) {
        let Some(public) = instance.entry.get("assign_public_ip") else {
            unset.push(instance);
            continue;
        };
        if truth::module_bool(public) == Some(true) {
            findings
                .at(
                    instance.entity(),
                    public.origin,
                    format!("`{}` asks for a public address", instance.name.value),
                )
                .key("assign_public_ip")
                .label("not where machines are private")
                .related(reachability.origin, "private")
                .level(Level::Error)
                .consequence("`tpaexec provision` refuses the cluster")
                .help("set it to false");
        }
    }
    if let Some(first) = unset.first() {
        let all = networks::on_aws(subject).count();
        let who = if unset.len() == all {
            "all machines".to_owned()
        } else {
            format!(
                "{} of {all} machines, for example `{}`,",
                unset.len(),
                first.name.value
            )
        };
        findings
            .at(
                Entity::Cluster,
                reachability.origin,
                format!("{who} get public addresses although they should be private"),
            )
            .key("ec2_instance_reachability")
            .label("not enough on its own")
            .help(help);
    }
}
