//! The walls of the house: which module may use which, and which crate is allowed where.
//!
//! One crate has no walls that the compiler enforces, so this reads the paths that every source file names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use m1c::facts::choices::{Compliance, FailoverManager, Flavour, Platform};
use m1c::facts::roles::Role;
use m1c::facts::services::{Service, Setting};

/// What each module may use of the others. `ARCHITECTURE.md` says why.
const WALLS: &[(&str, &[&str])] = &[
    (
        "backend",
        &[
            "diagnostic",
            "facts",
            "origin",
            "source",
            "topology",
            "tpa",
            "value",
            "yaml",
        ],
    ),
    (
        "check",
        &[
            "diagnostic",
            "facts",
            "format",
            "library",
            "lint",
            "load",
            "lock",
            "lower",
            "model",
            "require",
            "resolve",
            "source",
            "syntax",
            "topology",
            "tpa",
            "yaml",
        ],
    ),
    ("diagnostic", &["origin", "source"]),
    (
        "diff",
        &[
            "facts", "origin", "schema", "source", "topology", "tpa", "value",
        ],
    ),
    ("facts", &[]),
    ("format", &["source", "syntax"]),
    ("hba", &[]),
    (
        "import",
        &[
            "backend",
            "check",
            "diagnostic",
            "facts",
            "format",
            "load",
            "lock",
            "origin",
            "output",
            "resolve",
            "schema",
            "source",
            "syntax",
            "topology",
            "tpa",
            "value",
            "yaml",
        ],
    ),
    ("library", &["source"]),
    (
        "lint",
        &[
            "diagnostic",
            "facts",
            "hba",
            "origin",
            "resolve",
            "schema",
            "source",
            "suggest",
            "topology",
            "tpa",
            "value",
            "yaml",
        ],
    ),
    (
        "load",
        &["diagnostic", "library", "source", "suggest", "syntax"],
    ),
    ("lock", &["diagnostic", "load", "origin", "source"]),
    (
        "lower",
        &[
            "diagnostic",
            "facts",
            "lock",
            "model",
            "origin",
            "schema",
            "source",
            "suggest",
            "topology",
            "value",
        ],
    ),
    (
        "lsp",
        &[
            "check",
            "diagnostic",
            "facts",
            "format",
            "import",
            "library",
            "lint",
            "load",
            "lock",
            "model",
            "origin",
            "pages",
            "resolve",
            "schema",
            "simulate",
            "source",
            "syntax",
            "topology",
            "tpa",
            "value",
        ],
    ),
    ("model", &["facts", "origin", "schema", "source", "value"]),
    ("origin", &["source"]),
    ("output", &["report"]),
    ("pages", &[]),
    (
        "report",
        &[
            "diagnostic",
            "diff",
            "facts",
            "lint",
            "pages",
            "simulate",
            "source",
        ],
    ),
    (
        "require",
        &["diagnostic", "simulate", "source", "topology", "tpa"],
    ),
    (
        "resolve",
        &[
            "diagnostic",
            "facts",
            "library",
            "load",
            "model",
            "origin",
            "schema",
            "source",
            "suggest",
            "syntax",
            "value",
        ],
    ),
    ("schema", &["facts"]),
    (
        "simulate",
        &["facts", "origin", "schema", "source", "topology", "tpa"],
    ),
    ("source", &[]),
    ("suggest", &["diagnostic", "schema"]),
    ("syntax", &["diagnostic", "source"]),
    ("topology", &["facts", "lock", "origin", "source", "value"]),
    (
        "tpa",
        &[
            "facts", "format", "lock", "origin", "resolve", "schema", "source", "suggest",
            "syntax", "topology", "value", "yaml",
        ],
    ),
    ("value", &["origin", "source"]),
    ("yaml", &[]),
];

