//! A config.yml that exists becomes a source that a person would have written.
//!
//! What the file says is read as data. Its statements are chosen one by one; a draft with all machines by name is built,
//! and whatever the rules do not give becomes `vars`, `settings`, `omit` and settings of machines. Then everything goes
//! that the layout rules give, and the result is built again and compared with the file.

mod comments;
mod data;
mod free;
pub mod into;
mod machines;
mod platform;
mod read;
mod rests;
pub mod share;
mod software;
mod sources;
mod volumes;
mod write;

use std::collections::HashSet;

use crate::backend::{self, Backend};
use crate::check::{self, Checked, Options};
use crate::diagnostic::{Diagnostic, codes};
use crate::facts::choices::{
    ARCHITECTURES, Compliance, FailoverManager, Flavour, Keyring, Platform,
};
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::format;
use crate::load::{Files, LockFile, ReadError};
use crate::lock::{self, Lock};
use crate::source::{FileId, Sources, Span};
use crate::topology::Topology;
use crate::tpa::{config, variables};
use crate::value::{Data, Map, Value};
use machines::Machines;
use read::{Document, Unsaid};
use rests::Rests;
use write::Form;

codes! {
    /// `m1c import` takes config.ymls of TPA's M1 architecture.
    ///
    /// The language describes M1 clusters and no others: a cluster of another architecture has machines and variables
    /// that none of its statements stands for.
    ///
    /// ```yaml fails with import
    /// architecture: PGD-Always-ON
    /// cluster_name: speedy
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes with import
    /// architecture: M1
    /// cluster_name: speedy
    /// cluster_vars: { postgres_version: '16' }
    /// instance_defaults: { platform: bare }
    /// instances:
    /// - { Name: kestrel, node: 1, role: [primary], ip_address: 10.0.0.1 }
    /// ```
    ///
    /// See also `not-importable`.
    OTHER_ARCHITECTURE = "other-architecture";

    /// `m1c import` found something in a config.yml that no source can say.
    ///
    /// A source that m1c writes builds the same data as the file that it was made of. Where that cannot be, nothing is
    /// written, unless `--partial` asks for the rest.
    ///
    /// Mostly it is something that TPA does not read as it was meant: two primaries, a node number twice, a date without
    /// quotes. Change the file, and import it again.
    ///
    /// ```yaml fails with import
    /// architecture: M1
    /// cluster_name: speedy
    /// cluster_vars: { postgres_version: '16', deployed: 2024-05-01 }
    /// instance_defaults: { platform: bare }
    /// instances:
    /// - { Name: kestrel, node: 1, role: [primary], ip_address: 10.0.0.1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes with import
    /// architecture: M1
    /// cluster_name: speedy
    /// cluster_vars: { postgres_version: '16', deployed: '2024-05-01' }
    /// instance_defaults: { platform: bare }
    /// instances:
    /// - { Name: kestrel, node: 1, role: [primary], ip_address: 10.0.0.1 }
    /// ```
    ///
    /// See also `other-architecture`.
    NOT_IMPORTABLE = "not-importable";
}

/// What a config.yml becomes.
#[derive(Debug)]
pub struct Imported {
    pub sources: Sources,
    /// The config.yml.
    pub file: FileId,
    /// The name of its cluster; empty where it has none.
    pub cluster: String,
    /// The text of the source; none where nothing of it can be said.
    pub source: Option<String>,
    /// The lock beside the source, which has what running machines may not lose.
    pub lock: Option<Lock>,
    /// What the source does not say; empty where it builds the same data.
    pub diagnostics: Vec<Diagnostic>,
}

/// What holds numbers, subnets and the like where no rule gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Statements.
    Source,
    /// A lock beside the source.
    Lock,
}

impl Imported {
    /// Of a config.yml that nothing has become of yet.
    fn of(name: &str, text: &str) -> Imported {
        let mut sources = Sources::default();
        let file = sources.add(name.to_owned(), text.to_owned());
        Imported {
            sources,
            file,
            cluster: String::new(),
            source: None,
            lock: None,
            diagnostics: Vec::new(),
        }
    }
}

/// Makes a source of the config.yml `name`, which says `text`.
pub fn import(name: &str, text: &str, keeping: Keeping) -> Imported {
    let mut imported = Imported::of(name, text);
    let file = imported.file;
    match read::read(file, text) {
        Err(error) => imported
            .diagnostics
            .push(check::yaml_syntax(file, text, &error)),
        Ok(document) => from_document(&mut imported, text, document, keeping),
    }
    imported
}

