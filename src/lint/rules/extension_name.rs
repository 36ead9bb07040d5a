use crate::diagnostic::{Applicability, Level};
use crate::facts::extensions::{
    BY_DEFAULT, IDLE, MODULES, NAMES, OTHER_NAMES, REFUSE, REFUSE_PERHAPS,
};
use crate::lint::Context;
use crate::lint::extensions::{self, Extension};
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::{declared, words};
use crate::suggest;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds extensions under a name that `CREATE EXTENSION` does not know (`pgvector` is called `vector`), modules that are
    /// not extensions, and extensions whose library must be preloaded and is not. A name that is only near a known one gives
    /// a warning, and so does a name in `preload_extensions` that no list of extensions has.
    ///
    /// ## Why is this bad?
    ///
    /// TPA creates extensions near the end of a deployment, when all servers are up, and stops there. It preloads the
    /// libraries of the extensions that it knows, and of others only when `preload_extensions` names them too.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { extra_postgres_extensions = [pg_cron, pgvector] }
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
    ///   vars {
    ///     extra_postgres_extensions = [pg_cron, vector]
    ///     preload_extensions = [pg_cron]
    ///   }
    /// }
    /// ```
    pub(super) static EXTENSION_NAME = {
        name: "extension-name",
        level: Error,
        summary: "an extension that Postgres cannot create",
        consequence: "`CREATE EXTENSION` fails near the end of `tpaexec deploy`, when all servers are up",
    }
}

/// A shorter name is compared with nothing: too much is near it.
const SHORTEST: usize = 5;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let used = extensions::used(subject);
    for extension in &used {
        let name = extension.name.as_str();
        if !name.contains("{{") && !misnamed(subject, extension, findings) {
            preloaded(subject, extension, findings);
        }
    }
    for declared in declared::variable(subject, "preload_extensions") {
        for item in declared.value.as_list().unwrap_or_default() {
            let Some(name) = item.as_text().filter(|name| !name.contains("{{")) else {
                continue;
            };
            let is_created =
                BY_DEFAULT.contains(&name) || used.iter().any(|extension| extension.name == name);
            let extension = Extension {
                entity: declared.entity.clone(),
                key: declared.key.clone(),
                name: name.to_owned(),
                at: item.origin,
            };
            // One that is misspelt in both has been said.
            if MODULES.contains(&name) {
                module(subject, &extension, findings)
                    .level(Level::Warning)
                    .consequence("its library is not loaded, and nothing says so");
            } else if !is_created && !misnamed(subject, &extension, findings) {
                not_created(subject, &extension, findings);
            }
        }
    }
}

/// Whether Postgres does not have an extension of this name; it is said.
fn misnamed(subject: &Subject, extension: &Extension, findings: &mut Of<'_>) -> bool {
    let name = extension.name.as_str();
    let other = OTHER_NAMES
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name));
    if MODULES.contains(&name) {
        module(subject, extension, findings);
    } else if let Some((_, meant)) = other {
        renamed(subject, extension, meant, findings);
    } else if NAMES.binary_search(&name).is_ok() || name.len() < SHORTEST {
        return false;
    } else if let Some(meant) = same_but_for_spelling(name) {
        renamed(subject, extension, meant, findings);
    } else if let Some(meant) = suggest::nearest(name, NAMES) {
        let finding = renamed(subject, extension, meant, findings)
            .level(Level::Warning)
            .consequence(
                "if Postgres does not know it, `CREATE EXTENSION` fails near the end of `tpaexec deploy`",
            );
        finding.diagnostic.message = format!("m1c does not know the extension `{name}`");
    } else {
        return false;
    }
    true
}

/// A library in `preload_extensions` that nothing loads, because its extension is not created.
fn not_created(subject: &Subject, extension: &Extension, findings: &mut Of<'_>) {
    let name = extension.name.as_str();
    findings
        .at(
            extension.entity.clone(),
            extension.at,
            format!("`{name}` is not preloaded: TPA does that for extensions that it creates"),
        )
        .key(extension.key.as_str())
        .label("not among the extensions")
        .level(Level::Warning)
        .consequence("its library is not loaded, and nothing says so")
        .help(format!(
            "add {}, or remove it here",
            words::variable(
                subject,
                "extra_postgres_extensions",
                &format!("[{}]", words::literal(subject, name))
            )
        ));
}

/// The known extension of this name but for capitals, hyphens and underscores.
fn same_but_for_spelling(name: &str) -> Option<&'static str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let written = plain(name);
    NAMES.iter().find(|known| plain(known) == written).copied()
}

fn renamed<'f>(
    subject: &Subject,
    extension: &Extension,
    meant: &str,
    findings: &'f mut Of<'_>,
) -> &'f mut Finding {
    findings
        .at(
            extension.entity.clone(),
            extension.at,
            format!("there is no extension `{}`", extension.name),
        )
        .key(extension.key.as_str())
        .label(format!("did you mean `{meant}`?"))
        .help(format!("write `{meant}`"))
        .fix(
            Applicability::Suggested,
            extension.at,
            words::literal(subject, meant),
        )
}

fn module<'f>(
    subject: &Subject,
    extension: &Extension,
    findings: &'f mut Of<'_>,
) -> &'f mut Finding {
    let name = &extension.name;
    let finding = findings
        .at(
            extension.entity.clone(),
            extension.at,
            format!("`{name}` is a module that is loaded, not an extension"),
        )
        .key(extension.key.as_str())
        .label("cannot be created");
    if matches!(
        name.as_str(),
        "wal2json" | "pgoutput" | "test_decoding" | "decoderbufs"
    ) {
        finding
            .help("remove it: a logical slot names it as its plugin, and nothing has to be created")
    } else {
        finding.help(format!(
            "remove it, and load it with {}",
            words::postgres_setting(
                subject,
                "session_preload_libraries",
                &words::literal(subject, &format!("'{name}'"))
            )
        ))
    }
}

fn preloaded(subject: &Subject, extension: &Extension, findings: &mut Of<'_>) {
    let name = extension.name.as_str();
    let (consequence, level) = if REFUSE.contains(&name) {
        (
            "`CREATE EXTENSION` refuses it near the end of `tpaexec deploy`, when all servers are up",
            Level::Error,
        )
    } else if REFUSE_PERHAPS.contains(&name) {
        (
            "if nothing else loads it, `CREATE EXTENSION` refuses it near the end of `tpaexec deploy`",
            Level::Warning,
        )
    } else if IDLE.contains(&name) {
        (
            "it is created and does not work: its library is not loaded",
            Level::Warning,
        )
    } else {
        return;
    };
    if extensions::is_preloaded(subject, name) {
        return;
    }
    findings
        .at(
            extension.entity.clone(),
            extension.at,
            format!("`{name}` must be preloaded, and TPA does not know that"),
        )
        .key(extension.key.as_str())
        .label("not in `preload_extensions`")
        .level(level)
        .consequence(consequence)
        .help(format!(
            "add {}, and its package to `extra_postgres_packages`",
            words::variable(subject, "preload_extensions", &format!("[{name}]"))
        ));
}
