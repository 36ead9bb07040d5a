mod of_module;

use super::protected_setting;
use crate::diagnostic::{Applicability, Level};
use crate::facts::parameters::{self, Context as When};
use crate::lint::finding::{Finding, Of};
use crate::lint::parameters::{self as set, By, Setting};
use crate::lint::rule::rule;
use crate::lint::{Context, declared};
use crate::suggest;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::view::{Subject, guc};

rule! {
    /// ## What it does
    ///
    /// Finds names in `postgres_conf_settings` and in Patroni's `postgresql.parameters` that are not parameters of this
    /// major of Postgres: misspelt ones, those that an older or a newer major has, and those that show what the server
    /// is and cannot be set. EPAS and PGE have parameters of their own, so that an unknown name is only a warning there.
    ///
    /// Names with a dot belong to modules. Of those that come with Postgres all are known, of others misspelt ones are
    /// found, and misspelt names of modules too. That is a warning. What begins with another name passes.
    ///
    /// ## Why is this bad?
    ///
    /// Postgres does not start with a parameter that it does not know, and TPA restarts it when these settings change.
    /// Under Patroni the server starts without the parameter, and a line in Patroni's log is all that says so.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_conf_settings = { wal_keep_segments = 100 } }
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
    ///   vars { postgres_conf_settings = { wal_keep_size = 1600MB } }
    /// }
    /// ```
    pub(super) static POSTGRES_PARAMETER = {
        name: "postgres-parameter",
        level: Error,
        summary: "a name that is not a parameter of this Postgres",
        consequence: "Postgres does not start; `tpaexec deploy` takes a running server down with it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    for setting in context.parameters() {
        // TPA leaves out by itself what a major does not have, and a name of another shape is another rule's.
        let is_judged = match setting.by {
            By::Variable => false,
            By::Lines => guc::is_name(setting.name),
            By::Patroni => true,
        };
        let is_of_flavour =
            subject.flavour() != Some(Flavour::Postgresql) && parameters::is_of_edb(setting.name);
        if !is_judged || is_of_flavour || protected_setting::belongs_to_tpa(setting.name) {
            continue;
        }
        if setting.name.contains('.') {
            of_module::check(context, setting, major, findings);
            continue;
        }
        match setting.parameter {
            Some(known) if known.context == When::Internal => {
                internal(subject, findings, setting);
            }
            Some(_) => {}
            None => unknown(subject, findings, setting, major),
        }
    }
}

fn internal(subject: &Subject, findings: &mut Of<'_>, setting: &Setting<'_>) {
    let name = setting.name;
    let help = match name {
        "data_checksums" => "remove it: TPA's `initdb` turns checksums on",
        _ => "remove it",
    };
    let finding = findings.at(
        setting.entity.clone(),
        declared::place_of(subject, setting.at_name()),
        format!("`{name}` shows what the server is, and cannot be set"),
    );
    finding.key(setting.key()).label("cannot be set").help(help);
    under_patroni(subject, finding);
}

fn unknown(subject: &Subject, findings: &mut Of<'_>, setting: &Setting<'_>, major: u32) {
    let name = setting.name;
    let gone = parameters::gone(name);
    let first = parameters::rows(name).next();
    let at = setting.at_name();
    let (message, label, help, meant) = if let Some(later) = first.filter(|row| row.first > major) {
        let help = match parameters::called_before(later.name) {
            Some(older) => format!("up to then it is called `{}`", older.name),
            None => format!("remove it, or deploy Postgres {}", later.first),
        };
        (
            format!(
                "`{name}` comes with Postgres {}, and this is {major}",
                later.first
            ),
            "not yet".to_owned(),
            help,
            None,
        )
    } else if let Some(gone) = gone {
        (
            format!("`{name}` is gone since Postgres {}", gone.since),
            format!("not in Postgres {major}"),
            gone.renamed.map_or_else(
                || gone.instead.to_owned(),
                |new| format!("write `{new}`, as it is called now"),
            ),
            gone.renamed,
        )
    } else if parameters::is_of_edb(name) {
        (
            format!("community Postgres has no parameter `{name}`"),
            "of EDB's flavours".to_owned(),
            "remove it: only EDB's own flavours have it".to_owned(),
            None,
        )
    } else {
        let names: Vec<&str> = parameters::all(major).map(|known| known.name).collect();
        let small = name.to_lowercase();
        let nearest = suggest::nearest(&small, &names);
        let message = format!("Postgres {major} has no parameter `{name}`");
        match nearest {
            Some(nearest) => (
                message,
                format!("did you mean `{nearest}`?"),
                format!("write `{nearest}`"),
                Some(nearest),
            ),
            None => (
                message,
                "not known".to_owned(),
                "remove it; a parameter of an extension has the extension's name and a dot before its own"
                    .to_owned(),
                None,
            ),
        }
    };
    let is_certain = gone.is_some() || first.is_some();
    let is_of_community = subject.flavour() == Some(Flavour::Postgresql);
    // This flavour may have it: the name of another parameter would be a guess.
    let (label, help, meant) = if is_certain || is_of_community {
        (label, help, meant)
    } else {
        let help = match meant {
            Some(meant) => {
                format!(
                    "look it up in the documentation of this flavour, or write `{meant}`, if that is meant"
                )
            }
            None => "look it up in the documentation of this flavour".to_owned(),
        };
        ("not known".to_owned(), help, None)
    };
    let finding = findings
        .at(
            setting.entity.clone(),
            declared::place_of(subject, at),
            message,
        )
        .key(setting.key())
        .label(label)
        .help(help);
    under_patroni(subject, finding);
    if !is_of_community && !is_certain {
        finding
            .level(Level::Warning)
            .consequence("Postgres does not start, unless it is a parameter of this flavour");
    }
    // Never the same name twice in a map.
    if let Some(meant) = meant.filter(|meant| setting.map.get(meant).is_none()) {
        finding.fix(Applicability::Suggested, at, meant);
    }
}

fn under_patroni(subject: &Subject, finding: &mut Finding) {
    if subject.failover_manager() == Some(FailoverManager::Patroni) {
        finding.consequence(
            "Patroni leaves it out with a line in its log, and Postgres runs without it",
        );
    }
}
