//! What somebody types who follows a help: a statement where it belongs, a word over the marked one, or nothing any more.
//!
//! - A help that begins with `remove it`, `remove this` or `remove` and a name is followed by removing that.
//! - The literal is the first text in backticks after `write`, `add`, `take` or `expected`, or the first that is a
//!   statement. Those after `,` and `and` are typed too; what `or` begins is another way, which is left alone.
//! - `NAME` is filled in with `example`, `"…"` with `"example"`. A literal with other placeholders is not one.
//! - What is not a statement replaces the marked text.
//! - A statement replaces the marked one if that has the same word, or one that does not belong there. Else it goes into
//!   the block that the help names, or that of the cluster, or the innermost one that takes it.
//! - A statement that is there already gets the new value; bodies and maps get their parts one by one.

use m1c::diagnostic::Diagnostics;
use m1c::schema::file::FILE;
use m1c::schema::{Block as Schema, Other};
use m1c::source::FileId;
use m1c::syntax;
use m1c::syntax::tree::{
    Attribute, Block, Body, Entry, List, Node, Scalar, ScalarKind, Statement, Tree, Value,
};
use m1c::syntax::walk;

/// What a help tells to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps {
    /// Whether what the finding is about goes.
    removes: bool,
    /// What is written, in order.
    writes: Vec<String>,
}

/// The words before a literal.
const VERBS: [&str; 4] = ["write ", "add ", "take ", "expected "];

/// What a help tells to do; none where a human has to find the words.
pub(crate) fn steps(help: &str) -> Option<Steps> {
    let removes = ["remove it", "remove this"]
        .iter()
        .any(|begin| help.starts_with(begin));
    let verbs = VERBS.iter().filter_map(|verb| {
        let at = help.find(&format!("{verb}`"))?;
        Some((at, at + verb.len() + 1))
    });
    let quoted = || {
        let at = help.match_indices('`').step_by(2).find(|(at, _)| {
            let text = help[at + 1..].split('`').next().unwrap_or_default();
            (text.contains(" = ") || text.contains(" { ")) && statements(text).is_some()
        });
        at.map(|(at, _)| (at, at + 1))
    };
    let first = verbs.min().or_else(quoted);
    let is_alternative = |at: usize| help[..at].contains(", or ") || help[..at].contains("; ");
    let Some((_, start)) = first.filter(|(at, _)| !removes || !is_alternative(*at)) else {
        return removes.then_some(Steps {
            removes,
            writes: Vec::new(),
        });
    };
    let mut writes = Vec::new();
    let mut rest = help.get(start..)?;
    loop {
        let (text, after) = rest.split_once('`')?;
        writes.push(filled(text)?);
        let next = [", `", " and `", " at the top of the file, and `"]
            .iter()
            .find_map(|joint| after.strip_prefix(joint));
        let Some(next) = next.filter(|_| statements(text).is_some()) else {
            break;
        };
        rest = next;
    }
    Some(Steps {
        removes: removes || help.contains("and remove this one") || help.ends_with(" instead"),
        writes,
    })
}

/// A literal with its placeholders filled in.
fn filled(text: &str) -> Option<String> {
    let text = text.replace("\"…\"", "\"example\"");
    let words: Vec<&str> = text
        .split(' ')
        .map(|word| if word == "NAME" { "example" } else { word })
        .collect();
    let is_placeholder = |word: &&str| {
        let word = word.trim_matches(['[', ']', ',', '"', '…']);
        let word = word.rsplit('.').next().unwrap_or(word);
        let is_capital = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        is_capital && !["EPEL", "PGDG"].contains(&word)
    };
    let text = words.join(" ");
    (!text.contains('…') && !words.iter().any(is_placeholder)).then_some(text)
}

