//! Mistakes that the compiler finds after the syntax, each at its place: `errors/NAME.m1` holds its expectations
//! itself. The file that is compiled is first.

use std::collections::BTreeMap;

use m1c::check::{Options, check};

use crate::{carets, corpus, memory};

#[test]
fn mistakes_are_said_once_at_their_place() {
    for path in corpus::files_in("tests/errors") {
        let annotated = corpus::read(&path);
        let sources = carets::sources(&annotated);
        let root = sources[0].name.clone();
        let files: BTreeMap<String, String> = sources
            .into_iter()
            .map(|source| (source.name, source.text))
            .collect();
        let checked = check(&root, &memory::Memory { files }, Options::default());
        assert!(
            checked.topology.is_none(),
            "{} has no mistake",
            path.display()
        );
        carets::check(&path, &annotated, &checked.diagnostics, &checked.sources);
    }
}