/// The one place or the few places where a crate, or a part of the standard library, may be named.
const CRATES: &[(&str, &[&str])] = &[
    ("pest", &["src/syntax/grammar.rs", "src/syntax/build"]),
    ("pest_derive", &["src/syntax/grammar.rs"]),
    ("codespan_reporting", &["src/report"]),
    ("clap", &["src/cli"]),
    ("clap_complete", &["src/cli"]),
    ("clap_mangen", &["src/cli"]),
    ("rayon", &["src/cli", "src/lint/judge.rs"]),
    ("ignore", &["src/cli"]),
    ("indicatif", &["src/cli"]),
    ("tempfile", &["src/cli"]),
    ("anstream", &["src/cli"]),
    ("minijinja", &["src/tpa"]),
    ("miette", &["src/report/lint.rs"]),
    ("textwrap", &["src/report/lint.rs"]),
    ("toml", &["src/cli/lint/settings.rs", "src/lock/read.rs"]),
    ("toml_writer", &["src/lock/write.rs"]),
    ("terminal_size", &["src/cli"]),
    ("serde_json", &["src/report", "src/cli", "src/lsp"]),
    ("lsp_server", &["src/lsp"]),
    ("mimalloc", &["src/main.rs"]),
    ("percent_encoding", &["src/lsp/uri.rs"]),
    ("rustix", &["src/cli/lsp.rs"]),
    ("gen_lsp_types", &["src/lsp"]),
    ("serde_yaml", &["src/value", "src/yaml", "src/tpa"]),
    ("std::fs", &["src/cli"]),
    ("std::env", &["src/cli", "src/main.rs"]),
    ("std::process", &["src/cli", "src/main.rs"]),
];

/// Words of TPA in quotes outside of `facts` and `schema`, by file. The list may only shrink: such words are names of
/// other things there (users, packages, repositories, statements), or stand for what somebody may write by mistake.
const QUOTED: &[(&str, &[&str])] = &[
    ("src/backend/terraform/aws/text.rs", &["aws"]),
    ("src/lint/database.rs", &["efm", "patroni", "repmgr"]),
    ("src/lint/instance_names.rs", &["bare"]),
    ("src/lint/rules/edb_repo_required.rs", &["patroni"]),
    ("src/lint/rules/efm_settings_dropped.rs", &["admin.port"]),
    (
        "src/lint/rules/package_version_pin.rs",
        &["patroni", "repmgr"],
    ),
    (
        "src/lint/rules/protected_setting.rs",
        &["postgres_port", "repmgr"],
    ),
    (
        "src/lint/rules/reserved_db_object.rs",
        &["efm", "patroni", "repmgr"],
    ),
    ("src/lint/rules/reserved_hostname.rs", &["patroni"]),
    (
        "src/lint/rules/unknown_role.rs",
        &["log-server", "pem-server"],
    ),
    ("src/syntax/errors/text.rs", &["efm", "patroni", "repmgr"]),
    ("src/tpa/builds.rs", &["epas", "patroni"]),
    (
        "src/tpa/configure/options/software.rs",
        &[
            "beacon-agent",
            "patroni",
            "pem-agent",
            "pem-server",
            "repmgr",
        ],
    ),
    (
        "src/tpa/configure/overrides/effects.rs",
        &["epas", "patroni"],
    ),
];

fn source_files() -> Vec<PathBuf> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files);
    files.sort();
    files
}

/// The module that a file belongs to: the first part of its path below `src`.
fn module(path: &Path) -> String {
    let first = path.iter().nth(1).unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without comments, so that prose may name what it likes.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The names after every `crate::`, also in `use crate::{…}`.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for behind in code.split("crate::").skip(1) {
        assert!(
            !behind.starts_with('{'),
            "`use crate::{{…}}` hides what is used: one line a module"
        );
        let name: String = behind
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        used.insert(name);
    }
    used
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let behind = &code[at + name.len()..];
        let starts = before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == ':'));
        starts
            && (behind.starts_with("::")
                || (name.contains("::") && behind.starts_with([';', ':', ',', '}'])))
    })
}

