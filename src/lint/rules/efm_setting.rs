use crate::diagnostic::Applicability;
use crate::facts::efm::{self, Kind};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, scopes, words};
use crate::topology::FailoverManager;
use crate::tpa::view::truth;
use crate::value::{Data, Key, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds values in `efm_conf_settings` that EFM does not accept: booleans other than `true` and `false`, numbers that are
    /// out of range or have a unit, and words that it does not know.
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
