//! Files that use each other, on disk and open, and the settings beside them.

use std::fs;

use serde_json::json;

use super::client::edited;
use super::{Client, SOURCE, able, codes, uri};

const HOUSE: &str = "profile small {
  vars { work_mem = \"16MB\" }
}
";

fn main(house: &str) -> String {
    let text = SOURCE.replace("speedy {", "speedy {\n  include house.small");
    format!("use \"{house}\"\n\n{text}")
}

#[test]
fn an_open_text_stands_before_that_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (at_main, at_house) = (
        uri(folder.path(), "main.m1"),
        uri(folder.path(), "house.m1"),
    );
    let mut client = Client::start(able());
    client.open(&at_main, &main("house.m1"));
    assert_eq!(codes(&client.diagnostics(&at_main)), ["unreadable-file"]);
    client.open(&at_house, HOUSE);
    client.diagnostics(&at_house);
    let said = client.settled(&at_main).unwrap();
    assert!(!codes(&said).contains(&"unreadable-file".to_owned()));
    // A change in the one is a change for the other.
    client.replace(&at_house, &HOUSE.replace("small", "large"));
    assert_eq!(client.diagnostics(&at_house), [] as [serde_json::Value; 0]);
    assert_eq!(
        codes(&client.settled(&at_main).unwrap()),
        ["unknown-profile"]
    );
    client.close(&at_house);
    assert_eq!(
        codes(&client.settled(&at_main).unwrap()),
        ["unreadable-file"]
    );
    assert_eq!(client.end(), 0);
}

#[test]
fn what_is_wrong_with_a_used_file_is_told_there_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (at_main, at_house) = (
        uri(folder.path(), "main.m1"),
        uri(folder.path(), "house.m1"),
    );
    fs::write(
        folder.path().join("house.m1"),
        HOUSE.replace("vars {", "vars ["),
    )
    .unwrap();
    let mut client = Client::start(able());
    client.open(&at_main, &main("house.m1"));
    client.diagnostics(&at_main);
    let said = client.settled(&at_house).unwrap();
    assert!(!said.is_empty());
    // The same, now that it is open.
    client.open(&at_house, &HOUSE.replace("vars {", "vars ["));
    assert_eq!(client.diagnostics(&at_house).len(), said.len());
    client.replace(&at_house, HOUSE);
    assert_eq!(
        client.settled(&at_house).unwrap(),
        [] as [serde_json::Value; 0]
    );
    // What is on disk counts again.
    client.close(&at_house);
    assert_eq!(client.settled(&at_house).unwrap().len(), said.len());
    client.close(&at_main);
    assert_eq!(
        client.settled(&at_house).unwrap(),
        [] as [serde_json::Value; 0]
    );
}

#[test]
fn a_used_file_that_changes_on_disk_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (at_main, at_house) = (
        uri(folder.path(), "main.m1"),
        uri(folder.path(), "house.m1"),
    );
    let mut client = Client::start(able());
    client.open(&at_main, &main("house.m1"));
    assert_eq!(codes(&client.diagnostics(&at_main)), ["unreadable-file"]);
    let watched = client
        .asked
        .iter()
        .find(|request| request["method"] == "client/registerCapability");
    assert!(watched.unwrap().to_string().contains("**/*.m1"));
    fs::write(folder.path().join("house.m1"), HOUSE).unwrap();
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": at_house, "type": 1 }] }),
    );
    let said = client.settled(&at_main).unwrap();
    assert!(!codes(&said).contains(&"unreadable-file".to_owned()));
}

