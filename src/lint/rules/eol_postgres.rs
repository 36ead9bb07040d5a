use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::resolve::tables::library_end_of_life;
use crate::tpa::view::Entity;

rule! {
    /// ## What it does
    ///
    /// Finds major versions of Postgres that get no more fixes on the day of the check (`--today`).
    ///
    /// ## Why is this bad?
    ///
    /// Security holes stay open, and PGDG takes old versions out of its repositories, so that a deployment that worked
    /// yesterday finds no packages.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 12
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
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static EOL_POSTGRES = {
        name: "eol-postgres",
        level: Warning,
        summary: "a version of Postgres without further fixes",
        consequence: "security holes stay open, and PGDG removes the packages from its repositories",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let (Some(today), Some(version), Some(flavour)) = (
        context.today,
        subject.text("postgres_version"),
        subject.flavour(),
    ) else {
        return;
    };
    let own = subject.own.release(flavour.name(), &version.value);
    let own = own.map(|release| release.end_of_life.clone());
    let end = own.or_else(|| library_end_of_life(flavour.name(), &version.value));
    let Some(end) = end else {
        return;
    };
    // Dates in this form are in the order of their spelling.
    if today > end.as_str() {
        let version_name = &version.value;
        findings
            .at(
                Entity::Cluster,
                version.origin,
                format!("Postgres {version_name} has had no fixes since {end}"),
            )
            .key("postgres_version")
            .label("past its end of life")
            .help("move to a newer major version; `pg_upgrade` or a logical replica keeps the outage short");
    }
}
