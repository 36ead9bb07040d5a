//! What `m1c init` writes for command lines that TPA accepts, and what the repository shows, gives no false alarm.

use std::collections::{BTreeMap, BTreeSet};

use m1c::diagnostic::Level;
use m1c::lint::{self, Context, Finding, rules, subject};
use m1c::tpa::config;
use m1c::tpa::configure::{Answer, configure};

use crate::{memory, parity};

/// Rules that find an error in what TPA's own configure writes, and why it is one.
const TPA_IS_WRONG: &[(&str, &str)] = &[
    (
        "bad-hostname",
        "configure takes names of a hosts file as they are; provision refuses names with dots on aws",
    ),
    (
        "fips-incompatible",
        "configure takes cis on any system and with EFM's MD5; the last step of deploy tests for FIPS",
    ),
    (
        "stig-preconditions",
        "configure takes stig with PgBouncer, which then logs in without the certificates that STIG needs",
    ),
];

fn errors(text: &str) -> Vec<Finding> {
    let checked = memory::check_text(text);
    let topology = checked.topology.unwrap();
    let mut errors = Vec::new();
    for cluster in &topology.clusters {
        let subject = subject::from_config(config::config(cluster));
        let context = Context {
            subject: &subject,
            today: Some("2026-11-24"),
            environment: None,
        };
        errors.extend(lint::lint(&context, rules::ALL));
    }
    errors.retain(|finding| finding.diagnostic.level == Level::Error);
    errors
}

#[test]
fn what_tpa_accepts_has_no_errors() {
    let mut unexpected: BTreeMap<&str, String> = BTreeMap::new();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for run in parity::runs().iter().filter(|run| run.config.is_some()) {
        let Ok(Answer::Source(source)) = configure(&run.argv, &run.given) else {
            panic!("{} is refused", run.id);
        };
        for finding in errors(&source.text) {
            let name = finding.rule.code.name;
            found.insert(name);
            if !TPA_IS_WRONG.iter().any(|(known, _)| *known == name) {
                let message = &finding.diagnostic.message;
                unexpected
                    .entry(name)
                    .or_insert_with(|| format!("{message}\n{}", source.text));
            }
        }
    }
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    for (name, _) in TPA_IS_WRONG {
        assert!(found.contains(name), "`{name}` finds nothing here any more");
    }
}
