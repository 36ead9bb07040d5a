use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::origin::Sourced;
use crate::tpa::renamed;

rule! {
    /// ## What it does
    ///
    /// Finds machines that have another name now, as `was` says, and what keeps the old one.
    ///
    /// ## Why is this bad?
    ///
    /// With `was` a machine keeps its number and its subnet, and Terraform keeps the machine. But TPA knows a machine by its
    /// name, and renames nothing: the next deployment writes the new name into the settings, beside what programs have
    /// registered under the old one. repmgr refuses a second name for a number that it knows. Barman begins again, with no
    /// backups. A replication slot with the old name keeps WAL until the disk is full.
    ///
    /// Do what the help says around the next deployment, one machine after another and the primary last. Then remove `was`:
    /// the lock remembers the old name.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     replica heron {
    ///       address = 10.0.0.2
    ///       was = merlin
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead, once nothing has the old name any more:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     replica heron { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static RENAMED_MACHINE = {
        name: "renamed-machine",
        level: Warning,
        summary: "machines with another name, and what keeps the old one",
        consequence: "registrations, backups and replication slots keep the old name, which looks lost to them",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for renamed in &subject.past.renamed {
        let written = |old: &&Sourced<String>| old.origin.is_written();
        let Some(old) = renamed.was.iter().rfind(written) else {
            continue;
        };
        let Some(machine) = subject.instance(&renamed.name) else {
            continue;
        };
        let (name, was) = (&renamed.name, &old.value);
        let todo = renamed::steps(subject, machine, was).join("; ");
        findings
            .at(
                machine.entity(),
                old.origin,
                format!("`{name}` was `{was}`, and what it has registered keeps that name"),
            )
            .key("was")
            .label("the old name")
            .help(format!(
                "remove it, which the lock remembers, once this is done: {todo}"
            ));
    }
}
