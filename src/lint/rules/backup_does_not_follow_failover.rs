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
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2; backup = backup1 }
    ///     barman backup1 { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    pub(super) static BACKUP_DOES_NOT_FOLLOW_FAILOVER = {
        name: "backup-does-not-follow-failover",
        level: Warning,
        summary: "machines that can become the primary and have no backup",
        consequence: "after a failover there are no new backups, and WAL is archived nowhere",
    }
}

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
        Written::Source => format!(
            "write them as machines of their own with a `backup`: `replica NAME {{ backup = {} }}`",
            backup.value
        ),
        Written::Config => format!("add `backup: {}` to each of them", backup.value),
    };
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
