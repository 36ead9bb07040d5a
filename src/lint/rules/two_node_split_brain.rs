use crate::facts::roles::Role;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::Written;
use crate::tpa::view::quorum::manual;

rule! {
    /// ## What it does
    ///
    /// Finds clusters in which two machines have to agree and no third one votes: with repmgr a single standby without a
    /// witness, with EFM two members.
    ///
    /// ## Why is this bad?
    ///
    /// A lone standby of repmgr wins its election whenever it does not see the primary, also when only the network between
    /// them is cut: both take writes then, and one side's have to be thrown away. EFM does the opposite: one of two is not a
    /// majority, so nobody is ever promoted.
    ///
    /// A witness helps as long as it runs. repmgr does not count a node whose Postgres is down while its repmgrd lives, as
    /// in a maintenance: the standby that is left has the only vote again. Run `repmgr service pause` before
    /// Postgres is stopped on a voter, and `repmgr service unpause` behind it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   backup barman { witness = false }
    ///   location main { data 2 }
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
    ///   backup barman { witness = true }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static TWO_NODE_SPLIT_BRAIN = {
        name: "two-node-split-brain",
        level: Warning,
        summary: "two nodes and nobody who breaks the tie",
        consequence: "when the network between the two is cut, both take writes",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let (Some(quorum), Some(primary)) = (context.quorum(), subject.primary()) else {
        return;
    };
    let candidates = quorum.candidates();
    let Some(standby) = candidates
        .first()
        .and_then(|only| subject.instance(only.name))
    else {
        return;
    };
    // Whoever promotes by hand has another rule.
    if manual(subject, primary, quorum.manager, 1).is_some() {
        return;
    }
    let (name, primary_name) = (&standby.name.value, &primary.name.value);
    let message = match quorum.manager {
        FailoverManager::Repmgr => {
            if quorum.votes() != 1 || !quorum.after_loss_of(&[primary_name]).promotes() {
                return;
            }
            format!(
                "`{name}` has the only vote, and promotes itself whenever it does not see `{primary_name}`"
            )
        }
        FailoverManager::Efm => {
            if quorum.votes() != 2 {
                return;
            }
            format!(
                "losing `{primary_name}` leaves 1 of 2 votes, so that `{name}` is never promoted"
            )
        }
        FailoverManager::Patroni | FailoverManager::None => return,
    };
    // One that a rule has placed.
    let has_barman = subject
        .with_role(Role::Barman)
        .filter_map(|node| node.role(Role::Barman))
        .any(|role| !role.origin.is_written());
    let help = match quorum.manager {
        FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::Patroni
            if has_barman && subject.written == Written::Source =>
        {
            "write `backup barman { witness = true }`, so that the Barman node votes; or a `witness` line"
        }
        FailoverManager::Repmgr => words::say(
            subject,
            "put a `witness` line into the primary's location; a `barman` machine votes too where its block says so",
            "add an instance with the role `witness` in the primary's location, and the primary as `upstream`",
        ),
        FailoverManager::Efm | FailoverManager::Patroni | FailoverManager::None => words::say(
            subject,
            "put a `witness` line into the cluster, best in a third location; a `barman` machine votes too where its block says so",
            "add an instance with the role `witness`, best in a third location, and the primary as `upstream`",
        ),
    };
    let finding = findings
        .at(standby.entity(), standby.at, message)
        .label("the only standby, and no witness")
        .help(help)
        .related(primary.at, "the primary");
    if quorum.manager == FailoverManager::Efm {
        finding.consequence("when the primary is lost nobody takes over");
    }
}
