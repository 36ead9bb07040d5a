//! What each token is, for editors that colour by what a server says.

use std::ops::Range;

use super::Document;
use super::tokens::{self, Role, Token, block_of, label_of};
use crate::schema::{Other, Type};
use crate::source::{Sources, Span};
use crate::syntax::tree::{BindingKind, Node, ScalarKind, Tree};
use crate::syntax::walk::{self, Element};

/// A part of a line that has one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colored {
    pub span: Span,
    pub color: Color,
    /// Whether a name is defined here.
    pub is_declaration: bool,
}

/// The standard types of the protocol that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Comment,
    /// A word of the language that begins a statement or is between its parts.
    Keyword,
    /// The key of an attribute.
    Property,
    /// A word out of a fixed set.
    EnumMember,
    String,
    Number,
    /// A `param`, or a reference.
    Parameter,
    /// A `let`, a machine or another name.
    Variable,
    /// A module.
    Namespace,
    /// A cluster.
    Class,
    /// A profile, image, region or release.
    Type,
    /// A location.
    Struct,
}

impl Color {
    pub const ALL: [Color; 12] = [
        Color::Comment,
        Color::Keyword,
        Color::Property,
        Color::EnumMember,
        Color::String,
        Color::Number,
        Color::Parameter,
        Color::Variable,
        Color::Namespace,
        Color::Class,
        Color::Type,
        Color::Struct,
    ];

    /// As the protocol calls it.
    pub fn name(self) -> &'static str {
        match self {
            Color::Comment => "comment",
            Color::Keyword => "keyword",
            Color::Property => "property",
            Color::EnumMember => "enumMember",
            Color::String => "string",
            Color::Number => "number",
            Color::Parameter => "parameter",
            Color::Variable => "variable",
            Color::Namespace => "namespace",
            Color::Class => "class",
            Color::Type => "type",
            Color::Struct => "struct",
        }
    }
}

/// The colours of the statements that touch a range of bytes, in the order of the source. None spans two lines.
pub fn colors(document: &Document, range: Range<u32>) -> Vec<Colored> {
    let tree = document.tree();
    let sources = &document.analysis.sources;
    let mut colors = Vec::new();
    tokens::visit(tree, range.clone(), &mut |token| {
        of_token(token, sources, &mut colors);
    });
    words_and_comments(tree, sources, &mut colors);
    colors.retain(|colored| {
        colored.span.start < range.end
            && colored.span.end > range.start
            && !colored.span.range().is_empty()
    });
    colors.sort_by_key(|colored| colored.span.start);
    // Between the operands of a condition stand words that are none, in texts and comments.
    let mut end = 0;
    colors.retain(|colored| {
        let is_outermost = colored.span.start >= end;
        if is_outermost {
            end = colored.span.end;
        }
        is_outermost
    });
    colors
        .into_iter()
        .flat_map(|colored| lines(colored, sources))
        .collect()
}

fn of_token(token: &Token<'_, '_>, sources: &Sources, colors: &mut Vec<Colored>) {
    let at = token.span();
    let references = token.references();
    let (color, is_declaration) = color_of(token);
    let mut start = at.start;
    for reference in references {
        let before = Span {
            start,
            end: reference.span.start,
            ..at
        };
        let text = Colored {
            span: before,
            color: Color::String,
            is_declaration: false,
        };
        colors.push(text);
        let name = Colored {
            span: reference.span,
            color: Color::Parameter,
            is_declaration: false,
        };
        match &reference.module {
            Some(module) => {
                let mark = sources.slice(reference.span).find(module.as_str());
                let split = reference.span.start
                    + u32::try_from(mark.unwrap_or(0) + module.len()).unwrap_or(0);
                let (module, rest) = split_at(reference.span, split);
                colors.push(Colored {
                    span: module,
                    color: Color::Namespace,
                    ..name
                });
                colors.push(Colored { span: rest, ..name });
            }
            None => colors.push(name),
        }
        start = reference.span.end;
    }
    let rest = Span { start, ..at };
    // `include profiles.production`
    let dot = sources
        .slice(rest)
        .find('.')
        .filter(|_| color == Color::Type && !matches!(token.scalar.kind, ScalarKind::Number(_)));
    let name = match dot.filter(|_| is_profile_use(token)) {
        Some(dot) => {
            let split = rest.start + u32::try_from(dot).unwrap_or(0);
            let (module, name) = split_at(rest, split);
            colors.push(Colored {
                span: module,
                color: Color::Namespace,
                is_declaration: false,
            });
            Span {
                start: name.start + 1,
                ..name
            }
        }
        None => rest,
    };
    if token.scalar.kind != ScalarKind::Missing {
        colors.push(Colored {
            span: name,
            color,
            is_declaration,
        });
    }
}

fn split_at(span: Span, at: u32) -> (Span, Span) {
    (Span { end: at, ..span }, Span { start: at, ..span })
}

fn is_profile_use(token: &Token<'_, '_>) -> bool {
    match token.role {
        Role::Label { schema, .. } => schema.is_some_and(|schema| schema.word == "include"),
        Role::Word { .. }
        | Role::Key { .. }
        | Role::MapKey { .. }
        | Role::Value { .. }
        | Role::Name(_)
        | Role::Type
        | Role::Bound
        | Role::Operand => false,
    }
}

