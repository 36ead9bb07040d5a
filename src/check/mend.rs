//! A file is judged and fixed in turn until nothing changes.
//!
//! A fix may make another one possible, or be in its way, so that there are rounds. Fixes that would make errors of
//! the compiler are taken back.

use std::collections::BTreeMap;

use super::Judged;
use crate::diagnostic::{Diagnostic, Fix, Level};
use crate::lint::fix;
use crate::load::{Files, ReadError};

/// How often a file is fixed: what has not come to an end then will not.
const MOST_ROUNDS: usize = 10;

/// What has been fixed in a file and in those that it uses.
#[derive(Debug, Default)]
pub struct Mended {
    /// The new texts, by the names of the files.
    pub texts: BTreeMap<String, String>,
    /// How many fixes of each code.
    pub fixes: BTreeMap<&'static str, usize>,
    /// Whether some have been taken back.
    pub is_undone: bool,
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
    for _ in 0..MOST_ROUNDS {
        let fixes: Vec<(&Diagnostic, &Fix)> = judged
            .all()
            .filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?)))
            .filter(|(_, fix)| may_be_applied(&judged, fix))
            .collect();
        let edits: Vec<&Fix> = fixes.iter().map(|(_, fix)| *fix).collect();
        let fixed = fix::apply(&judged.sources, &edits);
        if fixed.texts.is_empty() {
            break;
        }
        let mut texts = mended.texts.clone();
        for (file, text) in fixed.texts {
            texts.insert(judged.sources.name(file).to_owned(), text);
        }
        let overlay = Overlay {
            texts: &texts,
            files,
        };
        let again = judge(&overlay).filter(|again| errors(again) <= errors(&judged));
        let Some(again) = again else {
            mended.is_undone = true;
            break;
        };
        for applied in fixed.applied {
            if let Some((diagnostic, _)) = fixes.get(applied) {
                *mended.fixes.entry(diagnostic.code.name).or_default() += 1;
            }
        }
        mended.texts = texts;
        judged = again;
    }
    mended
}

fn errors(judged: &Judged) -> usize {
    let errors = judged.diagnostics.iter();
    errors
        .filter(|diagnostic| diagnostic.level == Level::Error)
        .count()
}

/// The files, but for those that have new texts.
struct Overlay<'o> {
    texts: &'o BTreeMap<String, String>,
    files: &'o dyn Files,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone()),
            None => self.files.read(path),
        }
    }
}
