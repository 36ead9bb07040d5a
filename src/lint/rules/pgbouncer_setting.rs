use crate::diagnostic::{Applicability, Level};
use crate::facts::pgbouncer::{DATABASE_KEYS, NUMBERS, POOL_MODES};
use crate::lint::Context;
use crate::lint::finding::{Finding, Of};
use crate::lint::programs::pgbouncer;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::words;
use crate::origin::Origin;
use crate::suggest;
use crate::tpa::view::{Instance, Subject, places, settings};
use crate::value::{Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds what PgBouncer refuses in `pgbouncer_databases` and in its variables: keys and pool modes that it does not
    /// know, names that its file cannot hold, ports that do not exist. It warns of numbers that PgBouncer reads as another
    /// one or that let nobody in, of an `auth_user` that TPA overwrites, and of a `host` outside of the cluster, which no
    /// failover redirects.
    ///
    /// ## Why is this bad?
    ///
    /// PgBouncer does not start with one entry that it refuses, on no machine. For the entry `*` it starts and refuses every
    /// client.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { pgbouncer_databases = [{ name = app; options = { pool_mode = transactional } }] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   pool pgbouncer
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { pgbouncer_databases = [{ name = app; options = { pool_mode = transaction } }] }
    /// }
    /// ```
    pub(super) static PGBOUNCER_SETTING = {
        name: "pgbouncer-setting",
        level: Error,
        summary: "a setting that PgBouncer refuses or reads as something else",
        consequence: "PgBouncer does not start, and no client reaches the cluster",
    }
}

const DATABASES: &str = "pgbouncer_databases";
/// The keys of an entry that TPA reads.
const ENTRY: &[&str] = &["name", "options", "dsn"];

/// Variables that are numbers, the least that makes sense, and what happens below it.
const VARIABLES: &[(&str, i64, Level, &str)] = &[
    (
        "pgbouncer_max_client_conn",
        1,
        Level::Warning,
        "PgBouncer refuses every client: `no more connections allowed`",
    ),
    (
        "pgbouncer_default_pool_size",
        1,
        Level::Warning,
        "PgBouncer never opens a connection to Postgres, and clients wait until they give up",
    ),
    (
        "pgbouncer_server_login_retry",
        0,
        Level::Error,
        "PgBouncer does not start",
    ),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        for variable in VARIABLES {
            number(&scope, variable, findings);
        }
        let entries = scope.map.get(DATABASES).and_then(Value::as_list);
        let mut names: Vec<&Value> = Vec::new();
        for entry in entries.unwrap_or_default() {
            let Some(map) = entry.as_map() else {
                if !scopes::is_template(entry) {
                    shape(subject, &scope, "a database", entry, findings);
                }
                continue;
            };
            let database = Database {
                subject,
                scope: &scope,
                is_wildcard: map.get("name").and_then(Value::as_text) == Some("*"),
            };
            database.keys(map, findings);
            if let Some(name) = map.get("name") {
                database.name(name, &names, findings);
                names.push(name);
            } else {
                database
                    .report(
                        entry.origin,
                        "a database without `name`".to_owned(),
                        findings,
                    )
                    .label("no name")
                    .consequence("`tpaexec deploy` stops")
                    .help("write `name`; `*` stands for every database without an entry");
            }
            if let Some(options) = map.get("options") {
                match options.as_map() {
                    Some(options) => database.options(options, findings),
                    None if scopes::is_template(options) => {}
                    None => shape(subject, &scope, "`options`", options, findings),
                }
            }
            if let Some(dsn) = map.get("dsn") {
                database.dsn(dsn, findings);
            }
        }
    }
}

/// What has to be a map and is not.
fn shape(subject: &Subject, scope: &Scope<'_>, what: &str, value: &Value, findings: &mut Of<'_>) {
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("{what} is not a map"),
        )
        .key(scope.key(DATABASES))
        .label("not a map")
        .consequence("`tpaexec deploy` stops when it writes the file of PgBouncer")
        .help(words::say(
            subject,
            "write `{ name = app; options = { pool_mode = transaction } }`",
            "write `{ name: app, options: { pool_mode: transaction } }`",
        ));
}

fn number(
    scope: &Scope<'_>,
    (name, least, level, consequence): &(&str, i64, Level, &'static str),
    findings: &mut Of<'_>,
) {
    let Some(value) = scope.map.get(name) else {
        return;
    };
    let number = settings::number(Some(value)).filter(|number| number.value < *least);
    let Some(number) = number else { return };
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!(
                "`{name}` is {}, and the least that works is {least}",
                number.value
            ),
        )
        .key(scope.key(name))
        .label(format!("below {least}"))
        .level(*level)
        .consequence(*consequence)
        .help(format!("write {least} or more, or leave it out"));
}

/// An entry of `pgbouncer_databases`.
struct Database<'s> {
    subject: &'s Subject,
    scope: &'s Scope<'s>,
    is_wildcard: bool,
}

