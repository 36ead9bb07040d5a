//! The tree of the source: its statements in the order of the language's documentation.

use std::collections::HashSet;

use super::data::Rest;
use super::free::{self, Words, from};
use super::machines::{self, Machine, PATTERNS};
use super::rests::Rests;
use super::{Given, platform, software, volumes};
use crate::facts::choices::Platform;
use crate::facts::machines::Kind;
use crate::facts::roles::Role;
use crate::facts::variables::Scope;
use crate::resolve::free as free_form;
use crate::source::{FileId, Span};
use crate::syntax::Tree;
use crate::syntax::nodes;
use crate::syntax::tree::{Body, Statement};
use crate::value::{Data, Key, Map, Value};

/// How the machines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Each with its name and its number.
    Draft,
    /// With nothing that the layout rules give.
    Short,
    /// The same, with nothing that a lock has.
    Locked,
    /// Each with its name.
    Named,
}

/// The tree of a source with what the rules do not give.
pub(super) fn tree(given: &Given<'_>, rests: Option<&Rests>, form: Form) -> Tree {
    let mut statements = vec![software::postgres(given), software::failover(given)];
    statements.push(platform::platform(given));
    let plain = plain(given, rests, form);
    statements.extend(naming(given, &plain));
    statements.extend(platform::network(given));
    statements.extend(software::backup_and_front(given));
    statements.extend(software::packages(given));
    statements.extend(software::whole_cluster(given));
    if let Some(rests) = rests {
        let mut settings = rests.settings.clone();
        if form == Form::Locked && given.has_system_keyring() {
            settings.remove(&["vault_name"]);
        }
        for (word, map) in [
            ("vars", &rests.vars),
            ("defaults", &rests.defaults),
            ("settings", &settings),
        ] {
            statements.extend(free::block(word, map, Words::Bare).map(nodes::apart_if_long));
        }
        statements.extend(omit(&rests.omit));
        let allowed = allow(&rests.vars, Scope::Both);
        statements.extend(allowed.or_else(|| allow(&rests.settings, Scope::TopLevel)));
    }
    statements.extend(locations(given, rests, &plain));
    let cluster = nodes::long_entry("cluster", vec![nodes::name(given.cluster)], statements);
    Tree {
        file: FileId::NONE,
        is_cut: false,
        body: Body {
            statements: vec![cluster],
            end: Vec::new(),
        },
    }
}

/// The lines `omit`: the keys of config.yml before those of blocks.
fn omit(paths: &[String]) -> Vec<Statement> {
    const WIDTH: usize = 90;
    let (blocks, settings): (Vec<&String>, Vec<&String>) =
        paths.iter().partition(|path| path.contains('.'));
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let mut width = 0;
    for path in settings.into_iter().chain(blocks) {
        width += path.len() + 1;
        match lines.last_mut() {
            Some(line) if width <= WIDTH => line.push(path),
            _ => {
                width = path.len();
                lines.push(vec![path]);
            }
        }
    }
    let line = |paths: Vec<&str>| {
        let labels = paths.into_iter().map(nodes::name).collect();
        nodes::line(nodes::word("omit"), labels)
    };
    lines.into_iter().map(line).collect()
}

/// Lets variables be what they are in config.yml, where TPA takes another type.
fn allow(map: &Map, scope: Scope) -> Option<Statement> {
    let is_misfit = |(key, value): (&Key, &Value)| match key {
        Key::Text(name) => free_form::misfit(name, value, scope).is_some(),
        Key::Integer(_) => false,
    };
    map.iter().any(is_misfit).then(|| {
        let labels = vec![
            nodes::word(free_form::TYPES_RULE),
            nodes::text("config.yml had it so when it was imported"),
        ];
        nodes::line(nodes::word("allow"), labels)
    })
}

