use std::net::Ipv4Addr;

use crate::diagnostic::{Applicability, Level};
use crate::facts::efm::{self, Kind};
use crate::lint::declared::{self, Declared};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, scopes, words};
use crate::topology::FailoverManager;
use crate::tpa::view::{Subject, truth};
use crate::value::{Data, Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds values in `efm_conf_settings` that EFM does not accept: booleans other than `true` and `false`, numbers that are
    /// out of range or have a unit, words that it does not know, and what is not an address, an e-mail address or an option
    /// of Java. It also finds times of its checks of the local database that do not go together.
    ///
    /// ## Why is this bad?
    ///
    /// TPA writes the values into efm.properties as they are, and the agent reads them when it starts.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { auto.failover = on; local.timeout = 60s } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = true }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { efm_conf_settings = { auto.failover = true; local.timeout = 60 } }
    /// }
    /// ```
    pub(super) static EFM_SETTING = {
        name: "efm-setting",
        level: Error,
        summary: "a value that EFM does not accept",
        consequence: "the EFM agent does not start, and nobody is promoted when the primary is lost",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Efm) {
        return;
    }
    for written in declared::variable(subject, "efm_conf_settings") {
        for (key, value) in written.value.as_map().into_iter().flat_map(Map::iter) {
            let Key::Text(name) = key else { continue };
            let is_unset = value.data == Data::Null || scopes::is_template(value);
            let Some(kind) = efm::kind(name).filter(|_| !is_unset) else {
                continue;
            };
            let Some(problem) = problem(kind, value) else {
                continue;
            };
            let spelling = value.spelling();
            let shown = spelling.map_or("a list or map".to_owned(), |text| format!("`{text}`"));
            let finding = findings
                .at(
                    written.entity.clone(),
                    declared::place_of(subject, value.origin),
                    format!("EFM does not accept {shown} for `{name}`"),
                )
                .key(format!("{}/{name}", written.key))
                .label(problem.label)
                .help(problem.help);
            if let Some(meant) = problem.meant {
                finding.fix(Applicability::Suggested, value.origin, meant);
            }
            if kind == Kind::Emails {
                finding.level(Level::Warning).consequence(
                    "nobody is told when the primary is lost or a standby is promoted",
                );
            }
        }
        local_checks(subject, &written, findings);
    }
}

/// Times of the checks of the local database that do not go together.
fn local_checks(subject: &Subject, written: &Declared<'_>, findings: &mut Of<'_>) {
    let time = |(name, default): (&str, i64)| {
        let value = written.value.as_map().and_then(|map| map.get(name));
        match value {
            Some(value) => truth::whole(value).map(|seconds| (seconds, Some(value.origin))),
            None => Some((default, None)),
        }
    };
    let [period, timeout, last] = efm::LOCAL_CHECKS;
    let Some((most, at_most)) = time(timeout) else {
        return;
    };
    for (name, default, is_wrong, consequence) in [
        (
            period.0,
            period.1,
            (|seconds, most| seconds >= most) as fn(i64, i64) -> bool,
            "no regular check can answer in time, so that EFM decides by its last one alone",
        ),
        (
            last.0,
            last.1,
            |seconds, most| seconds > most,
            "the last check waits longer than all before it, and a lost database is noticed late",
        ),
    ] {
        let Some((seconds, at_name)) = time((name, default)) else {
            continue;
        };
        let Some(at) = at_name.or(at_most).filter(|_| seconds > 0 && most > 0) else {
            continue;
        };
        if !is_wrong(seconds, most) {
            continue;
        }
        let finding = findings
            .at(
                written.entity.clone(),
                declared::place_of(subject, at),
                format!(
                    "`{name}` is {seconds} seconds, and `{}` only {most}",
                    timeout.0
                ),
            )
            .key(format!("{}/{name}", written.key))
            .label(format!("{seconds} against {most} seconds"))
            .help(format!(
                "write a `{name}` below `{}`; EFM's own are {default} and {}",
                timeout.0, timeout.1
            ))
            .level(Level::Warning)
            .consequence(consequence);
        match (at_name, at_most) {
            (Some(_), Some(other)) => {
                finding.related(other, format!("`{}`", timeout.0));
            }
            (Some(_), None) => {}
            // A timeout that is too low for both is one mistake.
            (None, _) => {
                finding.help(format!(
                    "write a `{}` above {seconds}; EFM's own is {}",
                    timeout.0, timeout.1
                ));
                return;
            }
        }
    }
}

