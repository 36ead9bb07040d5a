use super::repmgr_fence::{Remedy, lines, remedy};
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::FailoverManager;
use crate::topology::quorum::{Children, Fence, Quorum, State, Verdict};
use crate::tpa::view::quorum::{is_witness_beside_standbys, left};
use crate::tpa::view::{Instance, Subject, repmgr, settings};

rule! {
    /// ## What it does
    ///
    /// Finds clusters with repmgr in which the other locations have the majority of the votes, and the old primary still
    /// takes writes when its location is cut off. That is so without `child_nodes_disconnect_command` and without a PgBouncer
    /// that repmgr redirects. It is also so with a command whose number of children is reached in the primary's own
    /// location, and for a while with a command that comes later than the promotion.
    ///
    /// Where all this is well, it finds clusters with a third location and without `primary_visibility_consensus`.
    ///
    /// ## Why is this bad?
    ///
    /// repmgr does not stop a primary that has lost its standbys. Clients in its location still write to it while another
    /// one is promoted elsewhere, and what they write is lost when the link is back.
    ///
    /// The command runs when fewer children are attached to the primary than `child_nodes_connected_min_count`. A standby
    /// beside the primary stays attached, so that the number must be higher than the number of those. Postgres notices a
    /// lost standby after `wal_sender_timeout` (60 seconds), and repmgr waits for `child_nodes_disconnect_timeout` (30) then;
    /// the other side promotes after `repmgr_reconnect_attempts` times `repmgr_reconnect_interval` (60).
    ///
    /// `child_nodes_disconnect_min_count` counts those that are gone: with 1 the loss of any standby stops a healthy
    /// primary.
    ///
    /// When only the link between two locations is cut, a witness in a third one still sees the primary, and its vote
    /// promotes a standby nevertheless. With `primary_visibility_consensus` repmgr waits for as long as any voter sees the
    /// primary.
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
    ///     postgres_conf_settings = { wal_sender_timeout = 20s }
    ///     repmgr_conf_settings = [
    ///       "child_nodes_connected_min_count=1"
    ///       "child_nodes_disconnect_timeout=20"
    ///       "child_nodes_disconnect_command='/usr/local/bin/stop-postgres'"
    ///       "primary_visibility_consensus=true"
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

/// A cluster of repmgr in which a cut network may give two primaries.
struct Case<'c, 's> {
    subject: &'s Subject,
    quorum: &'c Quorum<'s>,
    primary: &'s Instance,
    home: &'s str,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(quorum) = context
        .quorum()
        .filter(|quorum| quorum.manager == FailoverManager::Repmgr)
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
    // Of a lone standby and of a witness on the wrong side other rules speak.
    if quorum.votes() < 2 || is_witness_beside_standbys(quorum, home) {
        return;
    }
    let case = Case {
        subject,
        quorum,
        primary,
        home,
    };
    let cut = quorum.cut_off(home);
    let Verdict::Promotes(promoted) = cut.far.verdict else {
        return;
    };
    match quorum.fence {
        Fence::None | Fence::Majority if redirected => case.link(findings),
        Fence::None | Fence::Majority => {
            case.goes_on(primary.at, "nothing stops it".to_owned(), findings);
        }
        Fence::Children(children) if cut.near.serves() => {
            if !redirected {
                let (at, label) = case.unreached(children);
                case.goes_on(at, label, findings);
            }
        }
        Fence::Children(children) => match children.delay {
            Some(delay) if delay >= quorum.promotion_delay && !redirected => {
                case.late(promoted, delay, findings);
            }
            Some(_) | None => case.link(findings),
        },
    }
}

impl Case<'_, '_> {
    /// Nothing stops the primary, or nothing that takes effect.
    fn goes_on(&self, at: Origin, label: String, findings: &mut Of<'_>) {
        let (home, name) = (self.home, &self.primary.name.value);
        let far = self.quorum.cut_off(home).far;
        let Verdict::Promotes(promoted) = far.verdict else {
            return;
        };
        let finding = findings
            .at(
                self.primary.entity(),
                at,
                format!(
                    "when `{home}` is cut off, {} promote `{promoted}` while `{name}` takes writes",
                    left(self.quorum, &far)
                ),
            )
            .label(label)
            .help(self.help());
        if at != self.primary.at {
            finding.related(self.primary.at, "the primary");
        }
    }

    /// Where the command is written that never runs, and why it does not.
    fn unreached(&self, children: Children) -> (Origin, String) {
        let (subject, primary) = (self.subject, self.primary);
        let command = repmgr::in_lines(subject, primary, "child_nodes_disconnect_command");
        let command = command.map_or(primary.at, |line| line.origin);
        if children.delay.is_none() {
            return (
                command,
                "never runs: Postgres does not notice a lost standby".to_owned(),
            );
        }
        let (connected, gone) = repmgr::least_children(subject, primary);
        let number = connected.or(gone).map_or(command, |count| count.origin);
        let attached: Vec<&str> = self
            .quorum
            .children(children)
            .filter(|child| child.location == Some(self.home) && child.state == State::Running)
            .map(|child| child.name)
            .collect();
        let stays = if attached.len() == 1 { "stays" } else { "stay" };
        let label = if attached.is_empty() {
            "never reached".to_owned()
        } else {
            format!("never reached: {} {stays} attached", words::list(&attached))
        };
        (number, label)
    }

    /// The command runs after the promotion.
    fn late(&self, promoted: &str, delay: i64, findings: &mut Of<'_>) {
        let (subject, primary, home) = (self.subject, self.primary, self.home);
        let command = repmgr::in_lines(subject, primary, "child_nodes_disconnect_command");
        let promotion = self.quorum.promotion_delay;
        findings
            .at(
                primary.entity(),
                command.map_or(primary.at, |line| line.origin),
                format!(
                    "when `{home}` is cut off, `{promoted}` is promoted after about {promotion} seconds, and `{}` stops after about {delay}",
                    primary.name.value
                ),
            )
            .label("comes too late")
            .help(sooner(promotion))
            .consequence("when the link to the primary's location is cut, two primaries take writes until the command runs")
            .related(primary.at, "the primary");
    }

    /// A link is cut, and a third location sees both sides.
    fn link(&self, findings: &mut Of<'_>) {
        let quorum = self.quorum;
        let mut others = quorum.locations();
        others.retain(|other| *other != self.home);
        let voters = |location: &str| {
            quorum
                .voters()
                .any(|voter| voter.location == Some(location))
        };
        let split = others.iter().copied().find(|other| {
            let is_third = |third: &&str| third != other && voters(third);
            others.iter().any(is_third)
                && quorum.link_cut(self.home, other).splits_brain()
                && quorum
                    .candidates()
                    .iter()
                    .any(|node| node.location == Some(other))
        });
        let Some(other) = split.filter(|_| !quorum.asks_for_sightings) else {
            return;
        };
        let (home, name) = (self.home, &self.primary.name.value);
        findings
            .at(
                self.primary.entity(),
                self.primary.at,
                format!(
                    "when only the link between `{home}` and `{other}` is cut, a standby may be promoted while `{name}` takes writes"
                ),
            )
            .label("others see it, and vote against it")
            .help("write `primary_visibility_consensus=true` into `repmgr_conf_settings`")
            .consequence("when the link between two locations is cut, two primaries take writes");
    }

    fn help(&self) -> String {
        let pool = words::say(
            self.subject,
            "send all clients through `pool pgbouncer` with `repmgr_redirect_pgbouncer = true`",
            "send all clients through PgBouncer with `repmgr_redirect_pgbouncer: true`",
        );
        match remedy(self.quorum, self.home) {
            Some(remedy) => format!(
                "write {} into `repmgr_conf_settings`, with a command that stops Postgres; {}; or {pool}",
                self.lines(remedy),
                sooner(self.quorum.promotion_delay)
            ),
            None => format!(
                "{pool}; here no `child_nodes_disconnect_command` helps, because a number of children that stops the primary then also stops it when one standby is lost"
            ),
        }
    }

    fn lines(&self, remedy: Remedy) -> String {
        let mut lines = lines(remedy);
        lines.push("child_nodes_disconnect_command='…'".to_owned());
        if !self.quorum.asks_for_sightings {
            lines.push("primary_visibility_consensus=true".to_owned());
        }
        words::list(&lines)
    }
}

/// What lets the command run before the other side promotes.
fn sooner(promotion: i64) -> String {
    let third = promotion / 3;
    // Postgres notices, repmgr looks every five seconds, and then waits.
    if third > 5 {
        format!(
            "let `wal_sender_timeout` and `child_nodes_disconnect_timeout` be {third} seconds or less, so that it runs before the promotion"
        )
    } else {
        "give the promotion more time with `repmgr_reconnect_attempts`, and let `wal_sender_timeout` and `child_nodes_disconnect_timeout` together be shorter".to_owned()
    }
}
