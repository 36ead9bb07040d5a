//! Random clusters, and what people do to them.

use super::history::History;
use super::source::{Cluster, Location, Machine, PATRONI, Source};
use crate::robust::Random;

const CLUSTERS: &[&str] = &["orders", "payments", "ledger"];
const PLATFORMS: &[&str] = &["aws", "docker", "bare"];
const MANAGERS: &[&str] = &["repmgr", "efm", PATRONI];
const LOCATIONS: &[&str] = &[
    "paris", "london", "madrid", "zurich", "oslo", "rome", "vienna", "porto",
];
const BIRDS: &[&str] = &[
    "kestrel", "merlin", "heron", "osprey", "harrier", "robin", "siskin", "dunlin", "plover",
    "whimbrel",
];
/// What locations and machines are renamed to. Nothing new is called so.
const OTHER_LOCATIONS: &[&str] = &["lutetia", "thames", "turin", "fjord", "tiber", "douro"];
const OTHER_BIRDS: &[&str] = &[
    "egret", "swift", "wren", "crane", "stork", "ibis", "rook", "jay",
];
const REGIONS: &[&str] = &["eu-west-1", "eu-central-1", "us-east-1"];
const PATTERNS: &[&str] = &[
    "{location}-{role}{n}",
    "{cluster}-{location}-{role}{n}",
    "{role}{id}",
    "{role}-{n}.example.org",
];
/// Words of machines. A `data N` is no statement about one.
const WORDS: &[&str] = &[
    "primary", "replica", "single", "barman", "etcd", "haproxy", "witness", "node", "pem",
];

/// One of some.
pub(super) fn one<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len())]
}

/// A source with one or two clusters. The first goes through all platforms and failover managers.
pub(super) fn start(random: &mut Random, number: usize) -> Source {
    let mut source = Source::default();
    let platform = PLATFORMS[number % PLATFORMS.len()];
    let manager = MANAGERS[number / PLATFORMS.len() % MANAGERS.len()];
    let first = cluster(random, CLUSTERS[0], platform, manager);
    source.clusters.push(first);
    if random.below(3) == 0 {
        source.clusters.push(any_cluster(random, CLUSTERS[1]));
    }
    source
}

fn any_cluster(random: &mut Random, name: &str) -> Cluster {
    let (platform, manager) = (one(random, PLATFORMS), one(random, MANAGERS));
    cluster(random, name, platform, manager)
}

fn cluster(
    random: &mut Random,
    name: &str,
    platform: &'static str,
    failover: &'static str,
) -> Cluster {
    let mut cluster = Cluster {
        name: name.to_owned(),
        platform,
        failover,
        backup: random.below(4) > 0,
        pem: random.below(4) == 0,
        balance: failover == PATRONI && random.below(2) == 0,
        hostnames: None,
        hosts: Vec::new(),
        regions: vec![REGIONS[0]],
        primary_location: None,
        locations: Vec::new(),
    };
    for name in LOCATIONS.iter().take(1 + random.below(3)) {
        let mut location = location(name);
        location.data = 1 + random.below(3);
        cluster.locations.push(location);
    }
    cluster
}

fn location(name: &str) -> Location {
    Location {
        name: name.to_owned(),
        data: 0,
        is_param: false,
        condition: None,
        subnet: None,
        was: Vec::new(),
        machines: Vec::new(),
    }
}

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    AddLocation,
    RemoveLocation,
    MoveLocations,
    MoveMachines,
    RaiseCount,
    LowerCount,
    ChangePrimaryLocation,
    AddMachine,
    RemoveMachine,
    AddNamedMachine,
    NameMachine,
    RenameMachine,
    RenameLocation,
    ForgetOldNames,
    UnnameMachine,
    TakeAnotherLocation,
    SwitchBackup,
    SwitchPem,
    SwitchBalance,
    ChangeManager,
    ChangeHosts,
    ChangeHostnames,
    AddRegion,
    MakeParam,
    SwitchCondition,
    AddCluster,
    MoveClusters,
    RemoveCluster,
}

