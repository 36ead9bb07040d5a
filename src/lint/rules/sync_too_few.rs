use crate::facts::parameters::standby_names;
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, Subject};
use crate::tpa::view::{guc, postgres, settings};
use crate::value::Value;

const SETTING: &str = "synchronous_standby_names";

rule! {
    /// ## What it does
    ///
    /// Finds synchronous replication that needs every one of its standbys: as many answers as standbys are listed that
    /// stream from the primary, or Patroni's `synchronous_mode_strict` with a single replica. It also finds lists of
    /// standbys that are all in other locations than the primary, and names of your own with Patroni, which chooses them.
    ///
    /// ## Why is this bad?
    ///
    /// When one of these standbys is restarted or lost, all writes stop until it is back. After a failover one machine
    /// less is there to answer.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover efm
    ///   platform bare
    ///   location main {
    ///     primary db1
    ///     replica db2
    ///   }
    ///   vars { synchronous_standby_names = "'ANY 1 (db1, db2)'" }
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
    ///     primary db1
    ///     replica db2
    ///     replica db3
    ///   }
    ///   vars { synchronous_standby_names = "'ANY 1 (db1, db2, db3)'" }
    /// }
    /// ```
    pub(super) static SYNC_TOO_FEW = {
        name: "sync-too-few",
        level: Warning,
        summary: "commits that need every synchronous standby",
        consequence: "all writes stop as soon as one of these standbys is restarted or lost",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(primary) = subject.primary() else {
        return;
    };
    if subject.failover_manager() == Some(FailoverManager::Patroni) {
        strict(subject, primary, findings);
        if chosen_by_patroni(subject, primary, findings) {
            return;
        }
    }
    named(subject, primary, findings);
}

fn named(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) {
    let Some(value) = postgres::setting(subject, primary, SETTING) else {
        return;
    };
    let Some(text) = value.as_text().filter(|text| guc::check(text).is_ok()) else {
        return;
    };
    let Ok(Some(names)) = standby_names::parse(&guc::meaning(text)) else {
        return;
    };
    if names.names_everyone() || !postgres::commits_wait(subject, primary) {
        return;
    }
    // A name that is not a data node's is `sync-names-invalid`'s, which says who is left to answer.
    let is_node = |name: &String| {
        let mut nodes = subject.data_nodes();
        nodes.any(|node| node.name.value.eq_ignore_ascii_case(name))
    };
    if !names.members.iter().all(is_node) {
        return;
    }
    let listed: Vec<&Instance> = postgres::standbys(subject, primary)
        .into_iter()
        .filter(|standby| names.names(&standby.name.value))
        .collect();
    if listed.len() > names.count {
        remote(subject, primary, value, &listed, findings);
    }
    if listed.len() != names.count {
        return;
    }
    let message = match listed.as_slice() {
        [only] => format!(
            "commits wait for `{}`, the only synchronous standby that streams from the primary",
            only.name.value
        ),
        all => format!(
            "commits wait for all of the {} synchronous standbys that stream from the primary",
            all.len()
        ),
    };
    let finding = findings
        .at(
            primary.entity(),
            declared::place_of(subject, value.origin),
            message,
        )
        .key(format!("vars/{SETTING}"))
        .label("every one of them is needed")
        .help(format!(
            "list at least {} that stream from the primary, or ask for fewer",
            names.count + 1
        ));
    for standby in listed {
        finding.related(standby.at, "needed for every commit");
    }
    for other in subject.data_nodes() {
        let is_cascaded = other
            .upstream
            .as_ref()
            .is_some_and(|upstream| upstream.value != primary.name.value);
        if is_cascaded && names.names(&other.name.value) {
            finding.related(
                other.at_key("upstream"),
                "streams from another standby, so it does not count",
            );
        }
    }
}

/// Standbys all of which are elsewhere.
fn remote(
    subject: &Subject,
    primary: &Instance,
    value: &Value,
    listed: &[&Instance],
    findings: &mut Of<'_>,
) {
    let Some(home) = subject.location_name(primary) else {
        return;
    };
    let is_elsewhere = |standby: &&Instance| {
        let location = subject.location_name(standby);
        location.is_some_and(|location| location != home)
    };
    if !listed.iter().all(is_elsewhere) {
        return;
    }
    let finding = findings
        .at(
            primary.entity(),
            declared::place_of(subject, value.origin),
            format!("commits wait for standbys that are all outside of `{home}`, where the primary is"),
        )
        .key(format!("vars/{SETTING}"))
        .label("none beside the primary")
        .consequence("every commit takes the way to another location and back, and all writes stop when the link is cut")
        .help(format!("list a standby in `{home}` too, unless no commit may be lost with the location"));
    for standby in listed {
        finding.related(standby.at, "in another location");
    }
}

/// Names of your own where Patroni chooses the synchronous standbys.
fn chosen_by_patroni(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) -> bool {
    let mode = settings::patroni_dynamic(subject, primary, "synchronous_mode");
    let mode = mode.filter(|mode| is_synchronous(mode));
    let Some(names) = postgres::setting(subject, primary, SETTING) else {
        return false;
    };
    let Some(mode) = mode else {
        return written_by_hand(subject, primary, names, findings);
    };
    findings
        .at(
            primary.entity(),
            declared::place_of(subject, names.origin),
            format!("with `synchronous_mode` Patroni writes `{SETTING}` itself"),
        )
        .key(format!("vars/{SETTING}"))
        .label("two that choose")
        .related(mode.origin, "Patroni is told to choose")
        .consequence("a standby that Patroni does not know of can hold up all writes, or be promoted without the last commits")
        .help(format!("remove `{SETTING}`, or leave `synchronous_mode` out"));
    true
}

/// Names of your own where Patroni does not know which standby is synchronous.
fn written_by_hand(
    subject: &Subject,
    primary: &Instance,
    names: &Value,
    findings: &mut Of<'_>,
) -> bool {
    let is_nobody = postgres::word(names).is_none_or(|word| word.trim().is_empty());
    if is_nobody {
        return false;
    }
    findings
        .at(
            primary.entity(),
            declared::place_of(subject, names.origin),
            format!("Patroni does not read `{SETTING}` when it chooses whom to promote"),
        )
        .key(format!("vars/{SETTING}"))
        .label("Patroni manages this itself")
        .consequence("a standby without the last commits may be promoted, and one that is lost holds up all writes")
        .help(words::say(
            subject,
            "remove it, and write `patroni_dynamic_conf_settings = { synchronous_mode = true; synchronous_node_count = 1 }`",
            "remove it, and write `synchronous_mode: true` and `synchronous_node_count: 1` in `patroni_dynamic_conf_settings`",
        ));
    true
}

fn is_synchronous(mode: &Value) -> bool {
    postgres::is_on(mode) || postgres::word(mode).as_deref() == Some("quorum")
}

/// Patroni's strict mode rather stops than goes on without a synchronous standby.
fn strict(subject: &Subject, primary: &Instance, findings: &mut Of<'_>) {
    let Some(strict) = settings::patroni_dynamic(subject, primary, "synchronous_mode_strict")
    else {
        return;
    };
    let mode = settings::patroni_dynamic(subject, primary, "synchronous_mode");
    if !mode.is_some_and(is_synchronous) || !postgres::is_on(strict) {
        return;
    }
    let count = settings::patroni_dynamic(subject, primary, "synchronous_node_count");
    let count = count.and_then(postgres::number).unwrap_or(1);
    let replicas = subject.data_nodes().count().saturating_sub(1);
    if usize::try_from(count).is_ok_and(|count| replicas > count) {
        return;
    }
    findings
        .at(
            primary.entity(),
            declared::place_of(subject, strict.origin),
            format!(
                "`synchronous_mode_strict` needs {count} synchronous standby{}, and there {}",
                if count == 1 { "" } else { "s" },
                match replicas {
                    1 => "is 1 replica".to_owned(),
                    many => format!("are {many} replicas"),
                }
            ),
        )
        .key("vars/patroni_dynamic_conf_settings/synchronous_mode_strict")
        .label("no replica may be missing")
        .help("add a replica, or leave `synchronous_mode` without the strict mode");
}
