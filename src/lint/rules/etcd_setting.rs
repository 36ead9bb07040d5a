use crate::diagnostic::{Applicability, Level};
use crate::facts::patroni::ETCD_USER;
use crate::facts::roles::Role;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, scopes, words};
use crate::tpa::view::Instance;
use crate::tpa::view::Subject;
use crate::tpa::view::quorum::etcd_cluster;
use crate::tpa::view::truth::python_truthy;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds etcd clusters whose members all take it for an existing one, and values of `etcd_…` that etcd refuses.
    ///
    /// ## Why is this bad?
    ///
    /// A member with `etcd_initial_cluster_state` existing asks the others who belongs to the cluster, and waits for their
    /// answer. Where nobody has formed one, all of them wait. The value is for a member that joins later.
    ///
    /// With `etcd_authentication_mode` basic, `patroni_etcd_user` has a password. A deployment from Ansible Tower has that
    /// of `etcd_patroni` alone.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { etcd_initial_cluster_state = existing }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { etcd_initial_cluster_state = new }
    /// }
    /// ```
    pub(super) static ETCD_SETTING = {
        name: "etcd-setting",
        level: Error,
        summary: "a setting with which etcd does not start",
        consequence: "etcd does not start, and without it Patroni has no primary",
    }
}

const STATE: &str = "etcd_initial_cluster_state";
const STATES: &[&str] = &["new", "existing"];
const MODE: &str = "etcd_compaction_mode";
const MODES: &[&str] = &["revision", "periodic"];
const RETENTION: &str = "etcd_compaction_retention";

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let members: Vec<&Instance> = subject.with_role(Role::Etcd).collect();
    if members.is_empty() {
        return;
    }
    word(subject, STATE, STATES, findings);
    word(subject, MODE, MODES, findings);
    for member in &members {
        retention(subject, member, findings);
    }
    never_forms(subject, &members, findings);
    user_of_tower(subject, findings);
}

fn word(subject: &Subject, variable: &str, known: &[&str], findings: &mut Of<'_>) {
    for written in declared::variable(subject, variable) {
        let Some(text) = written.value.as_text() else {
            continue;
        };
        if known.contains(&text) || scopes::is_template(written.value) {
            continue;
        }
        let finding = findings
            .at(
                written.entity,
                declared::place_of(subject, written.value.origin),
                format!("etcd does not know `{text}` as a value of `{variable}`"),
            )
            .key(written.key)
            .label("not a word that it knows")
            .help(words::instead(text, known));
        if let Some(meant) = crate::suggest::nearest(text, known) {
            finding.fix(Applicability::Suggested, written.value.origin, meant);
        }
    }
}

/// Revisions are counted. A time has a unit, or is in hours.
fn retention(subject: &Subject, member: &Instance, findings: &mut Of<'_>) {
    let Some(written) = subject.variable_of(member, RETENTION) else {
        return;
    };
    let Some(spelling) = written.spelling().filter(|_| !scopes::is_template(written)) else {
        return;
    };
    let mode = subject.variable_of(member, MODE).and_then(Value::as_text);
    let is_number = spelling.parse::<u32>().is_ok();
    let is_time = is_duration(&spelling);
    let (is_read, help) = match mode {
        Some("periodic") => (is_number || is_time, "write hours, or a time such as `10h`"),
        Some("revision") | None => (
            is_number,
            "write a number of revisions, or `periodic` as the `etcd_compaction_mode`",
        ),
        Some(_) => return,
    };
    if is_read {
        return;
    }
    findings
        .at(
            member.entity(),
            declared::place_of(subject, written.origin),
            format!("etcd cannot read `{spelling}` as `{RETENTION}`"),
        )
        .key(format!("vars/{RETENTION}"))
        .label("not what this mode counts")
        .help(help);
}

/// A time as Go reads it: `1h30m`.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if behind.len() == rest.len() {
            return false;
        }
        let units = ["ms", "us", "ns", "h", "m", "s"];
        let Some(next) = units.iter().find_map(|unit| behind.strip_prefix(unit)) else {
            return false;
        };
        rest = next;
    }
    !text.is_empty()
}

/// Every member of an etcd cluster waits for one that has formed it.
fn never_forms(subject: &Subject, members: &[&Instance], findings: &mut Of<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for member in members {
        let cluster = etcd_cluster(subject, member).value;
        if seen.contains(&cluster) {
            continue;
        }
        seen.push(cluster);
        let of_cluster = members
            .iter()
            .filter(|other| etcd_cluster(subject, other).value == cluster);
        let states: Vec<Option<&Value>> = of_cluster
            .map(|other| subject.variable_of(other, STATE))
            .collect();
        let is_existing =
            |state: Option<&Value>| state.is_some_and(|state| state.as_text() == Some("existing"));
        let Some(Some(first)) = states.first() else {
            continue;
        };
        if !states.iter().copied().all(is_existing) {
            continue;
        }
        let finding = findings
            .at(
                member.entity(),
                declared::place_of(subject, first.origin),
                match states.len() {
                    1 => "the only member of etcd waits for an etcd cluster that exists".to_owned(),
                    many => format!(
                        "all {many} members of etcd wait for a cluster that exists, and none forms it"
                    ),
                },
            )
            .key(format!("vars/{STATE}"))
            .label("for a member that joins later")
            .help("remove it, or write `new`: `existing` is for the member that is added to a running etcd")
            .consequence("a new etcd never forms, and `tpaexec deploy` stops")
            .level(Level::Warning);
        finding.fix(Applicability::Suggested, first.origin, "new");
    }
}

/// Tower has the password of one user alone.
fn user_of_tower(subject: &Subject, findings: &mut Of<'_>) {
    let is_tower = subject
        .document
        .get("ansible_tower")
        .is_some_and(python_truthy);
    let mode = subject.variable("etcd_authentication_mode");
    if !is_tower || mode.and_then(Value::as_text) != Some("basic") {
        return;
    }
    for written in declared::variable(subject, "patroni_etcd_user") {
        let Some(user) = written.value.as_text() else {
            continue;
        };
        if user == ETCD_USER || scopes::is_template(written.value) {
            continue;
        }
        findings
            .at(
                written.entity,
                declared::place_of(subject, written.value.origin),
                format!("Ansible Tower has no password of `{user}`, Patroni's user of etcd"),
            )
            .key(written.key)
            .label("not TPA's own user")
            .consequence("a deployment from Tower stops where Patroni is to log in to etcd")
            .help(format!(
                "leave it out: it is `{ETCD_USER}` then; or store its password by hand for Tower"
            ))
            .level(Level::Warning);
    }
}
