use crate::facts::barman::{self, Retention};
use crate::facts::choices::Platform;
use crate::facts::roles::Role;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks, schedule};
use crate::origin::Origin;
use crate::tpa::view::Instance;
use crate::tpa::view::{Subject, places, settings};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds schedules of backups that leave longer gaps than the age at which Barman reports the last backup as too old,
    /// retention that ends before the redundancy is reached, and, on aws, volumes for backups that hold less than two
    /// copies of the data, or less than the retention adds up to: one full copy and 2 % of the data for every further
    /// backup, or half of the data volume for every backup where Barman does not reuse files of earlier ones.
    ///
    /// ## Why is this bad?
    ///
    /// `barman check` is red all the time, and nobody looks any more. A full disk stops the WAL receiver; its slot then
    /// keeps WAL on the primary until that disk is full too.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     os Debian 12
    ///     volumes { postgres 500GB; barman 100GB }
    ///   }
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
    ///   platform aws {
    ///     os Debian 12
    ///     volumes { postgres 500GB; barman 1TB }
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static BACKUP_CAPACITY_AND_AGE = {
        name: "backup-capacity-and-age",
        level: Warning,
        summary: "backups that are too seldom or have too little room",
        consequence: "a full disk of Barman's stops the WAL receiver, and its slot fills the disk of the primary",
    }
}

/// TPA's defaults.
const INTERVAL: &str = "0 4 * * wed,sat";
const MAXIMUM_AGE: &str = "1 WEEK";
const RETENTION: &str = "RECOVERY WINDOW OF 4 WEEKS";
const REDUNDANCY: i64 = 3;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in &subject.instances {
        if !instance.backup.is_empty() {
            age(subject, instance, findings);
        }
    }
    for server in subject.with_role(Role::Barman) {
        if server.is_on(Platform::Aws) {
            capacity(subject, server, findings);
        }
    }
}

/// A variable as a machine sees it: its text and where it is written, else TPA's default.
fn setting(
    subject: &Subject,
    instance: &Instance,
    name: &str,
    default: &str,
) -> (String, Option<Origin>) {
    let value = subject.variable_of(instance, name);
    match value.and_then(|value| Some((value.spelling()?, value.origin))) {
        Some((text, origin)) => (text, Some(origin)),
        None => (default.to_owned(), None),
    }
}

fn age(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let (interval, interval_at) = setting(subject, instance, "barman_backup_interval", INTERVAL);
    let (maximum, maximum_at) = setting(
        subject,
        instance,
        "barman_last_backup_maximum_age",
        MAXIMUM_AGE,
    );
    let (retention, retention_at) =
        setting(subject, instance, "barman_retention_policy", RETENTION);
    let Some(gap) = schedule::longest_gap(&interval) else {
        return;
    };
    if let (Some(most), Some(at)) = (barman::age(&maximum), interval_at.or(maximum_at))
        // With 0 every backup is too old, which is said of the value.
        && most > 0
        && u64::from(gap) > most
    {
        findings
            .at(
                instance.entity(),
                at,
                format!(
                    "backups are up to {} apart, and one is too old after `{maximum}`",
                    schedule::days(gap)
                ),
            )
            .key("vars/barman_backup_interval")
            .label(format!("`{interval}` against `{maximum}`"))
            .consequence("`barman check` fails between two backups, until nobody looks any more")
            .help("take backups more often, or raise `barman_last_backup_maximum_age`");
    }
    let redundancy = subject.variable_of(instance, "barman_minimum_redundancy");
    let (redundancy, redundancy_at) = match settings::number(redundancy) {
        Some(number) => (number.value, Some(number.origin)),
        None => (REDUNDANCY, None),
    };
    let window = retention.to_uppercase();
    let window = window
        .strip_prefix("RECOVERY WINDOW OF ")
        .map(str::to_owned);
    let kept = window.and_then(|window| barman::age(&window));
    if let (Some(kept), Some(at)) = (kept, retention_at.or(interval_at).or(redundancy_at))
        && kept > 0
        && i128::from(kept) < i128::from(gap) * i128::from(redundancy)
    {
        findings
            .at(
                instance.entity(),
                at,
                format!(
                    "`{retention}` holds fewer than the {redundancy} backups that are to be kept"
                ),
            )
            .key("vars/barman_retention_policy")
            .label(format!("backups are up to {} apart", schedule::days(gap)))
            .consequence("there are fewer restorable backups than `barman_minimum_redundancy` says, and `barman check` fails at first")
            .help("keep backups longer, take them more often, or lower `barman_minimum_redundancy`");
    }
}

