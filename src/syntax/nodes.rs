//! Parts of trees that a program builds: names bare, texts quoted, short blocks on one line.

use super::tree::{
    Attribute, Block, Body, Comment, Entry, Item, List, Node, Part, Scalar, ScalarKind, Statement,
    Text, Value,
};
use crate::source::Span;

/// How many entries a map on one line may have.
const MOST_ENTRIES_ON_A_LINE: usize = 4;

// ---- tokens ----

fn scalar(kind: ScalarKind) -> Scalar {
    Scalar {
        kind,
        span: Span::NONE,
    }
}

/// A word of the language.
pub fn word(word: &str) -> Scalar {
    scalar(ScalarKind::Name(word.to_owned()))
}

pub fn number(number: impl Into<i128>) -> Scalar {
    let number: i128 = number.into();
    decimal(number.to_string())
}

/// A number as the language spells it.
pub fn decimal(spelling: String) -> Scalar {
    scalar(ScalarKind::Number(spelling))
}

/// A size in GB.
pub fn size(gigabytes: i64) -> Scalar {
    scalar(ScalarKind::Literal(format!("{gigabytes}GB")))
}

/// A string on one line.
pub fn text(text: &str) -> Scalar {
    string(text, false)
}

/// A string as a value, which may have lines of its own.
pub fn value_text(text: &str) -> Scalar {
    string(text, text.contains('\n'))
}

fn string(text: &str, long: bool) -> Scalar {
    scalar(ScalarKind::Text(Text {
        raw: escaped(text, long),
        long,
        parts: vec![Part::Text(text.to_owned())],
    }))
}

/// A name, bare where it can be.
pub fn name(name: &str) -> Scalar {
    if is_name(name) && !is_value(name) {
        word(name)
    } else {
        text(name)
    }
}

/// A name without characters to escape, as it is in a source.
pub fn bare_or_quoted(text: &str) -> String {
    written(&name(text))
}

/// A version or address without characters to escape, as it is in a source.
pub fn written_spelling(text: &str) -> String {
    written(&spelling(text))
}

fn written(scalar: &Scalar) -> String {
    let text = scalar.text().unwrap_or_default();
    match scalar.kind {
        ScalarKind::Text(_) => format!("\"{text}\""),
        ScalarKind::Name(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => text.to_owned(),
    }
}

/// The name that begins a line and means nothing else there.
pub fn line_name(line: &str) -> Scalar {
    const OTHER_STATEMENTS: &[&str] = &[
        "if", "else", "param", "let", "use", "cluster", "profile", "image", "region", "release",
    ];
    if OTHER_STATEMENTS.contains(&line) {
        text(line)
    } else {
        name(line)
    }
}

/// A key of a map.
pub fn key(key: &str) -> Scalar {
    if is_name(key) { word(key) } else { text(key) }
}

/// A version or address: bare where it can be.
pub fn spelling(spelling: &str) -> Scalar {
    if is_number(spelling) {
        decimal(spelling.to_owned())
    } else {
        free_text(spelling)
    }
}

/// A text where numbers may be too: bare if it is one word, or begins with a digit and is not a number.
pub fn free_text(free: &str) -> Scalar {
    bare(free).unwrap_or_else(|| text(free))
}

/// The same as a value.
pub fn free_value(free: &str) -> Scalar {
    bare(free).unwrap_or_else(|| value_text(free))
}

fn bare(free: &str) -> Option<Scalar> {
    if is_name(free) && !free.contains('.') && !is_value(free) {
        Some(word(free))
    } else if is_literal(free) && !is_number(free) {
        Some(scalar(ScalarKind::Literal(free.to_owned())))
    } else {
        None
    }
}

/// What a name would be taken for where a value stands.
fn is_value(name: &str) -> bool {
    matches!(name, "true" | "false" | "null")
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(is_name_character))
}

