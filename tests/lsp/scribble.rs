//! A source is edited at random, and what the server says about it is compared with a fresh check of the same text.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::client::{Client, offset, position};

const PATH: &str = "/srv/m1/scribble.m1";

/// What the source is in the beginning, and again when it has grown long.
const BASE: &str = "# Größe: 𝄞 und 漢字
use profiles

param size: integer = 3

profile small {
  vars { work_mem = \"16MB\"; log_line_prefix = \"é 𝄞 %m\" }
}

cluster speedy {
  include profiles.production
  include small

  postgres postgresql 13
  failover repmgr
  platform docker { os Rocky 9 }

  location paris { data $size }
  location münchen {
    replica kestrel { upstream = paris }
    barman heron
  }

  allow eol-postgres \"später\"
}

cluster sluggish {
  postgres epas 16
  failover patroni
  platform aws { region = eu-west-1 }
  location main { data 2 }
}
";

/// What is written into it.
const PIECES: [&str; 32] = [
    "{",
    "}",
    "\"",
    "\"\"\"",
    "[",
    "]",
    "=",
    "$",
    "${",
    "\n",
    "\n\n",
    " ",
    "#",
    ";",
    ",",
    "é",
    "𝄞",
    "漢",
    "cluster x { }\n",
    "vars { fsync = off }\n",
    "allow",
    " postgres epas 17\n",
    "failover efm\n",
    "use \"none.m1\"\n",
    "if $size == 3 {\n",
    "else",
    "null",
    "10.0.0.1",
    "data",
    "location b { data 1 }\n",
    "\t",
    "profiles.production",
];

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("64 bits") % limit
    }

    /// An offset between two characters.
    fn offset(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }
}

/// Makes so many edits, and compares after every so many of them.
pub(crate) fn scribble(encoding: &str, edits: usize, every: usize, seed: u64) {
    let uri = format!("file://{PATH}");
    let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
    let mut client = Client::start(capabilities);
    assert_eq!(client.capabilities["positionEncoding"], encoding);
    let mut random = Random(seed);
    let mut text = BASE.to_owned();
    client.open(&uri, &text);
    for edit in 1..=edits {
        if text.len() > 2 * BASE.len() || random.below(200) == 0 {
            BASE.clone_into(&mut text);
            client.replace(&uri, &text);
        } else {
            let changes: Vec<Value> = (0..=random.below(3))
                .map(|_| change(&mut random, &mut text, encoding))
                .collect();
            client.change(&uri, json!(changes));
        }
        if edit % every == 0 {
            compare(&mut client, &uri, &text, encoding);
        }
    }
    assert_eq!(client.end(), 0);
}

/// Changes the text at random, and gives the same change as the protocol has it.
fn change(random: &mut Random, text: &mut String, encoding: &str) -> Value {
    let start = random.offset(text);
    let longest = [0, 0, 1, 5, 40][random.below(5)];
    let end = text.ceil_char_boundary((start + random.below(longest + 1)).min(text.len()));
    let piece = match random.below(4) {
        0 => "",
        1 => {
            // A part of the text is copied.
            let from = random.offset(BASE);
            let to = BASE.ceil_char_boundary((from + random.below(30)).min(BASE.len()));
            &BASE[from..to]
        }
        _ => PIECES[random.below(PIECES.len())],
    };
    let range = json!({
        "start": position(text, start, encoding),
        "end": position(text, end, encoding),
    });
    text.replace_range(start..end, piece);
    json!({ "range": range, "text": piece })
}

/// A diagnostic, as far as both sides know it.
type Said = (usize, usize, String, String);

fn compare(client: &mut Client, uri: &str, text: &str, encoding: &str) {
    let mut served: Vec<Said> = client
        .diagnostics(uri)
        .iter()
        .map(|diagnostic| {
            let range = &diagnostic["range"];
            let message = word(&diagnostic["message"]);
            (
                offset(text, &range["start"], encoding),
                offset(text, &range["end"], encoding),
                word(&diagnostic["code"]),
                message.lines().next().unwrap_or("").to_owned(),
            )
        })
        .collect();
    served.sort();
    let mut checked = check(text);
    // Those that are in the library are shown where the source asks for them.
    let elsewhere: Vec<Said> = checked
        .extract_if(.., |said| said.0 == usize::MAX)
        .collect();
    for (_, _, code, message) in elsewhere {
        let at = served
            .iter()
            .position(|said| said.2 == code && said.3 == message);
        served.remove(at.unwrap_or_else(|| panic!("`{message}` is missing for:\n{text}")));
    }
    checked.sort();
    assert_eq!(served, checked, "for:\n{text}");
}

/// What a new process says about a text.
fn check(text: &str) -> Vec<Said> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_m1c"))
        .args(["lint", "--format", "json", "--stdin-filename", PATH, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("its standard input is a pipe");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    lines
        .lines()
        .map(|line| {
            let said: Value = serde_json::from_str(line).expect("JSON");
            let place = |line: &str, column: &str| {
                if word(&said["file"]) == PATH {
                    place(text, number(&said[line]), number(&said[column]))
                } else {
                    usize::MAX
                }
            };
            (
                place("line", "column"),
                place("end_line", "end_column"),
                word(&said["code"]),
                word(&said["message"]),
            )
        })
        .collect()
}

/// The offset of a line and a column, both counted from 1, the column in characters.
fn place(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let mut characters = text[start..].char_indices();
    start
        + characters
            .nth(column - 1)
            .map_or(text.len() - start, |(at, _)| at)
}

fn word(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("small")
}
