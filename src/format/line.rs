//! The lines of the formatted text, before they are joined.
//!
//! A line is a row of cells, because columns are aligned only when all lines are known.

use super::INDENTATION;
use crate::syntax::tree::Comment;

/// What a line holds, as far as its columns depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Comment,
    /// A whole `key = value`: two cells.
    Attribute,
    /// A whole `word label… { … }` with so many labels: a cell for each, and one for the block.
    Entry {
        labels: usize,
    },
    /// Another statement, or an item of a list, that is on one line.
    Whole,
    /// The head of an entry whose block follows on lines of its own.
    Head,
    /// The `}` of such a block.
    Close,
    /// A part of something that takes several lines.
    Part,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) indentation: usize,
    /// How many blocks of entries it is in.
    pub(super) level: usize,
    pub(super) cells: Vec<String>,
    /// How wide each cell is made if another one follows.
    pub(super) widths: Vec<usize>,
    pub(super) comment: Option<Behind>,
}

/// A comment after something on its line.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    pub(super) text: String,
    /// How many blanks are before it.
    pub(super) gap: usize,
}

impl Behind {
    /// The smallest distance of a comment from what is before it.
    pub(super) const GAP: usize = 2;

    pub(super) fn new(comment: &Comment) -> Behind {
        Behind {
            text: comment.text.clone(),
            gap: Behind::GAP,
        }
    }
}

impl Line {
    /// How many columns it takes without its comment.
    pub(super) fn width(&self) -> usize {
        let mut width = self.indentation * INDENTATION;
        for (index, cell) in self.cells.iter().enumerate() {
            width += if index + 1 == self.cells.len() {
                columns(cell)
            } else {
                self.width_of_cell(index, cell) + 1
            };
        }
        width
    }

    fn width_of_cell(&self, index: usize, cell: &str) -> usize {
        let aligned = self.widths.get(index).copied().unwrap_or(0);
        aligned.max(columns(cell))
    }

    fn print(&self, out: &mut String) {
        if self.kind != Kind::Blank {
            blanks(self.indentation * INDENTATION, out);
        }
        for (index, cell) in self.cells.iter().enumerate() {
            out.push_str(cell);
            if index + 1 < self.cells.len() {
                blanks(self.width_of_cell(index, cell) - columns(cell) + 1, out);
            }
        }
        if let Some(comment) = &self.comment {
            blanks(comment.gap, out);
            out.push_str(&comment.text);
        }
        out.push('\n');
    }
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

pub(super) fn join(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        line.print(&mut out);
    }
    out
}

fn blanks(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}
