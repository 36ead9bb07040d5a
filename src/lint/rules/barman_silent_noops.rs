use crate::facts::roles::Role;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks, scopes};
use crate::tpa::view::{Entity, Subject, places, services};
use crate::value::{Data, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds settings of Barman that TPA takes and that then do nothing: `barman_archiver` for a machine whose `backup` is
    /// a list, another `barman_user` than `barman`, a `barman_home` beside the volume that was made for it, `backup` at a
    /// machine without Postgres, and what only rsync reads beside `barman_backup_method = postgres`: compression,
    /// `barman_reuse_backup`, parallel jobs.
    ///
    /// ## Why is this bad?
    ///
    /// Nothing reports it. With a list in `backup` TPA does not set `archive_command`, which stays `/bin/true`: Postgres
    /// takes the WAL for archived and throws it away.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 { address = 10.0.0.1; backup = [backup1] }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman backup1 { address = 10.0.0.9 }
    ///   }
    ///   vars { barman_archiver = true }
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
    ///     primary db1 { address = 10.0.0.1; backup = backup1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///     barman backup1 { address = 10.0.0.9 }
    ///   }
    ///   vars { barman_archiver = true }
    /// }
    /// ```
    pub(super) static BARMAN_SILENT_NOOPS = {
        name: "barman-silent-noops",
        level: Warning,
        summary: "a setting of Barman that does nothing",
        consequence: "nothing reports it; the backup is not what it seems to be",
    }
}

/// Where TPA mounts a volume for Barman, and where Barman lives.
const HOME: &str = VolumeFor::Backups.mountpoint();

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    archiver(subject, findings);
    user(subject, findings);
    home(subject, findings);
    method(subject, findings);
    nothing_to_back_up(subject, findings);
}

/// `backup` at a machine without Postgres, often at the Barman node itself.
fn nothing_to_back_up(subject: &Subject, findings: &mut Of<'_>) {
    for instance in &subject.instances {
        let Some(written) = instance.entry.get("backup") else {
            continue;
        };
        // Of a machine whose roles nobody knows other rules speak.
        let mut roles = instance.roles.iter();
        let are_known =
            !instance.roles.is_empty() && roles.all(|role| Role::parse(&role.value).is_some());
        if instance.backup.is_empty() || !are_known || services::has_postgres(subject, instance) {
            continue;
        }
        let is_own = instance.own.get("backup").is_some();
        findings
            .at(
                instance.entity(),
                places::or(written.origin, instance.at),
                format!(
                    "`{}` has a `backup`, and no Postgres that could be backed up",
                    instance.name.value
                ),
            )
            .key("backup")
            .label("nothing to back up")
            .consequence("no backup comes of it; only machines with data have one")
            .help(if is_own {
                "remove it; `backup` is written at the machine whose data is backed up, the primary above all"
            } else {
                "write it at each data node instead, the primary above all"
            });
    }
}

/// What has no effect where Barman copies with `pg_basebackup`.
fn method(subject: &Subject, findings: &mut Of<'_>) {
    const ONLY_RSYNC: &[(&str, &str, &str)] = &[
        (
            "barman_compression",
            "TPA leaves it out beside `barman_backup_method = postgres`",
            "WAL is kept without compression and takes several times the room",
        ),
        (
            "barman_reuse_backup",
            "only rsync can take files of an earlier backup",
            "every backup is a full copy and takes the room of one",
        ),
        (
            "barman_parallel_jobs",
            "pg_basebackup copies with one process",
            "backups take as long as with one job",
        ),
    ];
    for instance in subject
        .instances
        .iter()
        .filter(|instance| !instance.backup.is_empty())
    {
        let Some(method) = subject
            .variable_of(instance, "barman_backup_method")
            .filter(|method| method.as_text() == Some("postgres"))
        else {
            continue;
        };
        for (name, why, consequence) in ONLY_RSYNC {
            let Some(value) = subject.variable_of(instance, name) else {
                continue;
            };
            let is_default = matches!(value.spelling().as_deref(), Some("1" | "off" | "false"));
            if is_default || !value.origin.is_written() {
                continue;
            }
            findings
                .at(
                    Entity::Cluster,
                    value.origin,
                    format!("`{name}` does nothing: {why}"),
                )
                .key(format!("vars/{name}"))
                .label("has no effect")
                .related(method.origin, "Barman copies with pg_basebackup")
                .consequence(*consequence)
                .help(format!(
                    "remove `{name}`, or take `rsync` for `barman_backup_method`, which is TPA's default"
                ));
        }
    }
}

