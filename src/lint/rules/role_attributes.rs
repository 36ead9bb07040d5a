mod values;

use crate::diagnostic::{Applicability, Level};
use crate::facts::database_objects::{self, PREDEFINED};
use crate::facts::encodings;
use crate::lint::Context;
use crate::lint::database::{self, Entry};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{scopes, words};
use crate::origin::Origin;
use crate::suggest;
use crate::tpa::view::Subject;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds words in `role_attrs` of `postgres_users` that Postgres does not take for an attribute of a role, attributes
    /// that contradict each other, limits and dates that it does not read, encodings of databases that Postgres does not
    /// have, and predefined roles that do not exist (`pg_monitr`), or not in this major version (`pg_maintain` before 17).
    ///
    /// ## Why is this bad?
    ///
    /// TPA makes users and databases at the end of a deployment, when the cluster is running already, and stops there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = app; role_attrs = [login, superusr] }] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = app; role_attrs = [login, superuser] }] }
    /// }
    /// ```
    pub(super) static ROLE_ATTRIBUTES = {
        name: "role-attributes",
        level: Error,
        summary: "a user or database that Postgres refuses to make",
        consequence: "`tpaexec deploy` stops near its end, when the cluster is running already",
    }
}

/// Attributes without a value; each but for the `no` before it.
const ATTRIBUTES: &[&str] = &[
    "bypassrls",
    "createdb",
    "createrole",
    "inherit",
    "login",
    "replication",
    "superuser",
];

/// The first words of attributes that have a value.
const WITH_VALUE: &[&str] = &[
    "admin",
    "connection",
    "encrypted",
    "group",
    "in",
    "password",
    "role",
    "sysid",
    "user",
    "valid",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for user in database::entries(subject, "postgres_users") {
        attributes(subject, &user, findings);
        let granted = user.map.get("granted_roles").and_then(Value::as_list);
        for role in granted.unwrap_or_default() {
            predefined(subject, &user, role, findings);
        }
    }
    for entry in database::entries(subject, "postgres_databases") {
        encoding(&entry, findings);
    }
}

fn attributes(subject: &Subject, user: &Entry<'_>, findings: &mut Of<'_>) {
    let Some(value) = user.map.get("role_attrs") else {
        return;
    };
    let of_list = value.as_list().unwrap_or_default().iter();
    let listed = of_list.filter_map(|item| Some((item.as_text()?, item.origin, true)));
    let text = value.as_text().filter(|_| !scopes::is_template(value));
    let in_text = text.into_iter().flat_map(|text| text.split(','));
    let all = listed.chain(in_text.map(|word| (word.trim(), value.origin, false)));
    let mut seen: Vec<(String, bool, Origin)> = Vec::new();
    for (written, at, is_item) in all {
        if written.contains("{{") || written.is_empty() {
            continue;
        }
        let lower = written.to_lowercase();
        let first = lower.split_whitespace().next().unwrap_or_default();
        if WITH_VALUE.contains(&first) && first != lower {
            if let Some(refusal) = values::refused(written) {
                findings
                    .at(user.entity.clone(), at, refusal.message)
                    .key(user.key.as_str())
                    .label(refusal.label)
                    .help(refusal.help);
            }
            continue;
        }
        let (name, is_on) = match lower.strip_prefix("no") {
            Some(rest) if ATTRIBUTES.contains(&rest) => (rest, false),
            Some(_) | None => (lower.as_str(), true),
        };
        if !ATTRIBUTES.contains(&name) {
            unknown(subject, user, (written, at, is_item), findings);
            continue;
        }
        if let Some((_, _, other)) = seen
            .iter()
            .find(|(known, on, _)| known == name && *on != is_on)
        {
            findings
                .at(
                    user.entity.clone(),
                    at,
                    format!("`{name}` and `no{name}` contradict each other"),
                )
                .key(user.key.as_str())
                .label("the opposite")
                .related(*other, "of this")
                .help("remove one of them");
        }
        seen.push((name.to_owned(), is_on, at));
    }
}

