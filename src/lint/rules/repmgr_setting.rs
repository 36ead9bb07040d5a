mod words_of_repmgr;

use crate::diagnostic::{Applicability, Level};
use crate::facts::repmgr::{Kind, OF_TPA, OLD_NAMES, SETTINGS, UNITS, find};
use crate::lint::declared::{self, Declared};
use crate::lint::finding::{Finding, Of};
use crate::lint::rule::rule;
use crate::lint::{Context, scopes, words};
use crate::origin::{Origin, Sourced};
use crate::suggest::nearest;
use crate::topology::FailoverManager;
use crate::tpa::view::repmgr::{Line, boolean, integer, line};
use crate::tpa::view::{Entity, Subject, repmgr, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds settings of repmgr that it refuses, ignores, or reads as something else: in the lines of
    /// `repmgr_conf_settings`, which TPA appends to repmgr.conf, and in the variables `repmgr_…`. It also finds times after
    /// which a failover comes too early or too late.
    ///
    /// ## Why is this bad?
    ///
    /// repmgr and repmgrd do not start with a value that they refuse, so that nobody watches the primary. Of names that they
    /// do not know they write a warning into a log. Of `0x10` and `1min` they read what they understand: 0 and 1.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { repmgr_conf_settings = ["promote_comand='/usr/local/bin/promote'", "priority=0x10"] }
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
    ///   location main { data 3 }
    ///   vars { repmgr_conf_settings = ["promote_command='/usr/local/bin/promote'", "priority=16"] }
    /// }
    /// ```
    pub(super) static REPMGR_SETTING = {
        name: "repmgr-setting",
        level: Error,
        summary: "a setting that repmgr refuses, ignores or misreads",
        consequence: "repmgr and repmgrd do not start, and nobody is promoted when the primary is lost",
    }
}

/// Variables of TPA that become settings of repmgr.conf, and whose values are numbers.
const VARIABLES: [(&str, &str); 3] = [
    ("repmgr_priority", "priority"),
    ("repmgr_reconnect_attempts", "reconnect_attempts"),
    ("repmgr_reconnect_interval", "reconnect_interval"),
];

/// Whoever waits longer for a primary, in seconds, does not wait for a network.
const LONG: i64 = 600;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Repmgr) {
        return;
    }
    for written in declared::variable(subject, "repmgr_conf_settings") {
        let mut file = File {
            subject,
            written: &written,
            read: Vec::new(),
            findings,
        };
        for item in written.value.as_list().unwrap_or_default() {
            file.item(item);
        }
        file.together();
    }
    for written in declared::variable(subject, "event_notifications") {
        if let Some(text) = written.value.as_text() {
            let Declared { entity, key, value } = &written;
            let at = declared::place_of(subject, value.origin);
            for unknown in words_of_repmgr::events(text) {
                let finding = findings.at(entity.clone(), at, unknown.message.clone());
                unknown.say(subject, finding.key(key.as_str()), value, text);
            }
        }
    }
    for (variable, setting) in VARIABLES {
        for written in declared::variable(subject, variable) {
            number_variable(subject, variable, setting, &written, findings);
        }
    }
    for written in declared::variable(subject, "repmgr_location") {
        if written.value.as_text() == Some("") {
            findings
                .at(
                    written.entity,
                    declared::place_of(subject, written.value.origin),
                    "`repmgr_location` is empty, which repmgr takes for `default`",
                )
                .key(written.key)
                .label("the site `default`")
                .help("write a name, or remove it")
                .consequence("the node is at another site than the one that was meant")
                .level(Level::Warning);
        }
    }
}

/// The lines of one `repmgr_conf_settings`.
struct File<'f, 's, 'o> {
    subject: &'s Subject,
    written: &'f Declared<'s>,
    /// What was read, the later behind the earlier.
    read: Vec<(&'static str, Sourced<String>)>,
    findings: &'f mut Of<'o>,
}

impl<'s> File<'_, 's, '_> {
    fn at(&mut self, at: Origin, message: String) -> &mut Finding {
        self.findings
            .at(
                self.written.entity.clone(),
                declared::place_of(self.subject, at),
                message,
            )
            .key(self.written.key.clone())
    }

    fn item(&mut self, item: &'s Value) {
        if scopes::is_template(item) {
            return;
        }
        let Some(text) = item.as_text() else {
            self.at(
                item.origin,
                "an item of `repmgr_conf_settings` is not a line".to_owned(),
            )
            .label("a text such as `name=value`")
            .help("write each setting as a text of its own: `\"priority=100\"`");
            return;
        };
        for one in text.lines() {
            self.line(one, item);
        }
    }

