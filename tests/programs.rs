//! Values of variables as the programs judge them that TPA installs: cron, PgBouncer, HAProxy and Barman.
//!
//! `tests/programs/NAME.txt` is what each said, written by `tests/programs/run.sh M1C --record` with the programs
//! themselves. A line is `refuses` or `takes`, the variable, and its value as JSON.

use m1c::diagnostic::Level;
use m1c::lint::{self, Context, rules};
use m1c::source::Sources;
use m1c::tpa::{document, view};

/// What m1c says about a value, in messages of these rules and levels.
fn said(name: &str, value: &str, codes: &[&str], levels: &[Level]) -> Vec<String> {
    let text = format!(
        "cluster_name: speedy\n\
         cluster_vars:\n\
         \x20 failover_manager: repmgr\n\
         \x20 postgres_version: '14'\n\
         \x20 pgbouncer_package_version: '1.18*'\n\
         \x20 {name}: {value}\n\
         instances:\n\
         - {{ Name: db1, node: 1, platform: bare, role: [primary], backup: bk }}\n\
         - {{ Name: db2, node: 2, platform: bare, role: [replica, pgbouncer], upstream: db1 }}\n\
         - {{ Name: bk, node: 3, platform: bare, role: [barman] }}\n"
    );
    let mut sources = Sources::default();
    let file = sources.add("config.yml", text.clone());
    let subject = view::from_file(document::read(file, &text).unwrap());
    let context = Context::new(&subject, None, None);
    let rules: Vec<_> = codes
        .iter()
        .map(|code| rules::find(code).unwrap())
        .collect();
    let found = lint::lint(&context, &rules).into_iter();
    let wanted = found.filter(|finding| levels.contains(&finding.diagnostic.level));
    wanted.map(|finding| finding.diagnostic.message).collect()
}

/// Compares m1c with a program on every recorded value.
fn compare(recorded: &str, codes: &[&str], levels: &[Level]) {
    let mut differences = String::new();
    let mut count = 0;
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.splitn(3, '\t');
        let mut next = || columns.next().unwrap();
        let (verdict, name, value) = (next(), next(), next());
        let mut messages = said(name, value, codes, levels);
        // What a program takes and never runs is an error all the same.
        messages.retain(|message| !message.contains("never comes"));
        if (verdict == "refuses") == messages.is_empty() {
            differences.push_str(&format!(
                "{verdict} {name} {value}, m1c says {messages:?}\n"
            ));
        }
        count += 1;
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(count > 60);
}

#[test]
fn schedules_are_judged_as_by_cron() {
    let recorded = include_str!("programs/cron.txt");
    compare(recorded, &["cron-schedule"], &[Level::Error]);
}

#[test]
fn databases_and_settings_are_judged_as_by_pgbouncer() {
    let recorded = include_str!("programs/pgbouncer.txt");
    let rules = ["pgbouncer-setting", "unknown-value", "wrong-type"];
    compare(recorded, &rules, &[Level::Error]);
}

#[test]
fn options_of_servers_are_judged_as_by_haproxy() {
    let recorded = include_str!("programs/haproxy.txt");
    compare(recorded, &["haproxy-setting"], &[Level::Error]);
}

#[test]
fn settings_are_judged_as_by_barman() {
    let recorded = include_str!("programs/barman.txt");
    let rules = ["barman-setting-syntax", "unknown-value", "wrong-type"];
    compare(recorded, &rules, &[Level::Error, Level::Warning]);
}

#[test]
fn a_schedule_that_cron_takes_and_never_runs_is_an_error() {
    for schedule in [
        "0 22-2 * * *",
        "0 4 * * fri-mon",
        "0 4 30 2 *",
        "0 4 31 4,6 *",
    ] {
        let value = format!("{schedule:?}");
        let messages = said(
            "barman_backup_interval",
            &value,
            &["cron-schedule"],
            &[Level::Error],
        );
        assert!(
            messages[0].contains("never comes"),
            "{schedule}: {messages:?}"
        );
    }
}

#[test]
fn retention_and_jobs_of_nothing_are_errors() {
    for (name, value) in [
        ("barman_retention_policy", "REDUNDANCY 0"),
        ("barman_retention_policy", "RECOVERY WINDOW OF 0 DAYS"),
        ("barman_last_backup_maximum_age", "0 DAYS"),
        ("barman_parallel_jobs", "0"),
    ] {
        let messages = said(name, value, &["barman-setting-syntax"], &[Level::Error]);
        assert_eq!(messages.len(), 1, "{name} {value}: {messages:?}");
    }
}
