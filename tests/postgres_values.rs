//! Values as Postgres reads them: of its configuration, lists of synchronous standbys, lines of `pg_hba.conf`; and secrets.

use m1c::lint::{self, Context, Finding, rules};
use m1c::source::Sources;
use m1c::tpa::document;
use m1c::tpa::view;

/// What a rule finds in a cluster with these variables: a primary `db1`, its standbys `db-2` and `db3`, `db4` after
/// `db3`, and a Barman node.
fn findings(rule: &str, vars: &str) -> (String, Vec<Finding>) {
    let text = format!(
        "cluster_name: speedy\n\
         cluster_vars: {{ failover_manager: efm, {vars} }}\n\
         instances:\n\
         - {{ Name: db1, node: 1, platform: bare, role: [primary], backup: vault }}\n\
         - {{ Name: db-2, node: 2, platform: bare, role: [replica], upstream: db1 }}\n\
         - {{ Name: db3, node: 3, platform: bare, role: [replica], upstream: db1 }}\n\
         - {{ Name: db4, node: 4, platform: bare, role: [replica], upstream: db3 }}\n\
         - {{ Name: vault, node: 5, platform: bare, role: [barman] }}\n"
    );
    let mut sources = Sources::default();
    let file = sources.add("config.yml", text.clone());
    let document = document::read(file, &text).unwrap();
    let subject = view::from_document(document.map, document.at);
    let context = Context::new(&subject, None, None);
    let found = lint::lint(&context, &[rules::find(rule).unwrap()]);
    (text, found)
}

