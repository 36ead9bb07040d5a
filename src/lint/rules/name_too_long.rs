use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::FailoverManager;
use crate::tpa::view::Instance;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds names of machines from which TPA makes a name that is too long: replication slots and `application_name`
    /// have 63 characters, the name in a certificate 64, a container's host name 64, a label of DNS 63.
    ///
    /// ## Why is this bad?
    ///
    /// TPA makes the slots `tpa_NAME` and `backup_NAME`, and with PEM a certificate for `pemagent-NAME`. `tpaexec
    /// provision` accepts the name, and `tpaexec deploy` fails where a slot or a certificate is made. A name that
    /// Postgres cuts short no longer matches `synchronous_standby_names`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary database-of-the-payments-department-in-the-eastern-data-centre-1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
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
    ///   location main {
    ///     primary payments-east-1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static NAME_TOO_LONG = {
        name: "name-too-long",
        level: Error,
        summary: "a name from which a name is made that is too long",
        consequence: "`tpaexec deploy` fails where it makes a replication slot or a certificate",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let has_pem = subject.with_role(Role::PemServer).next().is_some();
    for instance in &subject.instances {
        let Some(Limit {
            most,
            reason,
            works,
        }) = limit(subject, instance, has_pem)
        else {
            continue;
        };
        let name = &instance.name.value;
        let length = name.len();
        let finding = findings
            .at(
                instance.entity(),
                instance.name.origin,
                format!("the name `{name}` has {length} characters, {most} are possible"),
            )
            .key("Name")
            .label(format!("too long: {reason}"))
            .help("shorten it; up to 55 characters are enough everywhere");
        if works {
            finding.level(Level::Warning).consequence(
                "Postgres cuts it short, and it no longer matches `synchronous_standby_names`",
            );
        }
    }
}

struct Limit {
    most: usize,
    reason: &'static str,
    /// Whether the cluster is deployed all the same.
    works: bool,
}

/// The first limit that a name exceeds.
fn limit(subject: &Subject, instance: &Instance, has_pem: bool) -> Option<Limit> {
    let name = &instance.name.value;
    let short = name.split('.').next().unwrap_or_default();
    let is_data = instance.is_data_node();
    let manager = subject.failover_manager();
    // repmgr and Patroni name their slots themselves.
    let has_tpa_slot = manager == Some(FailoverManager::Efm) && instance.has_role(Role::Replica);
    let runs_agent = has_pem && (is_data || instance.has_role(Role::PemAgent));
    let limits = [
        (
            instance.has_role(Role::Barman) && short.len() > 56,
            56,
            "Barman's slot is called `backup_NAME`",
            false,
        ),
        (
            runs_agent && name.len() > 55,
            55,
            "PEM's certificate is for `pemagent-NAME`",
            false,
        ),
        (
            has_tpa_slot && name.len() > 59,
            59,
            "its slot is called `tpa_NAME`",
            false,
        ),
        (
            name.split('.').any(|label| label.len() > 63),
            63,
            "a part of a host name has at most 63",
            false,
        ),
        (
            instance.is_on(Platform::Docker) && name.len() > 64,
            64,
            "a container's host name has at most 64",
            false,
        ),
        (name.len() > 253, 253, "a host name has at most 253", false),
        (
            is_data && name.len() > 63,
            63,
            "`application_name` has at most 63",
            true,
        ),
    ];
    let exceeded = limits.into_iter().find(|(exceeds, ..)| *exceeds)?;
    let (_, most, reason, works) = exceeded;
    Some(Limit {
        most,
        reason,
        works,
    })
}
