//! Every fix that is offered anywhere in the repository does what it says, and nothing else.
//!
//! Each fix is applied alone. Then its finding is gone, nothing as bad is new, the text reads and is as formatted as it
//! was, and config.yml has changed only where the fix said it would. Random sources are fixed as `--fix --unsafe-fixes`
//! does it. `FIX_ROUNDS` is how many of them; the rest of the tests have few.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use m1c::backend::{Backend, emit};
use m1c::check::{self, Judged, Options, judge_config, judge_source};
use m1c::diagnostic::{Diagnostic, Diagnostics, Fix, Level};
use m1c::format::format;
use m1c::lint::{self, fix};
use m1c::load::Files;
use m1c::source::FileId;
use m1c::syntax;
use m1c::tpa::configure::{Answer, configure};
use serde_yaml::Value;

use crate::robust::Random;
use crate::{carets, corpus, docs, memory, parity, verdict};

/// A file with those that it may use.
pub(crate) struct Input {
    pub(crate) name: String,
    files: BTreeMap<String, String>,
}

impl Input {
    pub(crate) fn alone(name: String, text: String) -> Input {
        Input {
            files: BTreeMap::from([(name.clone(), text)]),
            name,
        }
    }

    pub(crate) fn is_config(&self) -> bool {
        !is_source(&self.name)
    }

    /// The same with another text.
    pub(crate) fn with(&self, text: String) -> Input {
        let mut files = self.files.clone();
        files.insert(self.name.clone(), text);
        Input {
            name: self.name.clone(),
            files,
        }
    }

    /// It and what it may use.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        self.files.clone()
    }

    pub(crate) fn text(&self) -> &str {
        &self.files[&self.name]
    }

    pub(crate) fn judge(&self) -> Judged {
        let files = memory::Memory {
            files: self.files.clone(),
        };
        judge(&self.name, &files)
    }
}

fn is_source(name: &str) -> bool {
    Path::new(name).extension() == Some("m1".as_ref())
}

fn judge(name: &str, files: &dyn Files) -> Judged {
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    if is_source(name) {
        return judge_source(name, files, &[], &conditions);
    }
    judge_config(name, &files.read(name).unwrap(), &conditions)
}

/// The inputs that the repository has, and those beside it where they are.
pub(crate) fn inputs() -> Vec<Input> {
    let mut inputs = Vec::new();
    for folder in ["examples", "stdlib", "tests/build"] {
        let read = |path: &std::path::PathBuf| {
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            (name.to_string_lossy().into_owned(), corpus::read(path))
        };
        let files: BTreeMap<String, String> = corpus::files_in(folder).iter().map(read).collect();
        for name in files.keys() {
            inputs.push(Input {
                name: name.clone(),
                files: files.clone(),
            });
        }
    }
    for folder in [
        "tests/errors",
        "tests/format",
        "tests/limits",
        "tests/boundaries",
        "tests/cases",
        "tests/first",
    ] {
        for path in corpus::files_in(folder) {
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            for source in carets::sources(&corpus::read(&path)) {
                let name = name.with_extension("").display().to_string();
                inputs.push(Input::alone(format!("{name}.m1"), source.text));
            }
        }
    }
    for folder in ["tests/boundaries", "tests/cases"] {
        inputs.extend(files_in(Path::new(folder), ".yml"));
    }
    for (number, text) in docs::sources().into_iter().enumerate() {
        inputs.push(Input::alone(format!("page {number}.m1"), text));
    }
    for rule in lint::rules() {
        let page = lint::page(rule);
        for (number, block) in page.split("```yaml ").skip(1).enumerate() {
            let text = block.split("```").next().unwrap();
            let text = text.split_once('\n').unwrap().1;
            let name = format!("{} {number}.yml", rule.code.name);
            inputs.push(Input::alone(name, text.to_owned()));
        }
    }
    for run in parity::runs() {
        if let Some(config) = &run.config {
            inputs.push(Input::alone(format!("{}.yml", run.id), config.clone()));
        }
        if let Ok(Answer::Source(source)) = configure(&run.argv, &run.given) {
            inputs.push(Input::alone(format!("{}.m1", run.id), source.text));
        }
    }
    for row in verdict::rows() {
        inputs.push(Input::alone(format!("{}.yml", row.name), row.config));
    }
    for folder in [
        "../shared/cases",
        "../shared/cases/mistakes",
        "../shared/wild",
    ] {
        let folder = Path::new(folder);
        if folder.exists() {
            inputs.extend(files_in(folder, ".m1"));
            inputs.extend(files_in(folder, ".yml"));
        } else {
            eprintln!("skipped: there is no `{}`", folder.display());
        }
    }
    inputs
}

