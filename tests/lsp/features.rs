//! Every request has an answer in the form of the protocol. What features say is tested over spans; here stands that it
//! arrives.

use serde_json::{Value, json};

use super::client::{edited, marked};
use super::{Client, SOURCE};

const URI: &str = "file:///srv/m1/speedy.m1";

/// An editor that counts in UTF-16 and can do everything.
fn start(text: &str) -> Client {
    let mut capabilities = super::able();
    capabilities["general"] = Value::Null;
    let mut client = Client::start(capabilities);
    client.open(URI, text);
    client
}

/// Asks about the place of the mark `$0`.
fn ask(text: &str, method: &str, more: Value) -> (Client, Value) {
    let (text, position) = marked(text);
    let mut client = start(&text);
    let mut params = json!({ "textDocument": { "uri": URI }, "position": position });
    for (key, value) in more.as_object().unwrap() {
        params[key] = value.clone();
    }
    let result = client.request(method, params);
    (client, result)
}

#[test]
fn completion_offers_statements_with_their_blocks() {
    let text = SOURCE.replace("  failover", "  # é𝄞\n  loc$0\n  failover");
    let (_, result) = ask(&text, "textDocument/completion", json!({}));
    let items = result.as_array().unwrap();
    let item = items
        .iter()
        .find(|item| item["label"] == "location")
        .unwrap();
    assert_eq!(item["insertTextFormat"], 2, "{item:#}");
    assert_eq!(
        item["textEdit"]["range"],
        json!({ "start": { "line": 3, "character": 2 }, "end": { "line": 3, "character": 5 } })
    );
    assert_eq!(item["documentation"]["kind"], "markdown");
}

#[test]
fn an_editor_without_snippets_gets_none() {
    let mut client = Client::start(json!({}));
    let text = SOURCE.replace("  failover", "  loc\n  failover");
    client.open(URI, &text);
    let params =
        json!({ "textDocument": { "uri": URI }, "position": { "line": 2, "character": 5 } });
    let result = client.request("textDocument/completion", params);
    for item in result.as_array().unwrap() {
        assert_ne!(item["insertTextFormat"], 2);
        let text = item["textEdit"]["newText"].as_str().unwrap();
        assert!(!text.contains('$'), "{text}");
    }
}

#[test]
fn hover_tells_what_a_word_means() {
    let text = SOURCE.replace("failover", "fail$0over");
    let (_, result) = ask(&text, "textDocument/hover", json!({}));
    assert_eq!(result["contents"]["kind"], "markdown");
    assert_eq!(
        result["range"]["start"],
        json!({ "line": 2, "character": 2 })
    );
}

