use crate::facts::keys;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::facts::variables;
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::rules::unused_definition::of_other_manager;
use crate::lint::{Context, declared, extensions, scopes, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Subject, Written, places};
use crate::value::{Key, Map};

rule! {
    /// ## What it does
    ///
    /// Finds variables, keys and extensions that the TPA of the cluster does not know yet, and a later one does.
    ///
    /// ## Why is this bad?
    ///
    /// Ansible takes any variable. One that TPA does not read has no effect, and nothing says so: a cluster is
    /// without TLS, or has a superuser more than somebody believes.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   tpa = 23.40
    ///
    ///   postgres epas 17 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_user_is_superuser = false }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   tpa = 23.44
    ///
    ///   postgres epas 17 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_user_is_superuser = false }
    /// }
    /// ```
    pub(super) static NEEDS_NEWER_TPA = {
        name: "needs-newer-tpa",
        level: Warning,
        summary: "what the TPA of the cluster does not know yet",
        consequence: "this TPA silently ignores it, and the cluster runs with the default",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.tpa >= TpaVersion::NEWEST {
        return;
    }
    unread(subject, &Entity::Cluster, "", &subject.document, findings);
    for scope in scopes::variables(subject) {
        unread(subject, &scope.entity, scope.path, scope.map, findings);
    }
    for extension in extensions::used(subject) {
        let Availability::NotYet(since) = changes::extension(subject.tpa, &extension.name) else {
            continue;
        };
        let (tpa, name) = (subject.tpa, extension.name);
        report(
            subject,
            (extension.entity, extension.key),
            declared::place_of(subject, extension.at),
            format!("TPA {tpa} has no packages of the extension `{name}`"),
            since,
            findings,
        )
        .consequence("`CREATE EXTENSION` fails, and the deployment with it");
    }
}

/// The keys of a map that are read by later releases only.
fn unread(subject: &Subject, entity: &Entity, path: &str, map: &Map, findings: &mut Of<'_>) {
    let is_of_file = path.is_empty();
    for (key, value) in map.iter() {
        let Key::Text(name) = key else { continue };
        if is_of_file && !keys::is_top_level(name) {
            // No release reads it there, which `unknown-key` says.
            continue;
        }
        let since = variables::find(name).and_then(|variable| variable.since);
        let Some(since) = since.filter(|since| *since > subject.tpa) else {
            continue;
        };
        // What belongs to another failover manager is `unused-definition`'s.
        let manager = subject.failover_manager();
        if manager.is_some_and(|manager| of_other_manager(manager, name).is_some()) {
            continue;
        }
        let at = places::of_key(map, name).unwrap_or(value.origin);
        let message = format!(
            "TPA {} does not read `{name}`, which is new in {since}",
            subject.tpa
        );
        let key = format!("{path}{name}");
        let at = declared::place_of(subject, at);
        report(subject, (entity.clone(), key), at, message, since, findings);
    }
}

fn report<'f>(
    subject: &Subject,
    (entity, key): (Entity, String),
    at: Origin,
    message: String,
    since: TpaVersion,
    findings: &'f mut Of<'_>,
) -> &'f mut Finding {
    findings
        .at(entity, at, message)
        .key(key)
        .label(format!("since TPA {since}"))
        .help(match subject.written {
            Written::Source => format!(
                "remove it, or write {} once TPA is upgraded",
                words::setting(Written::Source, "tpa", &since.spelled())
            ),
            Written::Config => format!("remove it, or upgrade TPA to {since} or later"),
        })
}
