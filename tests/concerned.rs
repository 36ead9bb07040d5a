//! An error takes with it the clusters that it concerns: the others are judged as if it was not there.

use std::collections::{BTreeMap, BTreeSet};

use m1c::check::{Judged, Setting, judge_source};
use m1c::diagnostic::Level;
use m1c::lint;

use crate::memory::{self, Memory};
use crate::robust::Random;

const MAIN: &str = r#"use "house.m1"
use "other.m1"

param stage: [test, prod] = test
let password = "changeme"
let port = 5432

allow client-routing "nobody asks"

profile small {
  vars { work_mem = "16 MB"; fsync = off }
}

profile smaller {
  include small
  allow wal-retention "in a profile"
}

cluster alone {
  postgres postgresql 13
  failover repmgr
  platform docker
  location main { data 2; barman }
}

cluster bound {
  postgres postgresql 14
  failover repmgr
  platform docker
  vars {
    postgres_port = $port
    note = "for ${stage}"
  }
  location main { data 2; barman }
}

cluster profiled {
  include smaller
  postgres postgresql 15
  failover repmgr
  platform docker
  location main { data 2 }
}

cluster borrowing {
  include house.careless
  postgres postgresql 16
  failover patroni
  platform docker
  if $house.backs_up { vars { note = 1 } }
  location main { data 2; barman }
}
"#;

const HOUSE: &str = r#"param backs_up = false

profile careless {
  vars { full_page_writes = off }
}
"#;

fn files(main: &str, house: &str) -> Memory {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    Memory {
        files: BTreeMap::from([
            file("main.m1", main),
            file("house.m1", house),
            file("other.m1", "let unused = 1\n"),
        ]),
    }
}

fn judge(main: &str, house: &str, settings: &[Setting]) -> Judged {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    judge_source("main.m1", &files(main, house), settings, &conditions)
}

/// What is found in every cluster that was judged.
fn findings(judged: &Judged) -> BTreeMap<&str, BTreeSet<String>> {
    let mut by_cluster: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for cluster in &judged.clusters {
        by_cluster.entry(cluster).or_default();
    }
    for finding in &judged.findings {
        let diagnostic = &finding.diagnostic;
        let text = format!("{}: {}", diagnostic.code.name, diagnostic.message);
        by_cluster.entry(&finding.cluster).or_default().insert(text);
    }
    by_cluster
}

/// What is put in the place of what, and the clusters that are judged all the same.
const EDITS: &[(&str, &str, &str)] = &[
    // In a cluster.
    (
        "postgres postgresql 13",
        "postgres postgresql 1",
        "bound profiled borrowing",
    ),
    (
        "postgresql 14",
        "postgresql $none",
        "alone profiled borrowing",
    ),
    (
        "location main { data 2 }",
        "location main { data }",
        "alone bound borrowing",
    ),
    (
        "note = \"for ${stage}\"",
        "note = ",
        "alone profiled borrowing",
    ),
    (
        "cluster bound {",
        "cluster bound",
        "alone profiled borrowing",
    ),
    // A brace is missing in one, and the others are seen all the same.
    (
        "    note = \"for ${stage}\"\n  }",
        "    note = \"for ${stage}\"",
        "alone profiled borrowing",
    ),
    // Only the whole cluster can tell: two of a name.
    (
        "data 2; barman }\n}\n\ncluster bound",
        "primary a; replica a }\n}\n\ncluster bound",
        "bound profiled borrowing",
    ),
    // In a cluster that has not always been there.
    ("cluster alone {", "cluster {", "bound profiled borrowing"),
    (
        "cluster alone {",
        "clustr alone {",
        "bound profiled borrowing",
    ),
    (
        "cluster alone {",
        "clu\ncluster alone {",
        "alone bound profiled borrowing",
    ),
    (
        "cluster borrowing {",
        "cluster alone {",
        "alone bound profiled",
    ),
    // In what it takes from.
    (
        "let port = 5432",
        "let port = $none",
        "alone profiled borrowing",
    ),
    (
        "param stage: [test, prod] = test",
        "param stage: [test, prod] = life",
        "alone profiled borrowing",
    ),
    (
        "param stage: [test, prod] = test",
        "param stage: [test, prod]",
        "alone profiled borrowing",
    ),
    (
        "let password = \"changeme\"",
        "let password = $none",
        "alone bound profiled borrowing",
    ),
    ("fsync = off }", "fsync = $none }", "alone bound borrowing"),
    ("fsync = off }", "fsync = }", "alone bound borrowing"),
    ("include small\n", "include smal\n", "alone bound borrowing"),
    (
        "include small\n",
        "include smaller\n",
        "alone bound borrowing",
    ),
    (
        "profile small {",
        "profile smaller {",
        "alone bound borrowing",
    ),
    (
        "use \"house.m1\"",
        "use \"hose.m1\" as house",
        "alone bound profiled",
    ),
    (
        "use \"house.m1\"",
        "use \"house.m1\" as",
        "alone bound profiled",
    ),
    (
        "use \"other.m1\"",
        "use \"brother.m1\"",
        "alone bound profiled borrowing",
    ),
    (
        "if $house.backs_up {",
        "if $house.backs_down {",
        "alone bound profiled",
    ),
    // In what may have been meant for all.
    (
        "allow client-routing \"nobody asks\"",
        "allow client-routing nobody asks",
        "",
    ),
    (
        "allow client-routing \"nobody asks\"",
        "alow client-routing \"nobody asks\"",
        "",
    ),
    ("allow client-routing", "= = =\nallow client-routing", ""),
    ("allow client-routing", "}\nallow client-routing", ""),
    (
        "allow client-routing",
        "if $none { }\nallow client-routing",
        "",
    ),
    (
        "allow client-routing",
        "image Debian { aws 13 { ami = x } \nallow client-routing",
        "",
    ),
];

