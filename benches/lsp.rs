//! How long an editor waits: the real program over its standard input and output, on a source of 5,000 lines with 2,500
//! findings.
//!
//! `cargo bench --bench lsp` prints the median, the 99th percentile and the longest of the times from a keystroke to its
//! diagnostics and from each request to its answer. With `-- --limit 50` it fails if a 99th percentile is above 50 ms.
//! With `-- --edits 100000` it makes so many random edits instead, and compares what the server says with fresh checks.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "what goes wrong ends the bench, and says so; the tests use more of the client"
)]

#[path = "../tests/lsp/client.rs"]
mod client;
#[path = "../tests/lsp/scribble.rs"]
mod scribble;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use client::Client;
use scribble::Random;

const URI: &str = "file:///srv/m1/large.m1";

/// How many clusters the source has, of 20 lines with 10 findings each.
const CLUSTERS: usize = 250;

/// How many other sources the folder of the editor has; one in two uses the other.
const NEIGHBOURS: usize = 200;

/// How often each thing is measured.
const ROUNDS: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    if let Some(edits) = option("--edits") {
        for (encoding, seed) in [("utf-16", 1), ("utf-8", 2)] {
            scribble::scribble(encoding, edits / 2, 200, seed);
            println!("{} random edits in {encoding}: in agreement", edits / 2);
        }
        return;
    }
    let limit = option("--limit").and_then(|limit| u64::try_from(limit).ok());
    let too_slow = measure(limit.map(Duration::from_millis));
    assert!(too_slow.is_empty(), "too slow: {}", too_slow.join(", "));
}

/// Measures everything, and gives the names of what took longer than allowed.
fn measure(limit: Option<Duration>) -> Vec<String> {
    let mut text = source();
    let folder = neighbours();
    let folders = json!([{ "uri": format!("file://{}", folder.path().display()), "name": "m1" }]);
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "publishDiagnostics": { "relatedInformation": true },
        },
    });
    let mut client = Client::start_in(folders, capabilities);
    let settings = json!({ "settings": { "m1c": { "inlayHints": true } } });
    client.notify("workspace/didChangeConfiguration", settings);
    client.open(URI, &text);
    let found = client.diagnostics(URI).len();
    println!("{} lines, {found} diagnostics", text.lines().count());
    println!("{:34} {:>9} {:>9} {:>9}", "", "median", "p99", "longest");
    let mut too_slow = Vec::new();
    let mut random = Random(7);
    let mut tell = |name: &str, times: Vec<Duration>| {
        if report(name, times) > limit.unwrap_or(Duration::MAX) {
            too_slow.push(name.to_owned());
        }
    };
    let keystrokes = (0..ROUNDS).map(|_| keystroke(&mut client, &mut text, &mut random));
    tell("keystroke", keystrokes.collect());
    for (method, more) in requests() {
        let times = (0..ROUNDS / 2).map(|_| {
            let params = params(&text, &mut random, &more);
            request(&mut client, method, params)
        });
        tell(method, times.collect());
    }
    client.end();
    too_slow
}

/// Types a character into the name of a machine and takes it away again, somewhere; gives the time to its diagnostics.
fn keystroke(client: &mut Client, text: &mut String, random: &mut Random) -> Duration {
    let cluster = random.below(CLUSTERS);
    let name = format!("replica r{cluster} ");
    let (at, length, typed) = match text.find(&name) {
        Some(at) => (at + name.len() - 1, 0, "x"),
        None => {
            let name = format!("replica r{cluster}x ");
            let at = text.find(&name).expect("the machine");
            (at + name.len() - 2, 1, "")
        }
    };
    let range = json!({
        "start": client::position(text, at, "utf-16"),
        "end": client::position(text, at + length, "utf-16"),
    });
    text.replace_range(at..at + length, typed);
    let before = Instant::now();
    client.change(URI, json!([{ "range": range, "text": typed }]));
    client.diagnostics(URI);
    client.arrived - before
}

