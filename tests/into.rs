//! Edits of built config.ymls are brought back into their source: `import/into.m1` is built, edited, and brought back.

use std::collections::BTreeMap;

use m1c::backend::{self, Backend};
use m1c::check::{self, Options};
use m1c::import::Imported;
use m1c::import::into::{Source, into};
use m1c::import::say_the_same;
use m1c::report::{self, Format, Style};

use crate::memory::Memory;
use crate::robust::Random;

const SOURCE: &str = include_str!("import/into.m1");

fn files(source: &str) -> Memory {
    let files = [("speedy.m1".to_owned(), source.to_owned())];
    Memory {
        files: BTreeMap::from(files),
    }
}

fn built(source: &str) -> String {
    let checked = check::check("speedy.m1", &files(source), Options::default());
    let topology = checked.topology.unwrap_or_else(|| panic!("{source}"));
    backend::emit(Backend::Tpa, &topology).remove(0).contents
}

fn brought(source: &str, config: &str) -> Imported {
    let source = Source {
        name: "speedy.m1",
        text: source,
        files: &files(source),
        options: Options::default(),
    };
    into(&source, "config.yml", config)
}

fn said(imported: &Imported) -> String {
    report::render(
        Format::Short,
        Style::Plain,
        &imported.sources,
        &imported.diagnostics,
    )
}

/// The lines that are others in a source, as a patch has them.
fn changed(old: &str, new: &str) -> String {
    let difference = similar::TextDiff::from_lines(old, new);
    let changes = difference.iter_all_changes();
    let changes = changes.filter(|change| change.tag() != similar::ChangeTag::Equal);
    let lines = changes.map(|change| format!("{}{}", change.tag(), change.value()));
    lines.collect::<Vec<_>>().concat()
}

/// What becomes of the source where a part of its config.yml is replaced by another.
fn edited(old: &str, new: &str) -> String {
    let config = built(SOURCE);
    assert_eq!(config.matches(old).count(), 1, "{old}\n{config}");
    let config = config.replace(old, new);
    let imported = brought(SOURCE, &config);
    assert_eq!(said(&imported), "", "{new}");
    let source = imported.source.unwrap();
    assert!(say_the_same(&built(&source), &config), "{source}");
    changed(SOURCE, &source)
}

#[test]
fn a_value_changes_where_it_is_written() {
    assert_eq!(
        edited("work_mem: 16MB", "work_mem: 32MB"),
        "-    work_mem = 16MB  # as in the old data centre\n\
         +    work_mem = 32MB  # as in the old data centre\n"
    );
    assert_eq!(
        edited("postgres_version: '16'", "postgres_version: '17'"),
        "-  postgres postgresql 16\n+  postgres postgresql 17\n"
    );
    assert_eq!(
        edited("cidr_ip: 192.168.0.0/16", "cidr_ip: 172.16.0.0/12"),
        "-    open 22 192.168.0.0/16\n+    open 22 172.16.0.0/12\n"
    );
}

#[test]
fn a_branch_that_is_taken_keeps_its_condition() {
    assert_eq!(
        edited("max_connections: 300", "max_connections: 400"),
        "-    vars { max_connections = 300 }\n+    vars { max_connections = 400 }\n"
    );
}

#[test]
fn a_param_has_another_default() {
    assert_eq!(
        edited("Owner: Database Team", "Owner: Jo"),
        "-param owner = \"Database Team\"\n+param owner = Jo\n"
    );
    assert_eq!(
        edited("dns: db.example.org", "dns: pg.example.org"),
        "-    dns      = \"db.${domain}\"\n+    dns      = \"pg.${domain}\"\n"
    );
}

#[test]
fn a_profile_stays_as_it_is() {
    assert_eq!(
        edited("max_wal_size: 4GB", "max_wal_size: 8GB"),
        "-    postgres_conf_settings = { log_statement = ddl }\n\
         +    postgres_conf_settings = { log_statement = ddl; max_wal_size = 8GB }\n"
    );
}

