//! Lines of `pg_hba.conf` and `pg_ident.conf`: the verdicts of real servers, and what is said of them.

use std::fs;

use m1c::hba;
use m1c::lint::{self, Context, rules};
use m1c::source::Sources;
use m1c::tpa::document;
use m1c::tpa::view;

/// The verdicts of servers on one line: a letter for each major from 11 to 18.
struct Verdicts<'t> {
    kind: &'t str,
    letters: &'t str,
    line: String,
}

fn verdicts(text: &str) -> Vec<Verdicts<'_>> {
    text.lines()
        .map(|row| {
            let mut parts = row.splitn(3, ' ');
            Verdicts {
                kind: parts.next().unwrap(),
                letters: parts.next().unwrap(),
                line: serde_json::from_str(parts.next().unwrap()).unwrap(),
            }
        })
        .collect()
}

/// Whether m1c takes a line; nothing where what decides is in a file of the server.
fn takes(kind: &str, line: &str, major: u32) -> Option<bool> {
    let refusals: Vec<bool> = match kind {
        "hba" => hba::lines(line, major).iter().map(Result::is_ok).collect(),
        _ => hba::mappings(line, major)
            .iter()
            .map(Result::is_ok)
            .collect(),
    };
    match refusals.first() {
        Some(taken) => Some(*taken),
        None if line.contains('@') => None,
        None => Some(true),
    }
}

/// `tests/postgres/hba.py` makes the file; it has another one read in a run of its own.
#[test]
fn hba_verdicts_are_those_of_real_servers() {
    let path = std::env::var("M1C_HBA_VERDICTS");
    let path = path.unwrap_or_else(|_| "tests/postgres/hba.txt".to_owned());
    let text = fs::read_to_string(&path).unwrap();
    let mut compared = 0;
    let mut different = Vec::new();
    for verdict in verdicts(&text) {
        for (major, letter) in (11..).zip(verdict.letters.chars()) {
            let Some(taken) = takes(verdict.kind, &verdict.line, major) else {
                continue;
            };
            if letter == '.' {
                continue;
            }
            compared += 1;
            if taken != (letter == 'y') {
                different.push(format!("{major} {letter} {:?}", verdict.line));
            }
        }
    }
    assert!(compared > 2_000, "{path} has {compared} verdicts");
    assert!(
        different.is_empty(),
        "{} of {compared}:\n{}",
        different.len(),
        different.join("\n")
    );
}

/// What a rule finds in a source with these lines: what it points at, its message, and what its fix writes.
fn findings(rule: &str, major: u32, vars: &str) -> Vec<(String, String, Option<String>)> {
    let text = format!(
        "cluster_name: speedy\n\
         cluster_vars: {{ failover_manager: repmgr, postgres_version: '{major}', {vars} }}\n\
         instances:\n\
         - {{ Name: db1, node: 1, platform: bare, role: [primary] }}\n\
         - {{ Name: db2, node: 2, platform: bare, role: [replica], upstream: db1 }}\n"
    );
    let mut sources = Sources::default();
    let file = sources.add("config.yml", text.clone());
    let document = document::read(file, &text).unwrap();
    let subject = view::from_document(document.map, document.at);
    let context = Context::new(&subject, None, None);
    let found = lint::lint(&context, &[rules::find(rule).unwrap()]);
    found
        .into_iter()
        .map(|finding| {
            let diagnostic = finding.diagnostic;
            let fix = diagnostic
                .fix
                .map(|fix| fix.edits[0].replacement.trim_matches('"').to_owned());
            let at = sources.slice(diagnostic.primary.span).to_owned();
            (at, diagnostic.message, fix)
        })
        .collect()
}

/// The lines as a setting, in YAML.
fn settings(lines: &[&str]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| serde_json::to_string(line).unwrap())
        .collect();
    format!("postgres_hba_settings: [{}]", lines.join(", "))
}

