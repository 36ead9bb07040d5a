use super::protected_setting;
use crate::diagnostic::{Applicability, Level};
use crate::facts::parameters::{self, Kind, NumberProblem, Parameter, Problem, Quantity};
use crate::facts::time_zones;
use crate::lint::finding::{Finding, Of};
use crate::lint::parameters::{self as set, By, Setting};
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
use crate::suggest;
use crate::topology::{FailoverManager, Flavour};
use crate::tpa::view::Subject;

/// They have a rule of their own.
const STANDBYS: &str = "synchronous_standby_names";

/// Parameters that TPA takes as a share of memory too, in another variable.
const SHARES: &[(&str, &str)] = &[
    ("effective_cache_size", "effective_cache_size_ratio"),
    ("shared_buffers", "shared_buffers_ratio"),
];

rule! {
    /// ## What it does
    ///
    /// Reads every value of a parameter of Postgres as the server of that major does: in `postgres_conf_settings`, as a
    /// variable of TPA, and in Patroni's `postgresql.parameters`. It finds units that the server does not read, numbers
    /// out of range, words that a parameter does not take, and what is neither on nor off.
    ///
    /// Units are exact: `B`, `kB`, `MB`, `GB` and `TB` for memory, `us`, `ms`, `s`, `min`, `h` and `d` for time. `1gb`,
    /// `64M` and `30sec` are refused. A leading zero means octal, so that `0128MB` is not a number. The beginnings of
    /// words count for switches only: `tr` is true, `repl` is not `replica`. A time zone is one that servers know by name,
    /// or in the form of POSIX: `UTC`, `Europe/Berlin`, `<+03>-3`.
    ///
    /// Parameters of the modules of Postgres, and of other widely used ones, are read too. A value that such a module
    /// refuses is a warning: the server starts, and the module runs with its default.
    ///
    /// ## Why is this bad?
    ///
    /// Postgres does not start with a value that it refuses, and TPA restarts it when these settings change. Patroni
    /// leaves such a parameter out or writes the nearest value that it knows, and says so in its log only.
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
    ///     work_mem = 64M
    ///     postgres_conf_settings = { random_page_cost = "1,1" }
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
    ///     work_mem = 64MB
    ///     postgres_conf_settings = { random_page_cost = 1.1 }
    ///   }
    /// }
    /// ```
    pub(super) static POSTGRES_VALUE = {
        name: "postgres-value",
        level: Error,
        summary: "a value that Postgres refuses",
        consequence: "Postgres does not start; `tpaexec deploy` takes a running server down with it",
    }
}

/// What is wrong with a value, in words.
struct Said {
    message: String,
    label: String,
    help: String,
    /// What to write instead, and whether nothing else can be meant.
    meant: Option<(String, Applicability)>,
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(major) = set::major(subject) else {
        return;
    };
    for setting in context.parameters() {
        let Some((parameter, problem)) = refused(setting, major) else {
            continue;
        };
        let Some(text) = setting.text() else { continue };
        let said = words_of(parameter, &text, &problem);
        let at = declared::place_of(subject, setting.value.origin);
        let finding = findings
            .at(setting.entity.clone(), at, said.message)
            .key(setting.key())
            .label(said.label)
            .help(said.help);
        consequence(subject, finding, parameter, &text, &problem);
        if let Some((meant, applicability)) = said.meant {
            let literal = setting.literal(subject, &meant);
            finding.fix(applicability, setting.value.origin, literal);
        }
    }
}

/// Why the server refuses a value. Other rules ask too, which have nothing to say about such a value.
pub(super) fn refused(setting: &Setting<'_>, major: u32) -> Option<(&'static Parameter, Problem)> {
    // What belongs to TPA is to be removed.
    let is_elsewhere = setting.name == STANDBYS
        || (setting.by != By::Variable && protected_setting::belongs_to_tpa(setting.name));
    if is_elsewhere {
        return None;
    }
    let parameter = setting.parameter?;
    let text = setting.text()?;
    match parameter.read(&text, major) {
        // Which parameters nobody sets is said of their names.
        Ok(_) | Err(Problem::Internal) => None,
        // A line without a value is no line at all.
        Err(_) if text.is_empty() && setting.is_bare_empty() => None,
        Err(problem) => Some((parameter, problem)),
    }
}

