//! The conversation itself: how it begins and ends, and what happens when something is wrong with a message.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Client, SOURCE, able, codes};

const URI: &str = "file:///srv/m1/speedy.m1";

#[test]
fn an_orderly_end_is_exit_code_0() {
    let client = Client::start(able());
    assert_eq!(client.end(), 0);
}

#[test]
fn the_server_ends_when_its_input_does() {
    let client = Client::start(able());
    assert_eq!(client.hang_up(), 1);
    let client = Client::connect();
    assert_eq!(client.hang_up(), 1);
}

#[test]
fn an_exit_without_a_shutdown_is_exit_code_1() {
    let mut client = Client::start(able());
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);
}

#[cfg(unix)]
#[test]
fn the_server_ends_when_the_editors_process_does() {
    let mut editor = Command::new("true").stdout(Stdio::null()).spawn().unwrap();
    editor.wait().unwrap();
    let mut client = Client::connect();
    client.request(
        "initialize",
        json!({ "processId": editor.id(), "capabilities": {} }),
    );
    assert_eq!(client.exit_code(), 1);
}

#[test]
fn utf_8_is_taken_when_it_is_offered() {
    let client = Client::start(able());
    assert_eq!(client.capabilities["positionEncoding"], "utf-8");
    let client = Client::start(json!({}));
    assert_eq!(client.capabilities["positionEncoding"], "utf-16");
}

#[test]
fn nothing_comes_before_initialize_and_nothing_after_shutdown() {
    let mut client = Client::connect();
    let error = client.refused("textDocument/foldingRange", json!({}));
    assert_eq!(error["code"], -32002);
    client.request("initialize", json!({ "capabilities": {} }));
    let error = client.refused("initialize", json!({ "capabilities": {} }));
    assert_eq!(error["code"], -32600);
    client.request("shutdown", Value::Null);
    let error = client.refused("textDocument/foldingRange", json!({}));
    assert_eq!(error["code"], -32600);
}

#[test]
fn what_is_not_understood_is_refused_and_does_no_harm() {
    let mut client = Client::start(able());
    let error = client.refused("textDocument/fly", json!({}));
    assert_eq!(error["code"], -32601);
    let error = client.refused("textDocument/formatting", json!({ "textDocument": 3 }));
    assert_eq!(error["code"], -32602);
    client.notify("textDocument/didOpen", json!({ "textDocument": [] }));
    client.notify("textDocument/didFly", json!({}));
    client.send_text("{ \"jsonrpc\": ");
    client.send_text("[]");
    let gone = json!({ "textDocument": { "uri": "file:///gone.m1" } });
    assert!(client.request("textDocument/foldingRange", gone).is_null());
    client.open(URI, SOURCE);
    assert!(codes(&client.diagnostics(URI)).contains(&"eol-postgres".to_owned()));
    assert_eq!(client.end(), 0);
}

#[test]
fn a_request_that_waits_can_be_cancelled() {
    let mut client = Client::start(able());
    // So long a text that the server is still at it when the rest arrives.
    let long: String = (0..300)
        .map(|number| SOURCE.replace("speedy", &format!("speedy{number}")))
        .collect();
    client.open(URI, &long);
    let params = json!({ "textDocument": { "uri": URI } });
    let first = client.ask("textDocument/foldingRange", params.clone());
    let second = client.ask("textDocument/foldingRange", params);
    client.notify("$/cancelRequest", json!({ "id": second }));
    // Whichever is answered first: each is answered once.
    let mut answers = [client.any_answer(), client.any_answer()];
    answers.sort_by_key(|answer| answer["id"].as_i64());
    assert_eq!([&answers[0]["id"], &answers[1]["id"]], [first, second]);
    assert!(answers[0]["result"].is_array());
    let cancelled = answers[1]["error"]["code"] == -32800;
    assert!(cancelled || answers[1]["result"].is_array());
}

#[test]
fn an_editor_that_asks_for_diagnostics_is_sent_none_unasked() {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    let mut client = Client::start(capabilities);
    assert_eq!(
        client.capabilities["diagnosticProvider"]["interFileDependencies"],
        true
    );
    client.open(URI, SOURCE);
    let params = json!({ "textDocument": { "uri": URI } });
    let report = client.request("textDocument/diagnostic", params.clone());
    assert_eq!(report["kind"], "full");
    let items = report["items"].as_array().unwrap();
    assert!(codes(items).contains(&"eol-postgres".to_owned()));
    client.replace(URI, "cluster {");
    let report = client.request("textDocument/diagnostic", params);
    let items = report["items"].as_array().unwrap();
    assert_eq!(codes(items), ["invalid-name", "unclosed-bracket"]);
    assert_eq!(client.settled(URI), None);
}

#[test]
fn a_diagnostic_has_all_that_an_editor_can_show() {
    let mut client = Client::start(able());
    client.open(URI, &SOURCE.replace("failover repmgr", "failover repmgt"));
    let diagnostics = client.diagnostics(URI);
    let [diagnostic] = diagnostics.as_slice() else {
        panic!("{diagnostics:#?}");
    };
    assert_eq!(diagnostic["source"], "m1c");
    assert_eq!(diagnostic["severity"], 1);
    assert_eq!(
        diagnostic["range"],
        json!({ "start": { "line": 2, "character": 11 }, "end": { "line": 2, "character": 17 } })
    );
    let message = diagnostic["message"].as_str().unwrap();
    assert!(message.contains("\nhelp: "), "{message}");
    let fix = &diagnostic["data"]["fix"];
    assert_eq!(fix["edits"][0]["newText"], "repmgr", "{diagnostic:#}");
    assert_eq!(fix["edits"][0]["uri"], URI);
}

#[test]
fn several_changes_are_checked_once() {
    let mut client = Client::start(able());
    client.open(URI, SOURCE);
    client.diagnostics(URI);
    for number in 0..200 {
        client.replace(URI, &SOURCE.replace("speedy", &format!("speedy{number}")));
    }
    client.diagnostics(URI);
    let older = client.unasked();
    assert!(older < 100, "{older} older texts were checked");
    client.settled(URI);
    assert_eq!(client.unasked(), 0, "nothing comes after the newest");
}
