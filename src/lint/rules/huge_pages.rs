use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::instance_types;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, parameters as set, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Instance, Subject, in_force, postgres, settings};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds `shared_buffers` as a variable or in `postgres_conf_settings` that differs from what TPA reserves huge pages
    /// for. TPA computes them from `shared_buffers_mb`, else as a quarter of the memory or the share in
    /// `shared_buffers_ratio`, whatever `shared_buffers` says. On AWS the memory of the machine's type is known, and
    /// shared buffers beyond it are an error.
    ///
    /// ## Why is this bad?
    ///
    /// Huge pages that Postgres does not use are lost to everybody. Where fewer are reserved than it needs, it does
    /// without any, and the reserved ones stay empty; with `huge_pages = on` it does not start.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { instance = "m6i.2xlarge" }
    ///   location main { data 2 }
    ///   vars { shared_buffers = 16GB }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { instance = "m6i.2xlarge" }
    ///   location main { data 2 }
    ///   vars { shared_buffers_mb = 12288 }
    /// }
    /// ```
    pub(super) static HUGE_PAGES = {
        name: "huge-pages",
        level: Warning,
        summary: "shared buffers that TPA reserves no huge pages for",
        consequence: "Postgres does without huge pages, and the memory that TPA reserves for them is lost to everybody",
    }
}

const MIB: u64 = 1 << 20;

/// The share of memory that TPA takes where nothing is written.
const RATIO: f64 = 0.25;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    let mut said: Vec<Origin> = Vec::new();
    for machine in subject.data_nodes() {
        let Some(written) = postgres::setting(subject, machine, "shared_buffers") else {
            continue;
        };
        let Some(bytes) = in_force::bytes("shared_buffers", written, major) else {
            continue;
        };
        // Only what is written can be changed, and containers have the kernel's settings of their host.
        if !written.origin.is_written()
            || machine.is_on(Platform::Docker)
            || said.contains(&written.origin)
        {
            continue;
        }
        if judge(subject, findings, machine, written, bytes / MIB) {
            said.push(written.origin);
        }
    }
}

/// Whether something is wrong with the shared buffers of a machine, in MB.
fn judge(
    subject: &Subject,
    findings: &mut Of<'_>,
    machine: &Instance,
    written: &Value,
    buffers: u64,
) -> bool {
    let kind = machine.entry.get("type").and_then(Value::as_text);
    let kind = kind.filter(|_| machine.is_on(Platform::Aws));
    let memory = kind.and_then(instance_types::memory).map(u64::from);
    let at = declared::place_of(subject, written.origin);
    if let (Some(memory), Some(kind)) = (memory, kind)
        && buffers >= memory
    {
        findings
            .at(
                Entity::Cluster,
                at,
                format!(
                    "`shared_buffers` is {}, and `{kind}` has {} of memory",
                    shown(buffers),
                    shown(memory)
                ),
            )
            .key("vars/shared_buffers")
            .label("more than the machine has")
            .related(machine.at_key("type"), "this machine")
            .help(format!(
                "remove it, and write {}: a quarter of the memory suits most databases",
                words::variable(subject, "shared_buffers_mb", &(memory / 4).to_string())
            ))
            .level(Level::Error)
            .consequence(
                "Postgres does not start, or the kernel ends it as soon as the buffers fill",
            );
        return true;
    }
    let by_size = subject
        .variable_of(machine, "shared_buffers_mb")
        .and_then(|value| settings::number(Some(value)))
        .and_then(|number| u64::try_from(number.value).ok());
    let insists = postgres::setting(subject, machine, "huge_pages").is_some_and(postgres::is_on);
    let reserved = match (by_size, memory) {
        (Some(size), _) => Some(size),
        (None, Some(memory)) => Some(share(memory, ratio(subject, machine))),
        (None, None) => None,
    };
    let Some(reserved) = reserved else {
        if insists {
            unknown_memory(subject, findings, written, buffers);
        }
        return insists;
    };
    // TPA reserves a tenth more than the buffers.
    if buffers <= reserved.saturating_add(reserved / 20) {
        return false;
    }
    let finding = findings
        .at(
            Entity::Cluster,
            at,
            format!(
                "`shared_buffers` is {}, and TPA reserves huge pages for {}",
                shown(buffers),
                shown(reserved)
            ),
        )
        .key("vars/shared_buffers")
        .label("not what huge pages are reserved for")
        .help(instead(subject, buffers));
    if insists {
        finding.level(Level::Error).consequence(
            "Postgres gets too few huge pages, and with `huge_pages = on` it does not start",
        );
    } else {
        finding.consequence(format!(
            "Postgres does without huge pages, and the {} that TPA reserves for them are lost to everybody",
            shown(reserved)
        ));
    }
    true
}

/// Nobody knows what TPA will reserve, and Postgres insists on it.
fn unknown_memory(subject: &Subject, findings: &mut Of<'_>, written: &Value, buffers: u64) {
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, written.origin),
            "`huge_pages` is on, and TPA does not reserve huge pages for this `shared_buffers`",
        )
        .key("vars/shared_buffers")
        .label("huge pages are reserved for a share of the memory")
        .help(instead(subject, buffers))
        .consequence("Postgres does not start where this is more than that share");
}

fn instead(subject: &Subject, buffers: u64) -> String {
    format!(
        "write {} instead: TPA takes both the buffers and the huge pages from it",
        words::variable(subject, "shared_buffers_mb", &buffers.to_string())
    )
}

fn ratio(subject: &Subject, machine: &Instance) -> f64 {
    let written = subject.variable_of(machine, "shared_buffers_ratio");
    let number = written.and_then(|value| match &value.data {
        Data::Decimal(decimal) => Some(*decimal),
        Data::Integer(_) | Data::Text(_) => value.spelling()?.parse().ok(),
        Data::Null | Data::Boolean(_) | Data::List(_) | Data::Map(_) => None,
    });
    number
        .filter(|ratio| (0.0..=1.0).contains(ratio))
        .unwrap_or(RATIO)
}

fn share(memory: u64, ratio: f64) -> u64 {
    // Thousandths are exact enough for a share.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the share is between 0 and 1"
    )]
    let thousandths = (ratio * 1000.0).round() as u64;
    memory.saturating_mul(thousandths) / 1000
}

/// `16 GB`, `1536 MB`.
fn shown(megabytes: u64) -> String {
    if megabytes >= 1024 && megabytes.is_multiple_of(1024) {
        format!("{} GB", megabytes / 1024)
    } else {
        format!("{megabytes} MB")
    }
}
