//! What is said of a text that is not YAML.

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub message: String,
    /// What to do.
    pub help: &'static str,
    /// Where, in bytes of the text.
    pub at: usize,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}