    fn line(&mut self, text: &str, item: &Value) {
        match line(text) {
            Line::Empty => {}
            Line::Broken(rest) => {
                let stops = if rest.trim().is_empty() {
                    "the value is missing".to_owned()
                } else {
                    format!("it stops at `{rest}`")
                };
                self.at(item.origin, format!("repmgr cannot read the line `{text}`"))
                    .label(stops)
                    .help("write `name=value`, with a value in single quotes if it holds blanks or other signs");
            }
            Line::Setting { name, value } => self.setting(name, &value, text, item),
        }
    }

    fn setting(&mut self, name: &str, value: &str, text: &str, item: &Value) {
        if ["include", "include_dir", "include_if_exists"]
            .iter()
            .any(|include| include.eq_ignore_ascii_case(name))
        {
            return;
        }
        let Some(known) = find(name) else {
            self.unknown(name, text, item);
            return;
        };
        let earlier = self.read.iter().any(|(other, _)| *other == known.name);
        if earlier && known.name != "tablespace_mapping" {
            self.at(item.origin, format!("`{name}` is in repmgr.conf twice"))
                .label("this one counts")
                .help("remove one of the two")
                .consequence("the earlier one has no effect")
                .level(Level::Warning);
        }
        self.read
            .push((known.name, Sourced::new(value.to_owned(), item.origin)));
        match known.kind {
            Kind::Integer(least) => self.number(name, value, least, text, item),
            Kind::Boolean => {
                if boolean(value).is_none() {
                    self.at(
                        item.origin,
                        format!("repmgr cannot read `{value}` as the boolean of `{name}`"),
                    )
                    .label("not a boolean")
                    .help(format!("write `\"{name}=true\"` or `\"{name}=false\"`"));
                }
            }
            Kind::Word(known) => {
                if !known.contains(&value) {
                    self.word(name, value, known, item);
                }
            }
            Kind::AnyCase(known) => {
                if !known.iter().any(|word| word.eq_ignore_ascii_case(value)) {
                    self.word(name, value, known, item);
                }
            }
            Kind::Delay => self.delay(name, value, item),
            Kind::Mapping => {
                let parts = value.split_once('=');
                if parts.is_none_or(|(old, new)| old.is_empty() || new.is_empty()) {
                    self.at(
                        item.origin,
                        format!("repmgr cannot read `{value}` as a mapping of tablespaces"),
                    )
                    .label("not `OLD=NEW`")
                    .help("write `tablespace_mapping='/old/folder=/new/folder'`");
                }
            }
            Kind::Text => {}
            Kind::Level => self.warned(words_of_repmgr::level(value), text, item),
            Kind::Facility => self.warned(words_of_repmgr::facility(value), text, item),
            Kind::Events => self.warned(words_of_repmgr::events(value), text, item),
        }
        if let Some((_, whose)) = OF_TPA.iter().find(|(of_tpa, _)| *of_tpa == known.name) {
            self.belongs_to_tpa(known.name, whose, item);
        }
    }

    /// Words of which repmgr only logs a warning.
    fn warned(
        &mut self,
        unknown: impl IntoIterator<Item = words_of_repmgr::Unknown>,
        text: &str,
        item: &Value,
    ) {
        let subject = self.subject;
        for unknown in unknown {
            let finding = self.at(item.origin, unknown.message.clone());
            unknown.say(subject, finding, item, text);
        }
    }

    fn belongs_to_tpa(&mut self, name: &str, whose: &str, item: &Value) {
        let is_shared = !matches!(self.written.entity, Entity::Instance(_));
        let finding = self.at(
            item.origin,
            format!("TPA writes `{name}` to repmgr.conf itself, and of two the last one counts"),
        );
        finding
            .label("replaces TPA's")
            .help(format!("remove it: {whose}"));
        if is_shared && name != "data_directory" {
            finding.consequence(
                "every machine registers as the same one, and repmgr follows and promotes nobody",
            );
        } else {
            finding
                .level(Level::Warning)
                .consequence("repmgr looks for the machine or its data where TPA did not put them");
        }
    }

