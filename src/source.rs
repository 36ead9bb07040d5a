//! Source files and places in them.
//!
//! A [`Span`] is a range of bytes in one file; [`Sources`] turns it into lines and columns for people. Nothing here
//! knows what the text means.

use std::borrow::Cow;
use std::ops::Range;

/// A file that [`Sources`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The file of nodes that no text is behind, such as a tree that a program has built.
    pub const NONE: FileId = FileId(u32::MAX);

    /// The file that was added after so many others.
    pub fn nth(index: usize) -> FileId {
        FileId(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A range of bytes in a file.
///
/// Invariant: `start <= end`, and both lie on character boundaries of the file's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The place of a node that no text is behind.
    pub const NONE: Span = Span {
        file: FileId::NONE,
        start: 0,
        end: 0,
    };

    /// The range from the start of this one to the end of `last`.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span {
            end: last.end.max(self.start),
            ..self
        }
    }

    /// The empty range after this one.
    #[must_use]
    pub fn after(self) -> Span {
        Span {
            start: self.end,
            ..self
        }
    }

    /// Whether all of another range lies in this one.
    pub fn contains(self, inner: Span) -> bool {
        self.file == inner.file && self.start <= inner.start && inner.end <= self.end
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file: the name that people know it by, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: Cow<'static, str>,
    pub text: Cow<'static, str>,
}

/// All files of one run of the compiler. Files are only ever added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// A location in a file, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Both counted from 1, the column in characters.
    pub line: usize,
    pub column: usize,
}

impl Sources {
    pub fn add(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> FileId {
        let id = FileId::nth(self.files.len());
        self.files.push(Source {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The name of a file as people know it; empty for [`FileId::NONE`].
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.name)
    }

    /// The text of a file; empty for [`FileId::NONE`].
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.text)
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Where a span begins, for output; nothing for [`Span::NONE`].
    pub fn place(&self, span: Span) -> Option<Place> {
        if span == Span::NONE {
            return None;
        }
        let (line, column) = self.line_and_column(span.file, span.start);
        Some(Place {
            file: self.name(span.file).to_owned(),
            line,
            column,
        })
    }

    /// Line and column of an offset, both counted from 1, the column in characters.
    pub fn line_and_column(&self, file: FileId, offset: u32) -> (usize, usize) {
        let text = self.text(file);
        let before = text.get(..offset as usize).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        (line, column)
    }
}