fn files_in(folder: &Path, extension: &str) -> Vec<Input> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().path().display().to_string())
        .filter(|name| name.ends_with(extension))
        .collect();
    names.sort();
    let text = |name: String| {
        let text = fs::read_to_string(&name).ok()?;
        Some(Input::alone(name, text))
    };
    names.into_iter().filter_map(text).collect()
}

/// The config.ymls of a file: what it becomes, or what it is. None where it has errors.
fn configs(name: &str, files: &dyn Files) -> Option<Vec<Value>> {
    if !is_source(name) {
        return Some(vec![serde_yaml::from_str(&files.read(name).ok()?).ok()?]);
    }
    let topology = check::check(name, files, Options::default()).topology?;
    let configs = emit(Backend::Tpa, &topology).into_iter();
    configs
        .map(|file| serde_yaml::from_str(&file.contents).ok())
        .collect()
}

/// What differs between two config.ymls, as `path: old -> new`, apart from what replaces one of the texts by its new one.
fn surprises(old: &[Value], new: &[Value], edits: &[(String, String)]) -> Vec<String> {
    let mut surprises = Vec::new();
    if old.len() != new.len() {
        surprises.push(format!("{} clusters became {}", old.len(), new.len()));
    }
    for (old, new) in old.iter().zip(new) {
        compare("", old, new, edits, &mut surprises);
    }
    surprises
}

fn compare(
    path: &str,
    old: &Value,
    new: &Value,
    edits: &[(String, String)],
    surprises: &mut Vec<String>,
) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let gone: Vec<_> = old
                .iter()
                .filter(|(key, _)| !new.contains_key(key))
                .collect();
            let mut come: Vec<_> = new
                .iter()
                .filter(|(key, _)| !old.contains_key(key))
                .collect();
            for (key, value) in old {
                if let Some(now) = new.get(key) {
                    compare(
                        &format!("{path}/{}", spelling(key)),
                        value,
                        now,
                        edits,
                        surprises,
                    );
                }
            }
            for (key, value) in gone {
                let is_renamed = |(to, now): &(&Value, &Value)| {
                    is_replaced(key, to, edits) && {
                        let mut inside = Vec::new();
                        compare(path, value, now, edits, &mut inside);
                        inside.is_empty()
                    }
                };
                match come.iter().position(is_renamed) {
                    Some(at) => {
                        come.remove(at);
                    }
                    None if is_removed(value, edits) => {}
                    None => surprises.push(format!("{path}/{} is gone", spelling(key))),
                }
            }
            for (key, _) in come {
                surprises.push(format!("{path}/{} is new", spelling(key)));
            }
        }
        (Value::Sequence(old), Value::Sequence(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{path}/{index}"), old, new, edits, surprises);
            }
        }
        // Made from the cluster's name.
        _ if path == "/vault_name" => {}
        _ if is_replaced(old, new, edits) || is_removed(old, edits) => {}
        _ => surprises.push(format!("{path}: {} -> {}", spelling(old), spelling(new))),
    }
}

fn is_replaced(old: &Value, new: &Value, edits: &[(String, String)]) -> bool {
    let (old, new) = (spelling(old), spelling(new));
    edits.iter().any(|(from, to)| {
        new == *to || (!from.is_empty() && old.contains(from) && old.replace(from, to) == new)
    })
}

/// Whether a value was in what has been taken away.
fn is_removed(value: &Value, edits: &[(String, String)]) -> bool {
    let value = spelling(value);
    let mut edits = edits.iter();
    edits.any(|(from, to)| to.is_empty() && from.contains(&value))
}

fn spelling(value: &Value) -> String {
    let text = serde_yaml::to_string(value).unwrap();
    unquoted(text.trim_start_matches("---").trim())
}

fn unquoted(text: &str) -> String {
    unescaped(text.trim_matches(['"', '\'']))
}

fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("''", "'")
}

/// What a diagnostic says, wherever it stands.
fn said(diagnostic: &Diagnostic) -> (Level, String) {
    let (code, message) = (diagnostic.code.name, &diagnostic.message);
    (diagnostic.level, format!("{code}: {message}"))
}

/// What else changes in config.yml, by rule and place, because m1c or TPA derives it from what a fix writes.
const FOLLOWS: &[(&str, &str)] = &[
    // The repositories of the flavour.
    ("flavour-options", "/cluster_vars/edb_repositories"),
    // A PgBouncer that leads to the primary.
    ("unknown-role", "/vars is new"),
    // What makes a Barman node a witness.
    ("witness-placement", "/role"),
    ("witness-placement", "/upstream is gone"),
];

