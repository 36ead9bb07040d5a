//! What is offered at a cursor.

use expect_test::{Expect, expect};
use m1c::lsp::completion::{Completion, completions};

use super::scene;

fn offered(annotated: &str) -> Vec<Completion> {
    let scene = scene(annotated);
    completions(&scene.document, scene.offset)
}

fn labels(annotated: &str) -> String {
    let offered = offered(annotated);
    let labels: Vec<&str> = offered.iter().map(|it| it.label.as_str()).collect();
    labels.join(" ")
}

fn check(annotated: &str, expected: Expect) {
    expected.assert_eq(&labels(annotated));
}

/// A cluster on a platform around some statements.
fn cluster(platform: &str, statements: &str) -> String {
    format!(
        "cluster c {{
  postgres postgresql 16
  failover repmgr
  platform {platform}
  {statements}
}}
"
    )
}

#[test]
fn the_top_level_has_its_statements() {
    check(
        "‸",
        expect!["cluster use profile image region release param let if"],
    );
}

#[test]
fn a_cluster_has_what_is_not_yet_given_and_fits_the_platform() {
    check(
        "cluster c {‸}",
        expect![
            "postgres failover platform location include backup network hosts pool balance monitor repositories packages versions sources tower tags vars defaults settings require omit tpa primary_location hostnames compliance keyring allow if"
        ],
    );
    check(
        &cluster("bare", "‸"),
        expect![
            "location include backup hosts pool monitor repositories packages versions sources tower tags vars defaults settings require omit tpa primary_location hostnames compliance keyring allow if"
        ],
    );
}

