//! What all sources say becomes a profile that they include.

use super::into::changes::{Id, id};
use super::into::edit::parsed;
use super::{ROOT, data, emitted, read};
use crate::check::{self, Options};
use crate::facts::machines::Kind;
use crate::format;
use crate::load::{Files, LockFile, ReadError};
use crate::schema::file::FILE;
use crate::schema::{self, Identity, OMIT};
use crate::source::FileId;
use crate::syntax::tree::{Attribute, Block, Body, Entry, Node, Scalar, Statement, Value};
use crate::syntax::walk::{self, Element};
use crate::syntax::{Tree, nodes};

/// A source that builds the same as a config.yml.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'k> {
    pub cluster: &'k str,
    pub source: &'k str,
    /// The text of its lock.
    pub lock: Option<&'k str>,
    pub config: &'k str,
}

/// Sources that share a profile.
#[derive(Debug)]
pub struct Shared {
    /// The text of the file that has it.
    pub profile: String,
    /// The new texts, in the order of the sources; none where a source would build something else with the profile.
    pub sources: Vec<Option<String>>,
}

/// Moves what all sources say into the profile `name` of the file `name`.m1; none where they share nothing.
pub fn share(name: &str, all: &[Kept<'_>]) -> Option<Shared> {
    let trees: Vec<Tree> = all.iter().map(|kept| parsed(kept.source)).collect();
    let bodies: Option<Vec<&Body>> = trees.iter().map(cluster_body).collect();
    let schema = FILE.entry("cluster").and_then(|cluster| cluster.block);
    let common = common(&bodies?, schema);
    if all.len() < 2 || common.is_empty() {
        return None;
    }
    let without = trees
        .iter()
        .map(|tree| including(tree, name, &common, schema));
    let sources: Vec<String> = without.collect();
    let profile = nodes::long_entry("profile", vec![nodes::name(name)], common);
    let profile = format::statement(&profile) + "\n";
    let sources = sources.into_iter().zip(all).map(|(source, kept)| {
        let files = Both {
            source: &source,
            lock: kept.lock,
            profile: (&format!("{name}.m1"), &profile),
        };
        builds_the_same(&files, kept).then_some(source)
    });
    Some(Shared {
        sources: sources.collect(),
        profile,
    })
}

fn builds_the_same(files: &Both<'_>, kept: &Kept<'_>) -> bool {
    let checked = check::check(ROOT, files, Options::default());
    let built = checked
        .topology
        .map(|topology| emitted(&topology, kept.cluster));
    match (built, read::read(FileId::NONE, kept.config)) {
        (Some(Ok(built)), Ok(wanted)) => data::same_maps(&built, &wanted.map),
        (_, _) => false,
    }
}

fn cluster_body(tree: &Tree) -> Option<&Body> {
    tree.body.statements.iter().find_map(|statement| {
        let entry = entry_of(statement)?;
        let is_cluster = entry.word.text() == Some("cluster");
        entry
            .block
            .as_ref()
            .filter(|_| is_cluster)
            .map(|block| &block.body)
    })
}

fn entry_of(statement: &Statement) -> Option<&Entry> {
    match &statement.node {
        Node::Entry(entry) => Some(entry),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

/// The block of a statement: of an entry, or a map.
fn block_of(statement: &Statement) -> Option<&Block> {
    match &statement.node {
        Node::Entry(entry) => entry.block.as_ref(),
        Node::Attribute(Attribute {
            value: Value::Map(map),
            ..
        }) => Some(map),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    }
}

type Schema = Option<&'static schema::Block>;

fn schema_of(statement: &Statement, schema: Schema) -> Schema {
    schema?.entry(entry_of(statement)?.word.text()?)?.block
}

/// The statements that all bodies have, down to the entries of blocks and maps.
fn common(bodies: &[&Body], schema: Schema) -> Vec<Statement> {
    let Some((first, others)) = bodies.split_first() else {
        return Vec::new();
    };
    let mut found: Vec<Statement> = Vec::new();
    for statement in &first.statements {
        if is_own(statement) || has_comments(statement) {
            continue;
        }
        let wanted = id(statement, schema);
        let same: Option<Vec<&Statement>> = others
            .iter()
            .map(|body| find(body, &wanted, schema))
            .collect();
        let Some(mut same) = same else {
            continue;
        };
        same.push(statement);
        if !same.iter().all(|other| head(other) == head(statement)) {
            continue;
        }
        let text = format::statement(statement);
        if same
            .iter()
            .all(|other| format::statement(other) == text && !has_comments(other))
        {
            let all = |body: &&Body| each(body, &wanted.word, schema);
            if others.iter().all(|body| all(body) == all(first)) {
                found.push(plain(statement.clone()));
            }
            continue;
        }
        let blocks: Option<Vec<&Body>> = same
            .iter()
            .rev()
            .map(|other| block_of(other).map(|block| &block.body))
            .collect();
        let inner = blocks.map(|blocks| common(&blocks, schema_of(statement, schema)));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty()) {
            found.push(with(statement, inner));
        }
    }
    let omitted: Vec<String> = omissions(first)
        .filter(|path| {
            others
                .iter()
                .all(|body| omissions(body).any(|other| other == *path))
        })
        .map(str::to_owned)
        .collect();
    if !omitted.is_empty() {
        let paths = omitted.iter().map(|path| nodes::name(path)).collect();
        found.push(nodes::line(nodes::word(OMIT.word), paths));
    }
    found
}

/// Whether a statement is about one cluster: its locations and machines, and what it omits, which is looked at by path.
fn is_own(statement: &Statement) -> bool {
    let word = entry_of(statement).and_then(|entry| entry.word.text());
    word.is_some_and(|word| word == "location" || word == OMIT.word || Kind::parse(word).is_some())
}

fn find<'b>(body: &'b Body, wanted: &Id, schema: Schema) -> Option<&'b Statement> {
    body.statements
        .iter()
        .find(|statement| id(statement, schema) == *wanted)
}