impl Edit {
    const ALL: &'static [Edit] = &[
        Edit::AddLocation,
        Edit::RemoveLocation,
        Edit::MoveLocations,
        Edit::MoveMachines,
        Edit::RaiseCount,
        Edit::LowerCount,
        Edit::ChangePrimaryLocation,
        Edit::AddMachine,
        Edit::RemoveMachine,
        Edit::AddNamedMachine,
        Edit::NameMachine,
        Edit::RenameMachine,
        Edit::RenameLocation,
        Edit::ForgetOldNames,
        Edit::UnnameMachine,
        Edit::TakeAnotherLocation,
        Edit::SwitchBackup,
        Edit::SwitchPem,
        Edit::SwitchBalance,
        Edit::ChangeManager,
        Edit::ChangeHosts,
        Edit::ChangeHostnames,
        Edit::AddRegion,
        Edit::MakeParam,
        Edit::SwitchCondition,
        Edit::AddCluster,
        Edit::MoveClusters,
        Edit::RemoveCluster,
    ];

    /// Those that only add machines.
    pub(super) const ADDING: &'static [Edit] = &[
        Edit::AddLocation,
        Edit::RaiseCount,
        Edit::AddMachine,
        Edit::AddNamedMachine,
        Edit::SwitchPem,
        Edit::AddCluster,
    ];

    fn make(self, source: &mut Source, random: &mut Random, history: &History) {
        let number = random.below(source.clusters.len());
        let cluster_name = source.clusters[number].name.clone();
        let cluster = &mut source.clusters[number];
        let at = random.below(cluster.locations.len());
        match self {
            Edit::AddLocation => {
                let name = one(random, LOCATIONS);
                if !cluster.has_had_location(name) {
                    let mut new = location(name);
                    new.data = random.below(3);
                    if random.below(4) == 0 && !history.has_location(&cluster.name, name) {
                        new.subnet = LOCATIONS.iter().position(|known| *known == name);
                    }
                    if new.data == 0 && random.below(2) == 0 {
                        new.machines.push(nameless(one(random, WORDS)));
                    }
                    cluster.locations.insert(at, new);
                }
            }
            Edit::RemoveLocation => drop(cluster.locations.remove(at)),
            Edit::MoveLocations => shuffle(&mut cluster.locations, random),
            Edit::MoveMachines => shuffle(&mut cluster.locations[at].machines, random),
            Edit::RaiseCount => cluster.locations[at].data += 1 + random.below(2),
            Edit::LowerCount => {
                let data = &mut cluster.locations[at].data;
                *data = data.saturating_sub(1 + random.below(2));
            }
            Edit::ChangePrimaryLocation => {
                cluster.primary_location = match random.below(4) {
                    0 => None,
                    _ => Some(cluster.locations[at].name.clone()),
                };
            }
            Edit::AddMachine => {
                let machine = nameless(one(random, WORDS));
                insert(&mut cluster.locations[at].machines, machine, random);
            }
            Edit::RemoveMachine => {
                let machines = &mut cluster.locations[at].machines;
                if !machines.is_empty() {
                    machines.remove(random.below(machines.len()));
                }
            }
            Edit::AddNamedMachine => {
                let mut machine = nameless(one(random, WORDS));
                let bird = one(random, BIRDS);
                if random.below(4) == 0 && machine.word != "node" {
                    // A number for each bird, out of the way of the counted ones.
                    let number = BIRDS.iter().position(|known| *known == bird);
                    machine.id = number.and_then(|number| i64::try_from(1000 + number).ok());
                }
                machine.name = Some(bird.to_owned());
                if !cluster.names(bird)
                    && !history.has_other_number(cluster, &machine)
                    && history.may_be_in(cluster, bird, &cluster.locations[at].name)
                {
                    insert(&mut cluster.locations[at].machines, machine, random);
                }
            }
            Edit::NameMachine => history.name_machine(cluster, at, random),
            Edit::RenameMachine => {
                let name = one(random, OTHER_BIRDS);
                let is_free = !cluster.names(name) && !history.has_machine(&cluster.name, name);
                let named = cluster.locations[at].machines.iter_mut();
                let mut known = named.filter(|machine| {
                    let name = machine.name.as_deref();
                    name.is_some_and(|name| history.has_machine(&cluster_name, name))
                });
                if let Some(machine) = known.next().filter(|_| is_free) {
                    machine.was.extend(machine.name.replace(name.to_owned()));
                }
            }
            Edit::RenameLocation => {
                let name = one(random, OTHER_LOCATIONS);
                let is_new =
                    !cluster.has_had_location(name) && !history.has_location(&cluster.name, name);
                let location = &mut cluster.locations[at];
                if is_new && history.has_location(&cluster.name, &location.name) {
                    let old = std::mem::replace(&mut location.name, name.to_owned());
                    let primary = cluster.primary_location.as_mut();
                    if let Some(primary) = primary.filter(|primary| **primary == old) {
                        name.clone_into(primary);
                    }
                    location.was.push(old);
                }
            }
            Edit::ForgetOldNames => {
                let location = &mut cluster.locations[at];
                if history.has_location(&cluster.name, &location.name) {
                    location.was.clear();
                }
                for machine in &mut location.machines {
                    let name = machine.name.as_deref().unwrap_or_default();
                    if history.has_machine(&cluster_name, name) {
                        machine.was.clear();
                    }
                }
            }
            Edit::UnnameMachine => {
                let machines = &mut cluster.locations[at].machines;
                if !machines.is_empty() {
                    let number = random.below(machines.len());
                    machines[number].name = None;
                    machines[number].id = None;
                    machines[number].was.clear();
                }
            }
            Edit::TakeAnotherLocation => {
                let to = random.below(cluster.locations.len());
                let there = cluster.locations[to].name.clone();
                let may_move = |machine: &Machine| {
                    let name = machine.name.as_deref();
                    name.is_some_and(|name| history.may_be_in(cluster, name, &there))
                };
                let machines = cluster.locations[at].machines.iter();
                if let Some(number) = machines.clone().position(may_move) {
                    let machine = cluster.locations[at].machines.remove(number);
                    cluster.locations[to].machines.push(machine);
                }
            }
            Edit::SwitchBackup => cluster.backup = !cluster.backup,
            Edit::SwitchPem => cluster.pem = !cluster.pem,
            Edit::SwitchBalance => cluster.balance = !cluster.balance,
            Edit::ChangeManager => cluster.failover = one(random, MANAGERS),
            Edit::ChangeHosts => change_hosts(&mut cluster.hosts, random),
            Edit::ChangeHostnames => cluster.hostnames = Some(one(random, PATTERNS)),
            Edit::AddRegion => {
                let region = one(random, REGIONS);
                if !cluster.regions.contains(&region) {
                    insert(&mut cluster.regions, region, random);
                }
            }
            Edit::MakeParam => cluster.locations[at].is_param ^= true,
            Edit::SwitchCondition => {
                let condition = &mut cluster.locations[at].condition;
                *condition = condition.map_or(Some(true), |wanted| Some(!wanted));
            }
            Edit::AddCluster => {
                let name = one(random, CLUSTERS);
                if source.clusters.iter().all(|known| known.name != name) {
                    // One that comes back is on its old platform.
                    let mut new = any_cluster(random, name);
                    new.platform = history.platform(name).unwrap_or(new.platform);
                    source.clusters.insert(number, new);
                }
            }
            Edit::MoveClusters => shuffle(&mut source.clusters, random),
            Edit::RemoveCluster => {
                if cluster.name != CLUSTERS[0] {
                    source.clusters.remove(number);
                }
            }
        }
    }
}

