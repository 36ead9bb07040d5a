//! How long the stages take for one cluster: `cargo bench`.
//!
//! The clusters are those of `examples/`, which are part of the program, so that no disk is measured.

use divan::{Bencher, black_box};
use m1c::backend::{self, Backend};
use m1c::check::{self, Options};
use m1c::diagnostic::Diagnostics;
use m1c::library;
use m1c::load::{Files, ReadError};
use m1c::source::Sources;
use m1c::syntax;

fn main() {
    divan::main();
}

/// A source and the files that it uses.
struct Example {
    root: &'static str,
    files: &'static [(&'static str, &'static str)],
}

impl Example {
    fn text(&self) -> &'static str {
        let root = self.files.iter().find(|(path, _)| *path == self.root);
        root.map_or("", |(_, text)| *text)
    }
}

impl Files for Example {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let known = self.files.iter().find(|(known, _)| *known == path);
        known
            .map(|(_, text)| (*text).to_owned())
            .ok_or(ReadError::NotFound)
    }
}

/// Without the library's profiles.
const SMALL: Example = Example {
    root: "tpa-documentation.m1",
    files: &[(
        "tpa-documentation.m1",
        include_str!("../examples/tpa-documentation.m1"),
    )],
};

/// With the library's profiles and a used file.
const STAGES: Example = Example {
    root: "stages.m1",
    files: &[
        ("stages.m1", include_str!("../examples/stages.m1")),
        ("house.m1", include_str!("../examples/house.m1")),
    ],
};

/// Names of examples, for the table that is printed.
const EXAMPLES: [&str; 2] = ["tpa-documentation", "stages"];

fn example(name: &str) -> &'static Example {
    if name == "stages" { &STAGES } else { &SMALL }
}

#[divan::bench(args = EXAMPLES)]
fn parse(bencher: Bencher, name: &str) {
    let text = example(name).text();
    let mut sources = Sources::default();
    let file = sources.add(name.to_owned(), text);
    bencher.bench_local(|| {
        let mut diagnostics = Diagnostics::default();
        syntax::parse(file, black_box(text), &mut diagnostics)
    });
}

#[divan::bench(args = EXAMPLES)]
fn check(bencher: Bencher, name: &str) {
    let example = example(name);
    bencher.bench_local(|| check::check(black_box(example.root), example, Options::default()));
}

#[divan::bench(args = EXAMPLES)]
fn build(bencher: Bencher, name: &str) {
    let example = example(name);
    bencher.bench_local(|| {
        let checked = check::check(black_box(example.root), example, Options::default());
        let topology = checked.topology.as_ref();
        topology.map(|topology| backend::emit(Backend::Tpa, topology))
    });
}

/// What every run would cost if the library were parsed as a whole.
#[divan::bench]
fn parse_library(bencher: Bencher) {
    let sources = library::sources();
    bencher.bench_local(|| {
        let mut diagnostics = Diagnostics::default();
        let trees = library::FILES.iter().filter_map(|library| {
            let (file, _) = library::module(library.module)?;
            Some(syntax::parse(file, sources.text(file), &mut diagnostics))
        });
        trees.collect::<Vec<_>>()
    });
}
