//! Names and numbers of machines: their own, those of `hosts`, or those that `hostnames` makes.

use std::collections::{HashMap, HashSet};

use super::layout::{Kind, Layout, Machine};
use super::{Lowering, by_default, derived, errors};
use crate::facts::tables::Platform;
use crate::model::Entry;
use crate::origin::{Origin, Sourced};
use crate::suggest;

const DEFAULT_PATTERN: &str = "{location}-{role}{n}";
const PLACEHOLDERS: &[&str] = &["cluster", "location", "role", "n", "id"];

/// A machine with its name.
pub(super) struct Named<'m> {
    pub(super) name: Sourced<String>,
    pub(super) id: Sourced<i64>,
    /// The line of `hosts` that it took.
    pub(super) line: Option<&'m Entry>,
}

/// A pattern of host names, in parts.
enum Part {
    Text(String),
    Placeholder(&'static str),
}

impl<'m> Lowering<'m, '_> {
    /// Names and numbers the machines, in their order.
    pub(super) fn names(
        &mut self,
        layout: &Layout<'m>,
        platform: Platform,
    ) -> Option<Vec<Named<'m>>> {
        let ids = self.ids(layout)?;
        let hosts = self.whole("hosts");
        let lines: Vec<&'m Entry> = hosts.map_or_else(Vec::new, |hosts| {
            hosts
                .block
                .entries
                .iter()
                .filter(|line| !line.broken)
                .collect()
        });
        let own = |machine: &Machine<'m>| machine.entry.and_then(|entry| entry.name(0));
        let taken: HashSet<&str> = layout
            .machines
            .iter()
            .filter_map(own)
            .map(|name| name.value)
            .collect();
        let by_name: HashMap<&str, &'m Entry> = lines
            .iter()
            .map(|line| (line.word.as_str(), *line))
            .collect();
        let mut spare = lines
            .iter()
            .filter(|line| !taken.contains(line.word.as_str()));
        let mut generated = Generated {
            pattern: self.pattern()?,
            counts: HashMap::new(),
            platform,
            cluster: &self.cluster.name,
        };
        let nameless = layout
            .machines
            .iter()
            .filter(|machine| own(machine).is_none())
            .count();
        if let Some(hosts) = hosts
            && nameless
                > lines.len()
                    - lines
                        .iter()
                        .filter(|line| taken.contains(line.word.as_str()))
                        .count()
        {
            if !hosts.block.holes {
                let spare = spare.count();
                self.report(hosts.at, |at| errors::too_few_hosts(at, nameless, spare));
            }
            return None;
        }
        let mut named = Vec::new();
        for (machine, id) in layout.machines.iter().zip(ids) {
            let (name, line) = match own(machine) {
                Some(name) => (name.to_owned(), by_name.get(name.value).copied()),
                None => match spare.next() {
                    Some(line) => (Sourced::new(line.word.clone(), line.at), Some(*line)),
                    None => (generated.name(layout, machine, id.value), None),
                },
            };
            named.push(Named { name, id, line });
        }
        self.unique_names(layout, &named).then_some(named)
    }

    /// Numbers from 1 in the order of machines; explicit ones win, and numbering skips them.
    fn ids(&mut self, layout: &Layout<'m>) -> Option<Vec<Sourced<i64>>> {
        let own = |machine: &Machine<'m>| machine.entry.and_then(|entry| entry.block.integer("id"));
        let mut explicit: HashMap<i64, Origin> = HashMap::new();
        let mut unique = true;
        for id in layout.machines.iter().filter_map(own) {
            if let Some(first) = explicit.insert(id.value, id.origin) {
                unique = false;
                let first = first.place();
                self.report(id.origin, |at| errors::duplicate_id(at, id.value, first));
            }
        }
        let mut free = (1..).filter(|id| !explicit.contains_key(id));
        let ids = layout.machines.iter().map(|machine| {
            own(machine).or_else(|| {
                let rule = "node numbers are counted in the order of the machines";
                Some(Sourced::new(
                    free.next()?,
                    Origin::Derived {
                        from: machine.at.place(),
                        rule,
                    },
                ))
            })
        });
        let ids: Option<Vec<Sourced<i64>>> = ids.collect();
        ids.filter(|_| unique)
    }

    fn unique_names(&mut self, layout: &Layout<'m>, named: &[Named<'_>]) -> bool {
        let mut seen: HashMap<&str, (Origin, &Machine<'m>)> = HashMap::new();
        let mut unique = true;
        for (machine, layed) in named.iter().zip(&layout.machines) {
            let name = &machine.name;
            if let Some((first, other)) = seen.insert(&name.value, (name.origin, layed)) {
                unique = false;
                let first = first.place();
                self.report(name.origin, |at| match one_with_two_roles(other, layed) {
                    Some(words) => errors::machine_with_two_roles(at, &name.value, first, words),
                    None => errors::duplicate_machine(at, &name.value, first),
                });
            }
        }
        unique
    }

    /// The pattern of host names, with its placeholders found.
    fn pattern(&mut self) -> Option<Sourced<Vec<Part>>> {
        let pattern = self
            .block
            .text("hostnames")
            .unwrap_or_else(|| by_default(DEFAULT_PATTERN, "the default of `hostnames`"));
        let mut parts = Vec::new();
        let mut rest = pattern.value;
        while let Some((text, behind)) = rest.split_once('{') {
            parts.push(Part::Text(text.to_owned()));
            let (word, behind) = behind.split_once('}').unwrap_or((behind, ""));
            match PLACEHOLDERS.iter().find(|known| **known == word) {
                Some(known) => parts.push(Part::Placeholder(known)),
                None => {
                    self.report(pattern.origin, |at| {
                        let mut diagnostic = suggest::among(
                            errors::unknown_placeholder(at, word),
                            word,
                            PLACEHOLDERS,
                        );
                        diagnostic.fix = None;
                        diagnostic
                    });
                    return None;
                }
            }
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        Some(pattern.map(|_| parts))
    }
}

/// Makes names after a pattern.
struct Generated<'c> {
    pattern: Sourced<Vec<Part>>,
    /// How many names are the same but for `{n}`.
    counts: HashMap<String, usize>,
    platform: Platform,
    cluster: &'c str,
}

