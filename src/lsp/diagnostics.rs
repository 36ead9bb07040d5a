//! What is said about files: made of checks, and kept until it holds no longer.
//!
//! The check of one document may say something about the files that it uses; each file is told what all checks say
//! about it.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    Code, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Message, Position, Range,
};
use serde_json::json;

use super::convert::Places;
use super::state::{Checked, Said, State};
use crate::diagnostic::{Diagnostic, Fix, Level};
use crate::pages;
use crate::source::Span;

/// Who speaks.
const SOURCE: &str = "m1c";

type Published = Vec<gen_lsp_types::Diagnostic>;

/// What the checks of all documents say, by the path of the document and the path of the file that it is about.
#[derive(Debug, Default)]
pub(super) struct Publications {
    by_root: BTreeMap<String, BTreeMap<String, Published>>,
}

impl Publications {
    /// Puts what a check says in the place of what the one before said. Gives the other files that this changes.
    pub(super) fn replace(
        &mut self,
        root: &str,
        said: BTreeMap<String, Published>,
    ) -> BTreeSet<String> {
        let new = said.keys().cloned().collect::<Vec<_>>();
        let old = self.by_root.insert(root.to_owned(), said);
        let old = old.unwrap_or_default();
        let now = self.by_root.get(root);
        new.iter()
            .chain(old.keys())
            .filter(|file| *file != root)
            .filter(|file| now.and_then(|now| now.get(*file)) != old.get(*file))
            .cloned()
            .collect()
    }

    /// Forgets a document that has been closed. Gives the other files that this changes.
    pub(super) fn remove(&mut self, root: &str) -> BTreeSet<String> {
        let changed = self.replace(root, BTreeMap::new());
        self.by_root.remove(root);
        changed
    }

    /// Forgets what others say about a file whose text has changed. They will be checked again.
    pub(super) fn forget(&mut self, file: &str) {
        for (root, said) in &mut self.by_root {
            if root != file {
                said.remove(file);
            }
        }
    }

    /// Everything that is said about a file, its own check first, each said once.
    pub(super) fn about(&self, file: &str) -> Vec<&gen_lsp_types::Diagnostic> {
        let of = |root: &str| {
            let said = self.by_root.get(root).and_then(|said| said.get(file));
            said.map_or(&[][..], Vec::as_slice)
        };
        let mut all: Vec<_> = of(file).iter().collect();
        let others = self.by_root.keys().filter(|root| *root != file);
        for other in others.flat_map(|root| of(root)) {
            let same = |known: &&gen_lsp_types::Diagnostic| {
                known.range == other.range
                    && known.code == other.code
                    && known.message == other.message
            };
            if !all.iter().any(same) {
                all.push(other);
            }
        }
        all
    }
}

/// What the check of a document says, by the paths of the files that it is about.
pub(super) fn of(
    state: &State,
    root: &str,
    checked: &Checked,
    relates: bool,
) -> BTreeMap<String, Published> {
    let Some(said) = checked.said() else {
        return BTreeMap::new();
    };
    let view = View {
        state,
        root,
        said,
        relates,
        places: Places::new(said.sources, state.encoding()),
    };
    view.published()
}

/// The files of one check.
struct View<'s> {
    state: &'s State,
    root: &'s str,
    said: Said<'s>,
    relates: bool,
    places: Places<'s>,
}

impl View<'_> {
    fn published(mut self) -> BTreeMap<String, Published> {
        let mut published: BTreeMap<String, Published> = BTreeMap::new();
        let errors = self
            .said
            .diagnostics
            .iter()
            .map(|diagnostic| (diagnostic, false));
        let findings = self
            .said
            .findings
            .iter()
            .map(|finding| (&finding.diagnostic, true));
        let mut own = Published::new();
        for (diagnostic, is_finding) in errors.chain(findings) {
            let at = self.place(diagnostic);
            let page = if is_finding {
                pages::of_rule(diagnostic.code.name)
            } else {
                pages::of_error(diagnostic.code.name)
            };
            let shown = self.show(diagnostic, at, page);
            if at.is_none_or(|at| at.file == self.said.file) {
                own.push(shown);
            } else if let Some(at) = at {
                let file = self.said.sources.name(at.file).to_owned();
                published.entry(file).or_default().push(shown);
            }
        }
        published.insert(self.root.to_owned(), own);
        published
    }

    /// Where to show a diagnostic: what is wrong may be in the library, and is shown where the user's file asks for it.
    fn place(&self, diagnostic: &Diagnostic) -> Option<Span> {
        let places = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        places
            .map(|label| label.span)
            .find(|span| self.said.is_users(*span))
    }

    fn show(
        &mut self,
        diagnostic: &Diagnostic,
        at: Option<Span>,
        page: Option<String>,
    ) -> gen_lsp_types::Diagnostic {
        let start = Position::default();
        let range = at.and_then(|at| self.places.range(at));
        gen_lsp_types::Diagnostic {
            range: range.unwrap_or(Range { start, end: start }),
            severity: Some(severity(diagnostic.level)),
            code: Some(Code::String(diagnostic.code.name.to_owned())),
            code_description: page.map(|page| CodeDescription { href: page.into() }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(message(diagnostic)),
            tags: tags(diagnostic.code.name),
            related_information: self.related(diagnostic, at),
            data: diagnostic.fix.as_ref().and_then(|fix| self.data(fix)),
        }
    }

    fn related(
        &mut self,
        diagnostic: &Diagnostic,
        shown: Option<Span>,
    ) -> Option<Vec<DiagnosticRelatedInformation>> {
        if !self.relates {
            return None;
        }
        let labels = diagnostic.related.iter();
        let labels =
            labels.filter(|label| self.said.is_users(label.span) && Some(label.span) != shown);
        let labels: Vec<_> = labels.collect();
        let related: Vec<_> = labels
            .into_iter()
            .filter_map(|label| {
                let range = self.places.range(label.span)?;
                let uri = self.state.uri(self.said.sources.name(label.span.file));
                Some(DiagnosticRelatedInformation {
                    location: Location { uri, range },
                    message: label.text.clone().into_owned(),
                })
            })
            .collect();
        (!related.is_empty()).then_some(related)
    }

    /// The fix, so that whoever shows the diagnostic need not ask for it again.
    fn data(&mut self, fix: &Fix) -> Option<serde_json::Value> {
        let edits: Option<Vec<_>> = fix
            .edits
            .iter()
            .map(|edit| {
                let span = edit.span;
                let range = self
                    .said
                    .is_users(span)
                    .then(|| self.places.range(span))??;
                let uri = self.state.uri(self.said.sources.name(span.file));
                Some(json!({ "uri": uri, "range": range, "newText": edit.replacement }))
            })
            .collect();
        let applicability = fix.applicability.name();
        Some(json!({ "fix": { "applicability": applicability, "edits": edits? } }))
    }
}

/// The message with what happens in real life and what to do.
fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if let Some(consequence) = &diagnostic.consequence {
        text.push('\n');
        text.push_str(consequence);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}

pub(super) fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::Error,
        Level::Warning => DiagnosticSeverity::Warning,
        Level::Advice => DiagnosticSeverity::Information,
    }
}

fn tags(code: &str) -> Option<Vec<DiagnosticTag>> {
    match code {
        "unused-definition" | "unused-allow" => Some(vec![DiagnosticTag::Unnecessary]),
        _ => None,
    }
}
