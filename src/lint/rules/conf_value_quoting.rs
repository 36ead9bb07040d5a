use super::{postgres_value, protected_setting};
use crate::diagnostic::Applicability;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::lint::{Context, scopes};
use crate::origin::Origin;
use crate::tpa::view::Entity;
use crate::tpa::view::Subject;
use crate::tpa::view::guc::{self, Problem};
use crate::tpa::view::places;
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds entries of `postgres_conf_settings`, and values of `archive_command`, that are not lines of postgresql.conf.
    /// TPA writes them there as they are: `NAME = VALUE`. Without quotes a value is one word that begins with a letter,
    /// or a number with its unit. Everything else is in single quotes, and these belong to the value: text with
    /// blanks, commas or `%`, two names with a dot between, a fraction with a unit such as `1.5GB`, and an empty text.
    ///
    /// ## Why is this bad?
    ///
    /// One line that Postgres cannot read keeps it from starting. TPA restarts Postgres when these settings change, so
    /// a cluster that is running stops.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { search_path = "app, public" } }
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
    ///   vars { postgres_conf_settings = { search_path = "'app, public'" } }
    /// }
    /// ```
    pub(super) static CONF_VALUE_QUOTING = {
        name: "conf-value-quoting",
        level: Error,
        summary: "a value that postgresql.conf cannot hold as it is",
        consequence: "Postgres finds a syntax error in its configuration and does not start; `tpaexec deploy` takes a running server down with it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for settings in declared::variable(subject, "postgres_conf_settings") {
        let Some(map) = settings.value.as_map() else {
            continue;
        };
        for (key, value) in map.iter() {
            let name = key.to_string();
            let path = format!("{}/{name}", settings.key);
            if !guc::is_name(&name) {
                let at = places::of_key(map, &name).unwrap_or(value.origin);
                bad_name(findings, settings.entity.clone(), &path, at, &name);
            }
            judge(
                subject,
                findings,
                &name,
                &Declared {
                    entity: settings.entity.clone(),
                    key: path,
                    value,
                },
            );
        }
    }
    for command in declared::variable(subject, "archive_command") {
        judge(subject, findings, "archive_command", &command);
    }
}

fn bad_name(findings: &mut Of<'_>, entity: Entity, key: &str, at: Origin, name: &str) {
    let finding = findings
        .at(
            entity,
            at,
            format!("`{name}` is not a name of a setting of Postgres"),
        )
        .key(key)
        .label("letters, digits and `_`, with one dot at most");
    let repaired = name.replace('-', "_");
    if guc::is_name(&repaired) {
        finding.help(format!("write `{repaired}`"));
    } else {
        finding.help("write the name as in the documentation of Postgres");
    }
}

fn judge(subject: &Subject, findings: &mut Of<'_>, name: &str, setting: &Declared<'_>) {
    let value = setting.value;
    // Nobody knows what a template will be; what belongs to TPA is to be removed.
    if scopes::is_template(value) || protected_setting::belongs_to_tpa(name) {
        return;
    }
    let (message, label, repaired) = match &value.data {
        Data::Null => (
            format!("`{name}` has no value, and reaches postgresql.conf as `None`"),
            "nothing",
            None,
        ),
        Data::Text(text) => {
            let Err(problem) = guc::check(text) else {
                return;
            };
            // Quotes do not help a value that Postgres refuses anyway.
            let is_refused = postgres_value::refuses(subject, name, guc::without_quotes(text));
            if is_refused && problem != Problem::Empty {
                return;
            }
            let (message, label) = words(name, problem);
            let repaired = repair(text, problem).filter(|_| !is_refused);
            (
                message,
                if is_refused { "nothing" } else { label },
                repaired,
            )
        }
        Data::List(items) => (
            format!("`{name}` is a list, and Postgres takes one value"),
            "a list",
            joined(items),
        ),
        Data::Map(_) => (
            format!("`{name}` is a map, and Postgres takes one value"),
            "a map",
            None,
        ),
        Data::Decimal(decimal) if has_exponent(*decimal) => (
            format!("`{name}` reaches postgresql.conf with an exponent, which needs single quotes"),
            "written as a power of ten",
            Some(format!("'{decimal}'")),
        ),
        Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => return,
    };
    let at = declared::place_of(subject, value.origin);
    let finding = findings
        .at(setting.entity.clone(), at, message)
        .key(setting.key.as_str())
        .label(label);
    match repaired {
        Some(repaired) => {
            let literal = words::literal(subject, &repaired);
            finding
                .help(format!(
                    "write `{literal}`: the single quotes are part of the value"
                ))
                .fix(Applicability::Suggested, value.origin, literal);
        }
        None if label == "nothing" => {
            finding.help("write a value, or remove it");
        }
        None => {
            finding.help("write one text in single quotes that are part of it");
        }
    }
}

fn words(name: &str, problem: Problem) -> (String, &'static str) {
    match problem {
        Problem::Empty => (
            format!("`{name}` is empty, and a line of postgresql.conf needs a value"),
            "an empty text is `''`",
        ),
        Problem::Quotes => (
            format!("the single quotes of `{name}` do not enclose its whole value"),
            "a quote inside is doubled",
        ),
        Problem::QualifiedName => (
            format!("`{name}` needs single quotes, because of the dot"),
            "read as the name of a setting",
        ),
        Problem::LineBreak => (
            format!("`{name}` has a line break, which ends a line of postgresql.conf"),
            "more than one line",
        ),
        Problem::Unquoted => (
            format!("`{name}` needs single quotes in postgresql.conf"),
            "more than one word or number",
        ),
    }
}

fn repair(text: &str, problem: Problem) -> Option<String> {
    match problem {
        Problem::Empty => Some("''".to_owned()),
        Problem::Quotes => Some(guc::quote(&guc::without_quotes(text).replace("''", "'"))),
        Problem::QualifiedName | Problem::Unquoted => Some(guc::quote(text)),
        Problem::LineBreak => None,
    }
}

/// A list of texts as the list that Postgres knows.
fn joined(items: &[Value]) -> Option<String> {
    let texts: Option<Vec<String>> = items.iter().map(Value::spelling).collect();
    Some(guc::quote(&texts?.join(", ")))
}

/// Whether Python writes a decimal with an exponent.
fn has_exponent(decimal: f64) -> bool {
    let size = decimal.abs();
    size != 0.0 && !(1e-4..1e16).contains(&size)
}
