use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, settings, words};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds clusters on aws that are reached by private addresses, whose machines get public ones all the same.
    ///
    /// ## Why is this bad?
    ///
    /// TPA's check takes an `assign_public_ip` that is not written for `no`, its call to AWS for `yes`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     reachability = private
    ///     os Debian 12
    ///   }
    ///   tags { Owner = Ann }
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
    ///   platform aws {
    ///     reachability = private
    ///     os Debian 12
    ///   }
    ///   tags { Owner = Ann }
    ///   defaults { assign_public_ip = false }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static PRIVATE_BUT_PUBLIC_IP = {
        name: "private-but-public-ip",
        level: Warning,
        summary: "private machines that get public addresses",
        consequence: "`tpaexec provision` gives the machines public addresses, and does not say so",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(reachability) = subject
        .document
        .get("ec2_instance_reachability")
        .and_then(Value::sourced_text)
    else {
        return;
    };
    let open = subject.instances.iter().find(|instance| {
        instance.platform.value == "aws"
            && instance
                .entry
                .get("assign_public_ip")
                .and_then(settings::truth)
                .is_none()
    });
    if let (Some(open), "private") = (open, reachability.value) {
        findings
            .at(
                Entity::Cluster,
                reachability.origin,
                format!(
                    "`{}` gets a public address although it is reached by its private one",
                    open.name.value
                ),
            )
            .key("ec2_instance_reachability")
            .label("private")
            .help(words::say(
                subject,
                "add `defaults { assign_public_ip = false }` to the cluster",
                "add `assign_public_ip: no` to `instance_defaults`",
            ));
    }
}