/// The size of an instance's volumes for a purpose, in GB.
fn size_of(instance: &Instance, purpose: VolumeFor) -> Option<(i64, Origin)> {
    let size = |volume: &Map| {
        let size = volume.get("volume_size")?;
        Some((size.spelling()?.parse::<i64>().ok()?, size.origin))
    };
    let volumes = instance.volumes.iter();
    volumes
        .filter(|volume| disks::purpose(volume) == Some(purpose))
        .find_map(size)
}

fn capacity(subject: &Subject, server: &Instance, findings: &mut Of<'_>) {
    let clients: Vec<&Instance> = subject
        .instances
        .iter()
        .filter(|instance| {
            let mut backups = instance.backup.iter();
            backups.any(|backup| backup.value == server.name.value)
        })
        .collect();
    let data: i64 = clients
        .iter()
        .filter_map(|client| Some(size_of(client, VolumeFor::Data)?.0))
        .fold(0, i64::saturating_add);
    if data == 0 {
        return;
    }
    let name = &server.name.value;
    match size_of(server, VolumeFor::Backups) {
        None => {
            findings
                .at(
                    server.entity(),
                    places::or(server.name.origin, server.at),
                    format!("the Barman node `{name}` has no volume for {data} GB of data"),
                )
                .key("volumes")
                .label("backups go to the root volume")
                .help(format!(
                    "add a volume for `barman_data` of at least {} GB",
                    data.saturating_mul(2)
                ));
        }
        Some((size, at)) if size < data.saturating_mul(2) => {
            findings
                .at(
                    server.entity(),
                    places::or(at, server.at),
                    format!("`{name}` has {size} GB for the backups of {data} GB of data"),
                )
                .key("volumes")
                .label("less than two copies")
                .help(format!(
                    "take at least {} GB: two full copies and the WAL between them",
                    data.saturating_mul(2)
                ));
        }
        Some((size, at)) => {
            let clients = clients.iter().copied();
            retained(
                subject,
                clients,
                (size, places::or(at, server.at)),
                findings,
            );
        }
    }
}

/// The share of its data that a database changes between two backups, in percent: a low guess.
const CHANGED: i64 = 2;

/// What the retention adds up to, against the volume for it.
fn retained<'s>(
    subject: &'s Subject,
    clients: impl Iterator<Item = &'s Instance>,
    (size, at): (i64, Origin),
    findings: &mut Of<'_>,
) {
    for client in clients {
        let Some((data, _)) = size_of(client, VolumeFor::Data) else {
            continue;
        };
        let (interval, interval_at) = setting(subject, client, "barman_backup_interval", INTERVAL);
        let (policy, policy_at) = setting(subject, client, "barman_retention_policy", RETENTION);
        let Some(kept) = kept(&policy, &interval) else {
            continue;
        };
        let text = |name: &str| {
            let value = subject.variable_of(client, name);
            value.and_then(Value::spelling).unwrap_or_default()
        };
        let is_full = text("barman_backup_method") == "postgres"
            || matches!(text("barman_reuse_backup").as_str(), "off" | "false");
        let (need, sum) = if is_full {
            (
                kept.saturating_mul(data) / 2,
                format!(
                    "{kept} full copies of {} GB, half of the volume for data",
                    data / 2
                ),
            )
        } else {
            let further = kept.saturating_sub(1).saturating_mul(data);
            let further = further.saturating_mul(CHANGED) / 100;
            (
                data.saturating_add(further),
                format!(
                    "{data} GB for the first, and {CHANGED} % of it for each of {} more",
                    kept.saturating_sub(1)
                ),
            )
        };
        if need <= size {
            continue;
        }
        findings
            .at(
                client.entity(),
                places::or(policy_at.or(interval_at).unwrap_or(at), at),
                format!("`{policy}` keeps {kept} backups, about {need} GB, and the volume for them has {size} GB"),
            )
            .key("vars/barman_retention_policy")
            .label(format!("backups that are kept: {kept}"))
            .related(at, format!("{size} GB for backups"))
            .help(format!(
                "keep fewer backups, take them less often than `{interval}`, or take a volume of {need} GB: {sum}, and the WAL between them"
            ));
    }
}

/// How many backups are there at once under a policy.
fn kept(policy: &str, interval: &str) -> Option<i64> {
    match barman::retention(policy)? {
        Retention::All => None,
        Retention::Redundancy(number) => i64::try_from(number).ok(),
        Retention::Window(days) => {
            let in_a_year = i64::try_from(schedule::read(interval)?.runs_in_a_year()).ok()?;
            let days = i64::try_from(days).ok()?;
            // The oldest backup of the window lies before it.
            Some(days.checked_mul(in_a_year)? / 366 + 1)
        }
    }
}
