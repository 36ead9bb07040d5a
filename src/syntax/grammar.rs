//! The parser that pest derives from the grammar.

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/m1.pest"]
pub(super) struct Grammar;