    fn unknown(&mut self, name: &str, text: &str, item: &Value) {
        let old = OLD_NAMES.iter().find(|(old, _)| *old == name);
        let mut known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        known.push("include");
        let meant = match old {
            Some((_, now)) => *now,
            None => nearest(name, &known),
        };
        let subject = self.subject;
        let finding = self.at(item.origin, format!("repmgr has no setting `{name}`"));
        finding.consequence("repmgr ignores it, and only logs a warning");
        match meant {
            Some(meant) => {
                finding
                    .label(format!("did you mean `{meant}`?"))
                    .help(format!("write `{meant}`"));
                let mended = text.replacen(name, meant, 1);
                if item.as_text() == Some(text) {
                    finding.fix(
                        Applicability::Suggested,
                        item.origin,
                        words::literal(subject, &mended),
                    );
                }
            }
            None => {
                finding
                    .label("has no effect")
                    .help("remove it")
                    .level(Level::Warning);
            }
        }
    }

    fn number(&mut self, name: &str, value: &str, least: i64, text: &str, item: &Value) {
        let read = integer(value);
        let is_whole = value.trim().parse::<i64>().is_ok();
        match read {
            None => {
                self.at(
                    item.origin,
                    format!("repmgr cannot read `{value}` as the number of `{name}`"),
                )
                .label("not a number")
                .help(format!("write a whole number, {least} or more"));
            }
            Some(_) if value.is_empty() => {
                self.at(item.origin, format!("repmgr reads the empty `{name}` as 0"))
                    .label("means 0")
                    .help(format!("write a whole number, {least} or more"))
                    .consequence("repmgr goes on with a number that nobody meant");
            }
            Some(read) if read < least => {
                self.at(
                    item.origin,
                    format!("repmgr does not accept {read} for `{name}`"),
                )
                .label(format!("{least} or more"))
                .help(format!("write {least} or more"));
            }
            Some(read) if i32::try_from(read).is_err() => {
                self.at(
                    item.origin,
                    format!("repmgr does not accept {read} for `{name}`"),
                )
                .label("above 2147483647")
                .help("write a smaller number");
            }
            Some(read) if !is_whole => {
                let meant = meant(value);
                let subject = self.subject;
                let finding = self
                    .at(
                        item.origin,
                        format!("repmgr reads the `{name}` of `{value}` as {read}"),
                    )
                    .label(format!("means {read}"))
                    .help(match meant {
                        Some(meant) => format!("write `{name}={meant}`"),
                        None => "write a decimal whole number without a unit".to_owned(),
                    })
                    .consequence("repmgr goes on with a number that nobody meant");
                if let Some(meant) = meant.filter(|_| item.as_text() == Some(text)) {
                    let mended = text.replacen(value, &meant.to_string(), 1);
                    finding.fix(
                        Applicability::Suggested,
                        item.origin,
                        words::literal(subject, &mended),
                    );
                }
            }
            Some(_) => {}
        }
    }

    fn word(&mut self, name: &str, value: &str, known: &[&str], item: &Value) {
        self.at(
            item.origin,
            format!("repmgr does not know `{value}` as a value of `{name}`"),
        )
        .label("not a word that it knows")
        .help(words::instead(value, known));
    }

    fn delay(&mut self, name: &str, value: &str, item: &Value) {
        let digits = value.trim_start_matches(['-', '+']);
        let unit = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_negative = integer(value).is_some_and(|read| read < 0);
        if !is_negative && (unit.is_empty() || UNITS.contains(&unit)) {
            return;
        }
        self.at(
            item.origin,
            format!("repmgr cannot read `{value}` as the time of `{name}`"),
        )
        .label("a number with a unit")
        .help(format!("write a number with one of {}", words::list(UNITS)));
    }