fn request(client: &mut Client, method: &str, params: Value) -> Duration {
    let before = Instant::now();
    let id = client.ask(method, params);
    let answer = client.answer(id);
    // A place may hold no name to be renamed.
    let is_refusal = answer["error"]["code"] == -32803;
    assert!(
        answer["error"].is_null() || is_refusal,
        "{method}: {answer}"
    );
    client.arrived - before
}

/// What is asked, with the parameters besides the document, a position and a range.
fn requests() -> Vec<(&'static str, Value)> {
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    vec![
        ("textDocument/completion", json!({})),
        ("textDocument/hover", json!({})),
        ("textDocument/definition", json!({})),
        (
            "textDocument/references",
            json!({ "context": { "includeDeclaration": true } }),
        ),
        ("textDocument/prepareRename", json!({})),
        ("textDocument/rename", json!({ "newName": "osprey" })),
        ("textDocument/documentSymbol", json!({})),
        ("workspace/symbol", json!({ "query": "r17" })),
        ("textDocument/formatting", json!({ "options": options })),
        (
            "textDocument/rangeFormatting",
            json!({ "options": options }),
        ),
        (
            "textDocument/codeAction",
            json!({ "context": { "diagnostics": [] } }),
        ),
        ("textDocument/semanticTokens/full", json!({})),
        ("textDocument/semanticTokens/range", json!({})),
        ("textDocument/foldingRange", json!({})),
        ("textDocument/documentLink", json!({})),
        ("textDocument/inlayHint", json!({})),
        ("textDocument/codeLens", json!({})),
        ("textDocument/diagnostic", json!({})),
    ]
}

fn params(text: &str, random: &mut Random, more: &Value) -> Value {
    // A word, because nothing is known about blanks.
    let from = random.below(text.len());
    let behind = &text[from..];
    let word = behind.find(|c: char| c.is_ascii_alphabetic());
    let at = from + word.unwrap_or(0);
    let position = client::position(text, at, "utf-16");
    let line = position["line"].as_u64().expect("a line");
    let mut params = json!({
        "textDocument": { "uri": URI },
        "position": position,
        "range": { "start": position, "end": { "line": line + 60, "character": 0 } },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        params[key] = value.clone();
    }
    params
}

/// Prints the times of one thing, and gives the 99th percentile.
fn report(name: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    let shown = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let (median, p99, longest) = (at(50), at(99), at(100));
    println!(
        "{name:34} {:>9} {:>9} {:>9}",
        shown(median),
        shown(p99),
        shown(longest)
    );
    p99
}

/// A folder of sources. One in two uses the one before it.
fn neighbours() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..NEIGHBOURS {
        let mut text = match number % 2 {
            0 => String::new(),
            _ => format!("use \"{}.m1\" as other\n", number - 1),
        };
        text.push_str("profile small {\n  vars { work_mem = \"16MB\" }\n}\n");
        text.push_str(&cluster(number));
        let path = folder.path().join(format!("{number}.m1"));
        std::fs::write(path, text).expect("it is written");
    }
    folder
}

fn source() -> String {
    let mut text = String::from("use profiles\n");
    for number in 0..CLUSTERS {
        text.push_str(&cluster(number));
    }
    text
}

fn cluster(number: usize) -> String {
    format!(
        "
cluster c{number} {{
  postgres postgresql 13
  failover repmgr
  platform docker {{ os Debian 11 }}
  backup barman
  vars {{
    work_mem               = \"64 MB\"
    postgres_conf_settings = {{ max_connections = 100; fsync = off }}
  }}
  location main {{
    primary p{number}
    replica r{number} {{
      vars {{ max_wal_senders = 0 }}
    }}
    barman b{number}
  }}
  location dr {{
    replica s{number} {{ upstream = p{number} }}
  }}
}}
"
    )
}