fn is_literal(text: &str) -> bool {
    let literal = |character: char| {
        is_name_character(character) || matches!(character, '.' | ':' | '/' | '+' | '*' | '~' | '%')
    };
    text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().all(literal)
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = |text: &str| digits(text) && (text == "0" || !text.starts_with('0'));
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((before, behind)) => whole(before) && digits(behind),
        None => whole(unsigned),
    }
}

/// A text as it is between quotes.
fn escaped(text: &str, long: bool) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\n' if long => out.push('\n'),
            '"' if long && rest.peek() != Some(&'"') && !out.ends_with('"') => out.push('"'),
            '\t' if long => out.push('\t'),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' if rest.peek() == Some(&'{') => out.push_str("\\$"),
            control if control.is_control() => {
                out.extend(control.escape_unicode());
            }
            other => out.push(other),
        }
    }
    out
}

// ---- values ----

pub fn list(values: Vec<Value>) -> Value {
    let item = |value| Item {
        before: Vec::new(),
        blank_line_before: false,
        value,
        after: None,
    };
    Value::List(List {
        open: None,
        items: values.into_iter().map(item).collect(),
        end: Vec::new(),
        multiline: false,
        span: Span::NONE,
    })
}

pub fn names(names: &[String]) -> Value {
    list(names.iter().map(|each| Value::Scalar(name(each))).collect())
}

pub fn texts(texts: &[String]) -> Value {
    list(texts.iter().map(|each| Value::Scalar(text(each))).collect())
}

/// A map; on one line if it is short and flat.
pub fn map(entries: Vec<Statement>) -> Value {
    let simple = match entries.as_slice() {
        [entry] => !has_lines(entry),
        entries => {
            entries.len() <= MOST_ENTRIES_ON_A_LINE && entries.iter().all(|entry| !is_nested(entry))
        }
    };
    let multiline = !simple;
    Value::Map(block_of(entries, multiline))
}