#[test]
fn the_library_is_shown_because_nothing_leads_there() {
    let text = format!(
        "use profiles\n{}",
        SOURCE.replace("speedy {", "speedy {\n  include profiles.lab$0oratory")
    );
    let (mut client, definition) = ask(&text, "textDocument/definition", json!({}));
    assert_eq!(definition, Value::Null);
    let (_, position) = marked(&text);
    let at = json!({ "textDocument": { "uri": URI }, "position": position });
    let hover = client.request("textDocument/hover", at);
    let shown = hover["contents"]["value"].as_str().unwrap();
    for part in [
        "```m1\nprofile laboratory {\n",
        "    work_mem             = 4MB\n",
        "in `stdlib/profiles.m1`",
        "A cluster to try things with",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn a_name_leads_to_its_definition_and_its_uses() {
    let text = SOURCE.replace("replica two { ", "replica two { upstream = o$0ne; ");
    let (mut client, result) = ask(&text, "textDocument/definition", json!({}));
    let location = result.as_array().map_or(&result, |list| &list[0]);
    assert_eq!(location["uri"], URI);
    assert_eq!(location["range"]["start"]["line"], 6);
    let (text, position) = marked(&text);
    let at = json!({ "textDocument": { "uri": URI }, "position": position });
    let mut params = at.clone();
    params["context"] = json!({ "includeDeclaration": true });
    let references = client.request("textDocument/references", params);
    assert_eq!(references.as_array().unwrap().len(), 2);
    let prepared = client.request("textDocument/prepareRename", at.clone());
    assert_eq!(prepared["start"]["line"], 7);
    let mut params = at.clone();
    params["newName"] = json!("kestrel");
    let renamed = client.request("textDocument/rename", params);
    let renamed = edited(&text, &renamed["changes"][URI], "utf-16");
    assert!(renamed.contains("primary kestrel {") && renamed.contains("upstream = kestrel;"));
    let mut params = at;
    params["newName"] = json!("no name");
    let refused = client.refused("textDocument/rename", params);
    assert_eq!(refused["code"], -32803, "{refused}");
}

#[test]
fn symbols_are_nested_where_the_editor_can_show_it() {
    let params = json!({ "textDocument": { "uri": URI } });
    let mut client = start(SOURCE);
    let symbols = client.request("textDocument/documentSymbol", params.clone());
    assert_eq!(symbols[0]["name"], "speedy");
    assert!(symbols[0]["children"].to_string().contains("\"one\""));
    let found = client.request("workspace/symbol", json!({ "query": "two" }));
    assert_eq!(found[0]["name"], "two");
    assert_eq!(found[0]["location"]["uri"], URI);
    let mut client = Client::start(json!({}));
    client.open(URI, SOURCE);
    let symbols = client.request("textDocument/documentSymbol", params);
    assert!(symbols[0]["children"].is_null());
    let names = symbols.as_array().unwrap();
    assert!(
        names
            .iter()
            .any(|symbol| symbol["name"] == "two" && symbol["containerName"] == "main")
    );
}

#[test]
fn semantic_tokens_are_relative_to_each_other() {
    let mut client = start("# é\ncluster speedy {\n  failover repmgr\n}\n");
    let params = json!({ "textDocument": { "uri": URI } });
    let tokens = client.request("textDocument/semanticTokens/full", params);
    let data = tokens["data"].as_array().unwrap();
    assert_eq!(data.len() % 5, 0);
    let places: Vec<_> = data
        .chunks(5)
        .map(|token| [0, 1, 2].map(|part| token[part].as_u64().unwrap()))
        .collect();
    assert_eq!(
        places,
        [[0, 0, 3], [1, 0, 7], [0, 8, 6], [1, 2, 8], [0, 9, 6]]
    );
    let types = &client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"];
    assert_eq!(
        types[usize::try_from(data[3].as_u64().unwrap()).unwrap()],
        "comment"
    );
}

#[test]
fn blocks_fold_and_keep_their_closing_brace() {
    let mut client = start(SOURCE);
    let params = json!({ "textDocument": { "uri": URI } });
    let folds = client.request("textDocument/foldingRange", params);
    assert_eq!(folds[0], json!({ "startLine": 0, "endLine": 9 }));
}

#[test]
fn a_use_statement_links_to_its_file() {
    let mut client = start("use \"house.m1\"\nuse profiles\n");
    let house = "file:///srv/m1/house.m1";
    client.open(house, "");
    let params = json!({ "textDocument": { "uri": URI } });
    let links = client.request("textDocument/documentLink", params);
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(links[0]["target"], house);
}

#[test]
fn hints_are_shown_when_they_are_asked_for() {
    let mut client = start(&SOURCE.replace("bare", "docker"));
    let params = json!({
        "textDocument": { "uri": URI },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } },
    });
    assert!(
        client
            .request("textDocument/inlayHint", params.clone())
            .is_null()
    );
    let settings = json!({ "settings": { "m1c": { "inlayHints": true } } });
    client.notify("workspace/didChangeConfiguration", settings);
    let hints = client.request("textDocument/inlayHint", params);
    assert!(!hints.as_array().unwrap().is_empty());
    assert!(hints[0]["label"].is_string());
}

#[test]
fn a_cluster_says_what_it_survives_unless_nobody_wants_to_know() {
    let mut client = start(SOURCE);
    let params = json!({ "textDocument": { "uri": URI } });
    let lenses = client.request("textDocument/codeLens", params.clone());
    assert_eq!(lenses[0]["range"]["start"]["line"], 0);
    assert!(lenses[0]["command"]["title"].is_string());
    let settings = json!({ "settings": { "m1c": { "codeLens": false } } });
    client.notify("workspace/didChangeConfiguration", settings);
    assert!(client.request("textDocument/codeLens", params).is_null());
}