/// The text of a source after somebody has followed a help about a span; of an unknown word the whole statement is
/// replaced by another.
pub(crate) fn followed(
    text: &str,
    at: std::ops::Range<usize>,
    help: &str,
    is_unknown: bool,
) -> Option<String> {
    if let Some(rest) = help.strip_prefix("remove `") {
        let named = rest.split('`').next()?;
        return removed_by_name(text, &at, named);
    }
    let Steps {
        removes,
        mut writes,
    } = steps(help)?;
    // What is typed above the span would move it.
    writes.sort_by_key(|literal| {
        statements(literal).is_some_and(|tree| tree.body.statements.iter().any(is_of_file))
    });
    let mut new = text.to_owned();
    for literal in &writes {
        let source = parse(&new);
        new = match statements(literal) {
            Some(_) if is_unknown => {
                let wrong = innermost(&source, &at)?.span.range();
                replaced(&new, wrong, literal)
            }
            Some(typed) => written(&new, &source, &at, help, literal, &typed, removes)?,
            None => replaced(&new, at.clone(), literal),
        };
    }
    if removes {
        // What was typed above it has moved it.
        let tail = text.len() - at.end;
        let same_tail = new.ends_with(&text[at.start..]);
        let at = if same_tail {
            new.len() - tail - (at.end - at.start)..new.len() - tail
        } else {
            at
        };
        new = removed(&new, &parse(&new), &at)?;
    }
    Some(new)
}

/// A text without what a help names: a statement around the span, one of the cluster, or a part of the marked text.
fn removed_by_name(text: &str, at: &std::ops::Range<usize>, named: &str) -> Option<String> {
    let tree = parse(text);
    let chain = around(&tree, at);
    let spelled = |statement: &Statement| text[statement.span.range()].to_owned();
    for around in chain.iter().rev() {
        let mut statements = around.body.statements.iter();
        let is_meant = |one: &&Statement| head(one) == Some(named) || spelled(one) == named;
        if let Some(meant) = statements.find(is_meant) {
            return Some(without(text, meant));
        }
        let inner = match &around.statement.node {
            Node::Entry(entry) => entry.block.as_ref(),
            Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => None,
        };
        let mut statements = inner
            .into_iter()
            .flat_map(|block| block.body.statements.iter());
        if let Some(meant) = statements.find(is_meant) {
            return Some(without(text, meant));
        }
    }
    if let Some(meant) = innermost(&tree, at).filter(|one| head(one) == Some(named)) {
        return Some(without(text, meant));
    }
    let marked = &text[at.clone()];
    let part = marked.find(named)?;
    let end = part + named.len();
    let blank = usize::from(marked[end..].starts_with(' '));
    Some(replaced(text, at.start + part..at.start + end + blank, ""))
}

fn parse(text: &str) -> Tree {
    syntax::parse(FileId::nth(0), text, &mut Diagnostics::default())
}

/// The statements of a literal; none where it is a word or a value.
fn statements(literal: &str) -> Option<Tree> {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), literal, &mut diagnostics);
    let is_word = |statement: &Statement| match &statement.node {
        Node::Entry(entry) => {
            (entry.labels.is_empty() && entry.block.is_none()) || word(&entry.word).is_none()
        }
        Node::Junk => true,
        Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) => false,
    };
    let is_statement = !diagnostics.has_errors()
        && !tree.body.statements.is_empty()
        && !tree.body.statements.iter().any(is_word);
    is_statement.then_some(tree)
}

fn replaced(text: &str, at: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..at.start], &text[at.end..])
}

fn word(scalar: &Scalar) -> Option<&str> {
    match &scalar.kind {
        ScalarKind::Name(name) => Some(name),
        ScalarKind::Text(text) => Some(&text.raw),
        ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => None,
    }
}

fn head(statement: &Statement) -> Option<&str> {
    match &statement.node {
        Node::Attribute(attribute) => word(&attribute.key),
        Node::Entry(entry) => word(&entry.word),
        Node::Binding(binding) => Some(binding.kind.word()),
        Node::Conditional(_) => Some("if"),
        Node::Junk => None,
    }
}

/// A statement around a span, with the schema of the block that it is in.
struct Around<'t> {
    statement: &'t Statement,
    body: &'t Body,
    schema: Option<&'static Schema>,
    /// That of its own block.
    inner: Option<&'static Schema>,
}

