//! Definitions, references and new names.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use m1c::lsp::definition::definition;
use m1c::lsp::references::{Definitions, Place, references};
use m1c::lsp::rename::{prepare, rename};

use super::scene;

fn show(places: &[Place<'_>]) -> String {
    let mut text = String::new();
    for place in places {
        let (line, column) = place
            .sources
            .line_and_column(place.span.file, place.span.start);
        let slice = place.sources.slice(place.span);
        writeln!(text, "{}:{line}:{column} {slice}", place.path()).unwrap();
    }
    text
}

fn check(annotated: &str, expected: Expect) {
    let scene = scene(annotated);
    let documents = [&scene.document];
    let mut text = format!(
        "definition\n{}",
        show(&definition(&documents, scene.offset))
    );
    let all = references(&documents, scene.offset, Definitions::Included);
    write!(text, "references\n{}", show(&all)).unwrap();
    expected.assert_eq(&text);
}

fn renamed(annotated: &str, new: &str, expected: Expect) {
    let scene = scene(annotated);
    let documents = [&scene.document];
    let text = match rename(&documents, scene.offset, new) {
        Err(reason) => reason,
        Ok(changes) => {
            let mut text = String::new();
            for change in changes {
                text.push_str(show(&[change.place]).trim_end());
                writeln!(text, " → {}", change.replacement).unwrap();
            }
            text
        }
    };
    expected.assert_eq(&text);
}

const FILES: &str = "//- main.m1
use profiles
use \"./house.m1\" as base
param env = prod
let size = $env
cluster c {
  include base.house
  include profiles.production
  postgres postgresql 16
  failover repmgr
  platform aws { os Debian 12; region = eu-west-1 }
  tags { Owner = \"of ${env} ${base.owner}\" }
  primary_location = paris
  location paris {
    primary kestrel
    replica merlin { upstream = kestrel }
    replica robin { upstream = paris-db1 }
    data 1
  }
}
//- house.m1
let owner = ops
profile house { location paris { barman heron } }
";

/// The files with a cursor before the first place that has this text.
fn at(text: &str) -> String {
    let split = FILES.find(text).unwrap();
    format!("{}‸{}", &FILES[..split], &FILES[split..])
}

#[test]
fn names_lead_to_their_definitions_and_uses() {
    check(
        &at("env = prod"),
        expect![[r#"
        definition
        main.m1:3:7 env
        references
        main.m1:3:7 env
        main.m1:4:13 env
        main.m1:11:24 env
    "#]],
    );
    check(
        &at("env} "),
        expect![[r#"
        definition
        main.m1:3:7 env
        references
        main.m1:3:7 env
        main.m1:4:13 env
        main.m1:11:24 env
    "#]],
    );
    check(
        &at("base.owner"),
        expect![[r#"
        definition
        main.m1:2:21 base
        references
        main.m1:2:21 base
        main.m1:6:11 base
        main.m1:11:31 base
    "#]],
    );
    check(
        &at("owner}"),
        expect![[r#"
        definition
        house.m1:1:5 owner
        references
        main.m1:11:36 owner
        house.m1:1:5 owner
    "#]],
    );
    check(
        &at("house\n"),
        expect![[r#"
        definition
        house.m1:2:9 house
        references
        main.m1:6:16 house
        house.m1:2:9 house
    "#]],
    );
    check(
        &at("production"),
        expect![[r#"
        definition
        stdlib/profiles.m1:35:9 production
        references
        main.m1:7:20 production
        stdlib/profiles.m1:35:9 production
        stdlib/profiles.m1:89:11 production
        stdlib/profiles.m1:124:11 production
    "#]],
    );
    check(
        &at("kestrel\n"),
        expect![[r#"
        definition
        main.m1:14:13 kestrel
        references
        main.m1:14:13 kestrel
        main.m1:15:33 kestrel
    "#]],
    );
    check(
        &at("kestrel }"),
        expect![[r#"
        definition
        main.m1:14:13 kestrel
        references
        main.m1:14:13 kestrel
        main.m1:15:33 kestrel
    "#]],
    );
    check(
        &at("paris-db1"),
        expect![[r#"
        definition
        main.m1:17:5 data
        references
        main.m1:16:32 paris-db1
    "#]],
    );
    check(
        &at("paris\n"),
        expect![[r#"
        definition
        main.m1:13:12 paris
        house.m1:2:26 paris
        references
        main.m1:12:22 paris
        main.m1:13:12 paris
        house.m1:2:26 paris
    "#]],
    );
    check(
        &at("Debian"),
        expect![[r#"
            definition
            stdlib/images.m1:6:7 Debian
            references
            main.m1:10:21 Debian
        "#]],
    );
    check(
        &at("eu-west-1"),
        expect![[r#"
            definition
            stdlib/regions.m1:27:8 eu-west-1
            references
            main.m1:10:41 eu-west-1
        "#]],
    );
    check(
        &at("16\n"),
        expect![[r#"
            definition
            stdlib/releases.m1:11:20 16
            references
            main.m1:8:23 16
        "#]],
    );
    check(
        &at("\"./house.m1\""),
        expect![[r#"
        definition
        house.m1:1:1 
        references
    "#]],
    );
}

#[test]
fn a_used_file_is_named_by_its_users() {
    let scene = scene(&at("owner = ops"));
    let main = scene.other("main.m1");
    let documents = [&scene.document, &main];
    let all = references(&documents, scene.offset, Definitions::LeftOut);
    expect![[r#"
        main.m1:11:36 owner
    "#]]
    .assert_eq(&show(&all));
}

#[test]
fn renaming_changes_every_place() {
    renamed(
        &at("env = prod"),
        "stage",
        expect![[r#"
        main.m1:3:7 env → stage
        main.m1:4:13 env → stage
        main.m1:11:24 env → stage
    "#]],
    );
    renamed(
        &at("kestrel\n"),
        "falcon",
        expect![[r#"
        main.m1:14:13 kestrel → falcon
        main.m1:15:33 kestrel → falcon
    "#]],
    );
    renamed(
        &at("kestrel\n"),
        "1falcon",
        expect![[r#"
        main.m1:14:13 kestrel → "1falcon"
        main.m1:15:33 kestrel → "1falcon"
    "#]],
    );
    renamed(
        &at("base\n"),
        "home",
        expect![[r#"
        main.m1:2:21 base → home
        main.m1:6:11 base → home
        main.m1:11:31 base → home
    "#]],
    );
    renamed(
        &at("profiles\n"),
        "p",
        expect![[r#"
        main.m1:1:5 profiles → profiles as p
        main.m1:7:11 profiles → p
    "#]],
    );
    renamed(
        &at("house\n"),
        "home",
        expect![[r#"
        main.m1:6:16 house → home
        house.m1:2:9 house → home
    "#]],
    );
    renamed(
        &at("c {"),
        "d",
        expect![[r#"
        main.m1:5:9 c → d
    "#]],
    );
}

#[test]
fn what_cannot_be_renamed_is_said() {
    renamed(
        &at("production"),
        "x",
        expect!["the profile `production` belongs to the library"],
    );
    renamed(
        &at("paris-db1"),
        "x",
        expect![
            "no machine is written with the name `paris-db1`: give it that name where it is placed, then rename it"
        ],
    );
    renamed(
        &at("paris\n"),
        "london",
        expect![
            "`paris` is also needed where it cannot be followed: line 16 of main.m1 would say there is no machine `paris-db1`"
        ],
    );
    renamed(
        &at("Debian"),
        "x",
        expect!["the image `Debian` belongs to the library"],
    );
    renamed(
        &at("16\n"),
        "x",
        expect!["the release `16` belongs to the library"],
    );
    renamed(
        &at("kestrel\n"),
        "merlin",
        expect!["there is a machine `merlin` already, in line 15"],
    );
    renamed(
        &at("kestrel\n"),
        "a b",
        expect!["`a b` cannot be the name of a machine: it has no blanks"],
    );
    renamed(
        &at("env = prod"),
        "size",
        expect!["there is a param or let `size` already, in line 4"],
    );
    renamed(
        &at("env = prod"),
        "a.b",
        expect![
            "`a.b` cannot be the name of a param or let: it begins with a letter or `_` and has letters, digits, `_` and `-`"
        ],
    );
    renamed(
        &at("failover"),
        "x",
        expect!["only names that a source defines can be renamed"],
    );
    let first = "let first = kestrel
cluster c {
  postgres postgresql 16
  failover repmgr
  platform bare
  location a {
    primary ‸kestrel { address = 10.0.0.1 }
    replica x { upstream = $first }
  }
}
";
    renamed(
        first,
        "falcon",
        expect![
            "`kestrel` is also needed where it cannot be followed: line 8 of main.m1 would say there is no machine `kestrel`"
        ],
    );
}

#[test]
fn what_can_be_renamed_is_the_name_without_quotes() {
    let scene = scene("cluster \"3‸c\" {}");
    let span = prepare(&scene.document, scene.offset).unwrap();
    assert_eq!(scene.document.analysis.sources.slice(span), "3c");
}
