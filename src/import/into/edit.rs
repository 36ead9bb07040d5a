//! A change of a source becomes a change of its text. What it does not concern stays as it is, comments and all.

use super::changes::{Change, Id, Step, id};
use crate::diagnostic::{Diagnostics, Edit};
use crate::facts::machines::Kind;
use crate::format;
use crate::schema::file::FILE;
use crate::schema::{self, OMIT};
use crate::source::{FileId, Span};
use crate::syntax::removal::{end_of, removal};
use crate::syntax::tree::{Attribute, Block, Body, Entry, List, Node, Statement, Value};
use crate::syntax::{self, Tree, nodes, walk};

/// A text after some changes, one after another; none where one of them finds nothing to change.
pub(super) fn changed(text: &str, changes: &[Change]) -> Option<String> {
    let mut text = text.to_owned();
    // From the end, so that the places of those before stay.
    let (mut at_places, others): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| change.place().is_some());
    at_places.sort_by_key(|change| std::cmp::Reverse(change.place()));
    for change in at_places.into_iter().chain(others) {
        let tree = parsed(&text);
        let Edit { span, replacement } = Source {
            text: &text,
            tree: &tree,
        }
        .edit(change)?;
        text.get(span.range())?;
        text.replace_range(span.range(), &replacement);
    }
    Some(text)
}

pub(in crate::import) fn parsed(text: &str) -> Tree {
    syntax::parse(FileId::NONE, text, &mut Diagnostics::default())
}

