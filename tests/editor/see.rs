//! What an editor shows: hovers, symbols, colours, folds, links, hints and lenses.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use m1c::lsp::folding::folds;
use m1c::lsp::highlighting::colors;
use m1c::lsp::hints::hints;
use m1c::lsp::hover::hover;
use m1c::lsp::lens::lenses;
use m1c::lsp::links::links;
use m1c::lsp::symbols::{self, Symbol};

use super::scene;

fn check(annotated: &str, expected: Expect) {
    let scene = scene(annotated);
    let text = match hover(&scene.document, scene.offset) {
        Some(hover) => {
            let slice = scene.document.analysis.sources.slice(hover.span);
            format!("{slice}\n---\n{}\n", hover.markdown)
        }
        None => String::new(),
    };
    expected.assert_eq(&text);
}

const SOURCE: &str = "# The size of a room.
let size = 2
profile house {
  platform aws { reachability = private }
  vars { max_connections = 300 }
}
cluster c {
  include house
  postgres postgresql 16
  failover efm
  platform aws { os Debian }
  vars { shared_buffers = 4GB }
  location paris {
    primary kestrel
    data $size
  }
  location london { replica osprey { upstream = kestrel } }
  allow eol-postgres \"later\"
}
";

fn at(text: &str) -> String {
    let split = SOURCE.find(text).unwrap();
    format!("{}‸{}", &SOURCE[..split], &SOURCE[split..])
}

