//! The machines of a config.yml: which statement each of them is, and what of it follows from the layout rules.

mod kind;
mod names;
mod numbers;

use crate::facts::choices::FailoverManager;
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::source::Span;
use crate::value::{Data, Map, Value};

use super::read::Unsaid;
pub(super) use names::{PATTERNS, nameless};
pub(super) use numbers::{numbered, order};

/// A location that is declared, or that machines are in all the same.
pub(super) struct Site<'v> {
    pub(super) name: String,
    /// Its entry in `locations`.
    pub(super) entry: Option<(&'v Map, Span)>,
    /// Whether it has data nodes other than a `single`.
    pub(super) active: bool,
}

pub(super) struct Machine<'v> {
    pub(super) entry: &'v Map,
    pub(super) at: Span,
    pub(super) name: String,
    pub(super) id: i64,
    /// The place of its location among the sites.
    pub(super) site: usize,
    pub(super) roles: Vec<String>,
    /// The roles as one text, where they are written so.
    pub(super) role_text: Option<String>,
    pub(super) kind: Kind,
    /// Whether it is a Barman node that is a witness too.
    pub(super) witness: bool,
    /// Roles that follow neither from its kind nor from what the cluster chooses.
    pub(super) extra: Vec<String>,
}

impl Machine<'_> {
    pub(super) fn has_role(&self, role: Role) -> bool {
        self.roles.iter().any(|known| known == role.name())
    }

    pub(super) fn is_data_node(&self) -> bool {
        crate::facts::roles::is_data_node(|role| self.has_role(role))
    }
}

/// What the cluster chooses that machines follow.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each of them is a statement that is there or is not"
)]
pub(super) struct Choices {
    pub(super) pool: bool,
    pub(super) balance: bool,
    pub(super) pem: bool,
    pub(super) beacon: bool,
    pub(super) patroni: bool,
}

pub(super) struct Machines<'v> {
    pub(super) sites: Vec<Site<'v>>,
    pub(super) all: Vec<Machine<'v>>,
    pub(super) choices: Choices,
}

impl Machines<'_> {
    pub(super) fn primary(&self) -> Option<&Machine<'_>> {
        self.all
            .iter()
            .find(|machine| machine.has_role(Role::Primary) && machine.is_data_node())
    }
}

/// The machines of a document; what no source can say about them goes to `unsaid`.
pub(super) fn machines<'v>(
    document: &'v Map,
    whole: Span,
    cluster: &str,
    manager: FailoverManager,
    unsaid: &mut Vec<Unsaid>,
) -> Machines<'v> {
    let mut sites = sites(document, unsaid);
    let mut machines: Vec<Machine<'v>> = Vec::new();
    let instances = document.get("instances");
    let list = instances.and_then(Value::as_list).unwrap_or_default();
    if list.is_empty() {
        let at = instances.map_or(whole, |value| value.origin.place());
        unsaid.push(Unsaid::new(at, "a cluster without instances"));
    }
    for instance in list {
        match machine(instance, cluster, &machines, &mut sites) {
            Ok(machine) => machines.push(machine),
            Err(refused) => unsaid.push(refused),
        }
    }
    unsaid.extend(together(&machines));
    let choices = kind::decide(&mut sites, &mut machines, manager);
    Machines {
        sites,
        all: machines,
        choices,
    }
}

/// An instance as a machine, after those before it.
fn machine<'v>(
    instance: &'v Value,
    cluster: &str,
    before: &[Machine<'v>],
    sites: &mut Vec<Site<'v>>,
) -> Result<Machine<'v>, Unsaid> {
    let at = instance.origin.place();
    let Some(entry) = instance.as_map() else {
        return Err(Unsaid::new(at, "an instance that is not a map"));
    };
    let id = match entry.get("node").map(|node| &node.data) {
        Some(Data::Integer(id)) if *id > 0 => *id,
        _ => {
            let what = "an instance without a `node` that is a number from 1";
            return Err(Unsaid::new(at, what));
        }
    };
    if let Some(other) = before.iter().find(|other| other.id == id) {
        let other = &other.name;
        let what = format!("two instances with the `node` {id}: `{other}` has it too");
        return Err(Unsaid::new(at, what));
    }
    let name = match entry.get("Name") {
        None => format!("{cluster}-{id}"),
        Some(name) => match name.as_text() {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => {
                return Err(Unsaid::new(
                    name.origin.place(),
                    "a `Name` that is not a text",
                ));
            }
        },
    };
    if before.iter().any(|other| other.name == name) {
        let what = format!("two instances with the name `{name}`");
        return Err(Unsaid::new(at, what));
    }
    let (roles, role_text) = match entry.get("role") {
        None => (Vec::new(), None),
        Some(role) => roles(role).ok_or_else(|| {
            let what = "a `role` that is neither a text nor a list of texts";
            Unsaid::new(role.origin.place(), what)
        })?,
    };
    Ok(Machine {
        entry,
        at,
        name,
        id,
        site: site_of(entry.get("location"), sites),
        roles,
        role_text,
        kind: Kind::Node,
        witness: false,
        extra: Vec::new(),
    })
}

