//! What `m1c import` makes of config.ymls, and what is built of that.
//!
//! `import/NAME.yml` becomes exactly `import/NAME.m1`; what a source cannot say of it is in `NAME.txt`, with which the
//! source is what `--partial` would write.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use m1c::backend::{self, Backend};
use m1c::check::{self, Options};
use m1c::diagnostic::Diagnostics;
use m1c::format::format;
use m1c::import::share::{Kept, share};
use m1c::import::{Imported, Keeping, import};
use m1c::lock;
use m1c::report::{self, Format, Style};
use m1c::source::FileId;
use m1c::{syntax, yaml};

use crate::memory::Memory;
use crate::robust::Random;
use crate::{lock as random_sources, memory, parity};

/// The config.yml that a source is built to.
fn built(source: &str) -> String {
    let checked = memory::check_text(source);
    let topology = checked.topology.unwrap_or_else(|| panic!("{source}"));
    let mut files = backend::emit(Backend::Tpa, &topology);
    assert_eq!(files.len(), 1);
    files.remove(0).contents
}

fn data(text: &str) -> serde_yaml::Value {
    yaml::read(text).unwrap().into()
}

fn formatted(source: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    format(&syntax::parse(FileId::NONE, source, &mut diagnostics))
}

fn said(imported: &Imported) -> String {
    let Imported {
        sources,
        diagnostics,
        ..
    } = imported;
    report::render(Format::Short, Style::Plain, sources, diagnostics)
}

#[test]
fn what_tpa_writes_comes_back_byte_for_byte() {
    let mut ratios = Vec::new();
    for run in parity::runs() {
        let Some(config) = run.config else { continue };
        let imported = import("config.yml", &config, Keeping::Source);
        assert_eq!(said(&imported), "", "{}", run.id);
        let source = imported.source.unwrap();
        assert_eq!(formatted(&source), source, "{}", run.id);
        // TPA 23.40.1 adds an extension for CIS with which EPAS does not start; here it is in the file.
        assert_eq!(built(&source), config, "{}\n{source}", run.id);
        let lines = |text: &str| text.lines().count();
        ratios.push(100 * lines(&source) / lines(&config));
    }
    ratios.sort_unstable();
    assert!(ratios[ratios.len() / 2] <= 25, "{ratios:?}");
}

#[test]
fn a_lock_holds_what_no_rule_gives() {
    let mut ratios = Vec::new();
    for run in parity::runs() {
        let Some(config) = run.config else { continue };
        let imported = import("config.yml", &config, Keeping::Lock);
        assert_eq!(said(&imported), "", "{}", run.id);
        let source = imported.source.unwrap();
        let lock = lock::write(&imported.lock.unwrap());
        let checked = memory::check_with_lock(&source, Some(&lock));
        let topology = checked.topology.unwrap();
        assert_eq!(topology.lock, None, "{}: the lock is as it stays", run.id);
        let built = backend::emit(Backend::Tpa, &topology).remove(0).contents;
        assert_eq!(built, config, "{}\n{}{}", run.id, source, lock);
        assert!(!source.contains("vault_name"), "{source}");
        let lines = |text: &str| text.lines().count();
        ratios.push(100 * lines(&source) / lines(&config));
    }
    ratios.sort_unstable();
    assert!(ratios[ratios.len() / 2] <= 23, "{ratios:?}");
}

/// Statements of clusters that a random one may have.
const CHOICES: &[&str] = &[
    "pool pgbouncer",
    "monitor beacon { project = prj_4 }",
    "keyring = legacy",
    "compliance = cis",
    "tags { Owner = \"Jo\"; Cost = \"12\" }",
    "packages { extra = [htop]; postgres = { RedHat = [hll]; Debian = [hll] } }",
    "versions { barman = 3.11; pgbouncer = 1.22 }",
    "repositories { edb = [standard]; yum = [EPEL] }",
    "backup barman { api = true }",
    "vars { work_mem = 64MB; postgres_conf_settings = { jit = off; random_page_cost = 1.1 } }",
    "vars { extra_postgres_extensions = [hll]; packages_hash = { a = [1, { b = null }] } }",
    "defaults { vars = { ansible_port = 2222 } }",
    "settings { my_own = [a, true, 3]; other = { x = \"yes\" } }",
    "omit vars.preferred_python_version keyring_backend",
];

