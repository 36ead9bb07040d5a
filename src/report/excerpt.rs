//! The lines of a file that a picture shows, and no more of them than fits on a screen.
//!
//! Only the lines that labels are on are taken, a very long line only around its first label, and a label that spans
//! lines ends with the first: what a picture costs doesn't depend on the size of the file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean::clean;
use super::places::{Line, Place, Places};
use crate::source::{FileId, Span};

/// How many bytes of a line are shown.
const LONGEST_LINE: usize = 160;

/// How many of them are before the label.
const BEFORE_LABEL: usize = 60;

const CUT: &str = "…";

/// A line of the excerpt.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The number of the line in its file, from 0.
    pub(super) index: usize,
    /// Where its text is in the excerpt, with the line break.
    pub(super) range: Range<usize>,
}

/// Lines of one file, with labels.
#[derive(Clone, Debug)]
pub(super) struct Excerpt {
    pub(super) name: String,
    pub(super) text: String,
    /// In order.
    pub(super) lines: Vec<Shown>,
    /// For each span, where it is in the text.
    pub(super) labels: Vec<Range<usize>>,
    /// For each span, where it begins in the file.
    pub(super) places: Vec<Place>,
}

/// Takes the lines that the spans, all of one file, begin on.
pub(super) fn excerpt(places: &mut Places<'_>, file: FileId, spans: &[Span]) -> Excerpt {
    let mut labelled: BTreeMap<usize, (Line, Vec<usize>)> = BTreeMap::new();
    for (at, span) in spans.iter().enumerate() {
        let line = places.line(file, span.range().start);
        labelled
            .entry(line.index)
            .or_insert_with(|| (line, Vec::new()))
            .1
            .push(at);
    }
    // A single line between two others is shown: a mark for what is left out would take as much room.
    let indexes: Vec<usize> = labelled.keys().copied().collect();
    for pair in indexes.windows(2) {
        if let [above, below] = pair
            && above + 2 == *below
        {
            let line = places.nth_line(file, above + 1);
            labelled.insert(line.index, (line, Vec::new()));
        }
    }
    let mut out = Excerpt {
        name: clean(places.name(file)).into_owned(),
        text: String::new(),
        lines: Vec::new(),
        labels: vec![0..0; spans.len()],
        places: spans
            .iter()
            .map(|span| {
                places
                    .of(*span)
                    .map_or(Place { line: 1, column: 1 }, |(start, _)| start)
            })
            .collect(),
    };
    for (line, labels) in labelled.into_values() {
        show(places.text(file), line, spans, &labels, &mut out);
    }
    out
}

fn show(text: &str, line: Line, spans: &[Span], labels: &[usize], out: &mut Excerpt) {
    let first = labels.first().and_then(|at| spans.get(*at));
    let window = window(
        text,
        line,
        first.map_or(line.start, |span| span.range().start),
    );
    let start = out.text.len();
    if window.start > line.start {
        out.text.push_str(CUT);
    }
    let shift = out.text.len();
    let position = |offset: usize| {
        let offset = text.floor_char_boundary(offset.clamp(window.start, window.end));
        shift + clean(text.get(window.start..offset).unwrap_or("")).len()
    };
    for at in labels {
        if let (Some(span), Some(label)) = (spans.get(*at), out.labels.get_mut(*at)) {
            *label = position(span.range().start)..position(span.range().end);
        }
    }
    out.text
        .push_str(&clean(text.get(window.clone()).unwrap_or("")));
    if window.end < line.end {
        out.text.push_str(CUT);
    }
    out.text.push('\n');
    out.lines.push(Shown {
        index: line.index,
        range: start..out.text.len(),
    });
}

/// The part of a line to show, around an offset.
fn window(text: &str, line: Line, focus: usize) -> Range<usize> {
    if line.end.saturating_sub(line.start) <= LONGEST_LINE {
        return line.start..line.end;
    }
    let latest = line.end - LONGEST_LINE;
    let start = focus.saturating_sub(BEFORE_LABEL).clamp(line.start, latest);
    text.floor_char_boundary(start)..text.floor_char_boundary(start + LONGEST_LINE)
}
