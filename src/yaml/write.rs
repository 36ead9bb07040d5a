//! Values become block YAML: sorted keys, lists not indented under their key, long texts folded.

use serde_yaml::{Mapping, Value};

use super::scalar::{Style, decimal, escape, is_break, is_simple_key, style};

/// A line that is longer breaks at its next blank.
const WIDTH: usize = 80;

const STEP: usize = 2;

/// The text of a value.
pub fn write(value: &Value) -> String {
    let mut writer = Writer {
        text: String::new(),
        column: 0,
    };
    writer.node(value, 0, Place::Line);
    writer.text.push('\n');
    writer.text
}

/// Where a list or map begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On this line, where its indentation has been reached: after `- `, and at the start.
    Line,
    /// Below its key.
    Below,
}

struct Writer {
    text: String,
    /// In characters, from 0.
    column: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn newline(&mut self, indentation: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indentation));
        self.column = indentation;
    }

    fn node(&mut self, value: &Value, indentation: usize, place: Place) {
        match value {
            Value::Sequence(items) if !items.is_empty() => self.sequence(items, indentation, place),
            Value::Mapping(map) if !map.is_empty() => self.mapping(map, indentation, place),
            Value::Tagged(tagged) => self.node(&tagged.value, indentation, place),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Sequence(_)
            | Value::Mapping(_) => self.scalar(value, indentation),
        }
    }

    fn sequence(&mut self, items: &[Value], indentation: usize, place: Place) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || place == Place::Below {
                self.newline(indentation);
            }
            self.push("- ");
            self.node(item, indentation + STEP, Place::Line);
        }
    }

    fn mapping(&mut self, map: &Mapping, indentation: usize, place: Place) {
        let mut entries: Vec<(&Value, &Value)> = map.iter().collect();
        entries.sort_by(|(one, _), (other, _)| order(one).cmp(&order(other)));
        for (index, (key, value)) in entries.into_iter().enumerate() {
            if index > 0 || place == Place::Below {
                self.newline(indentation);
            }
            let text = key.as_str();
            if text.is_none_or(is_simple_key) {
                match text {
                    Some(text) => self.string(text, indentation, true),
                    None => self.node(key, indentation, Place::Line),
                }
                self.push(":");
                self.value(value, indentation);
            } else {
                self.push("? ");
                self.node(key, indentation + STEP, Place::Line);
                self.newline(indentation);
                self.push(": ");
                self.node(value, indentation + STEP, Place::Line);
            }
        }
    }

    /// What comes after a key.
    fn value(&mut self, value: &Value, indentation: usize) {
        match value {
            Value::Sequence(items) if !items.is_empty() => {
                self.sequence(items, indentation, Place::Below);
            }
            Value::Mapping(map) if !map.is_empty() => {
                self.mapping(map, indentation + STEP, Place::Below);
            }
            Value::Tagged(tagged) => self.value(&tagged.value, indentation),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Sequence(_)
            | Value::Mapping(_) => {
                self.push(" ");
                self.scalar(value, indentation + STEP);
            }
        }
    }

    /// A value without parts; `indentation` is that of the lines that it is folded to.
    fn scalar(&mut self, value: &Value, indentation: usize) {
        match value {
            Value::Null => self.push("null"),
            Value::Bool(true) => self.push("true"),
            Value::Bool(false) => self.push("false"),
            Value::Number(number) => {
                let text = match number.as_f64() {
                    Some(decimal_number) if number.is_f64() => decimal(decimal_number),
                    Some(_) | None => number.to_string(),
                };
                self.push(&text);
            }
            Value::String(text) => self.string(text, indentation, false),
            Value::Sequence(_) => self.push("[]"),
            Value::Mapping(_) => self.push("{}"),
            Value::Tagged(tagged) => self.scalar(&tagged.value, indentation),
        }
    }

    fn string(&mut self, text: &str, indentation: usize, is_key: bool) {
        // A key is never folded.
        let fold = (!is_key).then_some(indentation);
        match style(text, is_key) {
            Style::Plain => self.folded(text, fold),
            Style::Single => {
                self.push("'");
                self.folded(&text.replace('\'', "''"), fold);
                self.push("'");
            }
            Style::Double => self.double_quoted(text, fold),
        }
    }

    /// A text that is plain or in single quotes: one line break more for its line breaks, and single blanks become line
    /// breaks where the line is long.
    fn folded(&mut self, text: &str, fold: Option<usize>) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let same = |character: char| {
                (character == ' ') == (first == ' ') && is_break(character) == is_break(first)
            };
            let end = rest
                .find(|character| !same(character))
                .unwrap_or(rest.len());
            let (run, behind) = rest.split_at(end);
            let inside = rest.len() < text.len() && !behind.is_empty();
            match fold {
                Some(indentation) if run == " " && inside && self.column > WIDTH => {
                    self.newline(indentation);
                }
                Some(indentation) if is_break(first) => self.breaks(run, indentation),
                _ => self.push(run),
            }
            rest = behind;
        }
    }

    fn breaks(&mut self, run: &str, indentation: usize) {
        if run.starts_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(run);
        self.text.extend(std::iter::repeat_n(' ', indentation));
        self.column = indentation;
    }

    fn double_quoted(&mut self, text: &str, fold: Option<usize>) {
        self.push("\"");
        let characters: Vec<char> = text.chars().collect();
        // Where the part begins that is not yet written.
        let mut start = 0;
        for (at, character) in characters.iter().enumerate() {
            if let Some(escaped) = escape(*character) {
                self.push_characters(characters.get(start..at));
                self.push(&escaped);
                start = at + 1;
            }
            let inside = 0 < at && at + 1 < characters.len();
            if let Some(indentation) = fold
                && inside
                && (*character == ' ' || start >= at)
                && self.column + at > WIDTH + start
            {
                if start < at {
                    self.push_characters(characters.get(start..at));
                    start = at;
                }
                self.push("\\");
                self.newline(indentation);
                if characters.get(start) == Some(&' ') {
                    self.push("\\");
                }
            }
        }
        self.push_characters(characters.get(start..));
        self.push("\"");
    }

    fn push_characters(&mut self, characters: Option<&[char]>) {
        self.push(&characters.unwrap_or_default().iter().collect::<String>());
    }
}

/// The order of keys: numbers first, then texts by code point.
fn order(key: &Value) -> (bool, i64, &str) {
    match key.as_str() {
        Some(text) => (true, 0, text),
        None => (false, key.as_i64().unwrap_or_default(), ""),
    }
}
