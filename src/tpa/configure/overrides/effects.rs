//! What the sections of overrides files come to: what TPA keeps of them, and in which block of the source that stands.

use serde_yaml::{Mapping, Value};

use super::{errors, types};
use crate::facts::tables::Platform;
use crate::facts::variables::Scope;
use crate::origin::Origin;
use crate::topology::{Compliance, FailoverManager, Flavour};
use crate::tpa::configure::refusal::Refusal;
use crate::tpa::configure::request::Request;
use crate::value::{self, Data, Key};

/// The keys of overrides files that are not options.
pub(super) const SECTIONS: &[&str] = &[
    CLUSTER_NAME,
    "cluster_tags",
    "cluster_vars",
    "instance_defaults",
    "instances",
    "locations",
    "top_level_settings",
    "platform_settings",
    "tower_settings",
    "ec2_vpc",
    "ec2_ami",
    "cluster_rules",
    "docker_images",
];

const CLUSTER_NAME: &str = "cluster_name";

/// What the layout follows from.
const LAYOUT: &[&str] = &["failover_manager", "postgres_flavour", "postgres_version"];

/// What overrides files add to the source.
#[derive(Debug, Default)]
pub(in crate::tpa::configure) struct Effects {
    pub(in crate::tpa::configure) tags: Mapping,
    pub(in crate::tpa::configure) vars: Mapping,
    pub(in crate::tpa::configure) defaults: Mapping,
    pub(in crate::tpa::configure) settings: Mapping,
    pub(in crate::tpa::configure) vpc: Mapping,
    /// The other keys of each location, in their order; none where the files do not speak of locations.
    pub(in crate::tpa::configure) locations: Vec<Mapping>,
}

pub(in crate::tpa::configure) fn effects(
    sections: &Mapping,
    request: &Request,
    notes: &mut Vec<String>,
) -> Result<Effects, Refusal> {
    let map = |name: &str| match sections.get(name) {
        None | Some(Value::Null) => Ok(Mapping::new()),
        Some(Value::Mapping(map)) => Ok(map.clone()),
        Some(_) => Err(errors::section_type(name, "a map")),
    };
    if let Some(name) = sections.get(CLUSTER_NAME)
        && name.as_str() != Some(&request.cluster)
    {
        let instead = "name the folder as the cluster is to be called";
        return Err(errors::decided_elsewhere(CLUSTER_NAME, instead));
    }
    if sections.contains_key("instances") {
        notes.push("overrides: TPA passes over `instances`".to_owned());
    }
    let aws = request.platform == Platform::Aws;
    let mut settings = map("top_level_settings")?;
    generated_settings(request, &mut settings)?;
    super::merge(&mut settings, map("platform_settings")?);
    let (ami, vpc, images) = (map("ec2_ami")?, map("ec2_vpc")?, map("docker_images")?);
    let mut add = |name: &str, value: Value| settings.insert(name.into(), value);
    if aws {
        if !ami.is_empty() {
            add("ec2_ami", ami.into());
        }
        if let Some(rules) = sections.get("cluster_rules") {
            add("cluster_rules", rules.clone());
        }
    }
    if request.platform == Platform::Docker && !images.is_empty() {
        add("docker_images", images.into());
    }
    let mut tower = map("tower_settings")?;
    for (option, key) in [
        ("tower_api_url", "api_url"),
        ("tower_git_repository", "git_repository"),
    ] {
        if request.values.text(option).is_some() {
            tower.shift_remove(key);
        }
    }
    if !tower.is_empty() {
        add("ansible_tower", tower.into());
    }
    types::check(&settings, Scope::TopLevel, "top_level_settings")?;
    Ok(Effects {
        tags: map("cluster_tags")?,
        vars: vars(map("cluster_vars")?, request, notes)?,
        defaults: defaults(map("instance_defaults")?, request, notes),
        settings,
        vpc: if aws { vpc } else { Mapping::new() },
        locations: locations(sections.get("locations"), request)?,
    })
}

/// Leaves out the top-level keys that TPA writes itself, and refuses those that would be twice.
fn generated_settings(request: &Request, settings: &mut Mapping) -> Result<(), Refusal> {
    for (name, instead) in [
        ("architecture", "m1c describes M1 alone"),
        (
            "cluster_name",
            "name the folder as the cluster is to be called",
        ),
        (
            "cluster_tags",
            "write `cluster_tags` beside `top_level_settings`",
        ),
        (
            "cluster_vars",
            "write `cluster_vars` beside `top_level_settings`",
        ),
        (
            "instance_defaults",
            "write `instance_defaults` beside `top_level_settings`",
        ),
        ("instances", "place machines with the options"),
        ("locations", "write `locations` beside `top_level_settings`"),
    ] {
        if settings.contains_key(name) {
            return Err(errors::decided_elsewhere(
                &format!("top_level_settings.{name}"),
                instead,
            ));
        }
    }
    settings.shift_remove("keyring_backend");
    if request
        .values
        .text("keyring_backend")
        .is_none_or(|keyring| keyring == "system")
    {
        settings.shift_remove("vault_name");
    }
    if request.values.text("compliance").is_some() {
        settings.shift_remove("compliance");
    }
    if !request.builds.is_empty() {
        settings.shift_remove("forward_ssh_agent");
    }
    if request.values.text("tower_api_url").is_some() {
        settings.shift_remove("use_ssh_agent");
    }
    Ok(())
}

