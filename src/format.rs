//! A tree becomes text, in the one true format.

use crate::syntax::Tree;

pub fn format(tree: &Tree) -> String {
    format!("{tree:?}")
}
