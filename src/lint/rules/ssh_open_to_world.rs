use crate::facts::services;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::source::Span;
use crate::tpa::view::exposure;
use crate::tpa::view::{Entity, Written};

rule! {
    /// ## What it does
    ///
    /// Finds clusters on aws whose security group lets everybody try to log in with ssh. That is so by default, and
    /// with a port of ssh other than 22, because TPA opens that one for everybody on its own.
    ///
    /// ## Why is this bad?
    ///
    /// Machines that scan the internet find an open port within minutes, and try passwords and keys from then on. A
    /// hole in sshd is a hole in the cluster.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   location main { data 2 }
    ///   tags { Owner = Ann }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { open 22 203.0.113.0/24 }
    ///   location main { data 2 }
    ///   tags { Owner = Ann }
    /// }
    /// ```
    pub(super) static SSH_OPEN_TO_WORLD = {
        name: "ssh-open-to-world",
        level: Warning,
        summary: "ssh that the whole internet may reach",
        consequence: "scanners try to log in within minutes of `tpaexec provision`, and nothing reports it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if !exposure::is_public(subject) {
        return;
    }
    let port = exposure::ssh_port(subject);
    let number = port.map_or(services::SSH, |port| port.value);
    let rule = match subject.written {
        Written::Source => format!("`open {number} 203.0.113.0/24` in the platform's block"),
        Written::Config if subject.document.get("cluster_rules").is_some() => {
            "`cidr_ip: 203.0.113.0/24` in its rule".to_owned()
        }
        Written::Config => format!(
            "`cluster_rules: [{{ proto: tcp, from_port: {number}, to_port: {number}, cidr_ip: 203.0.113.0/24 }}]` at the top level"
        ),
    };
    let help = format!("write {rule}, with the network that you administer from");
    let world = exposure::rules(subject)
        .into_iter()
        .filter(|rule| rule.to_world);
    let open: Vec<_> = world.filter(|rule| rule.opens("tcp", number)).collect();
    let is_open = !open.is_empty();
    for rule in open {
        let label = if rule.at.place() == Span::NONE {
            "open where no other rule is written"
        } else {
            "from every address"
        };
        findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, rule.at),
                format!("ssh, port {number}, is open to every address"),
            )
            .key("cluster_rules")
            .label(label)
            .help(help.as_str());
    }
    if let Some(port) = port.filter(|port| port.value != 22 && !is_open) {
        findings
            .at(
                Entity::Cluster,
                declared::place_of(subject, port.origin),
                format!("TPA opens port {number}, that of ssh, to every address"),
            )
            .key("cluster_ssh_port")
            .label("not 22, so TPA adds a rule of its own")
            .help(words::say(
                subject,
                "use port 22 with a rule of your own, or name groups of yours in `ec2_groups` of the cluster's `settings`, which TPA leaves alone",
                "use port 22 with a rule of your own, or name groups of yours in `ec2_groups`, which TPA leaves alone",
            ));
    }
}