/// Makes an edit of some kinds that leaves the source valid; says which.
pub(super) fn edit(
    source: &mut Source,
    kinds: &[Edit],
    random: &mut Random,
    history: &History,
) -> Edit {
    loop {
        let kind = one(random, kinds);
        let mut edited = source.clone();
        kind.make(&mut edited, random, history);
        let is_edited = edited.text() != source.text() || edited.settings() != source.settings();
        let may_be = |it: &Cluster| it.is_valid() && history.may_have_locations(it);
        if is_edited && edited.clusters.iter().all(may_be) {
            *source = edited;
            return kind;
        }
    }
}

/// Makes any edit that leaves the source valid.
pub(super) fn any_edit(source: &mut Source, random: &mut Random, history: &History) -> Edit {
    edit(source, Edit::ALL, random, history)
}

impl Cluster {
    /// Whether it has a machine with a written name.
    pub(super) fn names(&self, name: &str) -> bool {
        let mut machines = self
            .locations
            .iter()
            .flat_map(|location| &location.machines);
        machines.any(|machine| machine.name.as_deref() == Some(name))
    }

    /// Whether a location is called so, or says that it was.
    fn has_had_location(&self, name: &str) -> bool {
        let mut locations = self.locations.iter();
        locations.any(|it| it.name == name || it.was.iter().any(|was| was == name))
    }
}

fn nameless(word: &'static str) -> Machine {
    Machine {
        word,
        name: None,
        id: None,
        was: Vec::new(),
    }
}

/// Lines are added anywhere, moved, or all are taken away.
fn change_hosts(hosts: &mut Vec<usize>, random: &mut Random) {
    match random.below(4) {
        0 => hosts.clear(),
        1 => shuffle(hosts, random),
        _ => {
            for number in 1..=80 {
                if !hosts.contains(&number) {
                    insert(hosts, number, random);
                }
            }
        }
    }
}

fn insert<T>(list: &mut Vec<T>, item: T, random: &mut Random) {
    list.insert(random.below(list.len() + 1), item);
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for end in (1..list.len()).rev() {
        list.swap(end, random.below(end + 1));
    }
}
