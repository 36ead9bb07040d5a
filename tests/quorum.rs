//! Votes and promotions in the layouts that `tpaexec configure` writes, with what each failover manager makes of them.

use std::fmt::Write as _;

use m1c::lint::{self, Context, rules};
use m1c::topology::quorum::{Quorum, Verdict};
use m1c::tpa::config;
use m1c::tpa::view::quorum::quorum;
use m1c::tpa::view::{self, Subject};

use crate::memory;

/// Active locations × data nodes of each, what other locations hold, and whether the Barman node is a witness as TPA makes
/// it one. Then for repmgr and for EFM: the votes, and whether somebody is promoted when the primary is lost, when its
/// location is lost, and while a cut-off primary still takes writes.
const TABLE: &str = "
    layout                 repmgr          efm
    1×1                    0 no  no  no    1 no  no  no
    1×2 barman             2 yes no  no    3 yes no  no
    1×3                    2 yes no  no    3 yes no  no
    1×4 barman             4 yes no  no    5 yes no  no
    2×1 barman             2 yes no  no    3 yes no  no
    2×2 barman             3 yes no  no    5 yes no  no
    2×3 barman             4 yes no  no    7 yes no  no
    3×1                    2 yes yes yes   3 yes yes no
    3×2                    3 yes yes yes   6 yes yes no
    4×1                    3 yes yes yes   4 yes yes no
    4×2                    4 yes yes yes   8 yes yes no
    1×1 single             1 yes yes yes   2 no  no  no
    1×2 single             2 yes no  no    3 yes no  no
    1×3 single             3 yes no  no    4 yes no  no
    2×2 single             3 yes yes yes   5 yes yes no
    2×1 witness barman     3 yes yes yes   4 yes no  no
    2×2 witness barman     4 yes no  no    6 yes no  no
    2×3 witness barman     5 yes no  no    8 yes no  no
    3×1 witness            3 yes yes yes   4 yes yes no
    3×2 witness            4 yes yes yes   7 yes yes no
    2×2 witness            3 yes yes yes   5 yes yes no
    2×3 witness            4 yes no  no    7 yes yes no
";

/// The source of a layout, with the Barman node's vote written out as TPA's command line gives it.
fn source(layout: &str, manager: &str) -> String {
    let words: Vec<&str> = layout.split(' ').collect();
    let (locations, data) = words[0].split_once('×').unwrap();
    let mut source = format!(
        "cluster votes {{
  postgres postgresql 16
  failover {manager}
  platform bare
  backup barman {{ witness = {} }}
",
        words.contains(&"barman")
    );
    for number in 1..=locations.parse().unwrap() {
        writeln!(source, "  location l{number} {{ data {data} }}").unwrap();
    }
    for other in ["single", "witness"] {
        if words.contains(&other) {
            writeln!(source, "  location other {{ {other} }}").unwrap();
        }
    }
    source + "}\n"
}

pub(crate) fn subject_of(source: &str) -> Subject {
    let checked = memory::check_text(source);
    let topology = checked
        .topology
        .as_ref()
        .unwrap_or_else(|| panic!("{source}{}", memory::messages(&checked)));
    view::from_config(config::config(&topology.clusters[0]))
}

/// What a layout does with a failover manager, as a row of the table says it.
fn row(quorum: &Quorum<'_>) -> String {
    let primary = quorum.primary().unwrap();
    let location = primary.location.unwrap();
    let answers = [
        quorum.after_loss_of(&[primary.name]).promotes(),
        quorum.after_loss_of_location(location).promotes(),
        quorum.cut_off(location).splits_brain(),
    ];
    let answers = answers.map(|answer| if answer { "yes" } else { "no" });
    format!("{} {}", quorum.votes(), answers.join(" "))
}