/// The statements around a span, the outermost first.
fn around<'t>(tree: &'t Tree, at: &std::ops::Range<usize>) -> Vec<Around<'t>> {
    let mut found = Vec::new();
    let mut next = Some((&tree.body, Some(&FILE)));
    while let Some((body, schema)) = next.take() {
        let Some(statement) = walk::statement_before(body, u32::try_from(at.start).unwrap()) else {
            break;
        };
        let within = |block: &Block| {
            (block.span.start as usize) < at.start && at.start < block.span.end as usize
        };
        let entry_schema = |entry: &Entry| {
            let schema: &'static Schema = schema?;
            match schema.other {
                Other::Line(line) => line.block,
                Other::Unknown | Other::Free => schema.entry(word(&entry.word)?)?.block,
            }
        };
        let inner = match &statement.node {
            Node::Entry(entry) => entry_schema(entry),
            Node::Attribute(_) | Node::Binding(_) | Node::Conditional(_) | Node::Junk => schema,
        };
        found.push(Around {
            statement,
            body,
            schema,
            inner,
        });
        next = match &statement.node {
            Node::Entry(entry) => entry.block.as_ref().filter(|block| within(block)),
            Node::Conditional(conditional) => walk::branches(conditional)
                .into_iter()
                .find(|block| within(block)),
            Node::Attribute(Attribute {
                value: Value::Map(block),
                ..
            }) => Some(block).filter(|block| within(block)),
            Node::Attribute(_) | Node::Binding(_) | Node::Junk => None,
        }
        .map(|block| (&block.body, inner));
    }
    found
}

/// Whether a statement may stand in a block as it is.
fn fits(schema: Option<&'static Schema>, statement: &Statement) -> bool {
    let Some((schema, word)) = schema.zip(head(statement)) else {
        return true;
    };
    match &statement.node {
        Node::Attribute(_) => schema.other == Other::Free || schema.setting(word).is_some(),
        Node::Entry(_) => schema.entry(word).is_some() || matches!(schema.other, Other::Line(_)),
        Node::Binding(_) | Node::Conditional(_) | Node::Junk => true,
    }
}

fn takes(schema: Option<&'static Schema>, word: &str) -> bool {
    schema.is_some_and(|schema| schema.setting(word).is_some() || schema.entry(word).is_some())
}

/// The innermost list around a span.
fn list_around<'t>(tree: &'t Tree, at: &std::ops::Range<usize>) -> Option<&'t List> {
    let mut found = None;
    walk::elements(tree, &mut |element| {
        if let walk::Element::List(list) = element
            && (list.span.start as usize) < at.start
            && at.end < list.span.end as usize
        {
            found = Some(list);
        }
    });
    found
}

/// The innermost statement around a span, of a map in a list too.
fn innermost<'t>(tree: &'t Tree, at: &std::ops::Range<usize>) -> Option<&'t Statement> {
    let mut found = None;
    walk::elements(tree, &mut |element| {
        if let walk::Element::Statement(statement) = element
            && (statement.span.start as usize) <= at.start
            && at.end <= statement.span.end as usize
        {
            found = Some(statement);
        }
    });
    found
}

/// The innermost map or body around a span.
fn map_around<'t>(tree: &'t Tree, at: &std::ops::Range<usize>) -> Option<&'t Block> {
    let mut found = None;
    walk::elements(tree, &mut |element| {
        if let walk::Element::Block(block) = element
            && (block.span.start as usize) < at.start
            && at.end < block.span.end as usize
        {
            found = Some(block);
        }
    });
    found
}

