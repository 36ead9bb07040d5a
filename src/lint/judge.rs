//! Whole sources and whole config.ymls are judged: every cluster by every rule, less what is allowed.

use std::collections::BTreeMap;

use super::allow::{self, Ledger};
use super::finding::sorted;
use super::{Context, Environment, Finding, Rule, Subject, lint, subject};
use crate::diagnostic::Level;
use crate::source::{FileId, Sources};
use crate::topology::Topology;
use crate::tpa::config;
use crate::tpa::document::Document;

/// What is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'c> {
    /// Those about `allow` among them.
    pub rules: &'c [&'static Rule],
    /// The day of the check, as `2026-11-24`.
    pub today: Option<&'c str>,
    pub environment: Option<&'c Environment>,
    /// Whether `allow` has effect.
    pub heeds_allows: bool,
    /// Other levels than the rules' own, by the rules' names.
    pub levels: &'c BTreeMap<String, Level>,
}

impl Conditions<'_> {
    pub(super) fn runs(&self, rule: &Rule) -> bool {
        let mut rules = self.rules.iter();
        let is_chosen = rules.any(|known| known.code.name == rule.code.name);
        is_chosen && (!rule.asks_environment || self.environment.is_some())
    }

    fn of_subject(&self, subject: &Subject) -> Vec<Finding> {
        let context = Context {
            subject,
            today: self.today,
            environment: self.environment,
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
        sorted(findings)
    }
}

/// What is found in a file.
#[derive(Debug, Default)]
pub struct Judgement {
    pub findings: Vec<Finding>,
    /// What `allow` statements cover, each with the reason.
    pub allowed: Vec<Finding>,
}

/// Judges the clusters of a source.
pub fn topology(sources: &Sources, topology: &Topology, conditions: &Conditions<'_>) -> Judgement {
    let mut ledger = Ledger::new();
    let mut all = Vec::new();
    let mut allowed = Vec::new();
    for cluster in &topology.clusters {
        let subject = subject::from_config(config::config(cluster));
        let mut findings = conditions.of_subject(&subject);
        if conditions.heeds_allows {
            let allows = cluster.allows.iter().chain(&topology.allows);
            allowed.extend(ledger.suppress(allows, &subject, conditions, &mut findings));
        }
        all.extend(findings);
    }
    all.extend(ledger.findings(sources, conditions));
    Judgement {
        findings: conditions.finish(all),
        allowed: conditions.finish(allowed),
    }
}

/// Judges a config.yml.
pub fn document(
    sources: &Sources,
    file: FileId,
    document: Document,
    conditions: &Conditions<'_>,
) -> Judgement {
    let subject = subject::from_file(document);
    let mut findings = conditions.of_subject(&subject);
    let mut allowed = Vec::new();
    if conditions.heeds_allows {
        let comments = allow::comments(file, sources.text(file));
        let mut ledger = Ledger::new();
        allowed = ledger.suppress(comments.allows.iter(), &subject, conditions, &mut findings);
        findings.extend(ledger.findings(sources, conditions));
        findings.extend(allow::broken(&comments, &subject, conditions));
    }
    Judgement {
        findings: conditions.finish(findings),
        allowed: conditions.finish(allowed),
    }
}
