//! Parsing: texts without mistakes and their trees, texts with mistakes and what is said about them.
//!
//! `parse/ok/NAME.m1` has its tree in `parse/ok/NAME.tree`; `parse/err/NAME.m1` holds its expectations itself.

use std::fs;

use m1c::diagnostic::{Applicability, Diagnostic, Diagnostics};
use m1c::source::{FileId, Sources};
use m1c::syntax::{self, Tree};

use crate::{carets, corpus, dump};

#[test]
fn texts_become_trees() {
    let mut failures = Vec::new();
    for path in corpus::files_in("tests/parse/ok") {
        let text = corpus::read(&path);
        let (tree, diagnostics) = parse(&text);
        assert!(
            diagnostics.is_empty(),
            "{}: {diagnostics:#?}",
            path.display()
        );
        let found = dump::tree(&tree, &text);
        let expected_path = path.with_extension("tree");
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if found == expected {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected_path, &found).unwrap();
        } else {
            failures.push(format!(
                "{}\n--- expected\n{expected}\n--- found\n{found}",
                path.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn mistakes_are_reported_at_their_place() {
    for path in corpus::files_in("tests/parse/err") {
        let annotated = corpus::read(&path);
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        for source in carets::sources(&annotated) {
            let file = sources.add(source.name, source.text.clone());
            syntax::parse(file, &source.text, &mut diagnostics);
        }
        carets::check(&path, &annotated, &diagnostics.into_sorted(), &sources);
    }
}

#[test]
fn safe_fixes_mend_their_mistake() {
    for path in corpus::files_in("tests/parse/err") {
        for source in carets::sources(&corpus::read(&path)) {
            let (_, diagnostics) = parse(&source.text);
            for diagnostic in &diagnostics {
                let Some(mended) = apply(diagnostic, &source.text) else {
                    continue;
                };
                let (_, rest) = parse(&mended);
                let again = rest.iter().any(|rest| {
                    rest.primary.span.start == diagnostic.primary.span.start
                        && rest.message == diagnostic.message
                });
                assert!(
                    !again,
                    "{}: {}\n{mended}",
                    path.display(),
                    diagnostic.message
                );
            }
        }
    }
}

/// The text with a diagnostic's fix, if that is safe.
fn apply(diagnostic: &Diagnostic, text: &str) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    if fix.applicability != Applicability::Safe {
        return None;
    }
    let mut mended = text.to_owned();
    for edit in fix.edits.iter().rev() {
        mended.replace_range(edit.span.range(), &edit.replacement);
    }
    Some(mended)
}

fn parse(text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), text, &mut diagnostics);
    (tree, diagnostics.into_sorted())
}
