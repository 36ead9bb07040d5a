use std::collections::HashMap;

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, places};
use crate::origin::Origin;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds machines with two volumes for one purpose or at one mount point, and mount points that are no absolute paths.
    /// Several tablespaces are fine.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` accepts it. The second volume hides the first when it is mounted, and data lands where nobody
    /// looks for it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     os Debian 12
    ///     volumes { disk 100GB { device = "/dev/sdg"; vars { volume_for = postgres_data } } }
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
    ///     os Debian 12
    ///     volumes { wal 100GB { device = "/dev/sdg" } }
    ///   }
    ///   tags { Owner = Ann }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static VOLUME_MOUNT_CONFLICT = {
        name: "volume-mount-conflict",
        level: Error,
        summary: "two volumes for one purpose or at one mount point",
        consequence: "the second volume hides the first: `tpaexec deploy` mounts both and says nothing",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut said: Vec<Origin> = Vec::new();
    for instance in &subject.instances {
        let mut uses: HashMap<(&str, String), Origin> = HashMap::new();
        for volume in &instance.volumes {
            let Some(vars) = volume.get("vars").and_then(Value::as_map) else {
                continue;
            };
            for key in ["volume_for", "mountpoint"] {
                let Some(value) = vars.get(key) else { continue };
                let Some(used) = value.as_text() else {
                    continue;
                };
                let at = places::or(
                    value.origin,
                    volume
                        .get("device_name")
                        .map_or(instance.at, |device| device.origin),
                );
                if key == "mountpoint" && !used.starts_with('/') && !said.contains(&at) {
                    said.push(at);
                    findings
                        .at(
                            instance.entity(),
                            at,
                            format!("`{used}` is no absolute path"),
                        )
                        .key("volumes/vars/mountpoint")
                        .label("expected a path that begins with `/`")
                        .consequence("`tpaexec deploy` cannot mount it")
                        .help("write the whole path, for instance `/opt/postgres`");
                }
                if used == "postgres_tablespace" {
                    continue;
                }
                let Some(first) = uses.insert((key, used.to_owned()), at) else {
                    continue;
                };
                // Volumes of every machine are said once.
                if said.contains(&at) {
                    continue;
                }
                said.push(at);
                let message = match key {
                    "volume_for" => {
                        format!("two volumes of `{}` are for `{used}`", instance.name.value)
                    }
                    _ => format!(
                        "two volumes of `{}` are mounted at `{used}`",
                        instance.name.value
                    ),
                };
                findings
                    .at(instance.entity(), at, message)
                    .key(format!("volumes/vars/{key}"))
                    .label("the second")
                    .related(first, "the first")
                    .help("give one of them another purpose or mount point, or remove it");
            }
        }
    }
}
