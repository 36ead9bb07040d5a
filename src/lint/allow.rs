//! What `allow` statements suppress, and what is wrong with them.
//!
//! A finding is suppressed where an `allow` covers its machine, location or cluster, or the place that it points at.
//! Errors stay, unless nothing but a table of m1c says that they are some. Statements that do nothing are findings themselves.

mod comments;
mod rules;

use std::collections::HashMap;

pub(super) use comments::{Comments, read as comments};

use super::finding::Findings;
use super::{Conditions, Finding, Rule, Suppression};
use crate::diagnostic::{Applicability, Edit, Fix, Level};
use crate::origin::Origin;
use crate::source::{Sources, Span};
use crate::suggest;
use crate::topology::{Allow, Within};
use crate::tpa::view::{Entity, Subject};

/// The rules about `allow`, sorted by name.
pub static RULES: &[&Rule] = rules::ALL;

/// The `allow` statements of a source, with what has become of them.
pub(super) struct Ledger<'a> {
    entries: Vec<Entry<'a>>,
    /// The same statement may be part of several clusters, through a profile.
    by_place: HashMap<(Span, &'a str), usize>,
}

struct Entry<'a> {
    allow: &'a Allow,
    cluster: String,
    expired: bool,
    used: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn new() -> Ledger<'a> {
        Ledger {
            entries: Vec::new(),
            by_place: HashMap::new(),
        }
    }

    /// Takes away the findings of one cluster that its statements cover, and returns them.
    pub(super) fn suppress(
        &mut self,
        allows: impl Iterator<Item = &'a Allow>,
        subject: &Subject,
        conditions: &Conditions<'_>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Finding> {
        let mut here = Vec::new();
        for allow in allows {
            let identity = (allow.at.place(), allow.rule.value.as_str());
            let entries = &mut self.entries;
            let index = self.by_place.entry(identity).or_insert_with(|| {
                let name = subject.name.as_ref().map(|name| name.value.clone());
                entries.push(Entry {
                    allow,
                    cluster: name.unwrap_or_default(),
                    expired: is_expired(allow, conditions.today),
                    used: false,
                });
                entries.len() - 1
            });
            here.push((allow, *index));
        }
        if here.is_empty() {
            return Vec::new();
        }
        let is_allowed = |finding: &mut Finding| {
            for (allow, index) in &here {
                let Some(entry) = self.entries.get_mut(*index) else {
                    continue;
                };
                if !covers(allow, finding, Some(subject)) {
                    continue;
                }
                if let Some(until) = allow.until.as_ref().filter(|_| entry.expired) {
                    let text = format!("allowed until {}", until.value);
                    finding.related(until.origin, text);
                } else if finding.diagnostic.level != Level::Error || finding.by_table {
                    entry.used = true;
                    let reason = allow.reason.clone();
                    finding
                        .suppression
                        .get_or_insert(Suppression::Allowed(reason));
                }
            }
            finding.suppression.is_some()
        };
        findings.extract_if(.., is_allowed).collect()
    }

    /// What is wrong with the statements themselves. Unless all clusters of the source have been judged, one that others
    /// may need is not called unused.
    pub(super) fn findings(
        mut self,
        sources: &Sources,
        conditions: &Conditions<'_>,
        is_whole: bool,
    ) -> Vec<Finding> {
        let about_allow = |entry: &Entry<'_>| {
            let name = entry.allow.rule.value.as_str();
            RULES.iter().any(|rule| rule.code.name == name)
        };
        let mut findings = Findings::default();
        for entry in self.entries.iter().filter(|entry| !about_allow(entry)) {
            entry.judge(sources, conditions, is_whole, &mut findings);
        }
        let mut list = findings.into_sorted();
        // These may be allowed too; what is wrong with the statements that do it is told in any case.
        list.retain(|finding| {
            let mut kept = true;
            for entry in &mut self.entries {
                if !entry.expired && covers(entry.allow, finding, None) {
                    entry.used = true;
                    kept = false;
                }
            }
            kept
        });
        let mut findings = Findings::default();
        for entry in self.entries.iter().filter(|entry| about_allow(entry)) {
            entry.judge(sources, conditions, is_whole, &mut findings);
        }
        list.extend(findings.into_sorted());
        list.retain(|finding| conditions.runs(finding.rule));
        list
    }
}

