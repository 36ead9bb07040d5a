//! Which machines need no name, because a pattern gives it.

use std::collections::{HashMap, HashSet};

use super::{Kind, Machine, Site};
use crate::facts::choices::Platform;

/// The patterns that are tried: the language's default, and TPA's with the cluster's name before it.
pub(in crate::import) const PATTERNS: &[&str] =
    &["{location}-{role}{n}", "{cluster}-{location}-{role}{n}"];

/// The places of the machines that a pattern names as they are named.
pub(in crate::import) fn nameless(
    machines: &[Machine<'_>],
    sites: &[Site<'_>],
    order: &[usize],
    pattern: &str,
    cluster: &str,
    platform: Platform,
) -> HashSet<usize> {
    let mut nameless: HashSet<usize> = order.iter().copied().collect();
    loop {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut others = HashSet::new();
        for place in order.iter().filter(|place| nameless.contains(place)) {
            let Some(machine) = machines.get(*place) else {
                continue;
            };
            let location = sites.get(machine.site).map_or("", |site| &site.name);
            let fill = |number: &str| {
                let text = pattern
                    .replace("{cluster}", cluster)
                    .replace("{location}", location)
                    .replace("{role}", role(machine))
                    .replace("{n}", number);
                host_name(&text, platform)
            };
            let count = counts.entry(fill(" ")).or_default();
            *count += 1;
            if fill(&count.to_string()) != machine.name {
                others.insert(*place);
            }
        }
        if others.is_empty() {
            return nameless;
        }
        nameless.retain(|place| !others.contains(place));
    }
}

fn role<'m>(machine: &'m Machine<'_>) -> &'m str {
    match machine.kind {
        Kind::Primary | Kind::Replica => "db",
        Kind::Barman => "barman",
        Kind::Etcd => "etcd",
        Kind::Haproxy => "proxy",
        Kind::Witness => "witness",
        Kind::Pem => "pem",
        Kind::Node => machine.roles.first().map_or("node", String::as_str),
    }
}

/// A text as a host name of the platform, as the build makes it.
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
