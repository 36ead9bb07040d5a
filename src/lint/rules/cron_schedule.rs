use crate::diagnostic::{Applicability, Level};
use crate::facts::systems::Family;
use crate::lint::Context;
use crate::lint::finding::{Finding, Of};
use crate::lint::programs::cron::{self, Field, Refusal, Schedule};
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::words;
use crate::suggest;
use crate::tpa::view::{Subject, systems};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds schedules that do not have five fields with single blanks between, fields that cron refuses (`25` as an hour,
    /// `monday`, `0/6`), and schedules that cron takes and never runs: the 30th of February, `22-2`, `fri-mon`. It warns of
    /// what cron skips silently (`5#2` is every Friday, `*5` every minute), and of a full backup every few minutes.
    ///
    /// ## Why is this bad?
    ///
    /// TPA splits a schedule at every blank and takes the first five parts: `@daily` has one. Cron leaves out the whole file
    /// where it refuses one field, and says so only in the log of the machine: no backup is ever taken.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { barman_backup_interval = "0 25 * * *" }
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
    ///   vars { barman_backup_interval = "0 23 * * *" }
    /// }
    /// ```
    pub(super) static CRON_SCHEDULE = {
        name: "cron-schedule",
        level: Error,
        summary: "a schedule that cron refuses or never runs",
        consequence: "what it schedules never runs, and only the log of the machine says so",
    }
}

const BACKUPS: &str = "barman_backup_interval";

/// The variables that become a line of cron, and what happens without it.
const SCHEDULES: &[(&str, &str)] = &[
    (
        BACKUPS,
        "no backup is ever taken, and only the log of the machine says so",
    ),
    (
        "repmgr_cluster_cleanup_interval",
        "the history of repmgr is never cleaned up and grows until the disk is full",
    ),
];

/// More backups than that in an hour are not meant.
const MOST_IN_AN_HOUR: usize = 4;

/// A schedule where it is written.
struct Written<'s> {
    scope: &'s Scope<'s>,
    name: &'static str,
    consequence: &'static str,
    value: &'s Value,
    text: &'s str,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for scope in scopes::variables(subject) {
        for (name, consequence) in SCHEDULES {
            let value = scope.map.get(name);
            let Some(value) = value.filter(|value| !scopes::is_template(value)) else {
                continue;
            };
            if let Some(text) = value.as_text() {
                let written = Written {
                    scope: &scope,
                    name,
                    consequence,
                    value,
                    text,
                };
                schedule(subject, &written, findings);
            }
        }
    }
}

fn report<'f>(written: &Written<'_>, findings: &'f mut Of<'_>, message: String) -> &'f mut Finding {
    findings
        .at(written.scope.entity.clone(), written.value.origin, message)
        .key(written.scope.key(written.name))
        .consequence(written.consequence)
}

fn schedule(subject: &Subject, written: &Written<'_>, findings: &mut Of<'_>) {
    let parts: Vec<&str> = written.text.split(' ').collect();
    let Ok(fields) = <[&str; 5]>::try_from(parts).map_err(drop) else {
        return shape(subject, written, findings);
    };
    if fields
        .iter()
        .any(|field| field.is_empty() || field.contains(['\t', '\n']))
    {
        return shape(subject, written, findings);
    }
    if written.text.starts_with('#') {
        report(
            written,
            findings,
            format!(
                "`{}` is a comment for cron: it begins with `#`",
                written.name
            ),
        )
        .label("a comment")
        .help("write minute, hour, day, month and weekday: `0 4 * * wed,sat`");
        return;
    }
    match cron::read(&fields) {
        Err((field, refusal)) => refused(subject, written, field, &refusal, findings),
        Ok(schedule) => taken(written, &schedule, findings),
    }
}

