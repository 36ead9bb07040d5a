//! Trees as a program may build them: no text comes after them, and they are laid out in any way.

use m1c::source::{FileId, Span};
use m1c::syntax::Tree;
use m1c::syntax::tree::{
    Attribute, Binding, BindingKind, Block, Body, Comment, Condition, Conditional, Entry, Item,
    List, Node, Otherwise, Part, Reference, Scalar, ScalarKind, Statement, Text, Value,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let top = prop_oneof![
        4 => node(3),
        1 => binding().prop_map(Node::Binding),
    ];
    body(top.boxed()).prop_map(|body| Tree {
        file: FileId::NONE,
        body,
        is_cut: false,
    })
}

// ---- statements ----

fn body(node: BoxedStrategy<Node>) -> BoxedStrategy<Body> {
    let statement = (
        comments(),
        any::<bool>(),
        node,
        option::weighted(0.2, comment()),
    )
        .prop_map(|(before, blank_line_before, node, after)| Statement {
            before,
            blank_line_before,
            node,
            after,
            span: Span::NONE,
        });
    (vec(statement, 0..5), comments())
        .prop_map(|(statements, end)| Body { statements, end })
        .boxed()
}

fn node(depth: u32) -> BoxedStrategy<Node> {
    let attribute = attribute(depth).prop_map(Node::Attribute);
    if depth == 0 {
        return prop_oneof![attribute, entry(depth)].boxed();
    }
    prop_oneof![
        3 => attribute,
        3 => entry(depth),
        1 => conditional(depth).prop_map(Node::Conditional),
    ]
    .boxed()
}

fn attribute(depth: u32) -> BoxedStrategy<Attribute> {
    (key(), value(depth))
        .prop_map(|(key, value)| Attribute {
            key,
            value,
            several: Vec::new(),
        })
        .boxed()
}

fn entry(depth: u32) -> BoxedStrategy<Node> {
    let block = if depth == 0 {
        Just(None).boxed()
    } else {
        option::of(block(node(depth - 1))).boxed()
    };
    (word(), vec(scalar(), 0..4), block)
        .prop_map(|(word, labels, block)| {
            Node::Entry(Entry {
                word,
                labels,
                block,
            })
        })
        .boxed()
}

fn conditional(depth: u32) -> BoxedStrategy<Conditional> {
    let block = || block(node(depth - 1));
    let otherwise = prop_oneof![
        2 => Just(None),
        1 => block().prop_map(|block| Some(Otherwise::Block(block))),
        1 => (condition(), block()).prop_map(|(condition, then)| {
            Some(Otherwise::If(Box::new(Conditional {
                condition,
                then,
                otherwise: None,
            })))
        }),
    ];
    (condition(), block(), otherwise)
        .prop_map(|(condition, then, otherwise)| Conditional {
            condition,
            then,
            otherwise,
        })
        .boxed()
}

fn binding() -> impl Strategy<Value = Binding> {
    let name = "[a-z_][a-zA-Z0-9_-]{0,8}".prop_map(|name| spelled(ScalarKind::Name(name)));
    let ty = prop_oneof![
        name.clone().prop_map(Value::Scalar),
        list(scalar().prop_map(Value::Scalar).boxed()),
    ];
    (name, option::of(ty), value(2)).prop_map(|(name, ty, value)| Binding {
        kind: if ty.is_some() {
            BindingKind::Param
        } else {
            BindingKind::Let
        },
        name,
        ty,
        value: Some(value),
    })
}

fn block(node: BoxedStrategy<Node>) -> BoxedStrategy<Block> {
    (option::weighted(0.1, comment()), body(node), any::<bool>())
        .prop_map(|(open, body, multiline)| Block {
            open,
            body,
            multiline,
            span: Span::NONE,
        })
        .boxed()
}

// ---- conditions ----

/// What is between words that bind less tightly is a group.
fn condition() -> impl Strategy<Value = Condition> {
    let comparison = prop_oneof![
        operand().prop_map(Condition::Is),
        (operand(), operand()).prop_map(|(left, right)| Condition::Equal(left, right)),
        (operand(), operand()).prop_map(|(left, right)| Condition::NotEqual(left, right)),
        (operand(), list(scalar().prop_map(Value::Scalar).boxed()))
            .prop_map(|(left, list)| Condition::In(left, list)),
    ];
    comparison.prop_recursive(3, 8, 3, |inner| {
        let test = inner.prop_map(|condition| match condition {
            Condition::Or(_) | Condition::And(_) => Condition::Group(Box::new(condition)),
            Condition::Not(_)
            | Condition::Group(_)
            | Condition::Is(_)
            | Condition::Equal(..)
            | Condition::NotEqual(..)
            | Condition::In(..)
            | Condition::Missing(_) => condition,
        });
        prop_oneof![
            vec(test.clone(), 2..4).prop_map(Condition::Or),
            vec(test.clone(), 2..4).prop_map(Condition::And),
            test.clone().prop_map(|test| Condition::Not(Box::new(test))),
            test.prop_map(|test| Condition::Group(Box::new(test))),
        ]
    })
}