/// What is wrong with a value.
struct Problem {
    label: String,
    help: String,
    meant: Option<String>,
}

fn problem(kind: Kind, value: &Value) -> Option<Problem> {
    match kind {
        Kind::Boolean => {
            let is_read = match &value.data {
                Data::Boolean(_) => true,
                Data::Text(text) => {
                    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
                }
                Data::Null | Data::Integer(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => {
                    false
                }
            };
            let meant = truth::module_bool(value).map(|meant| meant.to_string());
            (!is_read).then(|| Problem {
                label: "`true` or `false`".to_owned(),
                help: match &meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => "write `true` or `false`".to_owned(),
                },
                meant,
            })
        }
        Kind::Address => address(value),
        Kind::Emails => emails(value),
        Kind::JavaOptions => java_options(value),
        Kind::Integer(least) => number(value, least, i64::from(i32::MAX)),
        Kind::Port => number(value, 1, 65_535),
        Kind::Word(known) => {
            let spelling = value.spelling().unwrap_or_default();
            let is_read = known
                .iter()
                .any(|word| word.eq_ignore_ascii_case(&spelling));
            let meant = crate::suggest::nearest(&spelling, known).map(str::to_owned);
            (!is_read).then(|| Problem {
                label: "not a word that it knows".to_owned(),
                help: words::instead(&spelling, known),
                meant,
            })
        }
    }
}

/// What is made of digits and dots is an address of IPv4, or none at all.
fn address(value: &Value) -> Option<Problem> {
    let text = value.spelling().unwrap_or_default();
    let is_numeric = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-:%".contains(c);
    let is_read = if is_numeric {
        text.parse::<Ipv4Addr>().is_ok()
    } else {
        text.chars().all(is_name)
    };
    (!is_read).then(|| Problem {
        label: "not an address".to_owned(),
        help: "write an address that answers as long as the network is there, such as `10.0.0.254`: four numbers up to 255".to_owned(),
        meant: None,
    })
}

fn emails(value: &Value) -> Option<Problem> {
    let text = value.spelling().unwrap_or_default();
    let mut addresses = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
    let is_address = |part: &str| {
        let parts = part.split_once('@');
        parts
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
    };
    (!addresses.all(is_address)).then(|| Problem {
        label: "not an address of e-mail".to_owned(),
        help: "write an address with `@`, such as `dba@example.org`".to_owned(),
        meant: None,
    })
}

/// Options begin with a hyphen, and sizes of the heap are numbers of bytes, or of k, m or g.
fn java_options(value: &Value) -> Option<Problem> {
    let text = value.spelling().unwrap_or_default();
    let is_size = |size: &str| {
        let digits = size.trim_end_matches(|c: char| "kKmMgGtT".contains(c));
        size.len() <= digits.len() + 1
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let sizes = ["-Xmx", "-Xms", "-Xmn", "-Xss"];
    let is_option = |option: &str| {
        let size = sizes.iter().find_map(|begin| option.strip_prefix(begin));
        option.starts_with('-') && size.is_none_or(is_size)
    };
    let wrong = text.split_whitespace().find(|option| !is_option(option))?;
    Some(Problem {
        label: format!("Java does not start with `{wrong}`"),
        help: "write options as Java takes them: `-Xmx128m`".to_owned(),
        meant: None,
    })
}

fn number(value: &Value, least: i64, most: i64) -> Option<Problem> {
    let read = truth::whole(value);
    if read.is_some_and(|read| (least..=most).contains(&read)) {
        return None;
    }
    let meant = value
        .as_text()
        .and_then(|text| text.trim().strip_suffix('s'))
        .and_then(|digits| digits.trim().parse::<i64>().ok())
        .filter(|read| (least..=most).contains(read))
        .map(|read| read.to_string());
    let range = if most < i64::from(i32::MAX) {
        format!("{least} to {most}")
    } else {
        format!("{least} or more")
    };
    Some(Problem {
        help: match &meant {
            Some(meant) => format!("write `{meant}`"),
            None => format!("write a whole number without a unit, {range}"),
        },
        label: match read {
            Some(_) => range,
            None => "not a whole number".to_owned(),
        },
        meant,
    })
}
