use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::Entity;
use crate::tpa::view::{places, settings, systems};

rule! {
    /// ## What it does
    ///
    /// Finds images of operating systems, or of versions of them, that TPA does not know. The name of the image says
    /// which system it is; an image with a name of its own is not judged.
    ///
    /// ## Why is this bad?
    ///
    /// The machine is made, and the first task of `tpaexec deploy` stops with `Unsupported distribution`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     image    = "debian-14-amd64-20280814-2204"
    ///     instance = "m7i.large"
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// On bare the source may say what the machines run:
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare { os Foo 99 }
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
    ///   platform aws {
    ///     os Debian 12
    ///     instance = "m7i.large"
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static UNSUPPORTED_DISTRIBUTION = {
        name: "unsupported-distribution",
        level: Error,
        summary: "an operating system that TPA does not know",
        consequence: "`tpaexec deploy` stops at its first task: `Unsupported distribution`",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if let Some(system) = &subject.system
        && systems::is_unknown(subject)
    {
        findings
            .at(
                Entity::Cluster,
                system.origin,
                format!("TPA does not know {}", system.value),
            )
            .key("os")
            .label("not supported")
            .help("write what the machines run: Debian 12, Ubuntu 24.04, RedHat 9, Rocky 9 or SLES 15, for example `os Debian 12`")
            .by_table();
    }
    for chosen in systems::chosen(subject) {
        let Some(first) = chosen.machines.first() else {
            continue;
        };
        // TPA's own images are `docker-image`'s.
        let image = settings::image(subject, first);
        let is_of_tpa = image.is_some_and(|image| image.value.starts_with("tpa/"));
        if chosen.system.is_supported(subject.tpa) || is_of_tpa {
            continue;
        }
        let system = chosen.system.words();
        let message = match chosen.system.since() {
            Some(since) => {
                let tpa = subject.tpa;
                format!("TPA knows {system} from {since} on, and this cluster is for {tpa}")
            }
            None => format!("TPA does not know {system}"),
        };
        findings
            .at(
                first.entity(),
                places::or(chosen.at, subject.at),
                message,
            )
            .key("image")
            .label("not supported")
            .help(words::say(
                subject,
                "take Debian 12, Ubuntu 24.04, RedHat 9, Rocky 9 or SLES 15, for example `os Debian 12`",
                "take an image of Debian 12, Ubuntu 24.04, RedHat 9, Rocky 9 or SLES 15",
            ))
            .by_table();
    }
}
