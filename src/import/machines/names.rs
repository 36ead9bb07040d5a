//! Which machines need no name, because a pattern gives it.

use std::collections::{HashMap, HashSet};

use super::{Machine, Site};
use crate::facts::choices::Platform;
use crate::facts::machines;

/// The patterns that are tried: the language's default, and TPA's with the cluster's name before it.
pub(in crate::import) const PATTERNS: &[&str] =
    &["{location}-{role}{n}", "{cluster}-{location}-{role}{n}"];

/// The places of the machines that a pattern names as they are named.
pub(in crate::import) fn nameless(
    all: &[Machine<'_>],
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
            let Some(machine) = all.get(*place) else {
                continue;
            };
            let location = sites.get(machine.site).map_or("", |site| &site.name);
            let named = machine.roles.first().map(String::as_str);
            let role = machine.kind.in_names(named);
            let fill = |number: &str| {
                let text = pattern
                    .replace("{cluster}", cluster)
                    .replace("{location}", location)
                    .replace("{role}", role)
                    .replace("{n}", number);
                machines::host_name(&text, platform)
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