impl Database<'_> {
    fn report<'f>(&self, at: Origin, message: String, findings: &'f mut Of<'_>) -> &'f mut Finding {
        let finding = findings
            .at(self.scope.entity.clone(), at, message)
            .key(self.scope.key(DATABASES));
        if self.is_wildcard {
            finding.consequence("PgBouncer starts, and refuses every client of a database without an entry of its own");
        }
        finding
    }

    fn keys(&self, map: &Map, findings: &mut Of<'_>) {
        for (key, value) in map.iter() {
            let Key::Text(key) = key else { continue };
            if ENTRY.contains(&key.as_str()) {
                continue;
            }
            let at = places::of_key(map, key).unwrap_or(value.origin);
            let is_option = DATABASE_KEYS.iter().any(|(known, _)| known == key);
            let finding = self
                .report(
                    at,
                    format!("TPA does not read the key `{key}` of a database"),
                    findings,
                )
                .label("has no effect")
                .level(Level::Warning)
                .consequence("TPA ignores it, and never says so");
            if is_option {
                finding.help(format!(
                    "write it in `options` of the database: `options` takes `{key}`"
                ));
            } else if let Some(nearest) = suggest::nearest(key, ENTRY) {
                finding.help(format!("write `{nearest}`")).fix(
                    Applicability::Suggested,
                    at,
                    nearest,
                );
            } else {
                finding.help("the keys are `name`, `options` and `dsn`");
            }
        }
    }

    fn name(&self, value: &Value, others: &[&Value], findings: &mut Of<'_>) {
        let Some(name) = value.spelling().filter(|_| !scopes::is_template(value)) else {
            return;
        };
        if name == "pgbouncer" {
            self.report(
                value.origin,
                "`pgbouncer` is the name of PgBouncer's own database".to_owned(),
                findings,
            )
            .label("reserved")
            .help("take another name");
        } else if !pgbouncer::is_name(&name) {
            self.report(
                value.origin,
                format!("PgBouncer takes no database called `{name}`"),
                findings,
            )
            .label("only letters, digits, `_`, `-` and `.`")
            .help("write another name, and the real one as `dbname` in `options`");
        } else if let Some(other) = others
            .iter()
            .find(|other| other.spelling().as_ref() == Some(&name))
        {
            self.report(
                value.origin,
                format!("the database `{name}` has two entries"),
                findings,
            )
            .label("the second")
            .related(other.origin, "the first")
            .level(Level::Warning)
            .consequence("PgBouncer takes the last entry alone")
            .help("remove one of them");
        }
    }

    fn options(&self, options: &Map, findings: &mut Of<'_>) {
        for (key, value) in options.iter() {
            let Key::Text(key) = key else { continue };
            let at = places::of_key(options, key).unwrap_or(value.origin);
            if !self.key(key, at, Some(at), findings) {
                continue;
            }
            match key.as_str() {
                "auth_user" => {
                    self.report(
                        at,
                        "TPA writes `auth_user` itself, over this one".to_owned(),
                        findings,
                    )
                    .label("overwritten")
                    .level(Level::Warning)
                    .consequence("passwords are looked up by `pgbouncer_auth_user` all the same")
                    .help(format!(
                        "remove it, and write {}, which holds for all databases",
                        words::variable(self.subject, "pgbouncer_auth_user", "NAME")
                    ));
                }
                "host" => self.host(at, value, findings),
                _ => {}
            }
            if let Some(text) = value.spelling().filter(|_| !scopes::is_template(value)) {
                self.value(key, &text, value.origin, findings);
            }
        }
    }

    /// Whether PgBouncer knows a key; what is wrong with it is said.
    fn key(&self, key: &str, at: Origin, fix: Option<Origin>, findings: &mut Of<'_>) -> bool {
        let known = DATABASE_KEYS.iter().find(|(known, _)| *known == key);
        if let Some((_, since)) = known {
            let pinned = super::pgbouncer_too_old::pinned(self.subject);
            if let (Some((major, minor)), Some(pinned)) = (since, pinned)
                && pinned.value.line() < (*major, *minor)
            {
                self.report(
                    at,
                    format!("`{key}` needs PgBouncer {major}.{minor}"),
                    findings,
                )
                .label("not in this version")
                .related(pinned.origin, "this version is installed")
                .help(format!(
                    "remove it, or install PgBouncer {major}.{minor} or later"
                ));
            }
            return true;
        }
        let names: Vec<&str> = DATABASE_KEYS.iter().map(|(name, _)| *name).collect();
        let finding = self
            .report(
                at,
                format!("PgBouncer does not know the key `{key}` of a database"),
                findings,
            )
            .label("not known");
        let plain = key.strip_prefix("pgbouncer_").unwrap_or(key);
        let meant = match plain {
            "default_pool_size" => Some("pool_size"),
            "database" | "db" => Some("dbname"),
            "username" => Some("user"),
            "hostname" | "hostaddr" => Some("host"),
            _ => suggest::nearest(plain, &names),
        };
        match meant {
            Some(meant) => {
                finding.help(format!("write `{meant}`"));
                if let Some(at) = fix {
                    finding.fix(Applicability::Suggested, at, meant);
                }
            }
            None => {
                finding.help(format!(
                    "remove it; PgBouncer takes {}",
                    words::list(&names)
                ));
            }
        }
        false
    }

    fn value(&self, key: &str, text: &str, at: Origin, findings: &mut Of<'_>) {
        if text.is_empty() {
            self.report(at, format!("`{key}` is empty"), findings)
                .label("empty")
                .help(format!("write a value, or leave `{key}` out"));
            return;
        }
        let read = pgbouncer::leading_number(text);
        match key {
            "pool_mode"
                if !POOL_MODES
                    .iter()
                    .any(|mode| mode.eq_ignore_ascii_case(text)) =>
            {
                let finding = self
                    .report(at, format!("`{text}` is not a pool mode"), findings)
                    .label("not known")
                    .help(words::instead(text, POOL_MODES));
                let meant = POOL_MODES.iter().find(|mode| {
                    let begin = text.get(..5).unwrap_or(text).to_lowercase();
                    mode.starts_with(&begin)
                });
                if let Some(meant) = meant.copied().or(suggest::nearest(text, POOL_MODES)) {
                    finding.help(format!("write `{meant}`")).fix(
                        Applicability::Suggested,
                        at,
                        meant,
                    );
                }
            }
            "port" if !(1..=65535).contains(&read) => {
                let finding = self
                    .report(at, format!("`{text}` is not a port"), findings)
                    .label("not a port")
                    .help("write a number from 1 to 65535");
                if read != 0 {
                    finding
                        .level(Level::Warning)
                        .consequence("PgBouncer starts, and reaches no server of this database");
                }
            }
            "host" if text.contains('=') => {
                self.report(
                    at,
                    format!("PgBouncer takes `{text}` for the name of the host"),
                    findings,
                )
                .label("one word")
                .level(Level::Warning)
                .consequence("PgBouncer starts, and reaches no server of this database")
                .help("write a blank between two settings: `host=10.0.0.1 port=5432`");
            }
            "port" if text.trim().parse() != Ok(read) => {
                self.misread(key, text, read, at, findings);
            }
            _ if NUMBERS.contains(&key) => {
                if text.trim().parse() != Ok(read) {
                    self.misread(key, text, read, at, findings);
                } else if key == "pool_size" && read == 0 {
                    self.report(at, "`pool_size` of 0 lets nobody in".to_owned(), findings)
                        .label("no connection")
                        .level(Level::Warning)
                        .consequence("PgBouncer never opens a connection to this database, and clients wait until they give up")
                        .help("write how many connections it may open, or leave it out");
                }
            }
            _ => {}
        }
    }

    fn misread(&self, key: &str, text: &str, read: i64, at: Origin, findings: &mut Of<'_>) {
        self.report(
            at,
            format!("PgBouncer reads `{key}` of `{text}` as {read}"),
            findings,
        )
        .label(format!("means {read}"))
        .level(Level::Warning)
        .consequence("PgBouncer drops what is not a number, and never says so")
        .help("write a whole number without a unit");
    }

    /// A host that neither TPA nor a failover knows.
    fn host(&self, at: Origin, value: &Value, findings: &mut Of<'_>) {
        let Some(host) = value.as_text().filter(|_| !scopes::is_template(value)) else {
            return;
        };
        let is_machine = |instance: &Instance| {
            let keys = ["ip_address", "private_ip", "public_ip"];
            let mut addresses = keys.iter().filter_map(|key| instance.entry.get(key));
            instance.name.value == host || addresses.any(|address| address.as_text() == Some(host))
        };
        let is_local = matches!(host, "127.0.0.1" | "localhost" | "::1") || host.starts_with('/');
        if is_local || self.subject.instances.iter().any(is_machine) {
            return;
        }
        self.report(
            at,
            format!("`host` leads to `{host}`, and `pgbouncer_backend` does not count for this database"),
            findings,
        )
        .label("not a machine of this cluster")
        .level(Level::Warning)
        .consequence("clients of this database go there whoever is the primary: a failover does not redirect them")
        .help("remove `host`, and PgBouncer goes to the primary; a replica is written by its name");
    }

    /// A whole connection string.
    fn dsn(&self, value: &Value, findings: &mut Of<'_>) {
        let Some(text) = value.as_text().filter(|_| !scopes::is_template(value)) else {
            return;
        };
        let Some(pairs) = pgbouncer::pairs(text) else {
            self.report(
                value.origin,
                format!("PgBouncer cannot take `{text}` apart"),
                findings,
            )
            .label("not KEY=VALUE with blanks between")
            .help("write `host=10.0.0.1 port=5432 dbname=app`; put a value with blanks in single quotes");
            return;
        };
        for (key, text) in pairs {
            if self.key(key, value.origin, None, findings) {
                self.value(key, &text, value.origin, findings);
            }
        }
    }
}
