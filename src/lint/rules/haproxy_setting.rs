use crate::diagnostic::{Applicability, Level};
use crate::facts::haproxy::{BACKEND_KEY, BACKENDS, SERVER_OPTIONS};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::programs::haproxy::{self, Problem};
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::lint::words;
use crate::suggest;
use crate::tpa::view::{places, settings};
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds settings of HAProxy that TPA does not read, options of servers that HAProxy refuses or takes for something
    /// else, an address that it cannot listen on, and `haproxy_maxconn` of 0 or less, which sets no limit at all.
    ///
    /// ## Why is this bad?
    ///
    /// HAProxy does not start with one option that it refuses, on no machine: no client reaches the cluster. What TPA does
    /// not read has no effect, and nobody says so.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { haproxy_backend_settings = { be_readwrite = { default_server_options = ["fall 2"] } } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover patroni
    ///   balance haproxy
    ///   platform bare
    ///   location main { data 3 }
    ///   vars { haproxy_backend_settings = { be = { default_server_options = ["fall 2"] } } }
    /// }
    /// ```
    pub(super) static HAPROXY_SETTING = {
        name: "haproxy-setting",
        level: Error,
        summary: "a setting that HAProxy refuses or TPA does not read",
        consequence: "HAProxy does not start, and no client reaches the cluster",
    }
}

/// Lists of options, which TPA puts on one line with blanks between.
const OPTIONS: &[&str] = &[
    "haproxy_default_server_options",
    "haproxy_default_server_extra_options",
    "haproxy_server_options",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for scope in scopes::variables(context.subject) {
        for name in OPTIONS {
            if let Some(list) = scope.map.get(name) {
                options(&scope, &scope.key(name), list, findings);
            }
        }
        backends(&scope, findings);
        limit(&scope, findings);
        address(&scope, findings);
    }
}

fn options(scope: &Scope<'_>, key: &str, list: &Value, findings: &mut Of<'_>) {
    let items = list.as_list().unwrap_or_default();
    if items.iter().any(scopes::is_template) {
        return;
    }
    let mut all = Vec::new();
    let mut places = Vec::new();
    for item in items {
        for word in item.as_text().unwrap_or_default().split_whitespace() {
            all.push(word);
            places.push(item);
        }
    }
    for (at, option, problem) in haproxy::problems(&all) {
        let Some(item) = places.get(at) else { continue };
        let names: Vec<&str> = SERVER_OPTIONS.iter().map(|(name, _)| *name).collect();
        let (message, label, help) = match &problem {
            Problem::Unknown => (
                format!("HAProxy does not know the option `{option}`"),
                "not known".to_owned(),
                match nearest(option, &names) {
                    Some(nearest) => format!("write `{nearest}`"),
                    None => "remove it; options are words with blanks between, such as `inter 3s fall 3`"
                        .to_owned(),
                },
            ),
            Problem::Missing => (
                format!("`{option}` needs a value after it"),
                "no value".to_owned(),
                "write the value after the option, with a blank between".to_owned(),
            ),
            Problem::Value(value, expected) => (
                format!("HAProxy refuses `{option} {value}`"),
                format!("`{value}` is refused"),
                format!("write {expected}"),
            ),
            Problem::Read(value, number) => (
                format!("HAProxy reads `{option} {value}` as {number}"),
                format!("`{value}` means {number}"),
                "write a whole number".to_owned(),
            ),
            Problem::Here(why) => (
                format!("HAProxy refuses `{option}` here: {why}"),
                "refused".to_owned(),
                format!("remove `{option}`"),
            ),
        };
        let finding = findings
            .at(scope.entity.clone(), item.origin, message)
            .key(key)
            .label(label)
            .help(help);
        if matches!(problem, Problem::Read(..)) {
            finding
                .level(Level::Warning)
                .consequence("HAProxy drops what is not a number, and never says so");
        }
    }
}

/// The option that is meant, also where it is written with `=`.
fn nearest<'n>(option: &str, names: &[&'n str]) -> Option<&'n str> {
    let word = option.split(['=', ',', ':']).next().unwrap_or(option);
    let word = word.replace('_', "-").to_lowercase();
    let exact = names.iter().find(|name| **name == word).copied();
    exact.or_else(|| suggest::nearest(&word, names))
}

