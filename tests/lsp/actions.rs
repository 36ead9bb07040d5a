//! What an editor offers to do about diagnostics.

use serde_json::{Value, json};

use super::client::edited;
use super::{Client, SOURCE, able, codes};

const URI: &str = "file:///srv/m1/speedy.m1";

fn actions(client: &mut Client, diagnostic: &Value, only: Option<&str>) -> Vec<Value> {
    let uri = if client.is_open(URI) { URI } else { CONFIG };
    let mut context = json!({ "diagnostics": [diagnostic] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({
        "textDocument": { "uri": uri },
        "range": diagnostic["range"],
        "context": context,
    });
    let actions = client.request("textDocument/codeAction", params);
    actions.as_array().expect("a list").clone()
}

const CONFIG: &str = "file:///srv/speedy/config.yml";

fn titled<'a>(actions: &'a [Value], start: &str) -> &'a Value {
    let is = |action: &&Value| action["title"].as_str().unwrap().starts_with(start);
    let found = actions.iter().find(is);
    found.unwrap_or_else(|| panic!("no `{start}` in {actions:#?}"))
}

fn apply(text: &str, uri: &str, action: &Value) -> String {
    edited(text, &action["edit"]["changes"][uri], "utf-8")
}

#[test]
fn a_fix_is_offered() {
    let text = SOURCE.replace("failover repmgr", "failover repmgt");
    let mut client = Client::start(able());
    client.open(URI, &text);
    let diagnostic = client.diagnostics(URI)[0].clone();
    let offered = actions(&mut client, &diagnostic, None);
    let action = titled(&offered, "fix: ");
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"][0]["code"], diagnostic["code"]);
    assert_eq!(apply(&text, URI, action), SOURCE);
}