#[test]
fn layouts_of_tpa_have_their_votes() {
    let mut failures = String::new();
    for line in TABLE.lines().skip(2).filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (layout, answers) = words.split_at(words.len() - 8);
        let layout = layout.join(" ");
        for (manager, expected) in ["repmgr", "efm"].into_iter().zip(answers.chunks(4)) {
            let subject = subject_of(&source(&layout, manager));
            let (found, expected) = (row(&quorum(&subject).unwrap()), expected.join(" "));
            if found != expected {
                writeln!(failures, "{layout}, {manager}: {found}, not {expected}").unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn patroni_asks_etcd() {
    let subject = subject_of(
        "cluster votes {
  postgres postgresql 16
  failover patroni
  platform bare
  location paris { primary db1; etcd e1; etcd e2 }
  location london { replica db2; etcd e3 }
}
",
    );
    let quorum = quorum(&subject).unwrap();
    assert_eq!((quorum.votes(), quorum.votes_needed()), (3, 2));
    assert!(quorum.after_loss_of(&["db1", "e3"]).promotes());
    assert!(!quorum.after_loss_of_location("paris").serves());
    assert!(quorum.after_loss_of_location("london").serves());
    // Without a majority the primary gives up its duty.
    assert!(!quorum.after_loss_of(&["e1", "e2"]).serves());
    assert!(!quorum.cut_off("paris").splits_brain());
}

#[test]
fn repmgr_prefers_priority_then_the_lower_number() {
    let source = |vars: &str| {
        format!(
            "cluster votes {{
  postgres postgresql 16
  failover repmgr
  platform bare
  location paris {{ primary db1; replica db2; replica db3 {{ {vars} }} }}
}}
"
        )
    };
    let promoted = |vars: &str| {
        let subject = subject_of(&source(vars));
        match quorum(&subject).unwrap().after_loss_of(&["db1"]).verdict {
            Verdict::Promotes(name) => name.to_owned(),
            Verdict::Stays(_) | Verdict::PromotesAny | Verdict::Nobody(_) => "nobody".to_owned(),
        }
    };
    assert_eq!(promoted(""), "db2");
    assert_eq!(promoted("vars { repmgr_priority = 200 }"), "db3");
    assert_eq!(promoted("vars { repmgr_priority = 0 }"), "db2");
    // A cascaded standby neither votes nor is promoted.
    assert_eq!(
        promoted("upstream = db2; vars { repmgr_priority = 200 }"),
        "db2"
    );
}

