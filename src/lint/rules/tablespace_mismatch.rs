use std::collections::BTreeSet;

use crate::facts::database_objects::OWN_PREFIX;
use crate::facts::roles::Role;
use crate::facts::volumes::VolumeFor;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, disks, scopes, words};
use crate::origin::Origin;
use crate::tpa::view::Instance;
use crate::tpa::view::{Subject, places};
use crate::value::{Data, Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds replicas that do not have the tablespaces of the machine that they stream from or of the primary, volumes
    /// for a tablespace without its name, and tablespaces without a location.
    ///
    /// ## Why is this bad?
    ///
    /// A tablespace has the same path on every machine: when the primary creates one and a replica lacks the directory,
    /// its recovery stops. `tpaexec provision` compares the volumes, `tpaexec deploy` the variable.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary db1 {
    ///       address = 10.0.0.1
    ///       volumes { tablespace archive { device = "/dev/sdh" } }
    ///     }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare { volumes { tablespace archive { device = "/dev/sdh" } } }
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static TABLESPACE_MISMATCH = {
        name: "tablespace-mismatch",
        level: Error,
        summary: "a replica without the tablespaces of its upstream",
        consequence: "`tpaexec provision` refuses the cluster: a replica needs the tablespace volumes of its upstream",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for (entity, volume) in scopes::volumes(subject) {
        let Some(vars) = volume.get("vars").and_then(Value::as_map) else {
            continue;
        };
        let is_for_one = disks::purpose(volume) == Some(VolumeFor::Tablespace);
        let Some(purpose) = vars.get("volume_for").filter(|_| is_for_one) else {
            continue;
        };
        if vars.get("tablespace_name").is_none_or(is_blank) {
            findings
                .at(
                    entity,
                    purpose.origin,
                    "a volume for a tablespace without the name of the tablespace",
                )
                .key("volumes/vars/tablespace_name")
                .label("for which tablespace?")
                .consequence("`tpaexec provision` refuses the cluster")
                .help("add `tablespace_name` beside it");
        }
    }
    locations(subject, findings);
    for instance in &subject.instances {
        if instance.has_role(Role::Replica) {
            replica(subject, instance, findings);
        }
    }
}

fn is_blank(value: &Value) -> bool {
    value.data == Data::Null || value.as_text() == Some("")
}

/// Every tablespace of the variable says where it is.
fn locations(subject: &Subject, findings: &mut Of<'_>) {
    for scope in scopes::variables(subject) {
        let spaces = scope
            .map
            .get("postgres_tablespaces")
            .and_then(Value::as_map);
        let Some(spaces) = spaces else { continue };
        let mut taken: Vec<(&str, Origin)> = Vec::new();
        for (key, space) in spaces.iter() {
            let Key::Text(name) = key else { continue };
            let location = space.as_map().and_then(|space| space.get("location"));
            if name.starts_with(OWN_PREFIX) {
                findings
                    .at(
                        scope.entity.clone(),
                        places::of_key(spaces, name).unwrap_or(space.origin),
                        format!(
                            "Postgres refuses the tablespace `{name}`: names with `pg_` are its own"
                        ),
                    )
                    .key(scope.key("postgres_tablespaces"))
                    .label("reserved")
                    .consequence(
                        "`tpaexec deploy` stops near its end, when the cluster is running already",
                    )
                    .help("choose a name that does not begin with `pg_`");
            }
            if let Some(location) = location
                && let Some(path) = location.as_text().filter(|path| path.starts_with('/'))
            {
                let path = path.trim_end_matches('/');
                if let Some((_, first)) = taken.iter().find(|(known, _)| *known == path) {
                    findings
                        .at(
                            scope.entity.clone(),
                            location.origin,
                            format!("two tablespaces are in `{path}`"),
                        )
                        .key(scope.key("postgres_tablespaces"))
                        .label("the second")
                        .related(*first, "the first")
                        .consequence("Postgres refuses the second, and `tpaexec deploy` stops")
                        .help("give one of them a directory of its own");
                }
                taken.push((path, location.origin));
            }
            if location.is_none_or(is_blank) && !scopes::is_template(space) {
                findings
                    .at(
                        scope.entity.clone(),
                        places::of_key(spaces, name).unwrap_or(space.origin),
                        format!("the tablespace `{name}` has no `location`"),
                    )
                    .key(scope.key("postgres_tablespaces"))
                    .label("where is it?")
                    .consequence("`tpaexec deploy` stops at its checks")
                    .help("add `location` with an absolute path");
            }
        }
    }
}

/// The tablespaces of an instance's volumes.
fn of_volumes(instance: &Instance) -> BTreeSet<String> {
    let name = |volume: &Map| {
        let vars = volume.get("vars")?.as_map()?;
        vars.get("tablespace_name").and_then(Value::spelling)
    };
    let volumes = instance.volumes.iter();
    volumes
        .filter(|volume| disks::purpose(volume) == Some(VolumeFor::Tablespace))
        .filter_map(name)
        .collect()
}

/// The tablespaces of an instance's volumes and of its variable.
fn all(subject: &Subject, instance: &Instance) -> BTreeSet<String> {
    let mut names = of_volumes(instance);
    let variable = subject.variable_of(instance, "postgres_tablespaces");
    let spaces = variable.and_then(Value::as_map);
    for (key, _) in spaces.into_iter().flat_map(Map::iter) {
        if let Key::Text(name) = key {
            names.insert(name.clone());
        }
    }
    names
}

fn replica(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    let Some(upstream) = subject.upstream_of(instance) else {
        return;
    };
    let (own, above) = (of_volumes(instance), of_volumes(upstream));
    if own != above {
        report(instance, upstream, (&own, &above), None, findings);
        return;
    }
    let Some(primary) = subject.primary() else {
        return;
    };
    let (own, above) = (all(subject, instance), all(subject, primary));
    if own != above {
        let consequence = "`tpaexec deploy` stops at its checks";
        report(
            instance,
            primary,
            (&own, &above),
            Some(consequence),
            findings,
        );
    }
}

fn report(
    instance: &Instance,
    upstream: &Instance,
    (own, above): (&BTreeSet<String>, &BTreeSet<String>),
    consequence: Option<&'static str>,
    findings: &mut Of<'_>,
) {
    let (name, other) = (&instance.name.value, &upstream.name.value);
    let missing: Vec<&String> = above.difference(own).collect();
    let spare: Vec<&String> = own.difference(above).collect();
    let message = if missing.is_empty() {
        format!(
            "the replica `{name}` has the tablespace {}, which `{other}` lacks",
            words::list(&spare)
        )
    } else {
        format!(
            "the replica `{name}` lacks the tablespace {} of `{other}`",
            words::list(&missing)
        )
    };
    let finding = findings
        .at(instance.entity(), place(instance), message)
        .key("volumes")
        .label("not the same tablespaces")
        .related(place(upstream), format!("`{other}` is here"))
        .help("give every data node the same tablespaces, best in the default volumes");
    if let Some(consequence) = consequence {
        finding.consequence(consequence);
    }
}

fn place(instance: &Instance) -> Origin {
    let own = places::of_key(&instance.own, "volumes");
    places::or(
        own.unwrap_or(instance.name.origin),
        places::of_entry(&instance.own, instance.at),
    )
}