/// Every `allow` that is offered silences what it is offered for, and nothing else becomes wrong.
#[test]
fn an_allow_silences_its_finding() {
    let sources = [
        SOURCE.to_owned(),
        SOURCE.replace(" { address = 10.0.0.2 }", ""),
        SOURCE.replace("platform bare", "platform docker\n  vars { fsync = off }"),
        SOURCE.replace(
            "    replica two { address = 10.0.0.2 }",
            "    replica two {\n      # mine\n      vars { max_wal_senders = 0; skip_wal_senders_validation = true }\n    }",
        ),
    ];
    let mut tried = 0;
    for text in sources {
        let mut client = Client::start(able());
        client.open(URI, &text);
        let before = client.diagnostics(URI);
        for diagnostic in &before {
            let offered = actions(&mut client, diagnostic, Some("quickfix"));
            let start = format!("allow `{}`", diagnostic["code"].as_str().unwrap());
            let is = |action: &&Value| action["title"].as_str().unwrap().starts_with(&start);
            let Some(action) = offered.iter().find(is) else {
                assert_eq!(diagnostic["severity"], 1, "{diagnostic:#}");
                continue;
            };
            let allowed = apply(&text, URI, action);
            client.replace(URI, &allowed);
            let after = client.diagnostics(URI);
            assert_eq!(after.len() + 1, before.len(), "{allowed}\n{after:#?}");
            client.replace(URI, &text);
            client.diagnostics(URI);
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn an_allow_stands_at_the_innermost_place() {
    let text = SOURCE.replace(
        "replica two { address = 10.0.0.2 }",
        "replica two { vars { max_wal_senders = 0 } }",
    );
    let mut client = Client::start(able());
    client.open(URI, &text);
    let diagnostics = client.diagnostics(URI);
    let is = |diagnostic: &&Value| diagnostic["code"] == "wal-senders-or-slots-low";
    let diagnostic = diagnostics.iter().find(is).unwrap().clone();
    let offered = actions(&mut client, &diagnostic, None);
    let action = titled(&offered, "allow");
    assert_eq!(
        action["title"],
        "allow `wal-senders-or-slots-low` in `replica two`"
    );
    assert!(apply(&text, URI, action).contains(
        "replica two { allow wal-senders-or-slots-low \"say why this may stay\"; vars {"
    ));
}

#[test]
fn an_allow_in_a_config_yml_is_a_comment() {
    let text = "architecture: M1\ncluster_name: speedy\ncluster_vars:\n  postgres_version: '13'\n  postgres_flavour: postgresql\n  failover_manager: repmgr\nlocations:\n- Name: main\ninstances:\n- Name: one\n  node: 1\n  platform: bare\n  public_ip: 10.0.0.1\n  role: [primary]\n  location: main\n";
    let mut client = Client::start(able());
    client.open_as(CONFIG, "yaml", text);
    let diagnostics = client.diagnostics(CONFIG);
    let is = |diagnostic: &&Value| diagnostic["code"] == "eol-postgres";
    let diagnostic = diagnostics.iter().find(is).unwrap().clone();
    let offered = actions(&mut client, &diagnostic, None);
    let allowed = apply(text, CONFIG, titled(&offered, "allow"));
    assert!(
        allowed
            .contains("\n  # m1c: allow(eol-postgres) say why this may stay\n  postgres_version")
    );
    client.replace(CONFIG, &allowed);
    assert!(!codes(&client.diagnostics(CONFIG)).contains(&"eol-postgres".to_owned()));
}

#[test]
fn a_config_becomes_a_source() {
    let config = "\
architecture: M1
cluster_name: speedy
cluster_vars: {postgres_version: '16'}
instance_defaults: {platform: bare}
instances:
- {Name: kestrel, node: 1, role: [primary], ip_address: 10.0.0.1}
";
    let offer = |config: &str, edits: Value| {
        let mut abilities = able();
        abilities["workspace"]["workspaceEdit"] = edits;
        let mut client = Client::start(abilities);
        client.open_as(CONFIG, "yaml", config);
        let place = json!({ "line": 0, "character": 0 });
        let at = json!({ "range": { "start": place, "end": place }, "message": "" });
        actions(&mut client, &at, Some("source.import"))
    };
    let creating = json!({ "documentChanges": true, "resourceOperations": ["create"] });
    let offered = offer(config, creating.clone());
    let changes = &offered[0]["edit"]["documentChanges"];
    assert_eq!(changes[0]["kind"], "create");
    assert_eq!(changes[0]["uri"], "file:///srv/speedy/speedy.m1");
    let text = changes[1]["edits"][0]["newText"].as_str().unwrap();
    assert!(text.starts_with("cluster speedy {\n"), "{text}");
    assert_eq!(offer(config, json!({})).len(), 0);
    let torn = config.replace("primary", "replica, upstream");
    let torn = torn.replace("node: 1", "node: one");
    assert_eq!(offer(&torn, creating).len(), 0);
}

#[test]
fn all_safe_fixes_are_applied_at_once() {
    let text = SOURCE.replace(
        "platform bare",
        "platform bare\n  allow unsafe-durability \"no more\"\n  allow docker-in-production \"neither\"",
    );
    let mut client = Client::start(able());
    client.open(URI, &text);
    let diagnostics = client.diagnostics(URI);
    let offered = actions(&mut client, &diagnostics[0], Some("source.fixAll"));
    let action = titled(&offered, "apply all safe fixes");
    assert_eq!(action["kind"], "source.fixAll.m1c");
    assert!(!apply(&text, URI, action).contains("allow"));
    assert_eq!(offered.len(), 1);
}

/// An error hides what the linter would find: its fix makes the others possible.
fn tangled() -> String {
    SOURCE.replace(
        "platform bare",
        "platform bare // for now\n  allow unsafe-durability \"no more\"; allow docker-in-production \"neither\"",
    )
}

const MENDED: &str = "platform bare # for now\n\n  location";

#[test]
fn all_safe_fixes_are_applied_until_nothing_changes() {
    let text = tangled();
    let mut client = Client::start(able());
    client.open(URI, &text);
    let diagnostics = client.diagnostics(URI);
    let offered = actions(&mut client, &diagnostics[0], Some("source.fixAll.m1c"));
    let mended = apply(&text, URI, &offered[0]);
    assert!(mended.contains(MENDED), "{mended}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("speedy.m1");
    std::fs::write(&path, &text).unwrap();
    let m1c = std::process::Command::new(env!("CARGO_BIN_EXE_m1c"))
        .args(["lint", "--fix"])
        .arg(&path)
        .output();
    m1c.unwrap();
    assert_eq!(mended, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn an_editor_that_asks_later_gets_the_edit_of_all_safe_fixes_then() {
    let text = tangled();
    let mut capabilities = able();
    capabilities["textDocument"]["codeAction"] =
        json!({ "resolveSupport": { "properties": ["edit"] } });
    let mut client = Client::start(capabilities);
    client.open(URI, &text);
    let diagnostics = client.diagnostics(URI);
    let offered = actions(&mut client, &diagnostics[0], None);
    let action = titled(&offered, "apply all safe fixes");
    assert!(action["edit"].is_null(), "{action:#}");
    let action = client.request("codeAction/resolve", action.clone());
    assert!(apply(&text, URI, &action).contains(MENDED));
    // Others come with theirs, and keep it.
    let fix = titled(&offered, "fix");
    assert_eq!(&client.request("codeAction/resolve", fix.clone()), fix);
}