/// The labels of an entry.
pub(super) fn labels(text: &str, path: &[Step], entry: &Step) -> Option<Vec<String>> {
    let tree = parsed(text);
    let source = Source { text, tree: &tree };
    match &source.statement(path, &entry.id)?.node {
        Node::Entry(entry) => {
            let labels = entry.labels.iter();
            labels
                .map(|label| label.text().map(str::to_owned))
                .collect()
        }
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

struct Source<'t> {
    text: &'t str,
    tree: &'t Tree,
}

/// Where a path of statements leads.
enum Place<'t> {
    /// To a body, which a block has around it below the top of the file.
    Body {
        body: &'t Body,
        block: Option<&'t Block>,
        schema: Option<&'static schema::Block>,
    },
    /// To a statement that has no block.
    Bare(&'t Statement),
    /// To a body in which the rest of the path is missing.
    Missing {
        around: Box<Place<'t>>,
        depth: usize,
    },
}

impl<'t> Source<'t> {
    fn edit(&self, change: &Change) -> Option<Edit> {
        match change {
            Change::Text(span, replacement) => Some(Edit {
                span: *span,
                replacement: replacement.clone(),
            }),
            Change::Remove(span) => Some(removal(self.text, around(&self.tree.body, *span)?)),
            Change::Set(path, statement) => self.set(path, statement),
            Change::Head(path, step) => {
                let statement = self.statement(path, &step.id)?;
                let Node::Entry(Entry { word, labels, .. }) = &statement.node else {
                    return None;
                };
                let span = labels
                    .last()
                    .map_or(word.span, |last| word.span.to(last.span));
                Some(Edit {
                    span,
                    replacement: format::statement(&step.shell),
                })
            }
            Change::Unset(path, id) => Some(removal(self.text, self.statement(path, id)?)),
        }
    }

    fn place(&self, path: &[Step]) -> Option<Place<'t>> {
        let mut place = Place::Body {
            body: &self.tree.body,
            block: None,
            schema: Some(&FILE),
        };
        for (depth, step) in path.iter().enumerate() {
            let Place::Body { body, schema, .. } = place else {
                return None;
            };
            let Some(found) = find(body, schema, &step.id) else {
                return Some(Place::Missing {
                    around: Box::new(place),
                    depth,
                });
            };
            place = match &found.node {
                Node::Entry(entry) => match &entry.block {
                    Some(block) => Place::Body {
                        body: &block.body,
                        block: Some(block),
                        schema: schema.and_then(|schema| schema.entry(entry.word.text()?)?.block),
                    },
                    None => Place::Bare(found),
                },
                Node::Attribute(Attribute {
                    value: Value::Map(block),
                    ..
                }) => Place::Body {
                    body: &block.body,
                    block: Some(block),
                    schema: None,
                },
                Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => {
                    return None;
                }
            };
        }
        Some(place)
    }

    fn statement(&self, path: &[Step], id: &Id) -> Option<&'t Statement> {
        match self.place(path)? {
            Place::Body { body, schema, .. } => find(body, schema, id),
            Place::Bare(_) | Place::Missing { .. } => None,
        }
    }

    fn set(&self, path: &[Step], statement: &Statement) -> Option<Edit> {
        match self.place(path)? {
            Place::Missing { around, depth } => {
                let wrapped = path.get(depth..)?.iter().rev();
                let wrapped = wrapped.fold(statement.clone(), |inner, step| step.around(inner));
                self.insert(&around, &wrapped)
            }
            place @ (Place::Body { .. } | Place::Bare(_)) => self.insert(&place, statement),
        }
    }

    /// Puts a statement into a place, over the one that is the same.
    fn insert(&self, place: &Place<'t>, statement: &Statement) -> Option<Edit> {
        let (body, block, schema) = match place {
            Place::Body {
                body,
                block,
                schema,
            } => (*body, *block, *schema),
            Place::Bare(bare) => {
                let mut end = bare.span.after();
                if let Node::Entry(entry) = &bare.node {
                    let last = entry.labels.last().unwrap_or(&entry.word);
                    end = last.span.after();
                }
                let indentation = self.indentation(bare.span.start);
                return Some(Edit {
                    span: end,
                    replacement: format!(" {}", braced(&format::statement(statement), indentation)),
                });
            }
            Place::Missing { .. } => return None,
        };
        if let Some(known) = find(body, schema, &id(statement, schema)) {
            return self.replace(known, statement);
        }
        if is_omission(statement)
            && let Some(Node::Entry(entry)) = body
                .statements
                .iter()
                .rev()
                .find(|known| is_omission(known))
                .map(|known| &known.node)
            && let Some(last) = entry.labels.last()
            && let Node::Entry(new) = &statement.node
        {
            let labels: Vec<&str> = new.labels.iter().filter_map(|label| label.text()).collect();
            return Some(Edit {
                span: last.span.after(),
                replacement: format!(" {}", labels.join(" ")),
            });
        }
        let text = format::statement(statement);
        let Some(block) = block else {
            let end = u32::try_from(self.text.len()).ok()?;
            return Some(insertion(end, format!("\n{text}\n")));
        };
        let inner = self.indentation(block.span.start).len() + format::INDENTATION;
        let before = body.statements.get(..position(body, statement));
        match before.and_then(<[Statement]>::last) {
            Some(before) => {
                let end = end_of(before);
                if !block.multiline && !text.contains('\n') {
                    return Some(insertion(end, format!("; {text}")));
                }
                let is_apart = text.contains('\n') || is_location(statement);
                let gap = if is_apart { "\n\n" } else { "\n" };
                let mut inserted = format!("{gap}{}", indented(&text, inner));
                if !block.multiline {
                    inserted.push('\n');
                }
                Some(insertion(end, inserted))
            }
            None if !block.multiline && body.statements.is_empty() => Some(Edit {
                span: block.span,
                replacement: braced(&text, self.indentation(block.span.start)),
            }),
            None if !block.multiline => Some(insertion(block.span.start + 1, format!(" {text}; "))),
            None => {
                let open = block.open.as_ref();
                let end = open.map_or(block.span.start + 1, |open| open.span.end);
                Some(insertion(end, format!("\n{}", indented(&text, inner))))
            }
        }
    }

    fn replace(&self, known: &Statement, new: &Statement) -> Option<Edit> {
        let indentation = self.indentation(known.span.start).len();
        match (&known.node, &new.node) {
            (Node::Attribute(known), Node::Attribute(new)) => {
                // What is new in a map joins what is there.
                if let (Value::Map(around), Value::Map(map)) = (&known.value, &new.value)
                    && let [only] = map.body.statements.as_slice()
                {
                    let place = Place::Body {
                        body: &around.body,
                        block: Some(around),
                        schema: None,
                    };
                    return self.insert(&place, only);
                }
                let text =
                    format::statement(&nodes::attribute(nodes::word("v"), new.value.clone()));
                let text = indented(text.strip_prefix("v = ")?, indentation);
                Some(Edit {
                    span: known.value.span(),
                    replacement: text.trim_start().to_owned(),
                })
            }
            (_, _) => Some(Edit {
                span: known.span,
                replacement: indented(&format::statement(new), indentation)
                    .trim_start()
                    .to_owned(),
            }),
        }
    }

    /// The blanks that the line of an offset begins with.
    fn indentation(&self, offset: u32) -> &'t str {
        let before = self.text.get(..offset as usize).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text.get(line..).unwrap_or("");
        let length = line.len() - line.trim_start_matches(' ').len();
        line.get(..length).unwrap_or("")
    }
}

