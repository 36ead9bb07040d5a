//! What an editor offers to do about a diagnostic: its fix, or an `allow` at the innermost place that covers it.

use std::ops::Range;

use super::state::Said;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::lint::{ALLOW_RULES, Finding, RuleLevel};
use crate::schema::file::FILE;
use crate::schema::{self, ALLOW};
use crate::source::Span;
use crate::syntax::tree::{Block, Body, Entry, Node, Scalar, Statement, Tree};
use crate::syntax::walk;
use crate::tpa::view::Entity;

/// The kind of the action that applies every safe fix.
pub(super) const FIX_ALL: &str = "source.fixAll.m1c";

/// The kind of the action that makes a source of a config.yml.
pub(super) const IMPORT: &str = "source.import.m1c";

/// What `allow` says until somebody says why.
const REASON: &str = "say why this may stay";

/// The longest help that is a title.
const LONGEST_TITLE: usize = 100;

/// Something to do about a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) title: String,
    /// The code of the diagnostic.
    pub(super) code: &'static str,
    /// The place of the diagnostic.
    pub(super) at: Span,
    pub(super) edits: Vec<Edit>,
    /// Whether it is what one would nearly always want.
    pub(super) is_preferred: bool,
}

/// What can be done about the diagnostics that a range of the document touches; `tree` is there for a source.
pub(super) fn quick(said: &Said<'_>, tree: Option<&Tree>, range: &Range<u32>) -> Vec<Action> {
    let touches = |diagnostic: &Diagnostic| {
        let mut labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        let shown = labels.find(|label| said.is_users(label.span));
        shown.map(|label| label.span).filter(|span| {
            span.file == said.file && span.start <= range.end && range.start <= span.end
        })
    };
    let mut actions = Vec::new();
    let findings = said.findings.iter().map(|finding| &finding.diagnostic);
    for diagnostic in said.diagnostics.iter().chain(findings) {
        if let (Some(at), Some(fix)) = (touches(diagnostic), &diagnostic.fix) {
            actions.extend(mend(said, diagnostic, at, fix));
        }
    }
    for finding in said.findings {
        if let Some(at) = touches(&finding.diagnostic).filter(|_| may_be_allowed(finding)) {
            let allow = match tree {
                Some(tree) => allow(said, tree, finding, at),
                None => Some(comment(said, finding, at)),
            };
            actions.extend(allow);
        }
    }
    actions
}

/// Whether anything would be fixed by applying all safe fixes.
pub(super) fn can_fix_all(said: &Said<'_>) -> bool {
    let findings = said.findings.iter().map(|finding| &finding.diagnostic);
    let diagnostics = said.diagnostics.iter().chain(findings);
    let mut fixes = diagnostics.filter_map(|diagnostic| diagnostic.fix.as_ref());
    fixes.any(|fix| fix.is_safe_in(said.file))
}

fn mend(said: &Said<'_>, diagnostic: &Diagnostic, at: Span, fix: &Fix) -> Option<Action> {
    if !fix.edits.iter().all(|edit| said.is_users(edit.span)) {
        return None;
    }
    let help = diagnostic.help.as_deref();
    let help = help.filter(|help| help.len() <= LONGEST_TITLE);
    let title = match help {
        Some(help) => format!("fix: {help}"),
        None => format!("fix `{}`", diagnostic.code.name),
    };
    Some(Action {
        title,
        code: diagnostic.code.name,
        at,
        edits: fix.edits.clone(),
        is_preferred: fix.applicability == Applicability::Safe,
    })
}

fn may_be_allowed(finding: &Finding) -> bool {
    let name = finding.rule.code.name;
    let is_about_allow = ALLOW_RULES.iter().any(|rule| rule.code.name == name);
    finding.rule.level != RuleLevel::Error && !is_about_allow
}

/// A place for an `allow`.
#[derive(Clone, Copy)]
enum Home<'t> {
    /// Above a statement of the file.
    File(&'t Statement),
    Block(&'t Entry, &'t Block),
    /// An entry that has no block yet.
    Bare(&'t Entry),
}

fn allow(said: &Said<'_>, tree: &Tree, finding: &Finding, at: Span) -> Option<Action> {
    let text = said.sources.text(said.file);
    let rule = finding.rule.code.name;
    let statement = format!("allow {rule} \"{REASON}\"");
    let home = home(&tree.body, &FILE, finding, at)?;
    let (place, inserted) = match home {
        Home::File(statement_there) => {
            let first = statement_there.before.first().map(|comment| comment.span);
            let start = first.unwrap_or(statement_there.span).start;
            (start, format!("{statement}\n\n"))
        }
        Home::Block(_, block) => into_block(text, block, &statement),
        Home::Bare(entry) => {
            let last = entry.labels.last().unwrap_or(&entry.word);
            (last.span.end, format!(" {{ {statement} }}"))
        }
    };
    let scope = match home {
        Home::File(_) => "in this file".to_owned(),
        Home::Block(entry, _) | Home::Bare(entry) => {
            let span = Span {
                end: entry.labels.last().unwrap_or(&entry.word).span.end,
                ..entry.word.span
            };
            format!("in `{}`", said.sources.slice(span))
        }
    };
    Some(Action {
        title: format!("allow `{rule}` {scope}"),
        code: rule,
        at,
        edits: vec![insertion(at, place, inserted)],
        is_preferred: false,
    })
}

/// The innermost place whose `allow` covers a finding.
fn home<'t>(
    body: &'t Body,
    schema: &'static schema::Block,
    finding: &Finding,
    at: Span,
) -> Option<Home<'t>> {
    let outermost = walk::statement_before(body, at.start)?;
    Some(deeper(body, schema, finding, at).unwrap_or(Home::File(outermost)))
}