/// What is before the block.
fn head(statement: &Statement) -> Vec<&str> {
    match &statement.node {
        Node::Entry(entry) => {
            let labels = entry.labels.iter();
            std::iter::once(&entry.word)
                .chain(labels)
                .filter_map(Scalar::text)
                .collect()
        }
        Node::Attribute(attribute) => attribute.key.text().into_iter().collect(),
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => Vec::new(),
    }
}

/// The statements with a word of which every one counts, in their order.
fn each(body: &Body, word: &str, schema: Schema) -> Vec<String> {
    let known = schema.and_then(|schema| schema.entry(word));
    if known.is_none_or(|known| known.identity != Identity::Each) {
        return Vec::new();
    }
    let of_word = body
        .statements
        .iter()
        .filter(|statement| entry_of(statement).and_then(|entry| entry.word.text()) == Some(word));
    of_word.map(format::statement).collect()
}

fn omissions(body: &Body) -> impl Iterator<Item = &str> {
    let entries = body.statements.iter().filter_map(entry_of);
    let omit = entries.filter(|entry| entry.word.text() == Some(OMIT.word));
    omit.flat_map(|entry| &entry.labels)
        .filter_map(Scalar::text)
}

fn has_comments(statement: &Statement) -> bool {
    let mut found = false;
    walk::statement(statement, &mut |element| {
        found |= matches!(element, Element::Comment(_));
    });
    found
}

/// A statement without a blank line before it, if it is on one line.
fn plain(statement: Statement) -> Statement {
    let apart = block_of(&statement).is_some_and(|block| block.multiline);
    Statement {
        blank_line_before: apart,
        ..statement
    }
}

/// A statement with other ones in its block.
fn with(statement: &Statement, inner: Vec<Statement>) -> Statement {
    let mut new = statement.clone();
    let block = match &mut new.node {
        Node::Entry(entry) => entry.block.as_mut(),
        Node::Attribute(Attribute {
            value: Value::Map(map),
            ..
        }) => Some(map),
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
    };
    if let Some(block) = block {
        block.body.statements = inner;
    }
    new
}

/// A source that includes the profile instead of what is in it.
fn including(tree: &Tree, name: &str, common: &[Statement], schema: Schema) -> String {
    let mut tree = tree.clone();
    for statement in &mut tree.body.statements {
        if let Node::Entry(entry) = &mut statement.node
            && let Some(block) = &mut entry.block
        {
            let rest = without(&block.body, common, schema);
            let profile = nodes::name(&format!("{name}.{name}"));
            let include = nodes::line(nodes::word("include"), vec![profile]);
            block.body.statements = std::iter::once(include).chain(rest).collect();
            if let Some(second) = block.body.statements.get_mut(1) {
                second.blank_line_before = true;
            }
        }
    }
    let file = nodes::text(&format!("{name}.m1"));
    let used = nodes::line(nodes::word("use"), vec![file]);
    if let Some(first) = tree.body.statements.first_mut() {
        first.blank_line_before = first.before.is_empty();
        if let Some(comment) = first.before.first_mut() {
            comment.blank_line_before = true;
        }
    }
    tree.body.statements.insert(0, used);
    format::format(&tree)
}

/// The statements of a body that are not among the common ones.
fn without(body: &Body, common: &[Statement], schema: Schema) -> Vec<Statement> {
    let is_common = Body {
        statements: common.to_vec(),
        end: Vec::new(),
    };
    let omitted: Vec<&str> = omissions(&is_common).collect();
    let mut rest = Vec::new();
    for statement in &body.statements {
        if let Some(entry) = entry_of(statement)
            && entry.word.text() == Some(OMIT.word)
        {
            let is_left = |label: &&Scalar| !label.text().is_some_and(|it| omitted.contains(&it));
            let labels: Vec<Scalar> = entry.labels.iter().filter(is_left).cloned().collect();
            if labels.len() == entry.labels.len() {
                rest.push(statement.clone());
            } else if !labels.is_empty() {
                let line = nodes::line(entry.word.clone(), labels);
                rest.push(Statement {
                    node: line.node,
                    ..statement.clone()
                });
            }
            continue;
        }
        let known = find(&is_common, &id(statement, schema), schema);
        match known {
            Some(known) if format::statement(known) == format::statement(statement) => {}
            Some(known) => {
                let (Some(known), Some(block)) = (block_of(known), block_of(statement)) else {
                    rest.push(statement.clone());
                    continue;
                };
                let inner = schema_of(statement, schema);
                let inner = without(&block.body, &known.body.statements, inner);
                if !inner.is_empty() || !block.body.end.is_empty() {
                    rest.push(with(statement, inner));
                }
            }
            None => rest.push(statement.clone()),
        }
    }
    rest
}

/// A source and the file with its profile.
struct Both<'b> {
    source: &'b str,
    lock: Option<&'b str>,
    profile: (&'b str, &'b str),
}

impl Files for Both<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let (name, profile) = self.profile;
        if path == ROOT {
            Ok(self.source.to_owned())
        } else if path == name {
            Ok(profile.to_owned())
        } else {
            Err(ReadError::NotFound)
        }
    }

    fn lock(&self, _source: &str) -> LockFile {
        match self.lock {
            Some(lock) => LockFile::Read(Ok(lock.to_owned())),
            None => LockFile::Unwanted,
        }
    }
}
