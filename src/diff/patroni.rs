//! What Patroni keeps in etcd since the cluster was made: config.yml changes it no longer.

use super::collect::{Collector, cluster_name, said};
use super::differ::Difference;
use super::limits::Turn;
use super::{Change, differ};
use crate::facts::consequences::Effect;
use crate::facts::parameters::{self, Context};
use crate::facts::patroni;
use crate::facts::settled::AS_HIGH_AS_ON_THE_PRIMARY;
use crate::tpa::change::Restart;

/// Whether all nodes have to agree on a parameter of Postgres, so that Patroni keeps it.
pub(super) fn is_kept_in_etcd(parameter: &str) -> bool {
    patroni::shared(parameter).is_some()
}

/// A parameter that Patroni keeps.
pub(super) fn parameter(restart: &Restart<'_>, cause: &str, found: &mut Collector<'_>) {
    let altered = &restart.altered;
    let change = Change {
        old: found.old_text_at(cause, altered.from.as_ref()),
        new: found.new_text_at(cause, altered.to.as_ref()),
        ..said(Effect::Manual, cause, KEPT)
    };
    found.on_each(&altered.machines, &change);
    let name = &restart.name;
    let value = altered.to.as_ref().map_or_else(
        || "null".to_owned(),
        |to| differ::shown_text(name, &to.value),
    );
    edit("--pg", &value, name, found);
    let is_limit = AS_HIGH_AS_ON_THE_PRIMARY.contains(&name.as_str());
    found.waits(is_limit.then(|| Turn::of(restart.is_lower)));
}

const KEPT: &str =
    "Patroni keeps it in etcd since the cluster was made, and config.yml changes it no longer";

/// A setting of the dynamic configuration.
pub(super) fn dynamic(difference: &Difference<'_>, setting: &str, found: &mut Collector<'_>) {
    let value = difference
        .new
        .map_or_else(|| "null".to_owned(), |value| differ::shown(setting, value));
    edit("--set", &value, setting, found);
    let change = Change {
        old: found.old(difference.old),
        new: found.new_value(difference.new),
        ..said(Effect::Manual, difference.path.clone(), KEPT)
    };
    found.common(change);
}

fn edit(option: &str, value: &str, name: &str, found: &mut Collector<'_>) {
    let cluster = cluster_name(found.now.subject);
    let assignment = format!("{name}={value}");
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "_.=/%+-:".contains(one);
    let step = if name.contains('[') || value.contains(differ::HIDDEN) {
        // An entry of a list has no path, and a secret is not for the history of a shell.
        format!("`patronictl edit-config {cluster}` opens an editor: change `{name}` there")
    } else if assignment.chars().all(is_plain) {
        format!("`patronictl edit-config {cluster} {option} {assignment}`")
    } else {
        let quoted = assignment.replace('\'', r"'\''");
        format!("`patronictl edit-config {cluster} {option} '{quoted}'`")
    };
    found.by_hand(format!("Patroni keeps `{name}` in etcd"), vec![step]);
}

const TITLE: &str = "Patroni restarts no Postgres on its own";
const LESS: &str = "a replica takes less only when its leader has less";

/// What Patroni leaves waiting is restarted by hand, what is raised before what is lowered.
pub(super) fn restarts(waiting: &[Option<Turn>], found: &mut Collector<'_>) {
    if waiting.is_empty() {
        return;
    }
    let cluster = cluster_name(found.now.subject);
    let list = format!("`patronictl list {cluster}` shows who is left with a pending restart");
    let restart = |role| format!("`patronictl restart {cluster} --role {role} --pending`");
    let (replicas, leader) = (restart("replica"), restart("leader"));
    let lowered = Some(Turn::Lowered);
    let is_lowered = waiting.contains(&lowered);
    let is_raised = waiting.iter().any(|turn| *turn != lowered);
    let (title, steps) = match (is_raised, is_lowered) {
        (_, false) => (TITLE.to_owned(), vec![list, replicas, leader]),
        (false, true) => (format!("{TITLE}; {LESS}"), vec![list, leader, replicas]),
        (true, true) => (
            format!("{TITLE}; {LESS}"),
            vec![
                list,
                format!("when all but what is lowered is edited: {replicas}"),
                leader.clone(),
                format!("when what is lowered is edited too: {leader}"),
                replicas,
            ],
        ),
    };
    found.by_hand(title, steps);
}

/// What a parameter in Patroni's file does: nothing for what is not one.
pub(super) fn in_file(path: &str, major: u32) -> Option<(Effect, &'static str)> {
    if path.starts_with("patroni_conf_settings.bootstrap.") {
        return Some((Effect::Manual, KEPT));
    }
    let name = path.strip_prefix("patroni_conf_settings.postgresql.parameters.")?;
    if is_kept_in_etcd(name) {
        return Some((
            Effect::Nothing,
            "Patroni takes it from its dynamic configuration only",
        ));
    }
    let Some(parameter) = parameters::find(name, major) else {
        return Some((Effect::Unknown, "m1c does not know this parameter"));
    };
    Some(match parameter.context {
        Context::Restart => (
            Effect::Restart,
            "Postgres reads it only when it starts: it waits for `patronictl restart`",
        ),
        Context::Internal => (Effect::Refused, "nobody sets this parameter"),
        Context::Reload | Context::Connection | Context::Superuser | Context::Any => {
            (Effect::Reload, "Postgres reads it without a restart")
        }
    })
}
