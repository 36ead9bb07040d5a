//! Any files that use each other are checked without a panic, and what has no errors can be built.
//!
//! The input is split at a line `---`. The first part is the source `main.m1`; the others are `a.m1`, `b.m1` and so on,
//! so that `use "a.m1"` finds one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use m1c::backend::limits::limits;
use m1c::backend::{self, Backend};
use m1c::check::{self, Options};
use m1c::diagnostic::{Diagnostics, Level};
use m1c::load::{Files, ReadError};

const SEPARATOR: &str = "\n---\n";
const ROOT: &str = "main.m1";

struct Parts<'t>(Vec<&'t str>);

impl Files for Parts<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let name = path.strip_suffix(".m1").unwrap_or(path);
        let index = match name.as_bytes() {
            b"main" => 0,
            [letter @ b'a'..=b'z'] => usize::from(letter - b'a') + 1,
            _ => return Err(ReadError::NotFound),
        };
        match self.0.get(index) {
            Some(text) => Ok((*text).to_owned()),
            None => Err(ReadError::NotFound),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let files = Parts(text.split(SEPARATOR).collect());
    let checked = check::check(ROOT, &files, Options::default());
    let failed = checked
        .diagnostics
        .iter()
        .any(|found| found.level == Level::Error);
    assert!(
        !(failed && checked.topology.is_some()),
        "a topology exists only without errors"
    );
    if let Some(topology) = &checked.topology {
        for backend in Backend::ALL {
            let mut diagnostics = Diagnostics::default();
            limits(backend, topology, &mut diagnostics);
            if !diagnostics.has_errors() {
                backend::emit(backend, topology);
            }
        }
    }
});
