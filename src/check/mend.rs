//! A file is judged and fixed in turn until nothing changes.
//!
//! A fix may make another one possible, or be in its way, so that there are rounds. A fix that would bring something as bad
//! as what it is for is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::Judged;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Level};
use crate::format::format;
use crate::lint::{Finding, fix};
use crate::load::{Files, LockFile, ReadError};
use crate::source::FileId;
use crate::syntax;

/// How often a file is fixed: what has not come to an end then will not.
const MOST_ROUNDS: usize = 100;

/// What has been fixed in a file and in those that it uses.
#[derive(Debug, Default)]
pub struct Mended {
    /// The new texts, by the names of the files.
    pub texts: BTreeMap<String, String>,
    /// How many fixes of each code.
    pub fixes: BTreeMap<&'static str, usize>,
    /// Those that would have brought something as bad.
    pub left_out: Vec<LeftOut>,
}

/// A fix that has not been applied, what it is for, and what it would have brought.
#[derive(Debug)]
pub struct LeftOut {
    pub code: &'static str,
    pub message: String,
    pub brings: String,
}

/// Applies the fixes of diagnostics for which something holds. `judge` judges the file as it is in the files that it is
/// given; nothing can be fixed where it cannot.
pub fn mend(
    files: &dyn Files,
    judge: &dyn Fn(&dyn Files) -> Option<Judged>,
    may_be_applied: &dyn Fn(&Judged, &Fix) -> bool,
) -> Mended {
    let mut mended = Mended::default();
    let Some(mut judged) = judge(files) else {
        return mended;
    };
    let mut refused: BTreeSet<Said> = BTreeSet::new();
    let mut rounds = 0;
    while rounds < MOST_ROUNDS {
        let mut fixes: Vec<(&Diagnostic, &Fix)> = judged
            .all()
            .filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?)))
            .filter(|(diagnostic, fix)| {
                may_be_applied(&judged, fix) && !refused.contains(&said(diagnostic))
            })
            .collect();
        // Those that do harm together are tried alone.
        loop {
            let edits: Vec<&Fix> = fixes.iter().map(|(_, fix)| *fix).collect();
            let fixed = fix::apply(&judged.sources, &edits);
            if fixed.texts.is_empty() {
                return mended;
            }
            let mut texts = mended.texts.clone();
            for (file, text) in fixed.texts {
                let old = judged.sources.text(file);
                let name = judged.sources.name(file).to_owned();
                texts.insert(name, as_formatted_as(old, text));
            }
            let overlay = Overlay {
                texts: &texts,
                files,
            };
            let applied: Vec<&Diagnostic> = fixed
                .applied
                .iter()
                .filter_map(|index| fixes.get(*index).map(|(diagnostic, _)| *diagnostic))
                .collect();
            let again = match judge(&overlay) {
                Some(again) => match harm(&judged, &again, &applied) {
                    None => Ok(again),
                    Some(brought) => Err(said_in_full(brought)),
                },
                None => Err("a file that cannot be read".to_owned()),
            };
            match (again, applied.as_slice()) {
                (Ok(again), _) => {
                    for diagnostic in applied {
                        *mended.fixes.entry(diagnostic.code.name).or_default() += 1;
                    }
                    mended.texts = texts;
                    judged = again;
                    rounds += 1;
                    break;
                }
                (Err(brings), [only]) => {
                    refused.insert(said(only));
                    mended.left_out.push(LeftOut {
                        code: only.code.name,
                        message: only.message.clone(),
                        brings,
                    });
                    break;
                }
                (Err(_), _) => fixes.truncate(1),
            }
        }
    }
    mended
}

/// The new text of a source, formatted if the old one was.
fn as_formatted_as(old: &str, new: String) -> String {
    match (formatted(old), formatted(&new)) {
        (Some(before), Some(after)) if before == old => after,
        (Some(_) | None, Some(_) | None) => new,
    }
}

/// A source as it is formatted, where it has no errors. YAML has them.
fn formatted(text: &str) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), text, &mut diagnostics);
    (!diagnostics.has_errors()).then(|| format(&tree))
}

/// What a refused fix was for: spans move when texts change.
type Said = (&'static str, String);

fn said(diagnostic: &Diagnostic) -> Said {
    (diagnostic.code.name, diagnostic.message.clone())
}

fn said_in_full(diagnostic: &Diagnostic) -> String {
    format!(
        "{}[{}]: {}",
        diagnostic.level.name(),
        diagnostic.code.name,
        diagnostic.message
    )
}

/// What fixes have brought that is as bad as what they are for; also what they have not removed. About a
/// cluster that did not compile nobody knew what the rules would find. Kinds are counted, because a message may name what a
/// fix has renamed.
fn harm<'a>(before: &Judged, after: &'a Judged, applied: &[&Diagnostic]) -> Option<&'a Diagnostic> {
    let worst = applied.iter().map(|diagnostic| diagnostic.level).min();
    let mut counts: BTreeMap<(Level, &str), usize> = BTreeMap::new();
    for diagnostic in before.all() {
        *counts.entry(kind(diagnostic)).or_default() += 1;
    }
    let goals: BTreeSet<(Level, &str)> = applied.iter().map(|one| kind(one)).collect();
    for goal in goals {
        if let Some(count) = counts.get_mut(&goal) {
            *count = count.saturating_sub(1);
        }
    }
    let compiled = first_error(before).is_none();
    if compiled && let Some(error) = first_error(after) {
        return Some(error);
    }
    let was_judged = |finding: &&Finding| compiled || before.clusters.contains(&finding.cluster);
    let found = after.findings.iter().filter(was_judged);
    let found = found.map(|finding| &finding.diagnostic);
    let mut now = after.diagnostics.iter().chain(found);
    now.find(|diagnostic| {
        let is_known = counts.get_mut(&kind(diagnostic)).is_some_and(|left| {
            let is_known = *left > 0;
            *left = left.saturating_sub(1);
            is_known
        });
        Some(diagnostic.level) <= worst && !is_known
    })
}

fn first_error(judged: &Judged) -> Option<&Diagnostic> {
    let mut diagnostics = judged.diagnostics.iter();
    diagnostics.find(|diagnostic| diagnostic.level == Level::Error)
}

fn kind(diagnostic: &Diagnostic) -> (Level, &'static str) {
    (diagnostic.level, diagnostic.code.name)
}

/// The files, but for those that have new texts.
pub(super) struct Overlay<'o> {
    pub(super) texts: &'o BTreeMap<String, String>,
    pub(super) files: &'o dyn Files,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone()),
            None => self.files.read(path),
        }
    }

    fn lock(&self, source: &str) -> LockFile {
        self.files.lock(source)
    }
}
