//! Parameters of Postgres: the table in itself, and its reading of values against what real servers said.

use std::collections::BTreeSet;
use std::fs;

use m1c::facts::parameters::{self, Context, Meaning, NEWEST, OLDEST};
use m1c::lint::{self, rules};
use m1c::source::Sources;
use m1c::tpa::document;
use m1c::tpa::view::{self, guc};

/// What m1c makes of a value alone, with everything else as the server has it by itself.
fn verdict(major: u32, name: &str, value: &str) -> String {
    let Some(parameter) = parameters::find(name, major) else {
        let is_of_an_extension = guc::is_name(name) && name.contains('.');
        return (if is_of_an_extension {
            "taken"
        } else {
            "refused: unknown"
        })
        .to_owned();
    };
    let meaning = match parameter.read(value, major) {
        Ok(meaning) => meaning,
        Err(problem) => return format!("refused: {problem:?}"),
    };
    let in_force = |other: &str| {
        if other.eq_ignore_ascii_case(parameter.name) {
            Some(meaning)
        } else {
            parameters::find(other, major)?.default_meaning(major)
        }
    };
    match parameters::conflicts(major, &in_force).first() {
        Some(conflict) => format!("refused: {}", conflict.rule),
        None => match meaning {
            Meaning::Whole(number) => format!("taken: {number}"),
            Meaning::Switch(is_on) => format!("taken: {}", if is_on { "on" } else { "off" }),
            Meaning::Decimal(_) | Meaning::Word(_) | Meaning::Text => "taken".to_owned(),
        },
    }
}

/// A line of verdicts: the major, the name, the value with its escapes, and what the server said.
fn fields(line: &str) -> (u32, &str, String, &str) {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    let (major, name, value, said) = (next(), next(), next(), next());
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    (major.parse().unwrap(), name, text, said)
}

/// Judges the values in a file, for `tests/postgres/parameters.py`, which asks the servers about the same ones.
#[test]
fn judges_a_list_of_values() {
    let Ok(path) = std::env::var("M1C_PARAMETERS") else {
        return;
    };
    let mut judged = String::new();
    for line in fs::read_to_string(&path).unwrap().lines() {
        let (major, name, value, _) = fields(line);
        judged.push_str(&verdict(major, name, &value));
        judged.push('\n');
    }
    fs::write(format!("{path}.judged"), judged).unwrap();
}