/// What the rules give of the machines.
struct Plain {
    /// Which have no name.
    nameless: HashSet<usize>,
    /// Which have a number of their own.
    numbered: HashSet<usize>,
    /// Which are not written at all.
    placed: HashSet<usize>,
    pattern: Option<&'static str>,
    /// Whether the primary needs its own word.
    is_primary_written: bool,
    /// Whether a lock has zones, subnets and addresses on docker.
    is_locked: bool,
}

fn plain(given: &Given<'_>, rests: Option<&Rests>, form: Form) -> Plain {
    let machines = &given.machines.all;
    let sites = &given.machines.sites;
    let all: HashSet<usize> = (0..machines.len()).collect();
    let mut plain = Plain {
        nameless: HashSet::new(),
        numbered: all,
        placed: HashSet::new(),
        pattern: None,
        is_primary_written: true,
        is_locked: form == Form::Locked,
    };
    if form == Form::Draft {
        return plain;
    }
    let home = given.home();
    let order = machines::order(machines, sites, home);
    plain.numbered = if plain.is_locked {
        HashSet::new()
    } else {
        machines::numbered(machines, &order)
    };
    if form == Form::Named {
        return plain;
    }
    let patterns = PATTERNS.iter().map(|pattern| {
        let found = machines::nameless(
            machines,
            sites,
            &order,
            pattern,
            given.cluster,
            given.platform,
        );
        (found, *pattern)
    });
    let best = patterns.rev().max_by_key(|(found, _)| found.len());
    if let Some((nameless, pattern)) = best
        && nameless.len() * 2 > machines.len()
    {
        plain.nameless = nameless;
        plain.pattern = PATTERNS
            .first()
            .filter(|usual| **usual != pattern)
            .map(|_| pattern);
    }
    let is_plain = |place: &usize| {
        let rest = rests.and_then(|rests| rests.machines.get(*place));
        let machine = machines.get(*place);
        plain.nameless.contains(place)
            && !plain.numbered.contains(place)
            && rest.is_none_or(Rest::is_empty)
            && machine.is_some_and(|machine| machine.extra.is_empty())
            && !given.witnesses.of_each.contains(place)
    };
    let kind = |kind: Kind, role: Role| -> Vec<usize> {
        let of: Vec<usize> = (0..machines.len())
            .filter(|place| {
                machines
                    .get(*place)
                    .is_some_and(|machine| machine.has_role(role))
            })
            .collect();
        let is = |place: &usize| {
            is_plain(place)
                && machines
                    .get(*place)
                    .is_some_and(|machine| machine.kind == kind)
        };
        if of.iter().all(is) { of } else { Vec::new() }
    };
    let in_site = |place: &usize, site: usize| {
        machines
            .get(*place)
            .is_some_and(|machine| machine.site == site)
    };
    for (of, role, count, site) in [
        (Kind::Barman, Role::Barman, 1, home),
        (Kind::Etcd, Role::Etcd, 3, home),
        (Kind::Pem, Role::PemServer, 1, 0),
    ] {
        let found = kind(of, role);
        if found.len() == count && found.iter().all(|place| in_site(place, site)) {
            plain.placed.extend(found);
        }
    }
    let proxies = kind(Kind::Haproxy, Role::Haproxy);
    let two_each = sites.iter().enumerate().all(|(index, site)| {
        let count = proxies.iter().filter(|place| in_site(place, index)).count();
        count == if site.active { 2 } else { 0 }
    });
    if two_each {
        plain.placed.extend(proxies);
    }
    let first = order.first().and_then(|place| machines.get(*place));
    let is_first = first.is_some_and(|first| first.kind == Kind::Primary);
    let is_first_plain = order.first().is_some_and(is_plain);
    plain.is_primary_written = !is_first || !is_first_plain;
    plain
}

