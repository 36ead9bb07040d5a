//! Changes of a source that may make a requirement hold, the smaller first. Whether they do is tried.

use crate::facts::roles::Role;
use crate::model::{self, Block, Entry};
use crate::source::Span;
use crate::topology::{Cluster, FailoverManager, Required, Requirement};

/// A change, in words and as edits of the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    words: Vec<String>,
    /// New text for what is at these places.
    edits: Vec<(Span, String)>,
    /// Variables of the cluster, with their values.
    variables: Vec<(&'static str, String)>,
}

impl Change {
    fn new(words: String, at: Span, text: impl Into<String>) -> Self {
        Self {
            words: vec![words],
            edits: vec![(at, text.into())],
            ..Self::default()
        }
    }

    /// Both at once.
    pub(super) fn and(mut self, other: &Change) -> Self {
        self.words.extend_from_slice(&other.words);
        self.edits.extend_from_slice(&other.edits);
        self.variables.extend_from_slice(&other.variables);
        self
    }
}

/// A cluster as its source says it.
pub(super) struct Source<'s> {
    model: &'s model::Cluster,
    cluster: &'s Cluster,
    manager: FailoverManager,
}

impl<'s> Source<'s> {
    pub(super) fn new(model: &'s model::Cluster, cluster: &'s Cluster) -> Self {
        Self {
            model,
            cluster,
            manager: cluster.failover.manager.value,
        }
    }

    /// What may help where a requirement does not hold.
    pub(super) fn changes(&self, requirement: &Requirement) -> Vec<Change> {
        let mut changes = Vec::new();
        match requirement.what {
            Required::BackupElsewhere => {
                changes.extend(self.in_each_location("barman", Role::Barman));
            }
            Required::NoSplitBrain => changes.extend(self.visibility()),
            Required::SurvivesMachine
            | Required::SurvivesTwoMachines
            | Required::SurvivesLocation => {
                if requirement.automatically {
                    changes.extend(self.redirect());
                }
                if requirement.within.is_some() {
                    changes.extend(self.faster());
                    changes.extend(patience_with_standbys());
                }
                if requirement.with_data {
                    changes.extend(self.synchronous());
                }
                changes.extend(self.data_elsewhere());
                changes.extend(self.more_votes());
                changes.extend(self.more_data());
                changes.extend(self.etcd_apart());
            }
        }
        changes
    }

