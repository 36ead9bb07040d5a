//! Clusters that somebody writes first, with what is found in them beside it: three findings at most, whose remedies
//! `remedies.rs` follows.

use std::fs;
use std::path::Path;

use m1c::diagnostic::{Diagnostic, Level};

use crate::fixes::Input;
use crate::{carets, corpus};

/// More would drive a newcomer away.
const MOST_FINDINGS: usize = 3;

#[test]
fn first_clusters_draw_few_findings_with_a_remedy() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/first-clusters.md");
    let page = fs::read_to_string(page).unwrap();
    for path in corpus::files_in("tests/first") {
        let annotated = corpus::read(&path);
        let text: String = carets::sources(&annotated)
            .into_iter()
            .map(|source| source.text)
            .collect();
        assert!(page.contains(&text), "the page lacks {}", path.display());
        let judged = Input::alone(carets::MAIN.to_owned(), text).judge();
        let shown: Vec<Diagnostic> = judged
            .all()
            .filter(|one| one.level != Level::Advice)
            .cloned()
            .collect();
        assert!(shown.len() <= MOST_FINDINGS, "{}", path.display());
        let has_help = |one: &Diagnostic| one.help.as_ref().is_some_and(|help| !help.is_empty());
        assert!(shown.iter().all(has_help), "{}", path.display());
        carets::check(&path, &annotated, &shown, &judged.sources);
    }
}
