//! `m1c rules`: the rules of the linter.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use super::exit::Exit;
use super::terminal::Terminal;
use crate::lint;

// The options of `m1c rules`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How they are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Shape,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shape {
    /// A table
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    level: &'static str,
    summary: &'static str,
    consequence: &'static str,
    /// The first release of TPA that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    let rows: Vec<Row> = lint::rules()
        .into_iter()
        .map(|rule| Row {
            name: rule.code.name,
            level: rule.level.level().name(),
            summary: rule.summary,
            consequence: rule.consequence,
            since: rule.since.map(|since| since.to_string()),
        })
        .collect();
    let mut text = String::new();
    match arguments.format {
        Shape::Human => {
            let widest = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
            for row in &rows {
                let (name, level, summary) = (row.name, row.level, row.summary);
                let since = row.since.as_ref();
                let since = since.map_or_else(String::new, |since| format!(" (since TPA {since})"));
                let _ = writeln!(text, "{name:widest$}  {level:7}  {summary}{since}");
            }
        }
        Shape::Json => {
            for row in &rows {
                let Ok(line) = serde_json::to_string(row) else {
                    unreachable!("text is always JSON");
                };
                text.push_str(&line);
                text.push('\n');
            }
        }
    }
    terminal.print(&text)
}