#[test]
fn half_a_word_is_replaced() {
    let offered = offered(&cluster("bare", "loc‸"));
    let location = offered.iter().find(|it| it.label == "location").unwrap();
    assert_eq!(location.replaced.end - location.replaced.start, 3);
    expect![[r#"
        location ${1:name} {
          $0
        }"#]]
    .assert_eq(&location.insert);
}

#[test]
fn a_location_has_machines_that_the_layout_has_use_for() {
    check(
        &cluster("bare", "location a { ‸ }"),
        expect![
            "data primary replica witness barman single node tags vars settings omit was allow if"
        ],
    );
    check(
        &cluster("aws", "location a { primary x\n ‸ }"),
        expect![
            "data replica witness barman node tags vars settings omit region zone subnet was allow if"
        ],
    );
}

#[test]
fn a_machine_has_settings_of_its_kind_and_platform() {
    check(
        &cluster("bare", "location a { replica x { ‸ } }"),
        expect![
            "address upstream backup volumes tags vars settings omit id public private roles was allow if"
        ],
    );
    check(
        &cluster("aws", "location a { barman x { address = 10.0.0.1\n ‸ } }"),
        expect![
            "witness upstream backup volumes tags vars settings omit id public private roles was instance allow if"
        ],
    );
}

#[test]
fn blocks_of_a_choice_have_the_settings_of_that_choice() {
    check(
        "cluster c { failover efm { ‸ } }",
        expect!["bind_by_hostname version superuser password_encryption if"],
    );
    check("cluster c { failover repmgr { ‸ } }", expect!["if"]);
    check(
        "image I { aws 1 { ‸ } }",
        expect!["ami owner family arch user python instance aliases default if"],
    );
}

#[test]
fn words_out_of_a_fixed_set() {
    check(
        "cluster c { failover ‸ }",
        expect!["repmgr efm patroni none"],
    );
    check("cluster c { platform a‸ }", expect!["aws docker bare"]);
    check(
        "cluster c { postgres epas 13\n failover ‸ }",
        expect!["efm patroni none"],
    );
    check("cluster c { keyring = ‸ }", expect!["system legacy"]);
    check(
        "cluster c { backup barman { api = ‸\n } }",
        expect!["true false"],
    );
    check(
        "cluster c { postgres epas ‸ }",
        expect!["18 17 16 15 14 13 12 11"],
    );
}

#[test]
fn names_of_machines_and_locations() {
    let machines = "location a {
    primary kestrel
    replica merlin { upstream = ‸ }
    barman heron
  }
  location b { data 2 }";
    check(&cluster("bare", machines), expect!["kestrel"]);
    check(
        &cluster(
            "bare",
            "primary_location = ‸\n location a { data 1 }\n location b { witness }",
        ),
        expect!["a"],
    );
    check(
        &cluster(
            "bare",
            "require survives-location ‸\n location a { data 1 }\n location b { witness }",
        ),
        expect!["a b"],
    );
    check(
        &cluster("bare", "require backup-elsewhere ‸\n location a { data 1 }"),
        expect![""],
    );
    check(
        &cluster("bare", "require ‸"),
        expect![
            "survives-machine survives-two-machines survives-location backup-elsewhere no-split-brain"
        ],
    );
    check(
        &cluster("bare", "require no-split-brain { ‸ }"),
        expect!["on_return if"],
    );
    check(
        &cluster(
            "bare",
            "location a {\n barman heron\n replica x { backup = [‸] }\n }",
        ),
        expect!["heron"],
    );
    check(
        &cluster(
            "bare",
            "location a {\n barman heron\n replica x { backup = [heron, ‸] }\n }",
        ),
        expect![[""]],
    );
    check(
        &cluster(
            "bare",
            "hosts {\n kestrel 10.0.0.1\n merlin 10.0.0.2\n }\n location a {\n primary kestrel\n replica ‸\n }",
        ),
        expect!["merlin"],
    );
}

#[test]
fn names_across_files() {
    let files = "//- main.m1
use profiles
use \"./house.m1\"
profile own {}
cluster c { include ‸ }
//- house.m1
let size = 3
profile house {}
";
    check(
        files,
        expect![
            "own profiles.laboratory profiles.production profiles.production-small profiles.production-large profiles.redirected-pool profiles.fenced-patroni house.house"
        ],
    );
    check(
        &files.replace("include ‸", "location a { data $‸ }"),
        expect!["house"],
    );
    check(
        &files.replace("include ‸", "location a { data $house.‸ }"),
        expect!["size"],
    );
    check(
        &files.replace("include ‸", "tags { Owner = \"x ${house.si‸\" }"),
        expect!["size"],
    );
}

#[test]
fn tables() {
    check(
        &cluster("aws { os ‸ }", ""),
        expect![
            "Debian Debian-arm Debian-minimal RedHat RedHat-arm RedHat-minimal Rocky Rocky-minimal SLES Ubuntu Ubuntu-minimal"
        ],
    );
    check(&cluster("docker { os Rocky ‸ }", ""), expect!["10 9 8"]);
    check(
        &cluster("aws { region = eu-w‸ }", ""),
        expect![
            "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 cn-north-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
        ],
    );
    check(
        &cluster("aws", "location a { zone = ‸ }"),
        expect!["eu-west-1a eu-west-1b eu-west-1c"],
    );
}

#[test]
fn what_the_tpa_of_the_cluster_does_not_have_is_not_offered() {
    let of_23_40 =
        |statements: &str| labels(&format!("cluster c {{ tpa = 23.40\n {statements} }}"));
    expect!["10 9 8"].assert_eq(&labels(&cluster("docker { os Rocky ‸ }", "")));
    expect!["9 8"].assert_eq(&of_23_40("platform docker { os Rocky ‸ }"));
    expect!["bind_by_hostname version password_encryption if"]
        .assert_eq(&of_23_40("failover efm { ‸ }"));
    let lacks = |what: &str, statements: &str, name: &str| {
        let has = |labels: String| labels.split(' ').any(|label| label == name);
        assert!(!has(of_23_40(statements)), "{what}");
        assert!(
            has(labels(&format!("cluster c {{ {statements} }}"))),
            "{what}"
        );
    };
    lacks("a release", "postgres postgresql ‸", "18");
    lacks("a region", "platform aws { region = ‸ }", "mx-central-1");
    lacks("a variable", "vars { ‸ }", "nr_hugepages");
    lacks("a key", "settings { ‸ }", "preserve_ansible_log");
}

#[test]
fn roles_that_tpa_no_longer_has_are_not_offered() {
    let machine = "location a { primary x { roles = [‸] } }";
    let has = |labels: String| labels.contains("monitoring-server");
    assert!(!has(labels(&cluster("bare", machine))));
    assert!(has(labels(&format!(
        "cluster c {{ tpa = 23.41\n {machine} }}"
    ))));
}

#[test]
fn parameters_of_postgres_are_those_of_the_major() {
    let named = |major: &str, inside: &str| {
        labels(&format!(
            "cluster c {{ postgres postgresql {major}; vars {{ postgres_conf_settings = {{ {inside} }} }} }}"
        ))
    };
    let names = named("16", "jit = on; ‸");
    let names: Vec<&str> = names.split(' ').collect();
    assert!(names.contains(&"max_slot_wal_keep_size"));
    assert!(!names.contains(&"jit"), "it is written");
    assert!(!names.contains(&"data_checksums"), "nobody sets it");
    assert!(!names.contains(&"summarize_wal"), "it comes with 17");
    assert!(named("17", "‸").contains("summarize_wal"));
    assert_eq!(named("16", "wal_level = ‸"), "minimal replica logical");
    assert_eq!(named("16", "work_mem = ‸"), "");
    let in_patroni = labels(&cluster(
        "bare",
        "vars { patroni_dynamic_conf_settings = { postgresql = { parameters = { jit = ‸ } } } }",
    ));
    assert_eq!(in_patroni, "on off");
    assert_eq!(
        labels(&cluster("bare", "vars { synchronous_commit = ‸ }")),
        "local remote_write remote_apply on off"
    );
}

#[test]
fn free_form_knows_the_variables_of_tpa() {
    let offered = offered(&cluster("bare", "vars { ‸ }"));
    let names: Vec<&str> = offered.iter().map(|it| it.label.as_str()).collect();
    assert!(names.contains(&"max_connections"));
    assert!(
        !names.contains(&"postgres_version"),
        "another statement decides it"
    );
    check(
        &cluster("bare", "vars { repmgr_failover = ‸ }"),
        expect!["automatic manual"],
    );
    check(
        &cluster("bare", "vars { hba_force_hostssl = ‸ }"),
        expect!["true false"],
    );
    check(
        &cluster("bare", "defaults { ‸ }"),
        expect![
            "ansible_host platform provision_only tags vars volumes ip_address private_ip public_ip allow"
        ],
    );
    check(
        &cluster("bare", "packages { extra = { ‸ } }"),
        expect!["common Debian RedHat Ubuntu SLES"],
    );
}

#[test]
fn conditions_and_parameters() {
    check("param env: [staging, prod] = ‸", expect!["staging prod"]);
    check(
        "param env: ‸ = prod",
        expect!["text integer decimal boolean list map"],
    );
    check(
        "param env = prod\ncluster c { if ‸ { } }",
        expect!["$env not"],
    );
}

#[test]
fn rules_that_can_be_allowed() {
    let offered = offered("cluster c { allow ‸ }");
    assert!(offered.iter().any(|it| it.label == "eol-postgres"));
    assert!(
        offered.iter().all(|it| it.label != "unknown-value"),
        "errors cannot be allowed"
    );
}

#[test]
fn nothing_where_nothing_is_known() {
    for place in [
        "# ‸",
        "cluster ‸",
        "cluster c { keyring = system ‸ }",
        "cluster c { hostnames = \"‸\" }",
        "cluster c { postgres postgresql 16 ‸ }",
        "cluster c { nonsense { ‸ } }",
        "cluster c { location a { data 3 } ‸ }",
    ] {
        assert_eq!(labels(place), "", "{place}");
    }
}

/// The protocol wants a range on one line that holds the cursor.
#[test]
fn what_the_cursor_does_not_touch_is_not_replaced() {
    for text in [
        "param owner:‸ text\n",
        "cluster c {\n  \"\"\"\n  a\n  \"\"\"‸\n}\n",
        "cluster c {\n  \"\"\"\n  a\n\n  b‸ = 1\n}\n",
    ] {
        let scene = scene(text);
        for completion in completions(&scene.document, scene.offset) {
            let replaced = completion.replaced;
            let slice = scene.document.analysis.sources.slice(replaced);
            assert!(!slice.contains('\n'), "{text}: {slice}");
            assert!(replaced.start <= scene.offset && scene.offset <= replaced.end);
        }
    }
}
