//! What features return becomes what the protocol speaks.

use std::collections::HashMap;

use gen_lsp_types::{FoldingRange, FoldingRangeKind, Range};

use super::folding::{Fold, FoldKind};
use super::positions::{Encoding, Lines};
use crate::source::{FileId, Sources, Span};

/// The files of a check, with what has been counted in them.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    encoding: Encoding,
    counted: HashMap<FileId, Lines>,
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources, encoding: Encoding) -> Places<'s> {
        Places {
            sources,
            encoding,
            counted: HashMap::new(),
        }
    }

    /// The range of a span; `None` where no text stands behind it.
    pub(super) fn range(&mut self, span: Span) -> Option<Range> {
        let text = self.sources.get(span.file)?.text.as_ref();
        let encoding = self.encoding;
        let lines = self.counted.entry(span.file);
        let lines = lines.or_insert_with(|| Lines::new(text, encoding));
        Some(lines.range(text, span))
    }
}

/// What folds; nothing where it stands on one line.
pub(super) fn fold(fold: &Fold, range: Range) -> Option<FoldingRange> {
    let Range { start, end } = range;
    let (kind, end_line) = match fold.kind {
        FoldKind::Comment => (Some(FoldingRangeKind::Comment), end.line),
        // The closing bracket stays to be seen.
        FoldKind::Block => (None, end.line.saturating_sub(1)),
    };
    (start.line < end_line).then(|| FoldingRange {
        start_line: start.line,
        end_line,
        kind,
        ..FoldingRange::default()
    })
}