fn from_document(imported: &mut Imported, text: &str, document: Document, keeping: Keeping) {
    let Document { map, mut unsaid } = document;
    let start = Span {
        file: imported.file,
        start: 0,
        end: 0,
    };
    let whole = map.places().next().unwrap_or(start);
    if let Some(other) = other_architecture(&map, whole) {
        imported.diagnostics.push(other);
        return;
    }
    imported.cluster = cluster_name(&map, whole, &mut unsaid);
    let found = source(&map, whole, &imported.cluster, text, keeping, &mut unsaid);
    if let Some(Written { source, lock }) = found {
        imported.source = Some(source);
        imported.lock = lock;
    }
    let mut diagnostics: Vec<Diagnostic> = unsaid.iter().map(not_importable).collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
    imported.diagnostics = diagnostics;
}

/// Whether a source has all comments of a config.yml.
pub fn has_comments(source: &str, config: &str) -> bool {
    comments::missing(source, config).next().is_none()
}

/// Whether two config.ymls say the same, in whatever words and with the instances in whatever order.
pub fn say_the_same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let document = read::read(FileId::NONE, text).ok()?;
        let mut map = document.unsaid.is_empty().then_some(document.map)?;
        data::in_order(&mut map);
        Some(map)
    };
    match (read(one), read(other)) {
        (Some(one), Some(other)) => data::same_maps(&one, &other) && !one.is_empty(),
        (_, _) => false,
    }
}

/// What the statements are chosen from.
struct Given<'v> {
    document: &'v Map,
    vars: &'v Map,
    defaults: &'v Map,
    cluster: &'v str,
    platform: Platform,
    flavour: Flavour,
    version: String,
    manager: FailoverManager,
    machines: &'v Machines<'v>,
    witnesses: Witnesses,
}

/// Which Barman nodes are witnesses, where the rule gives others.
#[derive(Debug, Default)]
struct Witnesses {
    /// Whether all of them are, or none.
    of_all: Option<bool>,
    /// The places of the machines that say it themselves.
    of_each: HashSet<usize>,
}

impl Given<'_> {
    /// The place of the primary's location; without a primary that of the first one with data.
    fn home(&self) -> usize {
        let first = || self.machines.sites.iter().position(|site| site.active);
        match self.machines.primary() {
            Some(primary) => primary.site,
            None => first().unwrap_or_default(),
        }
    }

    fn needed_repositories(&self) -> &'static [&'static str] {
        let choices = self.machines.choices;
        let api = self.vars.get("enable_pg_backup_api");
        // From some release on the backup API brings the one that it comes from.
        let api = api.is_some_and(|api| api.data == Data::Boolean(true));
        let agent = choices.beacon || api;
        variables::default_repositories(self.flavour, self.manager, choices.pem, agent)
    }

    /// Whether the vault's passphrase is in the system's keyring, which its name belongs to.
    fn has_system_keyring(&self) -> bool {
        let written = self.document.get("keyring_backend");
        written.and_then(Value::as_text).and_then(Keyring::parse) == Some(Keyring::System)
    }

    fn compliance(&self) -> Option<Compliance> {
        software::compliance(self)
    }

    /// Whether mounts are what a source build gets without being asked for.
    fn is_usual_cache(&self, mounts: &[Value]) -> bool {
        let usual = format!("ccache-{}:/root/.ccache:rw", self.cluster);
        matches!(mounts, [only] if only.as_text() == Some(&usual))
    }

    /// Whether standbys are backed up as the primary is.
    fn follows_primary(&self) -> bool {
        let machines = &self.machines.all;
        let barman = |site: usize| {
            machines
                .iter()
                .find(|machine| machine.site == site && machine.has_role(Role::Barman))
        };
        let of_primary = barman(self.home()).or_else(|| {
            machines
                .iter()
                .find(|machine| machine.has_role(Role::Barman))
        });
        let mut followers = machines
            .iter()
            .filter(|machine| machine.is_data_node() && !machine.has_role(Role::EfmNotPromotable));
        let follows = |machine: &machines::Machine<'_>| {
            let expected = barman(machine.site).or(of_primary);
            let written = machine.entry.get("backup").and_then(Value::as_text);
            written.is_some() && written == expected.map(|barman| barman.name.as_str())
        };
        let standbys = followers
            .clone()
            .filter(|machine| !machine.has_role(Role::Primary));
        standbys.count() > 0 && followers.all(follows)
    }
}

/// A source, and the lock beside it.
struct Written {
    source: String,
    lock: Option<Lock>,
}

/// The source of a document that a source can say, and nothing else: with what the layout rules give left out, and with
/// all machines by their names.
fn forms(map: &Map) -> Option<[String; 2]> {
    let whole = map.places().next()?;
    let cluster = cluster_name(map, whole, &mut Vec::new());
    with_rests(map, whole, &cluster, &mut Vec::new(), |given, rests, _| {
        let forms = [Form::Short, Form::Named];
        Some(forms.map(|form| format::format(&write::tree(given, Some(rests), form))))
    })
}

