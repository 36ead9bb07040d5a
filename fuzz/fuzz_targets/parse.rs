//! Any bytes become a tree and text again, without a panic. What is printed without errors parses without errors, and
//! printing it again changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use m1c::diagnostic::Diagnostics;
use m1c::source::Sources;
use m1c::syntax::{self, Tree};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (tree, sound) = parse(&text);
    let printed = m1c::format::format(&tree);
    if sound {
        let (again, sound) = parse(&printed);
        assert!(sound, "printing broke the source: {printed}");
        assert_eq!(printed, m1c::format::format(&again));
    }
});

/// The tree of a text, and whether there were no errors.
fn parse(text: &str) -> (Tree, bool) {
    let mut sources = Sources::default();
    let file = sources.add("fuzz.m1", text.to_owned());
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(file, sources.text(file), &mut diagnostics);
    (tree, !diagnostics.has_errors())
}
