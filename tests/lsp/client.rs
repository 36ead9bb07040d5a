//! A small client of the language server, which drives the real program over its standard input and output.

#![allow(
    clippy::needless_pass_by_value,
    reason = "`json!` makes values, which are passed on the spot"
)]

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before the test has failed.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    incoming: Receiver<(Instant, Value)>,
    /// When the last message had arrived, before anybody looked into it.
    pub(crate) arrived: Instant,
    /// Notifications that nobody has asked for yet.
    notes: VecDeque<Value>,
    /// Requests of the server, which are answered with null.
    pub(crate) asked: Vec<Value>,
    /// What the server said about itself.
    pub(crate) capabilities: Value,
    requests: i64,
    versions: HashMap<String, i64>,
}

impl Client {
    /// Starts a server for an editor with these capabilities.
    pub(crate) fn start(capabilities: Value) -> Client {
        Client::start_in(Value::Null, capabilities)
    }

    /// The same for an editor that shows these folders.
    pub(crate) fn start_in(folders: Value, capabilities: Value) -> Client {
        let mut client = Client::connect();
        let params = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "workspaceFolders": folders,
            "capabilities": capabilities,
        });
        let result = client.request("initialize", params);
        client.capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// Starts a server and says nothing to it.
    pub(crate) fn connect() -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_m1c"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("its standard input is a pipe");
        let output = child.stdout.take().expect("its standard output is a pipe");
        let (sender, incoming) = mpsc::channel();
        thread::spawn(move || {
            let mut output = BufReader::with_capacity(1 << 20, output);
            while let Some(bytes) = read(&mut output) {
                let arrived = Instant::now();
                let message = serde_json::from_slice(&bytes).expect("JSON");
                if sender.send((arrived, message)).is_err() {
                    return;
                }
            }
        });
        Client {
            child,
            input,
            incoming,
            arrived: Instant::now(),
            notes: VecDeque::new(),
            asked: Vec::new(),
            capabilities: Value::Null,
            requests: 0,
            versions: HashMap::new(),
        }
    }

    /// Sends a message as it is.
    pub(crate) fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    pub(crate) fn send_text(&mut self, text: &str) {
        let message = format!("Content-Length: {}\r\n\r\n{text}", text.len());
        self.input
            .write_all(message.as_bytes())
            .expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and gives its number.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The answer to a request: the whole message.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message["method"].is_null() {
                assert_eq!(message["id"], id, "answers come in order: {message}");
                return message;
            }
            self.keep(message);
        }
    }

    /// The next answer, whatever it answers.
    pub(crate) fn any_answer(&mut self) -> Value {
        loop {
            let message = self.receive();
            if message["method"].is_null() {
                return message;
            }
            self.keep(message);
        }
    }

    pub(crate) fn is_open(&self, uri: &str) -> bool {
        self.versions.contains_key(uri)
    }

    /// Sends a request and gives its result.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let mut answer = self.answer(id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Sends a request that must fail, and gives the error.
    pub(crate) fn refused(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let mut answer = self.answer(id);
        assert!(answer["result"].is_null(), "{method}: {answer}");
        answer["error"].take()
    }

    /// Waits for a notification for which something holds.
    pub(crate) fn notification(&mut self, method: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let is_it = |note: &Value| note["method"] == method && holds(&note["params"]);
        if let Some(at) = self.notes.iter().position(is_it) {
            let mut note = self.notes.remove(at).expect("it is there");
            return note["params"].take();
        }
        loop {
            let mut message = self.receive();
            if is_it(&message) {
                return message["params"].take();
            }
            self.keep(message);
        }
    }

    /// How many notifications have come that nobody has asked for.
    pub(crate) fn unasked(&self) -> usize {
        self.notes.len()
    }

    fn keep(&mut self, message: Value) {
        if message["id"].is_null() {
            self.notes.push_back(message);
        } else {
            let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": null });
            self.send(&answer);
            self.asked.push(message);
        }
    }

    fn receive(&mut self) -> Value {
        match self.incoming.recv_timeout(PATIENCE) {
            Ok((arrived, message)) => {
                self.arrived = arrived;
                message
            }
            Err(error) => panic!("the server says nothing: {error}"),
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        self.open_as(uri, "m1", text);
    }

    pub(crate) fn open_as(&mut self, uri: &str, language: &str, text: &str) {
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Sends changes in the form of the protocol.
    pub(crate) fn change(&mut self, uri: &str, changes: Value) {
        let version = self.versions.get_mut(uri).expect("it is open");
        *version += 1;
        let document = json!({ "uri": uri, "version": *version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Replaces the whole text.
    pub(crate) fn replace(&mut self, uri: &str, text: &str) {
        self.change(uri, json!([{ "text": text }]));
    }

    pub(crate) fn close(&mut self, uri: &str) {
        self.versions.remove(uri);
        let params = json!({ "textDocument": { "uri": uri } });
        self.notify("textDocument/didClose", params);
    }

    /// Waits for what is said about a document as it is now.
    pub(crate) fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let version = self.versions.get(uri).copied();
        let params = self.notification("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri && params["version"].as_i64() == version
        });
        list(&params["diagnostics"])
    }

    /// Has the server check all that is open, and gives what it has said in the meantime about a file: the last of it.
    pub(crate) fn settled(&mut self, uri: &str) -> Option<Vec<Value>> {
        let open: Vec<String> = self.versions.keys().cloned().collect();
        for uri in open {
            let params = json!({ "textDocument": { "uri": uri } });
            self.request("textDocument/foldingRange", params);
        }
        self.refused("m1c/nothing", Value::Null);
        let about = |note: &Value| {
            note["method"] == "textDocument/publishDiagnostics" && note["params"]["uri"] == uri
        };
        let last = self.notes.iter().rev().find(|note| about(note));
        let last = last.map(|note| list(&note["params"]["diagnostics"]));
        self.notes.retain(|note| !about(note));
        last
    }

    /// Ends the server as editors do, and gives its exit code.
    pub(crate) fn end(mut self) -> i32 {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.exit_code()
    }

    /// Closes the server's standard input, and gives its exit code.
    pub(crate) fn hang_up(self) -> i32 {
        let Client {
            mut child, input, ..
        } = self;
        drop(input);
        child.wait().expect("it ends").code().expect("it exits")
    }

    pub(crate) fn exit_code(&mut self) -> i32 {
        self.child
            .wait()
            .expect("it ends")
            .code()
            .expect("it exits")
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Reads one message; `None` at the end.
fn read(output: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.parse().expect("a length");
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Text with the mark `$0`, without it; and the position of the mark in units of UTF-16.
pub(crate) fn marked(text: &str) -> (String, Value) {
    let at = text.find("$0").expect("the text has a mark");
    let text = text.replacen("$0", "", 1);
    let position = position(&text, at, "utf-16");
    (text, position)
}

/// The position of an offset, counted again from the start of the text.
pub(crate) fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let in_line = &before[start..];
    let character = if encoding == "utf-8" {
        in_line.len()
    } else {
        in_line.encode_utf16().count()
    };
    json!({ "line": line, "character": character })
}

/// The offset of a position, counted again from the start of the text.
pub(crate) fn offset(text: &str, position: &Value, encoding: &str) -> usize {
    let line = usize::try_from(position["line"].as_u64().expect("a line")).expect("small");
    let units =
        usize::try_from(position["character"].as_u64().expect("a character")).expect("small");
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut counted = 0;
    for (at, character) in text[start..].char_indices() {
        if counted >= units {
            return start + at;
        }
        counted += if encoding == "utf-8" {
            character.len_utf8()
        } else {
            character.len_utf16()
        };
    }
    text.len()
}

/// A text after edits of the protocol, which do not overlap.
pub(crate) fn edited(text: &str, edits: &Value, encoding: &str) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("a list of edits")
        .iter()
        .map(|edit| {
            let start = offset(text, &edit["range"]["start"], encoding);
            let end = offset(text, &edit["range"]["end"], encoding);
            (start, end, edit["newText"].as_str().expect("a text"))
        })
        .collect();
    edits.sort_by_key(|(start, end, _)| (*start, *end));
    let mut new = text.to_owned();
    for (start, end, replacement) in edits.into_iter().rev() {
        new.replace_range(start..end, replacement);
    }
    new
}
