//! What rules find.

use std::borrow::Cow;

use super::{Rule, words};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Level};
use crate::origin::Origin;
use crate::source::Span;
use crate::tpa::view::Entity;
use crate::value::Map;

/// Something that a rule has found.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static Rule,
    /// The name of the cluster; empty where it has none.
    pub cluster: String,
    pub entity: Entity,
    /// The key that it is about: `upstream`, `vars/work_mem`. Empty where it is about the whole entity.
    pub key: String,
    pub diagnostic: Diagnostic,
    /// Whether its fix takes away the statements around its edits, which only the tree of the source tells.
    pub removes_statements: bool,
    /// Whether nothing but a table of m1c says so: then `allow` covers it even where it is an error.
    pub by_table: bool,
    /// Why it is not shown, if it is not.
    pub suppression: Option<Suppression>,
}

/// Why a finding is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// An `allow` covers it, for this reason.
    Allowed(String),
    /// The baseline knows it.
    Known,
}

impl Finding {
    /// What it is about, as it stays when lines move: `cluster/prod/instance/db2/upstream`.
    pub fn path(&self) -> String {
        let mut path = format!("cluster/{}", self.cluster);
        for part in [self.entity.to_string(), self.key.clone()] {
            if !part.is_empty() {
                path.push('/');
                path.push_str(&part);
            }
        }
        path
    }

    #[must_use]
    pub fn key(&mut self, key: impl Into<String>) -> &mut Finding {
        self.key = key.into();
        self
    }

    /// A few words at the place itself.
    pub fn label(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Finding {
        self.diagnostic.primary.text = text.into();
        self
    }

    /// Another place that has to do with it.
    pub fn related(&mut self, at: Origin, text: impl Into<Cow<'static, str>>) -> &mut Finding {
        let at = at.place();
        if at != Span::NONE {
            self.diagnostic.related.push(Label::new(at, text));
        }
        self
    }

    /// What to do.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Finding {
        self.diagnostic.help = Some(text.into());
        self
    }

    /// What happens in real life, where it can be said more exactly than the rule does.
    pub fn consequence(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Finding {
        self.diagnostic.consequence = Some(text.into());
        self
    }

    /// Nothing but a table of m1c says so, and a TPA that has been changed or is newer may know better. Comes after the help.
    pub fn by_table(&mut self) -> &mut Finding {
        self.by_table = true;
        let allow = format!(
            "f your TPA knows it, `allow {} \"REASON\"` covers this error too",
            self.rule.code.name
        );
        let help = match self.diagnostic.help.take() {
            Some(help) if help.ends_with('?') => format!("{help} I{allow}"),
            Some(help) => format!("{help}; i{allow}"),
            None => format!("i{allow}"),
        };
        self.help(help)
    }

    /// Another level than the rule's.
    pub fn level(&mut self, level: Level) -> &mut Finding {
        self.diagnostic.level = level;
        self
    }

    /// Gives a key another name, unless the map has that one too: there would be two.
    pub fn rename(&mut self, map: &Map, key: &str, meant: &str) -> &mut Finding {
        self.label(format!("did you mean `{meant}`?"));
        if map.get(meant).is_some() {
            let holds_more = map.get(key).is_some_and(|value| value.as_map().is_some());
            return self.help(if holds_more {
                format!("move what is in it to `{meant}`, which is there too")
            } else {
                format!("remove `{key}`: `{meant}` is set too")
            });
        }
        self.help(format!("write `{meant}`"));
        // Without a span of its own the key stands where its value does, which must stay.
        match map.get(key).zip(map.place_of(key)) {
            Some((value, at)) => self.fix(Applicability::Suggested, value.origin.of_key(at), meant),
            None => self,
        }
    }

    /// Another span of which the same is true, and where the same edit helps.
    fn add_location(&mut self, other: Finding) {
        let Diagnostic { primary, fix, .. } = other.diagnostic;
        if primary.span == self.diagnostic.primary.span {
            return;
        }
        self.diagnostic
            .related
            .push(Label::new(primary.span, "here too"));
        self.diagnostic.fix = match (self.diagnostic.fix.take(), fix) {
            (Some(mut all), Some(more)) => {
                all.edits.extend(more.edits);
                Some(all)
            }
            (Some(_) | None, _) => None,
        };
    }

    /// Takes away the statement of a source that is around a place, or that begins there.
    pub fn remove_statement(&mut self, at: Origin) -> &mut Finding {
        self.removes_statements = true;
        self.fix(Applicability::Suggested, at, "")
    }

    /// Replaces the text of a place that somebody wrote.
    pub fn fix(
        &mut self,
        applicability: Applicability,
        at: Origin,
        replacement: impl Into<String>,
    ) -> &mut Finding {
        if let Origin::Written(span) = at {
            self.diagnostic.fix = Some(Fix {
                applicability,
                edits: vec![Edit {
                    span,
                    replacement: replacement.into(),
                }],
            });
        }
        self
    }
}

/// The sink of all rules.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// The sink of one rule.
    pub(super) fn of(&mut self, rule: &'static Rule) -> Of<'_> {
        Of {
            rule,
            start: self.list.len(),
            list: &mut self.list,
        }
    }

    /// A finding that no check has made.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        entity: Entity,
        at: Origin,
        message: String,
    ) -> &mut Finding {
        start(&mut self.list, rule, entity, at, message)
    }