#[test]
fn a_hover_over_a_parameter_of_postgres_says_what_it_takes() {
    check(
        "cluster c { postgres postgresql 16; vars { postgres_conf_settings = { max_slot_wal_keep_size‸ = 20GB } } }",
        expect![[r#"
            max_slot_wal_keep_size
            ---
            ```m1
            max_slot_wal_keep_size
            ```

            A parameter of Postgres: -1 or more. The server's own default is `-1`.

            A change needs a reload. Without a unit it counts in MB. Since Postgres 13.
        "#]],
    );
    check(
        "cluster c { postgres postgresql 16; vars { postgres_conf_settings = { io_method‸ = sync } } }",
        expect![[r#""#]],
    );
    check(
        "cluster c { postgres postgresql 16; vars { wal_level‸ = replica } }",
        expect![[r#"
            wal_level
            ---
            ```m1
            wal_level: text
            ```

            WAL level (restart).

            Read by TPA's `postgres-conf`.

            One of `minimal`, `replica` or `logical`. The server's own default is `replica`.

            A change needs a restart.

            In effect: `replica`, written here
        "#]],
    );
}

#[test]
fn a_hover_says_what_holds_and_where_it_comes_from() {
    check(
        &at("failover"),
        expect![[r#"
            failover
            ---
            ```m1
            failover MANAGER
            ```

            Required. Who promotes a standby when the primary is lost. repmgr does not manage `epas` below 14.

            Also in effect:

            - `bind_by_hostname`: false, by default
            - `version`: TPA's: 4.9, or 5.0 on Ubuntu 24.04, by default
            - `superuser`: TPA's: true, by default
            - `password_encryption`: TPA's: md5, or scram-sha-256 under STIG, by default
        "#]],
    );
    check(
        &at("platform aws { os"),
        expect![[r#"
        platform
        ---
        ```m1
        platform PLATFORM
        ```

        Required. Where the machines run.

        Also in effect:

        - `reachability = private`, from `include house` in line 8, in line 4 of `main.m1`
        - `user`: the image's, else `root`, by default
        - `region`: eu-west-1, by default
        - `instance`: the image's, by default
        - `vpc`: Test, by default
    "#]],
    );
    check(
        &at("reachability"),
        expect![[r#"
        reachability
        ---
        ```m1
        reachability: public or private
        ```

        Whether TPA reaches the machines by their public or their private addresses.

        Default: public

        Only with `aws`.
    "#]],
    );
    check(
        &at("vars { shared"),
        expect![[r#"
        vars
        ---
        ```m1
        vars
        ```

        TPA's `cluster_vars`: variables of the whole cluster, merged over what m1c derives.

        Also in effect:

        - `max_connections = 300`, from `include house` in line 8, in line 5 of `main.m1`
    "#]],
    );
    check(
        &at("max_connections"),
        expect![[r#"
            max_connections
            ---
            ```m1
            max_connections: an integer or text
            ```

            Maximum connections (restart).

            Read by TPA's `postgres-conf`.

            A parameter of Postgres: 1 to 262143. The server's own default is `100`.

            A change needs a restart.
        "#]],
    );
    check(
        &at("shared_buffers"),
        expect![[r#"
            shared_buffers
            ---
            ```m1
            shared_buffers: text or an integer
            ```

            Exact value of shared_buffers (restart).

            Read by TPA's `postgres-memory`.

            A parameter of Postgres: 128kB or more. The server's own default is `128MB`.

            A change needs a restart. Without a unit it counts in 8kB.

            In effect: `4GB`, written here
        "#]],
    );
    check(
        &at("size\n"),
        expect![[r#"
        size
        ---
        ```m1
        let size = 2
        ```

        The size of a room.
    "#]],
    );
    check(
        &at("kestrel\n"),
        expect![[r#"
        kestrel
        ---
        ```m1
        primary kestrel
        ```
        - id `1`, node numbers are counted in the order of the machines
        - backup `paris-barman1`, the primary is backed up by the Barman node of its location, else by the first one
    "#]],
    );
    check(
        &at("kestrel }"),
        expect![[r#"
        kestrel
        ---
        ```m1
        primary kestrel
        ```
        - id `1`, node numbers are counted in the order of the machines
        - backup `paris-barman1`, the primary is backed up by the Barman node of its location, else by the first one
    "#]],
    );
    check(
        &at("data"),
        expect![[r#"
        data
        ---
        ```m1
        data COUNT
        ```

        So many data nodes without names.

        - `paris-db1`: replica, upstream `kestrel`
        - `paris-db2`: replica, upstream `kestrel`
    "#]],
    );
    check(
        &at("replica"),
        expect![[r#"
        replica
        ---
        ```m1
        replica [NAME]
        ```

        A data node that streams from another.

        ```m1
        replica osprey
        ```
        - id `5`, node numbers are counted in the order of the machines
        - upstream `kestrel`, written in line 17
    "#]],
    );
    check(
        &at("upstream"),
        expect![[r#"
        upstream
        ---
        ```m1
        upstream: name
        ```

        The machine that it streams from.

        Default: the primary; for a second replica of a location its first data node

        In effect: `kestrel`, written here
    "#]],
    );
    check(
        &at("london"),
        expect![[r#"
        london
        ---
        ```m1
        location london
        ```

        An active location.
        - region `eu-west-1`, by default
        - zone `eu-west-1b`, the locations of a region take its zones in turn
        - subnet `10.33.0.16/28`, locations take the subnets of the network in ascending order

        ```m1
        replica osprey
        ```
        - id `5`, node numbers are counted in the order of the machines
        - upstream `kestrel`, written in line 17
    "#]],
    );
    check(
        &at("c {\n  include"),
        expect![[r#"
            c
            ---
            ```m1
            cluster c
            ```

            survives the loss of any machine or london; not of paris

            - `kestrel`: primary
            - `paris-db1`: replica, upstream `kestrel`
            - `paris-db2`: replica, upstream `kestrel`
            - `paris-barman1`: barman, log-server, witness, upstream `kestrel`
            - `osprey`: replica, upstream `kestrel`
        "#]],
    );
    check(
        &at("16"),
        expect![[r#"
        16
        ---
        ```m1
        release postgresql 16
        ```

        The last day with fixes is 2028-11-09.
    "#]],
    );
    check(
        &at("Debian"),
        expect![[r#"
            Debian
            ---
            ```m1
            image Debian
            ```
            - aws `10`, gone since TPA 23.45
            - aws `11`, the default
            - aws `12`
            - docker `9`
            - docker `10`
            - docker `11`
            - docker `12`, the default
            - docker `13`, since TPA 23.45
        "#]],
    );
    check(
        &at("house\n"),
        expect![[r#"
        house
        ---
        ```m1
        profile house
        ```
    "#]],
    );
    let rule = scene(&at("eol-postgres"));
    let page = hover(&rule.document, rule.offset).unwrap().markdown;
    assert!(page.starts_with("# eol-postgres\n"), "{page}");
}

#[test]
fn symbols_are_nested_as_the_source_is() {
    fn show(symbols: &[Symbol], depth: usize, text: &mut String) {
        for symbol in symbols {
            let indentation = depth * 2;
            writeln!(
                text,
                "{:indentation$}{:?} {} ({})",
                "", symbol.kind, symbol.name, symbol.detail
            )
            .unwrap();
            show(&symbol.children, depth + 1, text);
        }
    }
    let scene = scene(SOURCE);
    let mut text = String::new();
    show(&symbols::document(&scene.document), 0, &mut text);
    expect![[r#"
        Let size (2)
        Profile house (profile)
          Block platform (aws)
          Block vars ()
        Cluster c (cluster)
          Block platform (aws)
          Block vars ()
          Location paris (location)
            Machine kestrel (primary)
            Machine data ($size)
          Location london (location)
            Machine osprey (replica)
    "#]]
    .assert_eq(&text);
    let found = symbols::workspace(&[&scene.document], "PRS");
    let found: Vec<String> = found
        .iter()
        .map(|found| format!("{} in {}", found.symbol.name, found.container))
        .collect();
    expect!["paris in c"].assert_eq(&found.join("\n"));
}

#[test]
fn every_token_has_a_colour() {
    let source = "use profiles # library
param env: [staging, prod] = prod
cluster c {
  include profiles.production
  if $env == \"if\" and not false { tags { a = \"x ${env} y\" } }
  hosts { kestrel 10.0.0.1 }
  location paris { primary kestrel { id = 1 } }
  vars { text = \"\"\"
    one
    two
    \"\"\" }
}
";
    let scene = scene(source);
    let sources = &scene.document.analysis.sources;
    let mut text = String::new();
    for colored in colors(&scene.document, 0..u32::MAX) {
        let declares = if colored.is_declaration {
            " declaration"
        } else {
            ""
        };
        let slice = sources.slice(colored.span);
        writeln!(text, "{} {slice}{declares}", colored.color.name()).unwrap();
    }
    expect![[r#"
        keyword use
        namespace profiles declaration
        comment # library
        keyword param
        parameter env declaration
        type staging
        type prod
        string prod
        keyword cluster
        class c declaration
        keyword include
        namespace profiles
        type production
        keyword if
        parameter $env
        string "if"
        keyword and
        keyword not
        keyword false
        keyword tags
        property a
        string "x 
        parameter ${env}
        string  y"
        keyword hosts
        variable kestrel declaration
        number 10.0.0.1
        keyword location
        struct paris declaration
        keyword primary
        variable kestrel declaration
        property id
        number 1
        keyword vars
        property text
        string """
        string one
        string two
        string """
    "#]]
    .assert_eq(&text);
    let part = colors(&scene.document, 0..5);
    assert!(part.len() < 4, "only the first line");
}

#[test]
fn what_stands_on_several_lines_folds() {
    let source = "# one
# two

# three
cluster c {
  # four
  roles = [
    a
  ]
  text = \"\"\"
    long
    \"\"\"
}
";
    let scene = scene(source);
    let sources = &scene.document.analysis.sources;
    let mut text = String::new();
    for fold in folds(&scene.document) {
        let line = |offset| sources.line_and_column(fold.span.file, offset).0;
        let (first, last) = (line(fold.span.start), line(fold.span.end));
        writeln!(text, "{:?} {first}-{last}", fold.kind).unwrap();
    }
    expect![[r#"
        Comment 1-2
        Block 5-13
        Block 7-9
        Text 10-12
    "#]]
    .assert_eq(&text);
}

#[test]
fn uses_are_links() {
    let scene = scene(
        "//- a/main.m1\nuse profiles\nuse \"../b/house.m1\"\nuse \"gone.m1\"\n//- b/house.m1\n",
    );
    let targets: Vec<String> = links(&scene.document)
        .into_iter()
        .map(|link| link.target)
        .collect();
    expect![[r#"
        stdlib/profiles.m1
        b/house.m1"#]]
    .assert_eq(&targets.join("\n"));
}

#[test]
fn hints_show_what_nobody_wrote() {
    let scene = scene(SOURCE);
    let sources = &scene.document.analysis.sources;
    let mut text = String::new();
    for hint in hints(&scene.document, 0..u32::MAX) {
        writeln!(text, "{} ‹{}›", sources.slice(hint.behind), hint.text).unwrap();
    }
    expect![[r#"
        Debian ‹11›
        paris ‹region eu-west-1, zone eu-west-1a, subnet 10.33.0.0/28, paris-barman1 (id 4, upstream kestrel)›
        kestrel ‹id 1, backup paris-barman1›
        $size ‹paris-db1 (id 2, upstream kestrel), paris-db2 (id 3, upstream kestrel)›
        london ‹region eu-west-1, zone eu-west-1b, subnet 10.33.0.16/28›
        osprey ‹id 5›
    "#]].assert_eq(&text);
}

#[test]
fn a_lens_says_what_a_cluster_survives() {
    let cluster = |failover: &str, locations: &str| {
        format!(
            "cluster c {{\n postgres postgresql 16\n failover {failover}\n platform bare\n backup barman {{ witness = false }}\n {locations}\n}}\n"
        )
    };
    let mut text = String::new();
    for source in [
        cluster("repmgr", "location a { data 3 }"),
        cluster("efm", "location a { data 1 }"),
        cluster(
            "efm",
            "location paris { data 2 }\n location london { data 2 }\n location zurich { witness }",
        ),
        cluster(
            "repmgr",
            "location paris { data 2 }\n location london { data 2 }",
        ),
    ] {
        let scene = scene(&source);
        for lens in lenses(&scene.document) {
            writeln!(text, "{}", lens.text).unwrap();
        }
    }
    expect![[r#"
        survives the loss of any machine
        survives the loss of any machine but a-db1
        survives the loss of any machine or any location
        survives the loss of any machine or london; not of paris
    "#]]
    .assert_eq(&text);
}

/// The colours of a source, and what has them.
fn colored(text: &str) -> Vec<(&'static str, String)> {
    let scene = scene(text);
    let colors = colors(&scene.document, 0..u32::MAX);
    let slice = |span| scene.document.analysis.sources.slice(span).to_owned();
    let colors = colors.into_iter();
    colors
        .map(|colored| (colored.color.name(), slice(colored.span)))
        .collect()
}

#[test]
fn words_in_the_comments_and_texts_of_a_condition_are_no_words_of_it() {
    let text = "cluster c {
  if $b in [ # if not
    \"x \\\" or y\"
  ] and $c { }
}
";
    let words: Vec<String> = colored(text)
        .into_iter()
        .filter(|(color, _)| *color == "keyword")
        .map(|(_, word)| word)
        .collect();
    assert_eq!(words, ["cluster", "if", "in", "and"]);
}

#[test]
fn a_carriage_return_ends_a_line_for_an_editor() {
    let colors = colored("# one\r two\r\n");
    let expected = [
        ("comment", "# one".to_owned()),
        ("comment", "two".to_owned()),
    ];
    assert_eq!(colors, expected);
}
