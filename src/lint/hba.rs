//! The lines that a cluster adds to `pg_hba.conf` and `pg_ident.conf`, with the location of every word in them.

pub(super) mod meanings;
pub(super) mod refusals;

use std::cell::OnceCell;
use std::ops::Range;

use super::declared::{self, Declared};
use super::finding::{Finding, Of};
use super::{scopes, words};
use crate::diagnostic::Applicability;
use crate::hba::{self, Line, Mapping, Refusal};
use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::{Entity, Subject, settings};
use crate::value::Value;

/// The version that lines are judged by where the cluster names none.
const USUAL_VERSION: u32 = 17;

/// The lines that the template of TPA writes.
pub(super) const LINES: &str = "postgres_hba_settings";

/// The template of `pg_hba.conf`; with an empty one TPA leaves the file alone.
pub(super) const TEMPLATE: &str = "postgres_hba_template";

/// The lists of lines for `pg_hba.conf`.
const LISTS: [&str; 2] = ["pem_postgres_extra_hba_settings", LINES];

/// The maps of Patroni that may have such lists below `postgresql`.
const OF_PATRONI: [&str; 2] = ["patroni_conf_settings", "patroni_dynamic_conf_settings"];

/// Lines that reach the same file one after the other.
pub(super) struct File<'s> {
    entity: Entity,
    key: String,
    items: Vec<Item<'s>>,
    text: String,
    major: u32,
    lines: OnceCell<Vec<Result<Line, Refusal>>>,
    mappings: OnceCell<Vec<Result<Mapping, Refusal>>>,
}

/// A text of the cluster, and where it is in the file.
struct Item<'s> {
    value: &'s Value,
    text: &'s str,
    at: Range<usize>,
}

/// The files with lines of `pg_hba.conf`.
pub(super) fn files(subject: &Subject) -> Vec<File<'_>> {
    let is_left_alone = declared::variable(subject, TEMPLATE)
        .iter()
        .any(|template| template.value.as_text() == Some(""));
    let lists = LISTS
        .into_iter()
        .filter(|name| !is_left_alone || *name != LINES)
        .flat_map(|name| declared::variable(subject, name));
    let of_patroni = of_patroni(subject, "pg_hba");
    let method = declared::variable(subject, "postgres_hba_local_auth_method")
        .into_iter()
        .filter_map(|method| {
            let mut file = File::new(subject, method.entity, method.key);
            file.text.push_str("local all all ");
            file.add(method.value, method.value.as_text()?);
            Some(file)
        });
    let files = lists
        .chain(of_patroni)
        .filter_map(|list| of_list(subject, list));
    files.chain(method).collect()
}

/// The files with lines of `pg_ident.conf`, which only Patroni takes from the configuration.
pub(super) fn ident_files(subject: &Subject) -> Vec<File<'_>> {
    let lists = of_patroni(subject, "pg_ident").into_iter();
    lists.filter_map(|list| of_list(subject, list)).collect()
}

fn of_patroni<'s>(subject: &'s Subject, name: &str) -> Vec<Declared<'s>> {
    let maps = OF_PATRONI
        .into_iter()
        .flat_map(|map| declared::variable(subject, map));
    maps.filter_map(|map| {
        Some(Declared {
            value: settings::inside(Some(map.value), &["postgresql", name])?,
            key: format!("{}/postgresql/{name}", map.key),
            entity: map.entity,
        })
    })
    .collect()
}

fn of_list<'s>(subject: &'s Subject, list: Declared<'s>) -> Option<File<'s>> {
    let mut file = File::new(subject, list.entity, list.key);
    for value in list.value.as_list()? {
        // Nobody knows what a template will be, and what is not text has a rule of its own.
        if let Some(text) = value.as_text().filter(|_| !scopes::is_template(value)) {
            file.add(value, text);
        }
    }
    Some(file)
}