impl Entry<'_> {
    fn judge(
        &self,
        sources: &Sources,
        conditions: &Conditions<'_>,
        is_whole: bool,
        findings: &mut Findings,
    ) {
        let allow = self.allow;
        let name = allow.rule.value.as_str();
        if allow.reason.trim().is_empty() {
            self.report(
                findings,
                &rules::ALLOW_WITHOUT_REASON,
                allow.at,
                format!("`{name}` is allowed without a reason"),
            )
            .label("why?")
            .help("say why it may stay as it is, and who knows more");
        }
        let Some(rule) = super::rule(name) else {
            self.unknown(findings, name);
            return;
        };
        if let Some(until) = allow.until.as_ref().filter(|_| self.expired) {
            let message = format!("`{name}` was allowed until {}", until.value);
            self.report(findings, &rules::EXPIRED_ALLOW, until.origin, message)
                .label("this day has passed")
                .help("fix what it allowed and remove it, or set another day");
        } else if self.used {
            // It does what it is there for.
        } else if rule.level == super::RuleLevel::Error {
            let message = format!("`{name}` is an error, which cannot be allowed");
            self.report(findings, &rules::ALLOWED_ERROR, allow.rule.origin, message)
                .label("an error")
                .help("remove the `allow`, and fix what the rule finds");
        } else if conditions.runs(rule) && (is_whole || self.is_of_one_cluster()) {
            let message = format!("nothing here needs `allow {name}`");
            let finding = self.report(findings, &rules::UNUSED_ALLOW, allow.at, message);
            finding.label("suppresses nothing").help("remove it");
            finding.diagnostic.fix = removal(sources, allow);
        }
    }

    /// Whether it is written in a cluster, so that no other can need it.
    fn is_of_one_cluster(&self) -> bool {
        self.allow.within != Within::File && matches!(self.allow.at, Origin::Written(_))
    }

    fn unknown(&self, findings: &mut Findings, name: &str) {
        let known: Vec<&str> = super::rules().iter().map(|rule| rule.code.name).collect();
        let at = self.allow.rule.origin;
        let message = format!("there is no rule `{name}`");
        let finding = self.report(findings, &rules::UNKNOWN_RULE, at, message);
        match suggest::nearest(name, &known) {
            Some(nearest) => finding
                .label(format!("did you mean `{nearest}`?"))
                .help(format!("write `{nearest}`"))
                .fix(Applicability::Suggested, at, nearest),
            None => finding
                .label("no such rule")
                .help("`m1c rules` lists the rules"),
        };
    }

    fn report<'f>(
        &self,
        findings: &'f mut Findings,
        rule: &'static Rule,
        at: Origin,
        message: String,
    ) -> &'f mut Finding {
        let entity = match &self.allow.within {
            Within::File | Within::Cluster | Within::Block => Entity::Cluster,
            Within::Location(name) => Entity::Location(name.clone()),
            Within::Machine(name) => Entity::Instance(name.clone()),
        };
        let finding = findings.report(rule, entity, at, message);
        finding.cluster.clone_from(&self.cluster);
        finding.key(format!("allow/{}", self.allow.rule.value))
    }
}

/// Comments for m1c that it does not understand.
pub(super) fn broken(
    comments: &Comments,
    subject: &Subject,
    conditions: &Conditions<'_>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    for at in &comments.broken {
        let message = "a comment for m1c that says nothing to it";
        let rule = &rules::ALLOW_WITHOUT_REASON;
        let finding = findings.report(rule, Entity::Cluster, Origin::Written(*at), message.into());
        let name = subject.name.as_ref().map(|name| name.value.clone());
        finding.cluster = name.unwrap_or_default();
        finding.key("allow").label("not of that form").help(
            "write `# m1c: allow(rule) reason`, with `until 2027-06-30` after it if it is to end",
        );
    }
    let mut list = findings.into_sorted();
    list.retain(|finding| conditions.runs(finding.rule));
    list
}

fn is_expired(allow: &Allow, today: Option<&str>) -> bool {
    // Dates in this form are in the order of their spelling.
    match (&allow.until, today) {
        (Some(until), Some(today)) => today > until.value.as_str(),
        (Some(_) | None, _) => false,
    }
}

/// Whether an `allow` speaks about a finding. `subject` knows which machine is in which location.
fn covers(allow: &Allow, finding: &Finding, subject: Option<&Subject>) -> bool {
    if allow.rule.value != finding.rule.code.name {
        return false;
    }
    let at = finding.diagnostic.primary.span;
    let holds = |body: &Span| body.file == at.file && body.start <= at.start && at.start < body.end;
    if allow.bodies.iter().any(holds) {
        return true;
    }
    match &allow.within {
        Within::Cluster => true,
        Within::File => {
            let file = allow.at.place().file;
            let root = subject.map(|subject| subject.at.place().file);
            file == at.file || root == Some(file)
        }
        Within::Location(location) => match &finding.entity {
            Entity::Cluster => false,
            Entity::Location(name) => name == location,
            Entity::Instance(name) => subject
                .and_then(|subject| subject.location_name(subject.instance(name)?))
                .is_some_and(|name| name == location),
        },
        Within::Machine(machine) => match &finding.entity {
            Entity::Cluster | Entity::Location(_) => false,
            // As TPA normalises names.
            Entity::Instance(name) => *name == machine.replace('_', "-").to_lowercase(),
        },
        Within::Block => false,
    }
}

/// Removes a statement, with its line where nothing else is on it.
fn removal(sources: &Sources, allow: &Allow) -> Option<Fix> {
    let Origin::Written(at) = allow.at else {
        return None;
    };
    let text = sources.text(at.file);
    let range = at.range();
    let (before, behind) = (text.get(..range.start)?, text.get(range.end..)?);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest_of_line = behind.split_inclusive('\n').next().unwrap_or("");
    let indent = before.get(line_start..)?;
    let statement = text.get(range.clone())?;
    let names = statement.split(')').next().unwrap_or("");
    // One comment may allow several rules.
    if statement.starts_with('#') && names.contains(',') {
        return None;
    }
    let blank = [' ', '\t'];
    let (start, end) = match (indent.trim().is_empty(), rest_of_line.trim().is_empty()) {
        (true, true) => (line_start, range.end + rest_of_line.len()),
        // One statement a line is usual; of several on one line a semicolon goes too.
        (first, _) => match rest_of_line.trim_start_matches(blank).strip_prefix(';') {
            Some(rest) => {
                let next = rest.trim_start_matches(blank);
                (range.start, range.end + rest_of_line.len() - next.len())
            }
            None if first => return None,
            None => {
                let before = before.trim_end_matches(blank);
                (before.strip_suffix(';').unwrap_or(before).len(), range.end)
            }
        },
    };
    let span = Span {
        file: at.file,
        start: u32::try_from(start).ok()?,
        end: u32::try_from(end).ok()?,
    };
    Some(Fix {
        applicability: Applicability::Safe,
        edits: vec![Edit {
            span,
            replacement: String::new(),
        }],
    })
}
