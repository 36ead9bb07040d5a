//! `--fix`: files are judged and mended in turn until nothing changes.
//!
//! A fix may make another one possible, or be in its way, so that there are rounds. Fixes that would make errors of
//! the compiler are taken back.

use std::collections::{BTreeMap, BTreeSet};

use super::job::{Job, Task, Texts, all};
use crate::check::Judged;
use crate::cli::build::compile::number;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Level};
use crate::lint::{Choice, fix};

/// How often a file is mended: what has not come to an end then will not.
const MOST_ROUNDS: usize = 10;

/// What has been mended in all files.
#[derive(Default)]
pub(super) struct Mended {
    /// How many fixes of each code, by the file that was judged.
    pub(super) fixes: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// The names of the files that have changed.
    pub(super) changed: BTreeSet<String>,
    /// Files whose fixes have been taken back.
    pub(super) undone: Vec<String>,
}

/// Mends one file, and the files that it uses. The new texts are put in their places.
pub(super) fn mend(
    job: &Job<'_>,
    task: &Task,
    choice: &Choice,
    least: Applicability,
    texts: &mut Texts,
    mended: &mut Mended,
) {
    let name = &task.found.name;
    let Ok(mut judged) = job.judge(task, choice, texts) else {
        return;
    };
    for _ in 0..MOST_ROUNDS {
        let diagnostics: Vec<&Diagnostic> = all(&judged)
            .filter(|diagnostic| may_be_applied(&judged, diagnostic, least))
            .collect();
        let fixes: Vec<&Fix> = diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .collect();
        let fixed = fix::apply(&judged.sources, &fixes);
        if fixed.texts.is_empty() {
            return;
        }
        let mut before = Vec::new();
        for (file, text) in fixed.texts {
            let file = judged.sources.name(file).to_owned();
            before.push((file.clone(), texts.insert(file, Ok(text))));
        }
        let again = job.judge(task, choice, texts);
        let errors = |judged: &Judged| number(&judged.diagnostics, Level::Error);
        let again = again.ok().filter(|again| errors(again) <= errors(&judged));
        let Some(again) = again else {
            for (file, text) in before {
                match text {
                    Some(text) => texts.insert(file, text),
                    None => texts.remove(&file),
                };
            }
            mended.undone.push(name.clone());
            return;
        };
        for (file, _) in before {
            mended.changed.insert(file);
        }
        let counts = mended.fixes.entry(name.clone()).or_default();
        for applied in &fixed.applied {
            if let Some(diagnostic) = diagnostics.get(*applied) {
                *counts.entry(diagnostic.code.name).or_default() += 1;
            }
        }
        judged = again;
    }
}

/// Whether a diagnostic has a fix that may be applied, in files of the user's.
fn may_be_applied(judged: &Judged, diagnostic: &Diagnostic, least: Applicability) -> bool {
    let Some(fix) = &diagnostic.fix else {
        return false;
    };
    let certain = match (fix.applicability, least) {
        (Applicability::Safe, _) | (Applicability::Suggested, Applicability::Suggested) => true,
        (Applicability::Suggested, Applicability::Safe) => false,
    };
    certain && fix.edits.iter().all(|edit| judged.is_users(edit.span.file))
}