fn removed(text: &str, tree: &Tree, at: &std::ops::Range<usize>) -> Option<String> {
    let chain = around(tree, at);
    let innermost = chain.last()?;
    if let Some(list) = list_around(tree, at)
        && list.span.start >= innermost.statement.span.start
        && let Some(index) = list.items.iter().position(|item| {
            let span = item.value.span();
            (span.start as usize) <= at.start && at.end <= span.end as usize
        })
    {
        let item = list.items[index].value.span().range();
        let (start, end) = match list.items.get(index + 1) {
            Some(next) => (item.start, next.value.span().start as usize),
            None if index > 0 => (list.items[index - 1].value.span().end as usize, item.end),
            None => (item.start, item.end),
        };
        return Some(replaced(text, start..end, ""));
    }
    // A label that is one too many, or the whole statement.
    if let Node::Entry(entry) = &innermost.statement.node
        && entry.labels.iter().any(|label| label.span.range() == *at)
        && !takes(innermost.schema, head(innermost.statement)?)
    {
        return Some(replaced(text, at.clone(), ""));
    }
    Some(without(text, innermost.statement))
}

/// A text without a statement and the `;` after it.
fn without(text: &str, statement: &Statement) -> String {
    let range = statement.span.range();
    let rest = text[range.end..].trim_start_matches(' ');
    let end = match rest.strip_prefix(';') {
        Some(rest) => text.len() - rest.len(),
        None => range.end,
    };
    replaced(text, range.start..end, "")
}

fn written(
    text: &str,
    tree: &Tree,
    at: &std::ops::Range<usize>,
    help: &str,
    literal: &str,
    typed: &Tree,
    removes: bool,
) -> Option<String> {
    let chain = around(tree, at);
    let first = head(&typed.body.statements[0])?;
    if let Some(innermost) = chain
        .last()
        .filter(|_| !removes && !help.contains("` beside it") && !help.contains("` to it"))
    {
        let theirs = head(innermost.statement);
        let is_plain = innermost
            .schema
            .is_some_and(|schema| schema.other == Other::Unknown);
        let is_foreign = theirs.is_none_or(|theirs| !takes(innermost.schema, theirs)) && is_plain;
        let may_be_here = fits(innermost.schema, &typed.body.statements[0]);
        if (theirs == Some(first) && may_be_here) || (is_foreign && !help.contains("at the top")) {
            return Some(replaced(text, innermost.statement.span.range(), literal));
        }
    }
    let named = [
        ("in the platform's block", "platform"),
        ("in the block of the platform", "platform"),
        ("in the block of `platform`", "platform"),
    ];
    let mut new = text.to_owned();
    for statement in &typed.body.statements {
        let statement_text = &literal[statement.span.range()];
        let tree = parse(&new);
        let chain = around(&tree, at);
        if help.contains("` to it") {
            let innermost = chain.last()?;
            let Node::Attribute(attribute) = &innermost.statement.node else {
                return None;
            };
            let Value::Map(map) = &attribute.value else {
                return None;
            };
            new = into_body(&new, map, statement, statement_text);
            continue;
        }
        if help.contains("` beside it") {
            let innermost = chain.last()?;
            let end = innermost.statement.span.end as usize;
            if let Some(map) = map_around(&tree, at) {
                new = into_body(&new, map, statement, statement_text);
            } else {
                new = replaced(&new, end..end, &format!("; {statement_text}"));
            }
            continue;
        }
        let home = named.iter().find(|(words, _)| help.contains(words));
        let in_machine = help.contains("in the machine") || help.contains("in each machine");
        new = if let Some((_, home)) = home {
            let cluster = chain
                .iter()
                .find(|around| head(around.statement) == Some("cluster"))?;
            let Node::Entry(cluster) = &cluster.statement.node else {
                return None;
            };
            let body = &cluster.block.as_ref()?.body;
            let statement_there = body.statements.iter().find(|one| head(one) == Some(home))?;
            let Node::Entry(entry) = &statement_there.node else {
                return None;
            };
            into_entry(&new, entry, statement, statement_text)
        } else if is_of_file(statement) {
            let is_there = new.lines().any(|line| line == statement_text);
            if is_there {
                new
            } else {
                format!("{statement_text}\n{new}")
            }
        } else {
            let homes: Vec<&Around<'_>> = chain
                .iter()
                .filter(|around| matches!(around.statement.node, Node::Entry(_)))
                .filter(|around| fits(around.inner, statement))
                .collect();
            let is_machine =
                |around: &&Around<'_>| around.inner.is_some_and(|schema| schema.name == "machine");
            if in_machine && !homes.iter().copied().any(|home| is_machine(&home)) {
                return None;
            }
            let cluster = homes
                .iter()
                .find(|around| head(around.statement) == Some("cluster"));
            let home = match cluster {
                Some(cluster) if !in_machine => cluster,
                _ => homes.last()?,
            };
            let Node::Entry(entry) = &home.statement.node else {
                return None;
            };
            into_entry(&new, entry, statement, statement_text)
        };
    }
    Some(new)
}

