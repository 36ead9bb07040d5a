//! The wording of errors about blocks: maps in their place, and blocks where there is none.

use super::{WRONG_LABELS, spelling, written_as};
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::variables;
use crate::schema;
use crate::source::Span;
use crate::syntax::tree::{Attribute, Block, Entry, Item, Node, Statement, Value as TreeValue};

/// The map that is a value, or the only item of the list that is.
pub(super) fn only_map(value: &TreeValue) -> Option<&Block> {
    match value {
        TreeValue::Map(map) => Some(map),
        TreeValue::List(list) => match list.items.as_slice() {
            [
                Item {
                    value: TreeValue::Map(map),
                    ..
                },
            ] => Some(map),
            _ => None,
        },
        TreeValue::Scalar(_) | TreeValue::Missing(_) => None,
    }
}

/// `tags = { … }` and `tags = [{ … }]` for `tags { … }`.
pub(super) fn as_block(
    diagnostic: Diagnostic,
    attribute: &Attribute,
    entry: &schema::Entry,
    map: &Block,
) -> Diagnostic {
    let key = spelling(&attribute.key);
    let inner = entry.block;
    if inner.is_some_and(|block| block.other != schema::Other::Free) {
        let first = inner.and_then(|block| block.entries.first());
        let example = first.map_or_else(|| "…".to_owned(), schema::Entry::usage);
        let example = example.replace("[SIZE]", "16GB");
        return diagnostic.help(format!("write `{key} {{ {example} }}`: a statement a line"));
    }
    let simple = |statement: &Statement| match &statement.node {
        Node::Attribute(Attribute {
            key,
            value: TreeValue::Scalar(value),
            ..
        }) => Some(format!("{} = {}", spelling(key), written_as(value))),
        Node::Attribute(_)
        | Node::Entry(_)
        | Node::Conditional(_)
        | Node::Binding(_)
        | Node::Junk => None,
    };
    let lines: Option<Vec<String>> = map.body.statements.iter().map(simple).collect();
    let lines = lines.filter(|lines| !lines.is_empty() && lines.len() <= MOST_REPEATED);
    let body = lines.map_or_else(|| "…".to_owned(), |lines| lines.join("; "));
    let whole = attribute.value.span();
    let before = Span {
        start: attribute.key.span.end,
        end: map.span.start,
        ..whole
    };
    let after = Span {
        start: map.span.end,
        ..whole
    };
    let mut diagnostic = diagnostic.help(format!("write `{key} {{ {body} }}`")).fix(
        Applicability::Suggested,
        before,
        " ",
    );
    if let Some(fix) = &mut diagnostic.fix
        && after.start < after.end
    {
        fix.edits.push(Edit {
            span: after,
            replacement: String::new(),
        });
    }
    diagnostic
}

/// Longer blocks are not repeated in a help.
const MOST_REPEATED: usize = 3;

/// A block of settings that are variables of TPA here: `pool pgbouncer { pool_mode = session }`.
pub(in crate::resolve) fn variables_in_block(diagnostic: Diagnostic, entry: &Entry) -> Diagnostic {
    let program = entry.labels.first().map(spelling).unwrap_or_default();
    let block = entry.block.as_ref();
    let statements = block.map_or(&[][..], |block| block.body.statements.as_slice());
    let variable = |statement: &Statement| {
        let Node::Attribute(attribute) = &statement.node else {
            return None;
        };
        let TreeValue::Scalar(value) = &attribute.value else {
            return None;
        };
        let key = spelling(&attribute.key);
        let begins = [
            format!("{program}_"),
            format!("{program}_default_"),
            String::new(),
        ];
        let mut names = begins.iter().map(|begin| format!("{begin}{key}"));
        let name = names.find(|name| variables::find(name).is_some())?;
        Some(format!("{name} = {}", written_as(value)))
    };
    let variables: Vec<String> = statements.iter().filter_map(variable).collect();
    if variables.is_empty() {
        return diagnostic;
    }
    let vars = format!("vars {{ {} }}", variables.join("; "));
    let mut diagnostic = diagnostic.label("its settings are variables").help(format!(
        "write `{vars}` in the cluster, in place of this block"
    ));
    let edits = diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits);
    for edit in edits {
        edit.replacement = format!("\n  {vars}");
    }
    diagnostic
}

pub(in crate::resolve) fn unexpected_block(at: Span, word: &str, before: Span) -> Diagnostic {
    let brace = Span {
        end: at.start + 1,
        ..at
    };
    Diagnostic::error(&WRONG_LABELS, brace, format!("`{word}` has no block"))
        .label("it holds nothing")
        .help("remove the braces and what is between them")
        .fix(
            Applicability::Suggested,
            Span {
                start: before.end,
                ..at
            },
            "",
        )
}