fn follows(diagnostic: &Diagnostic, surprise: &str) -> bool {
    let mut known = FOLLOWS.iter();
    known.any(|(rule, place)| *rule == diagnostic.code.name && surprise.contains(place))
}

/// What is wrong with a fix; nothing if it keeps its promise.
fn broken_promises(
    input: &Input,
    judged: &Judged,
    diagnostic: &Diagnostic,
    fix: &Fix,
) -> Vec<String> {
    let mut broken = Vec::new();
    let fixed = fix::apply(&judged.sources, &[fix]);
    if fixed.texts.is_empty() {
        broken.push("nothing changes".to_owned());
    }
    let mut files = input.files.clone();
    let mut edits = Vec::new();
    for edit in &fix.edits {
        let text = judged.sources.text(edit.span.file);
        edits.push((
            unquoted(&text[edit.span.range()]),
            unquoted(&edit.replacement),
        ));
    }
    for (file, text) in &fixed.texts {
        files.insert(judged.sources.name(*file).to_owned(), text.clone());
    }
    // It says what it writes.
    let said_words = unescaped(&format!(
        "{} {} {}",
        diagnostic.message,
        diagnostic.primary.text,
        diagnostic.help.as_deref().unwrap_or_default()
    ));
    for (from, to) in &edits {
        // The parts of a line such as `name='value'`, too.
        let parts = |text: &str| -> Vec<String> {
            let parts = text.split(|c: char| c.is_whitespace() || "=';".contains(c));
            parts.map(str::to_owned).collect()
        };
        let old = parts(from);
        for word in parts(to).iter().filter(|word| !old.contains(word)) {
            if !said_words.contains(word) {
                broken.push(format!("does not say that it writes `{word}`"));
            }
        }
    }
    let after_files = memory::Memory {
        files: files.clone(),
    };
    let after = judge(&input.name, &after_files);
    let count = |judged: &Judged, what: &(Level, String)| {
        judged.all().filter(|one| said(one) == *what).count()
    };
    let own = said(diagnostic);
    if count(&after, &own) >= count(judged, &own) {
        broken.push("is still found".to_owned());
    }
    // Among several mistakes of a source one may hide another.
    let errors = judged
        .diagnostics
        .iter()
        .filter(|one| one.level == Level::Error);
    if errors.count() < 2 {
        for new in after.diagnostics.iter().map(said) {
            if new.0 <= own.0 && count(&after, &new) > count(judged, &new) {
                broken.push(format!("brings `{}`", new.1));
            }
        }
    }
    let before_files = memory::Memory {
        files: input.files.clone(),
    };
    if let Some(old) = configs(&input.name, &before_files) {
        match configs(&input.name, &after_files) {
            Some(new) => {
                let surprises = surprises(&old, &new, &edits).into_iter();
                broken.extend(surprises.filter(|surprise| !follows(diagnostic, surprise)));
            }
            None => broken.push("there is no config.yml any more".to_owned()),
        }
    }
    broken
}

fn is_formatted(text: &str) -> bool {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), text, &mut diagnostics);
    !diagnostics.has_errors() && format(&tree) == text
}