/// The innermost such place below some statements.
fn deeper<'t>(
    body: &'t Body,
    schema: &'static schema::Block,
    finding: &Finding,
    at: Span,
) -> Option<Home<'t>> {
    let statement = walk::statement_before(body, at.start)?;
    match &statement.node {
        Node::Entry(entry) => {
            let inner = schema.entry(entry.word.text()?)?.block?;
            let block = entry.block.as_ref();
            let block_around = block.filter(|block| holds(block.span, at));
            let takes_allow = inner.entry(ALLOW.word).is_some();
            if let Some(block) = block_around {
                let innermost = deeper(&block.body, inner, finding, at);
                return innermost.or_else(|| takes_allow.then_some(Home::Block(entry, block)));
            }
            let is_meant = takes_allow && statement.span.contains(at) && defines(entry, finding);
            is_meant.then_some(block.map_or(Home::Bare(entry), |block| Home::Block(entry, block)))
        }
        Node::Conditional(conditional) => {
            let branches = walk::branches(conditional);
            let around = branches.into_iter().find(|block| holds(block.span, at))?;
            deeper(&around.body, schema, finding, at)
        }
        Node::Binding(_) | Node::Attribute(_) | Node::Junk => None,
    }
}

/// Whether a place lies between the braces.
fn holds(block: Span, at: Span) -> bool {
    block.file == at.file && block.start < at.start && at.start < block.end
}

/// Whether an entry is what a finding is about.
fn defines(entry: &Entry, finding: &Finding) -> bool {
    let label = entry.labels.first().and_then(Scalar::text);
    let word = entry.word.text();
    match &finding.entity {
        Entity::Cluster => word == Some("cluster"),
        Entity::Location(location) => word == Some("location") && label == Some(location),
        // As TPA normalises names.
        Entity::Instance(machine) => {
            label.is_some_and(|label| label.replace('_', "-").to_lowercase() == *machine)
        }
    }
}

/// Where a statement goes into a block, as its first one.
pub(super) fn into_block(text: &str, block: &Block, statement: &str) -> (u32, String) {
    let behind_brace = block.span.start + 1;
    let first = block.body.statements.first();
    let starts_line = |offset: u32| indentation(text, offset).is_some();
    match first.filter(|first| block.multiline && starts_line(first.span.start)) {
        Some(first) => {
            let start = first
                .before
                .first()
                .map_or(first.span, |comment| comment.span);
            let indentation = indentation(text, start.start).unwrap_or("");
            (start.start, format!("{statement}\n{indentation}"))
        }
        None if first.is_some() => (behind_brace, format!(" {statement};")),
        None => (behind_brace, format!(" {statement} ")),
    }
}

/// The blanks before an offset, if nothing else is before it on its line.
fn indentation(text: &str, offset: u32) -> Option<&str> {
    let before = text.get(..offset as usize)?;
    let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
    line.trim().is_empty().then_some(line)
}

/// A comment above the line of a config.yml that a finding points at.
fn comment(said: &Said<'_>, finding: &Finding, at: Span) -> Action {
    let text = said.sources.text(said.file);
    let before = text.get(..at.start as usize).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or("");
    let indentation: String = line.chars().take_while(|c| *c == ' ').collect();
    let rule = finding.rule.code.name;
    let place = u32::try_from(start).unwrap_or(u32::MAX);
    let inserted = format!("{indentation}# m1c: allow({rule}) {REASON}\n");
    Action {
        title: format!("allow `{rule}` here"),
        code: rule,
        at,
        edits: vec![insertion(at, place, inserted)],
        is_preferred: false,
    }
}

fn insertion(at: Span, offset: u32, text: String) -> Edit {
    Edit {
        span: Span {
            file: at.file,
            start: offset,
            end: offset,
        },
        replacement: text,
    }
}
