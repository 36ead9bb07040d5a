use crate::diagnostic::{Applicability, Level};
use crate::facts::parameters::standby_names::{self, StandbyNames};
use crate::facts::roles::Role;
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::suggest;
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{guc, postgres};
use crate::value::Data;

const SETTING: &str = "synchronous_standby_names";

/// What Barman's receiver of WAL calls itself.
const BARMAN: &str = "barman_receive_wal";

rule! {
    /// ## What it does
    ///
    /// Reads `synchronous_standby_names` as Postgres does, and compares it with the machines. The value is
    /// `FIRST n (…)`, `ANY n (…)` or just names with commas between, all of it in single quotes that belong to the
    /// value. A name with a hyphen or a dot is in double quotes inside. The names are those of data nodes; those
    /// that stream from the primary directly count.
    ///
    /// ## Why is this bad?
    ///
    /// What Postgres cannot read keeps it from starting. Where fewer standbys than asked for can ever answer, every
    /// commit waits forever.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db-1 { vars { synchronous_standby_names = "'ANY 1 (db-2, db-3)'" } }
    ///     replica db-2
    ///     replica db-3
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db-1 { vars { synchronous_standby_names = "'ANY 1 (\"db-2\", \"db-3\")'" } }
    ///     replica db-2
    ///     replica db-3
    ///   }
    /// }
    /// ```
    pub(super) static SYNC_NAMES_INVALID = {
        name: "sync-names-invalid",
        level: Error,
        summary: "synchronous standbys that Postgres cannot read, or that never answer",
        consequence: "Postgres does not start, or every commit waits forever",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for variable in declared::variable(subject, SETTING) {
        judge(subject, findings, &variable, true);
    }
    for setting in declared::postgres_setting(subject, SETTING) {
        judge(subject, findings, &setting, false);
    }
}

/// Judges a declaration. The quotes of `postgres_conf_settings` are the business of another rule.
fn judge(subject: &Subject, findings: &mut Of<'_>, declared: &Declared<'_>, quotes: bool) {
    let value = declared.value;
    let text = match &value.data {
        Data::Text(text) => text.trim(),
        Data::List(_) if quotes => {
            finding_of_list(subject, findings, declared);
            return;
        }
        Data::Null
        | Data::Boolean(_)
        | Data::Integer(_)
        | Data::Decimal(_)
        | Data::List(_)
        | Data::Map(_) => return,
    };
    if text.is_empty() {
        return;
    }
    if guc::check(text).is_err() {
        if quotes {
            let bare = guc::without_quotes(text);
            let meant = standby_names::parse(bare).ok().flatten();
            let message = format!("the value of `{SETTING}` is not in single quotes as a whole");
            unreadable(
                subject,
                findings,
                declared,
                message,
                "the single quotes belong to the value".to_owned(),
                meant.or_else(|| standby_names::guess(bare)),
            );
        }
        return;
    }
    let list = guc::meaning(text);
    match standby_names::parse(&list) {
        Ok(None) => {}
        Ok(Some(names)) => members(subject, findings, declared, &names),
        Err(problem) => {
            let message = format!("Postgres cannot read `{SETTING}`: {problem}");
            let meant = standby_names::guess(&list);
            let label = "no list of standbys".to_owned();
            unreadable(subject, findings, declared, message, label, meant);
        }
    }
}

fn finding_of_list(subject: &Subject, findings: &mut Of<'_>, declared: &Declared<'_>) {
    let items = declared.value.as_list().unwrap_or_default();
    let names: Option<Vec<String>> = items.iter().map(crate::value::Value::spelling).collect();
    let meant = names.and_then(|names| standby_names::guess(&names.join(", ")));
    let message = format!("`{SETTING}` is a list, and TPA writes it as it is");
    let label = "one text is needed".to_owned();
    unreadable(subject, findings, declared, message, label, meant);
}

fn unreadable(
    subject: &Subject,
    findings: &mut Of<'_>,
    declared: &Declared<'_>,
    message: String,
    label: String,
    meant: Option<StandbyNames>,
) {
    let at = declared::place_of(subject, declared.value.origin);
    let finding = findings
        .at(declared.entity.clone(), at, message)
        .key(declared.key.as_str())
        .label(label)
        .consequence(
            "Postgres finds an error in its configuration and does not start after `tpaexec deploy`",
        );
    if let Some(meant) = meant {
        let literal = words::literal(subject, &guc::quote(&meant.spelling()));
        finding.help(format!("write `{literal}`")).fix(
            Applicability::Suggested,
            declared.value.origin,
            literal,
        );
    } else {
        let example = words::literal(subject, "'ANY 1 (\"db1\", \"db2\")'");
        finding.help(format!("write it in the form of `{example}`"));
    }
}

fn members(
    subject: &Subject,
    findings: &mut Of<'_>,
    declared: &Declared<'_>,
    names: &StandbyNames,
) {
    let Some(primary) = subject.primary() else {
        return;
    };
    let mut strangers = false;
    let enough = names.names_everyone() || able(subject, primary, names) >= names.count;
    for name in &names.members {
        let known = machine(subject, name);
        let (message, label) = match known {
            _ if name == "*" => continue,
            Some(known) if known.is_data_node() => continue,
            Some(known) => (
                format!(
                    "`{}` is in `{SETTING}`, and it is not a standby of the cluster",
                    known.name.value
                ),
                "it holds no replica",
            ),
            None if is_barman(subject, name) => continue,
            None => (
                format!("`{name}` is in `{SETTING}`, and no machine has this name"),
                "a standby answers by its machine's name",
            ),
        };
        strangers = true;
        let at = declared::place_of(subject, declared.value.origin);
        let finding = findings
            .at(declared.entity.clone(), at, message)
            .key(declared.key.as_str())
            .label(label)
            .help(instead(subject, name));
        if enough {
            finding.level(Level::Warning).consequence(
                "it never answers, so commits lean on the other names of the list alone",
            );
        } else {
            finding.consequence("it never answers, and every commit waits forever");
        }
        if let Some(known) = known {
            finding.related(known.at, "defined here");
        }
    }
    // Names that are wrong already say why too few can answer.
    if !strangers {
        count(subject, findings, declared, names, primary);
    }
}

/// Whether enough of the list can answer the primary, where the declaration holds for it.
fn count(
    subject: &Subject,
    findings: &mut Of<'_>,
    declared: &Declared<'_>,
    names: &StandbyNames,
    primary: &Instance,
) {
    let effective = postgres::setting(subject, primary, SETTING);
    let holds = effective.is_some_and(|value| value.origin == declared.value.origin);
    if !holds || names.names_everyone() || !postgres::commits_wait(subject, primary) {
        return;
    }
    let able = able(subject, primary, names);
    if able >= names.count {
        return;
    }
    let at = declared::place_of(subject, declared.value.origin);
    let standbys = postgres::standbys(subject, primary);
    let known: Vec<&str> = standbys
        .iter()
        .map(|standby| standby.name.value.as_str())
        .collect();
    let help = if known.is_empty() {
        "remove it, or add replicas that stream from the primary".to_owned()
    } else {
        format!(
            "ask for fewer, and name machines that stream from `{}`: {}",
            primary.name.value,
            words::list(&known)
        )
    };
    let finding = findings
        .at(
            declared.entity.clone(),
            at,
            format!(
                "commits wait for {} of the standbys in `{SETTING}`, and {able} of them can answer",
                names.count
            ),
        )
        .key(declared.key.as_str())
        .label("more than can answer")
        .help(help)
        .consequence("every commit waits forever as soon as `tpaexec deploy` has set it");
    for other in &subject.instances {
        let is_cascaded = other.is_data_node()
            && other.name.value != primary.name.value
            && !known.contains(&other.name.value.as_str());
        if is_cascaded && names.names(&other.name.value) {
            finding.related(
                other.at_key("upstream"),
                "streams from another standby, so it does not count",
            );
        }
    }
}

/// How many of a list can answer the primary.
fn able(subject: &Subject, primary: &Instance, names: &StandbyNames) -> usize {
    let standbys = postgres::standbys(subject, primary);
    let listed = standbys
        .iter()
        .filter(|standby| names.names(&standby.name.value))
        .count();
    let barman = names.members.iter().any(|name| is_barman(subject, name));
    listed + usize::from(barman)
}

/// Barman can be a synchronous standby too, under a name of its own.
fn is_barman(subject: &Subject, name: &str) -> bool {
    name.eq_ignore_ascii_case(BARMAN) && subject.with_role(Role::Barman).next().is_some()
}

fn machine<'s>(subject: &'s Subject, name: &str) -> Option<&'s Instance> {
    let mut instances = subject.instances.iter();
    instances.find(|instance| instance.name.value.eq_ignore_ascii_case(name))
}

fn instead(subject: &Subject, name: &str) -> String {
    let known: Vec<&str> = subject
        .data_nodes()
        .map(|node| node.name.value.as_str())
        .collect();
    match suggest::nearest(name, &known) {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("name data nodes: {}", words::list(&known)),
    }
}
