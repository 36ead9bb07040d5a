//! Formatting of documents and of ranges.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{edited, position};
use super::{Client, able};

const UTF_8: &str = "utf-8";

const URI: &str = "file:///srv/m1/speedy.m1";

const CROOKED: &str = "cluster   speedy {
  # why
  postgres postgresql   16
    failover   repmgr
  vars {
    a   = 1
    bcd = 2
  }
  location main { data   3 }
}
";

fn format(client: &mut Client) -> Value {
    let options = json!({ "tabSize": 8, "insertSpaces": false });
    let params = json!({ "textDocument": { "uri": URI }, "options": options });
    client.request("textDocument/formatting", params)
}

/// Formats the lines from the first to the last, counted from 0.
fn format_lines(client: &mut Client, first: usize, last: usize) -> Value {
    let range = json!({
        "start": { "line": first, "character": 0 },
        "end": { "line": last, "character": 1 },
    });
    let params = json!({ "textDocument": { "uri": URI }, "range": range, "options": {"tabSize": 2, "insertSpaces": true} });
    client.request("textDocument/rangeFormatting", params)
}

#[test]
fn a_document_is_formatted_with_small_edits() {
    let mut client = Client::start(able());
    client.open(URI, CROOKED);
    let edits = format(&mut client);
    let formatted = edited(CROOKED, &edits, UTF_8);
    assert_eq!(
        formatted,
        "cluster speedy {
  # why
  postgres postgresql 16
  failover repmgr
  vars {
    a   = 1
    bcd = 2
  }
  location main { data 3 }
}
"
    );
    for edit in edits.as_array().unwrap() {
        assert_eq!(edit["range"]["start"]["line"], edit["range"]["end"]["line"]);
    }
    client.replace(URI, &formatted);
    assert_eq!(format(&mut client), json!([]));
}

#[test]
fn a_range_formats_the_statements_that_it_touches() {
    let mut client = Client::start(able());
    client.open(URI, CROOKED);
    let edits = format_lines(&mut client, 3, 3);
    assert_eq!(
        edited(CROOKED, &edits, UTF_8),
        CROOKED.replace("    failover   repmgr", "  failover repmgr")
    );
    // A blank place touches nothing, a brace all that it closes.
    let edits = format_lines(&mut client, 9, 9);
    assert!(edited(CROOKED, &edits, UTF_8).contains("data 3"));
}

#[test]
fn line_ends_are_kept() {
    let mut client = Client::start(able());
    let text = CROOKED.replace('\n', "\r\n");
    client.open(URI, &text);
    let edits = format(&mut client);
    let formatted = edited(&text, &edits, UTF_8);
    assert!(
        !formatted.replace("\r\n", "").contains('\n'),
        "{formatted:?}"
    );
    assert!(formatted.contains("data 3 }\r\n"));
}

#[test]
fn a_source_with_syntax_errors_is_left_alone() {
    let mut client = Client::start(able());
    client.open(URI, &CROOKED.replace("failover   repmgr", "failover =   "));
    assert_eq!(format(&mut client), Value::Null);
}

#[test]
fn a_formatted_source_has_nothing_to_format_in_any_range() {
    let mut client = Client::start(able());
    client.open(URI, "");
    for folder in ["examples", "tests/format"] {
        for entry in fs::read_dir(Path::new(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_source = path.extension().is_some_and(|ending| ending == "m1");
            if !is_source || path.with_extension("out").exists() {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            client.replace(URI, &text);
            if format(&mut client).is_null() {
                continue;
            }
            for line in (0..text.lines().count()).step_by(3) {
                let edits = format_lines(&mut client, line, line + 1);
                assert_eq!(edits, json!([]), "{} {line}", path.display());
            }
        }
    }
}

#[test]
fn the_ranges_of_a_source_format_all_of_it() {
    let folder = Path::new("tests/format");
    let mut client = Client::start(able());
    client.open(URI, "");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let out = path.with_extension("out");
        if path.extension().is_none_or(|ending| ending != "m1") || !out.exists() {
            continue;
        }
        let mut text = fs::read_to_string(&path).unwrap();
        client.replace(URI, &text);
        let all = position(&text, text.len(), UTF_8)["line"].as_u64().unwrap();
        let last = usize::try_from(all).unwrap();
        let edits = format_lines(&mut client, 0, last);
        if !edits.is_null() {
            text = edited(&text, &edits, UTF_8);
        }
        let expected = fs::read_to_string(&out).unwrap();
        let plain = |text: &str| text.trim().to_owned();
        assert_eq!(plain(&text), plain(&expected), "{}", path.display());
    }
}
