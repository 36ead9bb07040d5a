use crate::diagnostic::Applicability;
use crate::diagnostic::Level;
use crate::facts::choices::Platform;
use crate::facts::sysctl::NAMES;
use crate::facts::sysctl_limits::{GONE, RANGES, RARE};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::scopes::{self, Scope};
use crate::tpa::view::{places, truth};
use crate::value::{Key, Value};

rule! {
    /// ## What it does
    ///
    /// Finds keys of `sysctl_values` that the Linux kernel does not have and that are nearly called like one that it has.
    /// Of other names in `kernel.` and `vm.` it warns, and of the rest it says nothing: a kernel module may bring settings of
    /// its own. Also settings that newer kernels
    /// do not have any more, values of `vm.…` and the like that are not whole numbers, and those out of the kernel's range.
    ///
    /// ## Why is this bad?
    ///
    /// `sysctl` fails at a name that the kernel does not have, on every machine, and the deployment stops there.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { sysctl_values = { "vm.swapiness" = 1 } }
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
    ///   vars { sysctl_values = { "vm.swappiness" = 1 } }
    /// }
    /// ```
    pub(super) static SYSCTL_NAME = {
        name: "sysctl-name",
        level: Error,
        summary: "a kernel setting that there is not",
        consequence: "`sysctl` refuses the name on every machine, and `tpaexec deploy` stops",
    }
}

/// How the names of settings begin that take whole numbers alone.
const NUMERIC: &[&str] = &[
    "fs.aio-max-nr",
    "fs.file-max",
    "fs.nr_open",
    "kernel.shm",
    "net.core.rmem_max",
    "net.core.somaxconn",
    "net.core.wmem_max",
    "vm.",
];

/// A name that differs in more letters is another one.
const MOST_SLIPS: usize = 2;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    // TPA leaves the kernel of containers alone.
    if subject.is_on(Platform::Docker) {
        return;
    }
    for scope in scopes::variables(subject) {
        let Some(values) = scope.map.get("sysctl_values").and_then(Value::as_map) else {
            continue;
        };
        for (key, value) in values.iter() {
            let Key::Text(name) = key else { continue };
            let plain = name.replace('/', ".");
            if let Some((_, since, help)) = GONE.iter().find(|(gone, ..)| *gone == plain) {
                let at = places::of_key(values, name).unwrap_or(value.origin);
                findings
                    .at(
                        scope.entity.clone(),
                        at,
                        format!("the kernel has no setting `{name}` since {since}"),
                    )
                    .key(scope.key("sysctl_values"))
                    .label("gone")
                    .help(*help);
                continue;
            }
            let Some(meant) = meant(name) else {
                number(&scope, name, value, findings);
                range(&scope, &plain, value, findings);
                if is_unknown(&plain) {
                    let at = places::of_key(values, name).unwrap_or(value.origin);
                    findings
                        .at(
                            scope.entity.clone(),
                            at,
                            format!("m1c does not know the kernel setting `{name}`"),
                        )
                        .key(scope.key("sysctl_values"))
                        .label("not known")
                        .help("remove it, if `sysctl -a` on the machines does not list it")
                        .level(Level::Warning)
                        .consequence("if the kernel does not have it, `tpaexec deploy` stops");
                }
                continue;
            };
            let at = places::of_key(values, name).unwrap_or(value.origin);
            findings
                .at(
                    scope.entity.clone(),
                    at,
                    format!("the kernel has no setting `{name}`"),
                )
                .key(scope.key("sysctl_values"))
                .label(format!("did you mean `{meant}`?"))
                .help(format!("write `{meant}`"))
                .fix(Applicability::Suggested, at, format!("\"{meant}\""));
        }
    }
}

/// Whether the kernel no longer has a setting.
pub(super) fn is_gone(name: &str) -> bool {
    let plain = name.replace('/', ".");
    GONE.iter().any(|(gone, ..)| *gone == plain)
}

