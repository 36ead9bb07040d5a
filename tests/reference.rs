//! The tables of the library and of the schema say what the reference says.

use std::collections::{BTreeMap, BTreeSet};

use m1c::facts::choices::Flavour;
use m1c::facts::effects::{self, UNWRITTEN};
use m1c::facts::systems;
use m1c::facts::tables::{Image, Platform};
use m1c::facts::tpa::V23_40;
use m1c::facts::tpa::changes::{self, Availability};
use m1c::facts::variables::{Kind, Scope, VARIABLES, Variable, find};
use m1c::resolve::tables::{library_image, library_names, library_region, library_releases};
use m1c::schema::cluster::CLUSTER;
use m1c::tpa::config::config;
use serde_json::Value;

use crate::memory::check_text;

fn reference(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value[key].as_str()
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
        .collect()
}

/// The images of the release that the reference is of.
fn on(name: &str, platform: Platform) -> Vec<Image> {
    let mut images = library_image(name);
    images.retain(|image| {
        let known = changes::image(V23_40, platform, name, &image.version);
        image.platform == platform && known == Availability::Here
    });
    images
}

fn spellings(images: &[Image]) -> BTreeSet<&str> {
    images
        .iter()
        .flat_map(|image| std::iter::once(&image.version).chain(&image.aliases))
        .map(String::as_str)
        .collect()
}

#[test]
fn images_on_aws_are_those_of_the_reference() {
    let reference = reference(include_str!("reference/images.json"));
    let aws = &reference["platforms"]["aws"];
    for label in strings(&aws["accepted_labels"]) {
        let entry = text(&aws["label_aliases"], label).unwrap_or(label);
        let entry = &aws["labels"][entry];
        let images = on(label, Platform::Aws);
        let expected = entry["images"].as_array().unwrap();
        assert_eq!(images.len(), expected.len(), "{label}");
        for (image, expected) in images.iter().zip(expected) {
            let mut versions = vec![image.version.as_str()];
            versions.extend(image.aliases.iter().map(String::as_str));
            assert_eq!(versions, strings(&expected["versions"]), "{label}");
            assert_eq!(
                Some(image.default),
                expected["default"].as_bool(),
                "{label}"
            );
            let present = image.ami.as_deref().unwrap();
            let ami = changes::ami(V23_40, present).unwrap_or(present);
            assert_eq!(Some(ami), text(expected, "ami_name"));
            assert_eq!(image.owner.as_deref(), text(expected, "owner"));
            assert_eq!(Some(image.user.as_str()), text(expected, "user"));
            assert_eq!(
                Some(image.python.as_str()),
                text(expected, "preferred_python_version")
            );
            assert_eq!(image.family.as_deref(), text(expected, "os_family"));
            assert_eq!(image.arch.as_deref(), text(expected, "architecture"));
            assert_eq!(
                Some(image.instance.as_str()),
                text(entry, "default_instance_type")
            );
        }
    }
}

#[test]
fn images_on_docker_are_those_of_the_reference() {
    let reference = reference(include_str!("reference/images.json"));
    let docker = &reference["platforms"]["docker"];
    let python2 = strings(&docker["python2_images"]);
    for label in strings(&docker["accepted_labels"]) {
        let entry = &docker["labels"][label];
        let images = on(label, Platform::Docker);
        let mut expected: BTreeSet<&str> = strings(&entry["versions"]).into_iter().collect();
        // TPA accepts `latest` of every system, and then cannot build it of all.
        let latest = text(docker, "always_accepted_version").unwrap();
        let image = format!("{}:{latest}", text(entry, "image").unwrap());
        if docker["buildable_images"].get(image).is_some() {
            expected.insert(latest);
        }
        assert_eq!(spellings(&images), expected, "{label}");
        let default = images.iter().find(|image| image.default).unwrap();
        assert_eq!(
            Some(default.version.as_str()),
            text(entry, "default_version")
        );
        for image in &images {
            assert_eq!(image.image.as_deref(), text(entry, "image"));
            let tagged = format!("{}:{}", image.image.as_deref().unwrap(), image.version);
            let python = if python2.contains(&tagged.as_str()) {
                "python2"
            } else {
                "python3"
            };
            assert_eq!(image.python, python, "{tagged}");
            assert_eq!(image.user, text(docker, "ansible_user").unwrap());
        }
    }
}

#[test]
fn images_that_can_be_built_are_those_of_the_reference() {
    let reference = reference(include_str!("reference/images.json"));
    let images = &reference["platforms"]["docker"]["buildable_images"];
    let expected: Vec<(&str, &str)> = images
        .as_object()
        .unwrap()
        .iter()
        .map(|(image, base)| (image.strip_prefix("tpa/").unwrap(), base.as_str().unwrap()))
        .collect();
    let of_first = |(image, _): &(&'static str, &'static str)| {
        let base = systems::base(&format!("tpa/{image}"), V23_40)?;
        Some((*image, base))
    };
    let mut known: Vec<_> = systems::BUILDABLE.iter().filter_map(of_first).collect();
    known.sort_unstable();
    let mut expected = expected;
    expected.sort_unstable();
    assert_eq!(known, expected);
}