/// Whether this rule speaks about a value in `postgres_conf_settings`, given without its quotes.
pub(super) fn refuses(subject: &Subject, name: &str, text: &str) -> bool {
    if name == STANDBYS {
        return false;
    }
    let major = set::major(subject);
    let parameter = major.and_then(|major| Some((parameters::find(name, major)?, major)));
    parameter.is_some_and(|(parameter, major)| {
        !matches!(parameter.read(text, major), Ok(_) | Err(Problem::Internal))
    })
}

fn consequence(
    subject: &Subject,
    finding: &mut Finding,
    parameter: &Parameter,
    text: &str,
    problem: &Problem,
) {
    if subject.failover_manager() == Some(FailoverManager::Patroni) {
        finding.consequence(match problem {
            // Patroni looks at numbers, switches and enumerations only.
            Problem::Text(_) => {
                "Patroni passes it on, and Postgres does not start or keeps its old settings"
                    .to_owned()
            }
            Problem::OutOfRange | Problem::Number(NumberProblem::TooLarge) => format!(
                "Patroni writes {} instead, with a line in its log",
                clamped(parameter, text)
            ),
            Problem::Internal | Problem::NoSwitch | Problem::Number(_) | Problem::NoWord => {
                "Patroni leaves it out with a line in its log, and Postgres runs with its default"
                    .to_owned()
            }
        });
    }
    if let Some(module) = parameters::module(parameter.name) {
        finding.level(Level::Warning).consequence(format!(
            "Postgres starts with a warning in its log, and `{module}` runs with its default, `{}`",
            parameter.default
        ));
        return;
    }
    // Other flavours have more words.
    let may_be_known = matches!(problem, Problem::NoWord | Problem::Text(_));
    if may_be_known && subject.flavour() != Some(Flavour::Postgresql) {
        finding
            .level(Level::Warning)
            .consequence("Postgres does not start, unless this flavour knows the word");
    }
}

/// What Patroni makes of a number out of range.
fn clamped(parameter: &Parameter, text: &str) -> String {
    let is_low = parameter.is_below(text);
    match parameter.kind {
        Kind::Integer(quantity, least, greatest) => {
            let nearest = if is_low { least } else { greatest };
            format!("`{}`", quantity.show(i64::from(nearest)))
        }
        Kind::Real(_, least, greatest) => format!("`{}`", if is_low { least } else { greatest }),
        Kind::Boolean | Kind::Text | Kind::Enumeration(..) => "another value".to_owned(),
    }
}

fn words_of(parameter: &Parameter, text: &str, problem: &Problem) -> Said {
    let name = parameter.name;
    match problem {
        Problem::NoSwitch => no_switch(name, text),
        Problem::NoWord => no_word(parameter, text),
        Problem::OutOfRange | Problem::Number(NumberProblem::TooLarge) => {
            out_of_range(parameter, text)
        }
        Problem::Number(problem) => no_number(parameter, text, *problem),
        Problem::Text(_) if ["TimeZone", "log_timezone"].contains(&name) => no_zone(name, text),
        Problem::Text(rule) => Said {
            message: if rule.starts_with("is off") || rule.contains(" each ") {
                format!("`{name}` {rule}")
            } else {
                format!("`{name}` {rule}, and `{text}` is not")
            },
            label: "Postgres refuses it".to_owned(),
            help: "write it so, or remove it".to_owned(),
            meant: None,
        },
        Problem::Internal => Said {
            message: format!("`{name}` cannot be set"),
            label: "cannot be set".to_owned(),
            help: "remove it".to_owned(),
            meant: None,
        },
    }
}

fn no_zone(name: &str, text: &str) -> Said {
    let nearest = suggest::nearest(text, time_zones::NAMES);
    let is_abbreviation = text.len() < 6 && text.chars().all(|c| c.is_ascii_alphabetic());
    Said {
        message: format!("`{name}` is `{text}`, and Postgres has no time zone of this name"),
        label: nearest.map_or_else(
            || "not a time zone".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        ),
        help: match nearest {
            Some(nearest) => format!("write `{nearest}`"),
            None if is_abbreviation => {
                "write a region and a city, such as `Europe/Berlin`: an abbreviation is not a zone"
                    .to_owned()
            }
            None => "write `UTC`, or a region and a city, such as `Europe/Berlin`".to_owned(),
        },
        meant: nearest.map(|nearest| (nearest.to_owned(), Applicability::Suggested)),
    }
}