#[test]
fn the_settings_beside_a_file_hold_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let at_main = uri(folder.path(), "main.m1");
    let at_settings = uri(folder.path(), "m1c.toml");
    let mut client = Client::start(able());
    client.open(&at_main, SOURCE);
    let before = codes(&client.diagnostics(&at_main));
    assert!(before.contains(&"eol-postgres".to_owned()));
    let changed = json!({ "changes": [{ "uri": at_settings, "type": 2 }] });
    let settings = folder.path().join("m1c.toml");
    fs::write(&settings, "ignore = [\"eol-postgres\"]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed.clone());
    let ignored = codes(&client.settled(&at_main).unwrap());
    assert_eq!(ignored.len(), before.len() - 1);
    assert!(!ignored.contains(&"eol-postgres".to_owned()));
    // Settings that are wrong are told once, and hold for nothing.
    fs::write(&settings, "ignor = []\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed.clone());
    assert_eq!(codes(&client.settled(&at_main).unwrap()), before);
    let told = client.notification("window/showMessage", |_| true);
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("did you mean `ignore`?"), "{message}");
    fs::write(&settings, "exclude = [\"main.m1\"]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed);
    assert_eq!(
        client.settled(&at_main).unwrap(),
        [] as [serde_json::Value; 0]
    );
}

#[test]
fn what_has_been_built_is_renamed_with_its_old_name() {
    let folder = tempfile::tempdir().unwrap();
    let lock = "version = 1\n\ncluster.speedy.location.main.machine.kestrel = { number = 1 }\ncluster.speedy.location.main.machine.merlin = { number = 2 }\n\n# The end of the lock.\n";
    let source = |main: &str| {
        format!(
            "cluster speedy {{\n  postgres postgresql 16\n  failover repmgr\n  platform bare\n  {main}\n}}\n"
        )
    };
    let mut client = Client::start(able());
    let open = |client: &mut Client, name: &str, main: &str| {
        fs::write(folder.path().join(format!("{name}.lock")), lock).unwrap();
        let at = uri(folder.path(), name);
        client.open(&at, &source(main));
        client.diagnostics(&at);
        at
    };
    let main = "location main { primary kestrel; replica merlin }";
    let rename = |client: &mut Client, at: &str, main: &str, old: &str, new: &str| {
        let character = 2 + main.find(old).unwrap();
        let position = json!({ "line": 4, "character": character });
        let params = json!({ "textDocument": { "uri": at }, "position": position, "newName": new });
        client.request("textDocument/rename", params).to_string()
    };
    let at = open(&mut client, "main.m1", main);
    let edits = rename(&mut client, &at, main, "merlin", "heron");
    assert!(edits.contains("\" { was = merlin }\""), "{edits}");
    let edits = rename(&mut client, &at, main, "main", "first");
    assert!(edits.contains("\" was = main;\""), "{edits}");
    let again = "location main { primary kestrel; replica merlin { was = osprey } }";
    let at = open(&mut client, "again.m1", again);
    let edits = rename(&mut client, &at, again, "merlin", "heron");
    assert!(edits.contains("\"[osprey, merlin]\""), "{edits}");
    let asked = "location main { primary kestrel; replica heron { was =  } }";
    let at = open(&mut client, "asked.m1", asked);
    let character = 2 + asked.find("was = ").unwrap() + 6;
    let position = json!({ "line": 4, "character": character });
    let params = json!({ "textDocument": { "uri": at }, "position": position });
    let offered = client
        .request("textDocument/completion", params)
        .to_string();
    assert!(offered.contains("\"merlin\""), "{offered}");
    assert!(!offered.contains("\"kestrel\""), "{offered}");
}

#[test]
fn hints_are_those_of_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let at = uri(folder.path(), "main.m1");
    let lock = |number: i64| {
        let text = format!(
            "version = 1\n\ncluster.speedy.location.main.machine.kelvin = {{ number = {number}, data = 1 }}\n\n# The end of the lock.\n"
        );
        fs::write(folder.path().join("main.m1.lock"), text).unwrap();
    };
    let source = "cluster speedy {\n  postgres postgresql 16\n  failover repmgr\n  platform bare\n\n  location main { data 2 }\n}\n";
    let mut client = Client::start(able());
    let hints = |client: &mut Client| {
        let range =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let params = json!({ "textDocument": { "uri": at }, "range": range });
        let hints = client.request("textDocument/inlayHint", params);
        hints.to_string()
    };
    lock(41);
    client.open(&at, source);
    client.diagnostics(&at);
    let settings = json!({ "settings": { "m1c": { "inlayHints": true } } });
    client.notify("workspace/didChangeConfiguration", settings);
    assert!(hints(&mut client).contains("kelvin (id 41"));
    // Somebody has built.
    lock(42);
    let at_lock = uri(folder.path(), "main.m1.lock");
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": at_lock, "type": 2 }] }),
    );
    client.settled(&at).unwrap();
    assert!(hints(&mut client).contains("kelvin (id 42"));
}

#[test]
fn a_config_yml_of_the_architecture_gets_findings() {
    let at = "file:///srv/speedy/config.yml";
    let text = "---\narchitecture: M1\ncluster_name: speedy\ncluster_vars:\n  postgres_version: '13'\n  postgres_flavour: postgresql\n";
    let mut client = Client::start(able());
    client.open_as(at, "yaml", text);
    assert!(!client.diagnostics(at).is_empty());
    client.replace(at, &text.replace("M1", "PGD-Always-ON"));
    assert_eq!(client.diagnostics(at), [] as [serde_json::Value; 0]);
    client.replace(at, &text.replace("speedy", "[speedy"));
    assert_eq!(codes(&client.diagnostics(at)), ["yaml-syntax"]);
    let other = "file:///srv/speedy/other.yml";
    client.open_as(other, "yaml", text);
    assert_eq!(client.diagnostics(other), [] as [serde_json::Value; 0]);
}

#[test]
fn what_stands_in_the_library_is_shown_where_it_is_included() {
    let text = SOURCE.replace("speedy {", "speedy {\n  include profiles.production-large");
    let text = format!("use profiles\n\n{text}");
    let at = "file:///srv/m1/large.m1";
    let mut client = Client::start(able());
    client.open(at, &text);
    let lines = text.lines().count() as u64;
    for diagnostic in client.diagnostics(at) {
        let line = diagnostic["range"]["end"]["line"].as_u64().unwrap();
        assert!(line < lines, "{diagnostic:#}");
    }
}

#[test]
fn a_rename_reaches_the_other_open_documents_as_they_are_now() {
    let folder = tempfile::tempdir().unwrap();
    let (at_main, at_house) = (
        uri(folder.path(), "main.m1"),
        uri(folder.path(), "house.m1"),
    );
    let mut client = Client::start(able());
    client.open(&at_house, HOUSE);
    client.open(&at_main, &main("house.m1"));
    client.diagnostics(&at_main);
    // Nothing has been checked since this.
    let moved = format!("# moved\n\n{}", main("house.m1"));
    client.replace(&at_main, &moved);
    let params = json!({
        "textDocument": { "uri": at_house },
        "position": { "line": 0, "character": 9 },
        "newName": "tiny",
    });
    let renamed = client.request("textDocument/rename", params);
    let of = |text: &str, uri: &str| edited(text, &renamed["changes"][uri], "utf-8");
    assert!(of(HOUSE, &at_house).starts_with("profile tiny {"));
    assert!(of(&moved, &at_main).contains("include house.tiny\n"));
}