/// Whether a name is in no kernel that m1c knows, in the sections that modules seldom add to.
fn is_unknown(name: &str) -> bool {
    let section = name.split_once('.');
    section.is_some_and(|(section, rest)| {
        matches!(section, "kernel" | "vm")
            && !rest.contains('.')
            && NAMES.binary_search(&name).is_err()
            && !RARE.contains(&name)
    })
}

/// A number that the kernel refuses.
fn range(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    let (Some((_, least, most)), Some(number)) = (
        RANGES.iter().find(|(known, ..)| *known == name),
        truth::whole(value),
    ) else {
        return;
    };
    if !(*least..=*most).contains(&number) {
        findings
            .at(
                scope.entity.clone(),
                value.origin,
                format!("`{name}` is {number}, and the kernel takes {least} to {most}"),
            )
            .key(scope.key("sysctl_values"))
            .label("the kernel refuses it")
            .help(format!("write {least} to {most}"));
    }
}

/// A value that is not a whole number, for settings that take nothing else.
fn number(scope: &Scope<'_>, name: &str, value: &Value, findings: &mut Of<'_>) {
    let Some(text) = value.as_text().filter(|_| !scopes::is_template(value)) else {
        return;
    };
    // Ansible makes 1 and 0 of these.
    let is_switch = matches!(
        text.to_lowercase().as_str(),
        "y" | "yes" | "on" | "true" | "t" | "n" | "no" | "off" | "false" | "f"
    );
    let is_number = |word: &str| word.parse::<i128>().is_ok();
    let takes_numbers = NUMERIC.iter().any(|begin| name.starts_with(begin));
    if !takes_numbers
        || name.contains("zonelist")
        || is_switch
        || text.split_whitespace().all(is_number)
    {
        return;
    }
    findings
        .at(
            scope.entity.clone(),
            value.origin,
            format!("`{name}` takes a whole number, not `{text}`"),
        )
        .key(scope.key("sysctl_values"))
        .label("the kernel refuses it")
        .help("write the number alone, without a unit");
}

/// The setting that a name is a slip of; nothing for one that the kernel has and for one that is near none.
fn meant(written: &str) -> Option<String> {
    let mut parts: Vec<&str> = written.split(['.', '/']).collect();
    // Every interface has the settings of the default one.
    let interface = match parts.as_slice() {
        ["net", "ipv4" | "ipv6", "conf" | "neigh", interface, _] => Some(*interface),
        _ => None,
    };
    let is_default = matches!(interface, None | Some("all" | "default"));
    if let (false, Some(part)) = (is_default, parts.get_mut(3)) {
        *part = "default";
    }
    let name = parts.join(".");
    if NAMES.binary_search(&name.as_str()).is_ok() {
        return None;
    }
    let last = |name: &'static str| name.rsplit('.').next() == parts.last().copied();
    let near = NAMES
        .iter()
        .filter(|known| {
            known.len().abs_diff(name.len()) <= MOST_SLIPS && !differ_in_digits(known, &name)
        })
        .map(|known| (strsim::damerau_levenshtein(known, &name), *known))
        .filter(|(slips, _)| *slips <= MOST_SLIPS && name.len() > 4 * slips)
        .min()
        .map(|(_, known)| known);
    // The right name in another section, or in none.
    let elsewhere = || {
        let mut same = NAMES
            .iter()
            .copied()
            .filter(|known| last(known) && !known.contains(".default."));
        let only = same.next()?;
        same.next().is_none().then_some(only)
    };
    let known = near.or_else(elsewhere)?;
    Some(match interface {
        Some(interface) if !is_default => known.replacen(".default.", &format!(".{interface}."), 1),
        Some(_) | None => known.to_owned(),
    })
}

/// Whether two names are the same but for their digits, as those of IPv4 and IPv6 are.
fn differ_in_digits(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        name.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    letters(one) == letters(other)
}