    pub(super) fn into_sorted(self) -> Vec<Finding> {
        sorted(self.list)
    }
}

/// Findings in the order of their places, each said once.
pub(super) fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    fn order(finding: &Finding) -> (Span, &str, &str) {
        let diagnostic = &finding.diagnostic;
        (
            diagnostic.primary.span,
            diagnostic.code.name,
            &diagnostic.message,
        )
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings.dedup_by(|a, b| order(a) == order(b));
    findings
}

/// Findings that say the same at one span about several machines are one: the machines have it from there.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<(Finding, Vec<String>)> = Vec::new();
    for finding in findings {
        let same = merged
            .iter_mut()
            .rev()
            .take_while(|(other, _)| is_beside(other, &finding))
            .find(|(other, _)| says_the_same(other, &finding));
        match (same, &finding.entity) {
            (Some((_, others)), Entity::Instance(name)) => others.push(name.clone()),
            (Some(_) | None, _) => merged.push((finding, Vec::new())),
        }
    }
    let finish = |(mut finding, others): (Finding, Vec<String>)| {
        if !others.is_empty() {
            let help = finding.diagnostic.help.take().unwrap_or_default();
            let named = words::list(others.get(..MOST_NAMED).unwrap_or(&others));
            let more = match others.len().saturating_sub(MOST_NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            finding.diagnostic.help = Some(format!("{help}; the same is true of {named}{more}"));
        }
        finding
    };
    merged.into_iter().map(finish).collect()
}

/// More machines do not help to read a finding.
const MOST_NAMED: usize = 3;

fn is_beside(one: &Finding, other: &Finding) -> bool {
    let (first, second) = (&one.diagnostic, &other.diagnostic);
    first.primary.span == second.primary.span && first.code.name == second.code.name
}

fn says_the_same(one: &Finding, other: &Finding) -> bool {
    let (first, second) = (&one.diagnostic, &other.diagnostic);
    first.primary.text == second.primary.text
        && first.help == second.help
        && first.level == second.level
        && one.key == other.key
        && one.cluster == other.cluster
        && matches!(one.entity, Entity::Instance(_))
}

/// The sink of one rule.
pub struct Of<'f> {
    rule: &'static Rule,
    /// Where the findings of the rule begin.
    start: usize,
    list: &'f mut Vec<Finding>,
}

impl Of<'_> {
    /// Starts a finding at a place: one line that makes sense alone, lower case, without a period.
    pub fn at(&mut self, entity: Entity, at: Origin, message: impl Into<String>) -> &mut Finding {
        start(self.list, self.rule, entity, at, message.into())
    }

    /// Makes one of this rule's errors that say the same of several machines, each at a span of its own: the first, with
    /// the others as related spans and all their edits. Errors cannot be allowed for one machine.
    pub fn gather(&mut self) {
        let own = self.list.split_off(self.start);
        for finding in own {
            let is_error = finding.diagnostic.level == Level::Error;
            let says_it = |other: &&mut Finding| {
                other.diagnostic.message == finding.diagnostic.message
                    && says_the_same(other, &finding)
            };
            let mut gathered = self.list.iter_mut().skip(self.start);
            match gathered.find(says_it).filter(|_| is_error) {
                Some(first) => first.add_location(finding),
                None => self.list.push(finding),
            }
        }
    }
}

fn start<'f>(
    list: &'f mut Vec<Finding>,
    rule: &'static Rule,
    entity: Entity,
    at: Origin,
    message: String,
) -> &'f mut Finding {
    let mut diagnostic = Diagnostic::error(&rule.code, at.place(), message);
    diagnostic.level = rule.level.level();
    diagnostic.consequence = Some(Cow::Borrowed(rule.consequence));
    if let Origin::Included { used, .. } = at {
        diagnostic = diagnostic.related(used, "included here");
    }
    list.push(Finding {
        rule,
        cluster: String::new(),
        entity,
        key: String::new(),
        diagnostic,
        removes_statements: false,
        by_table: false,
        suppression: None,
    });
    match list.last_mut() {
        Some(finding) => finding,
        None => unreachable!("the finding has just been added"),
    }
}
