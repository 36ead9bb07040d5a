//! The queries of the editors fit the grammar, and name what their editor knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::Query;

use super::language;
use crate::corpus;

/// A folder of queries, and the captures in them besides those that begin with `_`.
pub(super) struct Queries {
    pub(super) folder: &'static str,
    /// Those of `highlights.scm`.
    colours: &'static [&'static str],
    others: &'static [&'static str],
}

/// All names are out of what each editor documents.
pub(super) const EDITORS: [Queries; 4] = [
    Queries {
        folder: "editors/tree-sitter-m1/queries",
        colours: &[
            "comment",
            "constant",
            "constant.builtin",
            "keyword",
            "keyword.import",
            "keyword.operator",
            "number",
            "operator",
            "property",
            "punctuation.bracket",
            "punctuation.delimiter",
            "punctuation.special",
            "string",
            "string.escape",
            "type",
            "type.builtin",
            "variable",
        ],
        others: &[
            "definition.class",
            "definition.constant",
            "fold",
            "indent.auto",
            "indent.begin",
            "indent.branch",
            "indent.end",
            "indent.ignore",
            "injection.content",
            "local.definition",
            "local.reference",
            "local.scope",
            "name",
            "reference.class",
            "reference.constant",
        ],
    },
    Queries {
        folder: "editors/neovim/queries/m1",
        colours: &[
            "comment",
            "constant",
            "constant.builtin",
            "keyword",
            "keyword.conditional",
            "keyword.import",
            "keyword.operator",
            "number",
            "operator",
            "property",
            "punctuation.bracket",
            "punctuation.delimiter",
            "punctuation.special",
            "spell",
            "string",
            "string.escape",
            "type",
            "type.builtin",
            "variable",
        ],
        others: &[
            "assignment.outer",
            "assignment.rhs",
            "class.inner",
            "class.outer",
            "comment.inner",
            "comment.outer",
            "fold",
            "indent.auto",
            "indent.begin",
            "indent.branch",
            "indent.end",
            "indent.ignore",
            "injection.content",
            "local.definition.var",
            "local.reference",
            "local.scope",
            "parameter.inner",
            "statement.outer",
        ],
    },
    Queries {
        folder: "editors/helix/queries/m1",
        colours: &[
            "comment",
            "constant",
            "constant.builtin",
            "constant.character.escape",
            "constant.numeric",
            "keyword",
            "keyword.control.conditional",
            "keyword.control.import",
            "keyword.operator",
            "keyword.storage",
            "operator",
            "punctuation.bracket",
            "punctuation.delimiter",
            "punctuation.special",
            "string",
            "type",
            "type.builtin",
            "variable",
            "variable.other.member",
        ],
        others: &[
            "class.around",
            "class.inside",
            "comment.around",
            "comment.inside",
            "definition.class",
            "definition.constant",
            "entry.around",
            "entry.inside",
            "indent",
            "injection.content",
            "local.definition.variable",
            "local.reference",
            "local.scope",
            "name",
            "outdent",
            "parameter.inside",
            "rainbow.bracket",
            "rainbow.scope",
            "reference.class",
            "reference.constant",
        ],
    },
    Queries {
        folder: "editors/zed/languages/m1",
        colours: &[
            "comment",
            "constant",
            "constant.builtin",
            "keyword",
            "keyword.import",
            "keyword.operator",
            "number",
            "operator",
            "property",
            "punctuation.bracket",
            "punctuation.delimiter",
            "punctuation.special",
            "string",
            "string.escape",
            "type",
            "type.builtin",
            "variable",
        ],
        others: &[
            "class.around",
            "class.inside",
            "close",
            "comment.around",
            "context",
            "end",
            "indent",
            "injection.content",
            "item",
            "name",
            "open",
        ],
    },
];

#[test]
fn queries_fit_the_grammar_and_name_what_their_editor_knows() {
    for editor in EDITORS {
        let mut used = BTreeSet::new();
        for path in queries_in(editor.folder) {
            let colours = path.ends_with("highlights.scm");
            let known = if colours {
                editor.colours
            } else {
                editor.others
            };
            for capture in query(&path).capture_names() {
                let is_known = capture.starts_with('_') || known.contains(capture);
                assert!(is_known, "{} captures {capture}", path.display());
                used.insert((*capture).to_owned());
            }
        }
        let known = editor.colours.iter().chain(editor.others);
        for capture in known {
            assert!(used.contains(*capture), "{}: {capture}", editor.folder);
        }
    }
}

fn queries_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_query = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "scm");
    paths.filter(is_query).collect()
}

pub(super) fn query(path: &Path) -> Query {
    let source = corpus::read(path);
    Query::new(&language(), &source).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn configurations_are_toml() {
    for path in [
        "editors/helix/languages.toml",
        "editors/zed/extension.toml",
        "editors/zed/languages/m1/config.toml",
    ] {
        let text = corpus::read(Path::new(path));
        assert!(!text.parse::<toml::Table>().unwrap().is_empty(), "{path}");
    }
}
