//! Terraform: what is emitted is HCL that its providers take, and what cannot be is refused at its place.
//!
//! `reference/*-provider-schema.json` are the providers' own schemas. `limits/terraform_*.m1` hold what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use m1c::backend::limits::limits;
use m1c::backend::{Backend, OutputFile, emit};
use m1c::check::{Options, check};
use m1c::diagnostic::Diagnostics;
use proptest::prelude::*;
use serde_json::Value;

use crate::{carets, corpus, memory};

/// What every resource takes beside its own arguments.
const META: [&str; 4] = ["count", "for_each", "provider", "depends_on"];

/// Blocks that every resource takes.
const META_BLOCKS: [&str; 2] = ["lifecycle", "timeouts"];

/// What the sources of the other tests and the examples become.
fn all_files() -> Vec<OutputFile> {
    let mut files = Vec::new();
    for folder in ["tests/build", "examples"] {
        for path in corpus::files_in(folder) {
            let folder = path.parent().unwrap().to_owned();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let checked = check(&name, &crate::build::Folder(folder), Options::default());
            let Some(topology) = checked.topology else {
                continue;
            };
            let mut diagnostics = Diagnostics::default();
            limits(Backend::Terraform, &topology, &mut diagnostics);
            if !diagnostics.has_errors() {
                files.extend(emit(Backend::Terraform, &topology));
            }
        }
    }
    files
}

fn body(file: &OutputFile) -> Body {
    file.contents
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", file.path, file.contents))
}

fn is_hcl(file: &OutputFile) -> bool {
    let extension = Path::new(&file.path).extension();
    extension.is_some_and(|extension| extension == "tf" || extension == "example")
}

fn schemas() -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for provider in ["aws", "docker"] {
        let text =
            fs::read_to_string(format!("tests/reference/{provider}-provider-schema.json")).unwrap();
        let schema: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
        all.extend(schema);
    }
    all
}