/// Whether a statement stands at the top of a file.
fn is_of_file(statement: &Statement) -> bool {
    match &statement.node {
        Node::Binding(_) => true,
        Node::Entry(entry) => word(&entry.word).is_some_and(|word| FILE.entry(word).is_some()),
        Node::Attribute(_) | Node::Conditional(_) | Node::Junk => false,
    }
}

fn into_entry(text: &str, entry: &Entry, statement: &Statement, typed: &str) -> String {
    match &entry.block {
        Some(block) => into_body(text, block, statement, typed),
        None => {
            let end = entry.labels.last().unwrap_or(&entry.word).span.end as usize;
            replaced(text, end..end, &format!(" {{ {typed} }}"))
        }
    }
}

/// A text with a statement in a block: what is there already gets the new value.
fn into_body(text: &str, block: &Block, statement: &Statement, typed: &str) -> String {
    let same = block
        .body
        .statements
        .iter()
        .find(|other| is_same(other, statement));
    let typed_part = |span: m1c::source::Span| -> String {
        let offset = statement.span.start as usize;
        typed[span.start as usize - offset..span.end as usize - offset].to_owned()
    };
    let Some(same) = same else {
        let end = block.span.end as usize - 1;
        return replaced(text, end..end, &format!("\n{typed}\n"));
    };
    let (old, new) = match (&same.node, &statement.node) {
        (Node::Entry(old), Node::Entry(new)) => match (&old.block, &new.block) {
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) => {
                let mut text = text.to_owned();
                let end = old.labels.last().unwrap_or(&old.word).span.end as usize;
                text.insert_str(end, &format!(" {}", typed_part(new.span)));
                return text;
            }
            _ => return replaced(text, same.span.range(), typed),
        },
        (Node::Attribute(old), Node::Attribute(new)) => match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => (old, new),
            _ => return replaced(text, same.span.range(), typed),
        },
        _ => return replaced(text, same.span.range(), typed),
    };
    let mut text = text.to_owned();
    let start = old.span.start;
    for inner in &new.body.statements {
        let tree = parse(&text);
        let Some(block) = block_at(&tree, start) else {
            break;
        };
        text = into_body(&text, block, inner, &typed_part(inner.span));
    }
    text
}

/// The block that begins at an offset.
fn block_at(tree: &Tree, start: u32) -> Option<&Block> {
    let mut found = None;
    walk::elements(tree, &mut |element| {
        if let walk::Element::Block(block) = element
            && block.span.start == start
        {
            found = Some(block);
        }
    });
    found
}

fn is_same(one: &Statement, other: &Statement) -> bool {
    if head(one) != head(other) || head(one).is_none() {
        return false;
    }
    let word = head(one).unwrap();
    let each = [
        "open",
        "disk",
        "allow",
        "location",
        "primary",
        "replica",
        "barman",
        "witness",
        "etcd",
        "haproxy",
        "node",
        "tablespace",
        "monitor",
    ];
    match (&one.node, &other.node) {
        (Node::Entry(one), Node::Entry(other)) => {
            !each.contains(&word)
                || one.labels.first().map(|l| &l.kind) == other.labels.first().map(|l| &l.kind)
        }
        (Node::Attribute(_), Node::Attribute(_)) => true,
        _ => false,
    }
}