/// Where the primary is, and how machines are named.
fn naming(given: &Given<'_>, plain: &Plain) -> Vec<Statement> {
    let sites = &given.machines.sites;
    let home = given.home();
    let mut statements = Vec::new();
    let first_active = sites.iter().position(|site| site.active);
    if given.machines.primary().is_none() {
        let none = nodes::word("none");
        statements.push(nodes::setting("primary_location", none));
    } else if !plain.is_primary_written
        && first_active != Some(home)
        && let Some(site) = sites.get(home)
    {
        statements.push(nodes::setting("primary_location", nodes::name(&site.name)));
    }
    if let Some(pattern) = plain.pattern {
        statements.push(nodes::setting("hostnames", nodes::text(pattern)));
    }
    statements
}

fn locations(given: &Given<'_>, rests: Option<&Rests>, plain: &Plain) -> Vec<Statement> {
    let sites = &given.machines.sites;
    let mut statements = Vec::new();
    let places = platform::places(given);
    for (index, site) in sites.iter().enumerate() {
        let mut block = Vec::new();
        if let Some(placed) = places.get(index) {
            let region = placed.region.as_deref();
            block.extend(region.map(|region| nodes::setting("region", nodes::name(region))));
            let zone = placed.zone.as_deref().filter(|_| !plain.is_locked);
            block.extend(zone.map(|zone| nodes::setting("zone", nodes::name(zone))));
            let subnet = placed.subnet.as_deref().filter(|_| !plain.is_locked);
            let subnet = subnet.map(|subnet| nodes::setting("subnet", nodes::spelling(subnet)));
            block.extend(subnet);
        }
        block.extend(machines_of(given, rests, plain, index));
        if let Some(rest) = rests.and_then(|rests| rests.sites.get(index)) {
            block.extend(rest_of_location(rest));
        }
        let labels = vec![nodes::name(&site.name)];
        let statement = match block.len() {
            0 => nodes::long_entry("location", labels, block),
            1 => nodes::short_entry("location", labels, block),
            _ => nodes::entry("location", labels, block),
        };
        let statement = nodes::apart(statement);
        statements.push(match site.entry {
            Some((_, at)) => from(statement, at),
            None => statement,
        });
    }
    statements
}

fn machines_of(
    given: &Given<'_>,
    rests: Option<&Rests>,
    plain: &Plain,
    site: usize,
) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut run: Option<(i64, Span)> = None;
    let mut is_counted = false;
    let nothing = Rest::default();
    for (place, machine) in given.machines.all.iter().enumerate() {
        if machine.site != site || plain.placed.contains(&place) {
            continue;
        }
        let rest = rests.and_then(|rests| rests.machines.get(place));
        let rest = rest.unwrap_or(&nothing);
        let is_primary = machine.kind == Kind::Primary;
        let is_counting = machine.kind.is_data()
            && (!is_primary || !plain.is_primary_written)
            && plain.nameless.contains(&place)
            && !plain.numbered.contains(&place)
            && rest.is_empty()
            && machine.extra.is_empty();
        if is_counting && (run.is_some() || !is_counted) {
            let (count, at) = run.unwrap_or((0, machine.at));
            run = Some((count + 1, at.to(machine.at)));
            is_counted = true;
            continue;
        }
        statements.extend(run.take().map(data));
        statements.push(self::machine(given, machine, place, rest, plain));
    }
    statements.extend(run.map(data));
    statements
}

fn data((count, at): (i64, Span)) -> Statement {
    from(
        nodes::line(nodes::word("data"), vec![nodes::number(count)]),
        at,
    )
}