#[test]
fn emitted_files_are_what_the_providers_take() {
    let schemas = schemas();
    let mut wrong = BTreeSet::new();
    let mut types = BTreeSet::new();
    for file in all_files().iter().filter(|file| is_hcl(file)) {
        for block in body(file).blocks() {
            let label = block
                .labels
                .first()
                .map(hcl_edit::structure::BlockLabel::as_str);
            let name = match (block.ident.as_str(), label) {
                ("resource", Some(kind)) => kind.to_owned(),
                ("data", Some(kind)) => format!("data.{kind}"),
                ("provider", Some(kind)) => format!("provider.{kind}"),
                _ => continue,
            };
            match schemas.get(&name) {
                Some(schema) => check_block(&name, &block.body, schema, &META, &mut wrong),
                None => {
                    wrong.insert(format!("{}: there is no {name}", file.path));
                }
            }
            types.insert(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Of every kind that the folder of the backend has.
    for kind in [
        "aws_instance",
        "aws_ebs_volume",
        "data.aws_ami",
        "docker_container",
    ] {
        assert!(types.contains(kind), "{kind}");
    }
}

/// Compares a block with its schema: arguments and blocks that there are, and those that must be there.
fn check_block(
    path: &str,
    body: &Body,
    schema: &Value,
    meta: &[&str],
    wrong: &mut BTreeSet<String>,
) {
    let attributes = schema["attributes"].as_object().unwrap();
    let none = serde_json::Map::new();
    let blocks = schema["blocks"].as_object().unwrap_or(&none);
    let mut seen = BTreeSet::new();
    for attribute in body.attributes() {
        let name = attribute.key.as_str();
        seen.insert(name.to_owned());
        let settable = attributes.get(name).is_some_and(|attribute| {
            attribute["optional"] == true || attribute["required"] == true
        });
        let is_alias = path.starts_with("provider.") && name == "alias";
        if !settable && !meta.contains(&name) && !is_alias {
            wrong.insert(format!("{path}: no argument {name}"));
        }
        let expected = attributes
            .get(name)
            .and_then(|attribute| attribute["type"].as_str());
        let fits = match (expected, &attribute.value) {
            (Some("bool"), Expression::String(_) | Expression::Number(_))
            | (Some("number"), Expression::String(_) | Expression::Bool(_))
            | (Some("string"), Expression::Array(_) | Expression::Object(_)) => false,
            (_, _) => true,
        };
        if !fits {
            wrong.insert(format!("{path}: {name} has another type"));
        }
    }
    for block in body.blocks() {
        let (name, content) = contents(block);
        seen.insert(name.clone());
        if META_BLOCKS.contains(&name.as_str()) && !blocks.contains_key(&name) {
            continue;
        }
        match blocks.get(&name) {
            Some(schema) => check_block(&format!("{path}.{name}"), content, schema, &[], wrong),
            None => {
                wrong.insert(format!("{path}: no block {name}"));
            }
        }
    }
    for (name, attribute) in attributes {
        if attribute["required"] == true && !seen.contains(name) {
            wrong.insert(format!("{path}: no {name}"));
        }
    }
    for (name, block) in blocks {
        if block["min_items"].as_u64() > Some(0) && !seen.contains(name) {
            wrong.insert(format!("{path}: no block {name}"));
        }
    }
}

/// A block's name and what stands in it; of a dynamic one what it makes.
fn contents(block: &Block) -> (String, &Body) {
    if block.ident.as_str() != "dynamic" {
        return (block.ident.as_str().to_owned(), &block.body);
    }
    let content = block.body.get_blocks("content").next().unwrap();
    (block.labels[0].as_str().to_owned(), &content.body)
}

#[test]
fn ssh_is_never_open_to_the_world_unasked() {
    for file in all_files() {
        if file.path.ends_with("/terraform/cluster.tf") {
            assert!(
                !file
                    .contents
                    .contains(r#"from_port = 22, to_port = 22, cidr = "0.0.0.0/0""#),
                "{}",
                file.path
            );
        }
    }
}

#[test]
fn what_terraform_cannot_honour_is_said_at_its_place() {
    for path in corpus::files_in("tests/limits") {
        let annotated = corpus::read(&path);
        let sources = carets::sources(&annotated);
        let checked = memory::check_text(&sources[0].text);
        assert_eq!(memory::messages(&checked), "", "{}", path.display());
        let mut diagnostics = Diagnostics::default();
        limits(
            Backend::Terraform,
            &checked.topology.unwrap(),
            &mut diagnostics,
        );
        let diagnostics = diagnostics.into_sorted();
        carets::check(&path, &annotated, &diagnostics, &checked.sources);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_comes_through(
        key in any_text(),
        value in any_text(),
        inner in any_text(),
        platform in prop::sample::select(vec!["aws", "docker", "bare"]),
    ) {
        let (key, value, inner) = (key.as_str(), value.as_str(), inner.as_str());
        let quote = |text: &str| {
            let escape = |character| format!("\\u{{{:x}}}", u32::from(character));
            format!("\"{}\"", text.chars().map(escape).collect::<Vec<_>>().concat())
        };
        let text = format!(
            "cluster any {{
              postgres postgresql 16
              failover repmgr
              platform {platform}
              backup none
              defaults {{ ansible_host = {} }}
              location main {{ primary {{ address = 10.33.0.9; vars {{ \"k{}\" = {{ {} = {} }} }} }} }}
            }}",
            quote(value),
            quote(key).trim_matches('"'),
            quote(inner),
            quote(value),
        );
        // An EC2 instance has no address of that kind.
        let text = if platform == "aws" { text.replace("address = 10.33.0.9; ", "") } else { text };
        let checked = memory::check_text(&text);
        let topology = checked.topology.clone().unwrap_or_else(|| panic!("{}", memory::messages(&checked)));
        let files = emit(Backend::Terraform, &topology);
        for file in files.iter().filter(|file| is_hcl(file)) {
            body(file);
        }
        let data = files.iter().find(|file| file.path.ends_with("/cluster.tf")).unwrap();
        let body = body(data);
        let locals = body.get_blocks("locals").next().unwrap();
        let nodes = locals.body.get_attribute("nodes").unwrap();
        let node = nodes.value.as_object().unwrap().iter().next().unwrap().1.expr();
        let host = field(node, "ansible_host");
        prop_assert_eq!(host.as_str(), Some(value), "{}", data.contents);
        if platform == "aws" {
            let outer = format!("k{key}");
            let found = field(field(field(node, "vars"), &outer), inner);
            prop_assert_eq!(found.as_str(), Some(value), "{}", data.contents);
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${".to_owned()),
        Just("%{".to_owned()),
        Just("$".to_owned()),
        Just("%".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        "[a-z ]{0,4}",
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// A field of an object by its key.
fn field<'e>(object: &'e Expression, key: &str) -> &'e Expression {
    let found = object.as_object().unwrap().iter().find(|(known, _)| {
        let known = match known {
            hcl_edit::expr::ObjectKey::Ident(name) => name.as_str(),
            hcl_edit::expr::ObjectKey::Expression(expression) => expression.as_str().unwrap(),
        };
        known == key
    });
    found.unwrap_or_else(|| panic!("no {key:?}")).1.expr()
}