#[test]
fn what_postgres_refuses_is_said_at_the_word_with_what_to_write() {
    for (line, at, words, fixed) in [
        (
            "host all all 10.0.0.0/8 MD5",
            "MD5",
            "`MD5` is not a method",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        (
            "HOST all all 10.0.0.0/8 md5",
            "HOST",
            "not a type",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        (
            "host all all 10.0.0.0/8 scram",
            "scram",
            "not a method",
            Some("host all all 10.0.0.0/8 scram-sha-256"),
        ),
        (
            "host all all 10.0.0.0 scram-sha-256",
            "10.0.0.0",
            "has no mask",
            None,
        ),
        ("host all all 10.0.0.0", "10.0.0.0", "has no mask", None),
        (
            "host all all 10.0.0.0/33 md5",
            "10.0.0.0/33",
            "`/33` is not a number of bits from 0 to 32",
            None,
        ),
        (
            "host all all 10.0.0.0/8",
            "",
            "ends before its method",
            None,
        ),
        ("host all", "", "ends before its user", None),
        (
            "local all all 10.0.0.0/8 md5",
            "10.0.0.0/8",
            "takes no address",
            None,
        ),
        ("local all peer", "peer", "a word is missing", None),
        (
            "host app 10.0.0.0/8 md5",
            "10.0.0.0/8",
            "a word is missing",
            None,
        ),
        (
            "host app app scram-sha-256",
            "scram-sha-256",
            "has no address",
            None,
        ),
        (
            "host all all 10.0.0.0/8 255.0.0.0 md5",
            "255.0.0.0",
            "second mask",
            None,
        ),
        (
            "host all all 10.0.0.0 ffff:: md5",
            "ffff::",
            "another kind of addresses",
            None,
        ),
        (
            "host all all 10.0.0.0/8 peer",
            "peer",
            "`local` lines only",
            None,
        ),
        (
            "host all all 10.0.0.0/8 cert",
            "cert",
            "`hostssl` lines only",
            Some("hostssl all all 10.0.0.0/8 cert"),
        ),
        (
            "local all all gss",
            "gss",
            "does not work for `local`",
            None,
        ),
        (
            "hostssl all all 10.0.0.0/8 md5 clientcert=1",
            "clientcert=1",
            "was removed in Postgres 14",
            Some("hostssl all all 10.0.0.0/8 md5 clientcert=verify-ca"),
        ),
        (
            "hostssl all all 10.0.0.0/8 cert clientcert = verify-full",
            "clientcert",
            "blank before its `=`",
            Some("hostssl all all 10.0.0.0/8 cert clientcert=verify-full"),
        ),
        (
            "host all all 10.0.0.0/8 md5 clientcert=verify-full",
            "clientcert=verify-full",
            "`hostssl` lines only",
            None,
        ),
        (
            "host all all 10.0.0.0/8,11.0.0.0/8 md5",
            "10.0.0.0/8,11.0.0.0/8",
            "a list",
            None,
        ),
        (
            "host all all 256.0.0.1/32 md5",
            "256.0.0.1/32",
            "not an address",
            None,
        ),
        (
            "host all all db.example.org/32 md5",
            "db.example.org/32",
            "takes no mask",
            Some("host all all db.example.org md5"),
        ),
        (
            "host /^(app all 10.0.0.0/8 md5",
            "/^(app",
            "parentheses",
            None,
        ),
        (
            "host all /a{3,2} 10.0.0.0/8 md5",
            "/a{3",
            "a `{` is not closed",
            None,
        ),
        (
            "hostssl all all 10.0.0.0/8 cert clientcert=1",
            "clientcert=1",
            "always verifies",
            None,
        ),
        (
            "host all all 10.0.0.0/255.0.0.0 md5",
            "10.0.0.0/255.0.0.0",
            "not a number of bits",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        ("host \"app all 10.0.0.0/8 md5", "", "not closed", None),
        ("nonsense", "nonsense", "not a type of connections", None),
        (
            "host all all 10.0.0.0/8 ldap ldapbasdn=x",
            "ldapbasdn=x",
            "not an option",
            None,
        ),
        (
            "host all all 10.0.0.0/8 ldap ldapserver=x",
            "ldap",
            "`ldapbasedn`, `ldapprefix` or `ldapsuffix`",
            None,
        ),
        (
            "host all all 10.0.0.0/8 md5 map=x",
            "map=x",
            "belongs to the methods",
            None,
        ),
        (
            "host all all 10.0.0.0/8 oauth issuer=x scope=y",
            "oauth",
            "came with Postgres 18",
            None,
        ),
        (
            "host \"a b\" all 10.0.0.0/8 Trust",
            "Trust",
            "not a method",
            Some("host \\\"a b\\\" all 10.0.0.0/8 trust"),
        ),
    ] {
        let found = findings("hba-line-refused", 16, &settings(&[line]));
        let [(place, message, fix)] = found.as_slice() else {
            panic!("{line}: {found:?}");
        };
        assert_eq!(place, at, "{line}");
        assert!(message.contains(words), "{line}: {message}");
        assert_eq!(fix.as_deref(), fixed, "{line}");
    }
}

#[test]
fn the_major_version_decides_what_is_refused() {
    for (line, until, since) in [
        ("hostgssenc all all 10.0.0.0/8 gss", 11, 12),
        ("hostssl all all 10.0.0.0/8 cert clientname=DN", 13, 14),
        ("include more.conf", 15, 16),
        ("host all all 10.0.0.0/8 oauth issuer=x scope=y", 17, 18),
    ] {
        let lines = settings(&[line]);
        assert_eq!(
            findings("hba-line-refused", until, &lines).len(),
            1,
            "{line}"
        );
        assert!(
            findings("hba-line-refused", since, &lines).is_empty(),
            "{line}"
        );
    }
    // A backslash at the end continues the line from 14 on.
    let lines = settings(&["host all all \\", "10.0.0.0/8 md5"]);
    assert_eq!(findings("hba-line-refused", 13, &lines).len(), 2);
    assert!(findings("hba-line-refused", 14, &lines).is_empty());
}

#[test]
fn what_means_something_else_is_said_at_the_word() {
    for (line, at, words, fixed) in [
        (
            "host all all 10/8 md5",
            "10/8",
            "is 0.0.0.0/8",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        (
            "host all all 10.1/16 md5",
            "10.1/16",
            "is 10.0.0.0/16",
            Some("host all all 10.1.0.0/16 md5"),
        ),
        (
            "host all all 010.0.0.1/32 md5",
            "010.0.0.1/32",
            "is 8.0.0.1/32",
            Some("host all all 10.0.0.1/32 md5"),
        ),
        (
            "host * all 10.0.0.0/8 md5",
            "*",
            "a database of that name",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        (
            "host all app* 10.0.0.0/8 md5",
            "app*",
            "not a pattern",
            None,
        ),
        (
            "host all all *.example.org md5",
            "*.example.org",
            "not a pattern",
            Some("host all all .example.org md5"),
        ),
        (
            "host all all ALL md5",
            "ALL",
            "name of a machine",
            Some("host all all all md5"),
        ),
        (
            "host all ALL 10.0.0.0/8 md5",
            "ALL",
            "a user of that name",
            Some("host all all 10.0.0.0/8 md5"),
        ),
        (
            "host all all 10.0.0.0/0 md5",
            "10.0.0.0/0",
            "every address",
            None,
        ),
        (
            "host all all 10.0.0.0 0.0.0.255 md5",
            "10.0.0.0",
            "has holes",
            None,
        ),
        (
            "host all all 256.0.0.1 md5",
            "256.0.0.1",
            "not an address",
            None,
        ),
        (
            "hostssl all all all ldap ldapbasedn=x ldaptls=yes",
            "ldaptls=yes",
            "means off",
            None,
        ),
    ] {
        let found = findings("hba-line-misread", 16, &settings(&[line]));
        let [(place, message, fix)] = found.as_slice() else {
            panic!("{line}: {found:?}");
        };
        assert_eq!(place, at, "{line}");
        assert!(message.contains(words), "{line}: {message}");
        assert_eq!(fix.as_deref(), fixed, "{line}");
    }
}

#[test]
fn ordinary_lines_are_taken_as_they_are() {
    let lines = [
        "# applications",
        "",
        "local all postgres peer",
        "host replication replication 10.0.0.0/8 scram-sha-256",
        "hostssl app,billing app,+admins 10.0.0.0/8 scram-sha-256 clientcert=verify-full # with a certificate",
        "hostssl \"my app\" all 2001:db8::/32 cert map=users",
        "host all all 192.168.0.0 255.255.0.0 md5",
        "host sameuser all samenet scram-sha-256",
        "host all all .example.org scram-sha-256",
        "host all all db-1.example.net scram-sha-256",
        "hostssl all /^app_ 172.16.0.0/12 scram-sha-256",
        "host all all ::1/128 ldap ldapserver=ldap.example.org ldapprefix=\"cn=\" ldapsuffix=\", dc=example, dc=org\"",
        "host all @admins 172.16.0.0/12 scram-sha-256",
        "host all all 0.0.0.0/0 reject",
    ];
    for rule in ["hba-line-refused", "hba-line-misread", "hba-line-hidden"] {
        let found = findings(rule, 16, &settings(&lines));
        assert!(found.is_empty(), "{rule}: {found:?}");
    }
}

#[test]
fn a_line_is_hidden_by_one_that_is_as_wide_in_every_column() {
    for (earlier, later, is_hidden) in [
        (
            "host all all 0.0.0.0/0 reject",
            "hostssl app app 10.0.0.0/8 md5",
            true,
        ),
        (
            "host all all all reject",
            "host app app db.example.org md5",
            true,
        ),
        (
            "host all all 0.0.0.0/0 reject",
            "host app app ::1/128 md5",
            false,
        ),
        (
            "host all all 0.0.0.0/0 reject",
            "host replication app 10.0.0.0/8 md5",
            false,
        ),
        ("host all all 0.0.0.0/0 reject", "local all all peer", false),
        ("hostssl all all all reject", "host all all all md5", false),
        (
            "hostnossl all all all reject",
            "hostgssenc all all all gss",
            true,
        ),
        (
            "host app app,other 10.0.0.0/8 md5",
            "host app app 10.1.0.0 255.255.0.0 reject",
            true,
        ),
        (
            "host app app 10.1.0.0/16 md5",
            "host app app,other 10.1.2.0/24 reject",
            false,
        ),
        (
            "host app \"all\" 10.1.0.0/16 md5",
            "host app app 10.1.2.0/24 reject",
            false,
        ),
        (
            "host app app .example.org md5",
            "host app app Db.Example.org reject",
            true,
        ),
    ] {
        let found = findings("hba-line-hidden", 16, &settings(&[earlier, later]));
        let is_there = matches!(found.as_slice(), [(at, _, _)] if at == later);
        assert_eq!(is_there, is_hidden, "{earlier}, {later}: {found:?}");
    }
}

#[test]
fn a_hash_of_md5_cannot_answer_scram() {
    let line = settings(&[
        "host all app 10.0.0.0/8 scram-sha-256",
        "host all all 10.0.0.0/8 md5",
    ]);
    for (more, count) in [
        ("password_encryption: md5", 1),
        ("password_encryption: scram-sha-256", 0),
        ("postgres_conf_settings: { password_encryption: md5 }", 1),
        (
            "postgres_users: [{ username: app, password_encryption: md5 }]",
            1,
        ),
        (
            "postgres_users: [{ username: other, password_encryption: md5 }]",
            0,
        ),
    ] {
        let found = findings("hba-method-against-hashes", 16, &format!("{line}, {more}"));
        assert_eq!(found.len(), count, "{more}: {found:?}");
    }
}

#[test]
fn lines_of_patroni_and_of_maps_are_read_too() {
    let patroni = "patroni_conf_settings: { postgresql: { pg_hba: ['host all all 10.0.0.0/8 MD5'], \
                   pg_ident: ['users /^(.* app', 'users root', 'users /^app$ \\1'] } }";
    let found = findings("hba-line-refused", 16, patroni);
    let places: Vec<&str> = found.iter().map(|(at, _, _)| at.as_str()).collect();
    assert_eq!(places, ["MD5", "/^(.*", ""]);
    let found = findings("hba-line-misread", 16, patroni);
    assert_eq!(found.len(), 1, "{found:?}");
    let found = findings(
        "hba-line-refused",
        16,
        "postgres_hba_local_auth_method: Peer",
    );
    assert_eq!(found[0].0, "Peer");
    assert_eq!(found[0].2.as_deref(), Some("peer"));
    let found = findings(
        "hba-line-refused",
        16,
        "postgres_hba_settings: [host all all all md5, { host: all }, 5]",
    );
    assert_eq!(found.len(), 2, "{found:?}");
}
