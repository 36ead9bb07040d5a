//! Names of parameters of modules: `auto_explain.log_min_duration`.

use crate::diagnostic::{Applicability, Level};
use crate::facts::extensions;
use crate::facts::parameters;
use crate::lint::extensions::{is_loaded, used};
use crate::lint::finding::Of;
use crate::lint::parameters::Setting;
use crate::lint::{Context, declared, words};
use crate::suggest::nearest;
use crate::value::Key;

/// A shorter name of a module is compared with nothing: too much is near it.
const SHORTEST: usize = 5;

/// Names that people write before the dot, and what the module has there.
const OTHER_MODULES: &[(&str, &str)] = &[("pg_audit", "pgaudit"), ("pg_cron", "cron")];

/// What is wrong with a name.
struct Unknown {
    message: String,
    meant: Option<String>,
    consequence: &'static str,
}

pub(super) fn check(
    context: &Context<'_>,
    setting: &Setting<'_>,
    major: u32,
    findings: &mut Of<'_>,
) {
    let small = setting.name.to_lowercase();
    let unknown = match parameters::module(&small) {
        Some(module) if is_known(module) => {
            let unknown = unknown_parameter(&small, module, major);
            if unknown.is_none() {
                not_loaded(context, setting, module, findings);
            }
            unknown
        }
        Some(module) => unknown_module(&small, module, major),
        None => None,
    };
    let Some(unknown) = unknown else { return };
    let at = setting.at_name();
    let finding = findings
        .at(
            setting.entity.clone(),
            declared::place_of(context.subject, at),
            unknown.message,
        )
        .key(setting.key())
        .level(Level::Warning)
        .consequence(unknown.consequence);
    let Some(meant) = unknown.meant else {
        finding.label("not known").help("remove it");
        return;
    };
    finding.label(format!("did you mean `{meant}`?"));
    // Never the same name twice in a map.
    if setting.map.get(&meant).is_some() {
        finding.help(format!("remove it: `{meant}` is set too"));
    } else {
        finding
            .help(format!("write `{meant}`"))
            .fix(Applicability::Suggested, at, meant);
    }
}

/// A parameter of a module that no server loads.
fn not_loaded(context: &Context<'_>, setting: &Setting<'_>, module: &str, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut other_names = extensions::OTHER_NAMES.iter();
    let library = other_names
        .find(|(other, _)| *other == module)
        .map_or(module, |(_, name)| *name);
    let is_module = extensions::MODULES.contains(&library);
    let must_be_loaded = is_module || extensions::must_be_preloaded(library);
    // One that is created has its own rule.
    let is_created = used(subject)
        .iter()
        .any(|extension| extension.name == library);
    if !must_be_loaded || is_created || is_loaded(subject, library) {
        return;
    }
    // Said once for all parameters of a module.
    let is_of_module = |key: &Key| match key {
        Key::Text(name) => parameters::module(name) == Some(module),
        Key::Integer(_) => false,
    };
    let mut keys = setting.map.iter().map(|(key, _)| key);
    let first = keys.find(|key| is_of_module(key));
    if first.is_some_and(|first| *first != Key::Text(setting.name.to_owned())) {
        return;
    }
    let load = if is_module {
        words::postgres_setting(
            subject,
            "session_preload_libraries",
            &words::literal(subject, &format!("'{library}'")),
        )
    } else {
        words::variable(
            subject,
            "extra_postgres_extensions",
            &format!("[{library}]"),
        )
    };
    findings
        .at(
            setting.entity.clone(),
            declared::place_of(subject, setting.at_name()),
            format!("nothing loads `{library}`, whose parameter this is"),
        )
        .key(setting.key())
        .level(Level::Warning)
        .label("no module reads it")
        .consequence("Postgres keeps the value for a module that never comes, and says nothing")
        .help(format!("add {load}"));
}

fn is_known(module: &str) -> bool {
    parameters::modules().any(|known| known == module)
}

/// A parameter that a known module does not have.
fn unknown_parameter(name: &str, module: &str, major: u32) -> Option<Unknown> {
    if parameters::find(name, major).is_some() {
        return None;
    }
    let consequence = "the server starts without it, with a warning in its log at most";
    if let Some(later) = parameters::rows(name).find(|row| row.first > major) {
        return Some(Unknown {
            message: format!(
                "`{name}` comes with Postgres {}, and this is {major}",
                later.first
            ),
            meant: None,
            consequence,
        });
    }
    // All of them begin with the module's name, which is right.
    let own = |name: &'static str| name.strip_prefix(module)?.strip_prefix('.');
    let names: Vec<&str> = parameters::of_modules(major)
        .filter_map(|known| own(known.name))
        .collect();
    let (_, rest) = name.split_once('.')?;
    let meant = nearest(rest, &names).map(|meant| format!("{module}.{meant}"));
    // Another release of a module that does not come with Postgres may have more.
    (meant.is_some() || parameters::is_whole(module)).then(|| Unknown {
        message: format!("`{module}` has no parameter `{name}`"),
        meant,
        consequence,
    })
}

/// A name of a module that is near a known one, and not that of another.
fn unknown_module(name: &str, module: &str, major: u32) -> Option<Unknown> {
    let rest = name.split_once('.')?.1;
    let other = OTHER_MODULES.iter().find(|(other, _)| *other == module);
    let is_another = extensions::NAMES.binary_search(&module).is_ok()
        || extensions::MODULES.contains(&module)
        || module.len() < SHORTEST;
    let known: Vec<&str> = parameters::modules().collect();
    let meant = match other {
        Some((_, meant)) => *meant,
        None if is_another => return None,
        None => nearest(module, &known)?,
    };
    let meant = format!("{meant}.{rest}");
    // A parameter of one's own may begin with anything: only what the module really has is meant.
    parameters::find(&meant, major)?;
    Some(Unknown {
        message: format!("no module reads `{name}`"),
        meant: Some(meant),
        consequence: "the server keeps it for whoever asks, and nothing does: the module runs with its default",
    })
}
