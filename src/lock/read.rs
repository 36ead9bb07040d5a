//! A text becomes a lock. What cannot be understood is said at its line, and what a merge has given to two machines too.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use ipnet::Ipv4Net;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Cluster, END, Kind, Location, Lock, Machine, Path, Place, VERSION, errors};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::origin::{Origin, Sourced};
use crate::source::{FileId, Span};

/// What git writes into a file that it could not merge.
const CONFLICT: &str = "<<<<<<< ";

/// What the crate says of a key that is there already.
const DUPLICATE: &str = "duplicate key";

/// Reads a lock, which messages call `name`. `None` where it cannot be used; what is wrong has been reported.
pub fn read(file: FileId, name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Lock> {
    let lock = parse(file, name, text, diagnostics)?;
    let mut is_sound = true;
    for (cluster, locked) in &lock.clusters {
        is_sound &= nothing_is_twice(cluster, locked, name, diagnostics);
    }
    is_sound.then_some(lock)
}

/// Reads a lock in which one number may be that of two machines.
pub fn parse(file: FileId, name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Lock> {
    let mut reader = Reader {
        file,
        name,
        diagnostics,
        is_understood: true,
    };
    let lock = reader.text(text);
    lock.filter(|_| reader.is_understood)
}

struct Reader<'r> {
    file: FileId,
    name: &'r str,
    diagnostics: &'r mut Diagnostics,
    is_understood: bool,
}

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn text(&mut self, text: &str) -> Option<Lock> {
        if let Some(at) = conflict(text) {
            let at = self.span(at);
            self.diagnostics.push(errors::conflict_markers(at));
            return None;
        }
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                if error.message() == DUPLICATE {
                    let at = self.span(at);
                    self.diagnostics.push(errors::line_twice(at, self.name));
                    return None;
                }
                self.wrong(at, &error.message().replace('\n', "; "));
                return None;
            }
        };
        let table = table.get_ref();
        let Some(version) = table.get("version") else {
            self.wrong(0..0, "there is no `version`");
            return None;
        };
        let at = version.span();
        match integer(version) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                let at = self.span(at);
                self.diagnostics.push(errors::newer(at, newer, VERSION));
                return None;
            }
            _ => {
                self.wrong(at, &format!("expected `version = {VERSION}`"));
                return None;
            }
        }
        if text.trim_end().lines().next_back().map(str::trim_end) != Some(END) {
            let end = text.trim_end().len();
            let what = format!("it is cut off: the last line is not `{END}`");
            self.wrong(end..end, &what);
            return None;
        }
        let mut lock = Lock::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "version" => {}
                "cluster" => {
                    for (name, value) in self.table(value) {
                        let cluster = self.cluster(name, value);
                        lock.clusters.insert(name.get_ref().to_string(), cluster);
                    }
                }
                _ => self.unknown(key),
            }
        }
        Some(lock)
    }

    fn cluster(&mut self, name: &Key<'_>, value: &Value<'_>) -> Cluster {
        let mut cluster = Cluster {
            at: self.span(name.span()),
            ..Cluster::EMPTY
        };
        for (key, value) in self.table(value) {
            match key.get_ref().as_ref() {
                "vault_name" => cluster.vault_name = self.string(value),
                "subnet" => cluster.subnet = self.network(value),
                "location" => {
                    for (name, value) in self.table(value) {
                        let location = self.location(name, value);
                        let name = name.get_ref().to_string();
                        cluster.locations.insert(name, location);
                    }
                }
                _ => self.unknown(key),
            }
        }
        cluster
    }

    fn location(&mut self, name: &Key<'_>, value: &Value<'_>) -> Location {
        let mut location = Location {
            at: self.span(name.span()),
            ..Location::EMPTY
        };
        for (key, value) in self.table(value) {
            match key.get_ref().as_ref() {
                "region" => location.region = self.string(value),
                "zone" => location.zone = self.string(value),
                "subnet" => location.subnet = self.network(value),
                "was" => location.was = self.strings(value),
                "machine" => {
                    for (name, value) in self.table(value) {
                        if let Some(machine) = self.machine(name, value) {
                            let name = name.get_ref().to_string();
                            location.machines.insert(name, machine);
                        }
                    }
                }
                _ => self.unknown(key),
            }
        }
        location
    }

    fn machine(&mut self, name: &Key<'_>, value: &Value<'_>) -> Option<Machine> {
        let mut number = None;
        let mut machine = Machine {
            at: self.span(name.span()),
            number: 0,
            address: None,
            host: None,
            place: None,
            is_named: false,
            was: Vec::new(),
        };
        for (key, value) in self.table(value) {
            let word = key.get_ref().as_ref();
            let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
            match (word, kind) {
                (_, Some(kind)) => {
                    let number = self.whole(value).map(u32::try_from);
                    match number {
                        Some(Ok(number)) if machine.place.is_none() => {
                            machine.place = Some(Place { kind, number });
                        }
                        Some(_) => self.wrong(value.span(), "a machine has one place in a count"),
                        None => {}
                    }
                }
                ("number", None) => number = self.whole(value),
                ("named", None) => match value.get_ref().as_bool() {
                    Some(named) => machine.is_named = named,
                    None => self.wrong(value.span(), "expected true or false"),
                },
                ("address", None) => machine.address = self.address(value),
                ("host", None) => machine.host = self.string(value).map(|host| host.value),
                ("was", None) => machine.was = self.strings(value),
                (_, None) => self.unknown(key),
            }
        }
        match number {
            Some(number) => machine.number = number,
            None if self.is_understood => {
                self.wrong(name.span(), "this machine has no `number`");
            }
            None => {}
        }
        number.map(|_| machine)
    }

    fn table<'v, 't>(
        &mut self,
        value: &'v Value<'t>,
    ) -> impl Iterator<Item = (&'v Key<'t>, &'v Value<'t>)> + use<'v, 't> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value.span(), "expected a table");
        }
        table.into_iter().flatten()
    }

    fn string(&mut self, value: &Value<'_>) -> Option<Sourced<String>> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(value.span(), "expected a text in quotes");
        }
        let origin = Origin::Written(self.span(value.span()));
        text.map(|text| Sourced::new(text.to_owned(), origin))
    }

    fn strings(&mut self, value: &Value<'_>) -> Vec<String> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value.span(), "expected a list of names");
            return Vec::new();
        };
        let strings = list.iter().filter_map(|item| self.string(item));
        strings.map(|string| string.value).collect()
    }

    fn network(&mut self, value: &Value<'_>) -> Option<Sourced<String>> {
        let text = self.string(value)?;
        if text.value.parse::<Ipv4Net>().is_err() {
            self.wrong(value.span(), "expected a network, such as \"10.33.0.0/28\"");
        }
        Some(text)
    }

    fn address(&mut self, value: &Value<'_>) -> Option<Sourced<String>> {
        let text = self.string(value)?;
        if text.value.parse::<Ipv4Addr>().is_err() {
            self.wrong(value.span(), "expected an address, such as \"10.33.0.2\"");
        }
        Some(text)
    }

    /// A number from 1.
    fn whole(&mut self, value: &Value<'_>) -> Option<i64> {
        let number = integer(value).filter(|number| *number > 0);
        if number.is_none() {
            self.wrong(value.span(), "expected a whole number from 1");
        }
        number
    }

    fn unknown(&mut self, key: &Key<'_>) {
        let what = format!("there is no key `{}` here", key.get_ref());
        self.wrong(key.span(), &what);
    }

    fn wrong(&mut self, at: Range<usize>, what: &str) {
        self.is_understood = false;
        let at = self.span(at);
        self.diagnostics.push(errors::broken(at, self.name, what));
    }

    fn span(&self, at: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: offset(at.start),
            end: offset(at.end),
        }
    }
}