/// A YAML string in double quotes.
fn yaml(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The replacement of a finding, if it is the only one.
fn replacement(found: &[Finding]) -> Option<&str> {
    let [finding] = found else {
        return None;
    };
    let fix = finding.diagnostic.fix.as_ref()?;
    Some(fix.edits[0].replacement.as_str())
}

fn conf(value: &str) -> (String, Vec<Finding>) {
    let setting = format!("postgres_conf_settings: {{ application_name: {value} }}");
    findings("conf-value-quoting", &setting)
}

#[test]
fn words_numbers_and_quoted_texts_are_values_of_postgresql_conf() {
    for value in [
        "on",
        "4GB",
        "-1",
        "+3",
        "0.5",
        ".5",
        "1.",
        "1.5e-3",
        "0x1F",
        "0x1Fms",
        "LOCAL6",
        "scram-sha-256",
        "syslog:other/path",
        "größe",
        "''",
        "'a b'",
        "'it''s'",
        r"'it\'s'",
        "'100%'",
        "4GB # half of the memory",
        " 'a b'  ",
    ] {
        let (text, found) = conf(&yaml(value));
        assert!(found.is_empty(), "{text}{found:#?}");
    }
    for value in ["3", "true", "0.25", "-1"] {
        assert!(conf(value).1.is_empty(), "{value}");
    }
}

#[test]
fn everything_else_gets_single_quotes() {
    for (value, quoted) in [
        ("", "''"),
        ("a b", "'a b'"),
        ("a,b", "'a,b'"),
        ("10%", "'10%'"),
        ("*", "'*'"),
        ("1.5GB", "'1.5GB'"),
        ("1e5", "'1e5'"),
        ("22:22", "'22:22'"),
        ("/var/log", "'/var/log'"),
        ("app.name", "'app.name'"),
        ("it's", "'it''s'"),
        ("'it's'", "'it''s'"),
        ("'open", "'open'"),
        ("'a' 'b'", "'a'' ''b'"),
        (r"a\b c", r"'a\\b c'"),
        ("# nothing", "''"),
        ("\"app\"", "'\"app\"'"),
    ] {
        let (text, found) = conf(&yaml(value));
        let expected = yaml(quoted);
        assert_eq!(replacement(&found), Some(expected.as_str()), "{text}");
    }
    let (_, found) = conf("[a, b]");
    assert_eq!(replacement(&found), Some("\"'a, b'\""));
    let (_, found) = conf("{ a: b }");
    assert!(found[0].diagnostic.fix.is_none());
}

fn sync(value: &str) -> (String, Vec<Finding>) {
    let variable = format!("synchronous_standby_names: {}", yaml(value));
    findings("sync-names-invalid", &variable)
}

#[test]
fn lists_of_standbys_are_read_as_postgres_reads_them() {
    for value in [
        "",
        "''",
        "db3",
        "'*'",
        "'db3'",
        "'DB3, db1'",
        "'1 (db3)'",
        "'FIRST 1 (db3, \"db-2\")'",
        "'any 2 (\"db-2\" , db3,db1)'",
        "'ANY 2 (*)'",
        "'ANY 9 (*)'",
        "'2 (db3, barman_receive_wal)'",
    ] {
        let (text, found) = sync(value);
        assert!(found.is_empty(), "{text}{found:#?}");
    }
}

#[test]
fn what_postgres_cannot_read_is_mended_where_it_can_be_guessed() {
    for (value, mended) in [
        ("ANY 1 (db3)", Some("'ANY 1 (\"db3\")'")),
        ("db-2, db3", Some("'FIRST 1 (\"db-2\", \"db3\")'")),
        ("'db-2'", Some("'FIRST 1 (\"db-2\")'")),
        ("*", Some("'FIRST 1 (\"*\")'")),
        ("'ANY 1 (db3 db-2)'", Some("'ANY 1 (\"db3\", \"db-2\")'")),
        ("'ANY (db3)'", None),
        ("'first, db3'", Some("'FIRST 1 (\"first\", \"db3\")'")),
        ("'ANY 1 (any)'", Some("'ANY 1 (\"any\")'")),
        ("' '", None),
        ("'ANY 0 (db3)'", None),
        ("'FIRST 1 (db3'", None),
        ("'ANY 1 (\"db3)'", Some("'ANY 1 (\"db3\")'")),
    ] {
        let (text, found) = sync(value);
        assert_eq!(found.len(), 1, "{text}{found:#?}");
        assert_eq!(replacement(&found), mended.map(yaml).as_deref(), "{text}");
    }
}

#[test]
fn names_that_never_answer_are_found() {
    for (value, message) in [
        (
            "'db5'",
            "`db5` is in `synchronous_standby_names`, and no machine has this name",
        ),
        (
            "'ANY 1 (db3, vault)'",
            "`vault` is in `synchronous_standby_names`, and it is not a standby of the cluster",
        ),
        (
            "'ANY 2 (db3, db4)'",
            "commits wait for 2 of the standbys in `synchronous_standby_names`, and 1 of them can answer",
        ),
        (
            "'db1'",
            "commits wait for 1 of the standbys in `synchronous_standby_names`, and 0 of them can answer",
        ),
    ] {
        let (text, found) = sync(value);
        let messages: Vec<&str> = found
            .iter()
            .map(|finding| finding.diagnostic.message.as_str())
            .collect();
        assert_eq!(messages, [message], "{text}");
    }
}

#[test]
fn secrets_are_told_from_what_only_sounds_like_one() {
    for secret in [
        "app_password: hunter2",
        "api_token: 12345",
        "vault: { client_secret: abc }",
        "url: \"https://ann:hunter2@git.example.org/x.git\"",
        "barman_client_dsn_attributes: \"sslmode=require password=hunter2\"",
        "artifacts: [{ content: \"-----BEGIN RSA PRIVATE KEY-----\\nMII\" }]",
        "postgres_users: [{ username: app, password: hunter2 }]",
    ] {
        let (text, found) = findings("secret-in-plain-text", secret);
        assert_eq!(found.len(), 1, "{text}{found:#?}");
        assert!(!found[0].diagnostic.message.contains("hunter2"), "{text}");
    }
    for harmless in [
        "password_encryption: md5",
        "efm_user_password_encryption: scram-sha-256",
        "app_password: \"{{ lookup('env', 'APP_PASSWORD') }}\"",
        "app_password: ''",
        "api_token_file: /etc/token",
        "secret_name: app",
        "url: \"https://ann@git.example.org/x.git\"",
        "url: \"https://ann:$TOKEN@git.example.org/x.git\"",
        "postgres_users: [{ username: app, generate_password: true }]",
    ] {
        let (text, found) = findings("secret-in-plain-text", harmless);
        assert!(found.is_empty(), "{text}{found:#?}");
    }
}

#[test]
fn lines_of_pg_hba_conf_are_judged_by_their_method() {
    for (line, count) in [
        ("host all all 10.0.0.0/8 trust", 1),
        ("host all all 10.0.0.0 255.0.0.0 trust", 1),
        ("local all all trust", 1),
        ("host app, other app samenet md5", 1),
        ("host app app 10.0.0.0/8 password", 1),
        ("hostssl app app 10.0.0.0/8 password", 0),
        ("hostssl trust trust 10.0.0.0/8 scram-sha-256", 0),
        ("host all all 10.0.0.0/8 reject # not trust", 0),
        ("# host all all 10.0.0.0/8 trust", 0),
    ] {
        let settings = format!("postgres_hba_settings: [{}]", yaml(line));
        let (_, found) = findings("service-exposed", &settings);
        assert_eq!(found.len(), count, "{line}: {found:#?}");
    }
}
