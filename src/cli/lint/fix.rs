//! `--fix`: files are fixed one after the other, because they may use the same ones.

use std::collections::{BTreeMap, BTreeSet};

use super::job::{Job, Task, Texts};
use crate::check::{self, Judged, LeftOut};
use crate::diagnostic::{Applicability, Fix};
use crate::lint::Choice;
use crate::load::Files;

/// What has been fixed in all files.
#[derive(Default)]
pub(super) struct Mended {
    /// How many fixes of each code, by the file that was judged.
    pub(super) fixes: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// The names of the files that have changed.
    pub(super) changed: BTreeSet<String>,
    /// Fixes that would have brought something as bad, by the file that was judged.
    pub(super) left_out: Vec<(String, LeftOut)>,
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
    let judge = |files: &dyn Files| job.judge(task, choice, files, None).ok();
    let may_be_applied = |judged: &Judged, fix: &Fix| may_be_applied(judged, fix, least);
    let done = check::mend(&*texts, &judge, &may_be_applied);
    let left_out = done.left_out.into_iter();
    mended
        .left_out
        .extend(left_out.map(|fix| (name.clone(), fix)));
    if !done.fixes.is_empty() {
        mended.fixes.insert(name.clone(), done.fixes);
    }
    for (file, text) in done.texts {
        mended.changed.insert(file.clone());
        texts.insert(file, Ok(text));
    }
}

/// Whether a fix may be applied, in files of the user's.
fn may_be_applied(judged: &Judged, fix: &Fix, least: Applicability) -> bool {
    let certain = match (fix.applicability, least) {
        (Applicability::Safe, _) | (Applicability::Suggested, Applicability::Suggested) => true,
        (Applicability::Suggested, Applicability::Safe) => false,
    };
    certain && fix.edits.iter().all(|edit| judged.is_users(edit.span.file))
}
