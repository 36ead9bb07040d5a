//! The rules about `allow` itself. They have no check of their own: who applies the statements finds what is wrong
//! with them.

use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Rule};

rule! {
    /// ## What it does
    ///
    /// Finds `allow` statements without a reason: an empty one in `.m1`, or a comment `# m1c: allow(rule)` in a
    /// config.yml with nothing after it.
    ///
    /// ## Why is this bad?
    ///
    /// Whoever meets it in a year cannot tell whether it still holds, and will not dare to remove it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   allow eol-postgres ""
    ///   postgres postgresql 13
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   allow eol-postgres "upgrade is planned, ticket DBA-17"
    ///   postgres postgresql 13
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static ALLOW_WITHOUT_REASON = {
        name: "allow-without-reason",
        level: Warning,
        summary: "an `allow` that does not say why",
        consequence: "nobody will know whether it may be removed",
    }
}

rule! {
    /// ## What it does
    ///
    /// Finds `allow` statements for rules of error level. What such a rule finds is shown all the same.
    ///
    /// ## Why is this bad?
    ///
    /// TPA, Ansible or Postgres fails there, whatever a comment says.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   allow bad-hostname "short names are nice"
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
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
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static ALLOWED_ERROR = {
        name: "allowed-error",
        level: Warning,
        summary: "an `allow` for an error",
        consequence: "the error is shown all the same, and what it says happens",
    }
}

rule! {
    /// ## What it does
    ///
    /// Finds `allow … until DATE` whose date has passed on the day of the check (`--today`). What was allowed is shown
    /// again.
    ///
    /// ## Why is this bad?
    ///
    /// The date was a promise to have fixed it by then.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   allow eol-postgres "upgrade is planned" until 2026-03-31
    ///   postgres postgresql 13
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
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
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static EXPIRED_ALLOW = {
        name: "expired-allow",
        level: Warning,
        summary: "an `allow` whose date has passed",
        consequence: "what was allowed counts again",
    }
}

rule! {
    /// ## What it does
    ///
    /// Finds `allow` statements for rules that do not exist.
    ///
    /// ## Why is this bad?
    ///
    /// It allows nothing: a misspelled name, or a rule that has gone.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   allow eol-postgress "upgrade is planned"
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   allow eol-postgres "upgrade is planned"
    ///   postgres postgresql 13
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static UNKNOWN_RULE = {
        name: "unknown-rule",
        level: Warning,
        summary: "an `allow` for a rule that does not exist",
        consequence: "nothing is allowed",
    }
}

rule! {
    /// ## What it does
    ///
    /// Finds `allow` statements that suppress nothing.
    ///
    /// ## Why is this bad?
    ///
    /// The reason no longer holds, and the next finding of that rule would go unseen. `m1c lint --fix` removes it.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars:
    ///   failover_manager: repmgr
    ///   # m1c: allow(eol-postgres) upgrade is planned
    ///   postgres_version: '17'
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars:
    ///   failover_manager: repmgr
    ///   # m1c: allow(eol-postgres) upgrade is planned
    ///   postgres_version: '13'
    /// ```
    pub(super) static UNUSED_ALLOW = {
        name: "unused-allow",
        level: Warning,
        summary: "an `allow` that suppresses nothing",
        consequence: "the next finding of that rule goes unseen",
    }
}

/// All of them, sorted by name.
pub(super) static ALL: &[&Rule] = &[
    &ALLOW_WITHOUT_REASON,
    &ALLOWED_ERROR,
    &EXPIRED_ALLOW,
    &UNKNOWN_RULE,
    &UNUSED_ALLOW,
];

fn check(_: &Context<'_>, _: &mut Of<'_>) {}