/// Not five fields with one blank between.
fn shape(subject: &Subject, written: &Written<'_>, findings: &mut Of<'_>) {
    let fields: Vec<&str> = written.text.split_whitespace().collect();
    let name = written.name;
    if let [word] = fields.as_slice()
        && let Some(meant) = cron::special(word)
    {
        report(
            written,
            findings,
            format!("TPA takes no `{word}` in `{name}`: it splits the text into five fields"),
        )
        .label("one field")
        .help(format!("write `{meant}`"))
        .fix(
            Applicability::Safe,
            written.value.origin,
            words::literal(subject, meant),
        );
        return;
    }
    let finding = report(
        written,
        findings,
        format!("`{name}` is not a schedule of five fields"),
    )
    .help("write minute, hour, day, month and weekday with one blank between: `0 4 * * wed,sat`");
    if fields.len() == 5 {
        let meant = fields.join(" ");
        finding
            .label("more than one blank between fields")
            .help(format!(
                "write `{meant}`, with one blank between the fields"
            ))
            .fix(
                Applicability::Safe,
                written.value.origin,
                words::literal(subject, &meant),
            );
    } else {
        finding.label(format!("fields: {}", fields.len()));
        if let [minute, hour, day, month] = fields.as_slice() {
            finding.help(format!(
                "write `{minute} {hour} {day} {month} *`: minute, hour, day, month and weekday"
            ));
        }
    }
}

fn refused(
    subject: &Subject,
    written: &Written<'_>,
    field: &Field,
    refusal: &Refusal<'_>,
    findings: &mut Of<'_>,
) {
    let Field {
        name: what,
        least,
        most,
        names,
    } = field;
    if *refusal == Refusal::StepOfNumber && !runs_debian(subject) {
        return;
    }
    let (problem, help) = match refusal {
        Refusal::Missing => (
            format!("there is no number where cron expects a {what}"),
            format!(
                "write `*`, a number from {least} to {most}, or a list such as `{least},{most}`"
            ),
        ),
        Refusal::Word(word) => (
            format!("`{word}` is not a {what} that cron knows"),
            match suggest::nearest(word.get(..3).unwrap_or(word), names) {
                Some(name) => format!("write `{name}`: cron knows the first three letters alone"),
                None if names.is_empty() => {
                    format!("write `*`, or numbers from {least} to {most}")
                }
                None => format!("write {} or numbers", words::list(names)),
            },
        ),
        Refusal::Outside(number) => (
            format!("`{number}` is not a {what}: they go from {least} to {most}"),
            match (*what, *number) {
                ("hour", "24") => "write 0 for midnight".to_owned(),
                ("minute", "60") => "write 0 for the full hour".to_owned(),
                (_, _) => format!("write a number from {least} to {most}"),
            },
        ),
        Refusal::StepOfNumber => (
            format!("only `*` or a range takes a step, not a single {what}"),
            format!("write `*/STEP`, or a range such as `{least}-{most}/STEP`"),
        ),
        Refusal::Step("") => (
            format!("the {what} has a `/` without a step"),
            "write the step, for example `*/6`, or remove the `/`".to_owned(),
        ),
        Refusal::Step(step) => (
            format!("`{step}` is not a step for the {what}"),
            "write a step of 1 or more, for example `*/6`".to_owned(),
        ),
    };
    report(
        written,
        findings,
        format!("cron refuses `{}`: {problem}", written.text),
    )
    .label(format!("the {what} is refused"))
    .help(help);
}

/// Whether cron may be Debian's: Red Hat's reads `0/6` as `0-23/6`.
fn runs_debian(subject: &Subject) -> bool {
    let chosen = systems::chosen(subject);
    chosen.is_empty()
        || chosen
            .iter()
            .any(|chosen| chosen.system.family == Family::Debian)
}

/// What cron takes and does something else with.
fn taken(written: &Written<'_>, schedule: &Schedule<'_>, findings: &mut Of<'_>) {
    if let Some((why, help)) = schedule.never() {
        report(
            written,
            findings,
            format!("`{}` never comes: {why}", written.text),
        )
        .label("never")
        .help(help);
        return;
    }
    if let Some((field, skipped)) = schedule.skipped {
        report(
            written,
            findings,
            format!("cron skips `{skipped}` in `{}`", written.text),
        )
        .label(format!("the {} is read without it", field.name))
        .level(Level::Warning)
        .consequence("cron runs it at other times than those that are meant, and never says so")
        .help("write numbers, `*`, ranges, lists and steps alone: `1,3-5`, `*/6`");
        return;
    }
    let in_an_hour = schedule.minutes.len();
    if written.name == BACKUPS && in_an_hour > MOST_IN_AN_HOUR {
        report(
            written,
            findings,
            format!("`{}` starts {in_an_hour} full backups in an hour", written.text),
        )
        .label(format!("{in_an_hour} minutes"))
        .level(Level::Warning)
        .consequence("Barman copies the whole database again and again, or refuses to start while the last backup runs")
        .help("write one minute in the first field: `0 4 * * *` is once a day at 4:00");
    }
}
