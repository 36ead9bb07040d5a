//! Changes of a source, and what makes one source of another.

use crate::facts::machines::Kind;
use crate::format;
use crate::schema::{self, Identity};
use crate::source::Span;
use crate::syntax::nodes;
use crate::syntax::tree::{Attribute, Body, Entry, Node, Statement, Value};

/// A change of a source. Paths lead to the body that it is in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// A text is in the place of another.
    Text(Span, String),
    /// The innermost statement around a place goes.
    Remove(Span),
    /// A statement is there; what the path lacks comes with it.
    Set(Vec<Step>, Statement),
    /// An entry has another word or other labels.
    Head(Vec<Step>, Step),
    /// A statement goes.
    Unset(Vec<Step>, Id),
}

impl Change {
    pub(super) fn place(&self) -> Option<u32> {
        match self {
            Change::Text(span, _) | Change::Remove(span) => Some(span.start),
            Change::Set(..) | Change::Head(..) | Change::Unset(..) => None,
        }
    }

    /// The location that it is in.
    pub(super) fn location(&self) -> Option<&Id> {
        match self {
            Change::Text(..) | Change::Remove(_) => None,
            Change::Set(path, _) | Change::Head(path, _) | Change::Unset(path, _) => path
                .get(1)
                .map(|step| &step.id)
                .filter(|id| id.word == "location"),
        }
    }
}

/// What makes two statements of a body the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Id {
    pub(in crate::import) word: String,
    pub(in crate::import) labels: Vec<String>,
}

/// A statement on the way to another, without what is in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) id: Id,
    pub(super) shell: Statement,
}

impl Step {
    /// An entry with these labels.
    pub(super) fn entry(word: &str, label: Option<&str>) -> Step {
        Step {
            id: Id {
                word: word.to_owned(),
                labels: label.map(str::to_owned).into_iter().collect(),
            },
            shell: nodes::line(
                nodes::word(word),
                label.map(nodes::name).into_iter().collect(),
            ),
        }
    }

    /// The statement with another one in it.
    pub(super) fn around(&self, inner: Statement) -> Statement {
        match &self.shell.node {
            Node::Entry(entry) => {
                let word = entry.word.text().unwrap_or_default();
                nodes::entry(word, entry.labels.clone(), vec![inner])
            }
            Node::Attribute(attribute) => {
                nodes::attribute(attribute.key.clone(), nodes::map(vec![inner]))
            }
            Node::Binding(_) | Node::Conditional(_) | Node::Junk => inner,
        }
    }

    fn of(statement: &Statement, id: Id) -> Step {
        let mut shell = match &statement.node {
            Node::Entry(Entry { word, labels, .. }) => nodes::line(word.clone(), labels.clone()),
            Node::Attribute(Attribute { key, .. }) => {
                nodes::attribute(key.clone(), nodes::map(Vec::new()))
            }
            Node::Binding(_) | Node::Conditional(_) | Node::Junk => statement.clone(),
        };
        shell.span = Span::NONE;
        Step { id, shell }
    }
}

/// The identity of a statement; machines with names are the same whatever they are.
pub(in crate::import) fn id(statement: &Statement, schema: Option<&'static schema::Block>) -> Id {
    let (word, labels) = match &statement.node {
        Node::Attribute(Attribute { key, .. }) => (key.text().unwrap_or_default(), Vec::new()),
        Node::Entry(Entry { word, labels, .. }) => {
            let word = word.text().unwrap_or_default();
            let labels: Vec<String> = labels
                .iter()
                .map(|label| label.text().unwrap_or_default().to_owned())
                .collect();
            let known = schema.and_then(|schema| schema.entry(word));
            let labels = match known.map(|known| known.identity) {
                Some(Identity::Word) | None => Vec::new(),
                Some(Identity::Labels) => labels,
                Some(Identity::FirstLabel | Identity::Definition) if !labels.is_empty() => {
                    labels.into_iter().take(1).collect()
                }
                Some(Identity::FirstLabel | Identity::Definition | Identity::Each) => {
                    vec![format::statement(statement)]
                }
            };
            let is_named_machine = Kind::parse(word).is_some() && !labels.is_empty();
            (if is_named_machine { "" } else { word }, labels)
        }
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => {
            return Id {
                word: String::new(),
                labels: vec![format::statement(statement)],
            };
        }
    };
    Id {
        word: word.to_owned(),
        labels,
    }
}

/// What makes one source of another, statement by statement.
pub(super) fn between(
    old: &Body,
    new: &Body,
    schema: Option<&'static schema::Block>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    bodies(old, new, schema, &mut Vec::new(), &mut changes);
    changes
}

fn bodies(
    old: &Body,
    new: &Body,
    schema: Option<&'static schema::Block>,
    path: &mut Vec<Step>,
    changes: &mut Vec<Change>,
) {
    let find = |body: &Body, wanted: &Id| -> Option<Statement> {
        let statements = body.statements.iter();
        let mut same = statements.filter(|statement| id(statement, schema) == *wanted);
        same.next().cloned()
    };
    for statement in &old.statements {
        let id = id(statement, schema);
        if find(new, &id).is_none() {
            changes.push(Change::Unset(path.clone(), id));
        }
    }
    for statement in &new.statements {
        let id = id(statement, schema);
        let Some(known) = find(old, &id) else {
            changes.push(Change::Set(path.clone(), statement.clone()));
            continue;
        };
        if format::statement(&known) == format::statement(statement) {
            continue;
        }
        let step = Step::of(statement, id);
        match (&known.node, &statement.node) {
            (Node::Entry(known), Node::Entry(entry)) => {
                let head = |entry: &Entry| {
                    let labels = entry.labels.iter();
                    let words = std::iter::once(&entry.word).chain(labels);
                    let words = words.map(|word| word.text().unwrap_or_default().to_owned());
                    words.collect::<Vec<_>>()
                };
                if head(known) != head(entry) {
                    changes.push(Change::Head(path.clone(), step.clone()));
                }
                let inner = entry
                    .word
                    .text()
                    .and_then(|word| schema?.entry(word)?.block);
                let nothing = Body::default();
                let body = |entry: &Entry| entry.block.as_ref().map(|block| block.body.clone());
                let (old, new) = (body(known), body(entry));
                path.push(step);
                bodies(
                    old.as_ref().unwrap_or(&nothing),
                    new.as_ref().unwrap_or(&nothing),
                    inner,
                    path,
                    changes,
                );
                path.pop();
            }
            (
                Node::Attribute(Attribute {
                    value: Value::Map(known),
                    ..
                }),
                Node::Attribute(Attribute {
                    value: Value::Map(map),
                    ..
                }),
            ) => {
                path.push(step);
                bodies(&known.body, &map.body, None, path, changes);
                path.pop();
            }
            (_, _) => changes.push(Change::Set(path.clone(), statement.clone())),
        }
    }
}
