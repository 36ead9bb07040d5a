//! The grammar of `.m1` for [tree-sitter](https://tree-sitter.github.io).

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_m1() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
// SAFETY: the generated parser returns a `TSLanguage` that lives as long as the program.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_m1) };

/// The kinds of nodes, as the generator describes them.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");
