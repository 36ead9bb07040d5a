//! Whole sources and whole config.ymls are judged: every cluster by every rule, less what is allowed.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::allow::{self, Ledger};
use super::finding::{merged, sorted};
use super::{Before, Context, Earlier, Environment, Finding, Rule, lint, releases, rules};
use crate::diagnostic::{Label, Level};
use crate::facts::tpa::Target;
use crate::source::{FileId, Sources, Span};
use crate::topology::Topology;
use crate::tpa::config;
use crate::tpa::document::{self, Document, Holds};
use crate::tpa::view::{self, Subject};

/// Which rules run, and at which levels.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub rules: Vec<&'static Rule>,
    /// Other levels than the rules' own, by the rules' names.
    pub levels: BTreeMap<String, Level>,
    /// The TPA that clusters are judged for.
    pub tpa: Target,
}

impl Choice {
    /// Every rule, at its own level, for the newest TPA.
    pub fn all() -> Choice {
        Choice {
            rules: super::rules(),
            levels: BTreeMap::new(),
            tpa: Target::default(),
        }
    }
}

/// What is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'c> {
    /// Those about `allow` among them.
    pub rules: &'c [&'static Rule],
    /// The TPA that clusters are judged for.
    pub tpa: Target,
    /// The day of the check, as `2026-11-24`.
    pub today: Option<&'c str>,
    pub environment: Option<&'c Environment>,
    /// An older version of the file.
    pub before: Option<&'c Before>,
    /// Whether `allow` has effect.
    pub heeds_allows: bool,
    /// Other levels than the rules' own, by the rules' names.
    pub levels: &'c BTreeMap<String, Level>,
}

impl Conditions<'_> {
    pub(super) fn runs(&self, rule: &Rule) -> bool {
        let mut rules = self.rules.iter();
        let is_chosen = rules.any(|known| known.code.name == rule.code.name);
        is_chosen
            && (!rule.asks_environment || self.environment.is_some())
            && (!rule.asks_before || self.before.is_some())
    }

    pub(super) fn of_subject(&self, subject: &Subject) -> Vec<Finding> {
        self.of_changed(subject, None)
    }

    /// What is found in a cluster that was another one before.
    fn of_changed(&self, subject: &Subject, before: Option<Earlier<'_>>) -> Vec<Finding> {
        let context = Context {
            before,
            upgraded_from: releases::upgraded_from(self.tpa, subject),
            ..Context::new(subject, self.today, self.environment)
        };
        let mut findings = lint(&context, self.rules);
        if let Some(name) = &subject.name {
            for finding in &mut findings {
                finding.cluster.clone_from(&name.value);
            }
        }
        findings
    }

    fn finish(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        for finding in &mut findings {
            if let Some(level) = self.levels.get(finding.rule.code.name) {
                finding.diagnostic.level = *level;
            }
        }
        merged(sorted(findings))
    }
}

/// What is found in a file.
#[derive(Debug, Default)]
pub struct Judgement {
    pub findings: Vec<Finding>,
    /// What `allow` statements cover, each with the reason.
    pub allowed: Vec<Finding>,
}

/// Starting threads costs as much as judging so many clusters.
const ENOUGH_FOR_THREADS: usize = 16;

/// Judges the clusters of a source, but for those that an error of the compiler concerns. `root` is its file, after those of
/// the library.
pub fn topology(
    sources: &Sources,
    root: FileId,
    topology: &Topology,
    conditions: &Conditions<'_>,
) -> Judgement {
    let judged = match conditions.before {
        None => each(topology.clusters.iter().collect(), |cluster| {
            let subject = view::from_config(config::config(cluster));
            let findings = conditions.of_subject(&subject);
            (Some(subject), findings)
        }),
        Some(before) => changed(topology, before, conditions),
    };
    together((sources, root), topology, conditions, judged)
}

/// Judges the clusters of a source, with what they were before.
fn changed(
    topology: &Topology,
    before: &Before,
    conditions: &Conditions<'_>,
) -> Vec<(Option<Subject>, Vec<Finding>)> {
    let subjects = each(topology.clusters.iter().collect(), |cluster| {
        view::from_config(config::config(cluster))
    });
    let known = before.by_name(&subjects.iter().collect::<Vec<_>>());
    each(subjects, |subject| {
        let name = subject.name.as_ref().map(|name| name.value.as_str());
        let earlier = known.get(name.unwrap_or_default()).copied();
        let findings = conditions.of_changed(&subject, earlier);
        (Some(subject), findings)
    })
}

/// Does something with every cluster, on several threads if there are many.
pub(super) fn each<C: Send, T: Send>(
    clusters: Vec<C>,
    judge: impl Fn(C) -> T + Send + Sync,
) -> Vec<T> {
    if clusters.len() < ENOUGH_FOR_THREADS {
        clusters.into_iter().map(judge).collect()
    } else {
        clusters.into_par_iter().map(judge).collect()
    }
}

