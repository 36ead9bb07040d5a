use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::path::{Path, spelling};
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::tpa::view::{Entity, Subject};
use crate::value::{Data, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds texts with `{{`, `{%` or `{#` in which Ansible's templates find nothing to expand: a name that is neither a
    /// top-level key of the file nor known to TPA, or a delimiter without its end. `{{ lookup(…) }}` and names of
    /// top-level keys are what templates are for, and pass.
    ///
    /// ## Why is this bad?
    ///
    /// Every text of config.yml is a template. One undefined name in `cluster_vars` empties the whole of it, and
    /// `tpaexec provision` only says that `cluster_vars` is missing.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { log_line_prefix = "{{app}} %m" }
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
    ///   vars { log_line_prefix = "%m %a" }
    /// }
    /// ```
    pub(super) static TEMPLATE_DELIMITER = {
        name: "template-delimiter",
        level: Error,
        summary: "a text that Ansible takes for a template",
        consequence: "`tpaexec provision` fails, or says that `cluster_vars` is missing although it is there",
    }
}

/// Names that templates know while TPA provisions.
const KNOWN: &[&str] = &[
    "cluster_dir",
    "dict",
    "false",
    "groups",
    "hostvars",
    "inventory_hostname",
    "lookup",
    "none",
    "not",
    "now",
    "omit",
    "playbook_dir",
    "q",
    "query",
    "range",
    "tpa_dir",
    "true",
    "vars",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for (key, value) in subject.document.iter() {
        let name = spelling(key);
        let list = value.as_list().unwrap_or_default();
        match name.as_ref() {
            "instances" => {
                for (entry, instance) in entries(list).zip(&subject.instances) {
                    map(subject, &instance.entity(), &Path::START, entry, findings);
                }
            }
            "locations" => {
                for (entry, location) in entries(list).zip(&subject.locations) {
                    map(subject, &location.entity(), &Path::START, entry, findings);
                }
            }
            _ => {
                let path = Path::START.to(&name);
                walk(subject, &Entity::Cluster, &path, value, findings);
            }
        }
    }
}

fn entries(list: &[Value]) -> impl Iterator<Item = &Map> {
    list.iter().filter_map(Value::as_map)
}

fn map(subject: &Subject, entity: &Entity, path: &Path<'_>, map: &Map, findings: &mut Of<'_>) {
    for (key, value) in map.iter() {
        let key = spelling(key);
        walk(subject, entity, &path.to(&key), value, findings);
    }
}

fn walk(subject: &Subject, entity: &Entity, path: &Path<'_>, value: &Value, findings: &mut Of<'_>) {
    match &value.data {
        Data::Map(entries) => map(subject, entity, path, entries, findings),
        Data::List(items) => {
            for item in items {
                walk(subject, entity, path, item, findings);
            }
        }
        Data::Text(text) => {
            if let Some(problem) = problem(subject, text) {
                report(subject, entity, path, value, &problem, findings);
            }
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) => {}
    }
}

/// What Jinja2 makes of a text that was not meant for it.
enum Problem {
    /// `{{ name }}` with a name that nothing defines.
    Undefined(String),
    /// A delimiter whose end is missing.
    Open(&'static str),
    /// A comment, which disappears.
    Comment,
}

fn problem(subject: &Subject, text: &str) -> Option<Problem> {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let behind = rest.get(at..)?;
        let (open, close) = match behind.get(..2) {
            Some("{{") => ("{{", "}}"),
            Some("{%") => ("{%", "%}"),
            Some("{#") => ("{#", "#}"),
            Some(_) | None => {
                rest = behind.get(1..)?;
                continue;
            }
        };
        let inner = behind.get(2..)?;
        let Some(end) = inner.find(close) else {
            return Some(Problem::Open(open));
        };
        let expression = inner.get(..end)?;
        match open {
            "{#" => return Some(Problem::Comment),
            // Whoever writes a statement wants a template.
            "{%" => return None,
            _ => {
                if let Some(name) = undefined(subject, expression) {
                    return Some(Problem::Undefined(name));
                }
            }
        }
        rest = inner.get(end + close.len()..)?;
    }
    None
}

/// The name that an expression begins with, unless something defines it.
fn undefined(subject: &Subject, expression: &str) -> Option<String> {
    let expression = expression.trim_start_matches(['-', '+', '(', '[']).trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name: String = expression.chars().take_while(|c| is_name(*c)).collect();
    let begins_with_letter = name.starts_with(|first: char| !first.is_ascii_digit());
    let has_default = expression.contains("default(") || expression.contains("d(");
    let is_known = KNOWN.contains(&name.as_str())
        || name.starts_with("ansible_")
        || subject.document.get(&name).is_some();
    (begins_with_letter && !name.is_empty() && !is_known && !has_default).then_some(name)
}

fn report(
    subject: &Subject,
    entity: &Entity,
    path: &Path<'_>,
    value: &Value,
    problem: &Problem,
    findings: &mut Of<'_>,
) {
    let (message, label) = match problem {
        Problem::Undefined(name) => (
            format!("Ansible expands `{{{{ {name} }}}}`, and nothing defines `{name}`"),
            format!("`{name}` is not defined"),
        ),
        Problem::Open(open) => (
            format!("Ansible takes `{open}` for the begin of a template that does not end"),
            "a template without its end".to_owned(),
        ),
        Problem::Comment => (
            "Ansible takes `{# … #}` for a comment and drops it".to_owned(),
            "dropped".to_owned(),
        ),
    };
    let finding = findings
        .at(entity.clone(), value.origin, message)
        .key(path.to_string())
        .label(label);
    // What comes out of the template is what was written.
    let as_written = |open: &str| {
        let text = value.as_text().unwrap_or_default();
        let escaped = text.replace(open, &format!("{{{{ '{open}' }}}}"));
        words::literal(subject, &escaped)
    };
    match problem {
        Problem::Undefined(_) => {
            finding.help(format!(
                "for the characters themselves write `{}`; for a value define a top-level key of this name",
                as_written("{{")
            ));
        }
        Problem::Open(open) => {
            finding.help(format!(
                "for the characters themselves write `{}`",
                as_written(open)
            ));
        }
        Problem::Comment => {
            finding
                .level(Level::Warning)
                .consequence("the value reaches the machines without this part")
                .help(format!(
                    "for the characters themselves write `{}`",
                    as_written("{#")
                ));
        }
    }
}