#[test]
fn values_are_read_as_the_servers_read_them() {
    let mut different = Vec::new();
    let mut count = 0;
    for line in include_str!("postgres/verdicts.tsv").lines() {
        let (major, name, value, said) = fields(line);
        let ours = verdict(major, name, &value);
        let is_same = match said {
            "taken" | "refused" => ours.starts_with(said),
            exact => ours == exact,
        };
        if !is_same {
            different.push(format!("{line}: m1c says {ours}"));
        }
        count += 1;
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(count > 500, "{count} verdicts");
}

/// What the rules about parameters say of a cluster with these variables, each as `level rule: message → fix`.
fn said(manager: &str, version: u32, vars: &str) -> String {
    let text = format!(
        "cluster_name: speedy\n\
         cluster_vars: {{ failover_manager: {manager}, postgres_version: {version}, {vars} }}\n\
         instances:\n\
         - {{ Name: db1, node: 1, platform: aws, type: m6i.2xlarge, role: [primary] }}\n\
         - {{ Name: db2, node: 2, platform: aws, type: m6i.2xlarge, role: [replica], upstream: db1 }}\n"
    );
    let mut sources = Sources::default();
    let file = sources.add("config.yml", text.clone());
    let document = document::read(file, &text).unwrap();
    let subject = view::from_document(document.map, document.at);
    let context = lint::Context::new(&subject, None, None);
    let rules: Vec<&lint::Rule> = [
        "conf-value-quoting",
        "huge-pages",
        "misleading-postgres-value",
        "postgres-conflict",
        "postgres-parameter",
        "postgres-value",
    ]
    .into_iter()
    .map(|name| rules::find(name).unwrap())
    .collect();
    let lines = lint::lint(&context, &rules).into_iter().map(|finding| {
        let diagnostic = &finding.diagnostic;
        let fix = diagnostic.fix.as_ref().map(|fix| &fix.edits[0].replacement);
        let fix = fix.map_or_else(String::new, |fix| format!(" → {fix}"));
        format!(
            "{:?} {}: {}{fix}",
            diagnostic.level, finding.rule.code.name, diagnostic.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn conf(settings: &str) -> String {
    said(
        "repmgr",
        16,
        &format!("postgres_conf_settings: {{ {settings} }}"),
    )
}

#[test]
fn values_that_postgres_refuses_are_errors_with_what_was_meant() {
    for (setting, expected) in [
        (
            "max_wal_size: 1gb",
            "unit that Postgres does not read → 1GB",
        ),
        (
            "shared_buffers: 128M",
            "unit that Postgres does not read → 128MB",
        ),
        ("work_mem: 1Gb", "unit that Postgres does not read → 1GB"),
        (
            "statement_timeout: 30sec",
            "unit that Postgres does not read → 30s",
        ),
        (
            "checkpoint_timeout: 30m",
            "unit that Postgres does not read → 30min",
        ),
        ("archive_timeout: 1w", "unit that Postgres does not read"),
        (
            "work_mem: \"'1.5 gb'\"",
            "unit that Postgres does not read → \"'1.5GB'\"",
        ),
        ("jit: oui", "`jit` is on or off, and `oui` is neither → on"),
        (
            "restart_after_crash: 2",
            "`restart_after_crash` is on or off, and `2` is neither",
        ),
        (
            "wal_level: nonsense",
            "`wal_level` does not take `nonsense`",
        ),
        (
            "wal_level: replia",
            "`wal_level` does not take `replia` → replica",
        ),
        (
            "synchronous_commit: tr",
            "`synchronous_commit` does not take `tr`",
        ),
        (
            "password_encryption: \"on\"",
            "`password_encryption` does not take `on`",
        ),
        (
            "log_destination: \"'foo'\"",
            "`log_destination` is a list of",
        ),
        (
            "max_standby_streaming_delay: -5",
            "`max_standby_streaming_delay` is `-5`, and Postgres takes",
        ),
        ("wal_sender_timeout: -1", "`wal_sender_timeout` is `-1`"),
        (
            "max_slot_wal_keep_size: \"'-1GB'\"",
            "`max_slot_wal_keep_size` is `-1GB`",
        ),
        (
            "vacuum_buffer_usage_limit: 64kB",
            "`vacuum_buffer_usage_limit` is 0, or between",
        ),
        (
            "random_page_cost: \"1,1\"",
            "`random_page_cost` has a comma, and Postgres reads decimals with a dot → 1.1",
        ),
        (
            "autovacuum_vacuum_scale_factor: 20%",
            "Postgres does not read `%`",
        ),
        (
            "shared_buffers: 0128MB",
            "`shared_buffers` is a number, and `0128MB` is not → 128MB",
        ),
    ] {
        let said = conf(setting);
        assert!(
            said.starts_with("Error postgres-value: "),
            "{setting}: {said}"
        );
        assert!(said.contains(expected), "{setting}: {said}");
        assert!(
            expected.contains('→') || !said.contains('→') || expected.contains("does not take"),
            "{setting}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{setting}: {said}");
    }
}

#[test]
fn names_that_postgres_does_not_have_are_errors_at_the_name() {
    for (setting, expected) in [
        (
            "max_conections: 500",
            "Postgres 16 has no parameter `max_conections` → max_connections",
        ),
        (
            "no_such_parameter: 1",
            "Postgres 16 has no parameter `no_such_parameter`",
        ),
        (
            "wal_keep_segments: 10",
            "`wal_keep_segments` is gone since Postgres 13",
        ),
        (
            "checkpoint_segments: 10",
            "`checkpoint_segments` is gone since Postgres 9.5",
        ),
        (
            "force_parallel_mode: on",
            "`force_parallel_mode` is gone since Postgres 16 → debug_parallel_query",
        ),
        (
            "summarize_wal: on",
            "`summarize_wal` comes with Postgres 17, and this is 16",
        ),
        (
            "data_checksums: on",
            "`data_checksums` shows what the server is, and cannot be set",
        ),
    ] {
        let said = conf(setting);
        assert_eq!(
            said,
            format!("Error postgres-parameter: {expected}"),
            "{setting}"
        );
    }
    // A repaired name never stands twice.
    let said = conf("max_connections: 100, max_conections: 500");
    assert!(!said.contains('→'), "{said}");
}

#[test]
fn values_that_mean_something_else_are_warnings() {
    for (setting, expected) in [
        (
            "max_connections: \"010\"",
            "`max_connections` begins with a zero, so that Postgres reads `010` as 8",
        ),
        (
            "max_slot_wal_keep_size: 500kB",
            "`max_slot_wal_keep_size` is 0: `500kB` is less than half of what Postgres counts in",
        ),
        (
            "archive_timeout: 500ms",
            "`archive_timeout` is 0: `500ms` is less than half of what Postgres counts in",
        ),
        (
            "wal_sender_timeout: 400us",
            "`wal_sender_timeout` is 0: `400us` is less than half of what Postgres counts in",
        ),
    ] {
        let said = conf(setting);
        assert_eq!(
            said,
            format!("Warning misleading-postgres-value: {expected}"),
            "{setting}"
        );
    }
}

#[test]
fn parameters_that_exclude_each_other_are_one_error() {
    let said = said(
        "repmgr",
        16,
        "max_connections: 100, postgres_conf_settings: { superuser_reserved_connections: 100 }",
    );
    assert_eq!(
        said,
        "Error postgres-conflict: `superuser_reserved_connections`, 100, must leave some of the 100 of `max_connections`"
    );
    assert_eq!(
        conf("superuser_reserved_connections: 100"),
        "",
        "TPA allows 250 connections"
    );
    assert!(
        conf("max_wal_size: 20MB")
            .starts_with("Error postgres-conflict: `max_wal_size` is at least 32MB")
    );
}

#[test]
fn ordinary_values_are_left_alone() {
    for setting in [
        "work_mem: 64MB",
        "jit: tr",
        "jit: \"0\"",
        "my_extension.setting: anything",
        "wal_compression: lz4",
        "huge_pages: on",
        "log_min_duration_statement: -1",
        "search_path: \"'app, public'\"",
        "shared_preload_libraries: \"'pg_stat_statements'\"",
        "max_parallel_workers: \"{{ cores }}\"",
        "synchronous_commit: on",
        // Modes are written in octal.
        "log_file_mode: \"0640\"",
        "unix_socket_permissions: \"0770\"",
        "vacuum_cost_delay: \"'0.5ms'\"",
    ] {
        assert_eq!(conf(setting), "", "{setting}");
    }
    assert_eq!(said("repmgr", 16, "shared_buffers: 8GB"), "");
    assert!(said("repmgr", 16, "shared_buffers: 16GB").starts_with("Warning huge-pages"));
    assert!(said("repmgr", 16, "shared_buffers: 40GB").starts_with("Error huge-pages"));
    assert_eq!(
        said(
            "repmgr",
            16,
            "shared_buffers: 16GB, shared_buffers_mb: 16384"
        ),
        ""
    );
}

#[test]
fn the_table_is_in_order_and_without_gaps() {
    let mut last: Option<(String, u32)> = None;
    let mut names = BTreeSet::new();
    for major in OLDEST..=NEWEST {
        for parameter in parameters::all(major) {
            let found = parameters::find(&parameter.name.to_uppercase(), major).unwrap();
            assert_eq!(found, parameter);
            names.insert(parameter.name.to_lowercase());
            if major == parameter.first {
                let default = parameter.default_meaning(major);
                let is_empty = parameter.default.is_empty();
                assert!(default.is_some() || is_empty, "{parameter:?}");
            }
        }
    }
    for name in &names {
        for row in parameters::rows(name) {
            if let Some((before, until)) = &last
                && before == name
            {
                assert_eq!(row.first, until + 1, "{name}");
            }
            last = Some((name.clone(), row.last));
        }
    }
    assert!(names.len() > 380, "{}", names.len());
}

#[test]
fn every_parameter_that_went_says_what_to_do_instead() {
    let mut mute = Vec::new();
    for major in OLDEST..NEWEST {
        for parameter in parameters::all(major).filter(|known| known.last == major) {
            let is_there = parameters::find(parameter.name, major + 1)
                .is_some_and(|known| known.context != Context::Internal);
            let gone = parameters::gone(parameter.name);
            let since = (major + 1).to_string();
            if !is_there && gone.is_none_or(|gone| gone.since != since) {
                mute.push(format!("{} went with {since}", parameter.name));
            }
        }
    }
    assert!(mute.is_empty(), "{}", mute.join("\n"));
}