fn archiver(subject: &Subject, findings: &mut Of<'_>) {
    for instance in &subject.instances {
        let archives = subject
            .variable_of(instance, "barman_archiver")
            .filter(|value| value.data == Data::Boolean(true));
        let Some(archives) = archives else { continue };
        let Some(backup) = instance.entry.get("backup") else {
            continue;
        };
        // An archive_command of your own does not need TPA's.
        let has_command = subject.variable_of(instance, "archive_command").is_some();
        if backup.as_list().is_none() || has_command {
            continue;
        }
        findings
            .at(
                instance.entity(),
                places::or(backup.origin, instance.at),
                format!(
                    "`barman_archiver` does nothing for `{}`: its `backup` is a list",
                    instance.name.value
                ),
            )
            .key("backup")
            .label("a list")
            .related(archives.origin, "the archive that is not used")
            .consequence("`archive_command` stays `/bin/true`: WAL counts as archived and is thrown away")
            .help("name one Barman node without a list, or leave `barman_archiver` out and rely on streaming");
    }
}

fn user(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::variables(subject) {
        let Some(value) = scope.map.get("barman_user") else {
            continue;
        };
        let Some(user) = value.as_text().filter(|user| *user != "barman") else {
            continue;
        };
        if scopes::is_template(value) {
            continue;
        }
        findings
            .at(
                scope.entity.clone(),
                value.origin,
                format!("`barman_user` is `{user}`, but passwords are written for `barman`"),
            )
            .key(scope.key("barman_user"))
            .label("not `barman`")
            .consequence("TPA writes the password file to `/var/lib/barman`, where this user does not look: Barman cannot connect")
            .help("leave it out");
    }
}

/// Barman's home beside the volume that is mounted for it.
fn home(subject: &Subject, findings: &mut Of<'_>) {
    for instance in subject.with_role(Role::Barman) {
        let Some(home) = subject.variable_of(instance, "barman_home") else {
            continue;
        };
        let Some(path) = home.as_text().filter(|_| !scopes::is_template(home)) else {
            continue;
        };
        let Some(mount) = instance.volumes.iter().find_map(mount_of_barman) else {
            continue;
        };
        let mount = mount.trim_end_matches('/');
        let is_inside = path == mount || path.starts_with(&format!("{mount}/"));
        // A volume that somebody mounts elsewhere is `volume-mount-conflict`'s.
        if is_inside || mount != HOME {
            continue;
        }
        findings
            .at(
                Entity::Instance(instance.name.value.clone()),
                home.origin,
                format!(
                    "`barman_home` is `{path}`, and the volume for backups is mounted at `{mount}`"
                ),
            )
            .key("vars/barman_home")
            .label("not on the volume")
            .consequence("backups fill the root disk while the volume stays empty")
            .help("set `mountpoint` of the volume to the same path, or leave `barman_home` out");
    }
}

fn mount_of_barman(volume: &Map) -> Option<String> {
    if disks::purpose(volume) != Some(VolumeFor::Backups) {
        return None;
    }
    let vars = volume.get("vars")?.as_map()?;
    let mount = vars.get("mountpoint").and_then(Value::as_text);
    Some(mount.unwrap_or(HOME).to_owned())
}