#[test]
fn errors_take_the_clusters_that_they_concern() {
    let intact = judge(MAIN, HOUSE, &[]);
    assert_eq!(intact.diagnostics, []);
    let intact = findings(&intact);
    for (cluster, findings) in &intact {
        assert!(!findings.is_empty(), "nothing is found in {cluster}");
    }
    for (from, to, expected) in EDITS {
        assert!(MAIN.contains(from), "{from}");
        let text = MAIN.replacen(from, to, 1);
        let judged = judge(&text, HOUSE, &[]);
        assert!(!judged.diagnostics.is_empty(), "{to} is no mistake");
        assert_eq!(judged.clusters.join(" "), *expected, "{to}");
        for (cluster, findings) in findings(&judged) {
            assert_eq!(Some(&findings), intact.get(cluster), "{to}");
        }
    }
}

#[test]
fn errors_of_used_files_take_the_clusters_that_use_them() {
    let clusters = |house: &str| judge(MAIN, house, &[]).clusters.join(" ");
    let edited = |from: &str, to: &str| {
        assert!(HOUSE.contains(from), "{from}");
        clusters(&HOUSE.replacen(from, to, 1))
    };
    assert_eq!(clusters(HOUSE), "alone bound profiled borrowing");
    assert_eq!(edited("= off", "= $none"), "alone bound profiled");
    assert_eq!(edited("= false", "= $none"), "alone bound profiled");
    assert_eq!(edited("param backs_up", "para backs_up"), "");
    assert_eq!(
        clusters(&format!("{HOUSE}\nuse \"main.m1\"\n")),
        "alone bound profiled borrowing"
    );
    assert_eq!(
        clusters(&format!("{HOUSE}\nprofile p {{ nothing }}\n")),
        "alone bound profiled borrowing"
    );
}

#[test]
fn settings_that_fit_nothing_concern_all() {
    let given = |name: &str, value: &str| {
        let setting = Setting {
            module: None,
            name: name.to_owned(),
            value: value.to_owned(),
        };
        judge(MAIN, HOUSE, &[setting]).clusters.join(" ")
    };
    assert_eq!(given("stage", "prod"), "alone bound profiled borrowing");
    assert_eq!(given("stage", "life"), "alone profiled borrowing");
    assert_eq!(given("stages", "prod"), "");
}

/// One edit makes one mistake, and no cluster that is judged all the same looks otherwise than before.
#[test]
fn no_finding_is_the_echo_of_an_error() {
    const PIECES: &[&str] = &[
        "{", "}", "\"", "\"\"\"", "[", "]", "=", "$", ";", "#", "x", ".", "if ", "\n",
    ];
    let intact = judge(MAIN, HOUSE, &[]);
    let intact = findings(&intact);
    let mut random = Random(0x6563_686f);
    let mut judged_beside_errors = 0;
    for _ in 0..300 {
        let mut text = MAIN.to_owned();
        let at = random.below(text.len());
        match random.below(3) {
            0 => {
                text.remove(at);
            }
            1 => text.insert_str(at, PIECES[random.below(PIECES.len())]),
            _ => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines.remove(random.below(lines.len()));
                text = lines.concat();
            }
        }
        let judged = judge(&text, HOUSE, &[]);
        if !judged
            .diagnostics
            .iter()
            .any(|found| found.level == Level::Error)
        {
            continue;
        }
        for (cluster, findings) in findings(&judged) {
            judged_beside_errors += 1;
            assert_eq!(Some(&findings), intact.get(cluster), "{cluster} in\n{text}");
        }
    }
    assert!(judged_beside_errors > 200, "{judged_beside_errors}");
}
