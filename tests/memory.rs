//! Sources in memory: a compiler that reads no disk.

use std::collections::BTreeMap;

use m1c::check::{Checked, Options, check};
use m1c::diagnostic::Level;
use m1c::facts::tpa::Target;
use m1c::lint::{Conditions, Rule};
use m1c::load::{Files, LockFile, ReadError};
use m1c::lock;

/// Files by their paths.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: BTreeMap<String, String>,
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.files.get(path).cloned().ok_or(ReadError::NotFound)
    }

    fn lock(&self, source: &str) -> LockFile {
        let text = self.files.get(&lock::name_of(source)).cloned();
        text.map_or(LockFile::Unwanted, |text| LockFile::Read(Ok(text)))
    }
}

/// The day of every check.
pub(crate) const TODAY: &str = "2026-11-24";

static NO_LEVELS: BTreeMap<String, Level> = BTreeMap::new();

/// A check by these rules, with nothing else asked for.
pub(crate) fn conditions<'c>(rules: &'c [&'static Rule]) -> Conditions<'c> {
    Conditions {
        rules,
        tpa: Target::default(),
        today: Some(TODAY),
        environment: None,
        before: None,
        heeds_allows: true,
        levels: &NO_LEVELS,
    }
}

/// Checks one text alone.
pub(crate) fn check_text(text: &str) -> Checked {
    check_with_lock(text, None)
}

/// Checks one text with the lock beside it.
pub(crate) fn check_with_lock(text: &str, lock: Option<&str>) -> Checked {
    let mut files = BTreeMap::from([("main.m1".to_owned(), text.to_owned())]);
    files.extend(lock.map(|lock| (lock::name_of("main.m1"), lock.to_owned())));
    check("main.m1", &Memory { files }, Options::default())
}

/// The diagnostics of a check, a line each.
pub(crate) fn messages(checked: &Checked) -> String {
    let mut lines = String::new();
    for diagnostic in &checked.diagnostics {
        let span = diagnostic.primary.span;
        let (line, column) = checked.sources.line_and_column(span.file, span.start);
        let name = checked.sources.name(span.file);
        let (code, message) = (diagnostic.code.name, &diagnostic.message);
        lines.push_str(&format!("{name}:{line}:{column}: {code}: {message}\n"));
    }
    lines
}
