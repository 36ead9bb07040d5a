use crate::diagnostic::Applicability;
use crate::facts::choices::Platform;
use crate::facts::keys;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope, Section};
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
        let platforms = platforms(subject, &scope);
        for (key, value) in scope.map.iter() {
            let Key::Text(key) = key else { continue };
            let refuses =
                |platform: &Platform| !keys::takes(*platform, key) && keys::is_instance_key(key);
            let Some(platform) = platforms.iter().copied().find(refuses) else {
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
            match subject.written {
                Written::Source => {
                    finding.remove_statement(at);
                }
                // A fixed address on AWS.
                Written::Config => {
                    let is_free = scope.map.get("private_ip").is_none();
                    if platform == Platform::Aws && key == "ip_address" && is_free {
                        finding.fix(Applicability::Suggested, at, "private_ip");
                    }
                }
            }
        }
    }
    findings.gather();
}

/// The platforms of the machines that have the keys of a map, in the order of the machines.
fn platforms(subject: &Subject, scope: &Scope<'_>) -> Vec<Platform> {
    let inherits = |instance: &&Instance| match &scope.entity {
        Entity::Cluster => scope.section == Section::Defaults,
        Entity::Location(name) => {
            let location = subject.location_of(instance);
            location.is_some_and(|location| {
                let own = location.name.as_ref().map(|own| own.value.as_str());
                own.unwrap_or_default() == name
            })
        }
        Entity::Instance(name) => instance.name.value == *name,
    };
    let mut platforms = Vec::new();
    let machines = subject.instances.iter().filter(inherits);
    for platform in machines.filter_map(Instance::known_platform) {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
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