fn machine(
    given: &Given<'_>,
    machine: &Machine<'_>,
    place: usize,
    rest: &Rest,
    plain: &Plain,
) -> Statement {
    let mut block = Vec::new();
    let mut over = rest.over.clone();
    let mut omit = rest.omit.clone();
    if plain.is_locked && given.platform == Platform::Docker {
        over.remove(&["ip_address"]);
    }
    if plain.numbered.contains(&place) {
        block.push(nodes::setting("id", nodes::number(machine.id)));
    }
    let known = |name: &str| given.machines.all.iter().any(|other| other.name == name);
    for (key, setting) in [
        ("ip_address", "address"),
        ("public_ip", "public"),
        ("private_ip", "private"),
    ] {
        let address = over.get(key).and_then(Value::as_text);
        if let Some(address) = address
            && address.parse::<std::net::IpAddr>().is_ok()
        {
            block.push(nodes::setting(setting, nodes::spelling(address)));
            over.remove(&[key]);
        }
    }
    let upstream = over.get("upstream").and_then(Value::as_text);
    if let Some(upstream) = upstream
        && known(upstream)
    {
        block.push(nodes::setting("upstream", nodes::name(upstream)));
        over.remove(&["upstream"]);
    }
    if omit.iter().any(|path| path == "backup") {
        block.push(nodes::setting("backup", nodes::word("none")));
        omit.retain(|path| path != "backup");
    }
    block.extend(backup(&mut over));
    match machine.kind {
        Kind::Node => block.push(roles(machine)),
        Kind::Primary
        | Kind::Replica
        | Kind::Single
        | Kind::Barman
        | Kind::Etcd
        | Kind::Haproxy
        | Kind::Witness
        | Kind::Pem => {
            if !machine.extra.is_empty() {
                let names = nodes::names(&machine.extra);
                block.push(nodes::attribute(nodes::word("roles"), names));
            }
        }
    }
    if given.witnesses.of_each.contains(&place) {
        let witness = nodes::word(if machine.witness { "true" } else { "false" });
        block.push(nodes::setting("witness", witness));
    }
    if given.platform == Platform::Aws
        && let Some(instance) = over.get("type").and_then(Value::as_text)
    {
        block.push(nodes::setting("instance", nodes::text(instance)));
        over.remove(&["type"]);
    }
    if over.get("volumes").is_some()
        && machine.kind != Kind::Barman
        && let Some(lines) = volumes::of_machine(machine, given)
    {
        block.push(lines);
        over.remove(&["volumes"]);
    }
    block.extend(free_forms(over, &omit));
    let is_named = !plain.nameless.contains(&place);
    let name = is_named.then(|| nodes::name(&machine.name));
    let labels = name.into_iter().collect();
    let word = machine.kind.name();
    let statement = if block.len() <= 2 {
        nodes::line_entry(word, labels, block)
    } else {
        nodes::short_entry(word, labels, block)
    };
    from(statement, machine.at)
}

fn roles(machine: &Machine<'_>) -> Statement {
    match &machine.role_text {
        Some(text) => nodes::setting("roles", nodes::name(text)),
        None => nodes::attribute(nodes::word("roles"), nodes::names(&machine.roles)),
    }
}

fn backup(over: &mut Map) -> Option<Statement> {
    let statement = match over.get("backup").map(|backup| &backup.data) {
        Some(Data::Text(barman)) => nodes::setting("backup", nodes::name(barman)),
        Some(Data::List(items)) => {
            let names: Option<Vec<String>> = items
                .iter()
                .map(|item| item.as_text().map(str::to_owned))
                .collect();
            nodes::attribute(nodes::word("backup"), nodes::names(&names?))
        }
        Some(
            Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Map(_),
        )
        | None => return None,
    };
    over.remove(&["backup"]);
    Some(statement)
}

fn rest_of_location(rest: &Rest) -> Vec<Statement> {
    free_forms(rest.over.clone(), &rest.omit)
}

/// What a location or machine says in free form, and what it omits.
fn free_forms(mut over: Map, omit: &[String]) -> Vec<Statement> {
    let mut block = Vec::new();
    for (word, words) in [("tags", Words::Quoted), ("vars", Words::Bare)] {
        if let Some(map) = over.get(word).and_then(Value::as_map) {
            if words == Words::Bare {
                block.extend(allow(map, Scope::Both));
            }
            block.extend(free::short_block(word, map, words));
            over.remove(&[word]);
        }
    }
    block.extend(free::short_block("settings", &over, Words::Bare));
    if !omit.is_empty() {
        let labels = omit.iter().map(|path| nodes::name(path)).collect();
        block.push(nodes::line(nodes::word("omit"), labels));
    }
    block
}
