//! What m1c has to say about a source: one type for every stage, drawn by `report`.

use std::borrow::Cow;

use crate::origin::Origin;
use crate::source::{FileId, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Error,
    Warning,
    Advice,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Advice => "advice",
        }
    }
}

/// The name of a kind of diagnostic, with the page that explains it.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// In kebab case, unique in the product.
    pub name: &'static str,
    /// Markdown: what it is about, why it matters, what to do.
    pub documentation: &'static str,
}

/// Declares codes from their documentation, and `CODES`, the list of them.
macro_rules! codes {
    ($( $(#[doc = $line:literal])+ $constant:ident = $name:literal; )+) => {
        $(
            $(#[doc = $line])+
            pub(super) static $constant: $crate::diagnostic::Code = $crate::diagnostic::Code {
                name: $name,
                documentation: concat!($($line, "\n"),+),
            };
        )+

        /// Every code of this stage, for the page of error codes.
        pub static CODES: &[&$crate::diagnostic::Code] = &[$(&$constant),+];
    };
}
pub(crate) use codes;

/// A place and a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: Cow<'static, str>,
}

impl Label {
    pub fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Label {
        Label {
            span,
            text: text.into(),
        }
    }
}

/// Whether a fix may be applied unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Keeps the meaning, or gives the only meaning that is possible.
    Safe,
    /// A good guess.
    Suggested,
}

impl Applicability {
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Suggested => "suggested",
        }
    }
}

/// Replaces the text of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

/// A change to the source that fixes a diagnostic. Its edits do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub applicability: Applicability,
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Whether it is safe and changes this file alone.
    pub fn is_safe_in(&self, file: FileId) -> bool {
        self.applicability == Applicability::Safe
            && self.edits.iter().all(|edit| edit.span.file == file)
    }
}

/// One thing to say: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static Code,
    pub level: Level,
    /// One line that makes sense alone: lower case, no final period.
    pub message: String,
    /// The exact token.
    pub primary: Label,
    /// Other places that have to do with it, possibly in other files.
    pub related: Vec<Label>,
    /// What happens in real life where nobody fixes it.
    pub consequence: Option<Cow<'static, str>>,
    /// What to do.
    pub help: Option<String>,
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn error(code: &'static Code, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            level: Level::Error,
            message: message.into(),
            primary: Label::new(at, ""),
            related: Vec::new(),
            consequence: None,
            help: None,
            fix: None,
        }
    }

    #[must_use]
    pub fn label(mut self, text: impl Into<Cow<'static, str>>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    #[must_use]
    pub fn related(mut self, at: Span, text: impl Into<Cow<'static, str>>) -> Diagnostic {
        if at != Span::NONE {
            self.related.push(Label::new(at, text));
        }
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        at: Span,
        replacement: impl Into<String>,
    ) -> Diagnostic {
        self.fix = Some(Fix {
            applicability,
            edits: vec![Edit {
                span: at,
                replacement: replacement.into(),
            }],
        });
        self
    }
}

/// How many diagnostics are kept.
const MOST: usize = 5_000;

/// The sink that every stage adds to. It keeps so many that it is not read to its end.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
}

impl Diagnostics {
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if self.is_full() {
            return;
        }
        shorten(&mut diagnostic.message);
        if let Some(help) = &mut diagnostic.help {
            shorten(help);
        }
        self.errors += usize::from(diagnostic.level == Level::Error);
        self.list.push(diagnostic);
    }

    /// Removes errors of these codes about a part of a source, of which another one is about to say more.
    pub fn remove(&mut self, at: Span, codes: &[&Code]) {
        let before = self.list.len();
        self.list
            .retain(|known| !(at.contains(known.primary.span) && codes.contains(&known.code)));
        self.errors = self.errors.saturating_sub(before - self.list.len());
    }

    /// Adds a diagnostic about a value or statement that came from `origin`: with the `include` that brought it in.
    pub fn push_at(&mut self, origin: Origin, diagnostic: impl FnOnce(Span) -> Diagnostic) {
        let diagnostic = diagnostic(origin.place());
        self.push(match origin {
            Origin::Included { used, .. } => diagnostic.related(used, "included here"),
            Origin::Written(_) | Origin::Default(_) | Origin::Derived { .. } => diagnostic,
        });
    }

    /// Whether there are so many that nobody reads more: who finds them may stop.
    pub fn is_full(&self) -> bool {
        self.list.len() >= MOST
    }

    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The errors among them.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_error = |diagnostic: &&Diagnostic| diagnostic.level == Level::Error;
        self.list.iter().filter(is_error)
    }

    pub fn count_errors(&self) -> usize {
        self.errors
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In the order of files and places, each said once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            (a.primary.span, a.level, a.code.name, &a.message).cmp(&(
                b.primary.span,
                b.level,
                b.code.name,
                &b.message,
            ))
        });
        self.list.dedup_by(|a, b| {
            a.primary.span == b.primary.span && a.code.name == b.code.name && a.message == b.message
        });
        self.list
    }
}

/// Shortens the words in backticks of a text that is too long to be read.
fn shorten(text: &mut String) {
    const LONGEST_TEXT: usize = 400;
    const LONGEST_WORD: usize = 60;
    if text.len() <= LONGEST_TEXT {
        return;
    }
    let parts = text.split('`').enumerate().map(|(index, part)| {
        let is_word = index % 2 == 1;
        match part.char_indices().nth(LONGEST_WORD) {
            Some((end, _)) if is_word => format!("{}…", part.get(..end).unwrap_or("")),
            Some(_) | None => part.to_owned(),
        }
    });
    *text = parts.collect::<Vec<_>>().join("`");
}
