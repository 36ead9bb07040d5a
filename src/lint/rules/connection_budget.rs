use crate::facts::choices::Platform;
use crate::facts::instance_types;
use crate::facts::roles::Role;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, database, networks};
use crate::tpa::view::{Entity, in_force, postgres};
use crate::tpa::view::{Instance, Subject};
use crate::value::{Data, Value};

/// TPA's `max_connections`.
const CONNECTIONS: i64 = 250;

/// The largest share of memory for shared buffers that makes sense.
const SHARE: f64 = 0.4;

rule! {
    /// ## What it does
    ///
    /// Finds more connections than Postgres takes: `haproxy_maxconn` or the pools of PgBouncer, one for each user of each
    /// database, with more than nine tenths of `max_connections`. It also finds a `shared_buffers_ratio` over 0.4, and on
    /// aws a `work_mem` that all connections together have no memory for.
    ///
    /// ## Why is this bad?
    ///
    /// Under load clients get `too many clients already` instead of waiting for their turn, and nobody is left a
    /// connection for the repair. Shared buffers that large take the memory that the page cache and sorts need.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     max_connections             = 100
    ///     pgbouncer_default_pool_size = 200
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     max_connections             = 100
    ///     pgbouncer_default_pool_size = 20
    ///   }
    /// }
    /// ```
    pub(super) static CONNECTION_BUDGET = {
        name: "connection-budget",
        level: Warning,
        summary: "more connections or memory than there is",
        consequence: "under load clients are refused with `too many clients already`",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let written = postgres::setting(subject, primary, "max_connections");
    let most = match written {
        None => Some(CONNECTIONS),
        Some(value) => postgres::number(value),
    };
    for (name, role, what) in [
        ("haproxy_maxconn", Role::Haproxy, "HAProxy sends a server"),
        (
            "pgbouncer_default_pool_size",
            Role::Pgbouncer,
            "a pool of PgBouncer opens",
        ),
    ] {
        if subject.with_role(role).next().is_none() {
            continue;
        }
        for declared in declared::variable(subject, name) {
            let (Some(most), Some(number)) = (most, postgres::number(declared.value)) else {
                continue;
            };
            let pools = if role == Role::Pgbouncer {
                pools(subject)
            } else {
                1
            };
            let number = number.saturating_mul(pools);
            if number.saturating_mul(10) <= most.saturating_mul(9) {
                continue;
            }
            let finding = findings
                .at(
                    declared.entity,
                    declared::place_of(subject, declared.value.origin),
                    format!(
                        "{} up to {number} connections, and `max_connections` is {most}",
                        match pools {
                            1 => what.to_owned(),
                            many => format!("{many} pools of PgBouncer open"),
                        }
                    ),
                )
                .key(declared.key)
                .label(format!("more than nine tenths of {most}"))
                .help(format!(
                    "stay below {}, so that the rest is left for maintenance, monitoring and replication",
                    most.saturating_mul(9) / 10
                ));
            if let Some(written) = written {
                finding.related(written.origin, "all that Postgres takes");
            }
        }
    }
    for ratio in declared::variable(subject, "shared_buffers_ratio") {
        share(subject, findings, &ratio);
    }
    if let Some(most) = most {
        work(subject, primary, most, findings);
    }
}

/// PgBouncer keeps a pool for each user of each database.
fn pools(subject: &Subject) -> i64 {
    let count = |variable| i64::try_from(database::entries(subject, variable).len()).unwrap_or(1);
    let databases = count("postgres_databases").max(1);
    databases.saturating_mul(count("postgres_users").max(1))
}

/// Memory for sorts, once for each connection, where the type of the machine tells how much it has.
fn work(subject: &Subject, primary: &Instance, connections: i64, findings: &mut Of<'_>) {
    let Some(value) = postgres::setting(subject, primary, "work_mem") else {
        return;
    };
    let kind = networks::text(&primary.entry, "type").filter(|_| primary.is_on(Platform::Aws));
    let (Some(kind), Some(each)) = (kind, in_force::kilobytes(value)) else {
        return;
    };
    let Some(memory) = instance_types::memory(kind) else {
        return;
    };
    let all = each.saturating_mul(connections) / 1024;
    if all <= i64::from(memory) {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, value.origin),
            format!(
                "{connections} connections may take {all} MB for `work_mem`, and `{kind}` has {memory} MB"
            ),
        )
        .key("vars/work_mem")
        .label("for each sort of each connection")
        .related(primary.at_key("type"), "this machine")
        .help("lower it, or `max_connections`; single roles can be given more with `ALTER ROLE … SET work_mem`")
        .consequence("under load the machine runs out of memory, and the kernel ends Postgres");
}

fn share(subject: &Subject, findings: &mut Of<'_>, ratio: &Declared<'_>) {
    let Some(number) = decimal(ratio.value).filter(|number| *number > SHARE) else {
        return;
    };
    findings
        .at(
            ratio.entity.clone(),
            declared::place_of(subject, ratio.value.origin),
            format!("`shared_buffers_ratio` gives {number} of the memory to shared buffers"),
        )
        .key(ratio.key.as_str())
        .label("more than 0.4")
        .help("write 0.25, which suits most machines, and 0.4 at most")
        .consequence("under load the machine runs out of memory, and the kernel ends Postgres");
}

fn decimal(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Decimal(decimal) => Some(*decimal),
        Data::Integer(1..) => Some(1.0),
        Data::Text(text) => text.parse().ok(),
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::List(_) | Data::Map(_) => None,
    }
}
