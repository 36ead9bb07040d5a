//! Conditionals that take several lines.

use super::inline::Inline;
use super::layout::Layout;
use super::line::Kind;
use crate::syntax::tree::{Condition, Conditional, Otherwise};

impl Layout {
    /// All blocks of a conditional are broken if one of them is.
    pub(super) fn conditional(&mut self, conditional: &Conditional) {
        let Conditional {
            condition,
            then,
            otherwise,
        } = conditional;
        self.text.push_str("if ");
        self.condition(condition);
        self.text.push(' ');
        self.broken_block(then, Kind::Part);
        match otherwise {
            Some(Otherwise::If(conditional)) => {
                self.text.push_str(" else ");
                self.conditional(conditional);
            }
            Some(Otherwise::Block(block)) => {
                self.text.push_str(" else ");
                self.broken_block(block, Kind::Part);
                self.end_line(Kind::Part);
            }
            None => self.end_line(Kind::Part),
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let room = self.room(" {".len());
        if let Some(text) = Inline::within(room, |inline| inline.condition(condition)) {
            self.text.push_str(&text);
            return;
        }
        match condition {
            Condition::Or(parts) => self.joined(parts, " or "),
            Condition::And(parts) => self.joined(parts, " and "),
            Condition::Not(test) => {
                self.text.push_str("not ");
                self.condition(test);
            }
            Condition::Group(condition) => {
                self.text.push('(');
                self.condition(condition);
                self.text.push(')');
            }
            Condition::Is(operand) => self.scalar(operand),
            Condition::Equal(left, right) => {
                self.scalar(left);
                self.text.push_str(" == ");
                self.scalar(right);
            }
            Condition::NotEqual(left, right) => {
                self.scalar(left);
                self.text.push_str(" != ");
                self.scalar(right);
            }
            Condition::In(left, list) => {
                self.scalar(left);
                self.text.push_str(" in ");
                self.value(list, " {".len());
            }
            Condition::Missing(_) => {}
        }
    }

    fn joined(&mut self, parts: &[Condition], word: &str) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text.push_str(word);
            }
            self.condition(part);
        }
    }
}
