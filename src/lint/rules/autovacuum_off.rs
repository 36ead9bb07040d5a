use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::postgres;

rule! {
    /// ## What it does
    ///
    /// Finds `autovacuum` off for the whole server, and `track_counts` off, without which autovacuum does not start.
    ///
    /// ## Why is this bad?
    ///
    /// Nobody removes dead rows any more, so that tables grow and queries slow down, and nobody counts what changed, so
    /// that plans are made from old statistics. At last Postgres vacuums whole tables all the same, at the worst time, to
    /// keep transaction IDs from wrapping around. A single table can be left out with its own `autovacuum_enabled`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { autovacuum = off } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { autovacuum_vacuum_cost_limit = 400 } }
    /// }
    /// ```
    pub(super) static AUTOVACUUM_OFF = {
        name: "autovacuum-off",
        level: Warning,
        summary: "a server without autovacuum",
        consequence: "tables grow, queries slow down, and one day Postgres vacuums whole tables to save transaction IDs",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for (name, label) in [
        ("autovacuum", "nobody removes dead rows"),
        ("track_counts", "autovacuum does not start without it"),
    ] {
        let parameters = context.parameters().iter();
        for setting in parameters.filter(|setting| setting.name.eq_ignore_ascii_case(name)) {
            if postgres::is_off(setting.value) {
                findings
                    .at(
                        setting.entity.clone(),
                        declared::place_of(subject, setting.value.origin),
                        format!("`{name}` is off"),
                    )
                    .key(setting.key())
                    .label(label)
                    .help("remove it; tables that need another pace have settings of their own: `ALTER TABLE … SET (autovacuum_vacuum_cost_delay = 0)`");
            }
        }
    }
}
