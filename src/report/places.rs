//! Byte offsets become lines and columns, each in constant time.
//!
//! A source may be one line of many megabytes and have a diagnostic at every word, so neither lines nor characters are
//! counted from the start each time.

use std::collections::HashMap;

use crate::source::{FileId, Sources, Span};

/// How many bytes lie between two places whose number of characters is remembered.
const STRIDE: usize = 512;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A place as people count: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A line of a file: its number from 0, and its bytes without the line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) index: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The files of a run, with what has been counted in them.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    counted: HashMap<FileId, Counted>,
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources) -> Places<'s> {
        Places {
            sources,
            counted: HashMap::new(),
        }
    }

    pub(super) fn name(&self, file: FileId) -> &'s str {
        self.sources.name(file)
    }

    pub(super) fn text(&self, file: FileId) -> &'s str {
        self.sources.text(file)
    }

    /// Start and end of a span; `None` where no text comes after it.
    pub(super) fn of(&mut self, span: Span) -> Option<(Place, Place)> {
        let text = self.sources.get(span.file)?.text.as_ref();
        let counted = self.counted(span.file);
        let range = span.range();
        Some((
            counted.place(text, range.start),
            counted.place(text, range.end),
        ))
    }

    /// The line that an offset lies on.
    pub(super) fn line(&mut self, file: FileId, offset: usize) -> Line {
        let text = self.sources.text(file);
        let counted = self.counted(file);
        counted.line(text, counted.index(offset))
    }

    /// The line with this number, counted from 0.
    pub(super) fn nth_line(&mut self, file: FileId, index: usize) -> Line {
        let text = self.sources.text(file);
        self.counted(file).line(text, index)
    }

    fn counted(&mut self, file: FileId) -> &Counted {
        let text = self.sources.text(file);
        self.counted
            .entry(file)
            .or_insert_with(|| Counted::new(text))
    }
}

/// What has been counted in one file.
struct Counted {
    /// The offset of the first byte of each line.
    starts: Vec<usize>,
    /// How many characters begin before each multiple of [`STRIDE`].
    characters: Vec<usize>,
}

impl Counted {
    fn new(text: &str) -> Counted {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut characters = vec![0];
        let mut total = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            total += beginnings(chunk);
            characters.push(total);
        }
        Counted {
            starts: std::iter::once(0).chain(breaks).collect(),
            characters,
        }
    }

    fn index(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    fn line(&self, text: &str, index: usize) -> Line {
        let start = self.starts.get(index).copied().unwrap_or(text.len());
        let next = self.starts.get(index + 1).copied().unwrap_or(text.len());
        let line = text.get(start..next).unwrap_or("");
        Line {
            index,
            start,
            end: start + line.trim_end_matches(['\n', '\r']).len(),
        }
    }

    fn place(&self, text: &str, offset: usize) -> Place {
        let offset = text.floor_char_boundary(offset);
        let index = self.index(offset);
        let start = self.starts.get(index).copied().unwrap_or(0);
        let marked = index == 0 && offset > 0 && text.starts_with(BYTE_ORDER_MARK);
        Place {
            line: index + 1,
            column: self.before(text, offset) - self.before(text, start) + usize::from(!marked),
        }
    }

    /// How many characters begin before an offset.
    fn before(&self, text: &str, offset: usize) -> usize {
        let nearest = offset / STRIDE;
        let rest = text.as_bytes().get(nearest * STRIDE..offset);
        self.characters.get(nearest).copied().unwrap_or(0) + beginnings(rest.unwrap_or_default())
    }
}

/// How many characters begin in these bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}
