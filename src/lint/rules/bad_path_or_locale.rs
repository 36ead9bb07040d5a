use crate::facts::encodings;
use crate::facts::settled::DATA_DIRECTORY;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Finding, words};
use crate::tpa::view::Subject;
use crate::value::{Map, Value};

/// The locale of `initdb` unless told otherwise.
const LOCALE: &str = "en_US.UTF-8";

rule! {
    /// ## What it does
    ///
    /// Finds directories of Postgres that are not an absolute path, a directory of WAL inside the data directory other than
    /// `pg_wal`, a `user_locale` without a character set, and databases with an encoding or locale of their own that
    /// are not made from `template0`.
    ///
    /// ## Why is this bad?
    ///
    /// `initdb` or a task of TPA fails in the middle of a deployment, and `CREATE DATABASE` refuses to give a copy of
    /// the template another encoding or locale.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_databases = [{ name = app; lc_collate = C }] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_databases = [{ name = app; lc_collate = C; template = template0 }] }
    /// }
    /// ```
    pub(super) static BAD_PATH_OR_LOCALE = {
        name: "bad-path-or-locale",
        level: Error,
        summary: "a directory or locale that Postgres refuses",
        consequence: "`tpaexec deploy` stops at `initdb`, or when it makes the database",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for name in ["postgres_data_dir", "postgres_wal_dir", "postgres_conf_dir"] {
        for path in declared::variable(subject, name) {
            absolute(subject, findings, &path, name);
        }
    }
    for wal in declared::variable(subject, "postgres_wal_dir") {
        inside_data(subject, findings, &wal);
    }
    for locale in declared::variable(subject, "user_locale") {
        character_set(subject, findings, &locale);
    }
    for databases in declared::variable(subject, "postgres_databases") {
        for database in databases.value.as_list().unwrap_or_default() {
            if let Some(map) = database.as_map() {
                template(subject, findings, &databases, map);
            }
        }
    }
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    declared: &Declared<'_>,
    value: &Value,
    message: String,
) -> &'f mut Finding {
    let at = declared::place_of(subject, value.origin);
    findings
        .at(declared.entity.clone(), at, message)
        .key(declared.key.as_str())
}

/// Whether a text is filled in by Ansible.
fn is_template(text: &str) -> bool {
    text.contains("{{")
}

fn absolute(subject: &Subject, findings: &mut Of<'_>, path: &Declared<'_>, name: &str) {
    let Some(text) = path.value.as_text() else {
        return;
    };
    if text.starts_with('/') || is_template(text) {
        return;
    }
    report(
        subject,
        findings,
        path,
        path.value,
        format!("`{name}` is `{text}`, which is not an absolute path"),
    )
    .label("does not begin with `/`")
    .help("write the whole path, from `/` on");
}

fn inside_data(subject: &Subject, findings: &mut Of<'_>, wal: &Declared<'_>) {
    let data = subject.text("postgres_data_dir");
    let data = data.map_or_else(|| DATA_DIRECTORY.to_owned(), |data| data.value);
    let data = data.trim_end_matches('/');
    let Some(text) = wal.value.as_text() else {
        return;
    };
    let Some(inner) = text.trim_end_matches('/').strip_prefix(data) else {
        return;
    };
    if inner == "/pg_wal" || !(inner.is_empty() || inner.starts_with('/')) {
        return;
    }
    report(
        subject,
        findings,
        wal,
        wal.value,
        format!("`postgres_wal_dir` is `{text}`, inside the data directory `{data}`"),
    )
    .label("`initdb` needs an empty data directory")
    .help(format!(
        "write a directory of its own volume, or leave it out: WAL is then in `{data}/pg_wal`"
    ));
}

fn character_set(subject: &Subject, findings: &mut Of<'_>, locale: &Declared<'_>) {
    let Some(text) = locale.value.as_text() else {
        return;
    };
    if text.contains('.') || is_template(text) {
        return;
    }
    report(
        subject,
        findings,
        locale,
        locale.value,
        format!("`user_locale` is `{text}`, without a character set"),
    )
    .label("no `.` in it")
    .help("write it as in `en_US.UTF-8`")
    .consequence("a task of TPA that splits it at the `.` fails during `tpaexec deploy`");
}

fn template(subject: &Subject, findings: &mut Of<'_>, databases: &Declared<'_>, database: &Map) {
    let written = database.get("template").and_then(Value::as_text);
    // A template of your own may have any encoding.
    if written.is_some_and(|written| written != "template1") {
        return;
    }
    let cluster = subject.text("postgres_locale");
    let cluster = cluster.map_or_else(|| LOCALE.to_owned(), |locale| locale.value);
    let differing = ["encoding", "lc_collate", "lc_ctype"]
        .into_iter()
        .filter_map(|key| Some((key, database.get(key)?)))
        .find(|(key, value)| {
            let text = value.spelling().unwrap_or_default();
            let own = if *key == "encoding" {
                cluster.rsplit_once('.').map_or("", |(_, set)| set)
            } else {
                cluster.as_str()
            };
            // What is not an encoding is `role-attributes`'s.
            let is_unknown = *key == "encoding" && !encodings::is_of_server(&text);
            let differs = plain(&text) != plain(own);
            !text.is_empty() && !is_template(&text) && !is_unknown && differs
        });
    let Some((key, value)) = differing else {
        return;
    };
    let name = database.get("name").and_then(Value::as_text).unwrap_or("?");
    let text = value.spelling().unwrap_or_default();
    report(
        subject,
        findings,
        databases,
        value,
        format!("the database `{name}` has `{key}` `{text}` and is made from `template1`"),
    )
    .label("unlike that of the template")
    .help(format!(
        "add {} beside it, which may be copied with another encoding and locale",
        words::setting(subject.written, "template", "template0")
    ))
    .consequence("`CREATE DATABASE` refuses this, and `tpaexec deploy` stops");
}

/// A locale or encoding without the differences that mean nothing.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_lowercase()
}
