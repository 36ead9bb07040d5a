//! `docs/errors.md` is generated from the error codes.

use m1c::backend::Backend;
use m1c::backend::limits::limits;
use m1c::check::{self, judge_config};
use m1c::cli::codes;
use m1c::diagnostic::{Code, Diagnostics};
use m1c::import;
use m1c::lint;

use crate::{memory, pages};

#[test]
fn the_page_of_errors_is_current() {
    pages::assert_current("docs/errors.md", &codes::page());
}

#[test]
fn names_of_codes_are_unique_and_in_kebab_case() {
    let names: Vec<&str> = codes::all().iter().map(|code| code.name).collect();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1], "two codes have one name");
    }
    for name in names {
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{name}"
        );
    }
}

#[test]
fn every_code_is_explained() {
    for code in codes::all() {
        let explanation = codes::explanation(code);
        assert!(
            explanation.ends_with(['.', '`', ':', ')', '|']),
            "{}",
            code.name
        );
    }
}

/// Codes that no example of a page can have: files that are too large for it, bytes that are not UTF-8, characters that
/// cannot be seen, options.
const WITHOUT_EXAMPLE: &[&str] = &[
    "control-character",
    "lock-outdated",
    "nesting-too-deep",
    "not-utf8",
    "too-large",
    "too-many-errors",
    "too-many-files",
    "too-many-mistakes",
    "tpa-conflict",
];

/// The source of examples that are locks.
const SPEEDY: &str = "\
cluster speedy {
  postgres postgresql 16
  failover repmgr
  platform bare

  location main { data 2 }
}
";

/// The codes of everything that is said about an example, in the place of or beside a lock.
fn said(language: &str, target: Option<Backend>, text: &str, lock: Option<&str>) -> Vec<String> {
    if language == "yaml" {
        let conditions = memory::conditions(&[]);
        let judged = judge_config("config.yml", text, &conditions);
        let diagnostics = judged.diagnostics.iter();
        return diagnostics
            .map(|diagnostic| diagnostic.code.name.to_owned())
            .collect();
    }
    let (text, lock) = match language {
        "toml" => (SPEEDY, Some(text)),
        _ => (text, lock),
    };
    let check::Checked {
        mut diagnostics,
        topology,
        ..
    } = memory::check_with_lock(text, lock);
    if let (Some(target), Some(topology)) = (target, &topology) {
        let mut more = Diagnostics::default();
        limits(target, topology, &mut more);
        diagnostics.extend(more.into_sorted());
    }
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name.to_owned())
        .collect()
}

/// The codes of what `m1c import` says about an example.
fn said_by_import(text: &str) -> Vec<String> {
    let imported = import::import("config.yml", text, import::Keeping::Source);
    let diagnostics = imported.diagnostics.iter();
    diagnostics
        .map(|diagnostic| diagnostic.code.name.to_owned())
        .collect()
}

/// Runs the examples of a page, and says whether it has one that fails and one that passes. A `toml beside` is the lock
/// of the sources after it.
fn run_examples(code: &Code) -> (bool, bool) {
    let page = codes::explanation(code);
    let (mut fails, mut passes) = (false, false);
    let mut lines = page.lines();
    let mut lock: Option<String> = None;
    while let Some(line) = lines.next() {
        let Some(mark) = line.strip_prefix("```") else {
            continue;
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = text.join("\n") + "\n";
        let mut words = mark.split(' ');
        let language = words.next().unwrap();
        let verdict = words.next().unwrap();
        let with = words.nth(1);
        let target = match with {
            Some("ansible") => Some(Backend::Ansible),
            Some("terraform") => Some(Backend::Terraform),
            _ => None,
        };
        if verdict == "beside" {
            lock = Some(text);
            continue;
        }
        let said = if with == Some("import") {
            said_by_import(&text)
        } else {
            said(language, target, &text, lock.as_deref())
        };
        if verdict == "fails" {
            assert_eq!(said, [code.name], "{}:\n{text}", code.name);
            fails = true;
        } else {
            assert!(said.is_empty(), "{}: {said:?}\n{text}", code.name);
            passes = true;
        }
    }
    (fails, passes)
}

#[test]
fn examples_of_errors_fail_and_pass_as_they_say() {
    for code in codes::all() {
        let has_examples = run_examples(code);
        let is_exempt = WITHOUT_EXAMPLE.contains(&code.name);
        assert_eq!(has_examples, (!is_exempt, !is_exempt), "{}", code.name);
    }
}

#[test]
fn pages_of_errors_name_codes_and_rules_that_exist() {
    let known = |name: &str| {
        let mut all = codes::all().into_iter();
        all.any(|code| code.name == name) || lint::rule(name).is_some()
    };
    for code in codes::all() {
        let page = codes::explanation(code);
        let last = page.lines().last().unwrap_or_default();
        let names: Vec<&str> = match page.rsplit_once("See also ") {
            Some((_, names)) => names.split('`').skip(1).step_by(2).collect(),
            None => panic!("{} has no neighbours: {last}", code.name),
        };
        for name in names {
            assert!(known(name), "{} names {name}", code.name);
        }
    }
}