/// What is found in the clusters of a source, less what is allowed; in the order of the clusters. The subject of one
/// where nothing is allowed may be missing.
pub(super) fn together(
    (sources, root): (&Sources, FileId),
    topology: &Topology,
    conditions: &Conditions<'_>,
    judged: Vec<(Option<Subject>, Vec<Finding>)>,
) -> Judgement {
    let mut ledger = Ledger::new();
    let mut all = Vec::new();
    let mut allowed = Vec::new();
    for (cluster, (subject, mut findings)) in topology.clusters.iter().zip(judged) {
        if let Some(subject) = subject.filter(|_| conditions.heeds_allows) {
            let allows = cluster.allows.iter().chain(&topology.allows);
            allowed.extend(ledger.suppress(allows, &subject, conditions, &mut findings));
        }
        all.extend(findings);
    }
    all.extend(ledger.findings(sources, conditions, topology.is_whole));
    for finding in &mut all {
        begin_in_users_file(finding, root);
    }
    Judgement {
        findings: conditions.finish(all),
        allowed: conditions.finish(allowed),
    }
}

/// What is in the library cannot be changed: what is said about it begins where the user's file asks for it.
fn begin_in_users_file(finding: &mut Finding, root: FileId) {
    let is_users = |label: &Label| label.span.file >= root;
    let diagnostic = &mut finding.diagnostic;
    if is_users(&diagnostic.primary) {
        return;
    }
    if let Some(users) = diagnostic.related.iter_mut().find(|label| is_users(label)) {
        std::mem::swap(users, &mut diagnostic.primary);
    }
}

/// Judges a config.yml.
pub fn document(
    sources: &Sources,
    file: FileId,
    document: Document,
    conditions: &Conditions<'_>,
) -> Judgement {
    let subject = as_tpa_sees(document, conditions);
    if let Some(rule) = rules::last_word(&subject) {
        let findings = if conditions.runs(rule) {
            lint(&Context::new(&subject, None, None), &[rule])
        } else {
            Vec::new()
        };
        return Judgement {
            findings: conditions.finish(findings),
            allowed: Vec::new(),
        };
    }
    // A config.yml has one cluster, whatever it is called.
    let earlier = conditions.before.and_then(|version| {
        let subject = version.subjects.first()?;
        Some(Earlier { subject, version })
    });
    let mut findings = conditions.of_changed(&subject, earlier);
    if !subject.duplicates.is_empty() {
        drop_what_is_in_doubt((sources, file), earlier, conditions, &mut findings);
    }
    let mut allowed = Vec::new();
    if conditions.heeds_allows {
        let comments = allow::comments(file, sources.text(file));
        let mut ledger = Ledger::new();
        allowed = ledger.suppress(comments.allows.iter(), &subject, conditions, &mut findings);
        findings.extend(ledger.findings(sources, conditions, true));
        findings.extend(allow::broken(&comments, &subject, conditions));
    }
    drop_what_follows_from_misreading(&mut findings);
    Judgement {
        findings: conditions.finish(findings),
        allowed: conditions.finish(allowed),
    }
}

fn as_tpa_sees(document: Document, conditions: &Conditions<'_>) -> Subject {
    Subject {
        tpa: conditions.tpa.version(),
        ..view::from_file(document)
    }
}

/// What is wrong with a number that YAML has misread is no mistake of its own.
fn drop_what_follows_from_misreading(findings: &mut Vec<Finding>) {
    let is_misread = |finding: &Finding| rules::is_of_misreading(finding.rule);
    let spans: Vec<Span> = findings
        .iter()
        .filter(|finding| is_misread(finding))
        .map(|finding| finding.diagnostic.primary.span)
        .collect();
    findings
        .retain(|finding| is_misread(finding) || !spans.contains(&finding.diagnostic.primary.span));
}

/// Of a key that is written twice nobody knows which value is meant: what is found with only one of them is not said.
fn drop_what_is_in_doubt(
    (sources, file): (&Sources, FileId),
    earlier: Option<Earlier<'_>>,
    conditions: &Conditions<'_>,
    findings: &mut Vec<Finding>,
) {
    let text = sources.text(file);
    let Ok(document) = document::read_where(Holds::First, file, text) else {
        return;
    };
    let said = |finding: &Finding| {
        let diagnostic = &finding.diagnostic;
        (diagnostic.primary.span, diagnostic.message.clone())
    };
    let subject = as_tpa_sees(document, conditions);
    let otherwise = conditions.of_changed(&subject, earlier);
    let otherwise: HashSet<_> = otherwise.iter().map(said).collect();
    findings.retain(|finding| {
        rules::is_of_duplicates(finding.rule) || otherwise.contains(&said(finding))
    });
}
