use crate::facts::systems::{Family, System};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::places;
use crate::tpa::view::systems;

rule! {
    /// ## What it does
    ///
    /// Finds operating systems that get no more fixes on the day of the check (`--today`). The name of the image says
    /// which system it is.
    ///
    /// ## Why is this bad?
    ///
    /// Security holes stay open. The packages move to archives, so that a deployment that worked yesterday finds none,
    /// and new versions of Postgres are no longer built for it. Debian 11, what `tpaexec configure` takes on aws when
    /// nothing else is said, is one of them.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { os Debian 10 }
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
    ///   platform bare { os Debian 11 }
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
    ///   platform aws { os Debian 12 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static EOL_OS = {
        name: "eol-os",
        level: Warning,
        summary: "an operating system without further fixes",
        consequence: "security holes stay open, and packages disappear from the repositories that `tpaexec deploy` installs from",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(today) = context.today else { return };
    for chosen in systems::chosen(subject) {
        let system = &chosen.system;
        // Dates in this form are in the order of their spelling.
        let Some(end) = system.end_of_life().filter(|end| today > *end) else {
            continue;
        };
        let Some(first) = chosen.machines.first() else {
            continue;
        };
        let instead = successor(system);
        findings
            .at(
                first.entity(),
                places::or(chosen.at, subject.at),
                format!("{} has had no fixes since {end}", system.words()),
            )
            .key("image")
            .label(if chosen.at.is_written() {
                "past its end of life"
            } else {
                "the default is past its end of life"
            })
            .help(words::say(
                subject,
                &format!("write `os {instead}` in the platform's block"),
                &format!("take an image of {instead}"),
            ));
    }
}

/// The release to move to.
fn successor(system: &System) -> String {
    match (system.name, system.family) {
        ("Ubuntu", _) => "Ubuntu 24.04".to_owned(),
        (_, Family::Debian) => "Debian 12".to_owned(),
        (_, Family::Suse) => "SLES 15".to_owned(),
        ("CentOS" | "Amazon Linux", Family::RedHat) => "Rocky 9".to_owned(),
        (name, Family::RedHat) => format!("{name} 9"),
    }
}