/// Whether a statement's value has lines of its own.
fn has_lines(statement: &Statement) -> bool {
    match &statement.node {
        Node::Attribute(attribute) => match &attribute.value {
            Value::Map(map) => map.multiline,
            Value::List(_) | Value::Scalar(_) | Value::Missing(_) => is_nested(statement),
        },
        Node::Entry(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => true,
    }
}

/// Whether a statement has a part between brackets of its own.
fn is_nested(statement: &Statement) -> bool {
    match &statement.node {
        Node::Attribute(attribute) => match &attribute.value {
            Value::Map(map) => !map.body.statements.is_empty(),
            Value::List(list) => list
                .items
                .iter()
                .any(|item| matches!(item.value, Value::Map(_))),
            Value::Scalar(scalar) => {
                matches!(&scalar.kind, ScalarKind::Text(text) if text.long)
            }
            Value::Missing(_) => false,
        },
        Node::Entry(entry) => entry.block.is_some(),
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => false,
    }
}

// ---- statements ----

fn statement(node: Node) -> Statement {
    Statement {
        before: Vec::new(),
        blank_line_before: false,
        node,
        after: None,
        span: Span::NONE,
    }
}

pub fn attribute(key: Scalar, value: Value) -> Statement {
    statement(Node::Attribute(Attribute {
        key,
        value,
        several: Vec::new(),
    }))
}

/// `key = value` with one token as value.
pub fn setting(key: &str, value: Scalar) -> Statement {
    attribute(word(key), Value::Scalar(value))
}

pub fn line(word: Scalar, labels: Vec<Scalar>) -> Statement {
    statement(Node::Entry(Entry {
        word,
        labels,
        block: None,
    }))
}

/// `word label… { … }`; without a block where nothing is in it.
pub fn entry(name: &str, labels: Vec<Scalar>, statements: Vec<Statement>) -> Statement {
    if statements.is_empty() {
        return line(word(name), labels);
    }
    let multiline = statements.len() > 1 || statements.iter().any(is_nested);
    with_block(name, labels, block_of(statements, multiline))
}

/// The same on one line, unless something in it has lines of its own.
pub fn short_entry(name: &str, labels: Vec<Scalar>, statements: Vec<Statement>) -> Statement {
    if statements.is_empty() {
        return line(word(name), labels);
    }
    let multiline = statements.len() > MOST_ENTRIES_ON_A_LINE || statements.iter().any(is_nested);
    with_block(name, labels, block_of(statements, multiline))
}

/// The same on one line even with a block in it, if that is on one line too.
pub fn line_entry(name: &str, labels: Vec<Scalar>, statements: Vec<Statement>) -> Statement {
    let is_long = |statement: &Statement| match &statement.node {
        Node::Entry(entry) => entry.block.as_ref().is_some_and(|block| {
            let within = &block.body.statements;
            block.multiline || within.len() > 1 || within.iter().any(is_nested)
        }),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => {
            is_nested(statement)
        }
    };
    if statements.is_empty() || statements.iter().any(is_long) {
        return short_entry(name, labels, statements);
    }
    with_block(name, labels, block_of(statements, false))
}

/// The same on one line if it has a single attribute, a map on one line among them.
pub fn lone_entry(name: &str, statement: Statement) -> Statement {
    let multiline = has_lines(&statement);
    with_block(name, Vec::new(), block_of(vec![statement], multiline))
}

/// The same, with a line for each statement.
pub fn long_entry(name: &str, labels: Vec<Scalar>, statements: Vec<Statement>) -> Statement {
    with_block(name, labels, block_of(statements, true))
}

fn with_block(name: &str, labels: Vec<Scalar>, block: Block) -> Statement {
    statement(Node::Entry(Entry {
        word: word(name),
        labels,
        block: Some(block),
    }))
}

fn block_of(statements: Vec<Statement>, multiline: bool) -> Block {
    Block {
        open: None,
        body: Body {
            statements,
            end: Vec::new(),
        },
        multiline,
        span: Span::NONE,
    }
}

/// Puts a comment after a statement. The places say how far apart they are, which the formatter keeps.
pub fn remark(mut statement: Statement, text: &str) -> Statement {
    const DISTANCE: u32 = 4;
    statement.span.end += 1;
    let start = statement.span.end + DISTANCE;
    statement.after = Some(Comment {
        text: format!("# {text}"),
        blank_line_before: false,
        span: Span {
            start,
            end: start,
            ..statement.span
        },
    });
    statement
}

/// A comment, from its `#` on.
pub fn comment(text: &str) -> Comment {
    Comment {
        text: text.to_owned(),
        blank_line_before: false,
        span: Span::NONE,
    }
}

/// Adds a comment: after a statement on one line if it was after something, else above it.
pub fn add_comment(statement: &mut Statement, text: &str, is_trailing: bool) {
    let is_on_one_line = match &statement.node {
        Node::Entry(entry) => entry.block.as_ref().is_none_or(|block| !block.multiline),
        Node::Attribute(_) => !has_lines(statement),
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => false,
    };
    if is_trailing && is_on_one_line && statement.after.is_none() {
        statement.after = Some(comment(text));
        return;
    }
    if let Node::Entry(entry) = &mut statement.node
        && let Some(block) = &mut entry.block
        && is_trailing
        && block.open.is_none()
    {
        block.open = Some(comment(text));
        return;
    }
    statement.before.push(comment(text));
}

/// Puts a blank line above a statement that has several.
pub fn apart_if_long(statement: Statement) -> Statement {
    let is_long = match &statement.node {
        Node::Entry(entry) => entry.block.as_ref().is_some_and(|block| block.multiline),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => false,
    };
    if is_long { apart(statement) } else { statement }
}

/// Puts a blank line above a statement.
pub fn apart(mut statement: Statement) -> Statement {
    statement.blank_line_before = true;
    statement
}