/// What no source can say about machines beside each other.
fn together(machines: &[Machine<'_>]) -> Vec<Unsaid> {
    let mut unsaid = Vec::new();
    let place = |machine: &Machine<'_>, key: &str| {
        let value = machine.entry.get(key);
        value.map_or(machine.at, |value| value.origin.place())
    };
    let mut primaries = machines
        .iter()
        .filter(|machine| machine.has_role(Role::Primary));
    let first = primaries.next().map_or("", |first| first.name.as_str());
    for second in primaries {
        let what = format!("a second primary beside `{first}`");
        unsaid.push(Unsaid::new(place(second, "role"), what));
    }
    for machine in machines {
        if let Some(upstream) = machine.entry.get("upstream") {
            let is = |other: &Machine<'_>| upstream.as_text() == Some(other.name.as_str());
            if !machines.iter().any(is) {
                let name = upstream.spelling().unwrap_or_default();
                let what = format!("the upstream `{name}`, which is not an instance");
                unsaid.push(Unsaid::new(place(machine, "upstream"), what));
            }
        }
    }
    for pair in machines.windows(2) {
        if let [one, other] = pair
            && one.id > other.id
        {
            let what = "instances that are not in the order of their `node` numbers";
            unsaid.push(Unsaid::new(other.at, what));
        }
    }
    unsaid
}

fn sites<'v>(document: &'v Map, unsaid: &mut Vec<Unsaid>) -> Vec<Site<'v>> {
    let mut sites: Vec<Site<'v>> = Vec::new();
    let entries = document.get("locations").and_then(Value::as_list);
    for location in entries.unwrap_or_default() {
        let at = location.origin.place();
        let entry = location.as_map();
        let name = entry.and_then(|entry| entry.get("Name")?.as_text());
        match (entry, name) {
            (Some(entry), Some(name)) if sites.iter().all(|site| site.name != name) => {
                sites.push(Site {
                    name: name.to_owned(),
                    entry: Some((entry, at)),
                    active: false,
                });
            }
            _ => unsaid.push(Unsaid {
                at,
                what: "a location without a `Name` of its own".to_owned(),
            }),
        }
    }
    sites
}

/// The place of an instance's location; one that nobody declared is added.
fn site_of(location: Option<&Value>, sites: &mut Vec<Site<'_>>) -> usize {
    const ONLY: &str = "main";
    let name = match location.map(|location| &location.data) {
        Some(Data::Text(name)) => name.as_str(),
        Some(Data::Integer(index)) => {
            let index = usize::try_from(*index).unwrap_or(usize::MAX);
            return if index < sites.len() { index } else { 0 };
        }
        _ if sites.is_empty() => ONLY,
        _ => return 0,
    };
    let known = sites.iter().position(|site| site.name == name);
    known.unwrap_or_else(|| {
        sites.push(Site {
            name: name.to_owned(),
            entry: None,
            active: false,
        });
        sites.len() - 1
    })
}

/// Roles, and the text that they are written as where they are no list.
fn roles(role: &Value) -> Option<(Vec<String>, Option<String>)> {
    match &role.data {
        Data::Text(text) => {
            let roles = text.split(',').map(|role| role.trim().to_owned());
            Some((roles.collect(), Some(text.clone())))
        }
        Data::List(items) => {
            let roles = items.iter().map(|item| item.as_text().map(str::to_owned));
            Some((roles.collect::<Option<Vec<String>>>()?, None))
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Map(_) => None,
    }
}
