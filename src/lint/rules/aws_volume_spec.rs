use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, places, scopes};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds EBS volumes that cannot be made: without a size, with provisioned operations on a type that has none, `io1` and
    /// `io2` without them, and disks with rotating media for Postgres or the operating system.
    ///
    /// ## Why is this bad?
    ///
    /// TPA or AWS refuses the volume when the machine is made, after others have been.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     os Debian 12
    ///     volumes { postgres 500GB { type = st1 } }
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
    ///     volumes { postgres 500GB { type = gp3 } }
    ///   }
    ///   tags { Owner = Ann }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static AWS_VOLUME_SPEC = {
        name: "aws-volume-spec",
        level: Error,
        summary: "a volume that AWS cannot make",
        consequence: "`tpaexec provision` fails when it makes the machine",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if !subject.is_on("aws") {
        return;
    }
    for (entity, volume) in scopes::volumes(subject) {
        for (key, message, label, help) in problems(volume) {
            let device = volume.get("device_name");
            let at = places::of_key(volume, key).or(device.map(|device| device.origin));
            findings
                .at(
                    entity.clone(),
                    places::or(at.unwrap_or(subject.at), subject.at),
                    message,
                )
                .key(key)
                .label(label)
                .help(help);
        }
    }
}

type Problem = (&'static str, String, &'static str, &'static str);

fn problems(volume: &Map) -> Vec<Problem> {
    let text = |key: &str| volume.get(key).and_then(Value::as_text).unwrap_or_default();
    let device = text("device_name");
    let kind = text("volume_type");
    let has = |key: &str| volume.get(key).is_some();
    let vars = volume.get("vars").and_then(Value::as_map);
    let purpose = vars
        .and_then(|vars| vars.get("volume_for"))
        .and_then(Value::as_text);
    let mut problems: Vec<Problem> = Vec::new();
    if !has("volume_size") && !has("ephemeral") && !has("snapshot") {
        problems.push((
            "device_name",
            format!("the volume `{device}` has no size"),
            "how large?",
            "add `volume_size`, in GB",
        ));
    }
    if has("iops") && matches!(kind, "gp2" | "st1" | "sc1" | "standard") {
        problems.push((
            "iops",
            format!("a volume of type `{kind}` has no `iops`"),
            "not for this type",
            "choose `gp3`, `io1` or `io2`, or remove it",
        ));
    }
    if !has("iops") && matches!(kind, "io1" | "io2") {
        problems.push((
            "volume_type",
            format!("a volume of type `{kind}` needs `iops`"),
            "how many operations a second?",
            "add `iops`, or choose `gp3`, which has 3000",
        ));
    }
    if matches!(kind, "st1" | "sc1") && (device == "root" || purpose == Some("postgres_data")) {
        let what = if device == "root" {
            "a root volume"
        } else {
            "Postgres data"
        };
        problems.push((
            "volume_type",
            format!("`{kind}` is no type for {what}"),
            "rotating disks",
            "choose `gp3`; `st1` and `sc1` are for backups and archives",
        ));
    }
    problems
}
