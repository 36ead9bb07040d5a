//! What an editor may fold: blocks, maps, lists and long strings that are on several lines, and runs of comments.

use super::Document;
use crate::source::Span;
use crate::syntax::tree::{Comment, ScalarKind};
use crate::syntax::walk::{self, Element};

/// Something that folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub span: Span,
    pub kind: FoldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// What is between two brackets.
    Block,
    Comment,
    Text,
}

/// Everything that folds, in the order of the source.
pub fn folds(document: &Document) -> Vec<Fold> {
    let text = document.text();
    let mut folds = Vec::new();
    let mut run = Run::default();
    walk::elements(document.tree(), &mut |element| {
        let (span, kind) = match element {
            Element::Comment(comment) => {
                folds.extend(run.add(comment, text));
                return;
            }
            Element::Block(block) if block.multiline => (block.span, FoldKind::Block),
            Element::List(list) if list.multiline => (list.span, FoldKind::Block),
            Element::Scalar(scalar) => match &scalar.kind {
                ScalarKind::Text(text) if text.long => (scalar.span, FoldKind::Text),
                ScalarKind::Text(_)
                | ScalarKind::Name(_)
                | ScalarKind::Number(_)
                | ScalarKind::Literal(_)
                | ScalarKind::Reference(_)
                | ScalarKind::Missing => return,
            },
            Element::Block(_) | Element::List(_) | Element::Statement(_) => return,
        };
        folds.push(Fold { span, kind });
    });
    folds.extend(run.end());
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
    folds
}

/// Comments on lines that follow each other.
#[derive(Default)]
struct Run {
    span: Option<Span>,
    lines: usize,
}

impl Run {
    /// Adds a comment; gives the run that ended before it.
    fn add(&mut self, comment: &Comment, text: &str) -> Option<Fold> {
        let at = comment.span;
        if let Some(span) = self.span {
            let between = text.get(span.end as usize..at.start as usize);
            let between = between.unwrap_or("-");
            let follows = between.trim().is_empty() && between.matches('\n').count() == 1;
            if follows {
                self.span = Some(span.to(at));
                self.lines += 1;
                return None;
            }
        }
        let ended = self.end();
        self.span = Some(at);
        self.lines = 1;
        ended
    }

    fn end(&mut self) -> Option<Fold> {
        let span = self.span.take().filter(|_| self.lines > 1)?;
        Some(Fold {
            span,
            kind: FoldKind::Comment,
        })
    }
}