fn no_switch(name: &str, text: &str) -> Said {
    let meant = match text.trim().to_lowercase().as_str() {
        "enable" | "enabled" | "active" | "oui" | "si" | "ja" | "da" | "yep" => Some("on"),
        "disable" | "disabled" | "inactive" | "non" | "nein" | "none" | "never" => Some("off"),
        trimmed if parameters::boolean(trimmed) == Some(true) => Some("on"),
        trimmed if parameters::boolean(trimmed) == Some(false) => Some("off"),
        _ => None,
    };
    Said {
        message: format!("`{name}` is on or off, and `{text}` is neither"),
        label: "not a switch".to_owned(),
        help: meant.map_or_else(
            || "write `on` or `off`".to_owned(),
            |meant| format!("write `{meant}`"),
        ),
        meant: meant.map(|meant| (meant.to_owned(), Applicability::Suggested)),
    }
}

fn no_word(parameter: &Parameter, text: &str) -> Said {
    let Kind::Enumeration(known, _) = parameter.kind else {
        return no_switch(parameter.name, text);
    };
    let nearest = beginning(text, known)
        .or_else(|| suggest::nearest(text, known))
        .filter(|nearest| !nearest.is_empty());
    let listed: Vec<&str> = known
        .iter()
        .copied()
        .filter(|word| !word.is_empty())
        .collect();
    Said {
        message: format!("`{}` does not take `{text}`", parameter.name),
        label: nearest.map_or_else(
            || "not one of its words".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        ),
        help: format!("write one of {}", words::list(&listed)),
        meant: nearest.map(|nearest| (nearest.to_owned(), Applicability::Suggested)),
    }
}

/// The only word that a text is the beginning of.
fn beginning<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let small = text.to_lowercase();
    let mut fitting = words.iter().filter(|word| word.starts_with(&small));
    let first = fitting.next().filter(|_| small.len() > 2)?;
    fitting.next().is_none().then_some(*first)
}

fn out_of_range(parameter: &Parameter, text: &str) -> Said {
    let range = range(parameter, text);
    let in_units = in_own_units(parameter, text);
    Said {
        message: match &in_units {
            Some(amount) => format!(
                "`{}` is `{text}`, which is {amount}, and Postgres takes {range}",
                parameter.name
            ),
            None => format!(
                "`{}` is `{text}`, and Postgres takes {range}",
                parameter.name
            ),
        },
        label: "out of range".to_owned(),
        help: match in_units {
            Some(_) => format!("write the unit, as in `{}GB`", text.trim()),
            None => format!("write {range}"),
        },
        meant: None,
    }
}

/// What a bare number counts for a parameter of memory, where it is too small: `64kB`.
fn in_own_units(parameter: &Parameter, text: &str) -> Option<String> {
    let Kind::Integer(quantity, ..) = parameter.kind else {
        return None;
    };
    let number: i64 = text.trim().parse().ok()?;
    let is_bare = quantity.is_memory() && number > 0 && parameter.is_below(text);
    is_bare.then(|| quantity.show(number))
}

/// `64kB` to `1GB`; a greatest that nobody meets is left out where the value is too small.
fn range(parameter: &Parameter, text: &str) -> String {
    match parameter.kind {
        Kind::Integer(quantity, least, _)
            if parameter.is_open_above() && parameter.is_below(text) =>
        {
            format!("`{}` or more", quantity.show(i64::from(least)))
        }
        Kind::Integer(quantity, least, greatest) => format!(
            "`{}` to `{}`",
            quantity.show(i64::from(least)),
            quantity.show(i64::from(greatest))
        ),
        Kind::Real(quantity, least, greatest) => {
            format!(
                "`{least}{}` to `{greatest}{}`",
                quantity.name(),
                quantity.name()
            )
        }
        Kind::Boolean | Kind::Text | Kind::Enumeration(..) => String::new(),
    }
}

