//! What will go wrong with a cluster, found before anything runs.
//!
//! Rules judge what reaches TPA, whichever way it was written: a [`Subject`] is what config.yml says about a cluster, and
//! every value in it knows its place in the `.m1` source or in the YAML. Rules know no renderer and no other rule.

mod allow;
mod before;
mod changes;
mod compliance;
mod database;
mod declared;
mod disks;
mod extensions;
mod finding;
pub mod fix;
mod hba;
mod instance_names;
mod judge;
mod memory;
mod misspelt;
mod networks;
mod parameters;
mod path;
mod patroni;
mod programs;
mod releases;
mod rule;
pub mod rules;
mod schedule;
mod scopes;
mod selectors;
mod words;

pub use allow::RULES as ALLOW_RULES;
pub use before::{Before, Earlier};
pub use finding::{Finding, Findings, Suppression};
pub use judge::{Choice, Conditions, Judgement, document, topology};
pub use memory::Memory;
pub use rule::{Rule, RuleLevel};

use std::cell::OnceCell;

use self::hba::File;
use self::parameters::Setting;
use crate::facts::tpa::TpaVersion;
use crate::topology::quorum::Quorum;
use crate::tpa::view::Subject;
use crate::tpa::view::quorum::quorum;

/// What rules see.
pub struct Context<'c> {
    pub subject: &'c Subject,
    /// The day that rules about dates judge by, as `2026-11-24`; they say nothing without one.
    pub today: Option<&'c str>,
    /// What is known of the environment that TPA will run in; rules about it say nothing without it.
    pub environment: Option<&'c Environment>,
    /// The cluster as it was; rules about what a change does say nothing without it.
    pub before: Option<Earlier<'c>>,
    /// The TPA that the cluster has been deployed by, where the run asks what a newer one will say.
    pub upgraded_from: Option<TpaVersion>,
    /// Who votes: a dozen rules ask, and it takes longer to work out than most of them.
    quorum: OnceCell<Option<Quorum<'c>>>,
    /// What reaches the servers' files, which several rules each read: they are found once, as `quorum` is.
    parameters: OnceCell<Vec<Setting<'c>>>,
    hba_files: OnceCell<Vec<File<'c>>>,
    ident_files: OnceCell<Vec<File<'c>>>,
}

impl<'c> Context<'c> {
    pub fn new(
        subject: &'c Subject,
        today: Option<&'c str>,
        environment: Option<&'c Environment>,
    ) -> Context<'c> {
        Context {
            subject,
            today,
            environment,
            before: None,
            upgraded_from: None,
            quorum: OnceCell::new(),
            parameters: OnceCell::new(),
            hba_files: OnceCell::new(),
            ident_files: OnceCell::new(),
        }
    }

    /// Who votes about failover in the cluster. Nothing where that cannot be told.
    pub fn quorum(&self) -> Option<&Quorum<'c>> {
        let quorum = self.quorum.get_or_init(|| quorum(self.subject));
        quorum.as_ref()
    }

    /// Every parameter of Postgres that is set, each where it is.
    fn parameters(&self) -> &[Setting<'c>] {
        self.parameters
            .get_or_init(|| parameters::settings(self.subject))
    }

    /// The files with lines of `pg_hba.conf`.
    fn hba_files(&self) -> &[File<'c>] {
        self.hba_files.get_or_init(|| hba::files(self.subject))
    }

    /// The files with lines of `pg_ident.conf`.
    fn ident_files(&self) -> &[File<'c>] {
        self.ident_files
            .get_or_init(|| hba::ident_files(self.subject))
    }
}

/// The environment of whoever deploys, as far as rules ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The names of the variables that are set and not empty.
    pub variables: Vec<String>,
}

/// Judges a cluster by the given rules. The findings are in the order of their places.
pub fn lint(context: &Context<'_>, rules: &[&'static Rule]) -> Vec<Finding> {
    let mut findings = Findings::default();
    for rule in rules {
        (rule.check)(context, &mut findings.of(rule));
    }
    findings.into_sorted()
}

/// Every rule, those about `allow` too, sorted by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = rules::ALL.iter().chain(ALLOW_RULES).copied().collect();
    rules.sort_by_key(|rule| rule.code.name);
    rules
}

/// The rule with this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let is = |rule: &&&'static Rule| rule.code.name == name;
    rules::ALL.iter().chain(ALLOW_RULES).find(is).copied()
}

/// The page of a rule, as Markdown.
pub fn page(rule: &Rule) -> String {
    let lines: Vec<&str> = rule
        .code
        .documentation
        .lines()
        // The blank that comes after `///` is part of the documentation that the compiler sees.
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    format!(
        "# {}\n\n*{}*: {}; {}.\n\n{}\n",
        rule.code.name,
        rule.level.level().name(),
        rule.described(),
        rule.consequence,
        lines.join("\n").trim()
    )
}
