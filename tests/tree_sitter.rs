//! The grammar of tree-sitter agrees with the compiler's on what is a mistake.

use m1c::diagnostic::Diagnostics;
use m1c::format::format;
use m1c::source::FileId;
use m1c::syntax;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use tree_sitter::{Language, Parser, Tree};

use crate::robust::{self, Random};
use crate::{carets, corpus, trees};

mod colours;
mod queries;

#[test]
fn files_of_the_repository_are_judged_alike() {
    let mut parser = parser();
    let mut mistakes = 0;
    let mut files = 0;
    for path in corpus::files_in(".") {
        for source in carets::sources(&corpus::read(&path)) {
            files += 1;
            mistakes += usize::from(has_mistake(&mut parser, &source.text));
        }
    }
    assert!(files > 50 && mistakes > 10, "{mistakes} of {files}");
}

#[test]
fn generated_texts_are_judged_alike() {
    let mut parser = parser();
    let mut runner = TestRunner::deterministic();
    for _ in 0..1000 {
        let tree = trees::tree().new_tree(&mut runner).unwrap().current();
        let text = format(&tree);
        assert!(!has_mistake(&mut parser, &text), "{text}");
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert!(!has_mistake(&mut parser, &windows), "{windows}");
    }
}

#[test]
fn mutated_texts_are_judged_alike() {
    let mut parser = parser();
    let mut random = Random(0x0074_7265);
    let texts = robust::texts();
    let mut valid = 0;
    for _ in 0..4000 {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..=random.below(3) {
            robust::mutate(&mut text, &texts, &mut random);
        }
        valid += usize::from(!has_mistake(&mut parser, &text));
    }
    assert!((400..3600).contains(&valid), "{valid}");
}

#[test]
fn tokens_in_any_order_are_judged_alike() {
    let mut parser = parser();
    let mut random = Random(0x746f_6b65);
    let mut valid = 0;
    for _ in 0..20_000 {
        let text = robust::any_tokens(8, &mut random);
        valid += usize::from(!has_mistake(&mut parser, &text));
    }
    assert!(valid > 1000, "{valid}");
}

/// Whether a text has a mistake, of which both say the same.
fn has_mistake(parser: &mut Parser, text: &str) -> bool {
    let mut diagnostics = Diagnostics::default();
    syntax::parse(FileId::nth(0), text, &mut diagnostics);
    let diagnostics = diagnostics.into_sorted();
    let tree = parse(parser, text);
    let has_mistake = tree.root_node().has_error();
    // How deep something nests, a grammar cannot count.
    let too_deep = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code.name == "nesting-too-deep");
    assert!(
        too_deep || has_mistake != diagnostics.is_empty(),
        "{text:?}\n{text}\n{diagnostics:#?}\n{}",
        tree.root_node().to_sexp()
    );
    has_mistake
}

fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&language()).unwrap();
    parser
}

fn language() -> Language {
    tree_sitter_m1::LANGUAGE.into()
}

fn parse(parser: &mut Parser, text: &str) -> Tree {
    parser.parse(text, None).unwrap()
}
