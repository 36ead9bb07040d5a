//! The wording for words that other languages have for the statements of this one.

use super::{UNKNOWN_STATEMENT, spelling, written_as};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::facts::keys;
use crate::resolve::chosen::Chosen;
use crate::schema::cluster::CLUSTER;
use crate::schema::file::FILE;
use crate::schema::{Block, alternatives, neighbours};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{Attribute, Entry, Node, Scalar, ScalarKind, Value as TreeValue};

/// A shorter word is compared with nothing: too much is near it.
const SHORTEST: usize = 5;

/// What somebody wrote: a word, and what follows it.
struct Foreign<'w> {
    word: &'w str,
    at: Span,
    /// From the word to the end of the statement.
    whole: Span,
    /// The value as it can be written here, where it is as simple as that.
    value: Option<String>,
    /// Whether there is more than a value: a block, which no fix may remove.
    has_more: bool,
}

pub(super) fn setting(
    attribute: &Attribute,
    word: &str,
    place: (&Block, &Chosen),
) -> Option<Diagnostic> {
    let at = attribute.key.span;
    let value = match &attribute.value {
        TreeValue::Scalar(scalar) => plain(scalar),
        TreeValue::List(list) => {
            let items: Option<Vec<String>> = list
                .items
                .iter()
                .map(|item| match &item.value {
                    TreeValue::Scalar(scalar) => plain(scalar),
                    TreeValue::List(_) | TreeValue::Map(_) | TreeValue::Missing(_) => None,
                })
                .collect();
            items.map(|items| format!("[{}]", items.join(", ")))
        }
        TreeValue::Map(_) | TreeValue::Missing(_) => None,
    };
    let has_more = value.is_none();
    let end = attribute.value.span();
    let foreign = Foreign {
        word,
        at,
        whole: joined(at, end),
        value,
        has_more,
    };
    foreign.diagnostic(place)
}

pub(super) fn entry(
    entry: &Entry,
    word: &str,
    (block, chosen): (&Block, &Chosen),
) -> Option<Diagnostic> {
    let at = entry.word.span;
    if block.name == FILE.name
        && let ([name], Some(_)) = (entry.labels.as_slice(), &entry.block)
        && neighbours::CLUSTERS.contains(&word)
    {
        return Some(
            unknown(at, word, block)
                .label("another language's word")
                .help(format!("write `cluster {} {{ … }}`", written_as(name)))
                .fix(Applicability::Suggested, at, "cluster"),
        );
    }
    let labels: Option<Vec<String>> = entry.labels.iter().map(plain).collect();
    let value = labels.filter(|labels| !labels.is_empty());
    let end = entry.labels.last().map_or(at, |label| label.span);
    let foreign = Foreign {
        word,
        at,
        whole: joined(at, end),
        value: value.map(|labels| labels.join(" ")),
        has_more: entry.block.is_some(),
    };
    let diagnostic = foreign.diagnostic((block, chosen))?;
    let bindings = if block.name == FILE.name {
        bindings(entry, word)
    } else {
        Vec::new()
    };
    Some(if bindings.is_empty() {
        diagnostic
    } else {
        let mut diagnostic = diagnostic.help(format!("write `{}`", bindings.join("` and `")));
        diagnostic.fix = None;
        diagnostic
    })
}