/// Reads a document as machines and choices, and finds what the rules do not give of it.
fn with_rests<T>(
    map: &Map,
    whole: Span,
    cluster: &str,
    unsaid: &mut Vec<Unsaid>,
    then: impl FnOnce(&Given<'_>, &Rests, &mut Vec<Unsaid>) -> Option<T>,
) -> Option<T> {
    let nothing = Map::default();
    let section = |key: &str| map.get(key).and_then(Value::as_map).unwrap_or(&nothing);
    let (vars, defaults) = (section("cluster_vars"), section("instance_defaults"));
    let word = |key: &str| vars.get(key).and_then(Value::as_text);
    let flavour = word("postgres_flavour").and_then(Flavour::parse);
    let manager = word("failover_manager").and_then(FailoverManager::parse);
    let manager = manager.unwrap_or_else(|| FailoverManager::default_for(flavour));
    let flavour = flavour.unwrap_or(Flavour::DEFAULT);
    let version = vars.get("postgres_version").and_then(Value::spelling);
    let before = unsaid.len();
    let machines = machines::machines(map, whole, cluster, manager, unsaid);
    if unsaid.len() > before {
        return None;
    }
    let given = Given {
        document: map,
        vars,
        defaults,
        cluster,
        platform: platform_of(map, defaults),
        flavour,
        version: version.unwrap_or_else(|| variables::DEFAULT_VERSION.to_owned()),
        manager,
        witnesses: witnesses(&machines, manager),
        machines: &machines,
    };
    let draft = write::tree(&given, None, Form::Draft);
    let draft = build(&format::format(&draft), None, whole, unsaid)?;
    let built = config::config(draft.clusters.first()?);
    let mut rests = rests::rests(&built, map, &machines.sites, &machines.all, unsaid);
    if vars.get("vpn_network").is_some() {
        rests.omit.retain(|path| path != "cluster_rules");
    }
    then(&given, &rests, unsaid)
}

fn source(
    map: &Map,
    whole: Span,
    cluster: &str,
    text: &str,
    keeping: Keeping,
    unsaid: &mut Vec<Unsaid>,
) -> Option<Written> {
    with_rests(map, whole, cluster, unsaid, |given, rests, unsaid| {
        shortest(given, rests, whole, text, keeping, unsaid)
    })
}

/// The shortest form that builds what is wanted.
fn shortest(
    given: &Given<'_>,
    rests: &Rests,
    whole: Span,
    text: &str,
    keeping: Keeping,
    unsaid: &mut Vec<Unsaid>,
) -> Option<Written> {
    let map = given.document;
    let written = |form: Form| {
        let mut tree = write::tree(given, Some(rests), form);
        comments::attach(&mut tree, text, map);
        format::format(&tree)
    };
    let mut found = Vec::new();
    for form in [Form::Short, Form::Named] {
        let source = written(form);
        found.clear();
        let Some(topology) = build(&source, None, whole, &mut found) else {
            continue;
        };
        found.extend(compare(map, &topology, given.cluster, whole));
        if found.is_empty() || form == Form::Named {
            let lock = (keeping == Keeping::Lock)
                .then_some(topology.lock)
                .flatten();
            let shorter = lock.clone().filter(|_| found.is_empty()).and_then(|lock| {
                let source = written(Form::Locked);
                locked(given, source, lock, whole)
            });
            unsaid.append(&mut found);
            return Some(shorter.unwrap_or(Written { source, lock }));
        }
    }
    unsaid.append(&mut found);
    None
}

/// A source that leaves to its lock what no rule gives, if it builds the same.
fn locked(given: &Given<'_>, source: String, mut lock: Lock, whole: Span) -> Option<Written> {
    let vault = given
        .document
        .get("vault_name")
        .and_then(Value::sourced_text);
    if let Some(cluster) = lock.clusters.get_mut(given.cluster)
        && let Some(vault) = vault
        && given.has_system_keyring()
    {
        cluster.vault_name = Some(vault.to_owned());
    }
    let text = lock::write(&lock);
    let mut found = Vec::new();
    let topology = build(&source, Some(&text), whole, &mut found)?;
    found.extend(compare(given.document, &topology, given.cluster, whole));
    (found.is_empty() && topology.lock.is_none()).then_some(Written {
        source,
        lock: Some(lock),
    })
}

/// Where the built config.yml of a cluster differs.
fn compare(map: &Map, topology: &Topology, cluster: &str, whole: Span) -> Vec<Unsaid> {
    match emitted(topology, cluster) {
        Ok(built) => rests::differences(map, &built, whole),
        Err(what) => vec![Unsaid { at: whole, what }],
    }
}

/// The config.yml of a cluster, as it is read.
fn emitted(topology: &Topology, cluster: &str) -> Result<Map, String> {
    let files = backend::emit(Backend::Tpa, topology);
    let mut clusters = topology.clusters.iter().zip(&files);
    let file = clusters.find(|(known, _)| known.name.value == cluster);
    let text = file.map_or("", |(_, file)| &file.contents);
    let document = read::read(FileId::NONE, text).map_err(|error| error.message)?;
    Ok(document.map)
}

/// Builds a source in memory, with a lock or with one that is to come.
fn build(
    source: &str,
    lock: Option<&str>,
    whole: Span,
    unsaid: &mut Vec<Unsaid>,
) -> Option<Topology> {
    let Checked {
        diagnostics,
        topology,
        ..
    } = check::check(ROOT, &Memory { source, lock }, Options::default());
    if topology.is_none() {
        unsaid.extend(diagnostics.into_iter().map(|diagnostic| Unsaid {
            at: whole,
            what: diagnostic.message,
        }));
    }
    topology
}

/// What messages would call the source.
const ROOT: &str = "cluster.m1";

/// A source that is on no disk.
struct Memory<'t> {
    source: &'t str,
    lock: Option<&'t str>,
}

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == ROOT {
            Ok(self.source.to_owned())
        } else {
            Err(ReadError::NotFound)
        }
    }

    fn lock(&self, _source: &str) -> LockFile {
        match self.lock {
            Some(lock) => LockFile::Read(Ok(lock.to_owned())),
            None => LockFile::Missing,
        }
    }
}