/// A scalar that is none of the words of conditions.
fn operand() -> impl Strategy<Value = Scalar> {
    scalar().prop_filter("a word of conditions", |scalar| {
        !matches!(&scalar.kind, ScalarKind::Name(name) if ["not", "and", "or", "in"].contains(&name.as_str()))
    })
}

// ---- values ----

fn value(depth: u32) -> BoxedStrategy<Value> {
    let scalar = scalar().prop_map(Value::Scalar);
    if depth == 0 {
        return scalar.boxed();
    }
    let map = block(attribute(depth - 1).prop_map(Node::Attribute).boxed());
    prop_oneof![
        3 => scalar,
        1 => list(value(depth - 1)),
        1 => map.prop_map(Value::Map),
    ]
    .boxed()
}

fn list(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let item = (
        comments(),
        any::<bool>(),
        value,
        option::weighted(0.1, comment()),
    )
        .prop_map(|(before, blank_line_before, value, after)| Item {
            before,
            blank_line_before,
            value,
            after,
        });
    (
        option::weighted(0.1, comment()),
        vec(item, 0..5),
        comments(),
        any::<bool>(),
    )
        .prop_map(|(open, items, end, multiline)| {
            Value::List(List {
                open,
                items,
                end,
                multiline,
                span: Span::NONE,
            })
        })
        .boxed()
}

// ---- tokens ----

fn spelled(kind: ScalarKind) -> Scalar {
    Scalar {
        kind,
        span: Span::NONE,
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[a-zA-Z_][a-zA-Z0-9_-]{0,8}",
        1 => "[a-z]{1,4}\\.[a-z0-9-]{1,4}",
        1 => "[a-z]{20,40}",
    ]
}

/// A word that begins an entry: not one that begins something else.
fn word() -> impl Strategy<Value = Scalar> {
    let taken = [
        "if", "else", "elif", "elsif", "elseif", "param", "let", "cluster", "use",
    ];
    prop_oneof![
        4 => name()
            .prop_filter("a word of the language", move |name| !taken.contains(&name.as_str()))
            .prop_map(ScalarKind::Name),
        1 => text().prop_map(ScalarKind::Text),
    ]
    .prop_map(spelled)
}

fn key() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        4 => name().prop_map(ScalarKind::Name),
        1 => text().prop_map(ScalarKind::Text),
        1 => number().prop_map(ScalarKind::Number),
        1 => literal().prop_map(ScalarKind::Literal),
    ]
    .prop_map(spelled)
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        4 => name().prop_map(ScalarKind::Name),
        2 => text().prop_map(ScalarKind::Text),
        1 => long_text().prop_map(ScalarKind::Text),
        1 => number().prop_map(ScalarKind::Number),
        1 => literal().prop_map(ScalarKind::Literal),
        1 => reference().prop_map(ScalarKind::Reference),
    ]
    .prop_map(spelled)
}

fn number() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,3})?"
}

fn literal() -> impl Strategy<Value = String> {
    "[0-9]{1,3}[a-zA-Z:/+*~%][a-zA-Z0-9_.:/+*~%-]{0,8}"
}

fn reference() -> impl Strategy<Value = Reference> {
    let name = || "[a-zA-Z_][a-zA-Z0-9_-]{0,8}";
    (option::of(name()), name()).prop_map(|(module, name)| Reference {
        module,
        name,
        span: Span::NONE,
    })
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        any::<String>().prop_map(|text| Text::new(&text)),
        "[ -~]{0,90}".prop_map(|text| Text::new(&text)),
        ("[ -~]{0,9}", reference(), "[a-z]{1,9}").prop_map(|(before, reference, behind)| {
            let before = Text::new(&before);
            let name = match &reference.module {
                Some(module) => format!("{module}.{}", reference.name),
                None => reference.name.clone(),
            };
            let mut parts = before.parts;
            parts.push(Part::Reference(reference));
            parts.push(Part::Text(behind.clone()));
            Text {
                raw: format!("{}${{{name}}}{behind}", before.raw),
                long: false,
                parts,
            }
        }),
    ]
}

fn long_text() -> impl Strategy<Value = Text> {
    vec("[a-z #;{}\\[\\]\"]{0,12}", 0..4)
        .prop_map(|lines| lines.join("\n"))
        .prop_filter("the end of a long string", |text| !text.contains("\"\"\""))
        .prop_map(|raw| Text {
            parts: Text::new(&raw).parts,
            raw,
            long: true,
        })
}

fn comments() -> impl Strategy<Value = Vec<Comment>> {
    prop_oneof![4 => Just(Vec::new()), 1 => vec(comment(), 1..3)]
}

fn comment() -> impl Strategy<Value = Comment> {
    ("#( [ -~]{0,20})?", any::<bool>()).prop_map(|(text, blank_line_before)| Comment {
        text: text.trim_end().to_owned(),
        blank_line_before,
        span: Span::NONE,
    })
}
