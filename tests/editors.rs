//! What the editors' packages list of the language is generated from the schema.

use std::fs;

use crate::pages;

mod emacs;
mod lines;
mod queries;
mod snippets;
mod sublime;
mod textmate;
mod vim;
mod words;

/// A file, the lines that what is generated is between, and what generates it. The two lines are named by a part of
/// them, and are kept; where none are named, the whole file is generated. What is generated ends with a line break.
type Generated = (&'static str, &'static str, &'static str, fn() -> String);

const VIM: &str = "editors/vim/syntax/m1.vim";
const VIM_FTPLUGIN: &str = "editors/vim/ftplugin/m1.vim";
const EMACS: &str = "editors/emacs/m1-mode.el";
const TEXTMATE: &str = "editors/vscode/syntaxes/m1.tmLanguage.json";

const GENERATED: &[Generated] = &[
    (VIM, "words: definitions", "words end", vim::definitions),
    (VIM, "words: entries", "words end", vim::entries),
    (VIM, "words: settings", "words end", vim::settings),
    (VIM, "words: variables", "words end", vim::variables),
    (VIM, "words: choices", "words end", vim::choices),
    (VIM, "words: constants", "words end", vim::constants),
    (VIM, "words: types", "words end", vim::types),
    (
        VIM_FTPLUGIN,
        "words: definitions",
        "words end",
        vim::definitions,
    ),
    (EMACS, "words: definitions", "words end", emacs::definitions),
    (EMACS, "words: entries", "words end", emacs::entries),
    (EMACS, "words: choices", "words end", emacs::choices),
    (EMACS, "words: constants", "words end", emacs::constants),
    (EMACS, "words: types", "words end", emacs::types),
    (TEXTMATE, "\"type\": {", "\"name\"", textmate::types),
    (
        TEXTMATE,
        "\"machine\": {",
        "\"beginCaptures\"",
        textmate::machine,
    ),
    (
        TEXTMATE,
        "\"definition\": {",
        "\"beginCaptures\"",
        textmate::definition,
    ),
    (
        TEXTMATE,
        "\"entry\": {",
        "\"beginCaptures\"",
        textmate::entry,
    ),
    (TEXTMATE, "\"constant\": {", "\"name\"", textmate::constant),
    (TEXTMATE, "\"choice\": {", "\"name\"", textmate::choice),
    (
        "editors/sublime/m1.sublime-syntax",
        "written by `cargo test editors`",
        "Here they end",
        sublime::lists,
    ),
];

/// Queries of tree-sitter. Each of their lists is between lines `{{{ NAME` and `}}}`.
const QUERIES: [&str; 7] = [
    "editors/helix/queries/m1/highlights.scm",
    "editors/helix/queries/m1/tags.scm",
    "editors/neovim/queries/m1/highlights.scm",
    "editors/tree-sitter-m1/queries/highlights.scm",
    "editors/tree-sitter-m1/queries/tags.scm",
    "editors/zed/languages/m1/highlights.scm",
    "editors/zed/languages/m1/outline.scm",
];

/// The line that a list is behind, and what lists.
type List = (&'static str, fn() -> String);

const LISTS_OF_QUERIES: [List; 5] = [
    ("{{{ choices", queries::choices),
    ("{{{ constants", queries::constants),
    ("{{{ definitions", queries::definitions),
    ("{{{ entries", queries::entries),
    ("{{{ types", queries::types),
];

#[test]
fn what_editors_list_is_current() {
    let mut stale = Vec::new();
    for (path, start, end, generate) in GENERATED.iter().copied().chain(of_queries()) {
        let expected = match (start, end) {
            ("", "") => generate(),
            (start, end) => {
                let found = fs::read_to_string(path).unwrap();
                with_lines_between(&found, start, end, &generate())
                    .unwrap_or_else(|| panic!("{path} has no line `{start}` before one `{end}`"))
            }
        };
        if pages::is_rewritten(path, &expected) {
            stale.push(format!("{path}: {start}"));
        }
    }
    assert!(
        stale.is_empty(),
        "these were out of date and have been rewritten: look at them and commit them\n{}",
        stale.join("\n")
    );
}

fn of_queries() -> impl Iterator<Item = Generated> {
    QUERIES.iter().flat_map(|&path| {
        let text = fs::read_to_string(path).unwrap();
        let lists = LISTS_OF_QUERIES
            .into_iter()
            .filter(move |(start, _)| text.contains(start));
        lists.map(move |(start, generate)| (path, start, "}}}", generate))
    })
}

/// The text with other lines between the first line that has `start` in it and the next one that has `end` in it.
fn with_lines_between(text: &str, start: &str, end: &str, lines: &str) -> Option<String> {
    let (before, rest) = text.split_at(line_end(text, text.find(start)?));
    let (_, after) = rest.split_at(line_start(rest, rest.find(end)?));
    Some(format!("{before}{lines}{after}"))
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

#[test]
fn lines_between_two_lines_are_replaced() {
    let text = "one\n\" {{{ words\nstale\nolder\n\" }}}\nlast }}}\n";
    assert_eq!(
        with_lines_between(text, "{{{ words", "}}}", "fresh\n").unwrap(),
        "one\n\" {{{ words\nfresh\n\" }}}\nlast }}}\n"
    );
    assert_eq!(
        with_lines_between("start\nend\n", "start", "end", "fresh\n").unwrap(),
        "start\nfresh\nend\n"
    );
    assert_eq!(with_lines_between("end\nstart\n", "start", "end", ""), None);
}
