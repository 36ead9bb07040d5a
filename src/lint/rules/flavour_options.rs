use crate::diagnostic::Level;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, words};
use crate::topology::Flavour;

rule! {
    /// ## What it does
    ///
    /// Finds the flavour `pgextended`, whose packages came from repositories that are gone, and EPAS in a config.yml that
    /// does not say whether it is compatible with Oracle.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` accepts `pgextended` for M1, and `tpaexec deploy` finds no packages. Without
    /// `epas_redwood_compat` TPA initialises EPAS compatible with Oracle, which cannot be changed later.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres pgextended 15
    ///   failover repmgr
    ///   platform bare
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
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static FLAVOUR_OPTIONS = {
        name: "flavour-options",
        level: Error,
        summary: "a flavour without packages, or without a decision that it needs",
        consequence: "`tpaexec deploy` finds no packages",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(written) = subject.text("postgres_flavour") else {
        return;
    };
    match subject.flavour() {
        Some(Flavour::Pgextended) => {
            findings
                .at(
                    Entity::Cluster,
                    written.origin,
                    "the packages of `pgextended` are gone",
                )
                .key("cluster_vars/postgres_flavour")
                .label("retired")
                .help(words::say(
                    subject,
                    "write `postgres edbpge`: the same Postgres under its present name",
                    "write `edbpge`: the same Postgres under its present name",
                ));
        }
        Some(Flavour::Epas) if subject.variable("epas_redwood_compat").is_none() => {
            findings
                .at(
                    Entity::Cluster,
                    written.origin,
                    "nothing says whether EPAS is compatible with Oracle",
                )
                .key("cluster_vars/epas_redwood_compat")
                .label("needs `epas_redwood_compat`")
                .level(Level::Warning)
                .consequence("TPA initialises it compatible with Oracle, which cannot be changed once there is a database")
                .help("add `epas_redwood_compat: true` or `false` to `cluster_vars`");
        }
        Some(Flavour::Postgresql | Flavour::Edbpge | Flavour::Epas) | None => {}
    }
}
