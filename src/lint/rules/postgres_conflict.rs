use crate::facts::parameters::{self, Conflict};
use crate::lint::finding::Of;
use crate::lint::parameters::{self as set, Setting};
use crate::lint::rule::rule;
use crate::lint::{Context, declared};
use crate::origin::Origin;
use crate::tpa::view::{Instance, Subject, in_force};

rule! {
    /// ## What it does
    ///
    /// Finds parameters of Postgres that are all right alone and exclude each other: as many connections reserved for
    /// superusers as there are, a `max_wal_size` below two segments, more processes than a server may have, or
    /// `log_statement_stats` together with the statistics of a stage. Where nothing is written, TPA's value counts,
    /// else the server's default.
    ///
    /// ## Why is this bad?
    ///
    /// Postgres compares them when it starts, and stops.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     max_connections = 100
    ///     postgres_conf_settings = { superuser_reserved_connections = 100 }
    ///   }
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
    ///   vars {
    ///     max_connections = 100
    ///     postgres_conf_settings = { superuser_reserved_connections = 5 }
    ///   }
    /// }
    /// ```
    pub(super) static POSTGRES_CONFLICT = {
        name: "postgres-conflict",
        level: Error,
        summary: "parameters of Postgres that exclude each other",
        consequence: "Postgres does not start; `tpaexec deploy` takes a running server down with it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    // What TPA writes fits together, and nothing has to be compared where nobody sets one of them.
    let is_compared = |setting: &Setting<'_>| {
        let parameter = setting.parameter;
        parameter.is_some_and(|parameter| parameters::COMPARED.contains(&parameter.name))
    };
    if !context.parameters().iter().any(is_compared) {
        return;
    }
    let mut said: Vec<(Origin, Conflict)> = Vec::new();
    for machine in in_force::different(subject) {
        let value = |name: &str| in_force::meaning(subject, machine, major, name);
        for conflict in parameters::conflicts(major, &value) {
            report(subject, findings, machine, conflict, &mut said);
        }
    }
}

fn report(
    subject: &Subject,
    findings: &mut Of<'_>,
    machine: &Instance,
    conflict: Conflict,
    said: &mut Vec<(Origin, Conflict)>,
) {
    // `wal-level-minimal` is a rule of its own.
    if conflict.parameters.contains(&"wal_level") {
        return;
    }
    let written: Vec<(&str, Origin)> = conflict
        .parameters
        .iter()
        .filter_map(|name| Some((*name, in_force::written(subject, machine, name)?.origin)))
        .filter(|(_, at)| at.is_written())
        .collect();
    let Some(((name, at), others)) = written.split_first() else {
        return;
    };
    if said
        .iter()
        .any(|(place, known)| place == at && *known == conflict)
    {
        return;
    }
    let finding = findings
        .at(
            machine.entity(),
            declared::place_of(subject, *at),
            conflict.rule.clone(),
        )
        .key(format!("vars/{name}"))
        .label("Postgres does not start with it")
        .help(if conflict.parameters.len() == 1 {
            "raise it"
        } else {
            "change one of them"
        });
    for (other, place) in others {
        finding.related(*place, format!("`{other}`"));
    }
    said.push((*at, conflict));
}
