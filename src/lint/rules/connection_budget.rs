use crate::lint::Context;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::postgres;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::value::{Data, Value};

/// TPA's `max_connections`.
const CONNECTIONS: i64 = 250;

/// The largest share of memory for shared buffers that makes sense.
const SHARE: f64 = 0.4;

rule! {
    /// ## What it does
    ///
    /// Finds more connections than Postgres takes: `haproxy_maxconn` or a single pool of PgBouncer with more than nine
    /// tenths of `max_connections`. It also finds a `shared_buffers_ratio` over 0.4.
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
        ("haproxy_maxconn", "haproxy", "HAProxy sends a server"),
        (
            "pgbouncer_default_pool_size",
            "pgbouncer",
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
            if number.saturating_mul(10) <= most.saturating_mul(9) {
                continue;
            }
            let finding = findings
                .at(
                    declared.entity,
                    declared::place_of(subject, declared.value.origin),
                    format!("{what} up to {number} connections, and `max_connections` is {most}"),
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
