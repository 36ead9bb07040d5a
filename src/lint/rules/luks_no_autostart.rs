use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, disks};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds data nodes whose data directory is on a volume that is encrypted with LUKS.
    ///
    /// ## Why is this bad?
    ///
    /// Somebody has to open such a volume after a reboot, so TPA keeps the services of Postgres and repmgr from
    /// starting by themselves. A node that is rebooted stays away until `tpaexec start-postgres` is run.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare {
    ///     volumes { postgres { device = "/dev/sdb"; vars { encryption = luks } } }
    ///   }
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
    ///   platform bare {
    ///     volumes { postgres { device = "/dev/sdb" } }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// or say in an `allow` who opens the volumes, and how they learn of a reboot.
    pub(super) static LUKS_NO_AUTOSTART = {
        name: "luks-no-autostart",
        level: Warning,
        summary: "data nodes that do not come back after a reboot",
        consequence: "after a reboot Postgres stays down until somebody runs `tpaexec start-postgres`, and nobody is told",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for node in subject.data_nodes() {
        for volume in &node.volumes {
            let Some(vars) = volume.get("vars").and_then(Value::as_map) else {
                continue;
            };
            let Some(encryption) = vars.get("encryption") else {
                continue;
            };
            let is_data = disks::purpose(volume) == Some(VolumeFor::Data);
            if !is_data || !disks::is_encrypted_by_luks(volume) {
                continue;
            }
            findings
                .at(
                    node.entity(),
                    declared::place_of(subject, encryption.origin),
                    "the data is on a volume encrypted with LUKS, so Postgres does not start on its own",
                )
                .key("volumes")
                .label("opened by hand after each reboot")
                .help("write down who runs `tpaexec start-postgres` after a reboot, and `allow` this; or encrypt below the machine, as `encrypted` does on aws");
        }
    }
}
