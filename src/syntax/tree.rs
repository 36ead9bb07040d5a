//! The tree of one file: what the author wrote, comments and blank lines kept, every node with its place.
//!
//! The words are those of the grammar. `Junk` and `Missing` are the holes of a broken source: whoever meets one skips
//! it in silence, because the mistake has already been reported.

use crate::source::{FileId, Span};

/// A whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub file: FileId,
    pub body: Body,
    /// Whether the text has more in it, or more that is wrong, than could be looked at or said.
    pub is_cut: bool,
}

/// Statements, and the comments that are after the last of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    pub statements: Vec<Statement>,
    pub end: Vec<Comment>,
}

/// A comment, from its `#` to the end of the line, without the blanks at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub text: String,
    pub blank_line_before: bool,
    pub span: Span,
}

/// A statement with the comments around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Comments on lines of their own above it.
    pub before: Vec<Comment>,
    /// Whether a blank line is between `before` (or the statement above) and this statement.
    pub blank_line_before: bool,
    pub node: Node,
    /// The comment after it on the same line.
    pub after: Option<Comment>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Binding(Binding),
    Attribute(Attribute),
    Conditional(Conditional),
    Entry(Entry),
    /// A line that could not be understood; it has been reported.
    Junk,
}

/// `param NAME: TYPE = VALUE` or `let NAME = VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub kind: BindingKind,
    pub name: Scalar,
    /// A name, or a list of the values that are allowed.
    pub ty: Option<Value>,
    pub value: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingKind {
    Param,
    Let,
}

impl BindingKind {
    /// The word that it is written with.
    pub fn word(self) -> &'static str {
        match self {
            BindingKind::Param => "param",
            BindingKind::Let => "let",
        }
    }
}

/// `key = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub key: Scalar,
    pub value: Value,
    /// All values where several are written, which is an error: the value is missing then.
    pub several: Vec<Scalar>,
}

/// `word label… { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub word: Scalar,
    pub labels: Vec<Scalar>,
    pub block: Option<Block>,
}

/// `{ … }`, the body of an entry or a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The comment after the `{`.
    pub open: Option<Comment>,
    pub body: Body,
    /// Whether it is on more than one line.
    pub multiline: bool,
    pub span: Span,
}

/// `if CONDITION { … } else …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditional {
    pub condition: Condition,
    pub then: Block,
    pub otherwise: Option<Otherwise>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Otherwise {
    If(Box<Conditional>),
    Block(Block),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Or(Vec<Condition>),
    And(Vec<Condition>),
    Not(Box<Condition>),
    /// `( … )`.
    Group(Box<Condition>),
    /// A lone operand, which is a boolean.
    Is(Scalar),
    Equal(Scalar, Scalar),
    NotEqual(Scalar, Scalar),
    /// `OPERAND in [ … ]` or `OPERAND in $list`.
    In(Scalar, Value),
    Missing(Span),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true`, `false` and `null` are names here: they are values only where a value stands.
    Scalar(Scalar),
    List(List),
    /// `{ key = value … }`; its statements are attributes.
    Map(Block),
    Missing(Span),
}

impl Value {
    pub fn span(&self) -> Span {
        match self {
            Value::Scalar(scalar) => scalar.span,
            Value::List(list) => list.span,
            Value::Map(block) => block.span,
            Value::Missing(span) => *span,
        }
    }
}

/// `[ … ]`.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The comment after the `[`.
    pub open: Option<Comment>,
    pub items: Vec<Item>,
    /// Comments after the last item.
    pub end: Vec<Comment>,
    /// Whether it is on more than one line.
    pub multiline: bool,
    pub span: Span,
}

/// An item of a list with the comments around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub before: Vec<Comment>,
    pub blank_line_before: bool,
    pub value: Value,
    pub after: Option<Comment>,
}

/// One token that stands for something: a word, a label, a key or a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    pub kind: ScalarKind,
    pub span: Span,
}

impl Scalar {
    /// What it says, without quotes; nothing of a reference and where it is missing.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            ScalarKind::Name(text) | ScalarKind::Number(text) | ScalarKind::Literal(text) => {
                Some(text)
            }
            ScalarKind::Text(text) => Some(&text.raw),
            ScalarKind::Reference(_) | ScalarKind::Missing => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ScalarKind {
    /// `repmgr`, `eu-west-1`, `local.timeout`.
    Name(String),
    /// `"…"` or a long string.
    Text(Text),
    /// `3`, `-1`, `0.90`, as it was written.
    Number(String),
    /// `16GB`, `10.0.0.1`, `22:22`: begins with a digit and is not a number.
    Literal(String),
    /// `$name` or `$module.name`.
    Reference(Reference),
    /// A token that should be there and is not, or is broken; it has been reported.
    Missing,
}

/// A string.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What is between the quotes, as it was written; of a long string its lines without their indentation.
    pub raw: String,
    /// `""" … """`.
    pub long: bool,
    pub parts: Vec<Part>,
}

impl Text {
    /// The string that stands for this text and refers to nothing.
    pub fn new(text: &str) -> Text {
        Text {
            raw: escape(text),
            long: false,
            parts: if text.is_empty() {
                Vec::new()
            } else {
                vec![Part::Text(text.to_owned())]
            },
        }
    }
}

fn escape(text: &str) -> String {
    let mut raw = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => raw.extend(['\\', character]),
            '$' if characters.peek() == Some(&'{') => raw.push_str("\\$"),
            '\n' => raw.push_str("\\n"),
            '\t' => raw.push_str("\\t"),
            _ if character.is_control() => {
                raw.extend(character.escape_unicode());
            }
            _ => raw.push(character),
        }
    }
    raw
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// `${name}` or `${module.name}`.
    Reference(Reference),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub module: Option<String>,
    pub name: String,
    pub span: Span,
}
