//! Sources that the editor shows in its folders and has not opened.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::edited;
use super::{Client, SOURCE, able, uri};

const HOUSE: &str = "param size = 3

profile small {
  vars { work_mem = \"16MB\" }
}
";

/// A source that uses the house.
fn main(cluster: &str) -> String {
    let text = SOURCE.replace("speedy {", &format!("{cluster} {{\n  include house.small"));
    format!("use \"../house.m1\"\n\n{text}")
}

/// `house.m1`, and `prod/one.m1` and `prod/two.m1`, which use it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("prod")).unwrap();
    fs::write(folder.path().join("house.m1"), HOUSE).unwrap();
    fs::write(folder.path().join("prod/one.m1"), main("one")).unwrap();
    fs::write(folder.path().join("prod/two.m1"), main("two")).unwrap();
    folder
}

fn shown(folder: &Path) -> Value {
    json!([{ "uri": uri(folder, ""), "name": "clusters" }])
}

fn start(folder: &Path) -> Client {
    let mut capabilities = able();
    capabilities["workspace"]["workspaceEdit"] = json!({ "documentChanges": true });
    Client::start_in(shown(folder), capabilities)
}

fn at_small(uri: &str) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": 2, "character": 9 },
        "context": { "includeDeclaration": false },
        "newName": "tiny",
    })
}

/// The names of the files of some locations, as they are below a folder.
fn files(folder: &Path, locations: &Value) -> Vec<String> {
    let below = uri(folder, "");
    let locations = locations.as_array().unwrap().iter();
    let uris = locations.map(|location| location["uri"].as_str().unwrap());
    let mut files: Vec<String> = uris.map(|uri| uri[below.len()..].to_owned()).collect();
    files.sort();
    files
}

#[test]
fn a_rename_changes_the_sources_that_use_the_name_and_are_not_open() {
    let folder = folder();
    let (at_house, at_one) = (
        uri(folder.path(), "house.m1"),
        uri(folder.path(), "prod/one.m1"),
    );
    let mut client = start(folder.path());
    client.open(&at_house, HOUSE);
    let moved = format!("# moved\n{}", main("one"));
    client.open(&at_one, &moved);
    client.replace(&at_one, &moved);
    let mut renamed = client.request("textDocument/rename", at_small(&at_house));
    let changes = renamed["documentChanges"].as_array_mut().unwrap();
    let documents: Vec<Value> = changes
        .iter_mut()
        .map(|change| change["textDocument"].take())
        .collect();
    let expected = json!([
        { "uri": at_house, "version": 1 },
        { "uri": at_one, "version": 2 },
        { "uri": uri(folder.path(), "prod/two.m1"), "version": null },
    ]);
    assert_eq!(Value::from(documents), expected);
    let of = |text: &str, at: usize| edited(text, &changes[at]["edits"], "utf-8");
    assert_eq!(of(HOUSE, 0), HOUSE.replace("small", "tiny"));
    assert_eq!(of(&moved, 1), moved.replace("small", "tiny"));
    assert_eq!(of(&main("two"), 2), main("two").replace("small", "tiny"));
}

#[test]
fn an_editor_without_versions_gets_plain_changes() {
    let folder = folder();
    let at_house = uri(folder.path(), "house.m1");
    let mut client = Client::start_in(shown(folder.path()), able());
    client.open(&at_house, HOUSE);
    let renamed = client.request("textDocument/rename", at_small(&at_house));
    let changed = renamed["changes"].as_object().unwrap();
    assert_eq!(changed.len(), 3);
    assert!(changed.contains_key(&uri(folder.path(), "prod/two.m1")));
}

#[test]
fn a_rename_that_would_break_a_source_that_is_not_open_is_refused() {
    let folder = folder();
    let house = "profile sites {
  location paris { primary kestrel { address = 10.0.0.1 } }
}
";
    let text = "use \"../house.m1\"
let where = paris