#[test]
fn fixes_keep_their_promises() {
    let mut failures = String::new();
    let mut tried = 0;
    for input in inputs() {
        let judged = input.judge();
        for diagnostic in judged.all() {
            let Some(fix) = &diagnostic.fix else { continue };
            if !fix.edits.iter().all(|edit| judged.is_users(edit.span.file)) {
                continue;
            }
            tried += 1;
            let mut all = broken_promises(&input, &judged, diagnostic, fix);
            all.extend(harm(&input, &|_, other| other == fix).1);
            for broken in all {
                let (name, said) = (&input.name, said(diagnostic).1);
                failures.push_str(&format!("{name}: {said}: {broken}\n"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(tried > 100, "{tried}");
}

/// How many random sources are fixed.
fn rounds() -> usize {
    let rounds = std::env::var("FIX_ROUNDS");
    rounds.map_or(300, |rounds| rounds.parse().unwrap())
}

#[test]
fn random_sources_are_fixed_without_harm() {
    let seed = std::env::var("FIX_SEED").map_or(0x0066_6978, |seed| seed.parse().unwrap());
    let mut random = Random(seed);
    let inputs: Vec<Input> = inputs()
        .into_iter()
        .filter(|input| input.text().len() < 6000)
        .collect();
    let words = words_of(&inputs);
    let mut failures = String::new();
    let mut fixed = 0;
    for round in 0..rounds() {
        let input = &inputs[random.below(inputs.len())];
        let mut text = input.text().to_owned();
        for _ in 0..=random.below(3) {
            mutate(&mut text, &words, &mut random);
        }
        let mut files = input.files.clone();
        files.insert(input.name.clone(), text.clone());
        let input = Input {
            name: input.name.clone(),
            files,
        };
        let (fixes, harm) = harm(&input, &|_, _| true);
        fixed += fixes;
        if !harm.is_empty() {
            failures.push_str(&format!(
                "round {round}, {}:\n{}\n--\n{text}\n",
                input.name,
                harm.join("\n")
            ));
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(fixed > rounds() / 10, "{fixed} in {} rounds", rounds());
}

/// How many fixes `--fix --unsafe-fixes` applies, of those that are wanted, and the harm that they do.
fn harm(input: &Input, is_wanted: &dyn Fn(&Judged, &Fix) -> bool) -> (usize, Vec<String>) {
    let memory = memory::Memory {
        files: input.files.clone(),
    };
    let before = judge(&input.name, &memory);
    let may_be_applied = |judged: &Judged, fix: &Fix| {
        let mut edits = fix.edits.iter();
        edits.all(|edit| judged.is_users(edit.span.file)) && is_wanted(judged, fix)
    };
    let again = |files: &dyn Files| Some(judge(&input.name, files));
    let mended = check::mend(&memory, &again, &may_be_applied);
    let mut harm = Vec::new();
    if mended.texts.is_empty() {
        return (0, harm);
    }
    let mut files = input.files.clone();
    files.extend(mended.texts.clone());
    let after_files = memory::Memory { files };
    let after = judge(&input.name, &after_files);
    let has_errors = |judged: &Judged| {
        judged
            .diagnostics
            .iter()
            .any(|one| one.level == Level::Error)
    };
    // The findings of a source that did not compile were not known.
    let compiled = !has_errors(&before);
    if compiled && has_errors(&after) {
        harm.push("the source does not compile any more".to_owned());
    }
    let errors = |judged: &Judged| {
        let mut errors: BTreeMap<&str, usize> = BTreeMap::new();
        let found = judged.findings.iter().map(|finding| &finding.diagnostic);
        for diagnostic in judged.diagnostics.iter().chain(found.filter(|_| compiled)) {
            if diagnostic.level == Level::Error {
                *errors.entry(diagnostic.code.name).or_default() += 1;
            }
        }
        errors
    };
    let old = errors(&before);
    for (code, count) in errors(&after) {
        if count > old.get(code).copied().unwrap_or_default() {
            harm.push(format!("brings `{code}`"));
        }
    }
    if compiled
        && configs(&input.name, &memory).is_some()
        && configs(&input.name, &after_files).is_none()
    {
        harm.push("there is no config.yml any more".to_owned());
    }
    for (name, text) in &mended.texts {
        if input.is_config() && key_twice(text) && !key_twice(input.text()) {
            harm.push("has a key twice".to_owned());
        }
        if is_formatted(&input.files[name]) && !is_formatted(text) {
            harm.push(format!("leaves `{name}` unformatted"));
        }
    }
    let more = check::mend(&after_files, &again, &may_be_applied);
    if !more.texts.is_empty() {
        harm.push("another run changes more".to_owned());
    }
    (mended.fixes.values().sum(), harm)
}

/// Whether a map of a YAML has a key twice.
fn key_twice(text: &str) -> bool {
    let read: Result<Value, _> = serde_yaml::from_str(text);
    read.is_err_and(|error| error.to_string().contains("duplicate"))
}

/// Every word of the inputs, which a mutation may put anywhere.
fn words_of(inputs: &[Input]) -> Vec<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for input in inputs {
        for word in tokens(input.text()) {
            words.insert(input.text()[word].to_owned());
        }
    }
    words.into_iter().collect()
}

/// The words of a text.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_part(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// Misspells a word, puts another one in its place, or moves a line.
fn mutate(text: &mut String, words: &[String], random: &mut Random) {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return;
    }
    let token = tokens[random.below(tokens.len())].clone();
    let word = text[token.clone()].to_owned();
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len());
    match random.below(7) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        3 => letters[at] = char::from(b'a' + u8::try_from(random.below(26)).unwrap()),
        4 => letters = words[random.below(words.len())].chars().collect(),
        5 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = lines.remove(random.below(lines.len()));
            lines.insert(random.below(lines.len() + 1), line);
            *text = lines.concat();
            return;
        }
        _ => {
            // Another part of a name of several.
            let other = &words[random.below(words.len())];
            let part = other.split(['_', '-']).next().unwrap_or_default();
            let rest = word.split_once('_').map_or("", |(_, rest)| rest);
            letters = format!("{part}_{rest}").chars().collect();
        }
    }
    text.replace_range(token, &letters.into_iter().collect::<String>());
}