/// What Terraform's `locals { … }` and `variable "…" { default = … }` are here.
fn bindings(entry: &Entry, word: &str) -> Vec<String> {
    let statements = entry
        .block
        .as_ref()
        .map_or(&[][..], |block| &block.body.statements);
    let mut attributes = statements
        .iter()
        .filter_map(|statement| match &statement.node {
            Node::Attribute(Attribute {
                key,
                value: TreeValue::Scalar(value),
                ..
            }) => Some((spelling(key), written_as(value))),
            Node::Attribute(_)
            | Node::Entry(_)
            | Node::Conditional(_)
            | Node::Binding(_)
            | Node::Junk => None,
        });
    match (word, entry.labels.as_slice()) {
        ("locals" | "local", []) => attributes
            .take(MOST_BINDINGS)
            .map(|(key, value)| format!("let {key} = {value}"))
            .collect(),
        ("variable", [name]) => {
            let default = attributes.find(|(key, _)| key == "default");
            default
                .map(|(_, value)| format!("param {} = {value}", spelling(name)))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The blocks of machines.
const MACHINES: [&str; 2] = ["machine", "node"];

fn unknown(at: Span, word: &str, block: &Block) -> Diagnostic {
    Diagnostic::error(
        &UNKNOWN_STATEMENT,
        at,
        format!("there is no `{word}` {}", super::place(block)),
    )
}

/// What `efm 5.0` and `barman 3.12` are here: a statement, and the version where that is written.
fn with_version(form: &str, word: &str, value: Option<&str>) -> Option<String> {
    let version = value.filter(|value| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        value.contains('.') && value.split('.').all(digits)
    })?;
    let failover = CLUSTER.entry("failover").and_then(|entry| entry.block)?;
    let versions = CLUSTER.entry("versions").and_then(|entry| entry.block)?;
    let own = failover.setting("version").filter(|own| own.only == [word]);
    if own.is_some() && !form.contains('…') {
        Some(format!("`{form} {{ version = {version} }}`"))
    } else if versions.setting(word).is_some() && !form.contains('…') {
        Some(format!(
            "`{form}` and `versions {{ {word} = \"{version}*\" }}`"
        ))
    } else {
        None
    }
}

/// More of them are not repeated in a help.
const MOST_BINDINGS: usize = 3;

impl Foreign<'_> {
    /// The row of the word, or of the one that it is a misspelling of.
    fn neighbour(&self, block: &Block) -> Option<(&'static neighbours::Neighbour, &str)> {
        if let Some(neighbour) = neighbours::find(self.word, block) {
            return Some((neighbour, self.word));
        }
        let own: Vec<&str> = block.words().collect();
        if self.word.len() < SHORTEST || suggest::nearest(self.word, &own).is_some() {
            return None;
        }
        let words = neighbours::words(block);
        let meant = suggest::nearest(self.word, &words)?;
        Some((neighbours::find(meant, block)?, meant))
    }

    fn diagnostic(&self, (block, chosen): (&Block, &Chosen)) -> Option<Diagnostic> {
        let diagnostic = unknown(self.at, self.word, block);
        if let Some((neighbour, word)) = self.neighbour(block) {
            let value = self.value.as_deref();
            if let Some((word, only)) = neighbour.only(block)
                && let Some(other) = chosen.against(only)
            {
                return Some(diagnostic.label("not a statement here").help(format!(
                    "remove it: `{word}` is for {}, and this cluster has `{other}`",
                    alternatives(only)
                )));
            }
            if let Some(statements) = with_version(neighbour.form, word, value) {
                return Some(
                    diagnostic
                        .label("another language's word")
                        .help(format!("write {statements}")),
                );
            }
            let value = value.filter(|value| neighbour.form.is_empty() || neighbour.takes(value));
            let Some(statement) = neighbour.statement(word, value) else {
                return Some(
                    diagnostic
                        .label("not a statement here")
                        .help(format!("remove it: {}", neighbour.reason(value))),
                );
            };
            // The block that follows stays where it is, unless the statement brings one.
            let keeps_block = self.has_more && !neighbour.form.contains(['{', '=']);
            let help = if keeps_block {
                format!("write `{statement} {{ … }}`")
            } else {
                format!("write `{statement}`")
            };
            let diagnostic = diagnostic.label("another language's word").help(help);
            let is_whole = value.is_some() || !neighbour.form.contains('…');
            return Some(if is_whole && (keeps_block || !self.has_more) {
                diagnostic.fix(Applicability::Suggested, self.whole, statement)
            } else {
                diagnostic
            });
        }
        if let Some(variable) = neighbours::variable(self.word, block) {
            let value = self.value.as_deref().unwrap_or("…");
            return Some(diagnostic.label("a variable of TPA").help(format!(
                "remove it here, and write `vars {{ {variable} = {value} }}` in the cluster"
            )));
        }
        if MACHINES.contains(&block.name) && keys::is_instance_key(self.word) {
            let value = self.value.as_deref().unwrap_or("…");
            return Some(
                diagnostic
                    .label("a key of config.yml")
                    .help(format!("write `settings {{ {} = {value} }}`", self.word)),
            );
        }
        if neighbours::is_variable(self.word, block) {
            let value = self.value.as_deref().unwrap_or("…");
            return Some(
                diagnostic
                    .label("a variable of TPA")
                    .help(format!("write `vars {{ {} = {value} }}`", self.word)),
            );
        }
        let home = neighbours::home(self.word, block)?;
        if let ("`network`", Some(value)) = (home.as_str(), &self.value) {
            return Some(diagnostic.label("not a statement here").help(format!(
                "remove it here, and write `network {{ {} = {value} }}` in the cluster",
                self.word
            )));
        }
        Some(
            diagnostic
                .label("not a statement here")
                .help(format!("write it in the block of {home}")),
        )
    }
}

/// A value without quotes where it needs none, since texts and words both take it so.
fn plain(scalar: &Scalar) -> Option<String> {
    match &scalar.kind {
        ScalarKind::Missing => None,
        ScalarKind::Text(text) if !text.long && is_simple(&text.raw) => Some(text.raw.clone()),
        ScalarKind::Name(_)
        | ScalarKind::Text(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_) => Some(written_as(scalar)),
    }
}

/// Whether a text is a name or an integer in quotes, which may stand without them.
fn is_simple(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut characters = text.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    let is_name = begins
        && characters.all(|other| other.is_ascii_alphanumeric() || "_-.".contains(other))
        && !text.contains("..")
        && !text.ends_with('.')
        && !matches!(text, "true" | "false" | "null");
    is_number || is_name
}

fn joined(first: Span, last: Span) -> Span {
    if first.file == last.file && last.end >= first.end {
        Span {
            end: last.end,
            ..first
        }
    } else {
        first
    }
}