    /// What is wrong with settings that go together.
    fn together(&mut self) {
        for (lower, default, higher, higher_default, may_equal) in [
            (
                "archive_ready_warning",
                16,
                "archive_ready_critical",
                128,
                false,
            ),
            (
                "replication_lag_warning",
                300,
                "replication_lag_critical",
                600,
                false,
            ),
            (
                "node_rejoin_timeout",
                60,
                "standby_reconnect_timeout",
                60,
                true,
            ),
        ] {
            let number = |name: &str| {
                let (_, value) = self.read.iter().rev().find(|(known, _)| *known == name)?;
                // Of what repmgr misreads that is said.
                Some(Sourced::new(value.value.trim().parse().ok()?, value.origin))
            };
            let (low, high) = (number(lower), number(higher));
            let Some(at) = high.as_ref().or(low.as_ref()).map(|number| number.origin) else {
                continue;
            };
            let low = low.map_or(default, |number| number.value);
            let high = high.map_or(higher_default, |number| number.value);
            if low < high || (may_equal && low == high) {
                continue;
            }
            let least = if may_equal { "at least" } else { "more than" };
            self.at(
                at,
                format!("`{higher}` is {high}, and must be {least} `{lower}`, which is {low}"),
            )
            .label("too low")
            .help(format!(
                "write a `{higher}` of {least} {low}, or a lower `{lower}`"
            ));
        }
        for name in ["promote_command", "follow_command"] {
            let last = self.read.iter().rev().find(|(known, _)| *known == name);
            if let Some((_, empty)) = last.filter(|(_, value)| value.value.is_empty()) {
                let at = empty.origin;
                self.at(at, format!("repmgrd does not start without a `{name}`"))
                    .label("empty")
                    .help("remove the line: TPA writes a command of its own");
            }
        }
        for name in ["reconnect_attempts", "reconnect_interval"] {
            let last = self.read.iter().rev().find(|(known, _)| *known == name);
            let Some((_, value)) = last else { continue };
            let (Ok(read), at) = (value.value.trim().parse(), value.origin) else {
                continue;
            };
            if let Some(wait) = Wait::of(self.subject, name, read) {
                wait.say(self.at(at, wait.message.clone()));
            }
        }
    }
}

/// A time after which a failover comes too early or too late.
struct Wait {
    message: String,
    label: &'static str,
    help: &'static str,
    consequence: &'static str,
}

impl Wait {
    fn of(subject: &Subject, setting: &str, read: i64) -> Option<Wait> {
        let primary = subject.primary()?;
        let (attempts, interval) = repmgr::attempts_and_interval(subject, primary);
        // Without attempts that is said, and the default tells how long the interval is.
        let attempts = if attempts > 0 { attempts } else { 6 };
        let seconds = match setting {
            "reconnect_attempts" => read.saturating_mul(interval),
            _ => read.saturating_mul(attempts),
        };
        let is_attempts = setting == "reconnect_attempts";
        if read == 0 {
            let message =
                format!("with `{setting}` 0 repmgr does not wait for a primary to come back");
            return Some(Wait {
                message,
                label: "no second try",
                help: if is_attempts {
                    "write 3 or more, or remove it: TPA takes 6"
                } else {
                    "write 5 or more, or remove it: TPA takes 10 seconds"
                },
                consequence: "a short break of the network makes another primary, while the old one takes writes",
            });
        }
        // The interval is said where both make it long.
        let is_other = is_attempts && interval.saturating_mul(6) > LONG;
        (seconds > LONG && !is_other).then(|| Wait {
            message: format!(
                "repmgr waits {} minutes for a lost primary before it promotes another",
                seconds / 60
            ),
            label: "very long",
            help: "let `reconnect_attempts` times `reconnect_interval` be a minute or two",
            consequence: "for so long the cluster takes no writes after the loss of its primary",
        })
    }

    fn say(&self, finding: &mut Finding) {
        finding
            .label(self.label)
            .help(self.help)
            .consequence(self.consequence)
            .level(Level::Warning);
    }
}

/// A number that cannot have been meant as repmgr reads it.
fn meant(value: &str) -> Option<i64> {
    if let Some(hexadecimal) = value.strip_prefix("0x") {
        return i64::from_str_radix(hexadecimal, 16).ok();
    }
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match value.get(digits.len()..)? {
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

/// A variable of TPA that is a number for repmgr.
fn number_variable(
    subject: &Subject,
    variable: &str,
    setting: &str,
    written: &Declared<'_>,
    findings: &mut Of<'_>,
) {
    let Some(number) = settings::number(Some(written.value)) else {
        return;
    };
    let at = declared::place_of(subject, number.origin);
    let read = number.value;
    if read < 0 || i32::try_from(read).is_err() {
        findings
            .at(
                written.entity.clone(),
                at,
                format!("repmgr does not accept {read} for `{setting}`"),
            )
            .key(written.key.clone())
            .label(if read < 0 {
                "0 or more"
            } else {
                "above 2147483647"
            })
            .help(format!(
                "write a number from 0 in `{variable}`, or remove it"
            ));
        return;
    }
    if setting == "priority" {
        return;
    }
    if let Some(wait) = Wait::of(subject, setting, read) {
        let finding = findings.at(written.entity.clone(), at, wait.message.clone());
        wait.say(finding.key(written.key.clone()));
    }
}