fn is_omission(statement: &Statement) -> bool {
    word(statement) == Some(OMIT.word)
}

/// How many statements of a body come before a new one: machines are together, and locations last.
fn position(body: &Body, new: &Statement) -> usize {
    let statements = &body.statements;
    if is_machine(new) {
        let last = statements.iter().rposition(is_machine);
        return last.map_or(0, |last| last + 1);
    }
    if !is_location(new)
        && let Some(first) = statements.iter().position(is_location)
    {
        return first;
    }
    statements.len()
}

/// The word of an entry.
fn word(statement: &Statement) -> Option<&str> {
    match &statement.node {
        Node::Entry(entry) => entry.word.text(),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

fn is_location(statement: &Statement) -> bool {
    word(statement) == Some("location")
}

/// Whether a statement places machines.
pub(super) fn is_machine(statement: &Statement) -> bool {
    word(statement).is_some_and(|word| word == "data" || Kind::parse(word).is_some())
}

fn insertion(offset: u32, replacement: String) -> Edit {
    Edit {
        span: Span {
            file: FileId::NONE,
            start: offset,
            end: offset,
        },
        replacement,
    }
}

/// The innermost statement around a place.
pub(super) fn around(body: &Body, at: Span) -> Option<&Statement> {
    let statement = walk::statement_before(body, at.start)?;
    if statement.span.end < at.end {
        return None;
    }
    let inner = match &statement.node {
        Node::Entry(entry) => entry
            .block
            .as_ref()
            .and_then(|block| around(&block.body, at)),
        Node::Attribute(attribute) => around_in_value(&attribute.value, at),
        Node::Conditional(conditional) => walk::branches(conditional)
            .into_iter()
            .find_map(|branch| around(&branch.body, at)),
        Node::Binding(_) | Node::Junk => None,
    };
    Some(inner.unwrap_or(statement))
}

fn around_in_value(value: &Value, at: Span) -> Option<&Statement> {
    match value {
        Value::Map(block) => around(&block.body, at),
        Value::List(list) => list
            .items
            .iter()
            .find_map(|item| around_in_value(&item.value, at)),
        Value::Scalar(_) | Value::Missing(_) => None,
    }
}

/// The list at a place.
pub(super) fn list_at(tree: &Tree, at: Span) -> Option<&List> {
    let mut found = None;
    walk::elements(tree, &mut |element| {
        if let walk::Element::List(list) = element
            && list.span.range() == at.range()
        {
            found = Some(list);
        }
    });
    found
}

/// The statement with an identity in a body, in the branches of conditions too.
fn find<'t>(
    body: &'t Body,
    schema: Option<&'static schema::Block>,
    wanted: &Id,
) -> Option<&'t Statement> {
    let is = |statement: &&Statement| id(statement, schema) == *wanted;
    body.statements.iter().find(is).or_else(|| {
        body.statements
            .iter()
            .find_map(|statement| match &statement.node {
                Node::Conditional(conditional) => walk::branches(conditional)
                    .into_iter()
                    .find_map(|branch| find(&branch.body, schema, wanted)),
                Node::Entry(_) | Node::Attribute(_) | Node::Binding(_) | Node::Junk => None,
            })
    })
}

/// A statement in braces, on one line if it is on one.
fn braced(text: &str, indentation: &str) -> String {
    if text.contains('\n') {
        let inner = indented(text, indentation.len() + format::INDENTATION);
        format!("{{\n{inner}\n{indentation}}}")
    } else {
        format!("{{ {text} }}")
    }
}

fn indented(text: &str, columns: usize) -> String {
    let blanks = " ".repeat(columns);
    let line = |line: &str| {
        if line.is_empty() {
            String::new()
        } else {
            format!("{blanks}{line}")
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
