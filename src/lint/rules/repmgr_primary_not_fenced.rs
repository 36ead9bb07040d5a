use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::topology::quorum::Verdict;
use crate::tpa::view::quorum::{is_witness_beside_standbys, left, quorum};
use crate::tpa::view::settings;

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr in which the other locations have the majority of the votes, and nothing stops the old
    /// primary when its location is cut off: no `child_nodes_disconnect_command`, and no PgBouncer that repmgr redirects.
    ///
    /// ## Why is this bad?
    ///
    /// repmgr does not stop a primary that has lost its standbys. Clients in its location still write to it while another
    /// one is promoted elsewhere, and what they write is lost when the link is back.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location paris  { data 1 }
    ///   location london { data 1 }
    ///   location zurich { data 1 }
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
    ///   location paris  { data 1 }
    ///   location london { data 1 }
    ///   location zurich { data 1 }
    ///   vars {
    ///     repmgr_conf_settings = [
    ///       "child_nodes_disconnect_min_count=1"
    ///       "child_nodes_disconnect_command='/usr/local/bin/stop-postgres'"
    ///     ]
    ///   }
    /// }
    /// ```
    pub(super) static REPMGR_PRIMARY_NOT_FENCED = {
        name: "repmgr-primary-not-fenced",
        level: Warning,
        summary: "a primary that goes on when its location is cut off",
        consequence: "when the link to the primary's location is cut, two primaries take writes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = quorum(subject).filter(|quorum| quorum.manager == FailoverManager::Repmgr)
    else {
        return;
    };
    let Some((primary, home)) = quorum
        .primary()
        .and_then(|primary| Some((subject.instance(primary.name)?, primary.location?)))
    else {
        return;
    };
    let redirected = subject.with_role(Role::Pgbouncer).next().is_some()
        && settings::is_true(subject.variable_of(primary, "repmgr_redirect_pgbouncer"));
    let cut = quorum.cut_off(home);
    let (Verdict::Promotes(promoted), true) = (cut.far.verdict, cut.splits_brain()) else {
        return;
    };
    // Of a lone standby and of a witness on the wrong side other rules speak.
    if quorum.fenced
        || redirected
        || quorum.votes() < 2
        || is_witness_beside_standbys(&quorum, home)
    {
        return;
    }
    let name = &primary.name.value;
    findings
        .at(
            primary.entity(),
            primary.at,
            format!(
                "when `{home}` is cut off, {} promote `{promoted}` while `{name}` takes writes",
                left(&quorum, &cut.far)
            ),
        )
        .label("nothing stops it")
        .help(format!(
            "write `child_nodes_disconnect_min_count` and a `child_nodes_disconnect_command` that stops Postgres into `repmgr_conf_settings`, {}",
            words::say(
                subject,
                "or send all clients through `pool pgbouncer` with `repmgr_redirect_pgbouncer = true`",
                "or send all clients through PgBouncer with `repmgr_redirect_pgbouncer: true`",
            )
        ));
}
