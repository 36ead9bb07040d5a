use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, scopes};
use crate::tpa::view::Instance;
use crate::tpa::view::{Subject, places, streaming};

rule! {
    /// ## What it does
    ///
    /// Finds clusters all of whose Barman nodes are where the primary is: in its availability zone on aws, else in its
    /// location. A script of Barman's that runs after a backup counts as a second copy. Docker is not judged.
    ///
    /// ## Why is this bad?
    ///
    /// Where the site is lost, the data and its backups are lost together. TPA places Barman beside the primary, and so
    /// does m1c unless a Barman node is written elsewhere.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location paris { data 2 }
    ///   location london { data 1 }
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
    ///   location paris { data 2; barman }
    ///   location london { data 1; barman }
    /// }
    /// ```
    pub(super) static BACKUP_SAME_LOCATION = {
        name: "backup-same-location",
        level: Advice,
        summary: "all backups where the primary is",
        consequence: "the loss of one site takes the data and its backups",
    }
}

/// Scripts that Barman runs after a backup or before it drops WAL, with which people copy backups elsewhere.
const SCRIPTS: &[&str] = &[
    "barman_post_backup_retry_script",
    "barman_post_backup_script",
    "barman_pre_archive_retry_script",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(domain) = streaming::failure_domain(subject, primary) else {
        return;
    };
    let servers: Vec<&Instance> = subject.with_role(Role::Barman).collect();
    let is_beside =
        |server: &&Instance| streaming::failure_domain(subject, server).as_ref() == Some(&domain);
    let (Some(server), true) = (servers.first(), servers.iter().all(is_beside)) else {
        return;
    };
    if primary.is_on(Platform::Docker) || copies_elsewhere(subject) {
        return;
    }
    let what = if primary.is_on(Platform::Aws) {
        "zone"
    } else {
        "location"
    };
    let count = if servers.len() == 1 {
        format!("the only Barman node, `{}`, is", server.name.value)
    } else {
        "all Barman nodes are".to_owned()
    };
    findings
        .at(
            server.entity(),
            places::or(server.name.origin, server.at),
            format!("{count} in the {what} of the primary, `{domain}`"),
        )
        .key("location")
        .label("lost together with the primary")
        .related(primary.name.origin, "the primary")
        .help("add a Barman node in another location and name both in the primary's `backup`, or copy the backups elsewhere in `barman_post_backup_script`");
}

fn copies_elsewhere(subject: &Subject) -> bool {
    scopes::variables(subject).any(|scope| SCRIPTS.iter().any(|key| scope.map.get(key).is_some()))
}