#[test]
fn rules_say_the_numbers_of_votes() {
    let messages = |name: &str, layout: &str, manager: &str| -> Vec<String> {
        let subject = subject_of(&source(layout, manager));
        let context = Context::new(&subject, None, None);
        let findings = lint::lint(&context, &[rules::find(name).unwrap()]);
        let messages = findings.iter().map(|finding| {
            let help = finding.diagnostic.help.as_deref().unwrap_or_default();
            format!("{}\n{help}", finding.diagnostic.message)
        });
        messages.collect()
    };
    assert_eq!(
        messages(
            "no-quorum-after-location-loss",
            "2×2 witness barman",
            "repmgr"
        ),
        ["losing `l1` leaves 2 of 4 votes, and a promotion needs 3
do not let `l1-barman1` be a witness: without it, losing `l1` leaves 2 of 3 votes"]
    );
    assert_eq!(
        messages("no-quorum-after-location-loss", "2×3 witness", "repmgr"),
        ["losing `l1` leaves 2 of 4 votes, and a promotion needs 3
let `l2-db2` stream from the primary, so that it votes: losing `l1` leaves 3 of 5 votes then"]
    );
    assert_eq!(
        messages("witness-placement", "2×1 witness barman", "efm"),
        ["`l1-barman1` is one witness too many: losing `l1` leaves 2 of 4 votes, and 2 of 3 votes without it
write `witness = false` for the Barman node, or remove the `witness` line"]
    );
    assert_eq!(
        messages("repmgr-primary-not-fenced", "3×1", "repmgr"),
        ["when `l1` is cut off, 2 of 2 votes promote `l2-db1` while `l1-db1` takes writes
write `child_nodes_connected_min_count=1`, `child_nodes_disconnect_command='…'` and `primary_visibility_consensus=true` into `repmgr_conf_settings`, with a command that stops Postgres; let `wal_sender_timeout` and `child_nodes_disconnect_timeout` be 20 seconds or less, so that it runs before the promotion; or send all clients through `pool pgbouncer` with `repmgr_redirect_pgbouncer = true`"]
    );
    // Two standbys elsewhere would have to be attached, or none can be lost.
    assert_eq!(
        messages("repmgr-primary-not-fenced", "2×2 witness", "repmgr"),
        ["when `l1` is cut off, 2 of 3 votes promote `l2-db1` while `l1-db1` takes writes
write `child_nodes_connected_min_count=2`, `child_nodes_connected_include_witness=true`, `child_nodes_disconnect_command='…'` and `primary_visibility_consensus=true` into `repmgr_conf_settings`, with a command that stops Postgres; let `wal_sender_timeout` and `child_nodes_disconnect_timeout` be 20 seconds or less, so that it runs before the promotion; or send all clients through `pool pgbouncer` with `repmgr_redirect_pgbouncer = true`"]
    );
}

/// What real failover managers did in a lab, where it was not what one would think: the layout, the variables of the
/// cluster, what was done to it, and who took writes in the end. `l1/l2` are the two sides of a cut.
pub(crate) const SEEN: &[(&str, &str, &str, &str)] = &[
    // A number of lost children stops the primary for one standby, and nobody has a majority.
    ("3×1", "GONE 1", "lose l2-db1", "nobody"),
    ("3×1", "GONE 1", "lose l2-db1 l3-db1", "nobody"),
    ("3×1", "CONNECTED 1", "lose l2-db1", "l1-db1"),
    ("3×1", "CONNECTED 1", "cut l1", "nobody l2-db1"),
    ("3×1", "GONE 1", "cut l1", "nobody l2-db1"),
    // The only standby is lost: any number stops the primary.
    ("2×1 far-witness", "GONE 1", "lose l2-db1", "nobody"),
    ("2×1 far-witness", "CONNECTED 1", "lose l2-db1", "nobody"),
    // A standby beside the primary stays attached.
    ("2×2 witness", "GONE 2", "cut l1", "l1-db1 l2-db1"),
    ("2×2 witness", "CONNECTED 1", "cut l1", "l1-db1 l2-db1"),
    // A manual standby that wins the election blocks it.
    ("1×3", "MANUAL l1-db2", "lose l1-db1", "nobody"),
    ("1×3", "MANUAL l1-db3", "lose l1-db1", "l1-db2"),
    ("1×3", "MANUAL l1-db2 0", "lose l1-db1", "l1-db3"),
    // A stopped Postgres loses its vote, a dead machine does not.
    ("1×3", "", "stop l1-db2; lose l1-db1", "l1-db3"),
    ("1×3", "", "lose l1-db2 l1-db1", "nobody"),
    ("2+1", "", "cut l1", "l1-db1 nobody"),
    ("2+1", "", "stop l1-db2; cut l1", "l1-db1 l2-db1"),
    ("2×1 near-witness", "", "cut l1", "l1-db1 nobody"),
    (
        "2×1 near-witness",
        "",
        "stop l1-witness1; cut l1",
        "l1-db1 l2-db1",
    ),
    // The standbys of a lost relay follow the primary, and vote; the relay still counts.
    (
        "2×2 witness",
        "",
        "settle l2-db1; lose l1-db1 l1-db2",
        "nobody",
    ),
    // A witness that sees the primary votes against it, unless it is asked.
    ("2×2 witness", "", "link l1 l2", "l1-db1 l2-db1"),
    ("2×2 witness", "ASKS", "link l1 l2", "l1-db1 nobody"),
    ("2×2 witness", "ASKS", "lose l1-db1", "l1-db2"),
    ("2×2 witness", "ASKS", "cut l1", "l1-db1 l2-db1"),
    // Patroni without etcd.
    ("patroni", "", "lose e1 e2 e3", "nobody"),
    ("patroni", "FAILSAFE", "lose e1 e2 e3", "db1"),
    ("patroni 3", "FAILSAFE", "cut l1", "nobody db2/db3"),
];

/// The source of a layout of the lab.
pub(crate) fn of_lab(layout: &str, settings: &str) -> String {
    let words: Vec<&str> = settings.split(' ').collect();
    let command = "child_nodes_disconnect_command='/bin/stop'";
    let lines = match words.as_slice() {
        ["GONE", count] => format!(r#""child_nodes_disconnect_min_count={count}", "{command}""#),
        ["CONNECTED", count] => {
            format!(r#""child_nodes_connected_min_count={count}", "{command}""#)
        }
        ["ASKS"] => r#""primary_visibility_consensus=true""#.to_owned(),
        _ => String::new(),
    };
    let patroni = if words == ["FAILSAFE"] {
        "vars { patroni_dynamic_conf_settings = { failsafe_mode = true } }"
    } else {
        ""
    };
    let vars = format!("  vars {{ repmgr_conf_settings = [{lines}] }}\n}}\n");
    let mut source = match layout {
        "2×1 far-witness" => {
            "cluster votes { postgres postgresql 16; failover repmgr; platform bare
  location l1 { data 1 }
  location l2 { data 1; witness }
}
"
            .to_owned()
        }
        "2×1 near-witness" => {
            "cluster votes { postgres postgresql 16; failover repmgr; platform bare
  location l1 { data 1; witness }
  location l2 { data 1 }
}
"
            .to_owned()
        }
        "2+1" => "cluster votes { postgres postgresql 16; failover repmgr; platform bare
  location l1 { data 2 }
  location l2 { data 1 }
}
"
        .to_owned(),
        "patroni" => format!(
            "cluster votes {{ postgres postgresql 16; failover patroni; platform bare
  {patroni}
  location l1 {{ primary db1; replica db2; etcd e1; etcd e2; etcd e3 }}
}}
"
        ),
        "patroni 3" => format!(
            "cluster votes {{ postgres postgresql 16; failover patroni; platform bare
  {patroni}
  location l1 {{ primary db1; etcd e1 }}
  location l2 {{ replica db2; etcd e2 }}
  location l3 {{ replica db3; etcd e3 }}
}}
"
        ),
        other => source(other, "repmgr"),
    };
    if let ["MANUAL", name, priority @ ..] = words.as_slice() {
        let zero = if priority.is_empty() {
            ""
        } else {
            "; repmgr_priority = 0"
        };
        let machine = |own: &str| {
            if own == *name {
                format!("replica {own} {{ vars {{ repmgr_failover = manual{zero} }} }}")
            } else {
                format!("replica {own}")
            }
        };
        source = format!(
            "cluster votes {{ postgres postgresql 16; failover repmgr; platform bare
  location l1 {{ primary l1-db1; {}; {} }}
}}
",
            machine("l1-db2"),
            machine("l1-db3")
        );
    }
    if lines.is_empty() {
        return source;
    }
    source.trim_end().trim_end_matches('}').to_owned() + &vars
}

