//! The statement that is nearest to a place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::source::Span;

/// Where statements are; each is known by its number.
pub(super) struct Nearest {
    /// Where each begins, and its length, in the order of the text.
    starts: Vec<(u32, usize, u32)>,
    /// The innermost statement from each edge of one to the next edge.
    innermost: BTreeMap<u32, Option<usize>>,
}

impl Nearest {
    pub(super) fn of(spans: &[Span]) -> Nearest {
        let known = |span: &Span| *span != Span::NONE && span.end > span.start;
        let known = spans.iter().enumerate().filter(|(_, span)| known(span));
        let mut starts = Vec::new();
        let mut edges = Vec::new();
        for (number, span) in known {
            let length = span.end - span.start;
            starts.push((span.start, number, length));
            edges.push((span.start, true, (length, number)));
            edges.push((span.end, false, (length, number)));
        }
        starts.sort_unstable();
        edges.sort_unstable();
        let mut open = BTreeSet::new();
        let mut innermost = BTreeMap::new();
        for (at, begins, statement) in edges {
            if begins {
                open.insert(statement);
            } else {
                open.remove(&statement);
            }
            innermost.insert(at, open.first().map(|(_, number)| *number));
        }
        Nearest { starts, innermost }
    }

    /// The statement that a line belongs to, from a place in it on: the one that begins there, else the innermost that
    /// the place is in, else the next one, else the last.
    pub(super) fn to(&self, line: Range<u32>) -> Option<usize> {
        let next = self
            .starts
            .partition_point(|(start, ..)| *start < line.start);
        let (before, after) = self.starts.split_at_checked(next)?;
        let first = after.first();
        let on_line = || {
            let (begin, ..) = first.filter(|(start, ..)| line.contains(start))?;
            let together = after.iter().take_while(|(start, ..)| start == begin);
            let shortest = together.min_by_key(|(_, number, length)| (*length, *number));
            shortest.map(|(_, number, _)| *number)
        };
        let around = || *self.innermost.range(..=line.start).next_back()?.1;
        let number = |(_, number, _): &(u32, usize, u32)| *number;
        on_line()
            .or_else(around)
            .or_else(|| first.map(number))
            .or_else(|| before.last().map(number))
    }
}