#[test]
fn the_library_has_no_image_that_the_reference_has_not() {
    let reference = reference(include_str!("reference/images.json"));
    let labels = |platform: &str| strings(&reference["platforms"][platform]["accepted_labels"]);
    let mut expected = labels("aws");
    expected.extend(labels("docker"));
    let expected: BTreeSet<&str> = expected.into_iter().collect();
    assert_eq!(
        library_names("image").into_iter().collect::<BTreeSet<_>>(),
        expected
    );
}

#[test]
fn regions_are_those_of_the_reference() {
    let reference = reference(include_str!("reference/aws-regions.json"));
    let regions = reference["regions"].as_array().unwrap();
    let names: Vec<&str> = regions
        .iter()
        .map(|region| text(region, "name").unwrap())
        .collect();
    let mut known = library_names("region");
    assert_eq!(known.len(), 35);
    known.retain(|name| changes::region(V23_40, name) == Availability::Here);
    assert_eq!(known, names);
    for region in regions {
        let name = text(region, "name").unwrap();
        assert_eq!(
            library_region(name).unwrap().zones,
            strings(&region["zones"]),
            "{name}"
        );
    }
}

#[test]
fn releases_are_the_versions_that_tpa_deploys() {
    let versions = vec!["11", "12", "13", "14", "15", "16", "17", "18"];
    for flavour in m1c::facts::choices::Flavour::WORDS {
        assert_eq!(library_releases(flavour), versions, "{flavour}");
    }
}

#[test]
fn variables_are_those_of_the_reference() {
    let reference = reference(include_str!("reference/cluster-vars.json"));
    let expected = reference.as_array().unwrap();
    let mut names: Vec<&str> = Vec::new();
    for expected in expected {
        let name = text(expected, "name").unwrap();
        names.push(name);
        let variable = find(name).unwrap_or_else(|| panic!("`{name}` is not in the schema"));
        let kinds: Vec<Kind> = strings(&expected["accepts"])
            .into_iter()
            .map(kind)
            .collect();
        assert_eq!(variable.accepts, kinds, "{name}");
        let scope = match text(expected, "scope").unwrap() {
            "both" => Scope::Both,
            "instance" => Scope::Instance,
            _ => Scope::TopLevel,
        };
        assert_eq!(variable.scope, scope, "{name}");
        assert_eq!(
            Some(variable.documentation),
            text(expected, "doc"),
            "{name}"
        );
    }
    names.sort_unstable();
    assert!(VARIABLES.is_sorted_by_key(|variable| variable.name));
    let is_later = |variable: &&Variable| variable.since.is_some();
    let (later, known): (Vec<&Variable>, Vec<&Variable>) = VARIABLES.iter().partition(is_later);
    let known: Vec<&str> = known.iter().map(|variable| variable.name).collect();
    assert_eq!(known, names);
    assert!(later.len() > 20);
}

fn kind(name: &str) -> Kind {
    match name {
        "string" => Kind::Text,
        "int" => Kind::Integer,
        "float" => Kind::Decimal,
        "bool" => Kind::Boolean,
        "list" => Kind::List,
        "map" => Kind::Map,
        other => panic!("unknown kind `{other}`"),
    }
}

/// Every word of the schema is built: what `src/tpa/builds.rs` does not know would be left out silently.
#[test]
fn sources_of_the_schema_are_built() {
    let block = CLUSTER.entry("sources").and_then(|entry| entry.block);
    let names: Vec<&str> = block.unwrap().words().collect();
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        let before = if name == "bdr3" { "pglogical3; " } else { "" };
        let source = format!(
            "cluster speedy {{
  postgres postgresql 16
  failover repmgr
  platform bare
  sources {{ {before}\"{name}\" \"some-branch\" }}
  location main {{ primary db1 {{ address = 10.0.0.1 }}; barman bk {{ address = 10.0.0.2 }} }}
}}
"
        );
        let checked = check_text(&source);
        let topology = checked
            .topology
            .unwrap_or_else(|| panic!("{name}: {:?}", checked.diagnostics));
        let config = config(&topology.clusters[0]);
        let vars = format!("{config:?}");
        assert!(vars.contains("some-branch"), "{name} is not built");
    }
}

#[test]
fn what_holds_without_a_variable_is_as_in_the_reference() {
    fn words(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(words).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
        }
    }
    let reference = reference(include_str!("reference/cluster-vars.json"));
    let defaults: BTreeMap<&str, String> = reference
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(entry, "name").unwrap(), words(&entry["default"])))
        .collect();
    assert!(UNWRITTEN.is_sorted());
    for (name, value) in UNWRITTEN {
        assert_eq!(defaults[name], *value, "{name}");
    }
    for port in ["etcd_client_port", "patroni_listen_port", "pgbouncer_port"] {
        let known = effects::unwritten(port, Flavour::Postgresql);
        assert_eq!(known.as_ref(), Some(&defaults[port]), "{port}");
    }
}
