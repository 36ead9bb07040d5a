//! An older version of the file that is judged, for rules about what a change does to machines that run.

use std::collections::HashMap;

use crate::origin::Origin;
use crate::source::{Sources, Span};
use crate::tpa::view::Subject;

/// The older version.
#[derive(Debug)]
pub struct Before {
    /// What people call it: `HEAD`.
    pub revision: String,
    pub sources: Sources,
    /// Its clusters, but for those that could not be compiled.
    pub subjects: Vec<Subject>,
}

/// A cluster as it was, and the version that it was so in.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'b> {
    pub subject: &'b Subject,
    pub version: &'b Before,
}

impl Before {
    /// The clusters by the names that they have now. One that is called otherwise is known by its machines, if no other
    /// may be meant.
    pub(super) fn by_name<'b>(&'b self, now: &[&Subject]) -> HashMap<String, Earlier<'b>> {
        let mut known = HashMap::new();
        let earlier = |subject: &'b Subject| Earlier {
            subject,
            version: self,
        };
        let mut new = Vec::new();
        for subject in now {
            match self.subjects.iter().find(|old| name(old) == name(subject)) {
                Some(old) => {
                    known.insert(name(subject).to_owned(), earlier(old));
                }
                None => new.push(*subject),
            }
        }
        let is_gone = |old: &&Subject| !now.iter().any(|subject| name(subject) == name(old));
        let mut gone = self.subjects.iter().filter(is_gone);
        if let (&[new], Some(old), None) = (new.as_slice(), gone.next(), gone.next())
            && new
                .instances
                .iter()
                .any(|machine| old.instance(&machine.name.value).is_some())
        {
            known.insert(name(new).to_owned(), earlier(old));
        }
        known
    }
}

impl Earlier<'_> {
    /// A location in the older version, in words.
    pub fn place(&self, at: Origin) -> String {
        let at = at.place();
        let revision = &self.version.revision;
        if at == Span::NONE {
            return format!("at `{revision}`");
        }
        let sources = &self.version.sources;
        let (line, _) = sources.line_and_column(at.file, at.start);
        format!(
            "in line {line} of `{}` at `{revision}`",
            sources.name(at.file)
        )
    }
}

fn name(subject: &Subject) -> &str {
    let name = subject.name.as_ref().map(|name| name.value.as_str());
    name.unwrap_or_default()
}