fn backends(scope: &Scope<'_>, findings: &mut Of<'_>) {
    const NAME: &str = "haproxy_backend_settings";
    let Some(backends) = scope.map.get(NAME).and_then(Value::as_map) else {
        return;
    };
    for (key, value) in backends.iter() {
        let Key::Text(backend) = key else { continue };
        if !BACKENDS.contains(&backend.as_str()) {
            let at = places::of_key(backends, backend).unwrap_or(value.origin);
            let meant = if backend.contains("ro") || backend.contains("read_only") {
                "be_ro"
            } else {
                "be"
            };
            findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!("TPA has no backend `{backend}`"),
                )
                .key(scope.key(NAME))
                .label(format!("did you mean `{meant}`?"))
                .consequence("TPA ignores all that stands below it, and never says so")
                .help("write `be` (writes), `be_ro` (reads) or `be_check_queue`")
                .fix(Applicability::Suggested, at, meant);
            continue;
        }
        let Some(settings) = value.as_map() else {
            if !scopes::is_template(value) {
                findings
                    .at(
                        scope.entity.clone(),
                        value.origin,
                        format!("`{backend}` is not a map with `{BACKEND_KEY}`"),
                    )
                    .key(scope.key(NAME))
                    .label("not a map")
                    .consequence("`tpaexec deploy` stops when it writes the file of HAProxy")
                    .help(format!("put the options into a list below `{BACKEND_KEY}`"));
            }
            continue;
        };
        for (key, value) in settings.iter() {
            let Key::Text(setting) = key else { continue };
            if setting == BACKEND_KEY && value.as_text().is_some_and(|text| !text.contains("{{")) {
                findings
                    .at(
                        scope.entity.clone(),
                        value.origin,
                        format!("`{BACKEND_KEY}` is a text, not a list"),
                    )
                    .key(scope.key(NAME))
                    .label("TPA puts a blank between its letters")
                    .help("put it into a list of texts");
                continue;
            }
            if setting == BACKEND_KEY {
                options(scope, &scope.key(NAME), value, findings);
                continue;
            }
            let at = places::of_key(settings, setting).unwrap_or(value.origin);
            findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!("TPA does not read the key `{setting}` of a backend"),
                )
                .key(scope.key(NAME))
                .label("has no effect")
                .consequence("TPA ignores it, and never says so")
                .help(format!(
                    "the only key is `{BACKEND_KEY}`, a list of options"
                ));
        }
    }
}

fn limit(scope: &Scope<'_>, findings: &mut Of<'_>) {
    const NAME: &str = "haproxy_maxconn";
    let Some(value) = scope.map.get(NAME) else {
        return;
    };
    let Some(number) = settings::number(Some(value)).filter(|number| number.value <= 0) else {
        return;
    };
    let (label, what) = if number.value == 0 {
        ("no limit", "no limit".to_owned())
    } else {
        ("wraps around", format!("{}", 4_294_967_296 + number.value))
    };
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("HAProxy takes `{NAME}` of {} for {what}", number.value),
        )
        .key(scope.key(NAME))
        .label(label)
        .level(Level::Warning)
        .consequence("nothing keeps clients back: Postgres refuses connections when `max_connections` is reached")
        .help("write how many connections a server takes, or leave it out: it is then 90 % of `max_connections`");
}

fn address(scope: &Scope<'_>, findings: &mut Of<'_>) {
    const NAME: &str = "haproxy_bind_address";
    let value = scope.map.get(NAME);
    let Some(value) = value.filter(|value| !scopes::is_template(value)) else {
        return;
    };
    let Some(text) = value.as_text() else { return };
    let Some(help) = no_address(text) else { return };
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("HAProxy cannot listen on `{text}`"),
        )
        .key(scope.key(NAME))
        .label("not an address")
        .help(help);
}

/// What to write instead of a text that is not an address.
fn no_address(text: &str) -> Option<String> {
    let is_v4 = |text: &str| text.parse::<std::net::Ipv4Addr>().is_ok();
    let is_v6 = text
        .trim_matches(['[', ']'])
        .parse::<std::net::Ipv6Addr>()
        .is_ok();
    if is_v4(text) || is_v6 || text == "*" {
        return None;
    }
    let address = text.split(['/', ':']).next().unwrap_or(text);
    if address != text && is_v4(address) {
        return Some(format!(
            "write `{address}` alone: TPA adds the port, and takes no mask here"
        ));
    }
    // HAProxy reads `10.0.1` as 10.0.0.1, and nothing as every address.
    let is_numeric = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_wrong = (is_numeric && text.split('.').count() > 3) || text.contains([' ', ',', '/']);
    is_wrong.then(|| {
        words::list(&["0.0.0.0", "127.0.0.1"]) + " and addresses of the machine are possible"
    })
}
