use crate::diagnostic::Applicability;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds settings of Barman and of repmgr's clean-up that do not have the form that is read: a schedule that has not
    /// five fields with single blanks between, a retention policy or an age in other words, a negative redundancy.
    ///
    /// ## Why is this bad?
    ///
    /// TPA splits a schedule at every blank and takes the first five parts: a sixth is lost, and of two blanks in a row
    /// one becomes an empty field. Barman refuses the other settings, and takes no backups.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { barman_backup_interval = "0  4 * * *" }
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
    ///   vars { barman_backup_interval = "0 4 * * *" }
    /// }
    /// ```
    pub(super) static BARMAN_SETTING_SYNTAX = {
        name: "barman-setting-syntax",
        level: Error,
        summary: "a setting of backups that is not understood",
        consequence: "`tpaexec deploy` fails, or no backup is ever taken",
    }
}

const SCHEDULES: &[&str] = &["barman_backup_interval", "repmgr_cluster_cleanup_interval"];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for scope in scopes::variables(context.subject) {
        for name in SCHEDULES {
            schedule(&scope, name, findings);
        }
        text(
            &scope,
            "barman_retention_policy",
            is_retention_policy,
            "write `REDUNDANCY 3` or `RECOVERY WINDOW OF 4 WEEKS` (also DAYS, MONTHS)",
            findings,
        );
        text(
            &scope,
            "barman_last_backup_maximum_age",
            is_age,
            "for example, write `1 WEEK` or `36 HOURS` (also DAYS, MONTHS)",
            findings,
        );
        redundancy(&scope, findings);
    }
}

fn schedule(scope: &Scope<'_>, name: &str, findings: &mut Of<'_>) {
    let Some(value) = scope
        .map
        .get(name)
        .filter(|value| !scopes::is_template(value))
    else {
        return;
    };
    let Some(text) = value.as_text() else { return };
    if text.split(' ').count() == 5 && text.split(' ').all(|field| !field.is_empty()) {
        return;
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let finding = findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` is not a schedule of five fields"),
        )
        .key(scope.key(name))
        .help(
            "write minute, hour, day, month and weekday with one blank between: `0 4 * * wed,sat`",
        );
    if fields.len() == 5 {
        let schedule = fields.join(" ");
        finding
            .label("more than one blank between fields")
            .help(format!(
                "write `{schedule}`, with one blank between the fields"
            ))
            .fix(Applicability::Safe, value.origin, format!("\"{schedule}\""));
    } else {
        finding.label(format!("fields: {}", fields.len()));
    }
}

fn text(
    scope: &Scope<'_>,
    name: &str,
    is_right: fn(&str) -> bool,
    help: &str,
    findings: &mut Of<'_>,
) {
    let value = scope.map.get(name);
    let Some(value) = value.filter(|value| !scopes::is_template(value)) else {
        return;
    };
    let Some(text) = value.as_text().filter(|text| !is_right(text)) else {
        return;
    };
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{text}` is not a `{name}` that Barman reads"),
        )
        .key(scope.key(name))
        .label("not understood")
        .consequence("Barman ignores or refuses its configuration, and `barman check` fails")
        .help(help);
}

fn is_retention_policy(text: &str) -> bool {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    match words.as_slice() {
        [] => true,
        ["REDUNDANCY", number] => is_count(number),
        ["RECOVERY", "WINDOW", "OF", number, unit] => {
            is_count(number) && is_unit(unit, &["DAY", "WEEK", "MONTH"])
        }
        _ => false,
    }
}

fn is_age(text: &str) -> bool {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    match words.as_slice() {
        [] => true,
        [number, unit] => is_count(number) && is_unit(unit, &["HOUR", "DAY", "WEEK", "MONTH"]),
        _ => false,
    }
}

fn is_count(word: &str) -> bool {
    word.parse::<u32>().is_ok_and(|number| number > 0)
}

fn is_unit(word: &str, units: &[&str]) -> bool {
    units.contains(&word.strip_suffix('S').unwrap_or(word))
}

fn redundancy(scope: &Scope<'_>, findings: &mut Of<'_>) {
    const NAME: &str = "barman_minimum_redundancy";
    let value = scope.map.get(NAME);
    if let Some(Value {
        data: Data::Integer(number),
        origin,
    }) = value
        && *number < 0
    {
        findings
            .at(
                scope.entity.clone(),
                *origin,
                format!("`{NAME}` is {number}, which is below 0"),
            )
            .key(scope.key(NAME))
            .label("below 0")
            .consequence("Barman refuses its configuration")
            .help("write the number of backups that are always kept, for example 3");
    }
}
