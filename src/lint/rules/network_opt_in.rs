use crate::facts::choices::Platform;
use crate::facts::tpa::V23_45;
use crate::facts::tpa::changes::{Difference, differs};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::rules::sysctl_name;
use crate::lint::{Context, declared, selectors, words};
use crate::tpa::view::{Entity, Subject, Written, places};
use crate::value::{Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds settings `net.…` in `sysctl_values` that TPA does not set, because the selector `sysctl_net` is not in
    /// `opt_in_tasks`.
    ///
    /// ## Why is this bad?
    ///
    /// From 23.45 on TPA leaves the network in the kernel alone unless somebody opts in. Settings that were made for a
    /// load are missing on the next machine, and nothing says so.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { sysctl_values = { "net.core.rmem_max" = 16777216 } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     sysctl_values = { "net.core.rmem_max" = 16777216 }
    ///     opt_in_tasks  = [sysctl_net]
    ///   }
    /// }
    /// ```
    pub(super) static NETWORK_OPT_IN = {
        name: "network-opt-in",
        level: Warning,
        summary: "settings of the network that TPA does not set",
        consequence: "TPA leaves it as the system has it, and never says so",
        since: V23_45,
    }
}

const SELECTOR: &str = "sysctl_net";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if !differs(subject.tpa, Difference::NetworkByOptIn) {
        return;
    }
    for instance in &subject.instances {
        let values = subject.variable_of(instance, "sysctl_values");
        let Some(values) = values.and_then(Value::as_map) else {
            continue;
        };
        // TPA leaves the kernel of containers alone.
        if !instance.is_on(Platform::Docker)
            && !selectors::names(subject, instance, "opt_in_tasks", SELECTOR)
        {
            settings(subject, values, findings);
        }
    }
}

/// The settings of the network among those of the kernel, said where the first of them is written.
fn settings(subject: &Subject, values: &Map, findings: &mut Of<'_>) {
    let names: Vec<&str> = values
        .iter()
        .filter_map(|(key, _)| match key {
            Key::Text(name) => Some(name.as_str()),
            Key::Integer(_) => None,
        })
        // One that the kernel does not have is `sysctl-name`'s.
        .filter(|name| name.starts_with("net.") && !sysctl_name::is_gone(name))
        .collect();
    let Some(at) = names
        .first()
        .and_then(|first| places::of_key(values, first))
    else {
        return;
    };
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, at),
            format!(
                "TPA {} does not set {} without `{SELECTOR}`",
                subject.tpa,
                words::first_of(&names)
            ),
        )
        .key("vars/sysctl_values")
        .label("not set")
        .help(match subject.written {
            Written::Source => format!(
                "add {}",
                words::variable(subject, "opt_in_tasks", &format!("[{SELECTOR}]"))
            ),
            Written::Config => format!(
                "add `opt_in_tasks: [{SELECTOR}]` to `cluster_vars`, or the selector to the list that is there"
            ),
        });
}