cluster three {
  include house.sites
  postgres postgresql 17
  failover repmgr
  platform bare
  primary_location = $where
}
";
    fs::write(folder.path().join("prod/three.m1"), text).unwrap();
    let at_house = uri(folder.path(), "house.m1");
    let mut client = start(folder.path());
    client.open(&at_house, house);
    let params = json!({
        "textDocument": { "uri": at_house },
        "position": { "line": 1, "character": 12 },
        "newName": "lyon",
    });
    let refused = client.refused("textDocument/rename", params);
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.starts_with("`paris` is also needed where it cannot be followed"),
        "{message}"
    );
    assert!(message.contains("prod/three.m1"), "{message}");
}

#[test]
fn references_and_symbols_are_found_in_sources_that_are_not_open() {
    let folder = folder();
    let at_house = uri(folder.path(), "house.m1");
    let mut client = start(folder.path());
    client.open(&at_house, HOUSE);
    let used = client.request("textDocument/references", at_small(&at_house));
    assert_eq!(files(folder.path(), &used), ["prod/one.m1", "prod/two.m1"]);
    let found = client.request("workspace/symbol", json!({ "query": "two" }));
    let found = found.as_array().unwrap().iter();
    let names: Vec<&str> = found.map(|found| found["name"].as_str().unwrap()).collect();
    // The machine of each of them, and the cluster.
    assert_eq!(names, ["two", "two", "two"]);
}

#[test]
fn the_workspace_is_read_again_when_it_changes_on_disk() {
    let folder = folder();
    let at_house = uri(folder.path(), "house.m1");
    let (one, three) = (
        folder.path().join("prod/one.m1"),
        folder.path().join("prod/three.m1"),
    );
    let mut client = start(folder.path());
    client.open(&at_house, HOUSE);
    let mut used = |changes: &[(&str, u8)]| {
        let changes = changes.iter().map(|(name, kind)| {
            let at = uri(folder.path(), name);
            json!({ "uri": at, "type": kind })
        });
        let changes: Vec<Value> = changes.collect();
        client.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": changes }),
        );
        let used = client.request("textDocument/references", at_small(&at_house));
        files(folder.path(), &used)
    };
    assert_eq!(used(&[]), ["prod/one.m1", "prod/two.m1"]);
    fs::write(&three, main("three")).unwrap();
    fs::write(&one, main("one").replace("include house.small", "")).unwrap();
    let changed = [("prod/three.m1", 1), ("prod/one.m1", 2)];
    assert_eq!(used(&changed), ["prod/three.m1", "prod/two.m1"]);
    fs::remove_file(&three).unwrap();
    assert_eq!(used(&[("prod/three.m1", 3)]), ["prod/two.m1"]);
}

#[test]
fn a_source_that_was_open_counts_as_it_is_on_disk() {
    let folder = folder();
    let (at_house, at_one) = (
        uri(folder.path(), "house.m1"),
        uri(folder.path(), "prod/one.m1"),
    );
    let mut client = start(folder.path());
    client.open(&at_house, HOUSE);
    client.open(&at_one, "# Nothing.\n");
    let used = client.request("textDocument/references", at_small(&at_house));
    assert_eq!(files(folder.path(), &used), ["prod/two.m1"]);
    client.close(&at_one);
    let used = client.request("textDocument/references", at_small(&at_house));
    assert_eq!(files(folder.path(), &used), ["prod/one.m1", "prod/two.m1"]);
}

#[test]
fn folders_come_and_go() {
    let folder = folder();
    let other = tempfile::tempdir().unwrap();
    let at_house = uri(folder.path(), "house.m1");
    let mut client = Client::start_in(shown(other.path()), able());
    assert_eq!(
        client.capabilities["workspace"]["workspaceFolders"],
        json!({ "supported": true, "changeNotifications": true })
    );
    client.open(&at_house, HOUSE);
    let mut used = |event: Value| {
        client.notify(
            "workspace/didChangeWorkspaceFolders",
            json!({ "event": event }),
        );
        let used = client.request("textDocument/references", at_small(&at_house));
        used.as_array().unwrap().len()
    };
    assert_eq!(used(json!({ "added": [], "removed": [] })), 0);
    let there = shown(folder.path());
    assert_eq!(used(json!({ "added": there, "removed": [] })), 2);
    assert_eq!(used(json!({ "added": [], "removed": there })), 0);
}