/// The colour of a token, and whether it defines a name.
fn color_of(token: &Token<'_, '_>) -> (Color, bool) {
    match token.role {
        Role::Word { schema, .. } => match block_of(token.trail).map(|block| block.other) {
            Some(Other::Line(_)) if schema.is_some_and(|schema| schema.word != "allow") => {
                (Color::Variable, true)
            }
            _ => (Color::Keyword, false),
        },
        Role::Label { schema, index, .. } => {
            let Some(schema) = schema else {
                return (of_value(token, None), false);
            };
            let is_machine = block_of(token.trail).is_some_and(|block| block.name == "location");
            match (schema.word, index) {
                ("cluster", 0) => (Color::Class, true),
                ("profile" | "image" | "region", 0) | ("release", 1) => (Color::Type, true),
                ("include" | "os", 0) | ("postgres", 1) => (Color::Type, false),
                ("location", 0) => (Color::Struct, true),
                ("use", 0 | 2) if matches!(token.scalar.kind, ScalarKind::Name(_)) => {
                    (Color::Namespace, true)
                }
                ("use", 1) | ("allow", 2) => (Color::Keyword, false),
                ("allow", 0) => (Color::EnumMember, false),
                (word, 0) if is_machine && word != "data" => (Color::Variable, true),
                _ => (
                    of_value(token, label_of(schema, index).map(|label| label.ty)),
                    false,
                ),
            }
        }
        Role::Key { .. } | Role::MapKey { .. } => (Color::Property, false),
        Role::Value { schema, .. } => (of_value(token, schema.map(|schema| schema.ty)), false),
        Role::Name(binding) => match binding.kind {
            BindingKind::Param => (Color::Parameter, true),
            BindingKind::Let => (Color::Variable, true),
        },
        Role::Type => (Color::Type, false),
        Role::Bound | Role::Operand => (of_value(token, None), false),
    }
}

fn of_value(token: &Token<'_, '_>, ty: Option<Type>) -> Color {
    match &token.scalar.kind {
        ScalarKind::Text(_) => Color::String,
        ScalarKind::Number(_) | ScalarKind::Literal(_) => Color::Number,
        ScalarKind::Reference(_) => Color::Parameter,
        ScalarKind::Name(name) if matches!(name.as_str(), "true" | "false" | "null") => {
            Color::Keyword
        }
        ScalarKind::Name(_) | ScalarKind::Missing => match ty {
            Some(Type::Word(_) | Type::SizeOrNone) => Color::EnumMember,
            Some(Type::Name | Type::OneOrList(_)) => Color::Variable,
            Some(
                Type::Text
                | Type::Integer(..)
                | Type::Boolean
                | Type::Size
                | Type::Address
                | Type::Network
                | Type::Version
                | Type::Date
                | Type::TpaVersion
                | Type::Duration
                | Type::Port
                | Type::List(_)
                | Type::PackageLists(_)
                | Type::TextOrMap
                | Type::Any,
            )
            | None => Color::String,
        },
    }
}

/// Comments, and the words that are not tokens of the tree: `param`, `let`, and those of conditions.
fn words_and_comments(tree: &Tree, sources: &Sources, colors: &mut Vec<Colored>) {
    walk::elements(tree, &mut |element| match element {
        Element::Comment(comment) => colors.push(Colored {
            span: comment.span,
            color: Color::Comment,
            is_declaration: false,
        }),
        Element::Statement(statement) => match &statement.node {
            Node::Binding(binding) => {
                let end =
                    statement.span.start + u32::try_from(binding.kind.word().len()).unwrap_or(0);
                colors.push(keyword(Span {
                    end,
                    ..statement.span
                }));
            }
            Node::Conditional(conditional) => {
                let mut start = statement.span.start;
                for block in walk::branches(conditional) {
                    let head = Span {
                        start,
                        end: block.span.start.max(start),
                        ..statement.span
                    };
                    condition_words(head, sources, colors);
                    start = block.span.end;
                }
            }
            Node::Attribute(_) | Node::Entry(_) | Node::Junk => {}
        },
        Element::Block(_) | Element::List(_) | Element::Scalar(_) => {}
    });
}

fn keyword(span: Span) -> Colored {
    Colored {
        span,
        color: Color::Keyword,
        is_declaration: false,
    }
}

/// The words between the operands of a condition, and those in its texts and comments.
fn condition_words(head: Span, sources: &Sources, colors: &mut Vec<Colored>) {
    const WORDS: [&str; 6] = ["if", "else", "and", "or", "not", "in"];
    let text = sources.slice(head);
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "_-.$".contains(c)))
    {
        let word =
            piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "_-.$".contains(c)));
        if WORDS.contains(&word) {
            let start = head.start + u32::try_from(at).unwrap_or(0);
            let end = start + u32::try_from(word.len()).unwrap_or(0);
            colors.push(keyword(Span { start, end, ..head }));
        }
        at += piece.len();
    }
}

/// The lines of what is on several.
fn lines(colored: Colored, sources: &Sources) -> Vec<Colored> {
    let text = sources.slice(colored.span);
    let ends = ['\n', '\r'];
    if !text.contains(ends) {
        return vec![colored];
    }
    let mut start = colored.span.start;
    let mut parts = Vec::new();
    for line in text.split_inclusive(ends) {
        let length = |text: &str| u32::try_from(text.len()).unwrap_or(0);
        let blanks = length(line) - length(line.trim_start());
        let end = start + length(line.trim_end());
        let from = (start + blanks).min(end);
        if from < end {
            parts.push(Colored {
                span: Span {
                    start: from,
                    end,
                    ..colored.span
                },
                ..colored
            });
        }
        start += length(line);
    }
    parts
}