/// The cluster's variables without those that TPA sets whatever the files say.
fn vars(mut vars: Mapping, request: &Request, notes: &mut Vec<String>) -> Result<Mapping, Refusal> {
    for (name, chosen) in [
        ("postgres_flavour", request.flavour.name()),
        ("postgres_version", &request.version),
    ] {
        match vars.shift_remove(name) {
            Some(value) if value.as_str() != Some(chosen) => {
                let instead = format!("write `{name}` beside `cluster_vars`");
                return Err(errors::decided_elsewhere(
                    &format!("cluster_vars.{name}"),
                    &instead,
                ));
            }
            Some(_) | None => {}
        }
    }
    for name in decided(request) {
        if vars.shift_remove(name.as_str()).is_some() {
            notes.push(format!(
                "overrides: TPA decides `cluster_vars.{name}` itself"
            ));
        }
    }
    if let Some(compliance) = compliance(request) {
        let standard = crate::tpa::compliance::standard(compliance, Origin::Default(""));
        without(&mut vars, &standard);
    }
    types::check(&vars, Scope::Both, "cluster_vars")?;
    Ok(vars)
}

fn compliance(request: &Request) -> Option<Compliance> {
    Compliance::parse(request.values.text("compliance")?)
}

/// The variables that TPA overwrites.
fn decided(request: &Request) -> Vec<String> {
    let values = &request.values;
    let mut names = vec!["failover_manager".to_owned(), "edb_repositories".to_owned()];
    let mut add = |condition: bool, more: &[&str]| {
        if condition {
            names.extend(more.iter().map(|name| (*name).to_owned()));
        }
    };
    let patroni = request.layout.manager == FailoverManager::Patroni;
    add(
        values.is_on("efm_bind_by_hostname"),
        &["efm_bind_by_hostname"],
    );
    add(patroni, &["etcd_location", "patroni_package_flavour"]);
    add(values.is_on("enable_pem"), &["enable_pg_backup_api"]);
    add(
        values.text("beacon_agent_project_id").is_some(),
        &["beacon_agent_project_id"],
    );
    add(
        needs_edb_repositories(request),
        &[
            "apt_repository_list",
            "yum_repository_list",
            "suse_repository_list",
        ],
    );
    for build in &request.builds {
        let component = match build.name.as_str() {
            "postgres" | "2ndqpostgres" | "epas" => "postgres",
            "barman" => "barman",
            "pg-backup-api" => "pg_backup_api",
            "patroni" | "patroni-edb" => "patroni",
            _ => continue,
        };
        names.push(format!("{component}_installation_method"));
        names.push(format!("{component}_git_url"));
        if build.reference.is_some() {
            names.push(format!("{component}_git_ref"));
        }
    }
    names
}

/// Whether TPA adds EDB repositories on its own.
fn needs_edb_repositories(request: &Request) -> bool {
    let values = &request.values;
    values.list("edb_repositories").is_none()
        && (request.flavour != Flavour::Postgresql
            || request.layout.manager == FailoverManager::Efm
            || values.is_on("enable_pem")
            || values.is_on("enable_beacon_agent"))
}

/// Takes away what a standard sets, deeply.
fn without(vars: &mut Mapping, standard: &value::Map) {
    for (key, value) in standard.iter() {
        let Key::Text(key) = key else { continue };
        match (vars.get_mut(key.as_str()), &value.data) {
            (Some(Value::Mapping(map)), Data::Map(standard)) => without(map, standard),
            (Some(_), _) => {
                vars.shift_remove(key.as_str());
            }
            (None, _) => {}
        }
    }
}

/// The defaults of machines without those that the platform sets whatever the files say.
fn defaults(mut defaults: Mapping, request: &Request, notes: &mut Vec<String>) -> Mapping {
    let decided: &[&str] = match request.platform {
        Platform::Aws => &["type", "default_volumes"],
        Platform::Docker if request.mounts.is_empty() => &["image"],
        Platform::Docker => &["image", "local_source_directories"],
        Platform::Bare => &[],
    };
    for name in decided {
        if defaults.shift_remove(*name).is_some() {
            notes.push(format!(
                "overrides: TPA decides `instance_defaults.{name}` itself"
            ));
        }
    }
    defaults
}

/// The other keys of each location. Machines are placed by the names that the options give.
fn locations(section: Option<&Value>, request: &Request) -> Result<Vec<Mapping>, Refusal> {
    let entries = match section {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Sequence(entries)) if entries.is_empty() => return Ok(Vec::new()),
        Some(Value::Sequence(entries)) => entries,
        Some(_) => return Err(errors::section_type("locations", "a list of maps")),
    };
    let names = &request.layout.locations;
    let mut locations = Vec::new();
    for entry in entries {
        let Value::Mapping(entry) = entry else {
            return Err(errors::section_type("locations", "a list of maps"));
        };
        let mut entry = entry.clone();
        let name = entry.shift_remove("Name");
        let expected = names.get(locations.len());
        if name.as_ref().and_then(Value::as_str) != expected.map(String::as_str) {
            return Err(errors::other_locations());
        }
        if request.platform == Platform::Aws {
            entry.shift_remove("region");
        }
        if let Some(Value::Mapping(vars)) = entry.get("vars") {
            types::check(vars, Scope::Both, "locations.vars")?;
            for name in LAYOUT {
                if vars.contains_key(*name) {
                    let key = format!("locations.vars.{name}");
                    return Err(errors::decided_elsewhere(
                        &key,
                        "it holds for all locations",
                    ));
                }
            }
        }
        locations.push(entry);
    }
    if locations.len() == names.len() {
        Ok(locations)
    } else {
        Err(errors::other_locations())
    }
}