fn no_number(parameter: &Parameter, text: &str, problem: NumberProblem) -> Said {
    let name = parameter.name;
    let (Kind::Integer(quantity, ..) | Kind::Real(quantity, ..)) = parameter.kind else {
        return no_switch(name, text);
    };
    if let Some((before, after)) = decimal_comma(text) {
        let is_decimal = matches!(parameter.kind, Kind::Real(..));
        // `1,000` may be a thousand.
        let is_certain = is_decimal && after.len() != 3;
        let meant = format!("{before}.{after}");
        return Said {
            message: if is_decimal {
                format!("`{name}` has a comma, and Postgres reads decimals with a dot")
            } else {
                format!("`{name}` has a comma, and Postgres reads numbers without")
            },
            label: "not a number".to_owned(),
            help: match (is_decimal, after.len()) {
                (true, _) => format!("write `{meant}`: quotes do not help"),
                (false, 3) => format!("write `{before}{after}`, if that is meant"),
                (false, _) => "write a whole number".to_owned(),
            },
            meant: is_certain.then_some((meant, Applicability::Suggested)),
        };
    }
    let trimmed = text.trim();
    let end = trimmed
        .rfind(|c: char| c.is_ascii_digit() || c == '.')
        .map_or(0, |at| at + 1);
    let (number, unit) = trimmed.split_at(end);
    let unit = unit.trim();
    if unit == "%" {
        return Said {
            message: format!("`{name}` is written as a share, and Postgres does not read `%`"),
            label: "not a number".to_owned(),
            help: match parameter.kind {
                Kind::Real(..) => "write it as a decimal: `0.2` is 20 %".to_owned(),
                Kind::Integer(..) | Kind::Boolean | Kind::Text | Kind::Enumeration(..) => {
                    match SHARES.iter().find(|(known, _)| *known == name) {
                        Some((_, share)) => format!(
                            "write TPA's variable `{share}`, where `0.25` is 25 %, or an amount such as `4GB`"
                        ),
                        None => format!("write {}", an_amount(quantity)),
                    }
                }
            },
            meant: None,
        };
    }
    match problem {
        NumberProblem::Unit if !number.is_empty() => {
            no_unit(parameter, number.trim(), unit, quantity)
        }
        NumberProblem::NoUnit if !number.is_empty() => Said {
            message: format!("`{name}` is a plain number, without a unit"),
            label: format!("`{unit}` is not read"),
            help: "write the number alone".to_owned(),
            meant: None,
        },
        NumberProblem::Fraction => Said {
            message: format!("`{name}` is a whole number up to Postgres 11"),
            label: "a fraction".to_owned(),
            help: "write a whole number of a smaller unit".to_owned(),
            meant: None,
        },
        NumberProblem::Unit
        | NumberProblem::NoUnit
        | NumberProblem::NotANumber
        | NumberProblem::TooLarge => Said {
            message: format!("`{name}` is a number, and `{text}` is not"),
            label: "not a number".to_owned(),
            help: if is_octal(trimmed) {
                format!(
                    "write `{}`: a leading zero means octal, which has no 8 and 9",
                    trimmed.trim_start_matches('0')
                )
            } else {
                format!("write {}", an_amount(quantity))
            },
            meant: is_octal(trimmed).then(|| {
                let meant = trimmed.trim_start_matches('0').to_owned();
                (meant, Applicability::Suggested)
            }),
        },
    }
}

fn no_unit(parameter: &Parameter, number: &str, unit: &str, quantity: Quantity) -> Said {
    let name = parameter.name;
    let units: Vec<&str> = quantity
        .units(12)
        .iter()
        .rev()
        .map(|unit| unit.name)
        .collect();
    let kind = if quantity.is_memory() {
        "memory"
    } else {
        "time"
    };
    let meant = parameter
        .unit_meant(unit)
        .map(|meant| format!("{number}{meant}"));
    Said {
        message: format!("`{name}` has a unit that Postgres does not read"),
        label: format!("`{unit}` is not a unit of {kind}"),
        help: match &meant {
            Some(meant) => format!(
                "write `{meant}`: the units of {kind} are {}, and their case counts",
                words::list(&units)
            ),
            None => format!("the units of {kind} are {}", words::list(&units)),
        },
        meant: meant.map(|meant| (meant, Applicability::Suggested)),
    }
}

fn an_amount(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Number => "a number",
        Quantity::Bytes | Quantity::Kilobytes | Quantity::Blocks | Quantity::Megabytes => {
            "an amount of memory, such as `64MB`"
        }
        Quantity::Milliseconds | Quantity::Seconds | Quantity::Minutes => {
            "a time, such as `30s` or `5min`"
        }
    }
}

/// `1,1`: digits, a comma, digits.
fn decimal_comma(text: &str) -> Option<(&str, &str)> {
    let (before, after) = text.trim().split_once(',')?;
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    (all_digits(before.trim_start_matches('-')) && all_digits(after)).then_some((before, after))
}

/// A whole number that C reads as octal, with digits that octal has not.
fn is_octal(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let digits = text.split_at(end).0;
    digits.len() > 1 && digits.starts_with('0') && digits.contains(['8', '9'])
}