#[test]
fn items_of_lists_come_and_go() {
    assert_eq!(
        edited("  - hll\n", "  - hll\n  - pgaudit\n"),
        "+      pgaudit\n"
    );
    assert_eq!(edited("  - hll\n", ""), "-      hll\n");
}

#[test]
fn what_is_new_has_its_statement() {
    assert_eq!(
        edited("volume_size: 32", "volume_size: 64"),
        "+    volumes { barman 64GB }\n"
    );
    assert_eq!(
        edited(
            "  work_mem: 16MB\n",
            "  # Since May.\n  random_page_cost: 1.1\n  work_mem: 16MB\n"
        ),
        "+    # Since May.\n+    random_page_cost = 1.1\n"
    );
    assert_eq!(
        edited("  use_volatile_subscriptions: false\n", ""),
        "+  omit vars.use_volatile_subscriptions\n"
    );
}

#[test]
fn machines_come_and_go() {
    let last = "- Name: main-db3\n  location: main\n  node: 3\n  role:\n  - replica\n  upstream: main-db1\n";
    assert_eq!(
        edited(
            "  upstream: main-db1\n- Name: main-barman1",
            "  upstream: main-db1\n  vars: {work_mem: 1GB}\n- Name: main-barman1"
        ),
        "-  location main { data 3 }\n\
         +  location main { data 2; replica { vars { work_mem = 1GB } } }\n"
    );
    let gone = edited(last, "");
    assert!(
        gone.contains("+  location main { data 2; barman { id = 4 } }\n"),
        "{gone}"
    );
    let fifth = last.replace("db3", "db4").replace("node: 3", "node: 5");
    let come = edited(last, &format!("{last}{fifth}"));
    assert!(come.contains("replica { id = 5 }"), "{come}");
}

#[test]
fn what_cannot_be_said_is_shown_in_the_file() {
    let config = built(SOURCE).replace("    jit: 'off'\n", "");
    let imported = brought(SOURCE, &config);
    assert_eq!(
        said(&imported),
        "config.yml:37:3: error[not-importable]: a source cannot say this: that there is no `cluster_vars.postgres_conf_settings.jit`\n"
    );
    assert_eq!(imported.source.as_deref(), Some(SOURCE));
    let other = built(SOURCE).replace("cluster_name: speedy", "cluster_name: slow");
    assert!(said(&brought(SOURCE, &other)).contains("`speedy.m1` has no cluster `slow`"));
}

#[test]
fn random_edits_are_brought_back_or_named() {
    const VALUES: &[&str] = &["true", "7", "3.5", "[a, b]", "{a: 1}", "x", "64GB"];
    let config = built(SOURCE);
    let mut dice = Random(14);
    let mut whole = 0;
    for _ in 0..40 {
        let mut lines: Vec<String> = config.lines().map(str::to_owned).collect();
        let at = 3 + dice.below(lines.len() - 3);
        let value = VALUES[dice.below(VALUES.len())];
        match (dice.below(3), lines[at].clone().split_once(": ")) {
            (0, _) => {
                lines.remove(at);
            }
            (1, Some((key, _))) => lines[at] = format!("{key}: {value}"),
            (_, _) => {
                let indentation = lines[at].len() - lines[at].trim_start().len();
                lines.insert(at, format!("{}new_key: {value}", " ".repeat(indentation)));
            }
        }
        let edited = lines.join("\n") + "\n";
        let imported = brought(SOURCE, &edited);
        if imported.diagnostics.is_empty() {
            let source = imported.source.unwrap();
            assert!(say_the_same(&built(&source), &edited), "{edited}\n{source}");
            whole += 1;
        }
        for diagnostic in &imported.diagnostics {
            assert!(diagnostic.primary.span.file == imported.file, "{edited}");
        }
    }
    assert!(whole > 15, "{whole}");
}