fn unknown(
    subject: &Subject,
    user: &Entry<'_>,
    (written, at, is_item): (&str, Origin, bool),
    findings: &mut Of<'_>,
) {
    let plain: String = written
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let (no, word) = match plain.strip_prefix("no") {
        Some(rest) => ("no", rest),
        None => ("", plain.as_str()),
    };
    let meant = match word {
        "super" | "admin" | "root" | "su" => Some("superuser"),
        "createuser" => Some("createrole"),
        "createdatabase" | "createdbs" => Some("createdb"),
        "repl" | "replicate" => Some("replication"),
        "rls" => Some("bypassrls"),
        _ => suggest::nearest(word, ATTRIBUTES),
    };
    let finding = findings
        .at(
            user.entity.clone(),
            at,
            format!("`{written}` is not an attribute of a role"),
        )
        .key(user.key.as_str())
        .label("Postgres refuses it");
    match meant {
        Some(meant) => {
            finding.help(format!("write `{no}{meant}`"));
            if is_item {
                let literal = words::literal(subject, &format!("{no}{meant}"));
                finding.fix(Applicability::Suggested, at, literal);
            }
        }
        None => {
            finding.help(format!(
                "write one of {}, or `no` before it; write roles that the user belongs to in `granted_roles`",
                words::list(ATTRIBUTES)
            ));
        }
    }
}

/// A role of Postgres's own that there is not, or not yet, or that nobody can be a member of.
fn predefined(subject: &Subject, user: &Entry<'_>, role: &Value, findings: &mut Of<'_>) {
    let Some(written) = role.as_text().filter(|_| !scopes::is_template(role)) else {
        return;
    };
    let name = written.split('/').next().unwrap_or(written);
    let is_own = name.starts_with(database_objects::OWN_PREFIX);
    if !is_own || database::has(&database::roles(subject), name) {
        return;
    }
    let major = subject.version().map(|version| version.value);
    let mut known = PREDEFINED.iter();
    let since = known.find(|(known, _)| *known == name);
    match since {
        Some((_, since)) if major.is_some_and(|major| major < *since) => {
            let major = major.unwrap_or_default();
            findings
                .at(
                    user.entity.clone(),
                    role.origin,
                    format!("Postgres {major} has no role `{name}`"),
                )
                .key(user.key.as_str())
                .label(format!("since Postgres {since}"))
                .help(format!(
                    "remove it from `granted_roles`, or deploy Postgres {since}"
                ));
        }
        Some((OWNER, _)) => {
            findings
                .at(
                    user.entity.clone(),
                    role.origin,
                    format!("nobody can be made a member of `{OWNER}`"),
                )
                .key(user.key.as_str())
                .label("its only member is the owner of the database")
                .help(
                    "remove it from `granted_roles`, and write the user as `owner` of the database",
                );
        }
        Some(_) => {}
        None => unknown_role(subject, user, role, name, findings),
    }
}

/// Its members follow from who owns a database.
const OWNER: &str = "pg_database_owner";

fn unknown_role(
    subject: &Subject,
    user: &Entry<'_>,
    role: &Value,
    name: &str,
    findings: &mut Of<'_>,
) {
    let major = subject.version().map(|version| version.value);
    let names = PREDEFINED
        .iter()
        .filter(|(_, since)| major.is_none_or(|major| *since <= major));
    let names: Vec<&str> = names.map(|(name, _)| *name).collect();
    let finding = findings
        .at(
            user.entity.clone(),
            role.origin,
            format!("Postgres has no role `{name}`"),
        )
        .key(user.key.as_str())
        .label("not known");
    match suggest::nearest(name, &names) {
        Some(meant) => {
            let written = role.as_text().unwrap_or_default();
            finding.help(format!("write `{meant}`")).fix(
                Applicability::Suggested,
                role.origin,
                words::literal(subject, &written.replacen(name, meant, 1)),
            );
        }
        None => {
            finding
                .level(Level::Warning)
                .help("roles that begin with `pg_` are Postgres's own: write another name");
        }
    }
}

fn encoding(entry: &Entry<'_>, findings: &mut Of<'_>) {
    let Some(value) = entry.map.get("encoding") else {
        return;
    };
    let Some(written) = value.as_text().filter(|text| !text.contains("{{")) else {
        return;
    };
    if written.is_empty() || encodings::is_of_server(written) {
        return;
    }
    findings
        .at(
            entry.entity.clone(),
            value.origin,
            format!("Postgres has no encoding `{written}`"),
        )
        .key(entry.key.as_str())
        .label("not an encoding")
        .help("write `UTF8`");
}