/// Where git has left a conflict.
fn conflict(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(CONFLICT) {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

fn integer(value: &Value<'_>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Reports what two machines or locations of a cluster both have.
fn nothing_is_twice(
    name: &str,
    cluster: &Cluster,
    lock: &str,
    diagnostics: &mut Diagnostics,
) -> bool {
    let twice = twice(name, cluster, lock);
    let is_sound = twice.is_empty();
    for diagnostic in twice {
        diagnostics.push(diagnostic);
    }
    is_sound
}

fn twice(name: &str, cluster: &Cluster, lock: &str) -> Vec<Diagnostic> {
    let machines = machines_twice(name, cluster, lock);
    [machines, subnets_twice(name, cluster, lock)].concat()
}

/// What is said of two machines or locations of a config.yml that both have the same.
pub fn twice_in_config(cluster: &Cluster) -> Vec<Diagnostic> {
    let twice = twice("", cluster, "").into_iter();
    twice.map(|it| it.help(errors::CORRECT_CONFIG)).collect()
}

/// What is said of two machines with one name, number, address, line of `hosts` or place: the first of these.
fn machines_twice(of: &str, cluster: &Cluster, lock: &str) -> Vec<Diagnostic> {
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut owners: HashMap<Fact<'_>, (&str, Span)> = HashMap::new();
    let mut twice = Vec::new();
    for (location, locked) in &cluster.locations {
        for (name, machine) in &locked.machines {
            let at = machine.at;
            let mut first = names.insert(name, at).map(|first| {
                let path = Path::of_machine(of, location, name);
                let first = errors::name_twice(at, lock, &path, first);
                twice.push(first);
            });
            for fact in facts(location, machine) {
                let other = owners.insert(fact, (name, at));
                if let (None, Some(other)) = (first, other) {
                    let path = Path::of_machine(of, location, name);
                    let words = fact.words();
                    twice.push(errors::machines_twice(at, lock, &words, &path, other));
                    first = Some(());
                }
            }
        }
    }
    twice
}

/// What only one machine of a cluster has.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Fact<'l> {
    Number(i64),
    Address(&'l str),
    Host(&'l str),
    Place(&'l str, Place),
}

fn facts<'l>(location: &'l str, machine: &'l Machine) -> impl Iterator<Item = Fact<'l>> {
    let address = machine.address.as_ref();
    let all = [
        Some(Fact::Number(machine.number)),
        address.map(|address| Fact::Address(&address.value)),
        machine.host.as_deref().map(Fact::Host),
        machine.place.map(|place| Fact::Place(location, place)),
    ];
    all.into_iter().flatten()
}

impl Fact<'_> {
    /// What two machines are said to have.
    fn words(self) -> String {
        match self {
            Fact::Number(number) => format!("have the number {number}"),
            Fact::Address(address) => format!("have the address {address}"),
            Fact::Host(host) => format!("have the line `{host}` of `hosts`"),
            Fact::Place(_, place) => format!("are `{} = {}`", place.kind.word(), place.number),
        }
    }
}

/// What is said of locations whose subnets overlap.
fn subnets_twice(of: &str, cluster: &Cluster, lock: &str) -> Vec<Diagnostic> {
    let subnets = cluster.locations.iter().filter_map(|(name, location)| {
        let subnet = location.subnet.as_ref()?;
        let net: Ipv4Net = subnet.value.parse().ok()?;
        Some((net, name.as_str(), subnet.origin.place()))
    });
    let mut subnets: Vec<(Ipv4Net, &str, Span)> = subnets.collect();
    // What is in another subnet follows it.
    subnets.sort_unstable_by_key(|(net, name, _)| (net.network(), net.prefix_len(), *name));
    let mut twice = Vec::new();
    let mut outer: Option<(Ipv4Net, &str, Span)> = None;
    for subnet in subnets {
        match outer {
            Some((net, other, first)) if net.contains(&subnet.0) => {
                let (net, name, at) = subnet;
                let path = Path::of_location(of, name);
                twice.push(errors::subnet_twice(at, lock, net, &path, (other, first)));
            }
            _ => outer = Some(subnet),
        }
    }
    twice
}