    /// What a person has to write.
    pub(super) fn words(&self, change: &Change) -> String {
        let mut all = Vec::new();
        let variables = variables(change);
        if !variables.is_empty() {
            all.push(match self.block().entry("vars") {
                Some(_) => format!("write `{variables}` in `vars`"),
                None => format!("write `vars {{ {variables} }}` in the cluster"),
            });
        }
        all.extend_from_slice(&change.words);
        match all.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{}, and {last}", first.join(", ")),
            _ => all.concat(),
        }
    }

    /// New text for places of the source.
    pub(super) fn edits(&self, change: &Change) -> Option<Vec<(Span, String)>> {
        let mut edits = change.edits.clone();
        let variables = variables(change);
        if !variables.is_empty() {
            edits.push(match self.block().entry("vars") {
                Some(vars) => (
                    before_brace(*vars.bodies.last()?),
                    format!("; {variables} "),
                ),
                None => (self.below_locations()?, format!("\nvars {{ {variables} }}")),
            });
        }
        Some(edits)
    }

    fn block(&self) -> &'s Block {
        &self.model.block
    }

    fn locations(&self) -> impl Iterator<Item = (&'s Entry, &'s str)> {
        let locations = self.block().entries("location");
        locations.filter_map(|entry| Some((entry, entry.label(0)?)))
    }

    /// A statement of the cluster.
    fn in_cluster(&self, statement: &str) -> Option<Change> {
        Some(Change::new(
            format!("write `{statement}` in the cluster"),
            self.below_locations()?,
            format!("\n{statement}"),
        ))
    }

    /// Where a statement of the cluster does not move the primary, which is in the first location.
    fn below_locations(&self) -> Option<Span> {
        let (last, _) = self.locations().last()?;
        let body = *last.bodies.last()?;
        Some(Span {
            start: body.end,
            ..body
        })
    }

    fn has(&self, location: &str, role: Role) -> bool {
        let mut instances = self.cluster.instances.iter();
        instances.any(|instance| instance.location == location && instance.has_role(role))
    }

    /// A statement in each location without a machine of a role.
    fn in_each_location(&self, statement: &str, role: Role) -> Vec<Change> {
        let without = self.locations().filter(|(_, name)| !self.has(name, role));
        without
            .filter_map(|(entry, name)| in_location(entry, name, statement))
            .collect()
    }

    /// A vote more: where no data is, since it must not be lost with data; then in a new location; then anywhere.
    fn more_votes(&self) -> Vec<Change> {
        let Some((statement, role)) = self.vote() else {
            return Vec::new();
        };
        let has_data = |name: &str| self.has(name, Role::Primary) || self.has(name, Role::Replica);
        let without = self.locations().filter(|(_, name)| !self.has(name, role));
        let (beside, apart): (Vec<_>, Vec<_>) = without.partition(|(_, name)| has_data(name));
        let write = |(entry, name)| in_location(entry, name, statement);
        let mut changes: Vec<Change> = apart.into_iter().filter_map(write).collect();
        changes.extend(self.new_location(statement));
        changes.extend(beside.into_iter().filter_map(write));
        changes
    }

    /// The machine that does nothing but vote.
    fn vote(&self) -> Option<(&'static str, Role)> {
        match self.manager {
            FailoverManager::Repmgr | FailoverManager::Efm => Some(("witness", Role::Witness)),
            FailoverManager::Patroni => Some(("etcd", Role::Etcd)),
            FailoverManager::None => None,
        }
    }

    fn new_location(&self, machine: &str) -> Option<Change> {
        let name = self.new_locations().next()?;
        self.in_cluster(&format!("location {name} {{ {machine} }}"))
    }

    /// Names for locations that are not there yet.
    fn new_locations(&self) -> impl Iterator<Item = &'static str> {
        let count = self.locations().count();
        let names = ["second", "third", "fourth", "fifth"].into_iter();
        names
            .skip(count.saturating_sub(1))
            .filter(|name| self.locations().all(|(_, known)| known != *name))
    }

    /// Data in a second location, where there is only one, and with it a vote in a third.
    fn data_elsewhere(&self) -> Vec<Change> {
        let mut names = self.new_locations();
        let (Some(second), Some(third)) = (names.next(), names.next()) else {
            return Vec::new();
        };
        if self.locations().count() != 1 {
            return Vec::new();
        }
        let data = self.in_cluster(&format!("location {second} {{ data 1 }}"));
        let vote = self
            .vote()
            .and_then(|(vote, _)| self.in_cluster(&format!("location {third} {{ {vote} }}")));
        let both = data.clone().zip(vote);
        let both = both.map(|(data, vote)| data.and(&vote));
        data.into_iter().chain(both).collect()
    }

    /// One member of etcd in each location, of which there are three at least.
    fn etcd_apart(&self) -> Option<Change> {
        let (statement, _) = self
            .vote()
            .filter(|_| self.manager == FailoverManager::Patroni)?;
        let mut all = Change::default();
        for (entry, name) in self.locations() {
            match entry.block.entry(statement) {
                None => all = all.and(&in_location(entry, name, statement)?),
                Some(etcd) => {
                    let Some(count) = etcd.labels.first().filter(|it| it.as_integer().is_some())
                    else {
                        continue;
                    };
                    all = all.and(&Change::new(
                        format!("write `{statement} 1` in `location {name}`"),
                        count.origin.place(),
                        "1",
                    ));
                }
            }
        }
        if self.locations().count() < 3 {
            all = all.and(&self.new_location(statement)?);
        }
        Some(all)
    }

    /// One data node more, in each location.
    fn more_data(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (entry, name) in self.locations() {
            let Some(data) = entry.block.entry("data") else {
                changes.extend(in_location(entry, name, "data 1"));
                continue;
            };
            let Some(label) = data.labels.first() else {
                continue;
            };
            if let Some(count) = label.as_integer() {
                changes.push(Change::new(
                    format!("write `data {}` in `location {name}`", count + 1),
                    label.origin.place(),
                    (count + 1).to_string(),
                ));
            }
        }
        changes
    }

    /// Commits that wait for a standby, or for several.
    fn synchronous(&self) -> Vec<Change> {
        let data = self.cluster.instances.iter().filter(|instance| {
            instance.has_role(Role::Primary) || instance.has_role(Role::Replica)
        });
        let names: Vec<String> = data
            .map(|instance| format!("\\\"{}\\\"", instance.name.value))
            .collect();
        let wait = |count: usize| match (self.manager, count) {
            (FailoverManager::Patroni, 1) => variable(PATRONI, "{ synchronous_mode = true }"),
            (FailoverManager::Patroni, _) => variable(
                PATRONI,
                format!("{{ synchronous_mode = true; synchronous_node_count = {count} }}"),
            ),
            (FailoverManager::Repmgr | FailoverManager::Efm | FailoverManager::None, _) => {
                variable(
                    "synchronous_standby_names",
                    format!("\"'ANY {count} ({})'\"", names.join(", ")),
                )
            }
        };
        (1..names.len().min(4)).map(wait).collect()
    }

    /// Clients that are led to the new primary.
    fn redirect(&self) -> Option<Change> {
        let is_redirected =
            self.manager == FailoverManager::Repmgr && self.cluster.has_role(Role::Pgbouncer);
        is_redirected.then(|| variable("repmgr_redirect_pgbouncer", "true"))
    }

    /// A primary that is given up earlier.
    fn faster(&self) -> Vec<Change> {
        match self.manager {
            FailoverManager::Repmgr => [5, 4, 3, 2]
                .map(|attempts| variable("repmgr_reconnect_attempts", attempts.to_string()))
                .to_vec(),
            FailoverManager::Efm => [40, 30, 20, 10]
                .map(|time| {
                    let times = format!("{{ node.timeout = {time}; local.timeout = {time} }}");
                    variable("efm_conf_settings", times)
                })
                .to_vec(),
            // Patroni takes no `ttl` below 20.
            FailoverManager::Patroni => vec![variable(
                PATRONI,
                "{ ttl = 20; loop_wait = 5; retry_timeout = 5 }",
            )],
            FailoverManager::None => Vec::new(),
        }
    }

    /// Standbys that promote nobody while one of them sees the primary.
    fn visibility(&self) -> Option<Change> {
        (self.manager == FailoverManager::Repmgr).then(|| {
            variable(
                "repmgr_conf_settings",
                "{ primary_visibility_consensus = true }",
            )
        })
    }
}

/// A statement in a location, before the brace that closes it.
fn in_location(entry: &Entry, name: &str, statement: &str) -> Option<Change> {
    Some(Change::new(
        format!("write `{statement}` in `location {name}`"),
        before_brace(*entry.bodies.last()?),
        format!("; {statement} "),
    ))
}

/// A standby that is gone is given up earlier, so that commits do not wait for it.
fn patience_with_standbys() -> Vec<Change> {
    let seconds = [30, 20, 10];
    let patience = seconds.map(|seconds| variable("wal_sender_timeout", format!("{seconds}s")));
    patience.to_vec()
}

const PATRONI: &str = "patroni_dynamic_conf_settings";

fn variable(name: &'static str, value: impl Into<String>) -> Change {
    Change {
        variables: vec![(name, value.into())],
        ..Change::default()
    }
}

fn variables(change: &Change) -> String {
    let variables = change.variables.iter();
    let lines: Vec<String> = variables
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    lines.join("; ")
}

/// The place before the last character of a body.
fn before_brace(body: Span) -> Span {
    let end = body.end.saturating_sub(1);
    Span {
        start: end,
        end,
        ..body
    }
}
