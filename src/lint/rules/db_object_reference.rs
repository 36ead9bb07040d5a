use crate::diagnostic::Applicability;
use crate::lint::Context;
use crate::lint::database::{self, Entry};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::suggest;
use crate::tpa::view::{Subject, Written, places};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds users and databases without a name, and names in them that stand for nothing: the owner of a database, a
    /// role that is granted, and a tablespace, none of which the cluster declares. The roles and tablespaces that
    /// Postgres and TPA make count as declared.
    ///
    /// ## Why is this bad?
    ///
    /// TPA makes users and databases at the end of a deployment, when the cluster is running already, and stops there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     postgres_users     = [{ username = payments }]
    ///     postgres_databases = [{ name = payments; owner = payment }]
    ///   }
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
    ///   vars {
    ///     postgres_users     = [{ username = payments }]
    ///     postgres_databases = [{ name = payments; owner = payments }]
    ///   }
    /// }
    /// ```
    pub(super) static DB_OBJECT_REFERENCE = {
        name: "db-object-reference",
        level: Error,
        summary: "an owner, role or tablespace that nothing declares",
        consequence: "`tpaexec deploy` stops near its end, when the cluster is running already",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let roles = database::roles(subject);
    let tablespaces = database::tablespaces(subject);
    for user in database::entries(subject, "postgres_users") {
        named(subject, findings, &user, &USER);
        let granted = user.map.get("granted_roles");
        let granted = granted.and_then(Value::as_list).unwrap_or_default();
        for role in granted {
            // A grant may say how: `role/admin`.
            let known = |name: &str| {
                let name = name.split('/').next().unwrap_or(name);
                name.starts_with("pg_") || database::has(&roles, name)
            };
            refers(subject, findings, &user, role, "role", &roles, known);
        }
    }
    for entry in database::entries(subject, "postgres_databases") {
        named(subject, findings, &entry, &DATABASE);
        if let Some(owner) = entry.map.get("owner") {
            let known = |name: &str| database::has(&roles, name);
            refers(subject, findings, &entry, owner, "owner", &roles, known);
        }
        if let Some(tablespace) = entry.map.get("tablespace") {
            let known = |name: &str| database::has(&tablespaces, name);
            refers(
                subject,
                findings,
                &entry,
                tablespace,
                "tablespace",
                &tablespaces,
                known,
            );
        }
    }
}

/// What an entry of a list is called by, and what people call that elsewhere.
struct Naming {
    kind: &'static str,
    key: &'static str,
    elsewhere: &'static [&'static str],
}

const USER: Naming = Naming {
    kind: "user",
    key: "username",
    elsewhere: &["name", "user", "role", "rolname", "login"],
};

const DATABASE: Naming = Naming {
    kind: "database",
    key: "name",
    elsewhere: &["database", "dbname", "datname", "db", "db_name"],
};

fn named(subject: &Subject, findings: &mut Of<'_>, entry: &Entry<'_>, naming: &Naming) {
    let Naming {
        kind,
        key,
        elsewhere,
    } = naming;
    if entry.map.get(key).is_some() {
        return;
    }
    let mut elsewhere = elsewhere.iter().copied();
    let written = elsewhere.find_map(|word| Some((word, entry.map.get(word)?.as_text()?)));
    let Some((word, name)) = written else {
        findings
            .at(
                entry.entity.clone(),
                entry.at,
                format!("a {kind} has no `{key}`"),
            )
            .key(entry.key.as_str())
            .label(format!("no `{key}`"))
            .help(format!(
                "add {}, with its name",
                words::setting(subject.written, key, "app")
            ));
        return;
    };
    let at = places::of_key(entry.map, word).unwrap_or(entry.at);
    findings
        .at(
            entry.entity.clone(),
            at,
            format!("the name of a {kind} is its `{key}`, not its `{word}`"),
        )
        .key(entry.key.as_str())
        .label(format!("called `{key}` here"))
        .help(format!(
            "write {}",
            words::setting(subject.written, key, name)
        ))
        .fix(Applicability::Suggested, at, *key);
}

fn refers(
    subject: &Subject,
    findings: &mut Of<'_>,
    entry: &Entry<'_>,
    reference: &Value,
    kind: &str,
    known: &[String],
    is_known: impl Fn(&str) -> bool,
) {
    let Some(name) = reference.as_text() else {
        return;
    };
    if name.is_empty() || name.contains("{{") || is_known(name) {
        return;
    }
    let words: Vec<&str> = known.iter().map(String::as_str).collect();
    let declare = declaration(subject, kind, name);
    let nearest = suggest::nearest(name, &words);
    let help = match nearest {
        Some(nearest) => format!("write `{nearest}`, or declare `{name}` with {declare}"),
        None => format!("declare `{name}`, with {declare}"),
    };
    let finding = findings
        .at(
            entry.entity.clone(),
            reference.origin,
            format!("the {kind} `{name}` is declared nowhere"),
        )
        .key(entry.key.as_str())
        .label("not declared")
        .help(help);
    if let Some(nearest) = nearest {
        finding.fix(
            Applicability::Suggested,
            reference.origin,
            words::literal(subject, nearest),
        );
    }
}

/// What declares a role or tablespace.
fn declaration(subject: &Subject, kind: &str, name: &str) -> String {
    match (subject.written, kind) {
        (Written::Source, "tablespace") => words::variable(
            subject,
            "postgres_tablespaces",
            &format!("{{ {name} = {{ location = \"/…\" }} }}"),
        ),
        (Written::Source, _) => words::variable(
            subject,
            "postgres_users",
            &format!("[{{ username = {name} }}]"),
        ),
        (Written::Config, "tablespace") => {
            format!("an entry `{name}` of `postgres_tablespaces`")
        }
        (Written::Config, _) => format!("an entry `username: {name}` of `postgres_users`"),
    }
}
