use crate::diagnostic::{Applicability, Level};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::Subject;
use crate::tpa::view::{Entity, places, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds the flavour `pgextended`, EPAS without a choice about its compatibility with Oracle, and that choice with
    /// another flavour.
    ///
    /// ## Why is this bad?
    ///
    /// The packages of `pgextended` were in repositories that are closed; EDB Postgres Extended, `edbpge`, is its
    /// successor. EPAS is made with Oracle's ways unless it is told otherwise (an empty text is then null), which cannot
    /// be changed in a database that exists.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres pgextended 15
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres edbpge 15
    ///   failover repmgr
    ///   platform docker
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static FLAVOUR_OPTIONS = {
        name: "flavour-options",
        level: Error,
        summary: "a flavour of Postgres that cannot be installed, or lacks a choice",
        consequence: "`tpaexec deploy` finds no packages: their repositories are closed",
    }
}

/// Flavours whose packages are gone. Another rule leaves them to this one.
pub(super) const CLOSED_FLAVOURS: &[&str] = &["2q", "postgresql-bdr"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let built = subject
        .text("postgres_installation_method")
        .is_some_and(|method| method.value == "src");
    let local = settings::is_true(subject.variable("use_local_repo_only"));
    let written = subject.text("postgres_flavour");
    if written.is_some_and(|flavour| CLOSED_FLAVOURS.contains(&flavour.value.as_str())) {
        extended(subject, findings);
    }
    match subject.flavour() {
        Some(Flavour::Pgextended) if !built && !local => {
            extended(subject, findings);
            spare(subject, findings);
        }
        Some(Flavour::Epas) => redwood(subject, findings),
        Some(Flavour::Postgresql | Flavour::Edbpge | Flavour::Pgextended) => {
            spare(subject, findings);
        }
        None => {}
    }
}

fn extended(subject: &Subject, findings: &mut Of<'_>) {
    let Some(flavour) = subject.variable("postgres_flavour") else {
        return;
    };
    findings
        .at(
            Entity::Cluster,
            places::or(flavour.origin, subject.at),
            format!(
                "`{}` can no longer be installed",
                flavour.as_text().unwrap_or_default()
            ),
        )
        .key("cluster_vars/postgres_flavour")
        .label("its repositories are closed")
        .help("write `edbpge`, its successor, which needs a subscription of EDB")
        .fix(
            Applicability::Suggested,
            flavour.origin,
            Flavour::Edbpge.name(),
        );
}

fn redwood(subject: &Subject, findings: &mut Of<'_>) {
    if subject.variable("epas_redwood_compat").is_some() {
        return;
    }
    let at = subject.variable("postgres_flavour");
    findings
        .at(
            Entity::Cluster,
            places::or(at.map_or(subject.at, |flavour| flavour.origin), subject.at),
            "nothing says whether EPAS follows Oracle",
        )
        .key("cluster_vars/epas_redwood_compat")
        .label("with Oracle's ways by default")
        .level(Level::Warning)
        .consequence("the databases treat empty texts as null and have Oracle's types, forever")
        .help(words::say(
            subject,
            "write `postgres epas VERSION { redwood = false }`, or `true`",
            "add `epas_redwood_compat: false`, or `true`, to `cluster_vars`",
        ));
}

fn spare(subject: &Subject, findings: &mut Of<'_>) {
    let Some(redwood) = subject.variable("epas_redwood_compat") else {
        return;
    };
    let flavour = subject.text("postgres_flavour");
    let flavour = flavour.map_or_else(
        || Flavour::DEFAULT.name().to_owned(),
        |flavour| flavour.value,
    );
    findings
        .at(
            Entity::Cluster,
            at(subject, redwood),
            format!("`epas_redwood_compat` is for EPAS, and the flavour is `{flavour}`"),
        )
        .key("cluster_vars/epas_redwood_compat")
        .label("has no effect")
        .level(Level::Warning)
        .consequence("TPA ignores it, and whoever expects Oracle's ways does not get them")
        .help("remove it, or take the flavour `epas`");
}

fn at(subject: &Subject, value: &Value) -> Origin {
    let key = places::of_key(&subject.vars, "epas_redwood_compat");
    places::or(key.unwrap_or(value.origin), subject.at)
}