#[test]
fn the_layouts_of_the_lab_end_as_they_did_there() {
    let who = |quorum: &Quorum<'_>, verdict: Verdict<'_>| match verdict {
        Verdict::Stays(name) | Verdict::Promotes(name) => name.to_owned(),
        Verdict::PromotesAny => {
            let candidates = quorum.candidates();
            let names: Vec<&str> = candidates.iter().map(|candidate| candidate.name).collect();
            names.join("/")
        }
        Verdict::Nobody(_) => "nobody".to_owned(),
    };
    let mut failures = String::new();
    for (layout, settings, injections, expected) in SEEN {
        let subject = subject_of(&of_lab(layout, settings));
        let mut quorum = quorum(&subject).unwrap();
        let mut found = String::new();
        for injection in injections.split("; ") {
            let words: Vec<&str> = injection.split(' ').collect();
            let (word, names) = words.split_first().unwrap();
            match *word {
                "stop" => quorum = quorum.stopped(names[0]),
                "settle" => quorum = quorum.settled_without(names[0]),
                "lose" => found = who(&quorum, quorum.after_loss_of(names).verdict),
                _ => {
                    let cut = match *word {
                        "cut" => quorum.cut_off(names[0]),
                        _ => quorum.link_cut(names[0], names[1]),
                    };
                    found = [cut.near, cut.far]
                        .map(|outcome| who(&quorum, outcome.verdict))
                        .join(" ");
                }
            }
        }
        if found != *expected {
            writeln!(
                failures,
                "{layout}, {settings}, {injections}: {found}, not {expected}"
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
