use crate::diagnostic::Applicability;
use crate::facts::choices::Platform;
use crate::facts::keys;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Section};
use crate::lint::{Context, words};
use crate::tpa::view::{Entity, places};
use crate::tpa::view::{Instance, Subject, Written};
use crate::value::Key;

rule! {
    /// ## What it does
    ///
    /// Finds keys of machines that TPA knows on another platform only: an address on aws, a public address on docker, an
    /// instance type on bare. Keys of `instance_defaults` and of locations count for every machine that inherits them.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` copies the addresses of a hosts file on every platform; `tpaexec provision` refuses the keys.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = Ann }
    ///   location main {
    ///     primary db1 { address = 10.33.0.5 }
    ///     replica db2
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
    ///   platform aws
    ///   tags { Owner = Ann }
    ///   location main {
    ///     primary db1 { private = 10.33.0.5 }
    ///     replica db2
    ///   }
    /// }
    /// ```
    pub(super) static KEY_NOT_FOR_PLATFORM = {
        name: "key-not-for-platform",
        level: Error,
        summary: "a key that belongs to another platform",
        consequence: "`tpaexec provision` refuses the machine",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::settings(subject) {
        for (key, value) in scope.map.iter() {
            let Key::Text(key) = key else { continue };
            if !keys::is_instance_key(key) {
                continue;
            }
            let refuses = subject.instances.iter().find(|instance| {
                let inherits = match &scope.entity {
                    Entity::Cluster => scope.section == Section::Defaults,
                    Entity::Location(_) => {
                        let location = subject.location_of(instance);
                        location.is_some_and(|location| location.entity() == scope.entity)
                    }
                    Entity::Instance(_) => instance.entity() == scope.entity,
                };
                let takes = |platform| keys::of_instance(Some(platform)).contains(&key.as_str());
                inherits && !instance.known_platform().is_none_or(takes)
            });
            let Some(platform) = refuses.and_then(Instance::known_platform) else {
                continue;
            };
            let at = places::of_key(scope.map, key).unwrap_or(value.origin);
            let finding = findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!(
                        "a machine on {platform} does not take `{}`",
                        word(subject, key)
                    ),
                )
                .key(scope.key(key))
                .label(format!("not on {platform}"))
                .help(match (platform, key.as_str()) {
                    (Platform::Aws, "ip_address" | "public_ip") => words::say(
                        subject,
                        "remove it: AWS gives the addresses; a fixed one is `private`",
                        "remove it: AWS gives the addresses; a fixed one is `private_ip`",
                    ),
                    (Platform::Docker, "public_ip" | "private_ip") => words::say(
                        subject,
                        "remove it: a container has one address, `address`",
                        "remove it: a container has one address, `ip_address`",
                    ),
                    _ => "remove it, or choose the platform that it belongs to",
                });
            // A fixed address on AWS. In a source the place is that of the value.
            let is_free = scope.map.get("private_ip").is_none();
            if platform == Platform::Aws
                && key == "ip_address"
                && is_free
                && subject.written == Written::Config
            {
                finding.fix(Applicability::Suggested, at, "private_ip");
            }
        }
    }
    findings.gather();
}

/// The statement of the language that becomes a key, where the cluster is written in it.
fn word<'k>(subject: &Subject, key: &'k str) -> &'k str {
    match (subject.written, key) {
        (Written::Source, "ip_address") => "address",
        (Written::Source, "public_ip") => "public",
        (Written::Source, "private_ip") => "private",
        (Written::Source | Written::Config, _) => key,
    }
}