impl<'s> File<'s> {
    fn new(subject: &Subject, entity: Entity, key: String) -> File<'s> {
        File {
            entity,
            key,
            items: Vec::new(),
            text: String::new(),
            major: subject
                .version()
                .map_or(USUAL_VERSION, |version| version.value),
            lines: OnceCell::new(),
            mappings: OnceCell::new(),
        }
    }

    fn add(&mut self, value: &'s Value, text: &'s str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.items.push(Item {
            value,
            text,
            at: start..self.text.len(),
        });
        self.text.push('\n');
    }

    /// The lines that Postgres takes.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.read_lines()
            .iter()
            .filter_map(|line| line.as_ref().ok())
    }

    /// Why Postgres refuses the others.
    pub(super) fn refused_lines(&self) -> impl Iterator<Item = &Refusal> {
        self.read_lines()
            .iter()
            .filter_map(|line| line.as_ref().err())
    }

    pub(super) fn mappings(&self) -> impl Iterator<Item = &Mapping> {
        self.read_mappings()
            .iter()
            .filter_map(|mapping| mapping.as_ref().ok())
    }

    pub(super) fn refused_mappings(&self) -> impl Iterator<Item = &Refusal> {
        self.read_mappings()
            .iter()
            .filter_map(|mapping| mapping.as_ref().err())
    }

    fn read_lines(&self) -> &[Result<Line, Refusal>] {
        self.lines
            .get_or_init(|| hba::lines(&self.text, self.major))
    }

    fn read_mappings(&self) -> &[Result<Mapping, Refusal>] {
        self.mappings
            .get_or_init(|| hba::mappings(&self.text, self.major))
    }

    /// What is written at a location in the file.
    pub(super) fn slice(&self, at: &Range<usize>) -> &str {
        self.text.get(at.clone()).unwrap_or_default()
    }

    fn item(&self, at: &Range<usize>) -> Option<&Item<'s>> {
        let mut items = self.items.iter();
        items.find(|item| item.at.start <= at.start && at.start <= item.at.end)
    }

    /// Where a part of the file is written in the cluster's source.
    pub(super) fn origin(&self, subject: &Subject, at: &Range<usize>) -> Origin {
        let origin = self.item(at).map_or(subject.at, |item| {
            let start = at.start - item.at.start;
            let end = at.end.min(item.at.end) - item.at.start;
            part(item.value.origin, item.text, &(start..end))
        });
        declared::place_of(subject, origin)
    }

    /// Starts a finding about a part of the file.
    pub(super) fn report<'f>(
        &self,
        subject: &Subject,
        findings: &'f mut Of<'_>,
        at: &Range<usize>,
        message: impl Into<String>,
    ) -> &'f mut Finding {
        let origin = self.origin(subject, at);
        let finding = findings.at(self.entity.clone(), origin, message);
        finding.key(self.key.as_str())
    }

    /// Replaces a part of the file: the whole text is written again, so that no escape in it is lost.
    pub(super) fn fix(
        &self,
        subject: &Subject,
        finding: &mut Finding,
        at: &Range<usize>,
        replacement: &str,
    ) {
        let Some(item) = self.item(at) else { return };
        let before = item.text.get(..at.start - item.at.start);
        let after = item.text.get(at.end.saturating_sub(item.at.start)..);
        if let (Some(before), Some(after)) = (before, after) {
            let line = format!("{before}{replacement}{after}");
            if let Some(help) = &mut finding.diagnostic.help {
                help.push_str("; the line is then `");
                help.push_str(&line);
                help.push('`');
            }
            let literal = words::literal(subject, &line);
            finding.fix(Applicability::Suggested, item.value.origin, literal);
        }
    }
}

/// Where a part of a text is, if its escapes leave no doubt; else the whole text.
fn part(origin: Origin, text: &str, at: &Range<usize>) -> Origin {
    match origin {
        Origin::Written(span) => Origin::Written(part_of(span, text, at).unwrap_or(span)),
        Origin::Included { at: span, used } => Origin::Included {
            at: part_of(span, text, at).unwrap_or(span),
            used,
        },
        Origin::Default(_) | Origin::Derived { .. } => origin,
    }
}

fn part_of(span: Span, text: &str, at: &Range<usize>) -> Option<Span> {
    let written = span.range().len();
    let escaped = |text: &str| {
        text.bytes()
            .filter(|byte| matches!(byte, b'"' | b'\\'))
            .count()
    };
    let before = text.get(..at.start)?;
    let inside = text.get(at.clone())?;
    let (opening, before, inside) = if written == text.len() {
        (0, before.len(), inside.len())
    } else if written == text.len() + 2 {
        (1, before.len(), inside.len())
    } else if written == text.len() + 2 + escaped(text) {
        // A backslash before each.
        (
            1,
            before.len() + escaped(before),
            inside.len() + escaped(inside),
        )
    } else {
        return None;
    };
    let start = span.start + u32::try_from(opening + before).ok()?;
    Some(Span {
        start,
        end: start + u32::try_from(inside).ok()?,
        ..span
    })
}
