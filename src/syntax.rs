//! Text becomes a tree, whatever the text is.

pub mod tree;

pub use tree::Tree;