/// The config.ymls of a random source that also makes some of the choices; none where these do not go together.
fn random_configs(number: usize) -> Vec<(String, String)> {
    let (text, settings) = random_sources::any_source(number);
    let mut dice = Random(number as u64 + 1);
    let mut source = String::new();
    for line in text.lines() {
        source.push_str(&format!("{line}\n"));
        if line.starts_with("  platform ") {
            for _ in 0..dice.below(4) {
                let choice = CHOICES[dice.below(CHOICES.len())];
                source.push_str(&format!("  {choice}\n"));
            }
        }
    }
    let files = Memory {
        files: BTreeMap::from([("main.m1".to_owned(), source)]),
    };
    let options = Options {
        settings: &settings,
        ..Options::default()
    };
    let Some(topology) = check::check("main.m1", &files, options).topology else {
        return Vec::new();
    };
    let names = topology.clusters.iter().map(|it| it.name.value.clone());
    let configs = backend::emit(Backend::Tpa, &topology).into_iter();
    names.zip(configs.map(|file| file.contents)).collect()
}

#[test]
fn what_random_sources_build_comes_back() {
    let mut count = 0;
    for number in 0..90 {
        for (cluster, config) in random_configs(number) {
            let imported = import("config.yml", &config, Keeping::Source);
            assert_eq!(said(&imported), "", "{number}: {cluster}\n{config}");
            let source = imported.source.unwrap();
            let again = built(&source);
            assert_eq!(data(&again), data(&config), "{number}\n{source}");
            assert_eq!(formatted(&source), source, "{number}");
            let imported = import("config.yml", &config, Keeping::Lock);
            assert_eq!(said(&imported), "", "{number}: {cluster}\n{config}");
            let (source, lock) = (imported.source.unwrap(), imported.lock.unwrap());
            let checked = memory::check_with_lock(&source, Some(&lock::write(&lock)));
            let again = backend::emit(Backend::Tpa, &checked.topology.unwrap()).remove(0);
            assert_eq!(data(&again.contents), data(&config), "{number}\n{source}");
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

#[test]
fn clusters_share_a_profile_and_stay_as_they_are() {
    let configs: Vec<String> = parity::runs()
        .into_iter()
        .filter_map(|run| run.config)
        .step_by(9)
        .collect();
    let mut shared_by_all = 0;
    for group in configs.chunks(4).filter(|group| group.len() > 1) {
        let imports: Vec<Imported> = group
            .iter()
            .map(|config| import("config.yml", config, Keeping::Lock))
            .collect();
        let locks = imports
            .iter()
            .map(|it| lock::write(it.lock.as_ref().unwrap()));
        let locks: Vec<String> = locks.collect();
        let kept: Vec<Kept<'_>> = imports
            .iter()
            .zip(&locks)
            .zip(group)
            .map(|((imported, lock), config)| Kept {
                cluster: &imported.cluster,
                source: imported.source.as_deref().unwrap(),
                lock: Some(lock),
                config,
            })
            .collect();
        let Some(shared) = share("house", &kept) else {
            continue;
        };
        let again = share("house", &kept).unwrap();
        assert_eq!(again.profile, shared.profile);
        assert_eq!(again.sources, shared.sources);
        assert_eq!(formatted(&shared.profile), shared.profile);
        for (kept, source) in kept.iter().zip(&shared.sources) {
            let source = source.as_deref().unwrap_or(kept.source);
            let files = Memory {
                files: BTreeMap::from([
                    ("main.m1".to_owned(), source.to_owned()),
                    (lock::name_of("main.m1"), kept.lock.unwrap().to_owned()),
                    ("house.m1".to_owned(), shared.profile.clone()),
                ]),
            };
            let checked = check::check("main.m1", &files, Options::default());
            let topology = checked.topology.unwrap_or_else(|| panic!("{source}"));
            let built = backend::emit(Backend::Tpa, &topology).remove(0).contents;
            let profile = &shared.profile;
            assert_eq!(data(&built), data(kept.config), "{source}\n{profile}");
            assert_eq!(formatted(source), source);
        }
        // What is in the profile is in none of them any more.
        let lines = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with("  "));
            lines
                .filter(|line| !line.contains(['{', '}']))
                .map(str::to_owned)
                .collect()
        };
        if shared.sources.iter().all(Option::is_some) {
            shared_by_all += 1;
            for source in shared.sources.iter().flatten() {
                let left = lines(source);
                for line in lines(&shared.profile)
                    .iter()
                    .filter(|it| !it.starts_with("   "))
                {
                    assert!(!left.contains(line), "{line}\n{source}");
                }
            }
        }
    }
    assert!(shared_by_all > 5, "{shared_by_all}");
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir("tests/import")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .collect();
    cases.sort();
    cases
}

fn assert_expected(path: &Path, found: &str) {
    let expected = fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        if found.is_empty() {
            fs::remove_file(path).unwrap();
        } else {
            fs::write(path, found).unwrap();
        }
        return;
    }
    let difference = similar::TextDiff::from_lines(expected.as_str(), found);
    panic!(
        "{}\n{}",
        path.display(),
        difference.unified_diff().header("expected", "found")
    );
}

