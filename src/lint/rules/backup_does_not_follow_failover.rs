use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::streaming;
use crate::tpa::view::{Instance, Written};

rule! {
    /// ## What it does
    ///
    /// Finds clusters that back up the primary while machines that can take over from it have no `backup`.
    ///
    /// ## Why is this bad?
    ///
    /// Barman keeps to the machine that it was set up for. After a failover the new primary's WAL is archived nowhere
    /// and no more base backups are taken, until somebody notices: what was written in between cannot be restored. TPA
    /// documents that backups do not follow a failover, and sets `backup` only for the primary.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
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
    ///   platform bare
    ///   location main { data 2 }
    ///   backup barman { follows_primary = true }
    /// }
    /// ```
    ///
    /// ## The first backup of a standby
    ///
    /// Each machine with a `backup` has its own base backups, for which the volume of the Barman node needs room. The first
    /// one is taken by `tpaexec deploy`. That of a standby waits 90 seconds for a whole segment of WAL to arrive, and only the
    /// primary can end one: TPA's `archive_timeout` of 6 hours does not help, and on a cluster that nobody writes to no
    /// `archive_timeout` does. So deploy a new cluster without it, and add it when the cluster is in use and has
    /// `archive_timeout = 1min` in `vars`; or end segments while it is deployed, with this on the primary:
    ///
    /// ```text
    /// while sleep 10; do
    ///   sudo -iu postgres psql -qc "SELECT pg_logical_emit_message(false, 'm1c', ''), pg_switch_wal()" postgres
    /// done
    /// ```
    pub(super) static BACKUP_DOES_NOT_FOLLOW_FAILOVER = {
        name: "backup-does-not-follow-failover",
        level: Warning,
        summary: "machines that can become the primary and have no backup",
        consequence: "after a failover there are no new backups, and WAL is archived nowhere",
    }
}

const NAME: &str = "backup-does-not-follow-failover";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    let Some(backup) = primary.backup.first() else {
        return;
    };
    let (with, without): (Vec<&Instance>, Vec<&Instance>) = subject
        .data_nodes()
        .filter(|node| streaming::is_promotable(subject, node))
        .partition(|node| !node.backup.is_empty());
    let names: Vec<&str> = without
        .iter()
        .map(|node| node.name.value.as_str())
        .collect();
    if names.is_empty() {
        return;
    }
    // Where nobody has written it, the primary itself says more than what it is derived from.
    let at = if backup.origin.is_written() {
        backup.origin
    } else {
        primary.name.origin
    };
    let help = match subject.written {
        Written::Source => "write `backup barman { follows_primary = true }`".to_owned(),
        Written::Config => format!("add `backup: {}` to each of them", backup.value),
    };
    let help = format!("{help}; a first deployment needs one step more, see `m1c explain {NAME}`");
    let verb = if names.len() == 1 { "has" } else { "have" };
    let finding = findings
        .at(
            primary.entity(),
            at,
            format!(
                "{} can become the primary and {verb} no `backup`",
                words::list(&names)
            ),
        )
        .key("backup")
        .label("backed up only while this is the primary")
        .help(help);
    for node in without.iter().take(MOST_RELATED) {
        finding.related(node.name.origin, "without `backup`");
    }
    // Whoever backs up one of them has thought of it.
    if !with.is_empty() {
        finding.level(Level::Advice);
    }
}

/// More places do not help to read the finding.
const MOST_RELATED: usize = 4;