fn cluster_name(map: &Map, whole: Span, unsaid: &mut Vec<Unsaid>) -> String {
    let name = map.get("cluster_name");
    let text = match name.map(|name| &name.data) {
        Some(Data::Text(text)) => text.clone(),
        // TPA writes the name without quotes.
        Some(Data::Integer(number)) => number.to_string(),
        _ => String::new(),
    };
    if text.is_empty() {
        unsaid.push(Unsaid {
            at: name.map_or(whole, |name| name.origin.place()),
            what: "a cluster without a `cluster_name`".to_owned(),
        });
    }
    text
}

fn platform_of(map: &Map, defaults: &Map) -> Platform {
    let instances = map.get("instances").and_then(Value::as_list);
    let first = instances.and_then(|list| list.first()?.as_map()?.get("platform"));
    let written = defaults.get("platform").or(first);
    written
        .and_then(Value::as_text)
        .and_then(Platform::parse)
        .unwrap_or(Platform::DEFAULT)
}

fn witnesses(machines: &Machines<'_>, manager: FailoverManager) -> Witnesses {
    let all = || machines.all.iter().enumerate();
    let barmans: Vec<(usize, bool)> = all()
        .filter(|(_, machine)| machine.kind == Kind::Barman)
        .map(|(place, machine)| (place, machine.witness))
        .collect();
    let explicit =
        all().any(|(_, machine)| machine.kind != Kind::Barman && machine.has_role(Role::Witness));
    let voters = all().filter(|(_, machine)| machine.is_data_node()).count();
    let is_tie = manager.nodes_vote() && !explicit && voters.is_multiple_of(2);
    let by_rule = |index: usize| is_tie && index == 0;
    let same = barmans
        .iter()
        .enumerate()
        .all(|(index, (_, witness))| *witness == by_rule(index));
    let mut witnesses = Witnesses::default();
    match barmans.first() {
        Some((_, first)) if !same => {
            if barmans.iter().all(|(_, witness)| witness == first) {
                witnesses.of_all = Some(*first);
            } else {
                witnesses.of_each = barmans.iter().map(|(place, _)| *place).collect();
            }
        }
        Some(_) | None => {}
    }
    witnesses
}

fn other_architecture(map: &Map, whole: Span) -> Option<Diagnostic> {
    let written = map.get("architecture");
    let name = written.and_then(Value::as_text);
    if name.is_some_and(|name| ARCHITECTURES.contains(&name)) {
        return None;
    }
    let at = written.map_or(whole, |value| value.origin.place());
    let what = match name {
        Some(name) => format!("the architecture is `{name}`, and m1c knows M1 alone"),
        None => "not a config.yml of TPA's M1 architecture: it does not say `architecture: M1`"
            .to_owned(),
    };
    Some(
        Diagnostic::error(&OTHER_ARCHITECTURE, at, what)
            .label("not imported")
            .help("only clusters of the architecture M1 become sources"),
    )
}

fn not_importable(unsaid: &Unsaid) -> Diagnostic {
    Diagnostic::error(
        &NOT_IMPORTABLE,
        unsaid.at,
        format!("a source cannot say this: {}", unsaid.what),
    )
    .label("would not be built as it is")
    .help("change it here, or import the rest with `--partial`")
}