#[test]
fn files_become_the_sources_that_are_expected() {
    for case in cases() {
        let text = fs::read_to_string(&case).unwrap();
        let imported = import("config.yml", &text, Keeping::Source);
        assert_expected(&case.with_extension("txt"), &said(&imported));
        let source = imported.source.clone().unwrap_or_default();
        assert_expected(&case.with_extension("m1"), &source);
        if imported.diagnostics.is_empty() {
            assert_eq!(data(&built(&source)), data(&text), "{}", case.display());
            assert_eq!(formatted(&source), source, "{}", case.display());
        }
    }
}

#[test]
fn the_page_shows_what_import_makes_of_the_example() {
    let before = fs::read_to_string("examples/billing/config.yml").unwrap();
    let imported = import("examples/billing/config.yml", &before, Keeping::Lock);
    let page = fs::read_to_string("docs/import.md").unwrap();
    let after = imported.source.unwrap();
    let shown = format!("```yaml\n{before}```\n\nbecomes\n\n```m1\n{after}```\n");
    assert!(page.contains(&shown), "docs/import.md has to show\n{shown}");
}

/// A line that is dropped, doubled, moved, or whose value has another type.
fn changed(text: &str, dice: &mut Random) -> String {
    const VALUES: &[&str] = &[
        "true", "7", "3.5", "null", "[]", "{}", "[a, b]", "{a: 1}", "x", "''",
    ];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    match dice.below(4) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let line = lines.remove(at);
            let to = dice.below(lines.len());
            lines.insert(to, line);
        }
        _ => {
            if let Some((key, _)) = lines[at].clone().split_once(": ") {
                lines[at] = format!("{key}: {}", VALUES[dice.below(VALUES.len())]);
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_changed_file_is_built_as_it_is_or_refused_with_its_place() {
    let mut texts: Vec<String> = cases()
        .iter()
        .map(|case| fs::read_to_string(case).unwrap())
        .collect();
    // Of the shortest nothing would be left.
    texts.retain(|text| text.lines().count() > 8);
    texts.extend(
        parity::runs()
            .into_iter()
            .filter_map(|run| run.config)
            .step_by(12),
    );
    let mut dice = Random(14);
    let mut whole = 0;
    for _ in 0..400 {
        let mut text = texts[dice.below(texts.len())].clone();
        for _ in 0..=dice.below(3) {
            text = changed(&text, &mut dice);
        }
        let imported = import("config.yml", &text, Keeping::Source);
        match &imported.source {
            Some(source) if imported.diagnostics.is_empty() => {
                assert_eq!(data(&built(source)), data(&text), "{text}\n{source}");
                whole += 1;
            }
            Some(_) | None => {
                assert!(!imported.diagnostics.is_empty(), "{text}");
                for diagnostic in &imported.diagnostics {
                    let span = diagnostic.primary.span;
                    assert!(span.file == imported.file, "{text}\n{diagnostic:?}");
                }
            }
        }
    }
    assert!(whole > 100, "{whole}");
}

#[test]
fn every_comment_comes_along_once() {
    for case in cases() {
        let text = fs::read_to_string(&case).unwrap();
        let imported = import("config.yml", &text, Keeping::Source);
        let Some(source) = imported.source else {
            continue;
        };
        for comment in yaml::comments(&text) {
            let comment = format!("#{}", comment.text.trim_end());
            let times = |text: &str| {
                let lines = text.lines();
                lines
                    .filter(|line| line.trim_end().ends_with(&comment))
                    .count()
            };
            assert_eq!(
                times(&source),
                times(&text),
                "{}: {comment}",
                case.display()
            );
        }
    }
}