#[test]
fn modules_use_only_what_their_wall_allows() {
    let mut broken = Vec::new();
    for path in source_files() {
        let module = module(&path);
        if matches!(module.as_str(), "cli" | "lib" | "main") {
            continue;
        }
        let (_, allowed) = WALLS
            .iter()
            .find(|(known, _)| *known == module)
            .unwrap_or_else(|| panic!("`{module}` is in no wall"));
        for used in used_modules(&code(&path)) {
            if used != module && !allowed.contains(&used.as_str()) {
                broken.push(format!("{} uses `{used}`", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_wall_is_as_high_as_it_can_be() {
    for (module, allowed) in WALLS {
        let files = source_files();
        let own = files.iter().filter(|path| self::module(path) == *module);
        let used: BTreeSet<String> = own.flat_map(|path| used_modules(&code(path))).collect();
        for allowed in *allowed {
            assert!(
                used.contains(*allowed),
                "`{module}` may use `{allowed}` and does not: lower the wall"
            );
        }
    }
}

#[test]
fn the_walls_stand_in_the_architecture() {
    let mut table = String::from("| module | may use |\n|---|---|\n");
    for (module, allowed) in WALLS {
        let allowed = match *allowed {
            [] => "nothing of ours".to_owned(),
            allowed => allowed.join(", "),
        };
        table.push_str(&format!("| `{module}` | {allowed} |\n"));
    }
    table.push_str("| `cli` | everything |\n");
    let architecture = fs::read_to_string("ARCHITECTURE.md").unwrap();
    assert!(
        architecture.contains(&table),
        "ARCHITECTURE.md does not have these walls:\n{table}"
    );
}

/// The words that stand for something of TPA's. Roles whose names are statements or names of programs too, such as
/// `barman`, are not among them, nor is `postgresql`, a section of Patroni's settings.
fn words_of_tpa() -> BTreeSet<&'static str> {
    let shared = [
        "barman",
        "etcd",
        "haproxy",
        "none",
        "pgbouncer",
        "postgres",
        "postgresql",
        "primary",
        "replica",
        "witness",
    ];
    let sets = [
        Role::WORDS,
        FailoverManager::WORDS,
        Flavour::WORDS,
        Platform::WORDS,
        Compliance::WORDS,
    ];
    let ports = Service::ALL.map(|service| service.facts().setting);
    let ports = ports.into_iter().filter_map(|setting| match setting {
        Setting::Variable(name) | Setting::Efm(name) => Some(name),
        Setting::Fixed => None,
    });
    let words = sets.into_iter().flatten().copied().chain(ports);
    words.filter(|word| !shared.contains(word)).collect()
}

/// A typo in `Role::PemServer` does not compile, and one in `"pem-server"` does.
#[test]
fn words_of_tpa_stand_in_facts() {
    let words = words_of_tpa();
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for path in source_files() {
        if matches!(module(&path).as_str(), "facts" | "schema") {
            continue;
        }
        let code = code(&path);
        let quoted = words.iter().copied();
        let quoted: Vec<&str> = quoted
            .filter(|word| code.contains(&format!("\"{word}\"")))
            .collect();
        if !quoted.is_empty() {
            found.push((path.to_string_lossy().replace('\\', "/"), quoted));
        }
    }
    let known: Vec<(String, Vec<&str>)> = QUOTED
        .iter()
        .map(|(path, words)| ((*path).to_owned(), words.to_vec()))
        .collect();
    assert_eq!(
        known, found,
        "write `Platform::Aws`, `Role::Barman` and the like, or take what needs no exception off the list"
    );
}

#[test]
fn crates_are_named_only_where_they_belong() {
    let mut broken = Vec::new();
    for path in source_files() {
        let name = path.to_string_lossy().replace('\\', "/");
        let code = code(&path);
        for (used, places) in CRATES {
            let belongs = places.iter().any(|place| name.starts_with(place));
            if !belongs && names_crate(&code, used) {
                broken.push(format!("{name} names `{used}`"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn modules_open_with_what_they_are() {
    for path in source_files() {
        // A rule opens with its page.
        if path.starts_with("src/lint/rules") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} does not say what it is",
            path.display()
        );
    }
}

#[test]
fn files_hold_one_subject() {
    const LONGEST: usize = 600;
    // Tables of facts and pages are as long as what they list.
    let lists = |name: &str| {
        name.ends_with("errors/pages.rs")
            || name.starts_with("src/schema/")
            || name.starts_with("src/facts/")
    };
    for path in source_files() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let name = path.to_string_lossy();
        assert!(
            lines <= LONGEST || lists(&name),
            "{name} has {lines} lines: does it hold two subjects?"
        );
    }
}

#[test]
fn nothing_is_left_unfinished() {
    for path in source_files() {
        let text = fs::read_to_string(&path).unwrap();
        for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("] {
            assert!(!text.contains(word), "{} says {word}", path.display());
        }
    }
}
