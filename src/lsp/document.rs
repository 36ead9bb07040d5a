//! An open source, as features see it.

use crate::check::Analysis;
use crate::library;
use crate::lint::Finding;
use crate::source::FileId;
use crate::syntax::tree::Tree;
use crate::topology::Topology;

/// What is known about a source whose text lies in an editor.
#[derive(Debug)]
pub struct Document {
    /// What the stages made of the text as it is now.
    pub analysis: Analysis,
    /// What the linter says about it.
    pub findings: Vec<Finding>,
    /// The topology of the last text that had one, where the text has none now. Its places lie in that older text, so it
    /// is good for names only.
    pub last: Option<Topology>,
}

impl Document {
    /// The document itself, among the files that it uses and those of the library.
    pub fn file(&self) -> FileId {
        library::next_file()
    }

    pub fn text(&self) -> &str {
        self.analysis.sources.text(self.file())
    }

    pub fn tree(&self) -> &Tree {
        match self.analysis.program.modules.first() {
            Some(module) => &module.tree,
            None => unreachable!("a document has a text, and every text has a tree"),
        }
    }

    /// The topology to take names from: that of this text, or of the last one without errors.
    pub fn topology(&self) -> Option<&Topology> {
        self.analysis.whole().or(self.last.as_ref())
    }
}