impl Generated<'_> {
    fn name(&mut self, layout: &Layout<'_>, machine: &Machine<'_>, id: i64) -> Sourced<String> {
        let location = layout
            .sites
            .get(machine.location)
            .map_or("", |site| site.name.value);
        let fill = |number: &str| {
            let filled: String = self
                .pattern
                .value
                .iter()
                .map(|part| match part {
                    Part::Text(text) => text.clone(),
                    Part::Placeholder("cluster") => self.cluster.to_owned(),
                    Part::Placeholder("location") => location.to_owned(),
                    Part::Placeholder("role") => role_word(machine),
                    Part::Placeholder("id") => id.to_string(),
                    Part::Placeholder(_) => number.to_owned(),
                })
                .collect();
            host_name(&filled, self.platform)
        };
        // No host name has a blank, so this cannot be mistaken for a part of the name.
        let same = fill(" ");
        let count = self.counts.get(&same).copied().unwrap_or(0) + 1;
        let name = fill(&count.to_string());
        self.counts.insert(same, count);
        let from = match self.pattern.origin {
            Origin::Default(_) => machine.at.place(),
            Origin::Written(at)
            | Origin::Included { at, .. }
            | Origin::Derived { from: at, .. } => at,
        };
        derived(
            name,
            from,
            "machines without a name are named after `hostnames`",
        )
    }
}

/// What `{role}` stands for.
fn role_word(machine: &Machine<'_>) -> String {
    match machine.kind {
        Kind::Primary | Kind::Replica | Kind::Single => "db".to_owned(),
        Kind::Barman => "barman".to_owned(),
        Kind::Etcd => "etcd".to_owned(),
        Kind::Haproxy => "proxy".to_owned(),
        Kind::Witness => "witness".to_owned(),
        Kind::Pem => "pem".to_owned(),
        Kind::Node => match machine.written_roles().next() {
            Some(role) => role.value.to_owned(),
            None => "node".to_owned(),
        },
    }
}

/// A text as a host name of the platform.
fn host_name(text: &str, platform: Platform) -> String {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric()
            || character == '-'
            || (character == '.' && platform != Platform::Aws)
    };
    let name: String = text
        .chars()
        .map(|character| {
            if allowed(character) {
                character.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    name.trim_matches('-').to_owned()
}

/// The word of a machine and the further role that another one of the same name gives it, where the two may be one.
fn one_with_two_roles<'w>(
    first: &Machine<'w>,
    second: &Machine<'_>,
) -> Option<(&'w str, &'static str)> {
    let word = first.entry?.word.as_str();
    second.entry?;
    let role = second.first_roles().next()?;
    let may_be_one =
        !second.is_data_node() && first.kind != second.kind && first.kind != Kind::Node;
    may_be_one.then_some((word, role.name()))
}
