use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Finding, extensions};
use crate::origin::Origin;
use crate::tpa::view::Subject;
use crate::tpa::view::postgres;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds settings under which nothing can be replicated: `wal_level` of `minimal`, `hot_standby` that is off, and
    /// `wal_level` of `replica` in a cluster that declares publications or subscriptions of pglogical, or that creates
    /// its extension.
    ///
    /// ## Why is this bad?
    ///
    /// TPA turns on archiving and replication, and with `minimal` Postgres refuses to start with either. A standby that
    /// takes no connections looks broken to every failover manager. Logical replication needs `logical`, TPA's default.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { wal_level = minimal }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { wal_level = replica }
    /// }
    /// ```
    pub(super) static WAL_LEVEL_MINIMAL = {
        name: "wal-level-minimal",
        level: Error,
        summary: "settings under which nothing can be replicated",
        consequence: "Postgres does not start during `tpaexec deploy`, because archiving and replication need more WAL",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let logical = logical(subject);
    for level in declared::either(subject, "wal_level") {
        match postgres::word(level.value).as_deref() {
            Some("minimal") => {
                report(
                    subject,
                    findings,
                    &level,
                    "`wal_level` is `minimal`, and TPA archives and replicates WAL",
                )
                .label("too little for a standby")
                .help("write `replica` or `logical`, or remove it: TPA writes `logical`");
            }
            Some("replica") => {
                let Some(at) = logical else { continue };
                report(
                    subject,
                    findings,
                    &level,
                    "`wal_level` is `replica`, and logical replication needs `logical`",
                )
                .label("too little for pglogical")
                .related(at, "logical replication is declared here")
                .help("write `logical`, or remove it: that is what TPA writes")
                .consequence(
                    "the slots for logical replication cannot be made, and `tpaexec deploy` fails",
                );
            }
            Some(_) | None => {}
        }
    }
    for standby in declared::postgres_setting(subject, "hot_standby") {
        if postgres::is_off(standby.value) {
            report(
                subject,
                findings,
                &standby,
                "`hot_standby` is off, so standbys take no connections",
            )
            .label("standbys cannot be asked anything")
            .help("remove it: TPA turns it on")
            .consequence(
                "`tpaexec deploy` and the failover manager cannot connect to any standby, and take it for dead",
            );
        }
    }
}

fn report<'f>(
    subject: &Subject,
    findings: &'f mut Of<'_>,
    declared: &Declared<'_>,
    message: &'static str,
) -> &'f mut Finding {
    let at = declared::place_of(subject, declared.value.origin);
    findings
        .at(declared.entity.clone(), at, message)
        .key(declared.key.as_str())
}

/// What declares logical replication.
fn logical(subject: &Subject) -> Option<Origin> {
    let declared = ["publications", "subscriptions"]
        .into_iter()
        .flat_map(|name| declared::variable(subject, name));
    let is_filled = |declared: &Declared<'_>| {
        let items = declared.value.as_list();
        items.is_some_and(|items: &[Value]| !items.is_empty())
    };
    let declared = declared.into_iter().find(is_filled);
    declared.map(|declared| declared.value.origin).or_else(|| {
        let mut extensions = extensions::used(subject).into_iter();
        let pglogical = extensions.find(|extension| extension.name == "pglogical");
        pglogical.map(|extension| extension.at)
    })
}
