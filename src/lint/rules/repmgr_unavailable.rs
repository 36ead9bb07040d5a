use crate::diagnostic::Level;
use crate::facts::choices::FIRST_EPAS_WITH_REPMGR;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::view::{Entity, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr for which there are no packages of repmgr: EDB Postgres Advanced Server before 14, and
    /// EDB's flavours of Postgres on SLES. Postgres 11 and 12, which repmgr 5.5 no longer supports, give a warning.
    ///
    /// ## Why is this bad?
    ///
    /// TPA's list of packages is empty then, so nothing is installed, and the deployment stops where it first calls
    /// repmgr.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres edbpge 16
    ///   failover repmgr
    ///   platform docker { os SLES 15 }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres edbpge 16
    ///   failover efm
    ///   platform docker { os SLES 15 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static REPMGR_UNAVAILABLE = {
        name: "repmgr-unavailable",
        level: Error,
        summary: "repmgr where there are no packages of it",
        consequence: "`tpaexec deploy` installs nothing and stops at the first call of repmgr",
    }
}

/// The oldest version of Postgres that repmgr 5.5 supports.
const FIRST_SUPPORTED: u32 = 13;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let (Some(FailoverManager::Repmgr), Some(flavour)) =
        (subject.failover_manager(), subject.flavour())
    else {
        return;
    };
    if let Some(version) = subject.version() {
        let number = version.value;
        if !FailoverManager::Repmgr.manages(flavour, number) {
            let message = format!("there is no repmgr for EDB Postgres Advanced Server {number}");
            findings
                .at(Entity::Cluster, version.origin, message)
                .key("failover_manager")
                .label(format!("repmgr needs {FIRST_EPAS_WITH_REPMGR} or later"))
                .help("use EFM or Patroni, or a newer version")
                .related(settings::at_manager(subject), "repmgr is chosen here");
        } else if number < FIRST_SUPPORTED {
            findings
                .at(
                    Entity::Cluster,
                    version.origin,
                    format!("repmgr 5.5 does not support Postgres {number}"),
                )
                .key("postgres_version")
                .label("repmgr 5.5 supports 13 to 17")
                .help("move to a newer major version of Postgres")
                .consequence("it may deploy, and nobody fixes what breaks in a failover")
                .level(Level::Warning);
            return;
        }
    }
    if flavour == Flavour::Postgresql {
        return;
    }
    for instance in subject.data_nodes() {
        let image = settings::image(subject, instance);
        if let Some(image) = image.filter(|image| settings::image_names(image, &["sles", "suse"])) {
            let message = format!("there is no repmgr for `{}` on SLES", flavour.name());
            findings
                .at(Entity::Cluster, image.origin, message)
                .key("failover_manager")
                .label("SLES")
                .help("use EFM or Patroni, or another operating system");
            return;
        }
    }
}
